"""A reply that was decided and never said: its turn is explained anew, and the history does not pretend. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from common.events import CommandWithheld
from common.query_answers import TurnOutcome
from hub.conversation import ConversationState, MessageOutcome

REPLIES: Final = frozenset({"SendMessage", "SendTemplate"})
"""The commands that say something to the customer."""


@dataclass(frozen=True)
class Correction:
    """The event that tells, and when."""

    sequence: int
    now: datetime


def reply_withheld(state: ConversationState, event: CommandWithheld, moment: Correction) -> ConversationState:
    """A person had the conversation by the time the reply was to be sent: the customer is theirs to answer.

    Who has it the ownership has learned from the event's snapshot.
    """
    if event.command not in REPLIES:
        return state
    outcome: TurnOutcome = "ignored" if event.reason == "other_assistant" else "left_to_person"
    return corrected(state, event.turn_id, outcome, f"withheld_{event.reason}", moment)


def corrected(
    state: ConversationState, turn_id: str, outcome: TurnOutcome, reason: str, moment: Correction
) -> ConversationState:
    """Give the messages that a turn had answered another end, on record under a turn id of its own.

    What the turn would have said leaves the history. Told twice, it changes nothing the second time.
    """

    def ended(each: MessageOutcome) -> MessageOutcome:
        if each.turn_id != turn_id or each.outcome != "answered":
            return each
        return each.model_copy(
            update={
                "outcome": outcome,
                "reason": reason,
                "turn_id": f"{turn_id}.{reason}",
                "sequence": moment.sequence,
                "at": moment.now,
            }
        )

    history = tuple(line for line in state.history if line.speaker != "assistant" or line.turn_id != turn_id)
    return state.model_copy(update={"outcomes": tuple(map(ended, state.outcomes)), "history": history})
