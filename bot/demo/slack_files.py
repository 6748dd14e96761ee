"""Files: `files.*` of the Web API, the upload URL, and downloads that are a login page to whoever has no token."""

from __future__ import annotations

from collections.abc import Mapping

from aiohttp import BodyPartReader, web

from bot.demo import slack_events as events
from bot.demo.slack_arguments import Args, Method, Refused, invalid_arguments
from bot.demo.slack_shapes import file_json
from bot.demo.slack_values import Channel, File, Json, Message
from bot.demo.slack_workspace import Workspace

LOGIN_PAGE = "<!DOCTYPE html><html><title>Slack</title><body>Sign in to see this file.</body></html>"


def info(ws: Workspace, args: Args) -> Json:
    """`files.info`, of files in channels we are a member of."""
    return {"file": file_json(ws, _visible(ws, args.required("file"))), "comments": []}


def get_upload_url(ws: Workspace, args: Args) -> Json:
    """`files.getUploadURLExternal`: where to send so many bytes."""
    size = args.number("length", 0)
    if not size:
        raise invalid_arguments("missing required field: length")
    name = args.required("filename")
    file = File(ws.new_id("F"), name, name, "application/octet-stream", ws.bot.id, size)
    ws.files[file.id] = file
    return {"upload_url": f"{ws.base_url}/upload/v1/{file.id}", "file_id": file.id}


def complete_upload(ws: Workspace, args: Args) -> Json:
    """`files.completeUploadExternal`: the uploaded files become one message, or none without a channel."""
    wanted = args.objects("files", "invalid_arguments") or []
    files = [_uploaded(ws, str(each.get("id"))) for each in wanted]
    if not files:
        raise invalid_arguments("missing required field: files")
    channels = [_channel(ws, name) for name in [args.text("channel_id"), *args.text("channels").split(",")] if name]
    for file, each in zip(files, wanted, strict=True):
        file.title = str(each.get("title") or file.name)
    for channel in channels:
        named = ws.messages[channel.id].get(args.text("thread_ts"))
        message = Message(channel.id, ws.next_ts(), args.text("initial_comment"), ws.bot.id, ws.bot_id)
        message.thread_ts = (named.thread_ts or named.ts) if named else ""
        message.files = [file.id for file in files]
        ws.echoes.append(events.message_event(ws, ws.post(message)))
    return {"files": [{"id": file.id, "title": file.title} for file in files]}


def delete(ws: Workspace, args: Args) -> Json:
    """`files.delete`: our own."""
    file = _visible(ws, args.required("file"))
    if file.user != ws.bot.id:
        raise Refused("cant_delete_file")
    file.deleted, file.content = True, None
    return {}


METHODS: Mapping[str, Method] = {
    "files.info": info,
    "files.getUploadURLExternal": get_upload_url,
    "files.completeUploadExternal": complete_upload,
    "files.delete": delete,
}


async def receive(ws: Workspace, request: web.Request) -> web.Response:
    """The bytes, raw or as the one part of a form; their number must be the one announced."""
    file = ws.files.get(request.match_info["file"])
    content = await _content(request)
    if file is None or file.content is not None or len(content) != file.size:
        return web.Response(status=400, text="upload failed")
    file.content = content
    return web.Response(text=f"OK - {len(content)}")


def serve(ws: Workspace, request: web.Request) -> web.Response:
    """The file to whoever shows the bot's token and may read it; a login page, with status 200, to all others."""
    file = ws.files.get(request.match_info["file"].partition("-")[2])
    allowed = request.headers.get("Authorization") == f"Bearer {ws.bot_token}" and "files:read" in ws.scopes and not ws.token_error
    if not allowed or file is None or not _is_visible(ws, file):
        return web.Response(text=LOGIN_PAGE, content_type="text/html")
    if file.content is None:
        return web.Response(status=404, text="<html>This file was deleted.</html>", content_type="text/html")
    return web.Response(body=file.content, content_type=file.mimetype)


async def _content(request: web.Request) -> bytes:
    if request.content_type != "multipart/form-data":
        return await request.read()
    part = await (await request.multipart()).next()
    return bytes(await part.read()) if isinstance(part, BodyPartReader) else b""


def _visible(ws: Workspace, ident: str) -> File:
    file = ws.files.get(ident)
    if file is None or not _is_visible(ws, file):
        raise Refused("file_not_found")
    if file.deleted:
        raise Refused("file_deleted")
    return file


def _is_visible(ws: Workspace, file: File) -> bool:
    return file.user == ws.bot.id or any(ws.bot.id in ws.channels[channel].members for channel in file.channels)


def _uploaded(ws: Workspace, ident: str) -> File:
    file = ws.files.get(ident)
    if file is None or file.content is None:
        raise Refused("file_not_found")
    return file


def _channel(ws: Workspace, ident: str) -> Channel:
    channel = ws.channels.get(ident)
    if channel is None or (channel.kind != "channel" and ws.bot.id not in channel.members):
        raise Refused("channel_not_found")
    if ws.bot.id not in channel.members:
        raise Refused("not_in_channel")
    return channel
