"""Block Kit as pure functions: each returns the JSON that Slack expects, within Slack's limits.

Words are cut with an ellipsis, lists to the length Slack takes; so a long subject never loses a whole card. Identifiers and
values are never cut, because they come back to us: one that is too long is our mistake and a ValueError. Texts of sections,
fields and contexts are mrkdwn: what a stranger wrote goes through `mrkdwn.escape` or `mrkdwn.from_plain` first. Headers,
labels, buttons and options are plain text, in which nothing has to be escaped. Limits: docs.slack.dev/reference/block-kit.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Literal

from bot.slack.mrkdwn import ELLIPSIS, clean, cut, cut_plain

Json = dict[str, object]
Block = dict[str, object]
Element = dict[str, object]
Option = dict[str, object]
Style = Literal["primary", "danger"]

MESSAGE_BLOCKS = 50
VIEW_BLOCKS = 100
# Slack refuses messages whose blocks together pass about 13,200 characters, containers counted; measured as JSON, this stays below.
MESSAGE_CHARACTERS = 12_000
_NOTHING = "-"


def header(text: str, *, block_id: str = "") -> Block:
    """One bold line of plain text, at most 150 characters."""
    return _with({"type": "header", "text": plain(text, 150)}, block_id=_identifier(block_id))


def section(text: str = "", *, fields: Iterable[str] = (), accessory: Element | None = None, block_id: str = "", more: str = "") -> Block:
    """A paragraph of mrkdwn (3,000 characters) or up to ten fields in two columns; `more` is shown where text was cut."""
    block: Block = {"type": "section"}
    columns = [mrkdwn(field, 2000) for field in fields][:10]
    if text or not columns:
        block["text"] = mrkdwn(text, 3000, more)
    return _with(block, fields=columns, accessory=accessory, block_id=_identifier(block_id))


def context(*texts: str, block_id: str = "") -> Block:
    """Small grey mrkdwn, at most ten pieces."""
    pieces = [mrkdwn(text, 3000) for text in texts if text][:10] or [mrkdwn("", 3000)]
    return _with({"type": "context", "elements": pieces}, block_id=_identifier(block_id))


def divider() -> Block:
    """A thin line."""
    return {"type": "divider"}


def actions(*elements: Element, block_id: str = "") -> Block:
    """A row of up to 25 buttons and menus; at least one."""
    if not elements:
        raise ValueError("Slack refuses a row of actions without any: leave the block out.")
    return _with({"type": "actions", "elements": list(elements[:25])}, block_id=_identifier(block_id))


def image(url: str, alt_text: str, *, title: str = "") -> Block:
    """A picture that Slack fetches from `url`; `alt_text` says what it shows."""
    block: Block = {"type": "image", "image_url": _within(url, 3000), "alt_text": _words(alt_text, 2000)}
    return _with(block, title=plain(title, 2000) if title else None)


def input_block(
    label: str, element: Element, *, block_id: str = "", hint: str = "", optional: bool = False, dispatch: bool = False
) -> Block:
    """A question in a modal. The answer comes back under `block_id` and the element's `action_id`."""
    block: Block = {"type": "input", "label": plain(label, 2000), "element": element, "optional": optional}
    return _with(block, hint=plain(hint, 2000) if hint else None, dispatch_action=dispatch, block_id=_identifier(block_id))


def button(
    text: str,
    action_id: str,
    *,
    value: str = "",
    style: Style | None = None,
    url: str = "",
    confirm: Json | None = None,
    spoken: str = "",
) -> Element:
    """A button, its text at most 75 characters; `spoken` is what screen readers say when the text alone is not enough."""
    element: Element = {"type": "button", "text": plain(text, 75), "action_id": _identifier(action_id)}
    label = _words(spoken, 75) if spoken else ""
    link = _within(url, 3000)
    return _with(element, value=_within(value, 2000), style=style, url=link, confirm=confirm, accessibility_label=label)


def confirmation(title: str, text: str, *, confirm: str, deny: str, style: Style | None = None) -> Json:
    """The question Slack asks before it passes a click on."""
    dialog: Json = {"title": plain(title, 100), "text": plain(text, 300), "confirm": plain(confirm, 30), "deny": plain(deny, 30)}
    return _with(dialog, style=style)


def option(text: str, value: str, *, description: str = "") -> Option:
    """One choice of a menu: 75 characters to read, 150 to come back."""
    return _with({"text": plain(text, 75), "value": _within(value, 150)}, description=plain(description, 75) if description else None)


def select(action_id: str, options: Sequence[Option], *, placeholder: str = "", initial: str = "") -> Element:
    """A menu of up to 100 options; `initial` is the value chosen at first. Longer lists are `external_select`."""
    element: Element = {"type": "static_select", "action_id": _identifier(action_id), "options": list(options[:100])}
    return _with(element, placeholder=_placeholder(placeholder), initial_option=_chosen(options[:100], initial))


def external_select(action_id: str, *, placeholder: str = "", typed: int = 1, initial: Option | None = None) -> Element:
    """A menu whose options we are asked for after `typed` characters, with three seconds to answer."""
    element: Element = {"type": "external_select", "action_id": _identifier(action_id), "min_query_length": typed}
    return _with(element, placeholder=_placeholder(placeholder), initial_option=initial)


