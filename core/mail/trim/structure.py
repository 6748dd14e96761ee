"""HTML in which a client marked what is quoted, turned into text in which ">" marks it and "-- " stands above the signature.

Clients say what is quoted by a blockquote, by a class or an id of their own, or by something they put above all that follows.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from lxml import etree, html

from core.mail.trim.ending import tells
from core.mail.trim.headers import is_forward_marker
from core.mail.trim.lines import SIGNATURE_MARK

_MOST = 600_000
_MOST_LOOKS = 40  # subtrees that are read to judge them; keeps purpose-made HTML cheap
_MOST_BELOW = 30
# Looked for one by one: a regular expression of all of them, whatever their case, takes longer than reading the rest of the mail.
_SIGNED = ("sig", "sgn")
_HINTS = (
    "quote", "divrplyfwdmsg", "appendonsend", "outlookmessageheader", "olk_src_body", "border-top:", "zmail_extra", "reply-intro",
    "reference-message", "stopspelling", "messagereplysection", "__divider__", "zwchr", "bb10_response", "_origcontent", "isreplycontent",
)  # fmt: skip
_QUOTES = {
    "gmail_quote", "yahoo_quoted", "protonmail_quote", "zmail_extra", "olk_src_body_section", "ms-outlook-mobile-reference-message",
    "mail-editor-reference-message-container", "messagereplysection", "tutanota_quote", "isreplycontent", "ntes-mailmaster-quote",
    "spark_quote", "missive_quote", "front-blockquote", "mobile-quote", "_origcontent", "mail-quote-collapse", "airmail_quote",
    "bloop_original_html", "quote", "gmail_quote_container", "quoted-text", "_origmsg_", "aolmail_aolreplacedbody",
}  # fmt: skip
_CONTAINERS = {  # hold the attribution, too
    "gmail_quote", "gmail_quote_container", "quote", "zmail_extra", "yahoo_quoted", "protonmail_quote",
}  # fmt: skip
_TO_THE_END = {
    "divrplyfwdmsg", "appendonsend", "stopspelling", "outlookmessageheader", "zwchr", "__divider__", "bb10_response_div", "_bb10_response_div",
}  # fmt: skip
# Nearly every client has a name of its own for this: "gmail_signature", "bloop_sign", "_rc_sig", "CanarySig".
_SIGNATURE = re.compile(r"signature|(?:^|[-_])(?:sig|sgn)(?:[-_]?\d{1,9})?$|sig$|bloop_sign|__sig_(?:pre|post)__")
_DRAWN = re.compile(r"border-top:\s*(?:solid\s+#?\w+\s+1(?:\.0)?pt|#?\w+\s+1pt\s+solid|1(?:\.0)?pt\s+solid)", re.IGNORECASE)
_INDENT = re.compile(r"border(?:-style)?:\s*(?:none|0)|border-left:\s*none", re.IGNORECASE)
_BLANKS = re.compile(r"[ \t\r\n\f]+")
_BLOCKS = {
    "address", "article", "aside", "blockquote", "body", "center", "dd", "div", "dl", "dt", "fieldset", "figure", "footer", "form",
    "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "ol", "p", "pre", "section", "table", "tbody", "tfoot", "thead",
    "tr", "ul",
}  # fmt: skip
_SPACED = {"p", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre", "table", "dl"}
_SKIPPED = {"script", "style", "head", "title", "template", "noscript", "svg", "math", "object", "select", "textarea"}


def quoted_text(source: str) -> str | None:
    """The HTML as text with ">" before quoted lines, or None when nothing in it is marked as quoted or it cannot be read."""
    page = _read(source) if _names_any(source, _HINTS) else None
    return "\n".join(_without_false_ends(page)) if page and page.marked else None


def _without_false_ends(page: _Page) -> list[str]:
    """The lines without the mark of a signature below which somebody wrote on."""
    for first, end in page.signatures:
        below = page.lines[end : end + _MOST_BELOW]
        above_quote = next((number for number, line in enumerate(below) if line.startswith(">") or line.endswith(":")), len(below))
        if tells(below[:above_quote]):
            page.lines[first - 1] = ""
    return page.lines


def signature_text(source: str) -> str | None:
    """What the HTML marks as the writer's signature, or None."""
    page = _read(source) if _names_any(source, _SIGNED) else None
    return "\n".join(line for first, end in page.signatures for line in page.lines[first:end]) if page and page.signatures else None


def _names_any(source: str, names: tuple[str, ...]) -> bool:
    lowered = source[:_MOST].lower()
    return any(name in lowered for name in names)


def _read(source: str) -> _Page | None:
    if len(source) > _MOST:
        return None
    try:
        parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
        root = html.document_fromstring(source.encode("utf-8", "replace"), parser=parser)
    except (etree.LxmlError, ValueError):
        return None
    page = _Page()
    _lay_out(root, page)
    page.end_line()
    return page


@dataclass(slots=True)
class _Page:
    """The text so far. `depth` counts the quotes we are in; `marked` says that there was one. `signed` is the element of a
    signature that we are in, with the number of its first line; `signatures` are the numbers of the first
    line of each, and of the one below its last."""

    lines: list[str] = field(default_factory=list)
    line: str = ""
    depth: int = 0
    marked: bool = False
    to_the_end: bool = False
    looks: int = 0
    signed: tuple[etree._Element, int] | None = None
    signatures: list[tuple[int, int]] = field(default_factory=list)
    items: list[int] = field(default_factory=list)  # so far, of each list we are in

    def write(self, text: str, kept: bool) -> None:
        if kept:
            *whole, text = text.replace("\r\n", "\n").split("\n")
            for each in whole:
                self.line += each
                self.end_line(always=True)
        else:
            text = _BLANKS.sub(" ", text)
            text = text.lstrip(" ") if not self.line or self.line.endswith(" ") else text
        self.line += text

    def end_line(self, always: bool = False) -> None:
        if self.line.strip() or always:
            self.lines.append(("> " * min(self.depth, 5) + self.line).rstrip())
        self.line = ""

    def blank_line(self) -> None:
        self.end_line()
        blank = ("> " * min(self.depth, 5)).rstrip()
        if self.lines and self.lines[-1] != blank:
            self.lines.append(blank)


