"""`helpdesk mailbox`, as an operator types it: what would go wrong is refused, and what it says is true."""

from __future__ import annotations

from core.models.queues import Mailbox
from tests.support.commands import says
from tests.support.desk import Desk
from tests.support.mail import SUPPORT


async def test_mail_is_not_moved_to_where_it_is_fetched_from(desk: Desk, database_url: str) -> None:
    wanted = ("--imap", "imap.example.org", "--password", "x", "--move-to", "inbox")
    status, said = says(desk.rt, database_url, "mailbox", "add", SUPPORT, *wanted)
    assert (status, "move_to must be another folder" in said, "Traceback" in said) == (1, True, False)
    assert (await Mailbox.get(id=desk.mailbox.id)).kind == "smtp"


async def test_a_mailbox_whose_mail_comes_by_smtp_cannot_be_paused(desk: Desk, database_url: str) -> None:
    status, said = says(desk.rt, database_url, "mailbox", "pause", SUPPORT)
    assert (status, "comes by SMTP" in said, "not fetched" in said) == (1, True, False)
    assert (await Mailbox.get(id=desk.mailbox.id)).paused_at is None
