"""Socket Mode: the app asks for a WebSocket and gets over it what Slack would post over HTTP; each envelope is acknowledged."""

from __future__ import annotations

import asyncio
import uuid

from aiohttp import WSMsgType, web

from bot.demo.slack_values import Json
from bot.demo.slack_workspace import Workspace

PATIENCE = 15


class Sockets:
    """The connections an app has open, and the envelopes it has not acknowledged yet."""

    def __init__(self, ws: Workspace) -> None:
        self._ws = ws
        self._tickets: set[str] = set()
        self._open: list[web.WebSocketResponse] = []
        self._waiting: dict[str, asyncio.Future[Json]] = {}

    @property
    def connected(self) -> bool:
        """True while an app listens."""
        return bool(self._open)

    def address(self) -> str:
        """Where to connect, once."""
        ticket = uuid.uuid4().hex
        self._tickets.add(ticket)
        return f"{self._ws.base_url.replace('http', 'ws', 1)}/link/?ticket={ticket}&app_id={self._ws.app_id}"

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """One connection: hello, then acknowledgements, until either side ends it."""
        if request.query.get("ticket") not in self._tickets:
            return web.Response(status=401)
        self._tickets.discard(request.query["ticket"])
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        self._open.append(socket)
        try:
            await socket.send_json(self._hello())
            async with self._ws.changed:
                self._ws.changed.notify_all()
            async for frame in socket:
                if frame.type is WSMsgType.TEXT and frame.data.startswith("{"):
                    self._acknowledged(frame.json())
        finally:
            self._open.remove(socket)
        return socket

    async def send(self, kind: str, payload: Json, *, retry: int = 0, reason: str = "timeout") -> Json:
        """Send one envelope over the newest connection and return the payload of its acknowledgement, or {}; TimeoutError without one."""
        ident = str(uuid.uuid4())
        self._waiting[ident] = asyncio.get_running_loop().create_future()
        envelope: Json = {"envelope_id": ident, "type": kind, "payload": payload, "accepts_response_payload": kind != "events_api"}
        if retry:
            envelope |= {"retry_attempt": retry, "retry_reason": reason}
        await self._open[-1].send_json(envelope)
        try:
            async with asyncio.timeout(PATIENCE):
                return await self._waiting[ident]
        finally:
            del self._waiting[ident]

    async def disconnect(self, reason: str = "refresh_requested") -> None:
        """Ask every connection to come again, as Slack does every few hours, and end it."""
        for socket in list(self._open):
            await socket.send_json({"type": "disconnect", "reason": reason, "debug_info": {"host": "applink-demo"}})
            await socket.close()

    def _acknowledged(self, answer: Json) -> None:
        waiting = self._waiting.get(str(answer.get("envelope_id")))
        if waiting is not None and not waiting.done():
            payload = answer.get("payload")
            waiting.set_result(payload if isinstance(payload, dict) else {})

    def _hello(self) -> Json:
        debug = {"host": "applink-demo", "build_number": 1, "approximate_connection_time": 18060}
        connection = {"app_id": self._ws.app_id}
        return {"type": "hello", "num_connections": len(self._open), "debug_info": debug, "connection_info": connection}
