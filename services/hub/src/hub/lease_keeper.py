"""Keeps a turn's lease while it works, and notices quickly when it is lost: then the work is stopped."""

from __future__ import annotations

import asyncio
import time
from typing import Final

import structlog

from common.errors import OdooAiError
from hub.conversation import ConversationState, Lease
from hub.lease import extended, holds
from hub.ports import Clock
from hub.store import ConversationStore

log = structlog.get_logger(__name__)

LOOK_SECONDS: Final = 1.0
"""How soon a turn that is not wanted any more is stopped at the latest; a model call costs as long as it runs."""


class LeaseKeeper:
    """Extends leases a third before they run out, and looks at them in between."""

    def __init__(self, store: ConversationStore, clock: Clock, lease_seconds: float) -> None:
        self._store = store
        self._clock = clock
        self._seconds = lease_seconds

    async def keep(self, state: ConversationState, lease: Lease) -> None:
        """Extend the lease until it is lost; then return."""
        extended_at = time.monotonic()
        while True:
            await asyncio.sleep(min(LOOK_SECONDS, self._seconds / 3))
            try:
                stored = await self._store.load(state.tenant, state.conversation_id)
                if stored is None or not holds(stored.state, lease):
                    return
                if time.monotonic() - extended_at < self._seconds / 3:
                    continue
                longer = extended(lease, self._clock(), self._seconds)
                await self._store.save(stored.state.model_copy(update={"lease": longer}), stored.revision)
                extended_at = time.monotonic()
            except OdooAiError as error:
                # A lost race or an absent broker: the next round tries again, and the commit has the last word.
                log.info("lease_not_extended", turn_id=lease.turn_id, error=type(error).__name__)
