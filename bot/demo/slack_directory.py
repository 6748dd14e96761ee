"""Web API: `auth.test`, `team.info`, `bots.info`, `conversations.*` and `users.*`: who and what is there, and what was said."""

from __future__ import annotations

from collections.abc import Mapping

from bot.demo.slack_arguments import Args, Method, Refused, channel_of, invalid_arguments, page_of, user_of
from bot.demo.slack_shapes import channel_json, message_json, user_json
from bot.demo.slack_values import Channel, Json, Message
from bot.demo.slack_workspace import Workspace


def auth_test(ws: Workspace, args: Args) -> Json:
    """`auth.test`: whose token this is."""
    who: Json = {"url": f"https://{ws.domain}.slack.com/", "team": ws.domain, "user": ws.bot.name, "team_id": ws.team_id}
    return who | {"user_id": ws.bot.id, "bot_id": ws.bot_id, "is_enterprise_install": False}


def api_test(ws: Workspace, args: Args) -> Json:
    """`api.test`: the arguments, back again."""
    return {"args": dict(args.raw)}


def team_info(ws: Workspace, args: Args) -> Json:
    """`team.info`."""
    return {"team": {"id": ws.team_id, "name": ws.domain, "domain": ws.domain}}


def bots_info(ws: Workspace, args: Args) -> Json:
    """`bots.info`, of our own bot."""
    if args.text("bot") != ws.bot_id:
        raise Refused("bot_not_found")
    return {"bot": {"id": ws.bot_id, "deleted": False, "name": ws.bot.name, "app_id": ws.app_id, "user_id": ws.bot.id}}


def info(ws: Workspace, args: Args) -> Json:
    """`conversations.info`."""
    return {"channel": channel_json(ws, channel_of(ws, args), counted=args.flag("include_num_members"))}


def list_channels(ws: Workspace, args: Args) -> Json:
    """`conversations.list`: public channels, and the private ones we are a member of."""
    kinds = {"public_channel": "channel", "private_channel": "group", "im": "im", "mpim": "mpim"}
    wanted = {kinds.get(name.strip(), "") for name in (args.text("types") or "public_channel").split(",")}
    seen = [channel for channel in ws.channels.values() if channel.kind in wanted and _is_visible(ws, channel)]
    if args.flag("exclude_archived"):
        seen = [channel for channel in seen if not channel.is_archived]
    return page_of(args, [channel_json(ws, channel, counted=True) for channel in seen], "channels", 100)


def own_channels(ws: Workspace, args: Args) -> Json:
    """`users.conversations` of our bot."""
    channels = [channel_json(ws, channel) for channel in ws.channels.values() if ws.bot.id in channel.members]
    return page_of(args, channels, "channels", 100)


def members(ws: Workspace, args: Args) -> Json:
    """`conversations.members`."""
    page = page_of(args, [{"id": user} for user in sorted(channel_of(ws, args).members)], "members", 100)
    people = page["members"]
    assert isinstance(people, list)
    return page | {"members": [person["id"] for person in people]}


def open_direct(ws: Workspace, args: Args) -> Json:
    """`conversations.open` with one or more people."""
    ids = [user for user in args.text("users").split(",") if user]
    if not ids:
        raise Refused("users_list_not_supplied")
    if any(user not in ws.users for user in ids):
        raise Refused("user_not_found")
    if any(ws.users[user].deleted for user in ids):
        raise Refused("user_disabled")
    before = len(ws.channels)
    channel = ws.direct(*(ws.users[user] for user in ids))
    known: Json = {} if len(ws.channels) > before else {"no_op": True, "already_open": True}
    return known | {"channel": channel_json(ws, channel) if args.flag("return_im") else {"id": channel.id}}


def join(ws: Workspace, args: Args) -> Json:
    """`conversations.join`: public channels only."""
    channel = channel_of(ws, args)
    if channel.is_archived:
        raise Refused("is_archived")
    if channel.kind != "channel":
        raise Refused("method_not_supported_for_channel_type")
    already: Json = {"warning": "already_in_channel", "response_metadata": {"warnings": ["already_in_channel"]}}
    warning = already if ws.bot.id in channel.members else {}
    channel.members.add(ws.bot.id)
    return warning | {"channel": channel_json(ws, channel)}


def history(ws: Workspace, args: Args) -> Json:
    """`conversations.history`: newest first, answers in threads only when they were broadcast."""
    channel = _readable(ws, args)
    said = [message for message in ws.messages[channel.id].values() if not message.thread_ts or message.broadcast]
    said = sorted(_between(args, said), key=lambda message: message.ts, reverse=True)
    return _messages(ws, args, said, 100) | {"pin_count": 0}


def replies(ws: Workspace, args: Args) -> Json:
    """`conversations.replies`: the parent, always, and its answers, oldest first."""
    channel = _readable(ws, args)
    named = ws.messages[channel.id].get(args.required("ts"))
    if named is None:
        raise Refused("thread_not_found")
    thread = ws.thread(channel.id, named.thread_ts or named.ts)
    parents, answers = thread[:1], thread[1:]
    return _messages(ws, args, parents + _between(args, answers), 1000)


def user_info(ws: Workspace, args: Args) -> Json:
    """`users.info`."""
    return {"user": user_json(ws, user_of(ws, args))}


def list_users(ws: Workspace, args: Args) -> Json:
    """`users.list`: everyone of this workspace, the deleted too."""
    people = [user_json(ws, user) for user in ws.users.values() if user.team_id == ws.team_id]
    return page_of(args, people, "members", 1000) | {"cache_ts": int(ws.clock().timestamp())}


def user_by_email(ws: Workspace, args: Args) -> Json:
    """`users.lookupByEmail`: neither strangers nor those who left are found."""
    email = args.required("email").lower()
    for user in ws.users.values():
        if (user.email or "").lower() == email and not user.deleted and not user.is_stranger:
            return {"user": user_json(ws, user)}
    raise Refused("users_not_found")


METHODS: Mapping[str, Method] = {
    "api.test": api_test,
    "auth.test": auth_test,
    "bots.info": bots_info,
    "conversations.history": history,
    "conversations.info": info,
    "conversations.join": join,
    "conversations.list": list_channels,
    "conversations.members": members,
    "conversations.open": open_direct,
    "conversations.replies": replies,
    "team.info": team_info,
    "users.conversations": own_channels,
    "users.info": user_info,
    "users.list": list_users,
    "users.lookupByEmail": user_by_email,
}


def _is_visible(ws: Workspace, channel: Channel) -> bool:
    return channel.kind == "channel" or ws.bot.id in channel.members


def _readable(ws: Workspace, args: Args) -> Channel:
    channel = channel_of(ws, args)
    if ws.bot.id not in channel.members:
        raise Refused("not_in_channel")
    return channel


def _between(args: Args, messages: list[Message]) -> list[Message]:
    oldest, latest = _moment(args, "oldest", 0), _moment(args, "latest", float("inf"))
    if args.flag("inclusive"):
        return [message for message in messages if oldest <= float(message.ts) <= latest]
    return [message for message in messages if oldest < float(message.ts) < latest]


def _moment(args: Args, name: str, default: float) -> float:
    try:
        return float(args.text(name) or default)
    except ValueError:
        raise invalid_arguments(f"invalid timestamp: {name}") from None


def _messages(ws: Workspace, args: Args, messages: list[Message], default: int) -> Json:
    metadata = args.flag("include_all_metadata")
    page = page_of(args, [message_json(ws, message, metadata=metadata) for message in messages], "messages", default)
    following = page["response_metadata"]
    return page | {"has_more": isinstance(following, dict) and bool(following["next_cursor"])}
