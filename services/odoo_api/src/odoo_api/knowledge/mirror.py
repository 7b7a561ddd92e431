"""What the KNOWLEDGE stream holds, as hashes: enough to tell what a sync changes without reading any content."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from heapq import nsmallest
from typing import Any, cast

from nats.aio.client import Client

from common import subjects
from common.errors import NotReady
from common.knowledge import KNOWLEDGE_MESSAGES, KnowledgeItemChanged, KnowledgeItemDeleted, KnowledgeKind
from common.nats.api import StoredMessage, stored_message
from common.nats.follow import Follow
from common.nats.topology import KNOWLEDGE
from odoo_api.knowledge.batches import CONTENT_HASH_HEADER
from odoo_api.knowledge.plan import Known

_CATCH_UP_SECONDS = 10.0
_READS_AT_ONCE = 32


@dataclass(frozen=True)
class KindState:
    """All that is known of a tenant's kind. `gone` has the sequences of tombstones: a new item replaces them."""

    items: dict[str, Known] = field(default_factory=dict)
    gone: dict[str, int] = field(default_factory=dict)

    @property
    def newest(self) -> int:
        """The sequence of the newest message, tombstones included; 0: there was never one."""
        sequences = (*(each.sequence for each in self.items.values()), *self.gone.values())
        return max(sequences, default=0)

    def last_sequence(self, item_id: str) -> int:
        """The sequence of the newest message about an item; 0: there was never one."""
        return self.items[item_id].sequence if item_id in self.items else self.gone.get(item_id, 0)


@dataclass(frozen=True)
class Page:
    """Some items of a kind as they were sent, ordered by id; `next` is the id to go on after."""

    items: tuple[dict[str, Any], ...]
    next: str | None
    total: int


class KnowledgeMirror:
    """Follows the whole stream; answers what is known of a tenant's kind, and fetches content when asked."""

    def __init__(self, nc: Client) -> None:
        self._nc = nc
        self._known: dict[tuple[str, KnowledgeKind], KindState] = {}
        self._follow = Follow(nc, KNOWLEDGE, "knowledge.>", self._apply)

    async def start(self) -> None:
        """Begin to read the stream."""
        await self._follow.start()

    async def stop(self) -> None:
        """Stop following."""
        await self._follow.stop()

    async def check(self) -> str | None:
        """A health check."""
        return await self._follow.check()

    @property
    def sequence(self) -> int:
        """The last sequence applied."""
        return self._follow.sequence

    async def current(self, tenant: str, kind: KnowledgeKind) -> KindState:
        """The items of a kind, with everything applied that was on the stream when this was called.

        Raises:
            NotReady: the mirror did not catch up in time.
            BrokerUnavailable: the stream could not be asked.
        """
        newest = await self._newest(f"knowledge.{tenant}.{kind}.*")
        if newest and not await self._follow.reached(newest.sequence, _CATCH_UP_SECONDS):
            raise NotReady("the knowledge mirror is still reading the stream")
        return self._state(tenant, kind)

    async def item(self, tenant: str, kind: KnowledgeKind, item_id: str) -> KnowledgeItemChanged | None:
        """The newest version of one item, read from the stream's leader; None: there is none.

        Raises:
            BrokerUnavailable: the stream could not be asked.
        """
        return (await self.newest(tenant, kind, item_id))[0]

    async def newest(self, tenant: str, kind: KnowledgeKind, item_id: str) -> tuple[KnowledgeItemChanged | None, int]:
        """The newest version of one item with its sequence, which a tombstone has too.

        Raises:
            BrokerUnavailable: the stream could not be asked.
        """
        found = await self._newest(subjects.knowledge(tenant, kind, item_id))
        if found is None:
            return None, 0
        message = KNOWLEDGE_MESSAGES.decode(found.data)
        return (message if isinstance(message, KnowledgeItemChanged) else None), found.sequence

    async def page(self, tenant: str, kind: KnowledgeKind, *, after: str, limit: int) -> Page:
        """The items whose ids follow `after`.

        Raises:
            NotReady: the mirror did not catch up in time.
            BrokerUnavailable: the stream could not be asked.
        """
        known = (await self.current(tenant, kind)).items
        ids = nsmallest(limit + 1, (each for each in known if each > after))
        chosen = ids[:limit]
        items = await self._items(tenant, kind, chosen)
        return Page(items=items, next=chosen[-1] if len(ids) > limit else None, total=len(known))

    async def _items(self, tenant: str, kind: KnowledgeKind, ids: Sequence[str]) -> tuple[dict[str, Any], ...]:
        slots = asyncio.Semaphore(_READS_AT_ONCE)

        async def one(item_id: str) -> KnowledgeItemChanged | None:
            async with slots:
                return await self.item(tenant, kind, item_id)

        found = await asyncio.gather(*map(one, ids))
        # Deleted between the listing and the read: gone is gone.
        return tuple(each.item for each in found if each is not None)

    async def _newest(self, subject: str) -> StoredMessage | None:
        return await stored_message(self._nc, KNOWLEDGE, {"last_by_subj": subject})

    def _state(self, tenant: str, kind: KnowledgeKind) -> KindState:
        return self._known.setdefault((tenant, kind), KindState())

    def _apply(self, subject: str, data: bytes, headers: dict[str, str], sequence: int) -> None:
        digest = headers.get(CONTENT_HASH_HEADER)
        if digest is not None:
            _, tenant, kind, token = subject.split(".")
            self._changed(tenant, cast(KnowledgeKind, kind), subjects.untoken(token), Known(digest, sequence))
            return
        message = KNOWLEDGE_MESSAGES.decode(data)
        if isinstance(message, KnowledgeItemChanged):
            self._changed(message.tenant, message.kind, message.item_id, Known(message.content_hash, sequence))
        elif isinstance(message, KnowledgeItemDeleted):
            state = self._state(message.tenant, message.kind)
            state.items.pop(message.item_id, None)
            state.gone[message.item_id] = sequence

    def _changed(self, tenant: str, kind: KnowledgeKind, item_id: str, known: Known) -> None:
        state = self._state(tenant, kind)
        state.gone.pop(item_id, None)
        state.items[item_id] = known
