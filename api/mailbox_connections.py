"""How mail of a mailbox is fetched from another server: connecting it by a password or its owner's consent, and trying it."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Annotated, Any, Literal

import orjson
from pydantic import Field

from api.auth import actor
from api.binding import Body, Input
from api.call import JSON, Call
from api.mailboxes import MailboxOut, one
from api.routing import Routes
from api.schemas import Instant, Out
from core import mailboxes, vault
from core.errors import Invalid, PermanentFailure, TemporaryFailure
from core.imap import consent
from core.imap.box import Box, box_for
from core.imap.trial import Trial, look, sends_to_itself
from core.mail.connection import Afterwards, Connection
from core.runtime import Runtime

routes = Routes(
    "/mailboxes/{mailbox_id}", tag="Mailbox connections", about="Fetching a mailbox's mail from another server.", scope="queues"
)


class ConnectionIn(Input):
    """An IMAP server that mail is fetched from, over TLS, from now on. Whether it works, `POST …/test` tells."""

    host: Annotated[str, Field(min_length=1, max_length=250, examples=["imap.example.org"])]
    user: Annotated[str, Field(min_length=1, max_length=320, examples=["support@example.org"])]
    password: Annotated[str, Field(min_length=1, max_length=500, examples=["kept sealed, never shown"])]
    port: Annotated[int, Field(ge=1, le=65535)] = 993
    folder: Annotated[str, Field(min_length=1, max_length=200)] = "INBOX"
    afterwards: Afterwards = Field(default="leave", description="What becomes of mail there once the desk has it. It is never deleted.")
    move_to: Annotated[str, Field(max_length=200)] = ""


class TrialIn(Input):
    """How far to try. With `send`, a mail is sent from the mailbox to itself, and waited for."""

    send: bool = True
    wait_seconds: Annotated[float, Field(ge=1, le=50)] = 20


class TrialOut(Out):
    """What was found. `came_back` is null where nothing was sent: not asked for, or the desk has no SMTP_URL yet."""

    folder: str = Field(examples=["INBOX"])
    count: int = Field(examples=[42])
    newest: list[str] = Field(description="The newest subjects, at most five, newest first.", examples=[["Printer on fire"]])
    came_back: bool | None


class ConsentIn(Input):
    """An app registration at the provider. Google needs its secret; Microsoft the directory, where the app is registered for one alone."""

    provider: Literal["google", "microsoft"]
    client_id: Annotated[str, Field(min_length=1, max_length=300, examples=["6731de76-14a6-49ae-97bc-6eba6914391e"])]
    client_secret: Annotated[str, Field(max_length=300)] = ""
    tenant: Annotated[str, Field(pattern=r"^[A-Za-z0-9.-]{1,100}$")] = "common"


class ConsentOut(Out):
    """What the mailbox's owner does: open `page`, and type in `code` where there is one. `consent` goes with his answer."""

    says: str = Field(examples=["Open https://microsoft.com/devicelogin and type in ABCD."])
    page: str = Field(examples=["https://microsoft.com/devicelogin"])
    code: str | None = Field(examples=["ABCD"])
    ask_again_after: float = Field(description="Seconds between two looks whether he has.", examples=[5])
    expires_at: Instant
    consent: str = Field(examples=["gAAAA…"])


class AnswerIn(Input):
    """The `consent` of the question, and for a page the address at which it ended."""

    consent: Annotated[str, Field(min_length=1, max_length=8000, examples=["gAAAA…"])]
    landed_at: Annotated[str, Field(max_length=8000, examples=["http://127.0.0.1:1/?state=…&code=…"])] = ""


@routes.put("/connection", who="admin", answer=MailboxOut)
async def connect(call: Call, mailbox_id: int, body: Body[ConnectionIn]) -> JSON:
    """Fetch its mail from an IMAP server, by a password. Google and Microsoft want their owner's consent: `POST …/consent`."""
    return await _connected(call, mailbox_id, Connection(**body.model_dump()))


