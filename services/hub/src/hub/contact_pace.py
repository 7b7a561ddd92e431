"""How often models may be asked for one contact, over all of the contact's conversations and all hubs."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

import structlog

from common.errors import OdooAiError
from common.nats.bucket import Bucket, update_with
from hub.answering import TurnInput
from hub.identity import CONTACTS, ContactRecord, contact_key

log = structlog.get_logger(__name__)

PER_HOUR: Final = 40
_HOUR: Final = timedelta(hours=1)
_WRITES: Final = 10


class ContactPace:
    """Counts the turns of a contact that ask a model."""

    def __init__(self, bucket: Bucket) -> None:
        self._bucket = bucket

    async def may_ask(self, turn: TurnInput) -> bool:
        """Whether another turn may ask a model, and count it. Without the broker nobody knows: no."""
        if turn.contact is None or turn.rehearsal:
            return True
        contact_id, tenant, allowed = turn.contact.id, turn.tenant.tenant, True

        def change(value: bytes | None) -> bytes | None:
            nonlocal allowed
            record = CONTACTS.decode(value) if value else ContactRecord(tenant=tenant, contact_id=contact_id)
            recent = tuple(each for each in record.model_turns if turn.now - each < _HOUR)
            allowed = len(recent) < PER_HOUR
            return record.model_copy(update={"model_turns": (*recent, turn.now)}).encode() if allowed else None

        try:
            await update_with(self._bucket, contact_key(tenant, contact_id), change, _WRITES)
        except OdooAiError as error:
            log.warning("contact_pace_unknown", tenant=tenant, error=type(error).__name__)
            return False
        return allowed
