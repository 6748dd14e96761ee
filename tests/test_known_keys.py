"""The database knows the keys it was used with: without them the desk does not start, unless an operator says that they are lost."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from core import known_keys
from core.choices import Choices, chosen
from core.errors import ConfigurationError
from core.keys import Keys
from core.models.alarms import Alarm
from core.runtime import Runtime

OLD, NEW, THIRD = (
    "the first key of this desk, years ago",
    "the new key of this desk, from today on",
    "somebody else's key, of another desk",
)


async def starts_with(rt: Runtime, *secrets: str) -> None:
    rt.keys = Keys(secrets)
    await known_keys.check(rt)


async def open_alarms(rt: Runtime) -> list[str]:
    return [row["detail"] for row in await rt.database.rows("alarms.open")]


async def test_other_keys_than_those_of_the_database_stop_the_start_with_what_to_do(rt: Runtime) -> None:
    await starts_with(rt, OLD)
    for _ in range(2):  # not only the first time
        with pytest.raises(ConfigurationError, match=r"(?s)other keys.*keys.*SECRET_KEYS.*helpdesk keys --adopt"):
            await starts_with(rt, THIRD)
    await starts_with(rt, OLD)
    assert await open_alarms(rt) == []


@pytest.mark.parametrize("name", ["api", "bot"])
async def test_a_process_with_other_keys_does_not_start(rt: Runtime, database_url: str, name: str) -> None:
    await starts_with(rt, OLD)
    kept = {word: value for word, value in os.environ.items() if word in ("PATH", "HOME", "PYTHONPATH")}
    environment = {**kept, "DATABASE_URL": database_url, "SECRET_KEYS": THIRD.replace(",", ""), "DATA_DIR": str(rt.settings.data_dir)}
    done = subprocess.run([sys.executable, "-m", name], env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, "other keys" in done.stderr, "Traceback" in done.stderr) == (1, True, False)


async def test_a_new_key_before_the_old_one_is_fine_by_any_process(rt: Runtime) -> None:
    for keys in ((OLD,), (NEW, OLD), (THIRD, NEW, OLD)):
        await starts_with(rt, *keys)
        assert await open_alarms(rt) == []


async def test_a_key_that_was_dropped_alarms_until_it_is_back(rt: Runtime) -> None:
    await starts_with(rt, NEW, OLD)
    await starts_with(rt, NEW)
    (detail,) = await open_alarms(rt)
    assert "1 of 2" in detail and "SECRET_KEYS" in detail
    await starts_with(rt, NEW, OLD)
    assert await open_alarms(rt) == [] and await Alarm.all().count() == 1


async def test_keys_that_are_lost_for_good_are_given_up_by_an_operator(rt: Runtime) -> None:
    await starts_with(rt, NEW, OLD)
    await starts_with(rt, NEW)
    await known_keys.adopt(rt)
    assert await open_alarms(rt) == []
    rt.keys = Keys([THIRD])
    assert "other keys" in (await known_keys.trouble(rt) or "")
    await known_keys.adopt(rt)
    await starts_with(rt, THIRD)
    assert await known_keys.trouble(rt) is None


async def test_what_the_database_keeps_of_a_key_tells_nothing_about_it_and_is_no_choice(rt: Runtime) -> None:
    await starts_with(rt, OLD)
    kept = await rt.database.value("choices.all")
    assert OLD not in kept and OLD.encode().hex() not in kept and "keys" in kept
    assert await chosen(rt.database) == Choices()
