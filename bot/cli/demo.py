"""`helpdesk demo`: the main story on a throw-away desk, through the real doors."""

from __future__ import annotations

import sys

import click

from bot.cli.desk import run


@click.command()
@click.option("--slack", is_flag=True, help="Play the story of Slack, with a Slack of our own on loopback.")
def demo(slack: bool) -> None:
    """Tell the main story on a throw-away desk, with timings; exit status 1 if any step differs."""
    # The demo brings servers with it that no other command needs.
    from bot.demo import slack_story, story

    sys.exit(run(slack_story.told() if slack else story.told()))
