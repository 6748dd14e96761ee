"""The app's manifest: everything an operator would otherwise click together by hand, as JSON to paste once."""

from __future__ import annotations

from core.settings import Settings

SCOPES = (
    "channels:history",
    "channels:read",
    "chat:write",
    "commands",
    "files:read",
    "groups:history",
    "groups:read",
    "im:history",
    "im:read",
    "im:write",
    "metadata.message:read",
    "users:read",
    "users:read.email",
)
EVENTS = ("message.channels", "message.groups", "message.im")


def manifest(settings: Settings) -> dict[str, object]:
    """For Slack's "Create New App → From a manifest". With SLACK_APP_TOKEN it is the Socket Mode variant, which needs no URL."""
    socket = settings.slack_app_token is not None
    url: dict[str, object] = {} if socket else {"url": address(settings)}
    request_url: dict[str, object] = {} if socket else {"request_url": address(settings)}
    command = {"command": "/ticket", "description": "Open, find and answer tickets", "usage_hint": "help", "should_escape": True}
    return {
        "display_information": {"name": "Helpdesk", "description": "Tickets, answered where people are", "background_color": "#1d4ed8"},
        "features": {
            "app_home": {"home_tab_enabled": False, "messages_tab_enabled": True, "messages_tab_read_only_enabled": False},
            "bot_user": {"display_name": "Helpdesk", "always_online": True},
            "slash_commands": [command | url],
        },
        "oauth_config": {"scopes": {"bot": list(SCOPES)}},
        "settings": {
            "event_subscriptions": {"bot_events": list(EVENTS)} | request_url,
            "interactivity": {"is_enabled": True} | request_url,
            "org_deploy_enabled": False,
            "socket_mode_enabled": socket,
            "token_rotation_enabled": False,
        },
    }


def address(settings: Settings) -> str:
    """Where Slack reaches the desk: the public address, behind which /slack leads to the bot's HTTP."""
    return f"{settings.public_url}/slack/events"
