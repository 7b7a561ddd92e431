"""What is said while an answer takes longer than anybody likes to wait: the truth, once."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from common.commands import SendMessage
from common.tenants import Locale
from hub.conversation import ConversationState, Lease
from hub.ports import Tenants

_TEXTS: Final[dict[Locale, str]] = {
    "pt-BR": "Estou consultando para te responder certinho, já te digo. 🙂",
    "es": "Estoy consultando para responderle bien, enseguida le digo. 🙂",
    "en": "I am looking this up to give you the right answer, one moment. 🙂",
}


def please_wait(state: ConversationState, lease: Lease, issued_at: datetime, tenants: Tenants) -> SendMessage:
    """The command. Its id is the turn's own, so a turn that is run again says it once."""
    tenant = tenants.get(state.tenant)
    language = state.memory.language or (tenant.locale if tenant else "pt-BR")
    return SendMessage(
        command_id=f"{lease.turn_id}:0",
        turn_id=lease.turn_id,
        tenant=state.tenant,
        account_id=state.account_id,
        conversation_id=state.conversation_id,
        issued_at=issued_at,
        text=_TEXTS[language],
        after_message_id=state.newest_customer_message_id,
    )
