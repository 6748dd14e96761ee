"""Bytes of any charset, or of a wrongly named one, become text.

The label of a mail is a hint: `decode` tries it under the names found in the wild, sees through the usual lies (UTF-8 or
windows-1252 called iso-8859-1, a superset named by its subset) and guesses where the label is unknown or clearly wrong. It
never fails, and its text is free of what a database or JSON would refuse: NUL and lone surrogates.
"""

from __future__ import annotations

import codecs
import re
from functools import lru_cache

from core.mail.parse.charset_guess import codec_by_frequency, likeliest_codec
from core.mail.parse.iso2022 import decode_iso2022_jp

# The names that mail gives to each codec, where they are not Python's own or mean a larger set than they say.
_NAMES = {
    "gb18030": "iso-gb2312 gb2312 gb-2312 gb2312-80 euc-cn gbk cp936 ms936 windows-936 chinese",
    "cp949": "ks-c-5601 ks-c-5601-1987 ksc5601 ksc5601-1987 ks-c-5601-1989 euc-kr korean windows-949 ks-x-1001",
    "cp932": "shift-jis shiftjis sjis windows-31j mac-japanese ms-kanji windows-932",
    "euc_jp": "eucjp",
    "big5hkscs": "big5 big-5 big5-hkscs euc-tw",
    "cp950": "windows-950",
    "cp1252": (
        "ascii us-ascii usascii ansi-x3.4-1968 ansi iso-8859-1 iso8859-1 iso-8859-1-windows-3.1-latin-1 latin1 latin-1 l1 "
        "iso-ir-100 8859-1 iso88591"
    ),
    "cp1254": "iso-8859-9 iso8859-9 latin5",
    "iso8859_2": "latin2",
    "cp874": "iso-8859-11 tis-620 windows-874",
    "iso8859_8": "iso-8859-8-i iso-8859-8-e visual logical",
    "iso8859_6": "iso-8859-6-i iso-8859-6-e",
    "koi8_u": "koi8-ru",
    "koi8_r": "koi8",
    "mac_roman": "mac macintosh mac-roman",
    "mac_cyrillic": "mac-cyrillic mac-ukrainian",
    "mac_latin2": "mac-ce mac-centraleurroman",
    "mac_greek": "mac-greek",
    "mac_turkish": "mac-turkish",
    "mac_iceland": "mac-icelandic",
    "utf_7": "unicode-1-1-utf-7 unicode-2-0-utf-7",
    "utf_8": "unicode-1-1-utf-8 utf8mb4 utf8 utf-8 utf-8n cp65001 utf-8-strict",
    "utf_16": "unicode iso-10646-ucs-2 ucs-2",
    "utf_32": "ucs-4",
    "hz": "hz",
    "iso2022_jp": "iso-2022-jp-ms cp50220 cp50221 cp50222 iso-2022-jp windows-50220 windows-50221 csiso2022jp iso-2022-jp-1",
}
_ALIASES = {name: codec for codec, names in _NAMES.items() for name in names.split()}
# Codecs that are slow on purpose-made input, raise warnings, or are no charset of mail at all.
_NOT_CHARSETS = frozenset({"idna", "punycode", "unicode-escape", "raw-unicode-escape", "undefined", "mbcs", "oem"})
_UNFIT = re.compile("[\x00\ud800-\udfff]")
_BOMS = ((codecs.BOM_UTF8, "utf_8"), (codecs.BOM_UTF32_LE, "utf_32"), (codecs.BOM_UTF16_LE, "utf_16"), (codecs.BOM_UTF16_BE, "utf_16"))
_SAMPLE_BYTES = 8192
_LATIN_LETTERS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_HIGH = bytes(range(0x80, 0x100))
_ENOUGH_BEFORE_DAMAGE = 3
_MANY_HIGH = 16  # eight letters of a two-byte charset: that all fit UTF-8 by accident happens once in ten thousand texts


def decode(data: bytes, label: str | None = None, hint: str | None = None) -> str:
    """The text of `data`, of the charset `label` if that can be so; `hint` is the charset to try where there is no label."""
    if not data:
        return ""
    codec = codec_of(label)
    # Real UTF-16 sent as 7-bit text has a NUL in every other byte; a label that says so while the bytes have none is wrong.
    if codec is None or (codec.startswith(("utf_16", "utf_32")) and 0 not in data):
        codec = None
        if data.isascii() and b"\x1b" not in data and b"\x00" not in data:
            return data.decode("ascii")
    text = _by_label(data, codec) if codec else None
    return _clean(text if text is not None else _guess(data, codec_of(hint)))


@lru_cache(maxsize=512)
def codec_of(label: str | None) -> str | None:
    """Python's codec for a charset label as mails write it, or None when nothing is known under that name."""
    name = re.split(r"[;,\s]", (label or "").strip(" \t\r\n\"'<>"), maxsplit=1)[0].strip("\"'").lower()
    name = name.removeprefix("charset=").strip("\"'=").partition("*")[0].replace("_", "-")
    for candidate in (name, name.removeprefix("x-"), re.sub(r"^(?:x-)?(?:cp|win|windows|ibm|dos)-?(?=\d)", "cp", name)):
        found = _ALIASES.get(candidate) or _known_to_python(candidate)
        if found:
            return found
    return None


def decode_strictly(data: bytes, label: str | None) -> str | None:
    """The text of `data` when its label is known and every byte fits it, else None."""
    codec = codec_of(label)
    if codec is None:
        return None
    try:
        return _clean(data.decode(codec) if codec != "iso2022_jp" else decode_iso2022_jp(data))
    except (UnicodeError, ValueError):
        return None


