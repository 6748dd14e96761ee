"""The operator's door: the `helpdesk` command, a module per noun. Mistakes end in one clear sentence and exit status 1."""

from __future__ import annotations

import sys

import click

from bot.cli.lazy import LazyGroup
from core.errors import HelpdeskError

NOUNS = ("up", "demo", "migrate", "user", "mail", "mailbox", "jobs", "alarms", "keys", "simulate", "slack")
helpdesk = LazyGroup(
    {name: (f"bot.cli.{name}", name) for name in NOUNS},
    name="helpdesk",
    help="An e-mail-first helpdesk with Slack beside it.",
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
)
click.version_option(package_name="helpdesk", message="helpdesk %(version)s")(helpdesk)


def main() -> None:
    """What the installed `helpdesk` runs."""
    try:
        helpdesk()
    except HelpdeskError as error:
        fields = "; ".join(f"{field} {why}" for field, why in getattr(error, "fields", {}).items())
        print(f"helpdesk: {error}" + (f" ({fields})" if fields else ""), file=sys.stderr)
        sys.exit(1)
