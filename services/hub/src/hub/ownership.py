"""Who may speak in a conversation: one state machine, fed by every event, in any order of arrival.

Chatwoot gives no order: webhooks overtake each other, and account webhooks show the conversation as it is when the
body is made, not when the event happened. So nothing here depends on arrival; all facts carry Chatwoot's own time, and
the newest of each kind counts:

* the newest snapshot (by `updated_at`): the bot may only speak while it shows the conversation *kept* for the bot,
  that is pending and assigned to nobody or to our bot;
* the newest time a person took it without that showing in a snapshot: a public reply in a pending conversation does
  not open it for an AgentBot. Our own hand-off counts as one, until Chatwoot shows the open conversation;
* the newest time the conversation was seen *away* from the bot (open, assigned to a person, resolved, snoozed), and
  the newest time somebody gave it back on purpose. A take-over ends when either is newer than it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from common.events import (
    AssigneeChanged,
    ChatwootEvent,
    ConversationSnapshot,
    ConversationStatusChanged,
    CustomerMessageReceived,
    HumanReplied,
    MessageDelivered,
    OtherBotReplied,
    ReplyObserved,
)
from common.message import Frozen

Speaker = Literal["bot", "person", "nobody", "other"]
StandingReason = Literal[
    "pending",
    "escalated",
    "taken_over",
    "handed_off",
    "assigned_to_person",
    "conversation_open",
    "conversation_resolved",
    "conversation_snoozed",
    "other_assistant",
]
TakenBy = Literal["person", "hand_off"]
Place = Literal["kept", "between", "away"]

_MESSAGES = (CustomerMessageReceived, HumanReplied, OtherBotReplied, ReplyObserved)
_LABELS_KEPT = 50


@dataclass(frozen=True)
class Standing:
    """Who may speak now, and why."""

    speaker: Speaker
    reason: StandingReason


class Ownership(Frozen):
    """All that decides who may speak. Times are Chatwoot's clock, in epoch seconds; 0 means never."""

    newest: ConversationSnapshot | None = None
    taken_at: float = 0.0
    taken_by: TakenBy | None = None
    kept_at: float = 0.0
    away_at: float = 0.0
    returned_at: float = 0.0
    assigned_at: float = 0.0
    """When somebody last gave it to the bot by assigning it: our own repair never looks like that."""
    repaired_at: float = 0.0
    clock: float = 0.0
    """The newest Chatwoot time seen in any event: when acts of ours are dated."""

    @property
    def escalated(self) -> bool:
        """Chatwoot itself opened the conversation after a webhook failed: open, and still assigned to our bot.

        A person who opens a conversation takes it from the bot, so the assignee tells the two apart. A snoozed one that
        woke up also looks like this, but there a person had put it away. One that opens again after it was repaired
        is opened by some rule that we must not fight.
        """
        if self.newest is None or _place(self.newest) != "between":
            return False
        repaired = self.repaired_at > self.away_at and self.repaired_at >= self.assigned_at
        opened_again = repaired and self.kept_at > self.repaired_at
        return max(self.kept_at, self.returned_at) >= self.away_at and not opened_again

    @property
    def left_at(self) -> float:
        """Until when somebody else had the conversation, so that what was written before is theirs."""
        return max(self.away_at, self.taken_at if self.taken_by == "person" else 0.0)

    @property
    def needs_repair(self) -> bool:
        """Escalated, and nothing was done about this opening yet: a repair that did not help is not repeated."""
        ordered = self.repaired_at > 0 and self.repaired_at >= max(self.kept_at, self.returned_at, self.away_at)
        return self.escalated and not ordered


def observe(known: Ownership, event: ChatwootEvent) -> Ownership:
    """Take in what an event says about the conversation. Applying an event twice changes nothing."""
    seen = _see(known, event)
    if isinstance(event, HumanReplied) and _place(event.snapshot) != "away":
        # In a conversation that is away the reply takes nothing: the snapshot already says whose it is.
        seen = _take(seen, epoch(event.occurred_at), "person")
    return seen


def is_no_news(known: Ownership, event: ChatwootEvent) -> bool:
    """A report of delivery that shows the conversation kept for the bot, as it was known to be.

    It tells no more than that nothing happened meanwhile. Not knowing that is as good as a webhook that was lost.
    """
    if not isinstance(event, MessageDelivered) or known.newest is None or _place(known.newest) != "kept":
        return False
    shown = _trimmed(event.snapshot)
    return shown == known.newest.model_copy(update={"updated_at": shown.updated_at})


