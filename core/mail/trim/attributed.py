"""Whom the line above a quote names: "On Mon, 3 May 2021, "Eva Berg" <eva@example.com> wrote:" was written by Eva Berg."""

from __future__ import annotations

import re

from core.mail.addresses import Address
from core.mail.parse.addresslist import read_addresses
from core.mail.trim.words import says_wrote

_ADDRESS = re.compile(r"[^\s<>()\[\]\"',;:@]+@[^\s<>()\[\]\"',;:@]+")
_IN_QUOTES = re.compile(r"[\"“„«»‘']\s?([^\"“”„«»]{1,80}?)\s?[\"“”«»’'][\s<(\[]*$")
_AFTER_DATE = re.compile(r".*(?:[,:]\s|\d\S*\s(?:[AP]\.?M\b[.,]*\s)?)", re.IGNORECASE)


def attributed_to(text: str) -> Address | None:
    """The first address in an attribution, with the name beside it as far as it can be told; None when there is no address."""
    found = _ADDRESS.search(text.replace("mailto:", " "))
    if found is None:
        return None
    address = next(iter(read_addresses(found[0].rstrip(".").encode())), None)
    if address is None or not (address.domain and address.local_part):
        return None
    return Address(address.email, _name_before(text[: text.index(found[0])]))


def _name_before(head: str) -> str:
    if quoted := _IN_QUOTES.search(head):
        return quoted[1].strip()
    last = _AFTER_DATE.sub("", head, count=1).strip(" <([\t")
    if last[:1].islower() or says_wrote(last):
        last = " ".join(_capitals_at_end(last.split()))
    return last if len(last) <= 80 and not any(map(str.isdigit, last)) else ""


def _capitals_at_end(words: list[str]) -> list[str]:
    count = 0
    while count < min(4, len(words)) and not words[-1 - count][:1].islower():
        count += 1
    return words[len(words) - count :]
