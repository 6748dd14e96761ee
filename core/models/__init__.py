"""The tables, by subject. Columns and relations only: what may be done to them stands in the commands beside this package.

Every module here is listed in `MODULES`; Tortoise and aerich read them from there.
"""

from core.models.alarms import Alarm, HourlyCount
from core.models.faqs import Faq, FaqVote
from core.models.integrations import IdempotencyKey, Setting, Webhook
from core.models.mail import Delivery, ImapPosition, InboundMail, OutboundMessage, Suppression
from core.models.people import ApiToken, Identity, OneTimeToken, Session, User, UserAddress
from core.models.queues import BlockedSender, CannedReply, Mailbox, Queue, QueueMember, SlaPolicy
from core.models.record import Event, Notification, NotificationPreference
from core.models.slack import SlackCard, SlackChannel, SlackMessage, SlackPerson, SlackReceipt, SlackWorkspace
from core.models.tickets import Attachment, Comment, CommentRevision, Tag, Ticket, TicketTag
from core.models.ties import JoinRequest, SlaClock, Survey, TicketLink, TicketMute, TicketParticipant, TicketWatcher

MODULES = tuple(
    f"core.models.{name}" for name in ("alarms", "faqs", "integrations", "mail", "people", "queues", "record", "slack", "tickets", "ties")
)

__all__ = [
    "Alarm",
    "ApiToken",
    "Attachment",
    "BlockedSender",
    "CannedReply",
    "Comment",
    "CommentRevision",
    "Delivery",
    "Event",
    "Faq",
    "FaqVote",
    "HourlyCount",
    "IdempotencyKey",
    "Identity",
    "ImapPosition",
    "InboundMail",
    "JoinRequest",
    "Mailbox",
    "Notification",
    "NotificationPreference",
    "OneTimeToken",
    "OutboundMessage",
    "Queue",
    "QueueMember",
    "Session",
    "Setting",
    "SlaClock",
    "SlaPolicy",
    "SlackCard",
    "SlackChannel",
    "SlackMessage",
    "SlackPerson",
    "SlackReceipt",
    "SlackWorkspace",
    "Suppression",
    "Survey",
    "Tag",
    "Ticket",
    "TicketLink",
    "TicketMute",
    "TicketParticipant",
    "TicketTag",
    "TicketWatcher",
    "User",
    "UserAddress",
    "Webhook",
]
