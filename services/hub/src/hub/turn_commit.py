"""The end of a turn, as one new state: outcomes, history, memory, owner, and what is to be published."""

from __future__ import annotations

from datetime import datetime

from common.nats.topology import TURNS
from common.subjects import turn_record
from hub.answering import HistoryLine, Reply
from hub.apply import history_of
from hub.commands import commands_of, enveloped
from hub.conversation import ConversationState, Lease, MessageOutcome, Outgoing
from hub.identity_code import without_codes
from hub.lease import burst
from hub.ownership import Ownership, hand_off
from hub.pace import remembered
from hub.turn_records import turn_record as record_of


def commit(state: ConversationState, lease: Lease, reply: Reply, now: datetime) -> ConversationState:
    """The state after a turn that still held its lease.

    The commands are part of it: whoever finds them later publishes them, so deciding and sending cannot come apart.
    """
    answered = burst(state, lease)
    outcome = MessageOutcome(
        message_id=lease.message_ids[-1],
        outcome=reply.outcome,
        reason=reply.reason,
        turn_id=lease.turn_id,
        sequence=0,
        at=now,
    )
    lines = history_of(answered)
    if state.memory.proving is not None:
        # It may be the code that was sent: a secret, which the next model that is asked must not find in the history.
        lines = [line.model_copy(update={"text": without_codes(line.text)}) for line in lines]
    if reply.text.strip() and reply.outcome in ("answered", "handed_off"):
        lines.append(HistoryLine(speaker="assistant", text=reply.text, at=now, turn_id=lease.turn_id))
    ended = state.ended(answered, outcome).said(lines)
    return ended.model_copy(
        update={
            "memory": reply.memory,
            "ownership": _owner_after(state.ownership, reply),
            "timer": None,
            "lease": None,
            "turns": state.turns + 1,
            "recent_turns": remembered(state.recent_turns, now),
            "outbox": (*state.outbox, *_outgoing(state, lease, reply, now)),
        }
    )


def _owner_after(ownership: Ownership, reply: Reply) -> Ownership:
    if reply.outcome == "handed_off":
        return hand_off(ownership)
    return ownership


def _outgoing(state: ConversationState, lease: Lease, reply: Reply, now: datetime) -> list[Outgoing]:
    record = record_of(state, lease, reply, now)
    recorded = Outgoing(
        stream=TURNS,
        subject=turn_record(state.tenant, state.conversation_id),
        message_id=record_message_id(record.turn_id),
        body=record.encode().decode(),
    )
    return [*(enveloped(each) for each in commands_of(state, lease, reply, now)), recorded]


def record_message_id(turn_id: str) -> str:
    """The message id of a turn's record: a repeated publish is no second record."""
    return f"turn:{turn_id}"
