"""What the papers say is what the code does: settings, commands, targets, paths, and the rules of the house that a machine can check."""

from __future__ import annotations

import ast
import os
import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from bot.cli import helpdesk
from core.settings import Settings

ROOT = Path(__file__).parents[1]
CODE = ("core", "bot", "api", "bench")
NOT_OURS = {
    ".git",
    ".venv",
    "__pycache__",
    ".hypothesis",
    ".pytest_cache",
    ".mypy_cache",
    ".ruff_cache",
    ".import_linter_cache",
    "build",
    "dist",
}
LONGEST = 250
VARIABLE = re.compile(r"^#([A-Z][A-Z0-9_]*)=(.*)$", re.MULTILINE)


def commands(group: click.Group = helpdesk, *path: str) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None, f"helpdesk {name}"
        yield (*path, name), command
        if isinstance(command, click.Group):
            yield from commands(command, *path, name)


# --- .env.example ---


def test_every_setting_is_in_the_example_in_the_order_of_the_code() -> None:
    assert [name for name, _ in VARIABLE.findall(paper(".env.example"))] == [name.upper() for name in Settings.model_fields]


def test_the_example_states_the_defaults_of_the_code(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.chdir(tmp_path)
    defaults = Settings()
    (tmp_path / ".env").write_text(VARIABLE.sub(r"\1=\2", paper(".env.example")), encoding="utf-8")
    assert Settings() == defaults


def test_the_example_leaves_empty_only_what_has_no_default() -> None:
    stated = {name.lower() for name, value in VARIABLE.findall(paper(".env.example")) if value}
    without = {name for name, field in Settings.model_fields.items() if field.default_factory is not None or field.default in (None, [])}
    assert stated == set(Settings.model_fields) - without


def test_every_setting_of_the_example_is_explained_in_sentences() -> None:
    for block in paper(".env.example").split("\n\n"):
        if VARIABLE.search(block):
            *words, last = block.strip().splitlines()
            assert VARIABLE.fullmatch(last), f"a paragraph explains one setting, which stands last:\n{block}"
            assert words and all(line.startswith("# ") for line in words) and words[-1].endswith("."), block


# --- The helpdesk command ---


@pytest.mark.parametrize(("path", "command"), list(commands()), ids=lambda value: " ".join(value) if isinstance(value, tuple) else "")
def test_every_command_says_what_it_does(path: tuple[str, ...], command: click.Command) -> None:
    assert command.help, " ".join(path)
    unexplained = [parameter.name for parameter in command.params if isinstance(parameter, click.Option) and not parameter.help]
    assert not unexplained, f"helpdesk {' '.join(path)}: {unexplained}"


@pytest.mark.parametrize("name", ["README.md", "CHANGELOG.md", "CONTRIBUTING.md", "DECISIONS.md", ".env.example", "docker-compose.yml"])
def test_the_commands_that_a_paper_names_exist(name: str) -> None:
    known = {" ".join(path) for path, _ in commands()}
    for named in re.findall(r"\bhelpdesk ((?:[a-z]+)(?: [a-z]+)?)(?=[` ,;)]|$)", code_in(name), re.MULTILINE):
        first, _, second = named.partition(" ")
        assert first in known, f"{name}: helpdesk {named}"
        group = helpdesk.get_command(click.Context(helpdesk), first)
        if second and isinstance(group, click.Group):
            assert named in known, f"{name}: helpdesk {named}"


# --- README and its sisters ---


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", "DECISIONS.md"])
def test_the_make_targets_that_a_paper_names_exist(name: str) -> None:
    targets = set(re.findall(r"^([a-z-]+):", paper("Makefile"), re.MULTILINE))
    named = set(re.findall(r"\bmake ([a-z]+)\b", code_in(name)))
    assert named <= targets


def test_the_continuous_run_is_what_the_readme_says() -> None:
    assert re.findall(r"\bstep \"make (\w+)\" make (\w+)", paper(".ci/run")) == [("check", "check"), ("test", "test"), ("demo", "demo")]


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md", "DECISIONS.md", "CHANGELOG.md"])
def test_the_files_that_a_paper_names_exist(name: str) -> None:
    named = set(re.findall(r"`((?:[\w.-]+/)+[\w.-]*|[A-Za-z][\w-]*\.(?:md|py|toml|yml|lock|sql))`", paper(name)))
    missing = {path for path in named if not (ROOT / path).exists() and not path.startswith((".venv/", "DATA_DIR/"))}
    assert not {path for path in missing if not list(ROOT.glob(f"*/**/{path}")) or "/" in path}


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md", "DECISIONS.md", "CHANGELOG.md"])
def test_the_variables_that_a_paper_names_exist(name: str) -> None:
    known = {field.upper() for field in Settings.model_fields} | {
        "HELPDESK_ALL_TESTS",
        "TICKET_RULES",
        "DESK_RULES",
        "RULES",
        "PUBLIC_DATA",
    }
    named = set(re.findall(r"`([A-Z][A-Z0-9]*_[A-Z0-9_]+)(?:/\w+)?`", paper(name)))
    assert named <= known


def test_every_decision_has_its_four_parts() -> None:
    entries = re.split(r"^### ", paper("DECISIONS.md"), flags=re.MULTILINE)[1:]
    assert len(entries) > 10
    for entry in entries:
        title, _, body = entry.partition("\n")
        body = re.split(r"^## ", body, flags=re.MULTILINE)[0]
        assert re.findall(r"^- \*\*(\w+)\*\*: \S", body, re.MULTILINE) == ["Context", "Choice", "Price", "Rejected"], title


def test_the_changelog_begins_with_this_version() -> None:
    version = re.search(r'^version = "(.+)"', paper("pyproject.toml"), re.MULTILINE)
    newest = re.search(r"^## \[(.+)\] - (Unreleased|\d{4}-\d\d-\d\d)$", paper("CHANGELOG.md"), re.MULTILINE)
    assert version and newest and newest[1] == version[1]


# --- The house ---


def test_no_module_is_longer_than_can_be_read_at_once() -> None:
    lengths = {str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines()) for path in modules()}
    assert lengths
    assert not {name: length for name, length in lengths.items() if length > LONGEST}


