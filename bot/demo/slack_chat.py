"""Web API: `chat.*` and `reactions.*`, by what docs.slack.dev says of their arguments, limits and errors.

What the app does itself comes back to it as an event, as from Slack: those wait in `Workspace.echoes`.
"""

from __future__ import annotations

from collections.abc import Mapping

from bot.demo import slack_events as events
from bot.demo.slack_arguments import Args, Method, Refused, channel_to_write, message_of, user_of
from bot.demo.slack_rules import message_faults, too_long_together
from bot.demo.slack_shapes import message_json, permalink
from bot.demo.slack_values import Json, Message
from bot.demo.slack_workspace import Workspace

TEXT_CUT_AT = 40_000
UPDATE_LIMIT = 4_000
METADATA_LIMIT = 8_000


def post_message(ws: Workspace, args: Args) -> Json:
    """`chat.postMessage`; an answer to a message that is gone becomes a message of its own, and Slack says nothing."""
    channel = channel_to_write(ws, args)
    text, blocks = _content(args)
    metadata = _metadata(args)
    parent = _parent(ws, channel.id, args)
    message = ws.post(
        Message(
            channel=channel.id,
            ts=ws.next_ts(),
            text=text[:TEXT_CUT_AT],
            user=ws.bot.id,
            bot_id=ws.bot_id,
            username=args.text("username") if "chat:write.customize" in ws.scopes else "",
            thread_ts=parent,
            client_msg_id=args.text("client_msg_id"),
            blocks=blocks or [],
            metadata=metadata,
            broadcast=bool(parent) and args.flag("reply_broadcast"),
        )
    )
    ws.echoes.append(events.message_event(ws, message))
    answer: Json = {"channel": channel.id, "ts": message.ts, "message": message_json(ws, message, metadata=True)}
    if len(text) > TEXT_CUT_AT:
        answer |= {"warning": "message_truncated", "response_metadata": {"warnings": ["message_truncated"]}}
    return answer


def post_ephemeral(ws: Workspace, args: Args) -> Json:
    """`chat.postEphemeral`: for one person, and kept nowhere."""
    channel = channel_to_write(ws, args)
    user = user_of(ws, args)
    if user.id not in channel.members:
        raise Refused("user_not_in_channel")
    text, blocks = _content(args)
    if len(text) > TEXT_CUT_AT:
        raise Refused("msg_too_long")
    message = Message(channel.id, ws.next_ts(), text, ws.bot.id, ws.bot_id, blocks=blocks or [], ephemeral_for=user.id)
    message.thread_ts = args.text("thread_ts")
    return {"message_ts": ws.post(message).ts}


def update(ws: Workspace, args: Args) -> Json:
    """`chat.update`: 4,000 characters; blocks and metadata that are not given stay as they were."""
    message = _own(ws, args, "cant_update_message")
    text, blocks = _content(args)
    if len(text) > UPDATE_LIMIT:
        raise Refused("msg_too_long")
    metadata = _metadata(args)
    before = message_json(ws, message, metadata=True)
    message.text = text or message.text
    message.blocks = message.blocks if blocks is None else ws.with_ids(blocks)
    message.metadata = message.metadata if metadata is None else metadata or None
    message.edited_ts = ws.next_ts()
    ws.echoes.append(events.changed_event(ws, message, before))
    return {"channel": message.channel, "ts": message.ts, "text": message.text, "message": message_json(ws, message)}


def delete(ws: Workspace, args: Args) -> Json:
    """`chat.delete`: our own messages only."""
    message = _own(ws, args, "cant_delete_message")
    before = message_json(ws, message)
    ws.erase(message)
    ws.echoes.append(events.erased_event(ws, message, before))
    return {"channel": message.channel, "ts": message.ts}


def get_permalink(ws: Workspace, args: Args) -> Json:
    """`chat.getPermalink`."""
    message = message_of(ws, args, "message_ts")
    return {"channel": message.channel, "permalink": permalink(ws, message)}


