"""Everything Slack sends to an app, as JSON: events in their envelope, commands, clicks, dialogs, shortcuts.

The shapes are those of docs.slack.dev and of the payloads recorded by Slack's own SDKs.
"""

from __future__ import annotations

from bot.demo.slack_shapes import message_json
from bot.demo.slack_values import Json, Message, ResponseUrl, User, View
from bot.demo.slack_workspace import Workspace

TOKEN = "demo-verification-token"


def envelope(ws: Workspace, event: Json) -> Json:
    """An event as the Events API wraps it, with an `event_id` of its own."""
    channel = ws.channels.get(str(event.get("channel")))
    installed = {"enterprise_id": None, "team_id": ws.team_id, "user_id": ws.bot.id, "is_bot": True, "is_enterprise_install": False}
    return {
        "token": TOKEN,
        "team_id": ws.team_id,
        "api_app_id": ws.app_id,
        "event": event,
        "type": "event_callback",
        "event_id": ws.new_id("Ev"),
        "event_time": int(ws.clock().timestamp()),
        "authorizations": [installed],
        "is_ext_shared_channel": bool(channel and channel.is_ext_shared),
        "event_context": ws.new_id("4-"),
    }


def message_event(ws: Workspace, message: Message) -> Json:
    """Somebody said something."""
    event = message_json(ws, message, metadata=True)
    if message.broadcast:
        event["subtype"] = "thread_broadcast"
    return event | _home_of(ws, message.user) | _placed(ws, message, message.ts)


def mention_event(ws: Workspace, message: Message) -> Json:
    """The same message once more, because it names the app."""
    return message_json(ws, message) | {"type": "app_mention", "channel": message.channel, "event_ts": message.ts}


def changed_event(ws: Workspace, message: Message, before: Json) -> Json:
    """A message differs from `before`; also sent when only an unfurl or an answer's count does, and for a tombstone."""
    now = message_json(ws, message, metadata=True)
    event: Json = {"type": "message", "subtype": "message_changed", "hidden": True, "message": now, "previous_message": before}
    ts = ws.next_ts()
    return event | {"ts": ts} | _placed(ws, message, ts)


def deleted_event(ws: Workspace, message: Message, before: Json) -> Json:
    """A message is gone."""
    event: Json = {"type": "message", "subtype": "message_deleted", "hidden": True, "deleted_ts": message.ts}
    ts = ws.next_ts()
    return event | {"previous_message": before, "ts": ts} | _placed(ws, message, ts)


def erased_event(ws: Workspace, message: Message, before: Json) -> Json:
    """What follows `Workspace.erase`: a deletion, or the change into a tombstone."""
    return changed_event(ws, message, before) if message.tombstone else deleted_event(ws, message, before)


def reaction_event(ws: Workspace, user: User, message: Message, name: str, *, added: bool) -> Json:
    """An emoji was put under a message, or taken away."""
    item = {"type": "message", "channel": message.channel, "ts": message.ts}
    event: Json = {"type": "reaction_added" if added else "reaction_removed", "user": user.id, "reaction": name, "item": item}
    return event | {"item_user": message.user, "event_ts": ws.next_ts()}


def link_event(ws: Workspace, message: Message, url: str) -> Json:
    """Somebody shared a link to one of the app's domains."""
    domain = url.partition("://")[2].partition("/")[0]
    event: Json = {"type": "link_shared", "channel": message.channel, "user": message.user, "message_ts": message.ts}
    event |= {"is_bot_user_member": ws.bot.id in ws.channels[message.channel].members, "unfurl_id": f"{message.channel}.{message.ts}.x"}
    event |= {"source": "conversations_history", "links": [{"domain": domain, "url": url}], "event_ts": ws.next_ts()}
    return event | ({"thread_ts": message.thread_ts} if message.thread_ts else {})


def home_event(ws: Workspace, user: User, tab: str, published: View | None) -> Json:
    """Somebody looks at the app's Home or Messages tab; `view` is there once one was published."""
    event: Json = {"type": "app_home_opened", "user": user.id, "channel": ws.direct(user).id, "tab": tab, "event_ts": ws.next_ts()}
    return event | ({"view": published.body} if published and tab == "home" else {})


def joined_event(ws: Workspace, user: User, channel: str, inviter: User | None) -> Json:
    """Somebody, perhaps our bot, is now a member of a channel."""
    kind = "C" if ws.channels[channel].kind == "channel" else "G"
    event: Json = {"type": "member_joined_channel", "user": user.id, "channel": channel, "channel_type": kind, "team": ws.team_id}
    return event | ({"inviter": inviter.id} if inviter else {}) | {"event_ts": ws.next_ts()}


def command(ws: Workspace, user: User, channel: str, line: str, url: ResponseUrl) -> Json:
    """The fields of a slash command: `line` is what was typed, slash included."""
    word, _, text = line.partition(" ")
    place = ws.channels[channel]
    names = {"group": "privategroup", "im": "directmessage", "mpim": "mpdm"}
    return {
        "token": TOKEN,
        "team_id": ws.team_id,
        "team_domain": ws.domain,
        "channel_id": channel,
        "channel_name": names.get(place.kind, place.name),
        "user_id": user.id,
        "user_name": user.name,
        "command": word,
        "text": text,
        "api_app_id": ws.app_id,
        "is_enterprise_install": "false",
        "response_url": response_address(ws, url),
        "trigger_id": ws.new_trigger(user),
    }


def interaction(ws: Workspace, kind: str, user: User, **more: object) -> Json:
    """What all clicks, dialogs and shortcuts have in common."""
    person = {"id": user.id, "username": user.name, "name": user.name, "team_id": user.team_id}
    team = {"id": ws.team_id, "domain": ws.domain}
    common: Json = {"type": kind, "user": person, "api_app_id": ws.app_id, "token": TOKEN, "team": team, "enterprise": None}
    return common | {"is_enterprise_install": False, "action_ts": ws.next_ts()} | more


def place_of(ws: Workspace, target: Message | View) -> Json:
    """Where something was pressed: a dialog, a message, or a message only one person sees (which Slack does not send along)."""
    if isinstance(target, View):
        return {"container": {"type": "view", "view_id": target.id}, "view": target.body}
    channel = ws.channels[target.channel]
    container: Json = {"type": "message", "message_ts": target.ts, "channel_id": channel.id, "is_ephemeral": bool(target.ephemeral_for)}
    container |= {"thread_ts": target.thread_ts} if target.thread_ts else {}
    names = {"group": "privategroup", "im": "directmessage", "mpim": "mpdm"}
    place: Json = {"container": container, "channel": {"id": channel.id, "name": names.get(channel.kind, channel.name)}}
    return place if target.ephemeral_for else place | {"message": message_json(ws, target)}


def rich_text(text: str) -> Json:
    """The block Slack makes of what a person types; without formatting, it is one piece of text."""
    section = {"type": "rich_text_section", "elements": [{"type": "text", "text": text}]}
    return {"type": "rich_text", "elements": [section]}


def response_address(ws: Workspace, url: ResponseUrl) -> str:
    """The response URL as an app gets it."""
    return f"{ws.base_url}/response/{url.id}"


def _placed(ws: Workspace, message: Message, ts: str) -> Json:
    return {"channel": message.channel, "channel_type": ws.channels[message.channel].kind, "event_ts": ts}


def _home_of(ws: Workspace, user: str) -> Json:
    team = ws.users[user].team_id if user in ws.users else ws.team_id
    return {} if team == ws.team_id else {"user_team": team, "source_team": team}
