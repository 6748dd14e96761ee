"""What follows from what: one table, event → jobs. The jobs are rows of the same commit as the event.

Whether a consequence is needed at all is the job's own decision when it reads the event; this table never asks who called.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from core import events
from core.jobs import FILE_MAIL, MAIL_LINK, SHOW_IN_SLACK, STAFF_RECEIPT, TELL_OPERATORS, TELL_PEOPLE, Job


@dataclass(frozen=True, slots=True)
class Emitted:
    """An event with the id of its row (0 for those that have none)."""

    id: int
    event: events.Event | events.DeskEvent


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


def mail_link(emitted: Emitted, _channels: Channels) -> Job | None:
    """Send somebody the link that was made for him."""
    assert isinstance(emitted.event, events.LinkMade)
    return Job(MAIL_LINK, {"nonce": emitted.event.nonce})


def tell_operators(emitted: Emitted, _channels: Channels) -> Job | None:
    """Tell every admin of an alarm."""
    assert isinstance(emitted.event, events.AlarmChanged)
    return Job(TELL_OPERATORS, {"alarm": emitted.event.alarm_id})


def staff_receipt(emitted: Emitted, _channels: Channels) -> Job | None:
    """Tell a colleague what came of his mail."""
    assert isinstance(emitted.event, events.StaffMailHandled)
    return Job(STAFF_RECEIPT, {"inbound_mail": emitted.event.inbound_mail_id})


def tell_people(emitted: Emitted, _channels: Channels) -> Job | None:
    """Tell whoever should learn of it, in-app and by mail."""
    assert isinstance(emitted.event, events.Event)
    return Job(TELL_PEOPLE, {"event": emitted.id, "ticket": emitted.event.ticket_id})


def tell_people_of_comment(emitted: Emitted, channels: Channels) -> Job | None:
    """Tell people of something said; a staff answer waits until it can no longer be taken back."""
    assert isinstance(emitted.event, events.CommentAdded)
    waits = emitted.event.public and emitted.event.by == "staff"
    return Job(TELL_PEOPLE, {"event": emitted.id, "ticket": emitted.event.ticket_id}, after=channels.undo if waits else None)


def tell_people_of_status(emitted: Emitted, channels: Channels) -> Job | None:
    """Tell people of an end or a new beginning; the steps between are seen, not told."""
    assert isinstance(emitted.event, events.StatusChanged)
    return tell_people(emitted, channels) if {emitted.event.before, emitted.event.after} & {"resolved", "closed"} else None


def show_in_slack(emitted: Emitted, channels: Channels) -> Job | None:
    """Bring the ticket's cards and threads in Slack up to date."""
    assert isinstance(emitted.event, events.Event)
    return Job(SHOW_IN_SLACK, {"ticket": emitted.event.ticket_id}) if channels.slack else None


def show_live_ticket_in_slack(emitted: Emitted, channels: Channels) -> Job | None:
    """What was said on a merged ticket belongs on the card of the one it goes on in as well."""
    assert isinstance(emitted.event, events.CommentAdded)
    live = emitted.event.live_ticket_id
    return Job(SHOW_IN_SLACK, {"ticket": live}) if channels.slack and live is not None else None


CONSEQUENCES: dict[type[events.Event | events.DeskEvent], tuple[Consequence, ...]] = {
    events.MailAccepted: (file_mail,),
    events.LinkMade: (mail_link,),
    events.AlarmChanged: (tell_operators,),
    events.StaffMailHandled: (staff_receipt,),
    events.TicketOpened: (tell_people, show_in_slack),
    events.CommentAdded: (tell_people_of_comment, show_in_slack, show_live_ticket_in_slack),
    events.CommentEdited: (show_in_slack,),
    events.CommentRetracted: (show_in_slack,),
    events.TicketAssigned: (tell_people, show_in_slack),
    events.StatusChanged: (tell_people_of_status, show_in_slack),
    events.PriorityChanged: (show_in_slack,),
    events.SubjectChanged: (show_in_slack,),
    events.QueueChanged: (show_in_slack,),
    events.TagsChanged: (show_in_slack,),
    events.ParticipantAdded: (),
    events.ParticipantRemoved: (),
    events.JoinRequested: (tell_people, show_in_slack),
    events.JoinDecided: (show_in_slack,),
    events.TicketMerged: (tell_people, show_in_slack),
    events.MergeReceived: (show_in_slack,),
    events.TicketUnmerged: (show_in_slack,),
    events.MergeUndone: (show_in_slack,),
    events.TicketSplit: (show_in_slack,),
    events.TicketLinked: (),
    events.TicketUnlinked: (),
    events.TicketSnoozed: (show_in_slack,),
    events.TicketWoke: (tell_people, show_in_slack),
    events.CloseWarned: (tell_people,),
    events.DeliveryFailed: (tell_people, show_in_slack),
}


def jobs_for(emitted: list[Emitted], channels: Channels) -> list[Job]:
    """The jobs that follow from events, in their order, each once."""
    jobs = (consequence(one, channels) for one in emitted for consequence in CONSEQUENCES[type(one.event)])
    return list({(job.name, *job.payload.values()): job for job in jobs if job is not None}.values())
