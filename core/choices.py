"""What an admin chooses while the desk runs: each with its default here, its value in the table `settings`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass

import orjson

from core import policy
from core.errors import Invalid
from core.queries import Reader
from core.runtime import Tx


@dataclass(frozen=True, slots=True)
class Choices:
    """Everything that can be chosen. `staff_write_…`: staff may do what otherwise is for admins (`Chosen` in `core/policy.py`)."""

    staff_write_tags: bool = False
    staff_write_faqs: bool = False


async def choose(tx: Tx, wanted: Mapping[str, object]) -> Choices:
    """Choose; what is not named stays. Invalid for a name or a value that there is not."""
    await policy.require(tx, "write_choices")
    defaults = asdict(Choices())
    wrong = {name: "must be one of the choices there are" for name in wanted if name not in defaults}
    wrong |= {
        name: "must be true or false" for name, value in wanted.items() if name in defaults and type(value) is not type(defaults[name])
    }
    if wrong:
        raise Invalid("That cannot be chosen.", wrong)
    if wanted:
        await tx.rows("choices.choose", list(wanted), [orjson.dumps(value).decode() for value in wanted.values()], tx.now)
    return await chosen(tx)


async def chosen(db: Reader) -> Choices:
    """What is chosen now."""
    row = await db.row("choices.all")
    values = orjson.loads(row["values"]) if row else {}
    return Choices(**{name: values[name] for name in asdict(Choices()) if name in values})
