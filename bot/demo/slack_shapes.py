"""How the things of a workspace look in Slack's JSON: the fields an app may rely on, in the shapes Slack documents."""

from __future__ import annotations

from urllib.parse import quote

from bot.demo.slack_values import Channel, File, Json, Message, User
from bot.demo.slack_workspace import Workspace


def user_json(ws: Workspace, user: User) -> Json:
    """`users.info`; the address is there only with the scope `users:read.email`, and never of a stranger."""
    profile: Json = {"real_name": user.real_name, "display_name": user.name, "team": user.team_id}
    if user.email and not user.is_stranger and "users:read.email" in ws.scopes:
        profile["email"] = user.email
    return {
        "id": user.id,
        "team_id": user.team_id,
        "name": user.name,
        "real_name": user.real_name,
        "deleted": user.deleted,
        "tz": user.tz,
        "profile": profile,
        "is_bot": user.is_bot,
        "is_app_user": False,
        "is_restricted": user.is_restricted,
        "is_ultra_restricted": False,
        "is_stranger": user.is_stranger,
        "updated": 1,
    }


def channel_json(ws: Workspace, channel: Channel, *, counted: bool = False) -> Json:
    """`conversations.info`: direct messages have a `user` and no name."""
    shape: Json = {"id": channel.id, "created": 1, "is_archived": channel.is_archived, "is_ext_shared": channel.is_ext_shared}
    shape |= {"is_im": channel.kind == "im", "is_mpim": channel.kind == "mpim", "context_team_id": ws.team_id}
    if channel.kind == "im":
        shape["user"] = next(iter(channel.members - {ws.bot.id}), ws.bot.id)
    else:
        shape |= {"name": channel.name, "name_normalized": channel.name, "is_member": ws.bot.id in channel.members}
        shape |= {"is_channel": True, "is_group": channel.kind == "group", "is_private": channel.kind != "channel"}
    return shape | ({"num_members": len(channel.members)} if counted else {})


def message_json(ws: Workspace, message: Message, *, metadata: bool = False) -> Json:
    """A message as history and events show it. One with a custom name has `subtype: bot_message` and no `user`."""
    shape: Json = {"type": "message", "text": message.text, "ts": message.ts, "team": ws.team_id}
    if message.username:
        shape |= {"subtype": "bot_message", "username": message.username, "bot_id": message.bot_id}
    else:
        shape |= {"user": message.user} | ({"bot_id": message.bot_id, "app_id": ws.app_id} if message.bot_id else {})
    if message.tombstone:
        shape |= {"subtype": "tombstone", "user": "USLACKBOT", "hidden": True}
    elif message.files:
        shape |= {"subtype": "file_share"} if not message.bot_id else {}
        shape["files"] = [shared_file_json(ws, ws.files[file]) for file in message.files]
    shape |= _optional(message)
    if metadata and message.metadata:
        shape["metadata"] = message.metadata
    return shape | _thread(ws, message)


def _optional(message: Message) -> Json:
    reactions = [{"name": name, "users": users, "count": len(users)} for name, users in message.reactions.items()]
    optional: Json = {
        "blocks": message.blocks,
        "client_msg_id": message.client_msg_id,
        "edited": {"user": message.user, "ts": message.edited_ts} if message.edited_ts else None,
        "reactions": reactions,
    }
    return {key: value for key, value in optional.items() if value}


def _thread(ws: Workspace, message: Message) -> Json:
    if message.thread_ts:
        parent = ws.messages[message.channel].get(message.thread_ts)
        return {"thread_ts": message.thread_ts, **({"parent_user_id": parent.user} if parent else {})}
    answers = ws.thread(message.channel, message.ts)[1:]
    if not answers:
        return {}
    people = list(dict.fromkeys(answer.user for answer in answers))
    counts: Json = {"reply_count": len(answers), "reply_users_count": len(people), "reply_users": people}
    return counts | {"thread_ts": message.ts, "latest_reply": answers[-1].ts, "is_locked": False}


def shared_file_json(ws: Workspace, file: File) -> Json:
    """A file within a message: of Slack Connect only a stub that says to ask `files.info`."""
    if file.connect:
        return {"id": file.id, "mode": "file_access", "file_access": "check_file_info", "created": 0, "timestamp": 0, "user": ""}
    return file_json(ws, file)


def file_json(ws: Workspace, file: File) -> Json:
    """`files.info`; both URLs need the bot's token."""
    if file.deleted:
        return {"id": file.id, "mode": "tombstone"}
    place, name = f"{ws.base_url}/files-pri/{ws.team_id}-{file.id}", quote(file.name, safe="")
    return {
        "id": file.id,
        "created": 1,
        "timestamp": 1,
        "name": file.name,
        "title": file.title,
        "mimetype": file.mimetype,
        "filetype": file.name.rpartition(".")[2],
        "user": file.user,
        "size": file.size,
        "mode": "hosted",
        "is_external": False,
        "is_public": False,
        "url_private": f"{place}/{name}",
        "url_private_download": f"{place}/download/{name}",
        "permalink": f"https://{ws.domain}.slack.com/files/{file.user}/{file.id}/{file.name}",
        "channels": sorted(file.channels),
    }


def permalink(ws: Workspace, message: Message) -> str:
    """The address a browser would open for a message."""
    thread = f"?thread_ts={message.thread_ts}&cid={message.channel}" if message.thread_ts else ""
    return f"https://{ws.domain}.slack.com/archives/{message.channel}/p{message.ts.replace('.', '')}{thread}"
