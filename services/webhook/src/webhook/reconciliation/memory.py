"""What the sweep remembers, durable: how far each conversation and each tenant was swept."""

from __future__ import annotations

from typing import TypeVar

import structlog
from pydantic import ValidationError

from common.message import Frozen
from common.nats.bucket import Bucket
from common.subjects import conversation_key
from webhook.reconciliation.watermarks import Watermark

R = TypeVar("R", bound=Frozen)

log = structlog.get_logger(__name__)


class SweptUntil(Frozen):
    """Everything that happened in a tenant's Chatwoot before this time (its clock) was looked at."""

    at: float


class Memory:
    """One tenant's part of the bucket `reconciliation`.

    Only the process that holds the lease writes. Should two do so for a moment, the worst that happens is that
    something is looked at twice.
    """

    def __init__(self, bucket: Bucket, tenant: str) -> None:
        self._bucket = bucket
        self._tenant = tenant
        self._marks: dict[int, Watermark | None] = {}

    async def swept_until(self) -> float | None:
        """The tenant's time; None: never swept, or so long ago that it is forgotten."""
        found = await self._read(f"{self._tenant}.swept", SweptUntil)
        return found.at if found else None

    async def set_swept_until(self, at: float) -> None:
        """Remember the tenant's time."""
        await self._bucket.put(f"{self._tenant}.swept", SweptUntil(at=at).model_dump_json().encode())

    async def mark(self, conversation: int) -> Watermark | None:
        """A conversation's watermark; None: not known."""
        if conversation not in self._marks:
            self._marks[conversation] = await self._read(conversation_key(self._tenant, conversation), Watermark)
        return self._marks[conversation]

    async def set_mark(self, conversation: int, mark: Watermark) -> None:
        """Remember a conversation's watermark."""
        if self._marks.get(conversation) == mark:
            return
        await self._bucket.put(conversation_key(self._tenant, conversation), mark.model_dump_json().encode())
        self._marks[conversation] = mark

    def forget_all_but(self, conversations: set[int]) -> None:
        """Keep in this process only what was listed last; the rest stays in the bucket."""
        self._marks = {number: mark for number, mark in self._marks.items() if number in conversations}

    async def _read(self, key: str, kind: type[R]) -> R | None:
        entry = await self._bucket.get(key)
        if entry is None:
            return None
        try:
            return kind.model_validate_json(entry.value)
        except ValidationError:
            # Of another version: as if it were not known, it is looked at anew.
            log.warning("watermark_unreadable", key=key)
            return None
