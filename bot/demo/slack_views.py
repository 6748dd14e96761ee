"""Web API: `views.*`. A dialog opens with a trigger, which lives three seconds and works once; a hash guards later changes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import timedelta

from bot.demo.slack_arguments import Args, Method, Refused, invalid_arguments, user_of
from bot.demo.slack_rules import VIEW_BYTES, view_faults
from bot.demo.slack_values import Json, Trigger, View
from bot.demo.slack_workspace import Workspace

DEEPEST_STACK = 3


def open_view(ws: Workspace, args: Args) -> Json:
    """`views.open`."""
    body = checked(args)
    trigger = _pulled(ws, args)
    return {"view": show(ws, trigger.user, body).body}


def push_view(ws: Workspace, args: Args) -> Json:
    """`views.push`: one more dialog on top of the one the trigger came from."""
    body = checked(args)
    trigger = _pulled(ws, args)
    below = ws.views.get(trigger.view_id)
    if below is None:
        raise Refused("not_found")
    stack = [view for view in ws.views.values() if view.root_id == below.root_id and view.is_open]
    if len(stack) >= DEEPEST_STACK:
        raise Refused("push_limit_reached")
    return {"view": show(ws, trigger.user, body, below=below).body}


def update_view(ws: Workspace, args: Args) -> Json:
    """`views.update` by id or by external id."""
    named = args.text("view_id")
    external = args.text("external_id")
    view = next((view for view in ws.views.values() if view.id == named or (external and view.body["external_id"] == external)), None)
    if view is None or not view.is_open:
        raise Refused("not_found")
    _check_hash(args, view)
    put(ws, view, checked(args))
    return {"view": view.body}


def publish_view(ws: Workspace, args: Args) -> Json:
    """`views.publish`: somebody's Home tab."""
    user = user_of(ws, args, "user_id")
    body = checked(args)
    if body.get("type") != "home":
        raise invalid_arguments("unsupported type [json-pointer:/view/type]")
    view = home_of(ws, user.id)
    if view is None:
        return {"view": show(ws, user.id, body).body}
    _check_hash(args, view)
    put(ws, view, body)
    return {"view": view.body}


def checked(args: Args) -> Json:
    """The view given, if Slack would take it."""
    body = args.mapping("view", "invalid_arguments")
    if body is None:
        raise invalid_arguments("missing required field: view")
    faults = view_faults(body)
    if faults:
        raise invalid_arguments(*faults)
    if len(json.dumps(body)) > VIEW_BYTES:
        raise Refused("view_too_large")
    return body


def show(ws: Workspace, user: str, body: Json, below: View | None = None) -> View:
    """A new view before this user's eyes."""
    external = body.get("external_id")
    if external and any(view.body["external_id"] == external and view.is_open for view in ws.views.values()):
        raise Refused("duplicate_external_id")
    ident = ws.new_id("V")
    view = View(ident, user, {}, below.root_id if below else ident, below.id if below else "")
    put(ws, view, body)
    ws.views[ident] = view
    return view


def put(ws: Workspace, view: View, body: Json) -> None:
    """Other content in the same view, with a new hash; what was filled in is gone, as in the client for new block ids."""
    blocks = body["blocks"]
    assert isinstance(blocks, list)
    given: Json = {"title": None, "submit": None, "close": None, "private_metadata": "", "callback_id": "", "external_id": ""}
    given |= {"clear_on_close": False, "notify_on_close": False} | body | {"blocks": ws.with_ids(blocks)}
    view.body = given | {
        "id": view.id,
        "team_id": ws.team_id,
        "state": {"values": {}},
        "hash": ws.next_ts(),
        "root_view_id": view.root_id,
        "previous_view_id": view.previous_id or None,
        "app_id": ws.app_id,
        "app_installed_team_id": ws.team_id,
        "bot_id": ws.bot_id,
    }


def home_of(ws: Workspace, user: str) -> View | None:
    """The Home tab published for this user."""
    return next((view for view in ws.views.values() if view.user == user and view.body["type"] == "home"), None)


def modal_of(ws: Workspace, user: str) -> View | None:
    """The dialog on top of what this user sees."""
    modals = [view for view in ws.views.values() if view.user == user and view.body["type"] == "modal" and view.is_open]
    return modals[-1] if modals else None


def submitted(ws: Workspace, view: View, response: Json | None) -> None:
    """What follows an app's answer to a submission; None stands for no good answer, after which the dialog stays open.

    Raises ValueError for an answer Slack could not use, where a person would read that there was trouble connecting.
    """
    action = None if response is None else response.get("response_action")
    if action in ("update", "push"):
        body = _usable(response["view"] if response else None)
        if action == "push":
            show(ws, view.user, body, below=view)
        else:
            put(ws, view, body)
    elif action == "errors":
        _check_errors(view, response["errors"] if response else None)
    elif response is not None:
        stack = [each for each in ws.views.values() if each.root_id == view.root_id] if action == "clear" else [view]
        for each in stack:
            each.is_open = False


METHODS: Mapping[str, Method] = {
    "views.open": open_view,
    "views.push": push_view,
    "views.update": update_view,
    "views.publish": publish_view,
}


def _pulled(ws: Workspace, args: Args) -> Trigger:
    trigger = ws.triggers.get(args.required("trigger_id"))
    if trigger is None:
        raise Refused("invalid_trigger_id")
    if trigger.used:
        raise Refused("exchanged_trigger_id")
    if ws.clock() - trigger.until > timedelta(0):
        raise Refused("expired_trigger_id")
    trigger.used = True
    return trigger


def _check_hash(args: Args, view: View) -> None:
    if args.text("hash") and args.text("hash") != view.body["hash"]:
        raise Refused("hash_conflict")


def _usable(body: object) -> Json:
    faults = view_faults(body)
    if faults or not isinstance(body, dict):
        raise ValueError(f"Slack would not show this view: {'; '.join(faults)}.")
    return body


def _check_errors(view: View, errors: object) -> None:
    blocks = view.body["blocks"]
    assert isinstance(blocks, list)
    asked = {block["block_id"] for block in blocks if block["type"] == "input"}
    if not isinstance(errors, dict) or not errors or not set(errors) <= asked:
        raise ValueError(f"Slack shows errors under input blocks only, and {errors!r} names others than {sorted(asked)}.")