def unfurl(ws: Workspace, args: Args) -> Json:
    """`chat.unfurl`: what shall be shown under a link; the message is named by channel and ts, or by the event's `unfurl_id`."""
    channel, ts = args.text("channel"), args.text("ts")
    if args.text("unfurl_id"):
        channel, _, rest = args.text("unfurl_id").partition(".")
        ts = rest.rpartition(".")[0]
    message = ws.messages[channel].get(ts)
    shown = args.mapping("unfurls", "invalid_unfurls_format")
    if message is None:
        raise Refused("cannot_find_message")
    if not shown:
        raise Refused("missing_unfurls")
    for attachment in shown.values():
        if isinstance(attachment, dict) and "blocks" in attachment:
            _refuse_faults(attachment["blocks"])
    message.unfurls |= shown
    return {}


def add_reaction(ws: Workspace, args: Args) -> Json:
    """`reactions.add`, once per emoji."""
    message, name = message_of(ws, args, "timestamp"), args.required("name").strip(":")
    if ws.channels[message.channel].is_archived:
        raise Refused("is_archived")
    people = message.reactions.setdefault(name, [])
    if ws.bot.id in people:
        raise Refused("already_reacted")
    people.append(ws.bot.id)
    ws.echoes.append(events.reaction_event(ws, ws.bot, message, name, added=True))
    return {}


def remove_reaction(ws: Workspace, args: Args) -> Json:
    """`reactions.remove`, our own only."""
    message, name = message_of(ws, args, "timestamp"), args.required("name").strip(":")
    if ws.bot.id not in message.reactions.get(name, []):
        raise Refused("no_reaction")
    message.reactions[name].remove(ws.bot.id)
    if not message.reactions[name]:
        del message.reactions[name]
    ws.echoes.append(events.reaction_event(ws, ws.bot, message, name, added=False))
    return {}


def get_reactions(ws: Workspace, args: Args) -> Json:
    """`reactions.get`."""
    message = message_of(ws, args, "timestamp")
    return {"type": "message", "channel": message.channel, "message": message_json(ws, message)}


METHODS: Mapping[str, Method] = {
    "chat.postMessage": post_message,
    "chat.postEphemeral": post_ephemeral,
    "chat.update": update,
    "chat.delete": delete,
    "chat.getPermalink": get_permalink,
    "chat.unfurl": unfurl,
    "reactions.add": add_reaction,
    "reactions.remove": remove_reaction,
    "reactions.get": get_reactions,
}


def _content(args: Args) -> tuple[str, list[Json] | None]:
    text, blocks = args.text("text"), args.objects("blocks", "invalid_blocks_format")
    if not text and not blocks:
        raise Refused("no_text")
    if blocks is not None:
        _refuse_faults(blocks)
    return text, blocks


def _refuse_faults(blocks: object) -> None:
    faults = message_faults(blocks)
    if faults:
        messages = [f"[ERROR] {fault}" for fault in faults]
        raise Refused("invalid_blocks", errors=faults, response_metadata={"messages": messages})
    if too_long_together(blocks):
        raise Refused("msg_blocks_too_long")


def _metadata(args: Args) -> Json | None:
    metadata = args.mapping("metadata", "invalid_metadata_format")
    if metadata and not (isinstance(metadata.get("event_type"), str) and isinstance(metadata.get("event_payload"), dict)):
        raise Refused("invalid_metadata_format")
    if len(str(metadata)) > METADATA_LIMIT:
        raise Refused("metadata_too_large")
    return metadata


def _parent(ws: Workspace, channel: str, args: Args) -> str:
    named = ws.messages[channel].get(args.text("thread_ts"))
    return (named.thread_ts or named.ts) if named else ""


def _own(ws: Workspace, args: Args, error: str) -> Message:
    message = message_of(ws, args)
    if message.bot_id != ws.bot_id:
        raise Refused(error)
    return message
