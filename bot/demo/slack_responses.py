"""What an app answers to a command or a click, in the body of its answer or at the response URL: shown, put in place, or taken away."""

from __future__ import annotations

from collections.abc import Mapping

from aiohttp import web

from bot.demo.slack_rules import message_faults
from bot.demo.slack_values import Message, ResponseUrl
from bot.demo.slack_workspace import Workspace

USES = 5


async def receive(ws: Workspace, request: web.Request) -> web.Response:
    """One post to a response URL: five of them, within thirty minutes."""
    url = ws.response_urls.get(request.match_info["url"])
    if url is None:
        return web.json_response({"ok": False, "error": "invalid_url"}, status=404)
    if ws.clock() > url.until:
        return web.json_response({"ok": False, "error": "expired_url"}, status=404)
    if url.uses >= USES:
        return web.json_response({"ok": False, "error": "used_url"}, status=404)
    payload = await request.json()
    faults = message_faults(payload.get("blocks") or [])
    if faults:
        return web.json_response({"ok": False, "error": "invalid_blocks", "errors": faults}, status=400)
    url.uses += 1
    show(ws, url, payload)
    return web.Response(text="ok")


def show(ws: Workspace, url: ResponseUrl, payload: Mapping[str, object]) -> None:
    """Do what the answer says. Without `response_type: in_channel` only the person who asked sees it."""
    original = url.original
    if _is_true(payload, "delete_original") and original is not None:
        ws.erase(original)
    elif _is_true(payload, "replace_original") and original is not None:
        original.text = str(payload.get("text") or "")
        original.blocks = ws.with_ids(_blocks(payload))
        url.answers.append(original)
    else:
        private = payload.get("response_type") != "in_channel"
        message = Message(url.channel, ws.next_ts(), str(payload.get("text") or ""), ws.bot.id, ws.bot_id)
        message.blocks = _blocks(payload)
        message.thread_ts = str(payload.get("thread_ts") or "")
        message.ephemeral_for = url.user if private else ""
        url.answers.append(ws.post(message))


def show_body(ws: Workspace, url: ResponseUrl, body: Mapping[str, object] | str, *, typed: bool) -> None:
    """Do what the body of the HTTP answer says: to a typed command it is shown, to a click Slack does not look at it.

    Raises ValueError for blocks Slack would refuse: a person would read that the command failed.
    """
    if not typed or not body:
        return
    payload = {"text": body} if isinstance(body, str) else body
    faults = message_faults(payload.get("blocks") or [])
    if faults:
        raise ValueError(f"Slack would not show this answer: {'; '.join(faults)}.")
    show(ws, url, payload)


def _is_true(payload: Mapping[str, object], name: str) -> bool:
    return str(payload.get(name)).lower() == "true"


def _blocks(payload: Mapping[str, object]) -> list[dict[str, object]]:
    blocks = payload.get("blocks")
    return blocks if isinstance(blocks, list) else []
