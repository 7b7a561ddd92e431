"""The lease that serialises the turns of a conversation: pure decisions over its state.

The lease lives in the state itself, so that taking it, losing it and committing under it are one compare-and-set.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, TypeAlias

from hub.answering import CustomerMessage
from hub.conversation import ConversationState, Lease

_LONGEST_BUSY_DELAY: Final = 2.0
_SHORTEST_BUSY_DELAY: Final = 0.05


@dataclass(frozen=True)
class Claimant:
    """Who wants the lease: a process, an attempt of it (the token), and for how long at first."""

    owner: str
    token: str
    seconds: float


@dataclass(frozen=True)
class Idle:
    """Nothing waits for an answer."""


@dataclass(frozen=True)
class NotYet:
    """The customer wrote again: the burst is over at `due_at`."""

    due_at: datetime


@dataclass(frozen=True)
class Busy:
    """Another turn is at work until then, unless it takes longer and says so."""

    until: datetime


Claim: TypeAlias = Idle | NotYet | Busy | Lease


def claim(state: ConversationState, claimant: Claimant, *, fired_for: datetime, now: datetime) -> Claim:
    """Decide what a timer that fired means for this state.

    Args:
        state: As stored now.
        claimant: Who would take the lease.
        fired_for: The due time the timer was set to. Hubs and broker may have different clocks: a timer that was set
            to the time the state names is due, whatever the own clock says.
        now: The own clock.
    """
    if not state.pending or state.timer is None:
        return Idle()
    if state.timer.due_at > max(fired_for, now):
        return NotYet(state.timer.due_at)
    if state.lease is not None and state.lease.until > now:
        return Busy(state.lease.until)
    newest = state.pending[-1].message_id
    return Lease(
        token=claimant.token,
        turn_id=f"{state.tenant}.{state.conversation_id}.{state.turns + 1}.{newest}",
        owner=claimant.owner,
        until=now + timedelta(seconds=claimant.seconds),
        taken_at=now,
        message_ids=tuple(each.message_id for each in state.pending),
    )


def holds(state: ConversationState, lease: Lease) -> bool:
    """Whether this attempt still has the lease, whatever else changed: then its answer is still right to send."""
    return state.lease is not None and state.lease.token == lease.token


def still_asked(state: ConversationState, as_claimed: ConversationState) -> bool:
    """Whether a state still asks for the turn that was claimed and not written down: then its answer is still right.

    Reports and labels may have come since; no message, no take-over, no other turn's end. Another attempt at the same
    turn may have begun: the answer that is ready first is sent, and the other one finds its lease gone.
    """
    same_turn = state.timer == as_claimed.timer and state.turns == as_claimed.turns
    return same_turn and state.pending == as_claimed.pending


def extended(lease: Lease, now: datetime, seconds: float) -> Lease:
    """The same lease, for longer."""
    return lease.model_copy(update={"until": now + timedelta(seconds=seconds)})


def burst(state: ConversationState, lease: Lease) -> tuple[CustomerMessage, ...]:
    """The messages this turn answers, oldest first."""
    return tuple(each for each in state.pending if each.message_id in lease.message_ids)


def busy_delay(until: datetime, now: datetime) -> float:
    """In how many seconds to look again: soon after the lease has run out, and not long after a turn that just ends."""
    left = (until - now).total_seconds()
    return min(max(left + _SHORTEST_BUSY_DELAY, _SHORTEST_BUSY_DELAY), _LONGEST_BUSY_DELAY)