def hand_off(known: Ownership) -> Ownership:
    """We gave the conversation to the people; it stays theirs until Chatwoot shows otherwise."""
    return _take(known, known.clock, "hand_off")


def repair(known: Ownership) -> Ownership:
    """We set an escalated conversation back to pending."""
    return known.model_copy(update={"repaired_at": known.clock})


def standing(known: Ownership) -> Standing:
    """Decide who may speak."""
    snapshot = known.newest
    if snapshot is None or snapshot.assignee.kind == "other":
        return Standing("other", "other_assistant")
    if snapshot.assignee.kind == "person":
        return Standing("person", "assigned_to_person")
    if snapshot.status == "resolved":
        return Standing("nobody", "conversation_resolved")
    if snapshot.status == "snoozed":
        return Standing("nobody", "conversation_snoozed")
    if is_taken(known):
        return Standing("person", "handed_off" if known.taken_by == "hand_off" else "taken_over")
    if snapshot.status == "open" and not known.escalated:
        return Standing("person", "conversation_open")
    return Standing("bot", "escalated" if known.escalated else "pending")


def is_taken(known: Ownership) -> bool:
    """Whether a person took the conversation and has not given it back."""
    return known.taken_by is not None and max(known.away_at, known.returned_at) <= known.taken_at


def epoch(at: datetime) -> float:
    """A time as Chatwoot's `updated_at` counts it."""
    return at.timestamp()


def _take(known: Ownership, at: float, by: TakenBy) -> Ownership:
    if known.taken_by is not None and known.taken_at >= at:
        return known
    return known.model_copy(update={"taken_at": at, "taken_by": by})


def _see(known: Ownership, event: ChatwootEvent) -> Ownership:
    snapshot = _trimmed(event.snapshot)
    at = snapshot.updated_at
    place = _place(snapshot)
    written_at = epoch(event.occurred_at) if isinstance(event, _MESSAGES) else 0.0
    changes: dict[str, object] = {"clock": max(known.clock, at, written_at)}
    if place == "away":
        changes["away_at"] = max(known.away_at, at)
    else:
        returned_at = _returned_at(known, event, place)
        changes["returned_at"] = max(known.returned_at, returned_at)
        if isinstance(event, AssigneeChanged):
            changes["assigned_at"] = max(known.assigned_at, returned_at)
    if place == "kept":
        changes["kept_at"] = max(known.kept_at, at)
    if known.newest is None or at >= known.newest.updated_at:
        changes["newest"] = snapshot
    return known.model_copy(update=changes)


def _place(snapshot: ConversationSnapshot) -> Place:
    """Where a snapshot shows the conversation, seen from the bot. `between`: open, and assigned to our bot."""
    kind = snapshot.assignee.kind
    if snapshot.status == "pending" and kind in ("nobody", "our_bot"):
        return "kept"
    return "between" if snapshot.status == "open" and kind == "our_bot" else "away"


def _returned_at(known: Ownership, event: ChatwootEvent, place: Place) -> float:
    """When somebody gave the conversation (back) to the bot, as far as this event tells; 0: it does not.

    An AgentBot's bodies are made in the moment of the change, so that giving it to the bot is dated by them. Of others
    only a difference to what was known before is seen: it was given back somewhere in between, and a person may have
    spoken after that. So it counts from the beginning of that time.
    """
    at = event.snapshot.updated_at
    before = known.newest if known.newest and at >= known.newest.updated_at else None
    frozen = event.delivery == "agent_bot"
    if isinstance(event, AssigneeChanged) and event.snapshot.assignee.kind == "our_bot":
        # Taking the bot off a conversation that a person answers gives it to nobody; assigning it is plain.
        if frozen or (before is not None and before.assignee.kind != "our_bot"):
            return at
    elif isinstance(event, ConversationStatusChanged) and place == "kept" and frozen:
        return at
    told = isinstance(event, AssigneeChanged) or (isinstance(event, ConversationStatusChanged) and place == "kept")
    news = before is not None and not known.escalated and (before.status == "open" or before.assignee.kind == "person")
    return before.updated_at if told and news and before is not None else 0.0


def _trimmed(snapshot: ConversationSnapshot) -> ConversationSnapshot:
    if len(snapshot.labels) <= _LABELS_KEPT:
        return snapshot
    return snapshot.model_copy(update={"labels": snapshot.labels[:_LABELS_KEPT]})
