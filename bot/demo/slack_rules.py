"""What Slack refuses in blocks and views: its published limits as a table, and one walk over the JSON.

It knows nothing of our own builders, so that it can judge them. Every fault reads as Slack writes it:
`must be less than 151 characters [json-pointer:/blocks/0/text/text]`. Source: docs.slack.dev/reference/block-kit.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.demo.slack_values import elements_of

Check = Callable[[object, str], Iterator[str]]
MESSAGE_CHARACTERS = 13_200
VIEW_BYTES = 250_000


@dataclass(frozen=True, slots=True)
class Shape:
    """What an object of one type may hold; `required` keys must be there, `type` always may."""

    checks: Mapping[str, Check]
    required: Sequence[str] = ()


def message_faults(blocks: object) -> list[str]:
    """Everything Slack would say against these blocks of a message."""
    return [*_block_list(50)(blocks, "/blocks"), *_odd(blocks)]


def too_long_together(blocks: object) -> bool:
    """True when Slack would answer `msg_blocks_too_long`; measured as compact JSON, because how Slack counts is not published."""
    return len(json.dumps(blocks, ensure_ascii=False, separators=(",", ":"))) > MESSAGE_CHARACTERS


def view_faults(view: object) -> list[str]:
    """Everything Slack would say against this view."""
    if not isinstance(view, dict):
        return ["must be an object [json-pointer:/view]"]
    shape = _VIEWS.get(str(view.get("type")))
    if shape is None:
        return [f"unsupported type: {view.get('type')} [json-pointer:/view/type]"]
    faults = [*_shaped(shape, view, "/view"), *_odd(view.get("blocks"))]
    asks = any(isinstance(block, dict) and block.get("type") == "input" for block in _list(view.get("blocks")))
    if asks and view.get("type") == "modal" and not view.get("submit"):
        faults.append("missing required field: submit [json-pointer:/view]")
    return faults


def _shaped(shape: Shape, thing: Mapping[str, object], where: str) -> Iterator[str]:
    for key in shape.required:
        if thing.get(key) is None:
            yield f"missing required field: {key} [json-pointer:{where}]"
    for key, value in thing.items():
        if key != "type" and key not in shape.checks:
            yield f"invalid additional property: {key} [json-pointer:{where}]"
        elif key != "type" and value is not None:
            yield from shape.checks[key](value, f"{where}/{key}")


def _typed(shapes: Mapping[str, Shape]) -> Check:
    def check(value: object, where: str) -> Iterator[str]:
        kind = value.get("type") if isinstance(value, dict) else None
        shape = shapes.get(str(kind))
        if not isinstance(value, dict) or shape is None:
            yield f"unsupported type: {kind} [json-pointer:{where}/type]"
        else:
            yield from _shaped(shape, value, where)

    return check


def _object(shape: Shape) -> Check:
    def check(value: object, where: str) -> Iterator[str]:
        if isinstance(value, dict):
            yield from _shaped(shape, value, where)
        else:
            yield f"must be an object [json-pointer:{where}]"

    return check


def _string(limit: int, least: int = 0) -> Check:
    def check(value: object, where: str) -> Iterator[str]:
        if not isinstance(value, str):
            yield f"must be a string [json-pointer:{where}]"
        elif len(value) > limit:
            yield f"must be less than {limit + 1} characters [json-pointer:{where}]"
        elif len(value.strip()) < least:
            yield f"must be more than {least - 1} characters [json-pointer:{where}]"

    return check


def _many(each: Check, most: int, least: int = 1) -> Check:
    def check(value: object, where: str) -> Iterator[str]:
        if not isinstance(value, list):
            yield f"must be an array [json-pointer:{where}]"
            return
        if len(value) > most:
            yield f"no more than {most} items allowed [json-pointer:{where}]"
        if len(value) < least:
            yield f"must provide at least {least} items [json-pointer:{where}]"
        for number, item in enumerate(value):
            yield from each(item, f"{where}/{number}")

    return check


def _block_list(most: int) -> Check:
    return _many(_typed(_BLOCKS), most, least=0)


def _anything(value: object, where: str) -> Iterator[str]:
    return iter(())


def _odd(blocks: object) -> Iterator[str]:
    seen: set[object] = set()
    for number, block in enumerate(_list(blocks)):
        if not isinstance(block, dict):
            continue
        if block.get("type") == "section" and not block.get("text") and not block.get("fields"):
            yield f"missing required field: text [json-pointer:/blocks/{number}]"
        if block.get("block_id") and block["block_id"] in seen:
            yield f"block_id already exists: {block['block_id']} [json-pointer:/blocks/{number}/block_id]"
        seen.add(block.get("block_id"))
        names = [element["action_id"] for element in elements_of(block) if element.get("action_id")]
        if len(names) != len(set(map(str, names))):
            yield f"action_id already exists in the block [json-pointer:/blocks/{number}]"


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _text(limit: int, *kinds: str) -> Check:
    plain = Shape({"text": _string(limit, 1), "emoji": _anything}, ("text",))
    mrkdwn = Shape({"text": _string(limit, 1), "verbatim": _anything}, ("text",))
    shapes = {"plain_text": plain, "mrkdwn": mrkdwn}
    return _typed({kind: shapes[kind] for kind in kinds})


def _plain(limit: int) -> Check:
    return _text(limit, "plain_text")


_ANY_TEXT = ("plain_text", "mrkdwn")
_NAME = _string(255)
_CONFIRM = _object(
    Shape(
        {"title": _plain(100), "text": _text(300, *_ANY_TEXT), "confirm": _plain(30), "deny": _plain(30), "style": _anything},
        ("title", "text", "confirm", "deny"),
    )
)
_OPTION = _object(
    Shape(
        {"text": _text(75, *_ANY_TEXT), "value": _string(150), "description": _text(75, *_ANY_TEXT), "url": _string(3000)},
        ("text", "value"),
    )
)
_OPTIONS = _many(_OPTION, 100)
_GROUPS = _many(_object(Shape({"label": _plain(75), "options": _OPTIONS}, ("label", "options"))), 100)
_BASIC: dict[str, Check] = {"action_id": _NAME, "confirm": _CONFIRM, "focus_on_load": _anything}
_MENU: dict[str, Check] = _BASIC | {"placeholder": _plain(150)}
_TYPED_TEXT: dict[str, Check] = _MENU | {"initial_value": _string(3000), "dispatch_action_config": _anything}


def _menu(required: Sequence[str] = (), **checks: Check) -> Shape:
    return Shape(_MENU | checks, required)


_ELEMENTS: dict[str, Shape] = {
    "button": Shape(
        _BASIC | {"text": _plain(75), "value": _string(2000), "url": _string(3000), "style": _anything, "accessibility_label": _string(75)},
        ("text",),
    ),
    "static_select": _menu(options=_OPTIONS, option_groups=_GROUPS, initial_option=_OPTION),
    "multi_static_select": _menu(options=_OPTIONS, initial_options=_OPTIONS, max_selected_items=_anything),
    "external_select": _menu(initial_option=_OPTION, min_query_length=_anything),
    "multi_external_select": _menu(initial_options=_OPTIONS, min_query_length=_anything, max_selected_items=_anything),
    "users_select": _menu(initial_user=_NAME),
    "multi_users_select": _menu(initial_users=_anything, max_selected_items=_anything),
    "conversations_select": _menu(initial_conversation=_NAME, filter=_anything, default_to_current_conversation=_anything),
    "channels_select": _menu(initial_channel=_NAME),
    "overflow": Shape(_BASIC | {"options": _many(_OPTION, 5)}, ("options",)),
    "checkboxes": Shape(_BASIC | {"options": _many(_OPTION, 10), "initial_options": _many(_OPTION, 10)}, ("options",)),
    "radio_buttons": Shape(_BASIC | {"options": _many(_OPTION, 10), "initial_option": _OPTION}, ("options",)),
    "datepicker": _menu(initial_date=_string(10)),
    "timepicker": _menu(initial_time=_string(5), timezone=_anything),
    "datetimepicker": Shape(_BASIC | {"initial_date_time": _anything}),
    "image": Shape({"image_url": _string(3000, 1), "alt_text": _string(2000, 1), "slack_file": _anything}, ("alt_text",)),
}
_INPUTS: dict[str, Shape] = {kind: shape for kind, shape in _ELEMENTS.items() if kind not in ("button", "overflow", "image")} | {
    "plain_text_input": Shape(_TYPED_TEXT | {"multiline": _anything, "min_length": _anything, "max_length": _anything}, ("action_id",)),
    "email_text_input": Shape(_TYPED_TEXT),
    "url_text_input": Shape(_TYPED_TEXT),
    "number_input": Shape(_TYPED_TEXT | {"is_decimal_allowed": _anything, "min_value": _anything, "max_value": _anything}),
    "file_input": Shape(_BASIC | {"filetypes": _anything, "max_files": _anything}),
}
_PIECES = {kind: Shape(shape.checks, shape.required) for kind, shape in _ELEMENTS.items() if kind == "image"} | {
    "mrkdwn": Shape({"text": _string(3000, 1), "verbatim": _anything}, ("text",)),
    "plain_text": Shape({"text": _string(3000, 1), "emoji": _anything}, ("text",)),
}


def _block(required: Sequence[str] = (), **checks: Check) -> Shape:
    return Shape({"block_id": _NAME} | checks, required)


_BLOCKS: dict[str, Shape] = {
    "header": _block(("text",), text=_plain(150)),
    "section": _block(
        text=_text(3000, *_ANY_TEXT), fields=_many(_text(2000, *_ANY_TEXT), 10), accessory=_typed(_ELEMENTS), expand=_anything
    ),
    "context": _block(("elements",), elements=_many(_typed(_PIECES), 10)),
    "actions": _block(("elements",), elements=_many(_typed(_ELEMENTS), 25)),
    "divider": _block(),
    "image": _block(("alt_text",), image_url=_string(3000, 1), alt_text=_string(2000, 1), title=_plain(2000), slack_file=_anything),
    "input": _block(
        ("label", "element"),
        label=_plain(2000),
        element=_typed(_INPUTS),
        hint=_plain(2000),
        optional=_anything,
        dispatch_action=_anything,
    ),
    "rich_text": _block(("elements",), elements=_anything),
    "markdown": _block(("text",), text=_string(12_000, 1)),
}
_VIEW: dict[str, Check] = {"private_metadata": _string(3000), "callback_id": _NAME, "external_id": _NAME, "blocks": _block_list(100)}
_VIEWS: dict[str, Shape] = {
    "home": Shape(_VIEW, ("blocks",)),
    "modal": Shape(
        _VIEW | {"title": _plain(24), "submit": _plain(24), "close": _plain(24), "clear_on_close": _anything, "notify_on_close": _anything},
        ("title", "blocks"),
    ),
}
