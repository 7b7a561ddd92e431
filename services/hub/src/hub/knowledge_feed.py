"""Keeps the knowledge of this hub up to date with the KNOWLEDGE stream, and tells how far it is."""

from __future__ import annotations

import asyncio
import time
from typing import Final

import structlog
from nats.aio.client import Client
from pydantic import ValidationError

from common.errors import UnreadableMessage
from common.knowledge import KNOWLEDGE_MESSAGES, KnowledgeItemChanged, KnowledgeItemDeleted
from common.metrics import INDEX_CHANGES, INDEX_SEQUENCE
from common.nats.follow import Follow
from common.nats.requests import Service, serve
from common.nats.topology import KNOWLEDGE
from common.queries import QUERIES, IndexStatusQuery
from common.query_answers import IndexStatus
from common.subjects import hub_query
from hub.retrieval import KnowledgeBase

log = structlog.get_logger(__name__)

_SLICE_SECONDS: Final = 0.005
"""How long changes are applied before the event loop gets its turn: indexing is pure CPU."""
_LONGEST_WAIT_SECONDS: Final = 30.0
_WAITERS: Final = 256
_PROGRESS_SECONDS: Final = 5.0


class KnowledgeFeed:
    """Follows the stream from its start; every running hub has one.

    A message that cannot be understood is logged, counted and skipped: one bad item must not stop the knowledge of all
    tenants. The item then stays as it was.
    """

    def __init__(self, nc: Client, knowledge: KnowledgeBase, hub_id: str) -> None:
        self._nc = nc
        self._knowledge = knowledge
        self._hub_id = hub_id
        self._follow = Follow(nc, KNOWLEDGE, "knowledge.>", self._apply)
        self._status: Service | None = None
        self._slice_ends = 0.0

    @property
    def sequence(self) -> int:
        """The stream sequence up to which everything is searchable."""
        return self._follow.sequence

    @property
    def caught_up(self) -> asyncio.Event:
        """Set once all that was there at the start is searchable."""
        return self._follow.caught_up

    async def check(self) -> str | None:
        """Health: None, or why the knowledge cannot be relied on."""
        return await self._follow.check()

    async def start(self) -> None:
        """Read what is there, however long it takes, and follow from then on."""
        await self._follow.start()
        self._status = await serve(
            self._nc, hub_query("index-status"), "", QUERIES, self._index_status, concurrency=_WAITERS
        )
        started = time.monotonic()
        while not self.caught_up.is_set():
            try:
                await asyncio.wait_for(self.caught_up.wait(), _PROGRESS_SECONDS)
            except TimeoutError:
                log.info("knowledge_reading", sequence=self.sequence, seconds=round(time.monotonic() - started))
        log.info("knowledge_ready", sequence=self.sequence, seconds=round(time.monotonic() - started, 1))

    async def stop(self) -> None:
        """Stop following and answering."""
        status, self._status = self._status, None
        if status is not None:
            await status.stop()
        await self._follow.stop()

    async def _index_status(self, query: IndexStatusQuery) -> IndexStatus:
        reached = await self._follow.reached(query.at_least_sequence, _LONGEST_WAIT_SECONDS)
        return IndexStatus(hub_id=self._hub_id, indexed_sequence=self.sequence, reached=reached)

    async def _apply(self, subject: str, data: bytes, headers: dict[str, str], sequence: int) -> None:
        try:
            change = _read(subject, data)
            self._knowledge.apply(change, sequence)
            outcome = "put" if isinstance(change, KnowledgeItemChanged) else "removed"
            INDEX_CHANGES.labels(change.kind, outcome).inc()
        except (UnreadableMessage, ValidationError) as error:
            # A ValidationError's text holds values: its type has to do.
            reason = str(error) if isinstance(error, UnreadableMessage) else type(error).__name__
            log.error("knowledge_item_unreadable", sequence=sequence, reason=reason)
            INDEX_CHANGES.labels("unknown", "unreadable").inc()
            self._knowledge.skip(sequence)
        INDEX_SEQUENCE.set(sequence)
        if time.perf_counter() >= self._slice_ends:
            await asyncio.sleep(0)
            self._slice_ends = time.perf_counter() + _SLICE_SECONDS


def _read(subject: str, data: bytes) -> KnowledgeItemChanged | KnowledgeItemDeleted:
    """Decode a message and hold it to its subject, which is what permissions are given for."""
    message = KNOWLEDGE_MESSAGES.decode(data)
    if not isinstance(message, KnowledgeItemChanged | KnowledgeItemDeleted):
        raise UnreadableMessage(f"{message.type_name()} on a knowledge subject")
    _, tenant, kind, _ = (*subject.split("."), "", "", "")[:4]
    if (message.tenant, message.kind) != (tenant, kind):
        raise UnreadableMessage("tenant or kind differ from those of the subject")
    return message
