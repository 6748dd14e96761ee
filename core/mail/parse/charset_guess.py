"""The likeliest charset of bytes that do not say theirs: by the frequent characters of a language, else by statistics."""

from __future__ import annotations

import codecs

_CANDIDATES = [
    "utf_8", "cp1252", "cp1251", "koi8_r", "cp1250", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "iso8859_2", "iso8859_5",
    "iso8859_7", "cp932", "euc_jp", "gb18030", "big5", "cp949", "mac_cyrillic", "cp866", "cp874",
]  # fmt: skip
# The commonest characters of each language: text really of that charset is full of them.
_RUSSIAN = "оеаинтсрвлкмдпуяыьз"
_GREEK = "αοιετσνηυρκπμλςίόάέή"
_HEBREW = "יוהלארמתבשנ"
_JAPANESE = "のにはをたがでてとしれさいるなもかあらすりこつよくきうまえだけちねみせおそわ、。ーンスイルトアリ"
_KOREAN = "이다의는에을를고가한하은지사로도기리자시어그대인아해전일수정여보으나부들만요니습안서과주원게세장공제있없않문의"
_SIMPLIFIED = (
    "的一是了我不在人有他这为之大来以个中上们到说国和地也子时道出而要于就下得可你年生自会那后能对着事其里所去行过家十用发天如"
    "然作方成者多日都三小军二无同么经法当起与好看学进种将还分此心前面又定见只主没公从知您请问题邮件信时间客户附件通发送联系感"
    "谢收到服务系统电话"
)
_TRADITIONAL = (
    "的一是了我不在人有他這為之大來以個中上們到說國和地也子時道出而要於就下得可你年生自會那後能對著事其裡所去行過家十用發天如"
    "然作方成者多日都三小軍二無同麼經法當起與好看學進種將還分此心前面又定見只主沒公從知您請問題郵件信時間客戶附件通發送聯繫感"
    "謝收到服務系統電話"
)
_FREQUENT = {
    "cp1251": _RUSSIAN, "koi8_r": _RUSSIAN, "cp866": _RUSSIAN, "cp1253": _GREEK, "cp1255": _HEBREW,
    "gb18030": _SIMPLIFIED, "big5": _TRADITIONAL, "cp932": _JAPANESE, "euc_jp": _JAPANESE, "cp949": _KOREAN,
}  # fmt: skip
# An alphabet's few letters make up most of any text; thousands of ideographs spread more.
_FEWEST_LETTERS = 3
_LEAST_SHARE_OF_LETTERS, _LEAST_SHARE_OF_IDEOGRAPHS = 0.55, 0.25


def likeliest_codec(sample: bytes) -> str:
    """The codec that a sample of 8-bit text looks like; never None."""
    codec = codec_by_frequency(sample)
    if codec:
        return codec
    eight_bit = sum(1 for byte in sample if byte > 0x7F)
    if eight_bit < 8 and sum(1 for byte in sample if chr(byte).isalpha() and byte < 0x80) > 2 * eight_bit:
        return "cp1252"  # a few accents among Latin letters are too little for statistics
    from charset_normalizer import from_bytes  # slow to import and to run: only for mail that says nothing of its charset

    try:
        best = from_bytes(sample, cp_isolation=_CANDIDATES, enable_fallback=False).best()
    except (LookupError, UnicodeError, ValueError):
        best = None
    return best.encoding if best is not None else "cp1252"


def codec_by_frequency(sample: bytes) -> str | None:
    """The codec under which a sample is full of the frequent characters of its language, or None."""
    best, best_share = None, 0.0
    for codec, frequent in _FREQUENT.items():
        try:
            text = codecs.getincrementaldecoder(codec)().decode(sample, final=False)
        except UnicodeError:
            continue
        wide = [char for char in text if char > "\x7f"]
        alphabet = frequent in (_RUSSIAN, _GREEK, _HEBREW)
        if alphabet and len(wide) < _FEWEST_LETTERS:
            continue
        if alphabet and len(wide) < sum(1 for char in text if char.isascii() and char.isalpha()):
            continue  # accents in a text of Latin letters
        share = sum(1 for char in wide if char in frequent) / len(wide) if wide else 0.0
        if share > max(best_share, _LEAST_SHARE_OF_LETTERS if alphabet else _LEAST_SHARE_OF_IDEOGRAPHS):
            best, best_share = codec, share
    return best
