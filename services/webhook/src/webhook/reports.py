"""What the sender tells the hub: events on the conversation's own subject, in order with all others."""

from __future__ import annotations

from typing import Final

from common import metrics
from common.commands import ChatwootCommand, SendMessage, SendTemplate
from common.errors import Reject
from common.events import (
    Assignee,
    ChatwootEvent,
    CommandGivenUp,
    CommandWithheld,
    ConversationSnapshot,
    GivenUpReason,
    HumanReplied,
    WithheldReason,
)
from common.nats.publisher import Publisher
from common.nats.retry import DeadLetter
from common.nats.topology import CHATWOOT_EVENTS
from common.subjects import chatwoot_event
from webhook.clock import Clock
from webhook.conversation_now import ConversationNow
from webhook.errors import NotFound, Refused, Unauthorised
from webhook.read_back import NO_WAY_TO_LOOK

NOTHING_KNOWN: Final = ConversationSnapshot(
    status="pending", assignee=Assignee(kind="nobody"), updated_at=0.0, channel=""
)
"""Older than anything the hub has seen, so that it changes nothing."""


class Reports:
    """Publishes under ids that depend on the command alone: told twice is told once."""

    def __init__(self, publisher: Publisher, *, now: Clock) -> None:
        self._publisher = publisher
        self._now = now

    async def withheld(
        self, command: ChatwootCommand, reason: WithheldReason, seen: ConversationNow, person: HumanReplied | None
    ) -> None:
        """A command was not carried out, because the conversation is not the bot's any more.

        Raises:
            PublishFailed: not stored.
        """
        metrics.WITHHELD.labels(reason).inc()
        if person:
            # The webhook of that message may be late or lost: under the same id it is one fact.
            await self._publish(person)
        await self._publish(
            CommandWithheld(
                **self._common(command, seen),
                event_id=f"sender:{command.command_id}:withheld",
                command_id=command.command_id,
                turn_id=command.turn_id,
                command=command.type_name(),
                reason=reason,
            )
        )

    async def given_up(
        self, command: ChatwootCommand, reason: GivenUpReason, seen: ConversationNow | None = None
    ) -> None:
        """A command can finally not be carried out.

        Raises:
            PublishFailed: not stored.
        """
        metrics.GIVEN_UP.labels(command.type_name(), reason).inc()
        await self._publish(
            CommandGivenUp(
                **self._common(command, seen),
                event_id=f"sender:{command.command_id}:given_up",
                command_id=command.command_id,
                turn_id=command.turn_id,
                command=command.type_name(),
                reason=reason,
                text=command.text if isinstance(command, SendMessage | SendTemplate) else "",
            )
        )

    def _common(self, command: ChatwootCommand, seen: ConversationNow | None) -> dict[str, object]:
        now = self._now()
        return {
            "tenant": command.tenant,
            "account_id": command.account_id,
            "inbox_id": seen.inbox_id if seen else 0,
            "conversation_id": command.conversation_id,
            "occurred_at": now,
            "received_at": now,
            "delivery": "sender",
            "snapshot": seen.snapshot if seen else NOTHING_KNOWN,
        }

    async def _publish(self, event: ChatwootEvent) -> None:
        subject = chatwoot_event(event.tenant, event.conversation_id)
        await self._publisher.publish(subject, event, stream=CHATWOOT_EVENTS, msg_id=event.event_id)


def reason_of(error: Exception, grave: DeadLetter | None = None) -> GivenUpReason:
    """The hub's word for what made a command hopeless."""
    if grave and grave.kind == "expired":
        return "expired"
    if str(error) == NO_WAY_TO_LOOK:
        return "unknown_outcome"
    cause = error.__cause__ if isinstance(error, Reject) else error
    match cause:
        case Unauthorised():
            return "unauthorised"
        case NotFound():
            return "not_found"
        case Refused():
            return "unknown_outcome" if cause.maybe_stored else "refused"
        case _:
            return "unknown_outcome"
