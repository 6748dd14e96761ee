"""People at work in a fake Slack: they type commands, press buttons, fill in dialogs and talk, and the app hears of it.

Every verb changes the workspace first, as Slack does, then tells the app, and returns the app's `Answer`. What people say is
given as Slack would send it: escaped, mentions as `<@U…>`. Nothing here sleeps; `until` waits for what the app does later.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from bot.demo import slack_events as events
from bot.demo import slack_forms as forms
from bot.demo import slack_views
from bot.demo.slack_delivery import Answer, Parcel, Postman
from bot.demo.slack_shapes import message_json
from bot.demo.slack_values import Channel, File, Json, Message, ResponseUrl, User, View
from bot.demo.slack_workspace import Workspace

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Upload:
    """A file somebody attaches. `connect`: it comes from another workspace, and events carry only a stub."""

    name: str
    content: bytes
    mimetype: str = "application/octet-stream"
    connect: bool = False


class FakeSlack:
    """One workspace and its people. `ws` is the state; the app is told at `connect`ed URLs, or over Socket Mode without any."""

    def __init__(self, ws: Workspace, postman: Postman) -> None:
        self.ws, self.postman = ws, postman

    @property
    def api_url(self) -> str:
        """The `base_url` of a Slack client."""
        return f"{self.ws.base_url}/api/"

    def connect(self, url: str, *, commands: str = "", interactivity: str = "") -> None:
        """Where the app listens: one URL for everything, unless told otherwise."""
        self.postman.doors = {"events": url, "commands": commands or url, "interactivity": interactivity or url}

    def calls(self, method: str) -> list[Mapping[str, object]]:
        """The arguments of every call of this method until now."""
        return [call.args for call in self.ws.calls if call.method == method]

    async def until(self, seen: Callable[[], T], seconds: float = 5) -> T:
        """Wait until `seen()` says something true, looking after each thing the app does. TimeoutError after `seconds`."""
        async with asyncio.timeout(seconds), self.ws.changed:
            await self.ws.changed.wait_for(lambda: bool(seen()))
        return seen()

    async def slash(self, user: User, line: str, channel: Channel | None = None) -> Answer:
        """Type `/ticket show 1042`, in the conversation with the app unless a channel is named."""
        place = (channel or self.ws.direct(user)).id
        url = self.ws.new_response_url(user, place)
        return await self.postman.deliver(Parcel("commands", events.command(self.ws, user, place, line, url), url))

    async def says(
        self,
        user: User,
        channel: Channel,
        text: str,
        *,
        thread: Message | None = None,
        files: Sequence[Upload] = (),
        broadcast: bool = False,
    ) -> Answer:
        """Say something, perhaps in a thread or with files; a mention of the app comes as two events, the second in `mention`."""
        ws = self.ws
        message = Message(channel.id, ws.next_ts(), text, user.id, broadcast=broadcast, client_msg_id=ws.new_id("m"))
        message.thread_ts = (thread.thread_ts or thread.ts) if thread else ""
        message.blocks = [events.rich_text(text)] if text else []
        message.files = [self._uploaded(user, upload).id for upload in files]
        ws.post(message)
        answer = await self._tells(channel, events.message_event(ws, message))
        if f"<@{ws.bot.id}>" in text and channel.kind != "im":
            answer.mention = await self._tells(channel, events.mention_event(ws, message))
        answer.message = message
        return answer

    async def edits(self, message: Message, text: str) -> Answer:
        """The author changes the words; the same words again are what an unfurl looks like."""
        before = message_json(self.ws, message)
        if text != message.text:
            message.text, message.edited_ts = text, self.ws.next_ts()
            message.blocks = self.ws.with_ids([events.rich_text(text)])
        return await self._tells(self.ws.channels[message.channel], events.changed_event(self.ws, message, before))

    async def deletes(self, message: Message) -> Answer:
        """Take a message away; with answers below it, a tombstone stays."""
        before = message_json(self.ws, message)
        self.ws.erase(message)
        return await self._tells(self.ws.channels[message.channel], events.erased_event(self.ws, message, before))

    async def reacts(self, user: User, message: Message, emoji: str) -> Answer:
        """Put an emoji under a message."""
        message.reactions.setdefault(emoji, []).append(user.id)
        event = events.reaction_event(self.ws, user, message, emoji, added=True)
        return await self._tells(self.ws.channels[message.channel], event)

    async def unreacts(self, user: User, message: Message, emoji: str) -> Answer:
        """Take one's emoji away again."""
        message.reactions[emoji].remove(user.id)
        event = events.reaction_event(self.ws, user, message, emoji, added=False)
        return await self._tells(self.ws.channels[message.channel], event)

    async def click(self, user: User, target: Message | View, action_id: str, choice: object = None) -> Answer:
        """Press a button, or choose in a menu, of a message, a dialog or the Home tab. LookupError when it is not there."""
        blocks = target.body["blocks"] if isinstance(target, View) else target.blocks
        assert isinstance(blocks, list)
        action = forms.pressed(blocks, action_id, choice, self.ws.next_ts())
        url = None if isinstance(target, View) else self.ws.new_response_url(user, target.channel, target)
        return await self._interacts("block_actions", user, url, actions=[action], **events.place_of(self.ws, target))

    async def suggests(self, user: User, target: Message | View, action_id: str, typed: str) -> Answer:
        """Type into an external menu; the app's `options` are in the answer."""
        blocks = target.body["blocks"] if isinstance(target, View) else target.blocks
        assert isinstance(blocks, list)
        block, _ = forms.found(blocks, action_id)
        asked = {"action_id": action_id, "block_id": block["block_id"], "value": typed}
        return await self._interacts("block_suggestion", user, None, **asked, **events.place_of(self.ws, target))

    async def submits(self, user: User, view: View, values: Mapping[str, object]) -> Answer:
        """Fill in and send a dialog; `values` go by `block_id` or `action_id`, what is not named stays as it was shown."""
        blocks = view.body["blocks"]
        assert isinstance(blocks, list)
        filled = forms.values_of(blocks, values)
        missing = forms.missing_answers(blocks, filled)
        if missing or not view.is_open:
            raise ValueError(f"Slack would not send this dialog: {', '.join(missing) or 'it'} is not there to be sent.")
        view.body["state"] = {"values": filled}
        answer = await self._interacts("view_submission", user, None, view=view.body, response_urls=[])
        slack_views.submitted(self.ws, view, answer.json if answer.status == 200 else None)
        return answer

    async def closes(self, user: User, view: View) -> Answer:
        """Close a dialog; the app hears of it only if it asked to."""
        view.is_open = False
        if not view.body["notify_on_close"]:
            return Answer(None)
        return await self._interacts("view_closed", user, None, view=view.body, is_cleared=False)

    async def shortcut(self, user: User, callback_id: str, message: Message | None = None) -> Answer:
        """Use a shortcut: of a message when one is given, else the global one."""
        if message is None:
            return await self._interacts("shortcut", user, None, callback_id=callback_id)
        place = events.place_of(self.ws, message) | {"message_ts": message.ts}
        del place["container"]
        url = self.ws.new_response_url(user, message.channel)
        return await self._interacts("message_action", user, url, callback_id=callback_id, **place)

    async def opens_home(self, user: User, tab: str = "home") -> Answer:
        """Look at the app's Home tab; what it published is `home(user)`."""
        return await self.sends(events.home_event(self.ws, user, tab, slack_views.home_of(self.ws, user.id)))

    async def shares_link(self, user: User, channel: Channel, url: str) -> Answer:
        """Post a link to the desk; unfurls arrive at the message."""
        message = self.ws.post(Message(channel.id, self.ws.next_ts(), f"<{url}>", user.id))
        answer = await self.sends(events.link_event(self.ws, message, url))
        answer.message = message
        return answer

    async def invites(self, inviter: User, member: User, channel: Channel) -> Answer:
        """Make somebody, perhaps the app, a member of a channel."""
        channel.members.add(member.id)
        return await self._tells(channel, events.joined_event(self.ws, member, channel.id, inviter))

    async def sends(self, event: Json) -> Answer:
        """Any other event, in a new envelope."""
        return await self.postman.deliver(Parcel("events", events.envelope(self.ws, event)))

    async def verifies_url(self, challenge: str) -> Answer:
        """What Slack asks when a request URL is saved."""
        return await self.postman.deliver(Parcel("events", {"token": events.TOKEN, "challenge": challenge, "type": "url_verification"}))

    async def sends_again(self, answer: Answer, attempt: int = 1, reason: str = "http_timeout") -> Answer:
        """The same delivery once more, as Slack does when it saw no good answer."""
        if answer.parcel is None:
            raise ValueError("Slack never told the app of this, so it has nothing to send again.")
        return await self.postman.deliver(answer.parcel, attempt, reason)

    async def echoes(self) -> list[Answer]:
        """Tell the app of what it did itself since the last time: its own posts, edits and reactions come back as events."""
        answers = []
        while self.ws.echoes:
            answers.append(await self.sends(self.ws.echoes.pop(0)))
        return answers

    def modal(self, user: User) -> View:
        """The dialog this user has before him. LookupError when there is none."""
        view = slack_views.modal_of(self.ws, user.id)
        if view is None:
            raise LookupError(f"{user.name} has no dialog open.")
        return view

    def home(self, user: User) -> View:
        """The Home tab the app published for this user. LookupError when it did not yet."""
        view = slack_views.home_of(self.ws, user.id)
        if view is None:
            raise LookupError(f"The app has not published a Home tab for {user.name}.")
        return view

    async def _tells(self, channel: Channel, event: Json) -> Answer:
        """Slack tells an app what happens where it is a member, and nothing else."""
        return await self.sends(event) if self.ws.bot.id in channel.members else Answer(None)

    async def _interacts(self, kind: str, user: User, url: ResponseUrl | None, **more: object) -> Answer:
        view = more.get("view")
        trigger = self.ws.new_trigger(user, str(view["id"]) if isinstance(view, dict) else "")
        payload = events.interaction(self.ws, kind, user, trigger_id=trigger, **more)
        if url is not None:
            payload["response_url"] = events.response_address(self.ws, url)
        return await self.postman.deliver(Parcel("interactivity", payload, url))

    def _uploaded(self, user: User, upload: Upload) -> File:
        ident = self.ws.new_id("F")
        size = len(upload.content)
        file = File(ident, upload.name, upload.name, upload.mimetype, user.id, size, upload.content, connect=upload.connect)
        self.ws.files[ident] = file
        return file
