"""Names that are no setting, though somebody may think so: a desk that ignores them does what nobody wanted, in silence."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from difflib import get_close_matches

from pydantic_settings import BaseSettings, DotEnvSettingsSource

_NEAR = 0.87  # of 1: one letter too many or too few in a short name
_OF_OTHERS = ("COMPOSE_", "DOCKER_")  # who runs the desk by Docker Compose shares the file with it


def not_settings(file: str, settings: type[BaseSettings]) -> list[str]:
    """A sentence for each name in the file that is no setting."""
    known = settings.model_fields
    names = [name.upper() for name in DotEnvSettingsSource(settings, env_file=file, env_ignore_empty=False).env_vars]
    strange = [name for name in names if name.lower() not in known and not name.startswith(_OF_OTHERS)]
    return [f"{name}: is no setting (it stands in {file}); {_meant(name, known) or '.env.example names them all'}" for name in strange]


def misspelt(environment: Iterable[str], known: Collection[str]) -> dict[str, str]:
    """Of the names in an environment, which may hold anything, those that are very nearly a setting's, with the name of that."""
    near = {name: _nearest(name, known) for name in environment if name.lower() not in known}
    return {name: setting for name, setting in near.items() if setting}


def _meant(name: str, known: Collection[str]) -> str:
    nearest = _nearest(name, known)
    return nearest and f"{nearest} is"


def _nearest(name: str, known: Collection[str]) -> str:
    return "".join(get_close_matches(name.lower(), known, 1, _NEAR)).upper()
