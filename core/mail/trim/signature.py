"""What stands below the last word: signatures, sign-offs, lines of phones and apps, footers of lists and scanners.

Nothing is cut that would leave no words, and nothing long: what is cut is a signature by its mark ("-- "), by its device, by a
sign-off that stands alone on its line, or by a name behind a dash.
"""

from __future__ import annotations

import re

from core.mail.trim.headers import is_rule
from core.mail.trim.lines import has_words, lowered, readable, stripped
from core.mail.trim.words import closings, sent_by

_MOST_LINES = 14
_LONGEST_LINE = 130
_DELIMITER = re.compile(r"(?:--|—|––|__|\*--\*|-- -)$")
_DEVICE = re.compile(
    r"iphon|ipad|ipod|icloud|apple|android|samsung|galaxy|huawei|xiaomi|redmi|\bpoco\b|\bhonor\b|\boppo\b|oneplus|nokia|motorola|\bpixel\b"
    r"|blackberry|windows|outlook|yahoo|gmail|inbox by|proton|thunderbird|k-9|fairemail|\baol\b|\bgmx\b|web\.de|mail\.ru|yandex|яндекс|почт[аы]"
    r"|workspace|spark\b|airmail|newton|bluemail|typeapp|boxer|zoho|tutanota|\btuta\b|verizon|t-mobile|at&t|vodafone|\bsony|xperia|\bhtc\b|\blg\b"
    r"|smartphone|handy\b|mobil|móvil|movil|celular|cellulare|téléphone|telefon|phone|tablet|telefoon|puhelim|telefón|телефон|κινητό|携帯|手机|手機"
    r"|휴대|điện thoại|ponsel|טלפון|הנייד|هاتف|الجوال|موبايل|\bmail\b|\bapp\b|مobile|qq邮箱|网易|163|foxmail|naver|daum|orange|libero|\bwp\b|onet|seznam",
    re.IGNORECASE,
)
_SENT_FROM_MY = re.compile(r"(?:sent|from|written|typed) (?:from|on|with|via) my(?: [\w'’&.+-]+){1,6}\.?$", re.IGNORECASE)
_GET_APP = re.compile(r"(?=.{0,100}\boutlook\b).{0,100}\b(?:ios|android)\b", re.IGNORECASE)
_LINKS = re.compile(r"<?(?:https?://|mailto:)[^\s>]{0,300}>?|\[https?://[^\]]{0,300}\]")
_NAME = re.compile(r"(?:[-–—~/]{1,2}|\*) ?[^\W\d_a-zà-ÿ][\w.'’-]*(?: [^\W\d_a-zà-ÿ][\w.'’-]*){0,3}$")
_LISTED = re.compile(r"(?:[-*•–]|\d+[.)]) ")
_POSTSCRIPT = re.compile(r"p\.? ?s\.?\s*[:.\s]|nb\b|zusatz:", re.IGNORECASE)
_FOOTER = re.compile(
    r"mailing list|mailman|unsubscribe|you received this (?:message|email|mail) because|subscribed to the google groups|abmelden|désabonner"
    r"|reply to this email directly|view it on github|avast|avg\.com|virus|antivirus|viren|вирус|wirus",
    re.IGNORECASE,
)
_NOTICE = re.compile(
    r"(?:\W*(?:confidentiality|disclaimer|legal notice|privacy notice|important notice|confidential)\b.{0,40}[:\-–])"
    r"|(?=.{0,400}(?:confidential|privileged|intended (?:solely|only|recipient)|vertraulich|confidentiel|confidencial|riservat|vertrouwelijk"
    r"|poufn|důvěrn|конфиденциальн|konfidenti|fortrolig|luottamuksel|bizalmas|confidențial))"
    r"\W*(?:this (?:e-?mail|message|communication|transmission)|the (?:information|contents?|content) (?:contained |transmitted )?(?:in|of)|diese (?:e-?mail|nachricht)"
    r"|ce (?:message|courriel|mail)|este (?:mensaje|correo|e-?mail|mensagem)|esta (?:mensagem|comunicación)|questa (?:e-?mail|comunicazione)|il presente messaggio"
    r"|dit (?:e-?mail|bericht)|deze e-?mail|ta wiadomość|niniejsza wiadomość|tato zpráva|tento e-?mail|это (?:сообщение|письмо)|detta (?:e-?post|meddelande)"
    r"|denne (?:e-?mail|e-?post|besked)|tämä (?:viesti|sähköposti)|ez az (?:e-?mail|üzenet)|acest (?:mesaj|e-?mail))",
    re.IGNORECASE,
)
_BANNER = re.compile(
    r"\W*(?:caution|warning|attention|external|achtung|extern|vorsicht|attenzione|atención|atenção|let op|you don't often get e?-?mail"
    r"|you don’t often get e?-?mail|sie erhalten nicht (?:h[äa]ufig|oft)|\[external)",
    re.IGNORECASE,
)
_BANNER_MORE = re.compile(
    r"outside|external|extern|don.t often get|nicht (?:häufig|oft)|links? or open|unbekannt|esterno|externe|externo|do not click", re.IGNORECASE
)