def test_every_module_tells_its_story() -> None:
    silent = [
        str(path.relative_to(ROOT))
        for path in modules()
        if path.stat().st_size and not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert not silent


def test_nothing_names_a_package_index_or_somebodys_machine() -> None:
    # Taken apart, so that this file does not name them itself.
    hosts = ("pypi" + r"\.org", "python" + r"hosted", "npm" + r"js\.", "crates" + r"\.io", "conda" + r"\.anaconda")
    places = ("/wo" + "rk/", r"\.py" + r"env\b", "/tm" + "p/w/", "/ro" + r"ot/\w")
    told = re.compile("|".join((*hosts, *places)))
    found = {
        str(path.relative_to(ROOT)): hit[0] for path in files() if (hit := told.search(path.read_text(encoding="utf-8", errors="replace")))
    }
    assert not found


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock"])
def test_a_lock_pins_every_package_with_hashes_and_no_host(name: str) -> None:
    entries = re.split(r"^(?=[A-Za-z0-9])", paper(name), flags=re.MULTILINE)[1:]
    assert len(entries) > 20
    assert "://" not in paper(name)
    for entry in entries:
        assert re.match(r"[\w.-]+==\S+( ; [^\n]+)? \\\n    --hash=sha256:[0-9a-f]{64}", entry), entry[:100]


def test_the_licence_is_the_one_that_is_declared() -> None:
    assert paper("LICENSE").startswith("MIT License") and "2026 The Helpdesk authors" in paper("LICENSE")
    assert 'license = "MIT"' in paper("pyproject.toml")


def paper(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def code_in(name: str) -> str:
    """What a paper shows as code, a line each; a script as a whole."""
    text = paper(name)
    if not name.endswith((".md", ".example")):
        return text
    fenced = re.findall(r"^```\w*\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    indented = re.findall(r"^ {4}(\S.*)$", text, re.MULTILINE)
    return "\n".join([*fenced, *indented, *re.findall(r"`([^`\n]+)`", text)])


def files() -> Iterator[Path]:
    for folder, folders, names in os.walk(ROOT):
        folders[:] = [name for name in folders if name not in NOT_OURS and not name.endswith(".egg-info")]
        yield from (Path(folder, name) for name in names if name != ".env")


def modules() -> list[Path]:
    return [path for package in CODE for path in (ROOT / package).rglob("*.py")]
