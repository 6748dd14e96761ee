"""Automatic answers known by nothing but their subject: out-of-office notes and autoresponders, in the words of their makers.

Exchange and Outlook, Notes, Gmail, Zimbra, GroupWise, cPanel, Plesk and the providers put a fixed phrase in front of the subject
in the language of the absent. A phrase counts only at the very beginning, and only when it is the whole subject or a colon (or
what a translation uses for one) follows: "Re: Automatic reply: …" and "Out of office does not work" are written by people, and so
is a phrase with a question or a request behind it. The words are in `absence.toml`.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from functools import cache
from importlib.resources import files


def absence_phrase(subject: str) -> str | None:
    """The phrase of an automatic answer that a subject begins with, or None."""
    subject = unicodedata.normalize("NFC", " ".join(subject[:1000].split())[:300])
    found = next((hit for form in _FORMS if (hit := form.match(subject))), None)
    if found is None or _is_a_persons(subject[found.end() :]):
        return None
    return found[0].strip()


# "[EXT]", "***SPAM***" that gateways put in front, and the palm tree of whoever wrote the note.
_TAGS = r"(?:\s*(?:\[[^\[\]]{1,40}\]|\*{2,3}[^*]{1,20}\*{2,3}|[\u2600-\u27bf\U0001f300-\U0001faff]\ufe0f?))*\s*"
_COLON = "[:\uff1a]"
_UNTIL = (
    r"(?=\s*(?:$|[^\w\s]|(?:until|till?|from|through|with|without"
    r"|this|for|to|between|since|in|today|bis|vom|ab|jusqu|du)\b))"
)
# Notes writes "AUTO: Eva Lind is out of the office (returning 03/08/2026)"; others begin with "I am out of the office".
_SENTENCE = (
    rf"(?:(?-i:AUTO)\s?:\s\S.{{0,120}}\([^()]{{3,60}}\)?\s*$"
    r"|i(?: am|['’]m| will be) (?:currently |now )?(?:out of (?:the |my )?office|on (?:vacation|holiday|annual leave|leave"
    r"|parental leave|maternity leave))"
    rf"{_UNTIL}"
    r"|ich bin (?:derzeit |zurzeit |zur zeit |momentan |aktuell )?(?:nicht im (?:büro|haus)|im urlaub|abwesend|außer haus)"
    rf"{_UNTIL}"
    r"|je suis (?:actuellement )?(?:absente?|en (?:congés?|vacances)|hors du bureau)"
    rf"{_UNTIL})"
)


def _forms() -> tuple[re.Pattern[str], ...]:
    """What a subject of an automatic answer may look like."""
    phrase, reply, until = any_of("phrases"), rf"{any_of('replies')}\s?{_COLON}", rf"{any_of('until')}\s(?=.{{1,40}}$)"
    end = rf"\s*(?:$|[!.]*\s*$|{_COLON}|\s[-–—|]\s|\s*(?=[\[【\"“「])|\s(?={reply}))"
    name = rf"(?!{any_of('no_names')}\b)(?-i:[^\W\d_a-z]\S{{0,40}}(?: [^\W\d_a-z]\S{{0,40}}){{1,3}})"
    forms = (
        rf"[\[(【*<\"“]{{0,3}}(?:auto\s*:\s*)?{phrase}[\])】*>\"”]{{0,3}}{end}",
        rf"(?:\[{phrase}\]|【{phrase}】|\({phrase}\)|\*{{1,3}} ?{phrase} ?\*{{1,3}})",
        rf"{any_of('away')}\s{until}",
        rf"{name} {any_of('is_away')}(?:[.!]?$|\s*\(returning|\s{until})",
        rf"(?:{any_of('weak')}\s?{_COLON}|{any_of('weak_alone')})\s?(?={reply})",
        _SENTENCE,
    )
    return tuple(re.compile(_TAGS + form, re.IGNORECASE) for form in forms)


def _is_a_persons(rest: str) -> bool:
    """What follows the phrase is no subject that is answered, but asks or begs; a tag or a reply's mark shows the former."""
    return not _ANSWERED.match(rest) and _ASKS.search(rest) is not None


def words_of(key: str) -> re.Pattern[str]:
    """The words of a key where they begin a word; in scripts without blanks anywhere."""
    return re.compile(rf"(?<![a-z\u00c0-\u052f]){any_of(key)}", re.IGNORECASE)


def any_of(key: str) -> str:
    """A list of `absence.toml` as a pattern that matches any of its words."""
    return f"(?:{'|'.join(_words()[key])})"


@cache
def _words() -> dict[str, list[str]]:
    return tomllib.loads(files("core.mail.screen").joinpath("absence.toml").read_text(encoding="utf-8"))


# Compiled here, before the children of the mail reader are forked.
_FORMS = _forms()
_ANSWERED = re.compile(rf"\s*(?:\[|{any_of('replies')}\s?{_COLON})", re.IGNORECASE)
_ASKS = re.compile(rf"[?？؟]|(?<!\w){any_of('asks')}(?!\w)|{any_of('asks_unspaced')}", re.IGNORECASE)
