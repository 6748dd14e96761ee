"""The operator's door: the `helpdesk` command, a module per noun. Mistakes end in one clear sentence and exit status 1."""

from __future__ import annotations

import sys

import click

from bot.cli import alarms, demo, jobs, mail, mailbox, migrate, simulate, slack, up, user
from core.errors import HelpdeskError


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(package_name="helpdesk", message="helpdesk %(version)s")
def helpdesk() -> None:
    """An e-mail-first helpdesk with Slack beside it."""


for command in (
    up.up,
    demo.demo,
    migrate.migrate,
    user.user,
    mail.mail,
    mailbox.mailbox,
    jobs.jobs,
    alarms.alarms,
    simulate.simulate,
    slack.slack,
):
    helpdesk.add_command(command)


def main() -> None:
    """What the installed `helpdesk` runs."""
    try:
        helpdesk()
    except HelpdeskError as error:
        fields = "; ".join(f"{field} {why}" for field, why in getattr(error, "fields", {}).items())
        print(f"helpdesk: {error}" + (f" ({fields})" if fields else ""), file=sys.stderr)
        sys.exit(1)