def _lay_out(root: html.HtmlElement, page: _Page) -> None:
    skipped: etree._Element | None = None
    quotes: list[etree._Element] = []
    kept: list[etree._Element] = []
    for event, element in etree.iterwalk(root, events=("start", "end")):
        tag = element.tag if isinstance(element.tag, str) else ""
        if event == "start" and skipped is None:
            if tag in _SKIPPED or not tag:
                skipped = element
                continue
            _open(element, tag, page, quotes)
            kept += [element] if tag == "pre" else []
            page.write(element.text or "", bool(kept))
        elif event == "end":
            if skipped is None:
                _close(element, tag, page, quotes)
                kept = kept[:-1] if kept and kept[-1] is element else kept
            skipped = None if skipped is element else skipped
            if skipped is None:
                page.write(element.tail or "", bool(kept))


def _open(element: etree._Element, tag: str, page: _Page, quotes: list[etree._Element]) -> None:
    if tag in _BLOCKS:
        page.blank_line() if tag in _SPACED else page.end_line()
    names = _names(element)
    if not page.to_the_end and (names & _TO_THE_END or _is_drawn_above(element, page)):
        page.end_line()
        page.depth, page.marked, page.to_the_end = page.depth + 1, True, True
    elif _is_quote(element, tag, names, page):
        page.end_line()
        page.depth, page.marked = page.depth + 1, True
        quotes.append(element)
    elif (
        page.signed is None and not page.depth and page.lines and len(page.signatures) < _MOST_LOOKS and any(map(_SIGNATURE.search, names))
    ):
        page.end_line()
        page.lines.append(SIGNATURE_MARK)
        page.signed = element, len(page.lines)
    if tag == "br":
        page.end_line(always=True)
    elif tag == "hr":
        page.lines.append("> " * min(page.depth, 5) + "_" * 20)
    elif tag in ("ol", "ul"):
        page.items.append(0)
    elif tag == "li":
        page.line = _bullet(element, page)
    elif tag in ("td", "th") and page.line:
        page.line = page.line.rstrip() + "  "


def _bullet(item: etree._Element, page: _Page) -> str:
    parent = item.getparent()
    page.items[-1:] = [count + 1 for count in page.items[-1:]]
    return f"{page.items[-1]}. " if page.items and parent is not None and parent.tag == "ol" else "- "


def _close(element: etree._Element, tag: str, page: _Page, quotes: list[etree._Element]) -> None:
    if quotes and quotes[-1] is element:
        quotes.pop()
        page.end_line()
        page.depth -= 1
    if tag in ("ol", "ul") and page.items:
        page.items.pop()
    if tag in _BLOCKS:
        page.blank_line() if tag in _SPACED else page.end_line()
    if page.signed and page.signed[0] is element:
        page.end_line()
        page.signatures.append((page.signed[1], len(page.lines)))
        page.signed = None


def _names(element: etree._Element) -> set[str]:
    """The classes, the id and the like of an element, without the prefix that Outlook gives them in a quote."""
    named = " ".join(element.get(key, "") for key in ("class", "id", "name", "data-marker", "data-smartmail"))
    data = " ".join(key for key in element.keys()[:20] if key.startswith("data-"))
    words = f"{named[:500]} {data[:500]} {element.tag}".lower().split()
    return {"yahoo_quoted" if word.endswith("yahoo_quoted") else word.removeprefix("x_") for word in words}


def _is_quote(element: etree._Element, tag: str, names: set[str], page: _Page) -> bool:
    if tag == "blockquote":
        return "cite" in element.get("type", "").lower() or bool(names) or not _INDENT.search(element.get("style", "")[:500])
    if not names & _QUOTES or tag in ("span", "a", "body", "html"):
        return False
    if names & _QUOTES == {"quote"} and element.get("name") != "quote" and not _has_header(element, page, 1):
        return False  # somebody asks for one
    if names & _CONTAINERS and element.find(".//blockquote") is not None:
        return False
    return not _is_forward(element, page)


def _is_forward(element: etree._Element, page: _Page) -> bool:
    return any(is_forward_marker(line) for line in _beginning(element, page).split("\n")[:4])


def _is_drawn_above(element: etree._Element, page: _Page) -> bool:
    """Outlook's thin line above From, Sent, To and Subject, whatever their language."""
    if element.tag not in ("div", "p", "td") or not _DRAWN.search(element.get("style", "")[:500]):
        return False
    return _has_header(element, page, 3)


def _has_header(element: etree._Element, page: _Page, fewest: int) -> bool:
    text = _beginning(element, page)
    return text.count(":") + text.count("：") >= fewest and any(map(str.isdigit, text))


def _beginning(element: etree._Element, page: _Page) -> str:
    """The first words of an element, a line for each of its texts; empty when too much was looked at already."""
    page.looks += 1
    if page.looks > _MOST_LOOKS:
        return ""
    found: list[str] = []
    for text in element.itertext():
        found += [text.strip()] if text.strip() else []
        if len(found) > 12:
            break
    return "\n".join(found)[:600]
