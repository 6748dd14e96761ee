"""The programs that people write mail with, as headers name them."""

from __future__ import annotations

import re

from core.mail.parsed import ParsedMail


def names_a_program(mail: ParsedMail) -> bool:
    """A header says that it was written in a program for people."""
    return bool(mail.header("user-agent") or _MAIL_PROGRAM.search(mail.header("x-mailer") or ""))


_MAIL_PROGRAM = re.compile(
    r"outlook|thunderbird|apple mail|iphone|ipad|android|evolution|kmail|zimbra|roundcube|sogo|yahoomail|webservice|the bat|em client"
    r"|mailbird|horde|squirrelmail|open-xchange|foxmail|claws|alpine|postbox|airmail|spark|mutt|webmail",
    re.IGNORECASE,
)
