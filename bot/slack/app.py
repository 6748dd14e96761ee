"""The Slack app: Slack's own framework checks and reads the requests, and hands them to the desk.

Slack reaches it at /slack/events (events, commands and clicks alike) or, with SLACK_APP_TOKEN, over a socket that the app opens.
Requests are answered after their work is committed, so what was acknowledged is done; whatever fails is sent again by Slack.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from typing import Any

import aiohttp
import structlog
from aiohttp import web
from slack_bolt import BoltResponse
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.web.async_client import AsyncWebClient

from bot.locks import TicketLocks
from bot.slack.cards import Cards
from bot.slack.desk import BUTTONS, Desk
from bot.slack.files import Files
from bot.slack.messages import Messages, heard_in
from bot.slack.patience import Patience
from bot.slack.people import People
from bot.slack.web import PATIENCE, SlackWeb
from core.errors import Forbidden, HelpdeskError
from core.jobs import SLACK_LOCKS
from core.runtime import Runtime

log = structlog.get_logger()

PATH = "/slack/events"
Work = Callable[[Mapping[str, int]], Awaitable[None]]


class SlackApp:
    """A running app: `mount` puts it into the bot's HTTP, `show` does the jobs of SHOW_IN_SLACK."""

    def __init__(self, bolt: AsyncApp, show: Work, *, http: bool) -> None:
        self._bolt = bolt
        self._http = http
        self.show = show

    def mount(self, app: web.Application) -> None:
        """Serve Slack's requests at PATH; not without a signing secret, because anybody could send them."""
        if self._http:
            app.router.add_post(PATH, self._handle)

    async def _handle(self, request: web.Request) -> web.Response:
        return await to_aiohttp_response(await self._bolt.async_dispatch(await to_bolt_request(request)))


@asynccontextmanager
async def open_slack(rt: Runtime) -> AsyncIterator[SlackApp]:
    """Connect to Slack by the settings until the block ends. A Slack that does not answer is tried again with each request."""
    async with AsyncExitStack() as stack:
        session = await stack.enter_async_context(aiohttp.ClientSession(timeout=PATIENCE))
        slack_web = SlackWeb(rt, session)
        locks = TicketLocks(rt.database, SLACK_LOCKS)
        stack.push_async_callback(locks.close)
        patience = Patience()
        bolt = _bolt_app(rt, slack_web, patience)
        stack.push_async_callback(patience.close)
        await _greet(rt, slack_web)
        if rt.settings.slack_app_token is not None:
            await stack.enter_async_context(_socket(bolt, slack_web, rt.settings.slack_app_token.get_secret_value()))
        yield SlackApp(bolt, Cards(rt, slack_web, locks).show, http=rt.settings.slack_signing_secret is not None)


def _bolt_app(rt: Runtime, slack_web: SlackWeb, patience: Patience) -> AsyncApp:
    people = People(rt, slack_web)
    desk, messages = Desk(rt, people), Messages(rt, slack_web, people, Files(rt, slack_web))
    secret = rt.settings.slack_signing_secret
    bolt = AsyncApp(
        name="helpdesk",
        client=AsyncWebClient(base_url=rt.settings.slack_api_url, session=slack_web.session, retry_handlers=[]),
        signing_secret=secret.get_secret_value() if secret else "",
        authorize=_authorize_of(slack_web),
        process_before_response=True,
    )

    @bolt.command("/ticket")
    async def typed(ack: AsyncAck, respond: AsyncRespond, body: dict[str, Any]) -> None:
        await patience.answer(ack, respond, desk.typed(body), typed=True)

    @bolt.action(re.compile(f"^({'|'.join(BUTTONS)})$"))
    async def pressed(ack: AsyncAck, respond: AsyncRespond, body: dict[str, Any]) -> None:
        await patience.answer(ack, respond, desk.pressed(body), typed=False)

    @bolt.event("message")
    async def said(event: dict[str, Any], context: dict[str, Any]) -> None:
        heard = heard_in(event, str(context["team_id"]))
        if heard is not None:
            await patience.carry_out(heard.key, lambda: messages.file(heard))

    @bolt.event(re.compile(".*"))
    async def anything_else() -> None:
        """Acknowledged: an app may be subscribed to more than this version knows."""

    @bolt.error
    async def failed(error: Exception) -> BoltResponse:
        if not isinstance(error, HelpdeskError):
            log.error("slack.request_failed", exc_info=error)
        return BoltResponse(status=403 if isinstance(error, Forbidden) else 503, body="")

    return bolt


def _authorize_of(slack_web: SlackWeb) -> Callable[..., Awaitable[AuthorizeResult]]:
    async def authorize(enterprise_id: str | None, team_id: str | None) -> AuthorizeResult:
        """Only the workspace of the settings speaks to us."""
        ours = await slack_web.workspace()
        if team_id != ours.team_id:
            raise Forbidden("This desk belongs to another workspace.")
        return AuthorizeResult(
            enterprise_id=enterprise_id, team_id=team_id, bot_user_id=ours.bot_user_id, bot_id=ours.bot_id, bot_token=slack_web.token
        )

    return authorize


async def _greet(rt: Runtime, slack_web: SlackWeb) -> None:
    """Learn whose app we are. A Slack that is down must not keep the mail from flowing."""
    if not rt.settings.slack_trusted_domains:
        log.warning("slack.no_trusted_domains", hint="Nobody in Slack is staff until SLACK_TRUSTED_DOMAINS names its mail domains.")
    with suppress(HelpdeskError):
        await slack_web.workspace()


@asynccontextmanager
async def _socket(bolt: AsyncApp, slack_web: SlackWeb, app_token: str) -> AsyncIterator[None]:
    handler = AsyncSocketModeHandler(bolt, app_token, web_client=slack_web.client)
    connecting = asyncio.create_task(handler.client.connect())  # type: ignore[no-untyped-call]  # unannotated in slack_sdk
    try:
        yield
    finally:
        connecting.cancel()
        await asyncio.gather(connecting, return_exceptions=True)
        await handler.client.close()  # type: ignore[no-untyped-call]  # unannotated in slack_sdk
