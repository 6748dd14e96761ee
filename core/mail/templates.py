"""Words and looks of outgoing mail: a template per event, in the reader's language, as subject, plain text and HTML.

Templates and catalogs lie in `templates/`; an operator's folder of the same shape wins over ours, file by file and message by
message. Templates are compiled once and shared by all languages. Values are hostile: HTML is escaped, names and subjects
are one line, and no internal note ever reaches a mail to a requester, whatever the caller hands over.
"""

from __future__ import annotations

import re
from ast import literal_eval
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Literal

from jinja2 import Environment, FileSystemLoader, StrictUndefined, TemplateError, pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import Markup, escape

from core.errors import ConfigurationError, PermanentFailure
from core.mail.text import html_from_text, one_line, quoted, reply_subject, shortened, whole
from core.mail.trim import reply_marker

# Who reads the mail of an event. What each needs besides `ticket` is in its templates: `recipient` and `organisation` (the
# name we sign with) for requesters, `comment` where something was said; optional are the names of `_OPTIONAL`.
_TO_REQUESTERS = ("receipt", "opened_for_you", "split", "reply", "resolved", "closed", "auto_closed", "close_warning", "merged")
_TO_STAFF = ("new_ticket", "assigned", "unassigned", "requester_replied", "staff_replied", "note", "mentioned", "reopened", "finished",
             "join_requested", "bounced", "woke")  # fmt: skip
EVENTS: Mapping[str, Literal["requester", "staff"]] = {
    **dict.fromkeys(_TO_REQUESTERS, "requester"),
    **dict.fromkeys(_TO_STAFF, "staff"),
}
_OPTIONAL: Mapping[str, object] = {"comment": None, "faqs": (), "expected_at": None, "actor": None, "settings_url": None,
                                  "answerable": True}  # fmt: skip

_OURS = Path(__file__).resolve().parents[2] / "templates"
_HISTORY_COMMENTS = 5
_HISTORY_CHARACTERS = 2000
_RIGHT_TO_LEFT = ("ar", "fa", "he", "ur")
_MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December")
_CATALOG_LINE = re.compile(r'(?:(msgctxt|msgid|msgstr)\s+)?("(?:[^"\\]|\\.)*")')

Messages = dict[tuple[str, str], str]  # by context (mostly empty) and English text


@dataclass(frozen=True, slots=True)
class TicketView:
    """A ticket as mails show it; `url` is where this reader sees it, None when there is no such page."""

    number: int
    subject: str
    status: str
    priority: str
    queue: str
    url: str | None
    requester_name: str
    assignee_name: str | None

    def __post_init__(self) -> None:
        _make_one_line(self, "subject", "status", "priority", "queue", "requester_name", "assignee_name")


@dataclass(frozen=True, slots=True)
class PersonView:
    """A person by name. Never an address: those of colleagues are private."""

    name: str

    def __post_init__(self) -> None:
        _make_one_line(self, "name")

    @property
    def greeting_name(self) -> str:
        """The name, or nothing when it looks like an advertisement somebody signed up with."""
        return "" if len(self.name) > 60 or re.search(r"://|www\.|@", self.name) else self.name


@dataclass(frozen=True, slots=True)
class CommentView:
    """Something said on a ticket. `body_html` is cleaned already; `created_at` is shown in the zone it carries."""

    author_name: str
    body_text: str
    body_html: str | None
    created_at: datetime
    via: str
    public: bool

    def __post_init__(self) -> None:
        _make_one_line(self, "author_name", "via")
        object.__setattr__(self, "body_text", whole(self.body_text).strip("\n"))

    @property
    def html(self) -> Markup:
        """The comment as HTML, as its author wrote it or made from the text."""
        return html_from_text(self.body_text) if self.body_html is None else Markup(self.body_html)

    @property
    def text_as_html(self) -> Markup:
        """The text as HTML, for mails that do not carry the pictures of `body_html`."""
        return html_from_text(self.body_text)

    @property
    def preview(self) -> str:
        """The first words, for the list of mails in the reader's inbox."""
        return one_line(self.body_text[:500], 140)


@dataclass(frozen=True, slots=True)
class FaqView:
    """An answer from the FAQ that may help already."""

    title: str
    url: str

    def __post_init__(self) -> None:
        _make_one_line(self, "title", "url")


@dataclass(frozen=True, slots=True)
class Rendered:
    """A mail in words, and the language they are in (for Content-Language)."""

    subject: str
    text: str
    html: str
    language: str


