"""Words for finding: folded so that case and accents do not matter, and writing without blanks cut into pairs of characters.

Both what is kept (`tsvector` of the configuration `simple`) and what is asked pass through here: the database needs no extensions.
"""

from __future__ import annotations

import re
import unicodedata
from itertools import pairwise

_WORD = re.compile(r"\w+")
_UNSPACED = re.compile(  # Thai and Lao, Burmese, Khmer; Japanese, Chinese, Korean
    r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0002fa1f]+"
)
_VOICING = "\u3099\u309a"  # no accents: they make other letters, バス from ハス
_MOST = 20_000  # words of one text
_LONGEST = 60  # characters of one word
_READ = 20_000  # characters of a text that is looked for

_ENGLISH = """
about after again all also and any are ask been but can cannot could dear did does doing done for from get got had has have hello help her
him his how its just kind know let like many may more must need not now off our out please problem question regards shall she should some thank
thanks that the their them then there these they this those use using very want was way were what when where which who whose why will with
would yes you your
"""
_GERMAN = """
aber alle als auch auf aus bei beim bitte brauche danke dann das dass dem den denn der des die dies diese dieser dir doch ein eine einem
einen einer eines etwas frage freundliche freundlichen fur geht gibt grusse gruss guten habe haben hallo hat hatte hilfe ich ihnen ihr
ihre ihren immer ist kann kein keine konnen mehr mein meine meinem meinen meiner mit mich mir moglich muss nach nicht noch nur oder schon
sehr sich sie sind uber und uns unser unsere viele vielen vom von vor wann warum was weil welche wenn wer werden wie wieder wir wird zum
zur
"""
_COMMON = frozenset(f"{_ENGLISH} {_GERMAN}".split())
"""Words that say nothing of what a text is about, in the languages the desk speaks itself."""


def folded(text: str, *, whole: bool = False) -> list[str]:
    """The words of a text, in order: lower-case, without accents; what is written without blanks as overlapping pairs of characters.

    With `whole` the last character of such writing stands by itself as well, so that each can be found by its own.
    """
    plain = "".join(c for c in unicodedata.normalize("NFKD", text) if unicodedata.category(c)[0] != "M" or c in _VOICING).casefold()
    return [part for word in _WORD.findall(unicodedata.normalize("NFC", plain)) for part in _parts(word.strip("_"), whole)][:_MOST]


def kept(text: str) -> str:
    """A text as `to_tsvector('simple', …)` should see it."""
    return " ".join(folded(text, whole=True))


def asked(text: str) -> str | None:
    """What somebody looks for, as `to_tsquery('simple', …)` takes it: all of the words, each perhaps only begun. None for nothing."""
    words = list(dict.fromkeys(folded(text[:_READ])))[:20]
    return " & ".join(f"{word}:*" for word in words) or None


def any_of(text: str, most: int = 40) -> str | None:
    """A text whose words are looked for as they come: any that says something will do. None for nothing."""
    words = [word for word in dict.fromkeys(folded(text[:_READ])) if _says_something(word)][:most]
    return " | ".join(words) or None


def _says_something(word: str) -> bool:
    return word not in _COMMON and (len(word) > 2 or (len(word) == 2 and _UNSPACED.match(word) is not None))


def _parts(word: str, whole: bool) -> list[str]:
    found: list[str] = []
    position = 0
    for run in _UNSPACED.finditer(word):
        found += [word[position : run.start()][:_LONGEST]] if run.start() > position else []
        pairs = ["".join(pair) for pair in pairwise(run[0])]
        found += [*pairs, run[0][-1]] if whole or not pairs else pairs
        position = run.end()
    return found + ([word[position:][:_LONGEST]] if position < len(word) else [])
