"""What follows from what: one table, event → jobs. The jobs are rows of the same commit as the event.

Whether a consequence is needed at all is the job's own decision when it reads the event; this table never asks who called.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from core import events
from core.jobs import FILE_MAIL, MAIL_PEOPLE, SHOW_IN_SLACK, Job


@dataclass(frozen=True, slots=True)
class Emitted:
    """An event with the id of its row (0 for those that have none)."""

    id: int
    event: events.Event | events.MailAccepted


@dataclass(frozen=True, slots=True)
class Channels:
    """Which ways out are connected, and how long a public answer can still be taken back."""

    slack: bool
    undo: timedelta


Consequence = Callable[[Emitted, Channels], Job | None]


def file_mail(emitted: Emitted, _channels: Channels) -> Job | None:
    """Turn an accepted mail into a ticket or a comment."""
    assert isinstance(emitted.event, events.MailAccepted)
    return Job(FILE_MAIL, {"inbound_mail": emitted.event.inbound_mail_id})


def mail_people(emitted: Emitted, _channels: Channels) -> Job | None:
    """Write to whoever should learn of it by mail."""
    assert isinstance(emitted.event, events.Event)
    return Job(MAIL_PEOPLE, {"event": emitted.id, "ticket": emitted.event.ticket_id})


def mail_people_of_comment(emitted: Emitted, channels: Channels) -> Job | None:
    """Write to people about something said; a staff answer waits until it can no longer be taken back."""
    assert isinstance(emitted.event, events.CommentAdded)
    waits = emitted.event.public and emitted.event.by == "staff"
    return Job(MAIL_PEOPLE, {"event": emitted.id, "ticket": emitted.event.ticket_id}, after=channels.undo if waits else None)


def mail_people_of_status(emitted: Emitted, channels: Channels) -> Job | None:
    """Write to people about an end or a new beginning; the steps between are seen, not mailed."""
    assert isinstance(emitted.event, events.StatusChanged)
    return mail_people(emitted, channels) if {emitted.event.before, emitted.event.after} & {"resolved", "closed"} else None


def show_in_slack(emitted: Emitted, channels: Channels) -> Job | None:
    """Bring the ticket's cards and threads in Slack up to date."""
    assert isinstance(emitted.event, events.Event)
    return Job(SHOW_IN_SLACK, {"ticket": emitted.event.ticket_id}) if channels.slack else None


CONSEQUENCES: dict[type[events.Event | events.MailAccepted], tuple[Consequence, ...]] = {
    events.MailAccepted: (file_mail,),
    events.TicketOpened: (mail_people, show_in_slack),
    events.CommentAdded: (mail_people_of_comment, show_in_slack),
    events.TicketAssigned: (mail_people, show_in_slack),
    events.StatusChanged: (mail_people_of_status, show_in_slack),
    events.PriorityChanged: (show_in_slack,),
    events.SubjectChanged: (show_in_slack,),
    events.QueueChanged: (show_in_slack,),
    events.TagsChanged: (show_in_slack,),
    events.ParticipantAdded: (),
    events.JoinRequested: (show_in_slack,),
    events.DeliveryFailed: (show_in_slack,),
}


def jobs_for(emitted: list[Emitted], channels: Channels) -> list[Job]:
    """The jobs that follow from events, in their order, each once."""
    jobs = (consequence(one, channels) for one in emitted for consequence in CONSEQUENCES[type(one.event)])
    return list({(job.name, *job.payload.values()): job for job in jobs if job is not None}.values())
