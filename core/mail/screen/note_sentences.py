"""Whether a text is nothing but an absence note: every sentence of it is one that notes have.

An absence note greets, thanks for the mail, says that somebody is away, when he is back and whom to ask meanwhile, and is signed.
Whoever answers a question, reports something or wants something says it in a sentence of another kind: then a person wrote it, and
his mail must not be lost for the holiday that he mentions as well. The words are in `absence.toml`.
"""

from __future__ import annotations

import re

from core.mail.screen.autoreply import words_of
from core.mail.trim import trim


def reads_as_absence(text: str) -> bool:
    """Whether a text says that somebody is away, and nothing else."""
    return AWAY.search(text[:_MOST_OPENING]) is not None and is_only_note(text[:_MOST_READ])


def is_only_note(text: str) -> bool:
    """Nothing is said in the text that an absence note does not say; its signature and what it quotes do not count."""
    said = [each.strip() for each in _SENTENCE_ENDS.split(trim(text, None).reply) if _WORD.search(each)]
    if len(said) > 1 and _is_name(said[-1]):
        del said[-1]
    return all(_is_of_a_note(_AROUND.sub("", " ".join(each.split()))) for each in said)


def _is_of_a_note(sentence: str) -> bool:
    """A greeting, thanks, an absence that no request precedes, advice, the day of return, or where a colleague is reached."""
    if away := AWAY.search(sentence):
        return _BEGS.search(sentence[: away.start()]) is None and _is_all_absence(sentence)
    if _THANKS.fullmatch(sentence) or ADVICE.search(sentence) or _REST.search(sentence):
        return True
    return _CONTACT.search(sentence) is not None and (" " not in sentence or _COLLEAGUE.search(sentence) is not None)


def _is_all_absence(sentence: str) -> bool:
    """Every part of a sentence says that somebody is away, or thanks, advises, tells the return, or names a day."""
    known = [hit.span() for words in (AWAY, ADVICE, _REST, _CONTACT) for hit in words.finditer(sentence)]
    parts = [hit.span() for hit in _CLAUSE.finditer(sentence)]
    return all(any(first < end and start < last for first, last in known) or _is_a_day(sentence[start:end]) for start, end in parts)


def _is_a_day(part: str) -> bool:
    return (len(part.split()) <= 5 and _DAY.search(part) is not None) or _THANKS.fullmatch(part.strip()) is not None


def _is_name(text: str) -> bool:
    words = text.split()
    return 2 <= len(words) <= 4 and all(word[0].isupper() for word in words) and text[-1].isalpha()


_MOST_OPENING = 600
_MOST_READ = 3_000
# After a mark, unless a day ("10. Mai") or a title ("Dr. Berg") ends with it; at an empty line; at a line that ends early.
_SENTENCE_ENDS = re.compile(
    r"(?<=[.!])[ \t]*\n|(?<=[.!])(?<!(?<![\d][ -])(?<!\d)\d\.)(?<!(?<![\d][ -])(?<!\d)\d\d\.)(?<!\b[MDHFNS]r\.)\s+(?=[^\W\d_])"
    r"|(?<=[。！!])|\n[^\S\n]{0,80}\n|(?<=\d\d\d)\n|(?<![^\n]{60})(?<!:)\n"
)
_AND = r"[,;，、]| [-–—] | (?:and|so|but|und|aber|et|mais|y|e|ed|en|och|og|ja|i|a|și|и|та|ve|но) "
_CLAUSE = re.compile(rf"(?:(?!{_AND}).)+")
_DAY = re.compile(r"(?<!\d)\d{1,2}(?!\d)")
_WORD = re.compile(r"\w")
_AROUND = re.compile(r"^[\W_]+|[\W_]+$")
_CONTACT = re.compile(r"\S@\S|\+?\d[\d ()/-]{5,}\d")
# Compiled here, before the children of the mail reader are forked.
AWAY, ADVICE, _THANKS, _REST, _COLLEAGUE, _BEGS = (
    words_of(key) for key in ("note_away", "note_advice", "note_thanks", "note_rest", "note_colleague", "note_begs")
)
