"""Publishing what a committed turn decided: from the state to the streams, then off the state.

A crash anywhere leaves it in the state, for whoever comes next. Publishing twice is harmless: message ids depend on
the turn alone, and the sender keeps its own record of what it has carried out. What was decided before such a crash may
be wrong by now: the sender looks at the conversation before it says or changes anything, and tells us when it does not.
"""

from __future__ import annotations

import asyncio
from typing import Any, Final

import structlog

from common.commands import CHATWOOT_COMMANDS as COMMANDS
from common.errors import RevisionConflict
from common.message import MessageRegistry
from common.nats import topology
from common.nats.tasks import cancel
from common.turns import TURN_MESSAGES
from hub.conversation import Outgoing
from hub.ports import Publishes
from hub.store import ConversationStore, Stored

SETTLE_SECONDS: Final = 3.0
"""Our reply comes back as an event within a second or so, and the state is written for it."""

_ATTEMPTS = 10
_LOOK_SECONDS = 1.0
_LAST_SECONDS = 2.0
_REGISTRIES: dict[str, MessageRegistry[Any]] = {topology.CHATWOOT_COMMANDS: COMMANDS, topology.TURNS: TURN_MESSAGES}

log = structlog.get_logger(__name__)


class OutboxSettler:
    """Has what was published leave the stored states, where no event of the conversation did that."""

    def __init__(self, store: ConversationStore, *, seconds: float = SETTLE_SECONDS) -> None:
        self._store = store
        self._seconds = seconds
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Begin."""
        self._task = asyncio.create_task(self._run(), name="settle-outboxes")

    async def stop(self) -> None:
        """Stop, and leave nothing, if that can be done quickly."""
        if self._task is not None:
            await cancel(self._task)
            try:
                async with asyncio.timeout(_LAST_SECONDS):
                    await self._store.settle(0.0)
            except TimeoutError:
                log.info("outboxes_left_to_others")

    async def _run(self) -> None:
        while True:
            await asyncio.sleep(_LOOK_SECONDS)
            try:
                await self._store.settle(self._seconds)
            except Exception:  # a fault must not end this for ever
                log.exception("outboxes_not_settled")


async def flush(store: ConversationStore, publisher: Publishes, stored: Stored) -> Stored:
    """Publish what waits in the state, in order, and take it off.

    Raises:
        PublishFailed: the rest stays in the state.
        RevisionConflict: the state is written by others all the time; the outbox stays, already published.
    """
    waiting = stored.state.outbox
    for each in waiting:
        message = _REGISTRIES[each.stream].decode(each.body.encode())
        await publisher.publish(each.subject, message, stream=each.stream, msg_id=each.message_id)
    if not waiting:
        return stored
    return store.published(stored) if store.settles else await _take_off(store, stored, waiting)


async def _take_off(store: ConversationStore, stored: Stored, published: tuple[Outgoing, ...]) -> Stored:
    ids = {each.message_id for each in published}
    for _ in range(_ATTEMPTS):
        left = tuple(each for each in stored.state.outbox if each.message_id not in ids)
        if left == stored.state.outbox:
            return stored
        try:
            return await store.save(stored.state.model_copy(update={"outbox": left}), stored.revision)
        except RevisionConflict:
            newer = await store.load(stored.state.tenant, stored.state.conversation_id)
            if newer is None:
                return stored
            stored = newer
    raise RevisionConflict("the outbox could not be cleared")
