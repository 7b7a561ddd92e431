"""A reply of ours that the channel refused: the customer did not get it, so a person has to know."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from common.commands import ChatwootCommand, HandOff, SendPrivateNote
from common.events import MessageFailed
from common.tenants import Locale, TenantProfile
from hub.commands import enveloped
from hub.conversation import ConversationState
from hub.ownership import hand_off, standing

_NOTES: Final[dict[Locale, str]] = {
    "pt-BR": "O canal não entregou a resposta do assistente ao cliente: {why}",
    "es": "El canal no entregó la respuesta del asistente al cliente: {why}",
    "en": "The channel did not deliver the assistant's reply to the customer: {why}",
}


def reply_failed(
    state: ConversationState, event: MessageFailed, tenant: TenantProfile | None, now: datetime
) -> ConversationState:
    """Hand the conversation to a person once per failed reply, if the bot still has it.

    A message that a person sent is theirs to look after, and in their conversation Chatwoot shows the failure itself.
    """
    if event.command_id is None or state.has_seen(event.message_id):
        return state
    state = state.saw(event.message_id)
    if tenant is None or standing(state.ownership).speaker != "bot":
        return state
    outbox = tuple(enveloped(each) for each in _commands(state, event, tenant, now))
    return state.model_copy(
        update={"ownership": hand_off(state.ownership), "outbox": (*state.outbox, *outbox)},
    )


def _commands(
    state: ConversationState, event: MessageFailed, tenant: TenantProfile, now: datetime
) -> tuple[ChatwootCommand, ...]:
    turn_id = f"{state.tenant}.{state.conversation_id}.f{event.message_id}"
    language = state.memory.language or tenant.locale
    common = {
        "turn_id": turn_id,
        "tenant": state.tenant,
        "account_id": state.account_id,
        "conversation_id": state.conversation_id,
        "issued_at": now,
    }
    note = SendPrivateNote(
        **common,
        command_id=f"{turn_id}:1",
        text=_NOTES[language].format(why=event.reason),
        after_message_id=event.message_id,
    )
    return note, HandOff(**common, command_id=f"{turn_id}:2", reason="tool_failure")
