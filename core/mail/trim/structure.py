"""HTML in which a client marked what is quoted, turned into text in which ">" marks it and "-- " stands above the signature.

Clients say what is quoted by a blockquote, by a class or an id of their own, or by something they put above all that follows.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from lxml import etree, html

from core.mail.trim.headers import is_forward_marker

_MOST = 600_000
_SIGNATURE_MARK = "-- "
_MOST_LOOKS = 40  # subtrees that are read to judge them; keeps purpose-made HTML cheap
# Looked for one by one: a regular expression of all of them, whatever their case, takes longer than reading the rest of the mail.
_SIGNED = ("signature", "__sig_pre__")
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
_CONTAINERS = {
    "gmail_quote",
    "gmail_quote_container",
    "quote",
    "zmail_extra",
    "yahoo_quoted",
    "protonmail_quote",
}  # hold the attribution, too
_TO_THE_END = {
    "divrplyfwdmsg", "appendonsend", "stopspelling", "outlookmessageheader", "zwchr", "__divider__", "bb10_response_div",
    "_bb10_response_div",
}  # fmt: skip
_SIGNATURES = {
    "gmail_signature", "ms-outlook-mobile-signature", "ms-outlook-ios-signature", "moz-signature", "protonmail_signature_block",
    "applemailsignature", "yahoo_signature", "signature", "messagesignaturesection", "__sig_pre__", "tutanota_signature",
    "mobile_signature", "pre_signature",
}  # fmt: skip
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
    return "\n".join(page.lines) if page and page.marked else None


def signature_text(source: str) -> str | None:
    """What the HTML marks as the writer's signature, or None."""
    page = _read(source) if _names_any(source, _SIGNED) else None
    if page is None or _SIGNATURE_MARK not in page.lines:
        return None
    below = page.lines[page.lines.index(_SIGNATURE_MARK) + 1 :]
    end = next((number for number, line in enumerate(below) if line.startswith(">")), len(below))
    return "\n".join(below[:end])


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
    """The text so far. `depth` counts the quotes we are in; `marked` says that there was one."""

    lines: list[str] = field(default_factory=list)
    line: str = ""
    depth: int = 0
    marked: bool = False
    to_the_end: bool = False
    looks: int = 0

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
    elif names & _SIGNATURES and not page.depth and page.lines:
        page.end_line()
        page.lines.append(_SIGNATURE_MARK)
    if tag == "br":
        page.end_line(always=True)
    elif tag == "hr":
        page.lines.append("> " * min(page.depth, 5) + "_" * 20)
    elif tag == "li":
        page.line = "- "
    elif tag in ("td", "th") and page.line:
        page.line = page.line.rstrip() + "  "


def _close(element: etree._Element, tag: str, page: _Page, quotes: list[etree._Element]) -> None:
    if quotes and quotes[-1] is element:
        quotes.pop()
        page.end_line()
        page.depth -= 1
    if tag in _BLOCKS:
        page.blank_line() if tag in _SPACED else page.end_line()


def _names(element: etree._Element) -> set[str]:
    """The classes, the id and the like of an element, without the prefix that Outlook gives them in a quote."""
    words = " ".join(element.get(key, "") for key in ("class", "id", "name", "data-marker"))[:500].lower().split()
    return {"yahoo_quoted" if word.endswith("yahoo_quoted") else word.removeprefix("x_") for word in words}


def _is_quote(element: etree._Element, tag: str, names: set[str], page: _Page) -> bool:
    if tag == "blockquote":
        return "cite" in element.get("type", "").lower() or bool(names) or not _INDENT.search(element.get("style", "")[:500])
    if not names & _QUOTES or tag in ("span", "a", "body", "html"):
        return False
    if names & _CONTAINERS and element.find(".//blockquote") is not None:
        return False
    return not _is_forward(element, page)


def _is_forward(element: etree._Element, page: _Page) -> bool:
    return any(is_forward_marker(line) for line in _beginning(element, page).split("\n")[:4])


def _is_drawn_above(element: etree._Element, page: _Page) -> bool:
    """Outlook's thin line above From, Sent, To and Subject, whatever their language."""
    if element.tag not in ("div", "p", "td") or not _DRAWN.search(element.get("style", "")[:500]):
        return False
    text = _beginning(element, page)
    return text.count(":") + text.count("：") >= 3 and any(map(str.isdigit, text))


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
