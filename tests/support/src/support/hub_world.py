"""A conversation as Chatwoot has it, and the events it sends: the ground truth that the hub's view is compared with."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from common.events import (
    Assignee,
    AssigneeChanged,
    AssigneeKind,
    ChatwootEvent,
    CommandGivenUp,
    CommandWithheld,
    Contact,
    ConversationSnapshot,
    ConversationStatus,
    ConversationStatusChanged,
    ConversationUpdated,
    CustomerMessageReceived,
    DeliveryKind,
    GivenUpReason,
    HumanReplied,
    MessageDelivered,
    MessageEdited,
    MessageFailed,
    OtherBotReplied,
    WithheldReason,
)
from common.tenants import Assistant, TenantProfile

E = TypeVar("E", bound=ChatwootEvent)

START = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
CUSTOMER = Contact(id=7, name="Maria", phone="+5511912345678")
TENANT = TenantProfile(tenant="acme", chatwoot_account_id=1, assistant=Assistant(name="Lia", debounce_seconds=2))


@dataclass
class World:
    """One conversation in Chatwoot. Every act takes a second and answers with the event Chatwoot sends for it."""

    status: ConversationStatus = "pending"
    assignee: AssigneeKind = "nobody"
    delivery: DeliveryKind = "agent_bot"
    conversation_id: int = 25
    tenant: str = "acme"
    seconds: float = 0.0
    next_message_id: int = 100
    blocked: bool = False
    sent: list[ChatwootEvent] = field(default_factory=list)

    def copy(self) -> World:
        return replace(self, sent=list(self.sent))

    @property
    def now(self) -> datetime:
        return START + timedelta(seconds=self.seconds)

    def snapshot(self) -> ConversationSnapshot:
        return ConversationSnapshot(
            status=self.status,
            assignee=Assignee(kind=self.assignee),
            updated_at=self.now.timestamp(),
            channel="Channel::Whatsapp",
            contact_blocked=self.blocked,
        )

    def customer(self, text: str = "tem?") -> CustomerMessageReceived:
        """The customer writes: a resolved conversation becomes pending, a snoozed one opens."""
        if self.status == "resolved":
            self.status = "pending"
        elif self.status == "snoozed":
            self.status = "open"
        contact = CUSTOMER.model_copy(update={"blocked": self.blocked})
        return self._send(CustomerMessageReceived, message_id=self._message_id(), text=text, contact=contact)

    def found_by_sweep(
        self, text: str = "oi", *, age_seconds: float, can_reply: bool = True
    ) -> CustomerMessageReceived:
        """A message whose webhook was lost; a sweep found it so long after it was written."""
        found = self.customer(text)
        snapshot = found.snapshot.model_copy(update={"can_reply": can_reply})
        return found.model_copy(update={"delivery": "reconciliation", "age_seconds": age_seconds, "snapshot": snapshot})

    def human_reply(self, text: str = "") -> HumanReplied:
        """A person answers from the panel; that alone does not open the conversation."""
        return self._send(HumanReplied, message_id=self._message_id(), user_id=3, text=text)

    def phone_echo(self) -> HumanReplied:
        """A person answers from the paired phone."""
        return self._send(HumanReplied, message_id=self._message_id(), via="phone_echo")

    def automation(self) -> OtherBotReplied:
        """An automation rule writes to the customer."""
        return self._send(OtherBotReplied, message_id=self._message_id(), sender_kind="automation")

    def set_status(self, status: ConversationStatus) -> ConversationStatusChanged:
        """A person changes the status. Opening takes the conversation from the bot."""
        self.status = status
        if status == "open" and self.assignee == "our_bot":
            self.assignee = "nobody"
        return self._send(ConversationStatusChanged)

    def assign(self, kind: AssigneeKind) -> AssigneeChanged:
        """A person changes the assignee."""
        self.assignee = kind
        return self._send(AssigneeChanged)

    def escalate(self) -> ConversationStatusChanged:
        """A webhook to the bot failed: Chatwoot itself opens a pending conversation, and leaves the assignee."""
        if self.status == "pending":
            self.status = "open"
        return self._send(ConversationStatusChanged)

    def noise(self) -> ConversationUpdated:
        """Something that matters to nobody here."""
        return self._send(ConversationUpdated, changed=("priority",))

    def delivered(self, message_id: int) -> MessageDelivered:
        """The channel took a message of ours."""
        return self._send(MessageDelivered, message_id=message_id)

    def edit(self, message_id: int, change: str, text: str = "") -> MessageEdited:
        """A message changes after the fact."""
        return self._send(MessageEdited, message_id=message_id, change=change, text=text)

    def reply_failed(self, message_id: int, command_id: str | None = "acme.25.1.101:1") -> MessageFailed:
        """The channel refuses a message that is already shown in Chatwoot."""
        return self._send(MessageFailed, message_id=message_id, reason="131047: window closed", command_id=command_id)

    def withheld(self, turn_id: str, reason: WithheldReason, command: str = "SendMessage") -> CommandWithheld:
        """The sender looked just before it spoke, and kept silent."""
        ids = {"command_id": f"{turn_id}:1", "turn_id": turn_id}
        return self._send(CommandWithheld, command=command, reason=reason, **ids)

    def given_up(
        self, turn_id: str, reason: GivenUpReason, text: str = "Temos.", command: str = "SendMessage"
    ) -> CommandGivenUp:
        """The sender could finally not carry out a command."""
        ids = {"command_id": f"{turn_id}:1", "turn_id": turn_id}
        return self._send(CommandGivenUp, command=command, reason=reason, text=text, **ids)

    def _message_id(self) -> int:
        self.next_message_id += 1
        return self.next_message_id

    def _send(self, kind: type[E], **fields: Any) -> E:
        self.seconds += 1
        event = kind(
            event_id=f"cw:{self.tenant}:{self.conversation_id}:{len(self.sent)}:{self.seconds}",
            tenant=self.tenant,
            account_id=1,
            inbox_id=3,
            conversation_id=self.conversation_id,
            occurred_at=self.now,
            received_at=self.now,
            delivery=self.delivery,
            snapshot=self.snapshot(),
            **fields,
        )
        self.sent.append(event)
        return event
