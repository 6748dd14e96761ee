"""The language a mail is written in: by the small words every sentence is full of, else by what its headers say (RFC 3282)."""

from __future__ import annotations

import re
from collections import Counter

from core.mail.parsed import ParsedMail

# Each language's own words only decide together: several are words of a neighbour as well. Languages that the desk does not write
# are here so that they are not taken for one it does.
_WORDS = {
    "en": "the and is are was were not you your we our with for this that have has can could would please from my it of to on in be if",
    "de": "der die das und ist sind nicht ich wir sie mit für auf den dem ein eine zu von im bei auch haben habe bitte kann wie ihr mein es dass",
    "fr": "le la les et est sont ne pas je nous vous avec pour sur un une des du dans que qui au aussi ai avez peut mon votre ce cette",
    "es": "el la los las y es son no yo con para por en un una de del que se lo al como pero mi su este esta tengo puede gracias",
    "it": "il la lo gli e è sono non io noi con per su un una di del della che si al come ma mio suo questo questa ho può grazie nel",
    "pt": "o a os as e é são não eu nós com para por em um uma de do da que se ao como mas meu seu este esta tenho pode obrigado no na",
    "nl": "de het een en is zijn niet ik wij we u met voor op van in bij ook heb heeft kan hoe mijn dat dit er te aan maar naar wel",
    "sv": "det en ett och är inte jag vi ni med för på av i som har kan hur min att den till om men från vill tack",
    "da": "det en et og er ikke jeg vi i med for på af som har kan hvordan min at den til om men fra vil tak",
    "pl": "i w z na do nie jest są się że to jak ale mam proszę czy ja dla po od co za przez może mój",
    "tr": "ve bir bu için ile de da ne var yok ben biz çok nasıl mı daha gibi ama lütfen merhaba olarak",
    "ru": "и в не на я что с по это как но мы вы для у из за от так же к мой есть",
}  # fmt: skip
_LANGUAGES_OF: dict[str, list[str]] = {}
for _language, _words in _WORDS.items():
    for _word in _words.split():
        _LANGUAGES_OF.setdefault(_word, []).append(_language)

_TOKEN = re.compile(r"[^\W\d_]+")
_LOOKED_AT = 4000  # characters
_ENOUGH = 4  # small words; fewer say nothing
_CLEARLY = 1.5  # times as many as of any other language
_NAMED = re.compile(r"\s*([A-Za-z]{2,3}(?:-[A-Za-z]{2})?)\b")


def language_of(mail: ParsedMail, said: str) -> str | None:
    """As `de` or `de-AT`, or None. A mail program names the language it is used in; what was `said` counts more, where it is clear."""
    named = _NAMED.match(mail.header("content-language") or mail.header("accept-language") or "")
    header, spoken = named.group(1) if named else None, spoken_in(said)
    return header if spoken is None or (header or "").lower().partition("-")[0] == spoken else spoken


def spoken_in(text: str) -> str | None:
    """The language of a text in two letters, or None when it is not clear."""
    found = Counter(language for word in _TOKEN.findall(text[:_LOOKED_AT].lower()) for language in _LANGUAGES_OF.get(word, ()))
    (first, count), (_, second) = (*found.most_common(2), ("", 0), ("", 0))[:2]
    return first if count >= _ENOUGH and count >= _CLEARLY * second else None
