"""Bounces of what the desk wrote, as a mail server reports them."""

from __future__ import annotations

from core.models.mail import Delivery
from tests.support.mail import EVA, MailDesk, letter


async def answered(post: MailDesk) -> tuple[int, Delivery]:
    """A ticket with an answer that has left, and its delivery."""
    ticket_id = await post.ticket()
    await post.desk.says(post.desk.anna, ticket_id, "Use water.")
    await post.post()
    return ticket_id, await Delivery.get(message_id__isnull=False, recipient=EVA, message__template="reply")


def bounce(action: str = "failed", status: str = "5.1.1", returned: str = "") -> bytes:
    """A delivery report (RFC 3464)."""
    report = (
        "--b\r\nContent-Type: text/plain\r\n\r\nYour mail could not be delivered.\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.customer.test\r\n\r\n"
        f"Final-Recipient: rfc822; {EVA}\r\nAction: {action}\r\nStatus: {status}\r\nDiagnostic-Code: smtp; 550 {status} nobody here\r\n\r\n"
        f"--b\r\nContent-Type: text/rfc822-headers\r\n\r\n{returned}Subject: Re: Printer\r\n\r\n--b--"
    )
    return letter(report.encode(), sender="MAILER-DAEMON@mx.customer.test", subject="Undelivered Mail Returned to Sender",
                  content_type="multipart/report; report-type=delivery-status; boundary=b")  # fmt: skip