def users_select(action_id: str, *, placeholder: str = "", initial: str = "") -> Element:
    """A menu of the workspace's people; `initial` is a user id."""
    element: Element = {"type": "users_select", "action_id": _identifier(action_id)}
    return _with(element, placeholder=_placeholder(placeholder), initial_user=initial)


def overflow(action_id: str, options: Sequence[Option]) -> Element:
    """The menu behind three dots, at most five options."""
    return {"type": "overflow", "action_id": _identifier(action_id), "options": list(options[:5])}


def checkboxes(action_id: str, options: Sequence[Option], *, initial: Sequence[str] = ()) -> Element:
    """Up to ten boxes to tick; `initial` are the values ticked at first."""
    element: Element = {"type": "checkboxes", "action_id": _identifier(action_id), "options": list(options[:10])}
    return _with(element, initial_options=[choice for choice in options[:10] if choice["value"] in initial])


def radio_buttons(action_id: str, options: Sequence[Option], *, initial: str = "") -> Element:
    """Up to ten options of which one holds; `initial` is its value."""
    element: Element = {"type": "radio_buttons", "action_id": _identifier(action_id), "options": list(options[:10])}
    return _with(element, initial_option=_chosen(options[:10], initial))


def text_input(action_id: str, *, initial: str = "", multiline: bool = False, placeholder: str = "", max_length: int = 3000) -> Element:
    """A field to write in; Slack takes at most 3,000 characters, so `initial` is cut there."""
    element: Element = {"type": "plain_text_input", "action_id": _identifier(action_id), "multiline": multiline}
    return _with(element, max_length=max_length, initial_value=cut_plain(initial, max_length), placeholder=_placeholder(placeholder))


def moment_picker(action_id: str, *, initial: datetime | None = None) -> Element:
    """Day and time, shown in the viewer's zone; it comes back as seconds since 1970."""
    element: Element = {"type": "datetimepicker", "action_id": _identifier(action_id)}
    return _with(element, initial_date_time=int(initial.timestamp()) if initial else None)


def modal(
    title: str,
    blocks: Sequence[Block],
    *,
    callback_id: str,
    close: str,
    submit: str = "",
    private_metadata: str = "",
    notify_on_close: bool = False,
) -> Json:
    """A dialog; a title and buttons of 24 characters, 100 blocks. With an input block it needs `submit`."""
    view: Json = {"type": "modal", "title": plain(title, 24), "close": plain(close, 24), "blocks": list(blocks[:VIEW_BLOCKS])}
    view["callback_id"] = _identifier(callback_id)
    metadata = _within(private_metadata, 3000)
    return _with(view, submit=plain(submit, 24) if submit else None, private_metadata=metadata, notify_on_close=notify_on_close)


def home(blocks: Sequence[Block], *, callback_id: str = "", private_metadata: str = "") -> Json:
    """The app's Home tab."""
    view: Json = {"type": "home", "blocks": list(blocks[:VIEW_BLOCKS])}
    return _with(view, callback_id=_identifier(callback_id), private_metadata=_within(private_metadata, 3000))


def message(text: str, blocks: Sequence[Block] = (), *, more: str = "") -> Json:
    """`text` and `blocks` of a message: the text says what the blocks say, for notifications and screen readers.

    Both stay within what `chat.update` takes too, so that whatever was posted can be edited; `more` is shown where one was cut.
    """
    return _with({"text": cut(text, 4000, more) or _NOTHING}, blocks=fitting(blocks, more=more))


def fitting(blocks: Sequence[Block], *, more: str = "") -> list[Block]:
    """As many blocks from the start as one message takes; a last line says that something is missing."""
    if len(blocks) <= MESSAGE_BLOCKS and sum(map(_size, blocks)) <= MESSAGE_CHARACTERS:
        return list(blocks)
    ending = context(f"{ELLIPSIS} {more}".strip())
    kept: list[Block] = []
    room = MESSAGE_CHARACTERS - _size(ending)
    for block in blocks[: MESSAGE_BLOCKS - 1]:
        room -= _size(block)
        if room < 0:
            break
        kept.append(block)
    return [*kept, ending]


def plain(text: str, limit: int) -> Json:
    """A plain text object; Slack refuses empty ones, so nothing becomes a dash."""
    return {"type": "plain_text", "text": _words(text, limit), "emoji": True}


def mrkdwn(text: str, limit: int, more: str = "") -> Json:
    """A mrkdwn text object. Verbatim: Slack must not find names of channels or people in what it was given as text."""
    return {"type": "mrkdwn", "text": cut(text.strip(), limit, more) or _NOTHING, "verbatim": True}


def _words(text: str, limit: int) -> str:
    return cut_plain(clean(text).strip(), limit) or _NOTHING


def _with(block: Json, **optional: object) -> Json:
    """The block and those of the optional keys that say something."""
    return block | {key: value for key, value in optional.items() if value not in (None, "", [], False)}


def _identifier(text: str) -> str:
    return _within(text, 255)


def _within(text: str, limit: int) -> str:
    if len(text) > limit:
        raise ValueError(f"Slack takes at most {limit} characters here, and cutting would change the meaning: {text[:40]}…")
    return text


def _placeholder(text: str) -> Json | None:
    return plain(text, 150) if text else None


def _chosen(options: Iterable[Option], value: str) -> Option | None:
    return next((choice for choice in options if choice["value"] == value), None) if value else None


def _size(block: Block) -> int:
    return len(json.dumps(block, ensure_ascii=False, separators=(",", ":")))
