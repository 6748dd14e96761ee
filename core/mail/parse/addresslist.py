"""Address lists as they come (RFC 5322, 6854 groups, 6532): repaired where they break the grammar, never dropped.

Quotes that hold commas or do not end, empty brackets, brackets and blanks and dots inside the address, comments, semicolons
instead of commas, the whole address in an encoded word: the address is found and the rest becomes the name.
"""

from __future__ import annotations

import re

from core.mail.addresses import Address
from core.mail.parse.charsets import decode
from core.mail.parse.encoded_words import decode_words

MAX_ADDRESSES = 2000

_ATOM = r"[^\s<>()\[\]\",;:@\\]+"
# Only where a word begins: else a page of letters without an @ is read once for each of them.
_WORD = rf"(?<![^\s<>()\[\]\",;:@\\]){_ATOM}"
_BARE = re.compile(rf'{_WORD}@{_ATOM}|"[^"]{{1,64}}"@{_ATOM}|{_WORD}@\[[0-9a-fA-F.:IPv]+\]')
# One token whatever stands in it: an encoded word (RFC 2047 forbids commas there), an entity of a web form, an address with its route.
_WHOLE = r"=\?[^?\s]{1,60}\?[bBqQ]\?[^?]{0,500}\?=|&#?\w{2,8};|<@[^<>:;\"]*:[^<>,;\"]*>"
_TOKEN = re.compile(rf'"(?:[^"\\]|\\.)*"|<[^<>,;"]*>|{_WHOLE}|[,;:]|\(|(?:(?!=\?|&#?\w{{2,8}};)[^"<,;:(])+|.', re.DOTALL)
_NOBODY = re.compile(r"[\W_]*(?:undisclosed|unlisted|unspecified|hidden)[\s_-]{0,3}recipients?\b[^@]*", re.IGNORECASE)
_BLANK_DOT = re.compile(r"(@[\w-]+(?:\.[\w-]+)*) +\. *(\w)")  # RFC 5322 obs-domain
_MAILTO = re.compile(r"\[mailto:([^\]\s<>]+)\]|\bmailto:", re.IGNORECASE)
_WHOLE_ADDRESS_ENCODED = re.compile(r"=\?[^?\s]{1,60}\?[bBqQ]\?[^?]*[<@][^?]*\?=")
_MAX_COMMENTS = 200
_WHOLLY_QUOTED = re.compile(r"^'([^']*)'$")
_SPACE = re.compile(r"\s+")
_QUOTE = re.compile(r'"((?:[^"\\]|\\.)*)"|"')
_NOT_OF_ADDRESS = re.compile(r"\([^()]*\)|[\s<>]+")
_SCHEME = re.compile(r"^(?:mailto|smtp):", re.IGNORECASE)
_ROUTE = re.compile(r"@[^:]+:(.+@.+)$")  # RFC 5322 obs-route


def read_addresses(raw: bytes, hint: str | None = None) -> tuple[Address, ...]:
    """Every mailbox of a raw header value (members of groups too), in order; what has no address at all is left out."""
    text = _SPACE.sub(" ", decode(raw, None, hint)).strip()
    if _NOBODY.fullmatch(text):
        return ()
    if " ." in text and "@" in text:
        text = _BLANK_DOT.sub(r"\1.\2", text)
    if text.count("(") > _MAX_COMMENTS:
        text = re.sub(r"[()]", " ", text)
    if "=?" in text and _WHOLE_ADDRESS_ENCODED.search(text):
        text = decode_words(text)
    if text.startswith('\\"'):
        text = text.replace('\\"', '"')  # PHP's magic quotes
    text = _MAILTO.sub(lambda link: f"<{link[1]}>" if link[1] else "", text)
    found = _read(text)
    if not found and "=?" in text:
        found = _read(decode_words(text))
    return tuple(found[:MAX_ADDRESSES])


def _read(text: str) -> list[Address]:
    simple = _BARE.fullmatch(text)
    if simple:
        return [Address(_tidy(text))]
    out: list[Address] = []
    pending: list[str] = []
    for item in _items(text):
        words = item.split()
        if len(words) > 1 and all(_BARE.fullmatch(word) for word in words):
            out.extend(Address(_tidy(word)) for word in words)  # the commas are missing
            continue
        name, email = _mailbox(item)
        if email:
            out.append(Address(email, _name([*pending, name], email)))
            pending = []
        elif name:
            pending.append(name)
    if not out and pending:
        # Nothing but words: a local name such as `root`, or an address so broken that only its pattern is left.
        bare = [_tidy(hit[0]) for hit in _BARE.finditer(text)]
        if len(bare) == 1 and "@" not in pending[0]:
            return [Address(bare[0], _name(pending, bare[0]))]
        return [Address(one) for one in bare] or [Address(word) for word in pending[:1] if re.fullmatch(r"[A-Za-z0-9._-]{1,64}", word)]
    return out


