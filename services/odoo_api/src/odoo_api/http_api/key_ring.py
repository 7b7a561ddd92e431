"""Authenticates API keys against their bucket, remembering each for a second."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime

import structlog

from common.errors import OdooAiError
from common.key_format import hash_key, key_id_of
from common.nats.bucket import Bucket
from odoo_api.api_keys import ApiKey, has_hash, is_valid, note_use, noted_use

log = structlog.get_logger(__name__)

# A revoked key must be refused within two seconds.
_REMEMBER_SECONDS = 1.0
_MOST_REMEMBERED = 1000


class KeyRing:
    """Answers whether a presented key is live, and notes its last use in the background."""

    def __init__(self, bucket: Bucket, now: Callable[[], datetime], clock: Callable[[], float]) -> None:
        self._bucket = bucket
        self._now = now
        self._clock = clock
        self._remembered: OrderedDict[str, tuple[ApiKey | None, float]] = OrderedDict()
        self._notes: set[asyncio.Task[None]] = set()

    async def authenticate(self, presented: str) -> ApiKey | None:
        """The record of a live key, or None.

        Raises:
            BrokerUnavailable: the bucket cannot be read; nobody is let in on old knowledge.
        """
        key_id = key_id_of(presented)
        return await self.authenticate_hash(key_id, hash_key(presented)) if key_id is not None else None

    async def authenticate_hash(self, key_id: str, key_hash: str) -> ApiKey | None:
        """The record of a live key of which only id and hash are known here, or None.

        Raises:
            BrokerUnavailable: the bucket cannot be read.
        """
        record = await self._record(key_id)
        if not has_hash(record, key_hash) or record is None:
            return None
        self._note_use(record)
        return record

    def knows(self, presented: str) -> bool:
        """Whether this key was live when it was last looked up; asks nobody."""
        key_id = key_id_of(presented)
        found = self._remembered.get(key_id) if key_id is not None else None
        return found is not None and is_valid(found[0], presented)

    async def stop(self) -> None:
        """Let the notes of last uses be written."""
        await asyncio.gather(*self._notes, return_exceptions=True)

    async def _record(self, key_id: str) -> ApiKey | None:
        found = self._remembered.get(key_id)
        if found is not None and self._clock() - found[1] < _REMEMBER_SECONDS:
            return found[0]
        asked_at = self._clock()
        entry = await self._bucket.get(key_id)
        record = ApiKey.decode(entry.value) if entry else None
        self._remember(key_id, record, asked_at)
        return record

    def _remember(self, key_id: str, record: ApiKey | None, asked_at: float) -> None:
        self._remembered[key_id] = (record, asked_at)
        self._remembered.move_to_end(key_id)
        while len(self._remembered) > _MOST_REMEMBERED:
            self._remembered.popitem(last=False)

    def _note_use(self, record: ApiKey) -> None:
        now = self._now()
        noted = noted_use(record, now)
        if noted is None:
            return
        self._remembered[record.key_id] = (noted, self._remembered[record.key_id][1])
        task = asyncio.create_task(self._write_note(record.key_id, now))
        self._notes.add(task)
        task.add_done_callback(self._notes.discard)

    async def _write_note(self, key_id: str, now: datetime) -> None:
        try:
            await note_use(self._bucket, key_id, now=now)
        except OdooAiError as error:
            log.warning("key_use_not_noted", key_id=key_id, error=type(error).__name__)
