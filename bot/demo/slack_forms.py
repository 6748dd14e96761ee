"""What a person presses or fills in, as Slack reports it: the element found, the options looked up, the values of a dialog."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.demo.slack_values import Json, elements_of

_UNFILLED = ("button", "overflow", "image", "mrkdwn", "plain_text")


def pressed(blocks: Sequence[Json], action_id: str, answer: object, action_ts: str) -> Json:
    """The entry of `actions` for pressing this element, or choosing `answer` in it. LookupError when nobody could see it."""
    block, element = found(blocks, action_id)
    action: Json = {"action_id": action_id, "block_id": block["block_id"], "type": element["type"], "action_ts": action_ts}
    if element["type"] == "button":
        return action | {key: element[key] for key in ("text", "value", "style") if key in element}
    if element["type"] == "overflow":
        return action | {"selected_option": _choice(element, answer)}
    return action | answered(element, answer)


def found(blocks: Sequence[Json], action_id: str) -> tuple[Json, Json]:
    """The block and the element with this `action_id`."""
    seen = []
    for block in blocks:
        for element in elements_of(block):
            if element.get("action_id") == action_id:
                return block, element
            seen.append(str(element.get("action_id", "")))
    raise LookupError(f"There is nothing to press named {action_id!r}, only {', '.join(filter(None, seen)) or 'nothing'}.")


def values_of(blocks: Sequence[Json], answers: Mapping[str, object]) -> Json:
    """`view.state.values`: every element that can be filled, with what was answered or what it showed at first.

    `answers` go by `block_id` or `action_id`. Raises ValueError for one that names nothing in the view.
    """
    unused = set(answers)
    values: Json = {}
    for block in blocks:
        for element in elements_of(block):
            if element.get("type") in _UNFILLED:
                continue
            key = next((str(name) for name in (element["action_id"], block["block_id"]) if name in answers), "")
            unused.discard(key)
            row = values.setdefault(str(block["block_id"]), {})
            assert isinstance(row, dict)
            row[element["action_id"]] = answered(element, answers[key] if key else None)
    if unused:
        raise ValueError(f"The view has no field named {', '.join(sorted(unused))}.")
    return values


def missing_answers(blocks: Sequence[Json], values: Json) -> list[str]:
    """The `block_id`s of questions that must be answered and are not: Slack does not submit such a dialog."""
    missing = []
    for block in blocks:
        if block.get("type") != "input" or block.get("optional"):
            continue
        row = values[str(block["block_id"])]
        assert isinstance(row, dict)
        if not any(value for entry in row.values() for key, value in entry.items() if key != "type"):
            missing.append(str(block["block_id"]))
    return missing


def answered(element: Json, answer: object) -> Json:
    """What Slack sends of one element: with an answer of None, what it showed at first."""
    kind = str(element["type"])
    if kind in _SINGLE:
        wanted, initial = _SINGLE[kind]
        return {"type": kind, wanted: element.get(initial) if answer is None else answer}
    if kind in ("checkboxes", "multi_static_select", "multi_external_select"):
        chosen = answer if isinstance(answer, list | tuple) else None
        picked = [_choice(element, each) for each in chosen] if chosen is not None else element.get("initial_options", [])
        return {"type": kind, "selected_options": picked}
    return {"type": kind, "selected_option": element.get("initial_option") if answer is None else _choice(element, answer)}


_SINGLE = {
    **dict.fromkeys(("plain_text_input", "email_text_input", "url_text_input", "number_input"), ("value", "initial_value")),
    "users_select": ("selected_user", "initial_user"),
    "conversations_select": ("selected_conversation", "initial_conversation"),
    "channels_select": ("selected_channel", "initial_channel"),
    "datepicker": ("selected_date", "initial_date"),
    "timepicker": ("selected_time", "initial_time"),
    "datetimepicker": ("selected_date_time", "initial_date_time"),
}


def _choice(element: Json, answer: object) -> Json:
    """The option with this value; of an external menu, which has none of its own, one made for it."""
    if isinstance(answer, dict):
        return answer
    options = element.get("options")
    if not isinstance(options, list):
        return {"text": {"type": "plain_text", "text": str(answer)}, "value": answer}
    for option in options:
        if option["value"] == answer:
            return dict(option)
    raise ValueError(f"{element['action_id']} has no option with the value {answer!r}.")
