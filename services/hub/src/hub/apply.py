"""Applying an event to a conversation's state: pure, and the same whatever came twice or in another order.

Every customer message ends exactly once. While the bot may speak it waits for a turn; whatever takes the conversation
from the bot ends all that wait, in the same step, so no turn can find them afterwards.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Final

from common.events import (
    ChatwootEvent,
    CommandGivenUp,
    CommandWithheld,
    CustomerMessageReceived,
    HumanReplied,
    MessageEdited,
    MessageFailed,
    OtherBotReplied,
    ReplyObserved,
    SurveyAnswered,
)
from common.query_answers import TurnOutcome
from common.tenants import TenantProfile
from common.turns import TurnRecorded
from hub.answering import CustomerMessage, HistoryLine
from hub.conversation import PENDING_KEPT, ConversationState, MessageOutcome, Timer
from hub.customer_changes import changed, in_history, known_as, listening, message_of
from hub.debounce import BACKUP_SECONDS, due_at, heard_at, is_backed_up, window_seconds
from hub.message_words import described, survey_line
from hub.ownership import epoch, is_no_news, observe, standing
from hub.standing_orders import leave_late_message, repair_escalation, too_late
from hub.undelivered import reply_failed, reply_given_up
from hub.unsaid import Correction, reply_withheld

NO_RESPONDER: Final = "none"
"""What a record names as the responder when nobody was asked."""


@dataclass(frozen=True)
class Moment:
    """When and by what an event is applied: its sequence in the stream, our time, and the tenant as known now."""

    sequence: int
    now: datetime
    tenant: TenantProfile | None


@dataclass(frozen=True)
class Effects:
    """What has to be published after the state was stored; the same again for the same event."""

    turn_at: datetime | None
    records: tuple[TurnRecorded, ...]
    durably: bool = True
    """Whether the broker has to be told: not when a timer of this burst is under way that fires late enough."""


@dataclass(frozen=True)
class _End:
    outcome: TurnOutcome
    reason: str


def apply_event(state: ConversationState, event: ChatwootEvent, moment: Moment) -> ConversationState:
    """Apply one event. An event that brings nothing new returns the state unchanged."""
    if is_no_news(state.ownership, event):
        return state
    observed = state.model_copy(update={"ownership": observe(state.ownership, event)})
    applied = _leave_what_is_not_ours(_heard(observed, event, moment), moment)
    if moment.tenant and moment.tenant.answers_inbox(event.inbox_id):
        applied = repair_escalation(applied, moment.now)
    if applied == state:
        return state
    return applied.model_copy(update={"applied_sequence": max(state.applied_sequence, moment.sequence)})


def _heard(state: ConversationState, event: ChatwootEvent, moment: Moment) -> ConversationState:
    """What was said, changed or refused by this event."""
    match event:
        case CustomerMessageReceived() if not state.has_seen(event.message_id):
            return _customer_wrote(state, event, moment)
        case HumanReplied() if not state.has_seen(event.message_id):
            return _person_wrote(state, event, moment)
        case OtherBotReplied() if not state.has_seen(event.message_id):
            return state.saw(event.message_id)
        case MessageEdited():
            return _edited(state, event, moment)
        case SurveyAnswered() if not state.has_seen(event.message_id):
            return _rated(state, event, moment)
        case ReplyObserved():
            return known_as(state, event)
        case MessageFailed() | CommandWithheld() | CommandGivenUp():
            return _unsaid(state, event, moment)
        case _:
            return state


def _unsaid(
    state: ConversationState, event: MessageFailed | CommandWithheld | CommandGivenUp, moment: Moment
) -> ConversationState:
    correction = Correction(moment.sequence, moment.now)
    match event:
        case MessageFailed():
            return reply_failed(state, event, moment.tenant, correction)
        case CommandWithheld():
            return reply_withheld(state, event, correction)
        case CommandGivenUp():
            return reply_given_up(state, event, moment.tenant, correction)


def effects_of(state: ConversationState, sequence: int) -> Effects:
    """What the event of this sequence has to publish, judged by the state it left behind.

    A turn is scheduled by the event that set the timer last, and by the one whose timer at the broker still does:
    others need not, and noise does not. Should that one fire too early after all, the turn finds it and sets it again.
    """
    timer = state.timer
    turn_at = timer.due_at if timer and sequence in (timer.sequence, timer.scheduled_by) else None
    mine = [each for each in state.outcomes if each.sequence == sequence]
    by_turn = groupby(sorted(mine, key=lambda each: each.turn_id), key=lambda each: each.turn_id)
    return Effects(
        turn_at=turn_at,
        records=tuple(_record(state, tuple(group)) for _, group in by_turn),
        durably=timer is None or turn_at is None or timer.scheduled_for is None or timer.scheduled_by == sequence,
    )


def _customer_wrote(state: ConversationState, event: CustomerMessageReceived, moment: Moment) -> ConversationState:
    state = state.saw(event.message_id).model_copy(
        update={
            "contact": event.contact,
            "newest_customer_message_id": max(state.newest_customer_message_id, event.message_id),
        }
    )
    message = message_of(state, event)
    end = _end_at_once(state, event, moment)
    if end:
        return _finish(state, (message,), end, moment)
    late = too_late(event, moment.tenant) if moment.tenant else None
    if late and moment.tenant:
        left = _finish(state, (message,), _End("left_to_person", late), moment)
        return leave_late_message(left, event, moment.tenant, moment.now)
    seconds = moment.tenant.assistant.transcript_wait_seconds if moment.tenant else 0.0
    return _wait(state, listening(message, moment.now, seconds), moment)


def _person_wrote(state: ConversationState, event: HumanReplied, moment: Moment) -> ConversationState:
    """Keep what a person told the customer, after what they answered: who gets the conversation back must know it."""
    seen = _leave_what_is_not_ours(state.saw(event.message_id), moment)
    if not event.text.strip():
        return seen
    line = HistoryLine(speaker="person", text=event.text, at=event.occurred_at, message_ids=(event.message_id,))
    return seen.said([line])


def _end_at_once(state: ConversationState, event: CustomerMessageReceived, moment: Moment) -> _End | None:
    """Why a message is not for the bot; None: it is."""
    tenant = moment.tenant
    if tenant is None:
        return _End("ignored", "unknown_tenant")
    if not tenant.answers_inbox(event.inbox_id):
        return _End("ignored", "other_inbox")
    if event.contact.blocked or event.snapshot.contact_blocked:
        return _End("ignored", "contact_blocked")
    if event.deleted or event.automatic:
        return _End("ignored", "message_deleted" if event.deleted else "automatic_reply")
    end = _end_by_standing(state)
    if end is None and epoch(event.occurred_at) < state.ownership.left_at:
        # It was written while a person had the conversation and only arrives now: theirs, and long answered.
        return _End("left_to_person", "before_hand_back")
    return end


def _end_by_standing(state: ConversationState) -> _End | None:
    now = standing(state.ownership)
    match now.speaker:
        case "bot":
            return None
        case "other":
            return _End("ignored", now.reason)
        case _:
            return _End("left_to_person", now.reason)


def _wait(state: ConversationState, message: CustomerMessage, moment: Moment) -> ConversationState:
    """Let a message wait for its turn. A turn that is already answering without it must not commit."""
    waiting = state.waiting(message)
    if len(waiting.pending) > PENDING_KEPT:
        waiting = _finish(waiting, waiting.pending[:1], _End("ignored", "flood"), moment)
    return _set_timer(waiting, moment)


def _set_timer(state: ConversationState, moment: Moment) -> ConversationState:
    seconds = moment.tenant.assistant.debounce_seconds if moment.tenant else 0.0
    first = state.timer.first_pending_at if state.timer else moment.now
    window = window_seconds(seconds, state.pending)
    due = heard_at(due_at(moment.now, first, seconds, window), (each.listen_until for each in state.pending))
    timer = Timer(
        first_pending_at=first,
        due_at=due,
        sequence=moment.sequence,
        scheduled_by=moment.sequence,
        scheduled_for=due + timedelta(seconds=BACKUP_SECONDS),
    )
    if state.timer and is_backed_up(due, state.timer.scheduled_for):
        earlier = {"scheduled_by": state.timer.scheduled_by, "scheduled_for": state.timer.scheduled_for}
        timer = timer.model_copy(update=earlier)
    return state.model_copy(update={"timer": timer, "lease": None})


def _edited(state: ConversationState, event: MessageEdited, moment: Moment) -> ConversationState:
    """Take in what changed in a message after it was written."""
    if event.change == "submitted":
        return _form_filled_in(state, event, moment)
    found = next((each for each in state.pending if each.message_id == event.message_id), None)
    if found is None:
        return in_history(state, event)
    if event.change == "deleted":
        return _finish(state, (found,), _End("ignored", "message_deleted"), moment)
    now_says = changed(found, event)
    if now_says is found:
        return state
    rest = tuple(each for each in state.pending if each is not found)
    return _wait(state.model_copy(update={"pending": rest}), now_says, moment)


def _form_filled_in(state: ConversationState, event: MessageEdited, moment: Moment) -> ConversationState:
    """A form or a choice in a message of ours was answered: the customer spoke, under the id of our message."""
    if state.has_seen(event.message_id) or state.contact is None:
        return state
    said = CustomerMessageReceived(
        **event.model_dump(exclude={"message_id", "text", "change"}),
        message_id=event.message_id,
        text=event.text,
        contact=state.contact,
        in_reply_to=event.message_id,
    )
    return _customer_wrote(state, said, moment)


def _rated(state: ConversationState, event: SurveyAnswered, moment: Moment) -> ConversationState:
    """The customer rated the conversation: no question, but on record, and known to whoever goes on with it."""
    line = HistoryLine(speaker="customer", text=survey_line(event.rating, event.feedback), at=event.occurred_at)
    answer = CustomerMessage(message_id=event.message_id, text=event.feedback, at=event.occurred_at)
    rated = state.saw(event.message_id).said([line])
    return _finish(rated, (answer,), _End("ignored", "survey_answered"), moment)


def _leave_what_is_not_ours(state: ConversationState, moment: Moment) -> ConversationState:
    end = _end_by_standing(state) if state.pending else None
    return _finish(state, state.pending, end, moment) if end else state


def _finish(
    state: ConversationState, messages: tuple[CustomerMessage, ...], end: _End, moment: Moment
) -> ConversationState:
    """End messages without a turn. What a person will answer stays in the history."""
    newest = max(each.message_id for each in messages)
    outcome = MessageOutcome(
        message_id=newest,
        outcome=end.outcome,
        reason=end.reason,
        turn_id=f"{state.tenant}.{state.conversation_id}.m{newest}",
        sequence=moment.sequence,
        at=moment.now,
    )
    ended = state.ended(messages, outcome)
    if end.outcome == "left_to_person":
        ended = ended.said(history_of(messages))
    if not ended.pending:
        return ended.model_copy(update={"timer": None, "lease": None})
    if state.pending and ended.pending != state.pending:
        return ended.model_copy(update={"lease": None})
    return ended


def history_of(messages: tuple[CustomerMessage, ...]) -> list[HistoryLine]:
    """Customer messages as lines of the history."""
    lines = ((each, described(each)) for each in messages)
    return [
        HistoryLine(speaker="customer", text=text, at=each.at, message_ids=(each.message_id,))
        for each, text in lines
        if text.strip()
    ]


def _record(state: ConversationState, outcomes: tuple[MessageOutcome, ...]) -> TurnRecorded:
    first = outcomes[0]
    return TurnRecorded(
        turn_id=first.turn_id,
        tenant=state.tenant,
        conversation_id=state.conversation_id,
        message_ids=tuple(each.message_id for each in outcomes),
        started_at=first.at,
        finished_at=first.at,
        responder=NO_RESPONDER,
        outcome=first.outcome,
        reason=first.reason,
    )
