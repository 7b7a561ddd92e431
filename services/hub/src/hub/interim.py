"""What is said while an answer takes longer than anybody likes to wait: the truth, once."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import Final

import structlog

from common.commands import SendMessage
from common.errors import OdooAiError, RevisionConflict
from common.tenants import Locale
from hub.commands import enveloped
from hub.conversation import ConversationState, Lease
from hub.lease import holds
from hub.outbox import flush
from hub.ports import Ports, Tenants
from hub.store import ConversationStore

_ATTEMPTS: Final = 20

log = structlog.get_logger(__name__)

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


class Interim:
    """Says so after a while, if the answer is still wanted then."""

    def __init__(self, ports: Ports, store: ConversationStore, seconds: float) -> None:
        self._ports = ports
        self._store = store
        self._seconds = seconds

    async def say(self, state: ConversationState, lease: Lease) -> None:
        """Wait, then say it once."""
        await asyncio.sleep(self._seconds)
        try:
            await self._say(state, lease)
        except OdooAiError as error:
            # The answer itself is what counts.
            log.info("interim_not_said", turn_id=lease.turn_id, error=type(error).__name__)

    async def _say(self, state: ConversationState, lease: Lease) -> None:
        for _ in range(_ATTEMPTS):
            stored = await self._store.load(state.tenant, state.conversation_id)
            if stored is None or not holds(stored.state, lease):
                return
            command = enveloped(please_wait(stored.state, lease, self._ports.clock(), self._ports.tenants))
            told = stored.state.model_copy(update={"outbox": (*stored.state.outbox, command)})
            try:
                await flush(self._store, self._ports.publisher, await self._store.save(told, stored.revision))
            except RevisionConflict:
                continue
            return
