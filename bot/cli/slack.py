"""`helpdesk slack`: connecting the app."""

from __future__ import annotations

import json

import click

from bot.slack.manifest import manifest as manifest_for
from core.settings import load_settings


@click.group()
def slack() -> None:
    """Slack: connect the app."""


@slack.command()
def manifest() -> None:
    """Print the app manifest to paste at api.slack.com/apps (Create New App, From a manifest)."""
    settings = load_settings()
    print(json.dumps(manifest_for(settings), indent=2))
    click.echo(_NEXT.format(url=settings.public_url, bot=settings.bot_listen), err=True)


_NEXT = """
Slack has to reach {url}/slack/events: let your proxy send /slack/ to the bot at {bot}. Without a public address, switch on
Socket Mode in the app and set SLACK_APP_TOKEN. Then install the app and set SLACK_BOT_TOKEN (OAuth & Permissions),
SLACK_SIGNING_SECRET (Basic Information), SLACK_TRIAGE_CHANNEL (a channel's id) and SLACK_TRUSTED_DOMAINS, and start again."""
