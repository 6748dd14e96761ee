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
    print(json.dumps(manifest_for(load_settings()), indent=2))
