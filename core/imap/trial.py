"""Trying a mailbox before it is relied on: what is in it, and whether a mail that is sent to it comes back."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from core import tokens
from core.errors import PermanentFailure
from core.imap.box import Box
from core.imap.client import ImapClient, connected
from core.mail.addresses import Address
from core.mail.compose import addr_spec
from core.mail.parse import parse
from core.mail.transport import Transport, outgoing
from core.runtime import Runtime

_NEWEST = 5
_COMES_BACK_WITHIN = 60.0  # seconds


@dataclass(frozen=True, slots=True)
class Trial:
    """What was found: how many mails are in the folder, and the newest subjects, newest first."""

    folder: str
    count: int
    newest: Sequence[str]


async def look(box: Box) -> Trial:
    """Log in, and look into the folder. Nothing there is changed."""
    async with connected(box.connection) as client:
        folder, target = await client.select(), box.connection.move_to
        if target and not await client.has_folder(target):
            raise PermanentFailure(f"There is no folder {target} at {box.connection.host} that mail could move to: make it there first.")
        uids = (await client.uids_after(max(folder.next_uid - 200, 0)))[-_NEWEST:]
        newest = [parse(await client.fetch(uid, "BODY.PEEK[HEADER]") or b"").subject for uid in reversed(uids)]
        return Trial(box.connection.folder, folder.count, newest)


async def sends_to_itself(rt: Runtime, box: Box, seconds: float = _COMES_BACK_WITHIN) -> bool | None:
    """Whether a mail that is sent as the desk sends its mail comes back in time; None while the desk has no SMTP_URL to send by."""
    if rt.settings.smtp_url is None:
        return None
    transport = outgoing(rt.settings)
    try:
        return await comes_back(rt, box, transport, seconds)
    finally:
        await asyncio.shield(transport.close())


async def comes_back(rt: Runtime, box: Box, transport: Transport, seconds: float = _COMES_BACK_WITHIN) -> bool:
    """Send a mail from the mailbox to itself, and look until it is there. Raises what the relay says when it does not take it.

    It is marked and signed as the desk's own, so that it opens no ticket when it is fetched; and the desk may fetch it, and move it away,
    before we see it there.
    """
    word = tokens.message_id(rt.keys, 0, 0, rt.clock.secret(5), box.address.rpartition("@")[2])
    async with connected(box.connection) as client:
        folder = await client.select()
        await transport.send(box.address, addr_spec(Address(box.address)), _letter(rt, box, word))
        try:
            async with asyncio.timeout(seconds):
                while not (await _is_there(client, folder.next_uid - 1, word) or await rt.database.value("imap.came", word)):
                    await asyncio.sleep(1)
        except TimeoutError:
            return False
    return True


async def _is_there(client: ImapClient, after: int, word: str) -> bool:
    await client.select()
    for uid in await client.uids_after(after):
        if word.encode() in (await client.fetch(uid, "BODY.PEEK[HEADER]") or b""):
            return True
    return False


def _letter(rt: Runtime, box: Box, word: str) -> bytes:
    letter = EmailMessage(policy=SMTP)
    letter["From"] = letter["To"] = box.address
    letter["Subject"] = "Helpdesk: does mail come back?"
    letter["Date"] = format_datetime(rt.clock.now())
    letter["Message-ID"] = f"<{word}>"
    letter["Auto-Submitted"] = "auto-generated"
    letter["X-Helpdesk-Loop"] = rt.keys.instance
    letter.set_content("The desk sent this to itself, to see that mail leaves and arrives.")
    return letter.as_bytes()
