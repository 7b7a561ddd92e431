"""What the hub orders outside of a turn, when an event asks for it. Pure: a new state with commands in its outbox."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from common.commands import ChatwootCommand, HandOff, SendPrivateNote, SetStatus
from common.events import CustomerMessageReceived
from common.tenants import Locale, TenantProfile
from hub.commands import enveloped
from hub.conversation import ConversationState
from hub.ownership import hand_off, repair, standing

_LATE_NOTES: Final[dict[Locale, str]] = {
    "pt-BR": "Uma mensagem do cliente chegou tarde demais ao assistente e não foi respondida por ele.",
    "es": "Un mensaje del cliente llegó demasiado tarde al asistente, que no lo respondió.",
    "en": "A message of the customer reached the assistant too late, and was not answered by it.",
}


def too_late(event: CustomerMessageReceived, tenant: TenantProfile) -> str | None:
    """Why the assistant must not answer a message that a sweep found; None: it may.

    Its age is told by Chatwoot's clock alone. Outside the channel's window a free text would not be delivered.
    """
    if event.delivery != "reconciliation":
        return None
    if event.age_seconds > tenant.assistant.latest_answer_seconds:
        return "found_too_late"
    return None if event.snapshot.can_reply else "window_closed"


def leave_late_message(
    state: ConversationState, event: CustomerMessageReceived, tenant: TenantProfile, now: datetime
) -> ConversationState:
    """Tell the people of a message that came too late, and give them the conversation.

    When the customer wrote again since, the conversation stays where it is: the newer message is looked after.
    """
    turn_id = f"{state.tenant}.{state.conversation_id}.l{event.message_id}"
    common = _common(state, turn_id, now)
    language = state.memory.language or tenant.locale
    note = SendPrivateNote(
        **common, command_id=f"{turn_id}:1", text=_LATE_NOTES[language], after_message_id=event.message_id
    )
    if state.newest_customer_message_id > event.message_id:
        return _ordered(state, note)
    opened = HandOff(**common, command_id=f"{turn_id}:2", reason="tool_failure")
    return _ordered(state.model_copy(update={"ownership": hand_off(state.ownership)}), note, opened)


def repair_escalation(state: ConversationState, now: datetime) -> ConversationState:
    """Set a conversation back to pending that Chatwoot opened because a webhook to us failed: once per opening."""
    ownership = state.ownership
    if not ownership.needs_repair or standing(ownership).speaker != "bot":
        return state
    turn_id = f"{state.tenant}.{state.conversation_id}.e{round(ownership.clock * 1e6)}"
    command = SetStatus(
        **_common(state, turn_id, now),
        command_id=f"{turn_id}:1",
        status="pending",
        after_message_id=state.newest_message_id,
    )
    return _ordered(state.model_copy(update={"ownership": repair(ownership)}), command)


def _ordered(state: ConversationState, *commands: ChatwootCommand) -> ConversationState:
    return state.model_copy(update={"outbox": (*state.outbox, *map(enveloped, commands))})


def _common(state: ConversationState, turn_id: str, now: datetime) -> dict[str, object]:
    return {
        "turn_id": turn_id,
        "tenant": state.tenant,
        "account_id": state.account_id,
        "conversation_id": state.conversation_id,
        "issued_at": now,
    }
