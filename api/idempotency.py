"""`Idempotency-Key`: a client that does not know whether its request arrived sends it again, and it is done once.

For 24 hours the same key with the same body gets the stored answer, with another body 422, and 409 while the first is still being
answered. Key, hash and answer are written in the transaction of what they are about: after a failure neither exists.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from datetime import timedelta
from hashlib import sha256

import orjson
from multidict import CIMultiDict

from api.auth import actor
from api.call import JSON, Call
from api.problems import FieldError, Problem, invalid
from core.errors import Conflict
from core.runtime import Tx

HEADER = "Idempotency-Key"
_KEPT = timedelta(hours=24)
_ACCEPTABLE = re.compile(r"[!-~]{1,200}", re.ASCII)

Act = Callable[[Tx], Awaitable[JSON]]


async def once(call: Call, status: int, act: Act) -> JSON:
    """Run `act` in a transaction of the caller, or give the answer it gave before. `status` is the declared one; `act` answers bytes."""
    key = _key(call)
    async with call.runtime.transaction(actor(call)) as tx:
        if key is None:
            return await act(tx)
        if not await tx.value("idempotency.claim", call.user.user_id, key):
            raise Conflict("A request with this Idempotency-Key is still being answered: ask again shortly.")
        return await _stored(tx, call, key) or await _kept(tx, call, key, status, await act(tx))


def _key(call: Call) -> str | None:
    key = call.request.headers.get(HEADER)
    if key is not None and not _ACCEPTABLE.fullmatch(key):
        raise invalid([FieldError(f"header.{HEADER}", "must have 1 to 200 visible ASCII characters")])
    return key


async def _stored(tx: Tx, call: Call, key: str) -> JSON | None:
    row = await tx.row("idempotency.answer", call.user.user_id, key, tx.now - _KEPT)
    if row is None:
        return None
    if row["request_hash"] != _hash(call):
        raise Problem(422, "This Idempotency-Key was used for another request: take a new one for each thing you want done.")
    headers: CIMultiDict[str] = CIMultiDict(orjson.loads(row["headers"]))
    return JSON(row["body"], status=row["status"], etag=headers.pop("ETag", None), headers=headers)


async def _kept(tx: Tx, call: Call, key: str, status: int, answer: JSON) -> JSON:
    headers = {**(answer.headers or {}), **({"ETag": answer.etag} if answer.etag else {})}
    stored = (answer.status or status, orjson.dumps(headers).decode(), answer.content)
    await tx.rows("idempotency.keep", call.user.user_id, key, _hash(call), *stored, tx.now)
    return answer


def _hash(call: Call) -> str:
    request = call.request
    return sha256(b"\0".join((request.method.encode(), request.path.encode(), call.raw))).hexdigest()