def split_signature(lines: list[str], may_be_all: bool = False) -> tuple[list[str], list[str]]:
    """The lines without their signature, and the signature. `may_be_all` allows that nothing but a signature was there."""
    body, cut = lines, len(lines)
    for find in (_footer, _delimiter, _device, _footer, _closing, _name):
        start = find(body)
        if start is not None and (may_be_all or has_words(body[:start])):
            body, cut = body[:start], start
    return body, lines[cut:]


def without_banner(lines: list[str]) -> tuple[list[str], list[str]]:
    """The warning that a mail system puts above mail from outside, and the lines without it."""
    whole = len(lines)
    start = next((number for number, line in enumerate(lines[:20]) if line.strip()), whole)
    end = next((number for number in range(start, min(whole, start + 8)) if not lines[number].strip() or is_rule(lines[number])), 0)
    paragraph = " ".join(readable(line) for line in lines[start:end])
    if end and _BANNER.match(paragraph) and _BANNER_MORE.search(paragraph) and has_words(lines[end:]):
        return lines[start:end], _below_rule(lines[end:])
    return [], lines


def _below_rule(lines: list[str]) -> list[str]:
    rest = stripped(lines)
    return rest[1:] if rest and is_rule(rest[0]) else lines


def _last(lines: list[str], count: int = _MOST_LINES) -> list[int]:
    """The numbers of the last lines that are not blank, from top to bottom."""
    found: list[int] = []
    for number in range(len(lines) - 1, -1, -1):
        if lines[number].strip():
            found.append(number)
            if len(found) == count:
                break
    return found[::-1]


def _is_short(lines: list[str]) -> bool:
    return all(len(_LINKS.sub("", line[:1000])) <= _LONGEST_LINE for line in lines) and not any(_POSTSCRIPT.match(line.lstrip()) for line in lines)


def _footer(lines: list[str]) -> int | None:
    """A list's or a scanner's footer below a rule, or a confidentiality notice in a paragraph of its own."""
    last = _last(lines, 25)
    for number in last:
        text = readable(lines[number])
        if is_rule(text) and _FOOTER.search(" ".join(lines[number + 1 : number + 12])[:1500]) and len([n for n in last if n > number]) <= 10:
            return number
        if (number == 0 or not lines[number - 1].strip() or is_rule(lines[number - 1])) and _NOTICE.match(" ".join([text, *lines[number + 1 : number + 5]])[:600]):
            return number
    return None


def _delimiter(lines: list[str]) -> int | None:
    """ "-- " (RFC 3676, section 4.3) and what people type for it."""
    last = _last(lines, 30)
    for number in last:
        text = readable(lines[number])
        if _DELIMITER.match(text) and len([n for n in last if n > number]) <= (25 if text == "--" else _MOST_LINES):
            return number
        if is_rule(text) and 5 <= len(text) and 0 < len(rest := [lines[n] for n in last if n > number]) <= 8 and _is_short(rest) and _has_contact(rest):
            return number
    return None


def _has_contact(lines: list[str]) -> bool:
    return any(re.search(r"\S@\S|www\.|https?://|\+?\d[\d ()/-]{6,}\d", line[:500]) for line in lines)


def _device(lines: list[str]) -> int | None:
    last = _last(lines, 10)
    for place, number in enumerate(last):
        if _is_device_line(lines[number]) and len(last) - place <= 5 and _is_short([lines[n] for n in last[place:]]):
            return number
    return None


def _is_device_line(line: str) -> bool:
    text = readable(_LINKS.sub("", line[:500])).strip(" *_|()[]<>")
    if not 4 < len(text) <= 120:
        return False
    if _GET_APP.match(text) and len(text) < 70:
        return True
    return _SENT_FROM_MY.match(text) is not None or sent_by().search(text) is not None and _DEVICE.search(text) is not None and not _is_sentence(text)


def _is_sentence(text: str) -> bool:
    return len(text.split()) > 14


def _closing(lines: list[str]) -> int | None:
    """A sign-off alone on its line, with a name and whatever belongs to it below."""
    last = _last(lines)
    for place, number in enumerate(last):
        words = readable(lines[number]).strip(" ,.!*_-–;:~，。")
        if len(words) < 60 and lowered(words) in closings() and _is_short([lines[n] for n in last[place:]]):
            return number
    return None


def _name(lines: list[str]) -> int | None:
    """A last line like "-Eva Berg" or "/Eva", unless it ends a list."""
    last = _last(lines, 2)
    if len(last) < 2:
        return None
    above, number = last
    text = readable(lines[number])
    if len(text) < 40 and _NAME.match(text) and not _LISTED.match(readable(lines[above])) and not (_LISTED.match(text) and above == number - 1):
        return number
    return None