def _items(text: str) -> list[str]:
    """The list cut at its commas and semicolons; group names and their colons are dropped."""
    items: list[str] = []
    current: list[str] = []
    position, last_semicolon = 0, text.rfind(";")
    while position < len(text) and len(items) <= MAX_ADDRESSES * 2:
        piece = _token_at(text, position)
        position += len(piece)
        if piece in (",", ";"):
            items.append("".join(current))
            current = []
        elif piece == ":" and position < last_semicolon and _names_group("".join(current)):
            current = []
        elif _is_address(piece) and any(_is_address(before) for before in current):
            # The comma is missing: words behind an address belong to the next one.
            first = next(index for index, before in enumerate(current) if _is_address(before))
            items.append("".join(current[: first + 1]))
            current = [*current[first + 1 :], piece]
        else:
            current.append(piece)
    return [item.strip() for item in [*items, "".join(current)] if item.strip()]


def _is_address(piece: str) -> bool:
    return piece.startswith("<") and "@" in piece and piece.endswith(">")


def _token_at(text: str, position: int) -> str:
    found = _TOKEN.match(text, position)
    piece = found[0] if found else text[position]
    if piece == "(":
        return _comment(text, position)
    if piece == '"':  # a quote without its end
        return piece
    if piece.startswith('"') and "@" in piece and re.search(r"<[^<>\s]+@[^<>\s]+>", piece) and piece.count('"') == 2:
        # `"Name <a@b>, "Other <c@d>`: the closing quote belongs to the next name.
        before, comma, _ = piece.partition(">,")
        return before + comma[:1] if comma else piece
    return piece


def _comment(text: str, position: int) -> str:
    depth = 0
    index = position
    while index < len(text):
        char = text[index]
        if char == "\\":
            index += 1
        elif char == "(":
            depth += 1
        elif char == ")":
            depth -= 1
            if depth == 0:
                return text[position : index + 1]
        index += 1
    return "("


def _names_group(before: str) -> bool:
    return bool(before.strip()) and "@" not in before and "<" not in before


def _mailbox(item: str) -> tuple[str, str]:
    """(name, email) of one item; the email is empty when there is none."""
    bare_item = _without_comments(item)
    opening = _last_bracket(bare_item)
    if opening >= 0:
        inside, _, behind = bare_item[opening + 1 :].rstrip("> ").partition(">")
        if "@" in behind and "@" not in inside:  # `<local>@domain>`
            inside, behind = inside + behind, ""
        email, name = _tidy(inside), f"{bare_item[:opening]} {behind}"
        if email and ("@" in email or re.fullmatch(r"[^\s@]+", email)):
            return _unquote(name) or _comment_text(item), email
        found = _BARE.search(decode_words(bare_item[opening:]))
        return _unquote(name), _tidy(found[0]) if found else ""
    found = _BARE.search(bare_item)
    if found is None and "=?" in bare_item:
        decoded = decode_words(bare_item)
        return _mailbox(decoded) if _BARE.search(decoded) and "=?" not in decoded else (_unquote(bare_item), "")
    if found is None:
        squeezed = re.fullmatch(r"([^\s@]+) ?@ ?([^\s@]+)", bare_item.strip())
        return ("", _tidy(squeezed[0])) if squeezed else (_unquote(bare_item) or _comment_text(item), "")
    rest = f"{bare_item[: found.start()]} {bare_item[found.end() :]}".strip(' "')
    return _unquote(rest) or _comment_text(item), _tidy(found[0])


def _last_bracket(item: str) -> int:
    """Where the address begins: the last `<` outside quotes, also when the `<` itself is doubled."""
    outside = re.sub(r'"(?:[^"\\]|\\.)*"', lambda quoted: "\x01" * len(quoted[0]), item)
    position = outside.rfind("<")
    if position < 0:
        position = item.rfind("<") if _BARE.search(item[item.rfind("<") :]) and "<" in item else -1
    return position


def _without_comments(item: str) -> str:
    if "(" not in item:
        return item
    out: list[str] = []
    position = 0
    while position < len(item):
        piece = _token_at(item, position)
        position += len(piece)
        if not (piece.startswith("(") and len(piece) > 1):
            out.append(piece)
    return "".join(out)


def _comment_text(item: str) -> str:
    texts = []
    position = 0
    while position < len(item):
        piece = _token_at(item, position)
        position += len(piece)
        if piece.startswith("(") and len(piece) > 1:
            texts.append(re.sub(r"\\(.)", r"\1", piece[1:-1]))
    return " ".join(texts)


def _unquote(name: str) -> str:
    pieces = _QUOTE.sub(lambda quoted: re.sub(r"\\(.)", r"\1", quoted[1] or " "), name)
    pieces = pieces.replace("<>", " ").strip(" ,;")
    return pieces if pieces.count("<") == pieces.count(">") else pieces.strip("<> ,;")


def _name(names: list[str], email: str) -> str:
    joined = ", ".join(name for name in (decode_words(piece).strip(' \t"') for piece in names) if name)
    joined = joined.removesuffix(":").removesuffix("[ ]")
    joined = _WHOLLY_QUOTED.sub(r"\1", _SPACE.sub(" ", joined)).strip()
    return "" if joined.lower() == email.lower() else joined


def _tidy(email: str) -> str:
    """An address without what does not belong to it: blanks, brackets, `mailto:`, a dot at the end, quotes around it."""
    if "=?" in email:
        email = decode_words(email)
    if not email.startswith('"'):
        email = _NOT_OF_ADDRESS.sub("", email)
    email = _SCHEME.sub("", email.strip()).strip("'<>,; ")
    route = _ROUTE.match(email)
    return (route[1] if route else email).rstrip(".")
