"""Changes of a conversation, and the events Chatwoot fires after each."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from simulator.chatwoot.events import Events
from simulator.chatwoot.model import AgentBot, Conversation, Message, MessageType, Status, User, World
from simulator.chatwoot.payloads import change
from simulator.chatwoot.rails_json import iso

FAILED_BOT_ACTIVITY = "Conversation was marked open by system due to an error with the agent bot."


def _tracked(conversation: Conversation) -> dict[str, Any]:
    """What a change of is told by `conversation_updated`."""
    return {
        "status": conversation.status,
        "assignee_id": conversation.assignee.id if conversation.assignee else None,
        "assignee_agent_bot_id": conversation.bot.id if conversation.bot else None,
        "team_id": conversation.team_id,
        "label_list": list(conversation.labels),
        "custom_attributes": conversation.custom_attributes,
        "priority": conversation.priority,
        "snoozed_until": conversation.snoozed_until,
        "waiting_since": conversation.waiting_since,
        "first_reply_created_at": conversation.first_reply_created_at,
    }


_TIMES = frozenset({"snoozed_until", "waiting_since", "first_reply_created_at"})


class Changes:
    """Changes conversations the way people, bots and the system do."""

    def __init__(self, world: World, events: Events) -> None:
        self._world = world
        self._events = events

    @contextmanager
    def of(self, conversation: Conversation) -> Iterator[None]:
        """Fire the events of whatever the block changes, as after one commit."""
        before = _tracked(conversation)
        updated_before = conversation.updated_at
        yield
        after = _tracked(conversation)
        changed = [name for name, value in after.items() if value != before[name]]
        if not changed:
            return
        conversation.updated_at = max(self._world.clock.now(), updated_before)
        changes = [
            change(name, iso(before[name]), iso(after[name]))
            if name in _TIMES
            else change(name, before[name], after[name])
            for name in changed
        ]
        changes.append(change("updated_at", iso(updated_before), iso(conversation.updated_at)))
        if "status" in changed:
            if conversation.status in ("open", "resolved"):
                self._events.conversation(
                    "conversation_opened" if conversation.status == "open" else "conversation_resolved", conversation
                )
            self._events.conversation("conversation_status_changed", conversation)
        self._events.conversation("conversation_updated", conversation, changes)

    def set_status(self, conversation: Conversation, status: Status, by: str, until: float | None = None) -> None:
        """Set the status, with the activity line people see."""
        was = conversation.status
        with self.of(conversation):
            conversation.status = status
            conversation.snoozed_until = until if status == "snoozed" else None
            if status == "resolved":
                conversation.waiting_since = None
        if was != status:
            self.activity(conversation, _STATUS_TEXTS[status].format(by=by))

    def bot_handoff(self, conversation: Conversation, bot: AgentBot) -> None:
        """A bot gives the conversation to people."""
        with self.of(conversation):
            conversation.waiting_since = conversation.waiting_since or self._world.clock.now()
            conversation.bot = None
            conversation.status = "open"
        self.activity(conversation, _STATUS_TEXTS["open"].format(by=bot.name))

    def open_by_user(self, conversation: Conversation, user: User) -> None:
        """A person opens it: the bot is out, an agent takes it."""
        with self.of(conversation):
            conversation.bot = None
            conversation.status = "open"
            conversation.snoozed_until = None
            if user.role == "agent":
                conversation.assignee = user
        self.activity(conversation, _STATUS_TEXTS["open"].format(by=user.name))

    def escalate(self, conversation: Conversation) -> None:
        """Chatwoot itself opens it because the bot's webhook failed. The bot stays assigned."""
        with self.of(conversation):
            conversation.status = "open"
        self.activity(conversation, FAILED_BOT_ACTIVITY)

    def assign_user(self, conversation: Conversation, user: User | None) -> None:
        """Assign a person; a bot's pending conversation opens. None only unassigns."""
        with self.of(conversation):
            if user is not None and conversation.status == "pending":
                conversation.status = "open"
            conversation.assignee = user
            conversation.bot = None
        text = f"Assigned to {user.name}" if user else "Conversation unassigned"
        self.activity(conversation, text)

    def assign_bot(self, conversation: Conversation, bot: AgentBot) -> None:
        """Give it (back) to a bot: people are out, the status is pending."""
        with self.of(conversation):
            conversation.assignee = None
            conversation.bot = bot
            conversation.status = "pending"
            conversation.snoozed_until = None
        self.activity(conversation, f"Assigned to {bot.name}")

    def assign_team(self, conversation: Conversation, team_id: int | None) -> None:
        """Assign a team."""
        with self.of(conversation):
            conversation.team_id = team_id

    def set_labels(self, conversation: Conversation, labels: list[str]) -> None:
        """Replace the labels."""
        with self.of(conversation):
            conversation.labels = list(dict.fromkeys(labels))

    def set_custom_attributes(self, conversation: Conversation, attributes: dict[str, Any], *, merge: bool) -> None:
        """Replace or merge the custom attributes."""
        with self.of(conversation):
            conversation.custom_attributes = (
                {**conversation.custom_attributes, **attributes} if merge else dict(attributes)
            )

    def set_priority(self, conversation: Conversation, priority: str | None) -> None:
        """Set the priority."""
        with self.of(conversation):
            conversation.priority = priority

    def activity(self, conversation: Conversation, text: str) -> Message:
        """A line in the history that no webhook tells of."""
        now = self._world.clock.now()
        message = Message(
            self._world.next_message_id(), conversation, MessageType.ACTIVITY, text, created_at=now, updated_at=now
        )
        conversation.messages.append(message)
        self._world.messages[message.id] = message
        self._events.message("message_created", message)
        return message


_STATUS_TEXTS: dict[Status, str] = {
    "open": "Conversation was reopened by {by}",
    "resolved": "Conversation was marked resolved by {by}",
    "pending": "Conversation was marked as pending by {by}",
    "snoozed": "Conversation was snoozed by {by}",
}