def guess_codec(data: bytes) -> str | None:
    """The codec that `data` looks like, or None for plain ASCII."""
    if data.isascii():
        return None
    try:
        data.decode("utf-8")
        return "utf_8"
    except UnicodeDecodeError:
        return likeliest_codec(data[:_SAMPLE_BYTES])


def _known_to_python(name: str) -> str | None:
    if not name or not re.fullmatch(r"[a-z0-9.-]{2,40}", name) or name in _NOT_CHARSETS:
        return None
    try:
        info = codecs.lookup(name)
        "".encode(info.name)  # a LookupError for codecs that are not of text (zip, base64, rot13)
    except (LookupError, UnicodeError):
        return None
    return None if info.name in _NOT_CHARSETS else info.name.replace("-", "_")


def _by_label(data: bytes, codec: str) -> str | None:
    """The text under a known codec, or None when the bytes say that the label is wrong."""
    if codec == "cp1252":
        return _western(data)
    if codec == "iso2022_jp":
        # 8-bit bytes under this label are another Japanese charset, or damage.
        other = None if data.isascii() else codec_by_frequency(data[:_SAMPLE_BYTES])
        return data.decode(other, "replace") if other in ("cp932", "euc_jp") else decode_iso2022_jp(data)
    if _is_surely_utf_8(data):
        codec = "utf_8"
    try:
        return data.decode(codec).removeprefix("\ufeff")
    except (UnicodeError, ValueError):
        return _with_damage(data, codec)


def _is_surely_utf_8(data: bytes) -> bool:
    """Whether so much of it is valid UTF-8 that it can be no other charset by accident, whatever its label says."""
    if data.isascii() or _count(data, _HIGH) < _MANY_HIGH:
        return False
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _count(data: bytes, of: bytes) -> int:
    """How many of these bytes there are."""
    return len(data) - len(data.translate(None, of))


def _western(data: bytes) -> str | None:
    if data.isascii():
        return None if b"\x1b$" in data else data.decode("ascii")
    try:
        # No natural windows-1252 text is by accident valid UTF-8, so this costs nothing to believe.
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        if data.count(b"\xc3") > 3 and error.start > len(data) - 4:
            return data.decode("utf-8", "replace")
    high = _count(data, _HIGH)
    if high >= _MANY_HIGH and high > _count(data, _LATIN_LETTERS):
        other = codec_by_frequency(data[:_SAMPLE_BYTES])  # hardly a letter of it is Latin
        if other:
            return data.decode(other, "replace")
    return data.decode("cp1252", "replace") if not _C1.search(data) else data.decode("latin-1").translate(_C1_TO_1252)


_C1 = re.compile(rb"[\x81\x8d\x8f\x90\x9d]")
_C1_TO_1252 = {code: bytes([code]).decode("cp1252", "ignore") or chr(code) for code in range(0x80, 0xA0)}


def _with_damage(data: bytes, codec: str) -> str | None:
    """Mostly right bytes are read with replacement marks; mostly wrong ones mean another charset."""
    try:
        codecs.getincrementaldecoder(codec)().decode(data)
        return data.decode(codec, "replace").removeprefix("\ufeff")  # nothing is wrong but half a character at the end
    except (UnicodeError, ValueError):
        pass
    try:
        text = data.decode(codec, "replace")
    except (UnicodeError, ValueError):
        return None
    if codec == "utf_8" and sum(1 for char in text.partition("\ufffd")[0] if char > "\x7f") >= _ENOUGH_BEFORE_DAMAGE:
        return text.removeprefix("\ufeff")
    wrong = text.count("\ufffd")
    right = sum(1 for char in text if char > "\x7f") - wrong
    # In UTF-8 a byte that fits by accident is rare; in the other codecs nearly every byte fits something.
    return text.removeprefix("\ufeff") if right >= (2 if codec == "utf_8" else 8) * wrong else None


def _guess(data: bytes, hint: str | None) -> str:
    for bom, codec in _BOMS:
        if data.startswith(bom):
            return data.decode(codec, "replace").removeprefix("\ufeff")
    if data.isascii():
        return _guess_seven_bit(data)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        damaged = _with_damage(data, "utf_8")
    if damaged is not None and _is_nearly_all_right(damaged):
        return damaged
    try:
        if hint:
            return data.decode(hint)
    except (UnicodeError, ValueError):
        pass
    if damaged is not None and not damaged.rstrip("\ufffd").isascii():
        return damaged
    return data.decode(likeliest_codec(data[:_SAMPLE_BYTES]), "replace")


def _is_nearly_all_right(text: str) -> bool:
    """Whether much was read and little of it is damaged: bytes of another charset do not look so by accident."""
    wrong = text.count("\ufffd")
    return sum(1 for char in text if char > "\x7f") - wrong >= max(4, 4 * wrong)


def _guess_seven_bit(data: bytes) -> str:
    if b"\x1b$)C" in data:
        return data.decode("iso2022_kr", "replace")
    if b"\x1b$" in data or b"\x1b(" in data:
        return decode_iso2022_jp(data)
    sample = data[:512]
    if b"\x00" in sample and sample.count(0) * 3 > len(sample):
        return data.decode("utf_16_be" if sample[0] == 0 else "utf_16_le", "replace")
    return data.decode("ascii")


def _clean(text: str) -> str:
    if (text.isascii() and "\0" not in text) or _UNFIT.search(text) is None:
        return text
    return _UNFIT.sub(lambda hit: "" if hit[0] == "\x00" else "\ufffd", text)
