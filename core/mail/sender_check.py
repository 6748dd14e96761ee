"""Checking SPF, DKIM and DMARC here, for desks whose SMTP door is the one that the world talks to.

Libraries do it (dkimpy, pyspf); they ask the DNS and block, so they run in a few threads, and each mail has a deadline.
What cannot be found out in time, or at all, is not held against anybody.
"""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from ipaddress import ip_address

import dkim
import dns.exception
import dns.name
import dns.resolver
import spf
import structlog

from core.mail.addresses import ascii_domain
from core.mail.authentication import UNKNOWN, Authentication, Delivered, Verdict, aligned, organisation

log = structlog.get_logger()

_AT_ONCE = 16
_PATIENCE = 12.0  # seconds for all of one mail
_DNS_PATIENCE = 4.0  # seconds for one question
_MOST_SIGNATURES = 5
_LARGEST = 4 * 1024 * 1024  # bytes of a mail whose signature is checked: hashing more would hold up others
_DKIM_FAILURES = (dkim.DKIMException, dns.exception.DNSException, ValueError, KeyError, TypeError, AssertionError, IndexError)


class SenderCheck:
    """Checks the senders of mail that came by SMTP. A peer of one's own network only passes on what others sent: its word counts only
    with `private_too`."""

    def __init__(self, *, private_too: bool, patience: float = _PATIENCE) -> None:
        self._private_too, self._patience = private_too, patience
        self._pool = ThreadPoolExecutor(_AT_ONCE, "senders")

    async def check(self, mail: Delivered) -> Authentication:
        """The verdict about a mail; never raises."""
        if not self._counts(mail.peer):
            return UNKNOWN
        try:
            return await asyncio.wait_for(asyncio.get_running_loop().run_in_executor(self._pool, checked, mail), self._patience)
        except TimeoutError:
            return Authentication(by="checked here, but the DNS did not answer in time")
        except Exception as error:  # noqa: BLE001 - the libraries parse what strangers wrote: nothing they stumble over may stop a mail
            log.warning("mail.sender_not_checked", error=type(error).__name__)
            return Authentication(by="checked here, but it could not be understood")

    def _counts(self, peer: str) -> bool:
        try:
            return self._private_too or ip_address(peer).is_global
        except ValueError:
            return False

    def close(self) -> None:
        """Let go of the threads; who waits for one hears nothing more."""
        self._pool.shutdown(wait=False, cancel_futures=True)


def checked(mail: Delivered) -> Authentication:
    """Ask the DNS about a mail, here and now: blocks for seconds."""
    domain = ascii_domain(mail.from_domain)
    policy = _policy(domain)
    spf_result = spf.check2(mail.peer, mail.mail_from, "", timeout=_DNS_PATIENCE)[0] if mail.mail_from else "none"
    signatures = _signatures(mail.raw) if len(mail.raw) <= _LARGEST else []
    vouched = [name for name, result in signatures if result == "pass"]
    aligned_spf = spf_result == "pass" and _fits(policy, "aspf", domain, mail.mail_from)
    aligned_dkim = any(_fits(policy, "adkim", domain, name) for name in vouched)
    unsure = len(mail.raw) > _LARGEST or "temperror" in (spf_result, policy.get("error"), *(result for _, result in signatures))
    verdict = _verdict(passed=aligned_spf or aligned_dkim, policed="p" in policy, unsure=unsure)
    dkim_result = "pass" if vouched else next((result for _, result in signatures), "none")
    return Authentication(verdict, "checked here", str(spf_result), dkim_result, verdict if "p" in policy else "none")


def _verdict(*, passed: bool, policed: bool, unsure: bool) -> Verdict:
    if passed:
        return "pass"
    return "fail" if policed and not unsure else "none"


def _policy(domain: str) -> dict[str, str]:
    """What a domain's DMARC record says, or its organisation's (RFC 7489, 6.6.3); empty when there is none, `error` when nobody answers."""
    try:
        names = dict.fromkeys((domain, organisation(domain))) if domain else {}
        return next((tags for name in names if (tags := _record(f"_dmarc.{name}")).get("v", "").upper() == "DMARC1"), {})
    except dns.exception.DNSException:
        return {"error": "temperror"}


def _record(name: str) -> dict[str, str]:
    try:
        answers = dns.resolver.resolve(name, "TXT", lifetime=_DNS_PATIENCE)
    except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer, dns.name.LabelTooLong, dns.name.EmptyLabel, UnicodeError):
        return {}
    texts = [b"".join(one.strings).decode("ascii", "replace") for one in answers]
    pairs = next(([tag.partition("=") for tag in text.split(";")] for text in texts if text.lower().startswith("v=dmarc1")), [])
    return {key.strip().lower(): value.strip() for key, _, value in pairs}


def _fits(policy: dict[str, str], mode: str, domain: str, name: str) -> bool:
    """Whether a name that SPF or DKIM vouched for speaks for the domain of From: strictly, if the policy says so."""
    name = name.rpartition("@")[2].lower()
    return bool(name) and (name == domain if policy.get(mode) == "s" else aligned(name, domain))


def _signatures(raw: bytes) -> list[tuple[str, str]]:
    """The domain and the result of each signature."""
    count = sum(name.lower() == b"dkim-signature" for name, _ in dkim.rfc822_parse(raw)[0])
    return [_signature(raw, number) for number in range(min(count, _MOST_SIGNATURES))]


def _signature(raw: bytes, number: int) -> tuple[str, str]:
    one = dkim.DKIM(raw, timeout=int(_DNS_PATIENCE))
    try:
        result = "pass" if one.verify(number) else "fail"
    except dns.exception.DNSException:
        result = "temperror"
    except _DKIM_FAILURES:
        result = "fail"
    fields = getattr(one, "signature_fields", None) or {}
    return fields.get(b"d", b"").decode("ascii", "replace").lower(), result
