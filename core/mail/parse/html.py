"""HTML from strangers: cleaned so that it can be shown without harm and without a call to anybody's server, or turned into text."""

from __future__ import annotations

import re
from functools import cache
from html import escape, unescape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import nh3
    from inscriptis.model.config import ParserConfig

MAX_HTML = 4_000_000
MAX_NESTING = 1500
MAX_ENTITIES = 200_000
_MAX_LAYOUT = 300_000

_TAGS = {
    "a", "abbr", "address", "article", "aside", "b", "bdi", "bdo", "big", "blockquote", "br", "caption", "center", "cite", "code", "col",
    "colgroup", "dd", "del", "details", "dfn", "div", "dl", "dt", "em", "figcaption", "figure", "font", "footer", "h1", "h2", "h3",
    "h4", "h5", "h6", "header", "hr", "i", "img", "ins", "kbd", "li", "main", "mark", "ol", "p", "pre", "q", "s", "samp", "section",
    "small", "span", "strike", "strong", "sub", "summary", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "tt", "u", "ul",
    "var", "wbr",
}  # fmt: skip
_ATTRIBUTES = {
    "*": {"align", "dir", "lang", "style", "title", "valign"},
    "a": {"href"},
    "blockquote": {"type"},
    "col": {"span", "width"},
    "font": {"color", "face", "size"},
    "img": {"alt", "height", "src", "width"},
    "li": {"value"},
    "ol": {"start", "type"},
    "table": {"bgcolor", "border", "cellpadding", "cellspacing", "width"},
    "td": {"bgcolor", "colspan", "height", "rowspan", "width"},
    "th": {"bgcolor", "colspan", "height", "rowspan", "width"},
}
# Nothing that takes a url(), moves the box over something else or hides words from the reader.
_STYLES = {
    "background-color", "border", "border-bottom", "border-collapse", "border-color", "border-left", "border-right", "border-spacing",
    "border-style", "border-top", "border-width", "color", "direction", "font", "font-family", "font-size", "font-style", "font-weight",
    "line-height", "margin", "margin-bottom", "margin-left", "margin-right", "margin-top", "padding", "padding-bottom", "padding-left",
    "padding-right", "padding-top", "text-align", "text-decoration", "text-indent", "vertical-align", "white-space", "width",
}  # fmt: skip
_DROPPED_WITH_CONTENT = {
    "script", "style", "title", "head", "iframe", "object", "embed", "noscript", "template", "select", "textarea", "svg", "math",
}  # fmt: skip
_SAFE_IMAGE = re.compile(r"cid:|data:image/(?:png|gif|jpe?g|webp);base64,", re.IGNORECASE)
_UNSEEN_START = re.compile(r"<!--|<(script|style|head|title)\b[^<>]*>", re.IGNORECASE)
# A mail may hold several pages, or words behind its page (a list's footer): inscriptis shows one `body` and drops all else.
_PAGE_TAG = re.compile(r"<(/?)(?:html|body)\b[^<>]*>", re.IGNORECASE)
_PLAIN_BEHIND = re.compile(r"</html\s*>([^<]+)\Z", re.IGNORECASE)
# Paragraphs, list items, rows and cells are left out: they end by themselves where the next one begins.
_NESTING_TAG = re.compile(r"<(/?)(?!(?:p|li|t[rdh]|d[td]|br|img|hr|col|meta|link|input|option|o:p|area|wbr)\b)[a-z][^<>]*>", re.IGNORECASE)
# What inscriptis does not know to be a block.
_BLOCKS = ("hr", "center", "dl", "dt", "dd", "section", "form", "fieldset", "legend", "details", "summary", "caption")
_CALLS_OUT = re.compile(r"url|image|expression|@import|\\", re.IGNORECASE)


def clean_html(html: str) -> str:
    """HTML that is safe to show: no script, form or style sheet, no remote images (pictures of the mail stay as `cid:`),
    links that give nothing away."""
    html = html[:MAX_HTML]
    if html.count("&") > MAX_ENTITIES or _nesting(html) > MAX_NESTING:
        return text_to_html(strip_tags(html))  # the cleaner's time grows with the square of both
    return _cleaner().clean(html).strip()


def html_to_text(html: str) -> str:
    """The words of HTML with the layout that a reader would see; what cannot be laid out is only stripped of its tags."""
    if len(html) <= _MAX_LAYOUT:
        text = _layout(html)
        if text.strip():
            return text
    return strip_tags(html)