class Templates:
    """Our templates and those of an operator's `override_dir`, in the given languages; English is always there."""

    def __init__(self, override_dir: Path | None, languages: Sequence[str]) -> None:
        if override_dir is not None and not override_dir.is_dir():
            raise ConfigurationError(f"TEMPLATES_DIR names {override_dir}, which is no folder: create it or leave the setting out.")
        folders = [_OURS] if override_dir is None else [override_dir, _OURS]
        self._words = {_tag(language): _words(_tag(language), _messages(folders, language)) for language in {"en", *languages}}
        self._environment = _environment(folders)

    def language_for(self, language: str) -> str:
        """The language a reader of `language` gets: `de-AT` reads `de` when there is no Austrian catalog, otherwise English."""
        tag = _tag(language)
        return next((known for known in (tag, tag.partition("-")[0]) if known in self._words), "en")

    def render(self, event: str, language: str, context: Mapping[str, object]) -> Rendered:
        """The mail of an event of `EVENTS`, from views and plain values; `PermanentFailure` names the template that is wrong."""
        known = self.language_for(language)
        try:
            values = {**_OPTIONAL, **_public_only(event, context), **self._words[known], "for_staff": EVENTS.get(event) == "staff"}
            values["mail_subject"] = subject = one_line(self._rendered(f"email/{event}/subject.txt", values))
            text = re.sub(r"\n{3,}", "\n\n", self._rendered(f"email/{event}/body.txt", values)).strip("\n") + "\n"
            return Rendered(subject, text, self._rendered(f"email/{event}/body.html", values), known)
        except (TemplateError, KeyError, TypeError, ValueError) as error:
            raise PermanentFailure(f"The mail for {event!r} cannot be written, correct its template: {error}") from error

    def _rendered(self, name: str, values: Mapping[str, object]) -> str:
        return self._environment.get_template(name).render(values)


def _make_one_line(view: object, *names: str) -> None:
    """Nobody's name or subject can break a line, and with it a mail."""
    for name in names:
        value = getattr(view, name)
        object.__setattr__(view, name, value and one_line(value, 2000 if name == "url" else 200))


def _public_only(event: str, context: Mapping[str, object]) -> dict[str, object]:
    """The context with its history bounded and, for a requester, free of internal notes; an internal answer is refused."""
    values = dict(context)
    comment, history = values.get("comment"), values.get("history", ())
    if EVENTS.get(event) == "requester" and comment is not None and not (isinstance(comment, CommentView) and comment.public):
        raise PermanentFailure("An internal note cannot be mailed to the requester: make it a public answer first.")
    public = [said for said in history if isinstance(said, CommentView) and said.public] if isinstance(history, Sequence) else []
    values["history"] = [replace(said, body_text=shortened(said.body_text, _HISTORY_CHARACTERS)) for said in public[:_HISTORY_COMMENTS]]
    return values


def _environment(folders: Sequence[Path]) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(folders),
        extensions=["jinja2.ext.i18n"],
        autoescape=lambda name: name is not None and name.endswith(".html"),
        undefined=StrictUndefined,
        auto_reload=False,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"quoted": quoted, "tagged": lambda ticket: reply_subject(ticket.subject, ticket.number)}
    return environment


def _words(language: str, messages: Messages) -> Mapping[str, object]:
    """What templates say in a language: `gettext` (also `_` and `trans`), `label` for our own terms, `when` for instants."""

    @pass_eval_context
    def gettext(context: EvalContext, message: str, **values: object) -> str:
        text = messages.get(("", message), message)
        if not context.autoescape:
            return text % values
        return Markup(text % {name: escape(value) for name, value in values.items()})

    def label(kind: str, value: str) -> str:
        return messages.get((kind, value), value)

    def when(moment: datetime) -> str:
        date = {"day": moment.day, "month": label("month", _MONTHS[moment.month - 1]), "year": moment.year, "time": f"{moment:%H:%M}"}
        return label("date", "%(day)s %(month)s %(year)s, %(time)s %(zone)s") % {**date, "zone": moment.tzname() or "UTC"}

    reader = {"language": language, "direction": "rtl" if language.partition("-")[0] in _RIGHT_TO_LEFT else "ltr"}
    return {**reader, "gettext": gettext, "_": gettext, "label": label, "when": when, "marker": reply_marker(language)}


def _tag(language: str) -> str:
    return language.replace("_", "-").lower()


def _messages(folders: Sequence[Path], language: str) -> Messages:
    """The catalogs of a language, the operator's over ours."""
    paths = [folder / "locale" / language.replace("-", "_") / "LC_MESSAGES" / "helpdesk.po" for folder in reversed(folders)]
    found = [path for path in paths if path.is_file()]
    if not found and language != "en":
        raise ConfigurationError(f"There is no translation into {language!r}: add {paths[0]} or leave the language out.")
    return {key: text for path in found for key, text in _entries(path)}


def _entries(path: Path) -> Iterator[tuple[tuple[str, str], str]]:
    """The finished translations of a gettext catalog without plural forms, which none of our sentences needs."""
    for block in re.split(r"\n[ \t\r]*\n", path.read_text(encoding="utf-8")):
        fields, keyword = {"msgctxt": "", "msgid": "", "msgstr": ""}, "msgid"
        for line in (line.strip() for line in block.splitlines() if line.strip() and not line.startswith("#")):
            found = _CATALOG_LINE.fullmatch(line)
            if found is None:
                raise ConfigurationError(f"The catalog {path} has a line that cannot be read, correct it: {line[:80]}")
            keyword = found[1] or keyword
            fields[keyword] += literal_eval(found[2])
        if fields["msgid"] and fields["msgstr"] and "#, fuzzy" not in block:
            yield (fields["msgctxt"], fields["msgid"]), fields["msgstr"]