@routes.delete("/connection", who="admin")
async def disconnect(call: Call, mailbox_id: int) -> None:
    """Fetch its mail no longer, and forget the password."""
    async with call.runtime.transaction(actor(call)) as tx:
        await mailboxes.disconnect(tx, mailbox_id)


@routes.post("/test", who="admin", answer=TrialOut, errors=(409, 502))
async def test(call: Call, mailbox_id: int, body: Body[TrialIn]) -> JSON:
    """Log in, look into the folder, send a mail from the mailbox to itself, and see whether it comes back. Opens no ticket.

    A 502 tells what its server said, or that nobody answers there: mend the connection.
    """
    rt = call.runtime
    box = box_for(rt, await mailboxes.by_id(mailbox_id))
    found = await _looked_into(box)
    back = await sends_to_itself(rt, box, body.wait_seconds) if body.send else None
    return JSON(TrialOut(folder=found.folder, count=found.count, newest=list(found.newest), came_back=back))


@routes.post("/consent", who="admin", answer=ConsentOut, errors=(502,))
async def ask(call: Call, mailbox_id: int, body: Body[ConsentIn]) -> JSON:
    """Begin to connect it at Google or Microsoft 365 with its owner's consent. Nothing is kept until he has answered."""
    rt = call.runtime
    address = (await mailboxes.by_id(mailbox_id)).address
    provider = _provider(body, rt.settings.microsoft_login_url)
    asked = await provider.ask(address)
    ends = rt.clock.now() + timedelta(seconds=asked.ends_in)
    kept = {"mailbox": mailbox_id, "user": address, "ends": ends.isoformat(), "provider": asdict(provider), "kept": dict(asked.kept)}
    sealed = vault.sealed(rt.keys, orjson.dumps(kept).decode())
    return JSON(
        ConsentOut(says=asked.says, page=asked.page, code=asked.code or None, ask_again_after=asked.pause, expires_at=ends, consent=sealed)
    )


@routes.post("/consent/answer", who="admin", answer=MailboxOut, errors=(409, 502))
async def answer(call: Call, mailbox_id: int, body: Body[AnswerIn]) -> JSON:
    """Connect it, now that its owner consented. A 409 says that he has not yet: ask again, later each time."""
    kept = _opened(call.runtime, body.consent, mailbox_id)
    agreed = await consent.Provider(**kept["provider"]).answer(kept["user"], kept["kept"], body.landed_at)
    return await _connected(call, mailbox_id, agreed)


async def _connected(call: Call, mailbox_id: int, wanted: Connection) -> JSON:
    async with call.runtime.transaction(actor(call)) as tx:
        await mailboxes.connect(tx, mailbox_id, wanted)
        return JSON(await one(tx, mailbox_id))


async def _looked_into(box: Box) -> Trial:
    """A trial asks about the settings: what fails fails because of them, and a promise that it is better later would mislead."""
    try:
        return await look(box)
    except TemporaryFailure as failure:
        raise PermanentFailure(str(failure)) from failure


def _provider(wanted: ConsentIn, microsoft_login: str) -> consent.Provider:
    if wanted.provider == "microsoft":
        return consent.microsoft(wanted.client_id, wanted.tenant, microsoft_login)
    if not wanted.client_secret:
        raise Invalid("Google wants the secret of the OAuth client, too.", {"client_secret": "must not be empty"})
    return consent.google(wanted.client_id, wanted.client_secret)


def _opened(rt: Runtime, sealed: str, mailbox_id: int) -> dict[str, Any]:
    """What was sealed when the owner was asked. Invalid for anything else, or when it is too late."""
    try:
        kept: dict[str, Any] = orjson.loads(vault.opened(rt.keys, sealed))
    except (PermanentFailure, orjson.JSONDecodeError):
        kept = {}
    if kept.get("mailbox") != mailbox_id or datetime.fromisoformat(kept["ends"]) < rt.clock.now():
        raise Invalid("That is no question that waits for an answer: begin again.", {"consent": "must be the newest one of this mailbox"})
    return kept
