"""Is the sender who he says he is? SPF, DKIM and DMARC, by the word of a server of ours or by our own check.

The word of a server is its Authentication-Results header (RFC 8601), believed only with the name that the operator set (AUTHSERV_ID)
and only if it is the topmost one: whoever came later than ours could have written anything. What was checked says nothing of a
person, only that the domain of his address let the mail out. A failure never keeps a mail out; it is flagged and not answered by a
machine.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from functools import cache
from ipaddress import ip_address
from typing import Literal

import authres
from publicsuffixlist import PublicSuffixList

from core.mail.addresses import ascii_domain
from core.mail.parsed import ParsedMail
from core.settings import Settings, host_and_port

Verdict = Literal["pass", "fail", "none"]
_LONGEST = 10_000  # characters of a header that are read


@dataclass(frozen=True, slots=True)
class Authentication:
    """What is known of the sender's domain. `verdict` is DMARC's (RFC 7489): pass when SPF or DKIM passed for the domain of From.

    `by` says who found it out; `spf`, `dkim` and `dmarc` are the results as RFC 8601 names them.
    """

    verdict: Verdict = "none"
    by: str = "nobody looked"
    spf: str = "none"
    dkim: str = "none"
    dmarc: str = "none"

    @property
    def warning(self) -> str | None:
        """What staff is told about a sender who is probably another."""
        return "The sender may be forged: his domain does not vouch for this mail (DMARC)." if self.verdict == "fail" else None

    def trace(self) -> dict[str, str]:
        """For the ledger."""
        return asdict(self)


UNKNOWN = Authentication()


@dataclass(frozen=True, slots=True)
class Delivered:
    """A mail as it was delivered: its raw bytes, the peer's address, what MAIL FROM said, and the domain of its From."""

    raw: bytes
    peer: str
    mail_from: str
    from_domain: str


def is_checked_here(settings: Settings) -> bool:
    """Whether the desk asks the DNS itself (CHECK_SENDERS): by default where its SMTP door is open to the world and no other server looks."""
    if settings.check_senders != "auto":
        return settings.check_senders == "on"
    host, _ = host_and_port(settings.smtp_listen)
    try:
        return settings.authserv_id is None and not ip_address(host).is_loopback
    except ValueError:
        return settings.authserv_id is None and host != "localhost"


def told_by_server(mail: ParsedMail, authserv_id: str | None) -> Authentication | None:
    """What the topmost Authentication-Results says, if it is of the server with this name; None otherwise."""
    header = mail.header("authentication-results")
    if not header or not authserv_id:
        return None
    try:
        told = authres.AuthenticationResultsHeader.parse(f"Authentication-Results: {header[:_LONGEST]}")
    except (authres.AuthResError, ValueError, IndexError, AttributeError):
        return None
    if str(told.authserv_id).lower() != authserv_id.lower():
        return None
    return _judged(mail, f"Authentication-Results of {authserv_id}", told.results)


def aligned(one: str, other: str) -> bool:
    """Whether two domains belong to one organisation (RFC 7489, 3.1: relaxed)."""
    return bool(one and other) and organisation(one) == organisation(other)


def organisation(domain: str) -> str:
    """The organisational domain: `mail.example.co.uk` is of `example.co.uk`."""
    name = ascii_domain(domain.rpartition("@")[2].strip(". ").lower())
    return str(_suffixes().privatesuffix(name) or name) if name else ""


@cache
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList()  # its list costs 2 MB: only who asks pays


def _judged(mail: ParsedMail, by: str, results: list[authres.AuthenticationResult]) -> Authentication:
    domain = mail.sender.domain if mail.sender else ""
    found = {"spf": "none", "dkim": "none", "dmarc": "none"}
    passed = False
    for result in results:
        method, value = str(result.method).lower(), str(result.result).lower()
        if method not in found:
            continue
        fits = value == "pass" and _speaks_for(domain, method, result)
        passed = passed or fits
        found[method] = value if fits or found[method] in ("none", "neutral") else found[method]
    # Whoever contradicts himself has been told what to say.
    failed = any((str(one.method).lower(), str(one.result).lower()) in (("dmarc", "fail"), ("dmarc", "permfail")) for one in results)
    return Authentication("fail" if failed else "pass" if passed else "none", by, **found)


def _speaks_for(domain: str, method: str, result: authres.AuthenticationResult) -> bool:
    """Whether a passed result is about the From that we read: DMARC's about exactly it, SPF's and DKIM's about its organisation."""
    if method == "dmarc":
        return any(
            (one.type, one.name) == ("header", "from") and ascii_domain(str(one.value).rpartition("@")[2].lower()) == ascii_domain(domain)
            for one in result.properties
        )
    return any(aligned(domain, name) for name in _domains(result))


def _domains(result: authres.AuthenticationResult) -> list[str]:
    """The domains that a passed SPF or DKIM speaks for."""
    told = {(one.type, one.name): str(one.value) for one in result.properties}
    if ("header", "d") in told:
        return [told["header", "d"]]  # `header.i` is whatever the signer likes
    return [told[name] for name in (("header", "i"), ("smtp", "mailfrom")) if name in told]
