"""A reply of ours that the customer did not get: an approved template tells them, or a person does. Pure.

Either the channel refused it, minutes later in real life, or the sender could not get it into Chatwoot at all.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from common.commands import ChatwootCommand, HandOff, SendPrivateNote, SendTemplate
from common.events import CommandGivenUp, GivenUpReason, MessageFailed
from common.tenants import Locale, TenantProfile, WindowTemplate
from hub.commands import enveloped
from hub.conversation import ConversationState
from hub.ownership import hand_off, standing
from hub.unsaid import REPLIES, Correction, corrected

TEMPLATE_EVERY: Final = timedelta(hours=24)
"""A customer who did not answer a template is not sent another one soon."""

_PARAM_LENGTH: Final = 600
_TEMPLATE_CHANNEL: Final = "Channel::Whatsapp"
# Chatwoot's own words (4.16.1), and those of the providers before it: Meta, Messenger, Twilio.
_WINDOW: Final = re.compile(
    r"24[- ]hour|customer service window|outside (?:of )?(?:the )?allowed window|re-?engagement|\b131047\b|\b63016\b",
    re.IGNORECASE,
)
_REFUSED: Final[dict[Locale, str]] = {
    "pt-BR": "O canal não entregou a resposta do assistente ao cliente: {why}",
    "es": "El canal no entregó la respuesta del asistente al cliente: {why}",
    "en": "The channel did not deliver the assistant's reply to the customer: {why}",
}
_UNSENT: Final[dict[Locale, str]] = {
    "pt-BR": "A resposta do assistente não chegou ao cliente: {why}. Ela dizia:\n\n{text}",
    "es": "La respuesta del asistente no llegó al cliente: {why}. Decía:\n\n{text}",
    "en": "The assistant's reply did not reach the customer: {why}. It said:\n\n{text}",
}
_WHY: Final[dict[GivenUpReason, dict[Locale, str]]] = {
    "window_closed": {
        "pt-BR": "o canal só aceita modelos aprovados, porque o cliente escreveu há mais de 24 horas",
        "es": "el canal solo acepta plantillas aprobadas, porque el cliente escribió hace más de 24 horas",
        "en": "the channel takes approved templates only, because the customer wrote more than 24 hours ago",
    },
    "expired": {
        "pt-BR": "o Chatwoot não a aceitou a tempo",
        "es": "Chatwoot no la aceptó a tiempo",
        "en": "Chatwoot did not take it in time",
    },
    "refused": {
        "pt-BR": "o Chatwoot a recusou",
        "es": "Chatwoot la rechazó",
        "en": "Chatwoot refused it",
    },
    "unauthorised": {
        "pt-BR": "o token do bot não é mais aceito",
        "es": "el token del bot ya no es aceptado",
        "en": "the bot's token is not accepted any more",
    },
    "not_found": {
        "pt-BR": "a conversa não foi encontrada",
        "es": "no se encontró la conversación",
        "en": "the conversation was not found",
    },
    "unknown_outcome": {
        "pt-BR": "não se sabe se ela foi enviada; confira acima",
        "es": "no se sabe si fue enviada; compruébelo arriba",
        "en": "it is not known whether it was sent; look above",
    },
}


@dataclass(frozen=True)
class _Failure:
    """What happened to a reply. `source` names it in ids, `turn_id` is the turn that said it."""

    source: str
    turn_id: str
    reason: str
    window_closed: bool
    note: str
    reply: str
    by_template: bool = False


def reply_failed(
    state: ConversationState, event: MessageFailed, tenant: TenantProfile | None, moment: Correction
) -> ConversationState:
    """The channel refused a message: once per message.

    A message that a person sent is theirs to look after, and in their conversation Chatwoot shows the failure itself.
    """
    if event.command_id is None or state.has_seen(event.message_id):
        return state
    state = state.saw(event.message_id)
    if tenant is None:
        return state
    turn_id = event.command_id.rpartition(":")[0]
    failure = _Failure(
        source=f"f{event.message_id}",
        turn_id=turn_id,
        reason="not_delivered",
        window_closed=_WINDOW.search(event.reason) is not None,
        note=_REFUSED[_language(state, tenant)].format(why=event.reason),
        reply=_said(state, turn_id),
        by_template=turn_id.endswith(_BY_TEMPLATE),
    )
    return _respond(state, failure, tenant, moment)


def reply_given_up(
    state: ConversationState, event: CommandGivenUp, tenant: TenantProfile | None, moment: Correction
) -> ConversationState:
    """The sender could not get a reply into Chatwoot, or knew that the channel would not take it."""
    if event.command not in REPLIES or tenant is None:
        return state
    language = _language(state, tenant)
    failure = _Failure(
        source=f"{event.turn_id.rpartition('.')[2]}.u",
        turn_id=event.turn_id,
        reason=event.reason,
        window_closed=event.reason == "window_closed",
        note=_UNSENT[language].format(why=_WHY[event.reason][language], text=event.text),
        reply=event.text,
        by_template=event.command == "SendTemplate",
    )
    return _respond(state, failure, tenant, moment)


_BY_TEMPLATE: Final = ".t"


def _respond(
    state: ConversationState, failure: _Failure, tenant: TenantProfile, moment: Correction
) -> ConversationState:
    """If the bot still has the conversation: the template, else a note and a person."""
    if standing(state.ownership).speaker != "bot":
        return state
    template = _usable_template(state, failure, tenant, moment)
    if template:
        told = corrected(state, failure.turn_id, "answered", "window_template", moment)
        command = _template_command(told, failure, tenant, template, moment)
        return _ordered(told.model_copy(update={"window_template_at": moment.now}), command)
    told = corrected(state, failure.turn_id, "handed_off", f"undelivered_{failure.reason}", moment)
    handed_off = told.model_copy(update={"ownership": hand_off(told.ownership)})
    return _ordered(handed_off, *_note_and_hand_off(told, failure, moment))


def _usable_template(
    state: ConversationState, failure: _Failure, tenant: TenantProfile, moment: Correction
) -> WindowTemplate | None:
    channel = state.ownership.newest.channel if state.ownership.newest else ""
    if not failure.window_closed or failure.by_template or channel != _TEMPLATE_CHANNEL:
        return None
    last = state.window_template_at
    return None if last and moment.now - last < TEMPLATE_EVERY else tenant.window_template


def _template_command(
    state: ConversationState, failure: _Failure, tenant: TenantProfile, template: WindowTemplate, moment: Correction
) -> SendTemplate:
    turn_id = f"{failure.turn_id}{_BY_TEMPLATE}"
    values = {
        "customer": state.contact.name if state.contact else "",
        "assistant": tenant.assistant.name,
        "reply": failure.reply,
    }
    return SendTemplate(
        **_common(state, turn_id, moment),
        command_id=f"{turn_id}:1",
        text=_filled(template.text, values),
        name=template.name,
        language=template.language,
        after_message_id=state.newest_customer_message_id,
        category=template.category,
        # Meta refuses line breaks and long runs of blanks in a parameter.
        params={key: " ".join(_filled(text, values).split())[:_PARAM_LENGTH] for key, text in template.params.items()},
    )


def _filled(text: str, values: dict[str, str]) -> str:
    return re.sub(r"\{(customer|assistant|reply)\}", lambda found: values[found.group(1)], text)


def _note_and_hand_off(state: ConversationState, failure: _Failure, moment: Correction) -> tuple[ChatwootCommand, ...]:
    turn_id = f"{state.tenant}.{state.conversation_id}.{failure.source}"
    common = _common(state, turn_id, moment)
    after = state.newest_customer_message_id
    note = SendPrivateNote(**common, command_id=f"{turn_id}:1", text=failure.note, after_message_id=after)
    return note, HandOff(**common, command_id=f"{turn_id}:2", reason="tool_failure")


def _said(state: ConversationState, turn_id: str) -> str:
    return next((line.text for line in state.history if line.speaker == "assistant" and line.turn_id == turn_id), "")


def _language(state: ConversationState, tenant: TenantProfile) -> Locale:
    return state.memory.language or tenant.locale


def _ordered(state: ConversationState, *commands: ChatwootCommand) -> ConversationState:
    return state.model_copy(update={"outbox": (*state.outbox, *map(enveloped, commands))})


def _common(state: ConversationState, turn_id: str, moment: Correction) -> dict[str, object]:
    return {
        "turn_id": turn_id,
        "tenant": state.tenant,
        "account_id": state.account_id,
        "conversation_id": state.conversation_id,
        "issued_at": moment.now,
    }