def text_to_html(text: str) -> str:
    """Plain text as HTML that shows it as it is."""
    return "<div>" + escape(text, quote=False).replace("\n", "<br>\n") + "</div>"


def strip_tags(html: str) -> str:
    """The words of HTML without layout, in time linear to its length."""
    text = re.sub(r"(?i)<(?:br|/?(?:p|div|tr|li|h\d|table|ul|ol|blockquote|pre))\b[^<>]*>", "\n", _without_unseen(html))
    text = unescape(re.sub(r"<[^<>]*>", "", text)).replace("\xa0", " ")
    return re.sub(r"\n\s*\n\s*", "\n\n", re.sub(r"[ \t\r]+", " ", text)).strip()


def _without_unseen(html: str) -> str:
    """HTML without comments and without the elements whose content is no text; one that is never closed stays."""
    out: list[str] = []
    position, search_from = 0, 0
    unclosed: set[str] = set()
    while found := _UNSEEN_START.search(html, search_from):
        closing = "-->" if found[0] == "<!--" else f"</{found[1].lower()}"
        end = None if closing in unclosed else re.compile(re.escape(closing), re.IGNORECASE).search(html, found.end())
        search_from = found.end()
        if end is None:
            unclosed.add(closing)
            continue
        out.append(html[position : found.start()])
        position = search_from = end.end() if closing == "-->" else (html.find(">", end.end()) + 1 or len(html))
    return " ".join([*out, html[position:]])


def _nesting(html: str) -> int:
    """How deep the elements that must be closed stand in each other, at most."""
    if html.count("<") <= MAX_NESTING:
        return 0
    deepest = depth = 0
    for closes in _NESTING_TAG.findall(html):
        depth = max(0, depth - 1) if closes else depth + 1
        deepest = max(deepest, depth)
    return deepest


def looks_like_html(text: str) -> bool:
    """Whether a text that is labelled plain is a whole HTML page."""
    return re.match(r"\s*(?:<!doctype html|<html[\s>])", text[:500], re.IGNORECASE) is not None


@cache
def _cleaner() -> nh3.Cleaner:
    import nh3

    return nh3.Cleaner(
        tags=_TAGS,
        clean_content_tags=_DROPPED_WITH_CONTENT,
        attributes=_ATTRIBUTES,
        attribute_filter=_attribute,
        url_schemes={"http", "https", "mailto", "tel", "cid", "data"},
        filter_style_properties=_STYLES,
        link_rel="noopener noreferrer nofollow",
    )


def _attribute(_tag: str, name: str, value: str) -> str | None:
    if name == "src":
        return value if _SAFE_IMAGE.match(value) else None
    if name == "href":
        return None if value.lower().startswith(("data:", "cid:")) else value
    if name == "style":
        return None if _CALLS_OUT.search(value) and "(" in value else value
    return value


def _layout(html: str) -> str:
    # Imported here because it is slow to import and to run: only for a mail that has no text of its own.
    from inscriptis import get_text

    rules = _layout_rules()
    try:
        lines = get_text(_one_page(html), rules).split("\n")
    except Exception:  # noqa: BLE001  # a recursion or a parser error on purpose-made HTML: its words are still wanted
        return ""
    return re.sub(r"\n{3,}", "\n\n", "\n".join(line.rstrip() for line in lines)).strip("\n")


def _one_page(html: str) -> str:
    """All pages of a mail, and what stands before, between and behind them, as one; behind the last, plain lines stay lines."""
    whole = _PLAIN_BEHIND.sub(lambda hit: "</html>" + hit[1].strip().replace("\n", "<br>"), _without_unseen(html))
    return "<div>" + _PAGE_TAG.sub(r"<\1div>", whole) + "</div>"


@cache
def _layout_rules() -> ParserConfig:
    """As browsers lay out: a `div` is no indent, and what stands in a block of its own is a line of its own."""
    from inscriptis.css_profiles import CSS_PROFILES
    from inscriptis.html_properties import Display
    from inscriptis.model.config import ParserConfig
    from inscriptis.model.html_element import HtmlElement

    blocks = {tag: HtmlElement(display=Display.block) for tag in _BLOCKS}
    return ParserConfig(css={**CSS_PROFILES["strict"], **blocks})
