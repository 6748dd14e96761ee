"""A Slack on loopback: its Web API, response URLs, file hosts and Socket Mode over the state of a `Workspace`.

    async with running_slack() as slack:
        client = AsyncWebClient(slack.ws.bot_token, base_url=slack.api_url)
        slack.connect("http://127.0.0.1:3000/slack/events")      # or the app connects by Socket Mode
        answer = await slack.slash(anna, "/ticket show 1042", channel)

An app is refused here for the reasons Slack refuses it: a wrong token, a scope it has not, a channel it is not in, a limit.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import aiohttp
from aiohttp import web

from bot.demo import slack_chat, slack_directory, slack_files, slack_responses, slack_views
from bot.demo.slack_arguments import Args, Method, Refused
from bot.demo.slack_delivery import Postman
from bot.demo.slack_people import FakeSlack
from bot.demo.slack_socket import Sockets
from bot.demo.slack_values import Call, Fault, Json
from bot.demo.slack_workspace import Clock, Workspace

METHODS: Mapping[str, Method] = {
    **slack_chat.METHODS,
    **slack_directory.METHODS,
    **slack_files.METHODS,
    **slack_views.METHODS,
}
# One of these is needed; "{place}" stands for channels, groups, im or mpim, by the channel asked for.
SCOPES: Mapping[str, str] = {
    "bots.info": "users:read",
    "chat.delete": "chat:write",
    "chat.postEphemeral": "chat:write",
    "chat.postMessage": "chat:write",
    "chat.unfurl": "links:write",
    "chat.update": "chat:write",
    "conversations.history": "{place}:history",
    "conversations.info": "{place}:read",
    "conversations.join": "channels:join",
    "conversations.list": "channels:read",
    "conversations.members": "{place}:read",
    "conversations.open": "im:write",
    "conversations.replies": "{place}:history",
    "files.completeUploadExternal": "files:write",
    "files.delete": "files:write",
    "files.getUploadURLExternal": "files:write",
    "files.info": "files:read",
    "reactions.add": "reactions:write",
    "reactions.get": "reactions:read",
    "reactions.remove": "reactions:write",
    "team.info": "team:read",
    "users.conversations": "channels:read",
    "users.info": "users:read",
    "users.list": "users:read",
    "users.lookupByEmail": "users:read.email",
}
# Methods that read take no JSON body: its arguments are not seen.
FORM_ONLY = frozenset(
    {
        *("bots.info", "chat.getPermalink", "conversations.info", "conversations.list", "conversations.members"),
        *("conversations.replies", "files.getUploadURLExternal", "files.info", "reactions.get", "users.conversations"),
        *("users.info", "users.list", "users.lookupByEmail"),
    }
)
_PLACES = {"channel": "channels", "group": "groups", "im": "im", "mpim": "mpim"}


@asynccontextmanager
async def running_slack(clock: Clock = lambda: datetime.now(UTC), port: int = 0) -> AsyncIterator[FakeSlack]:
    """A Slack that listens on 127.0.0.1 (any free port unless told) until the block ends; `clock` is its time."""
    ws = Workspace(clock)
    sockets = Sockets(ws)
    runner = web.AppRunner(create_app(ws, sockets), shutdown_timeout=1)
    await runner.setup()
    try:
        site = web.TCPSite(runner, "127.0.0.1", port)
        await site.start()
        ws.base_url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        async with aiohttp.ClientSession() as session:
            yield FakeSlack(ws, Postman(ws, session, sockets))
    finally:
        await sockets.disconnect("link_disabled")
        await runner.cleanup()


def create_app(ws: Workspace, sockets: Sockets) -> web.Application:
    """The server's routes over this workspace."""

    async def api(request: web.Request) -> web.StreamResponse:
        return await _api(ws, sockets, request)

    async def upload(request: web.Request) -> web.Response:
        return await slack_files.receive(ws, request)

    async def download(request: web.Request) -> web.Response:
        return slack_files.serve(ws, request)

    async def response(request: web.Request) -> web.Response:
        answer = await slack_responses.receive(ws, request)
        await _tell(ws)
        return answer

    app = web.Application(client_max_size=64 * 1024 * 1024)
    app.router.add_route("*", "/api/{method}", api)
    app.router.add_post("/upload/v1/{file}", upload)
    app.router.add_get("/files-pri/{file}/{name}", download)
    app.router.add_get("/files-pri/{file}/download/{name}", download)
    app.router.add_post("/response/{url}", response)
    app.router.add_get("/link/", sockets.serve)
    return app


async def _api(ws: Workspace, sockets: Sockets, request: web.Request) -> web.StreamResponse:
    method = request.match_info["method"]
    args = Args(await _arguments(method, request))
    fault = ws.faults[method].popleft() if ws.faults[method] else None
    answer: Json = {"ok": False, "error": fault.error} if fault else {}
    if fault is None or fault.after_work:
        done = _answer(ws, sockets, method, args, _token(request, args))
        answer = answer or done
    status = 0 if fault and fault.cut else fault.status if fault else 200
    ws.calls.append(Call(method, args.raw, status, answer))
    await _tell(ws)
    if fault and fault.cut and request.transport is not None:
        request.transport.close()
    return _reply(ws, status or 500, answer, fault)


async def _arguments(method: str, request: web.Request) -> Mapping[str, object]:
    given: dict[str, object] = dict(request.query)
    if request.content_type != "application/json":
        return given | dict(await request.post())
    if method in FORM_ONLY or not request.can_read_body:
        return given
    body = await request.json()
    return given | body if isinstance(body, dict) else given


def _token(request: web.Request, args: Args) -> str:
    return request.headers.get("Authorization", "").removeprefix("Bearer ").strip() or args.text("token")


def _answer(ws: Workspace, sockets: Sockets, method: str, args: Args, token: str) -> Json:
    try:
        if method == "apps.connections.open":
            _check_token(token, ws.app_token)
            return {"ok": True, "url": sockets.address()}
        if method not in METHODS:
            raise Refused("unknown_method")
        if method != "api.test":
            _check_token(token, ws.bot_token, ws.token_error)
            _check_scope(ws, method, args)
        return {"ok": True} | METHODS[method](ws, args)
    except Refused as no:
        return {"ok": False, "error": no.error} | no.more


def _check_token(token: str, good: str, otherwise: str = "") -> None:
    if not token:
        raise Refused("not_authed")
    if token != good:
        raise Refused("not_allowed_token_type" if token.startswith(("xoxb-demo", "xapp-demo")) else "invalid_auth")
    if otherwise:
        raise Refused(otherwise)


def _check_scope(ws: Workspace, method: str, args: Args) -> None:
    channel = ws.channels.get(args.text("channel"))
    needed = SCOPES.get(method, "").format(place=_PLACES[channel.kind] if channel else "channels")
    if needed and needed not in ws.scopes:
        raise Refused("missing_scope", needed=needed, provided=",".join(sorted(ws.scopes)))


def _reply(ws: Workspace, status: int, answer: Json, fault: Fault | None) -> web.Response:
    headers = {"X-OAuth-Scopes": ",".join(sorted(ws.scopes))}
    if fault and fault.status == 429:
        headers["Retry-After"] = str(fault.retry_after)
    return web.Response(status=status, text=json.dumps(answer), content_type="application/json", headers=headers)


async def _tell(ws: Workspace) -> None:
    async with ws.changed:
        ws.changed.notify_all()
