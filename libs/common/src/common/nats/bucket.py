"""Key-value buckets with leader reads and compare-and-set."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable
from dataclasses import dataclass

from nats.aio.client import Client

from common import metrics
from common.errors import RevisionConflict
from common.nats.api import need, stored_message
from common.nats.publisher import Publisher
from common.nats.topology import bucket_stream

_AT_ONCE = 32
_MARKER_TTL = 60
"""A deletion marker only has to outlive slow readers; then the key is as if it had never been."""


@dataclass(frozen=True)
class Entry:
    """A value and the revision to name in a compare-and-set."""

    value: bytes
    revision: int


@dataclass(frozen=True)
class _Last:
    """The newest message of a key, deletion markers included."""

    value: bytes | None
    revision: int
    msg_id: str


class Bucket:
    """One bucket. Every read goes to the stream's leader: what a direct read returns can be stale on a cluster."""

    def __init__(self, nc: Client, name: str, *, timeout: float = 4.0) -> None:
        self.name = name
        self.stream = bucket_stream(name)
        self._nc = nc
        self._publisher = Publisher(nc)
        self._timeout = timeout

    async def get(self, key: str) -> Entry | None:
        """The newest value; None: absent, deleted or expired.

        Raises:
            BrokerUnavailable: no answer.
        """
        last = await self._last(key)
        return None if last is None or last.value is None else Entry(last.value, last.revision)

    async def create(self, key: str, value: bytes, *, ttl: int | None = None) -> int:
        """Store a value only if the key has none; `ttl` in whole seconds.

        Raises:
            RevisionConflict: it has one.
            PublishFailed: not confirmed in time; it may be stored all the same.
        """
        try:
            return await self._store(key, value, expected=0, ttl=ttl)
        except RevisionConflict:
            last = await self._last(key)
            if last is None or last.value is not None:
                raise
            return await self._store(key, value, expected=last.revision, ttl=ttl)

    async def update(self, key: str, value: bytes, revision: int, *, ttl: int | None = None) -> int:
        """Store a value only if the key is still at `revision` (0: absent). Returns the new revision.

        Raises:
            RevisionConflict: somebody wrote first.
            PublishFailed: not confirmed in time; it may be stored all the same.
        """
        return await self._store(key, value, expected=revision, ttl=ttl)

    async def put(self, key: str, value: bytes, *, ttl: int | None = None) -> int:
        """Store a value whatever was there.

        Raises:
            PublishFailed: not confirmed in time; it may be stored all the same.
        """
        return await self._store(key, value, expected=None, ttl=ttl)

    async def delete(self, key: str, revision: int | None = None) -> None:
        """Remove a key; with `revision` only if it is still there.

        Raises:
            RevisionConflict: somebody wrote first.
            PublishFailed: not confirmed in time.
        """
        await self._store(key, b"", expected=revision, ttl=_MARKER_TTL, headers={"KV-Operation": "PURGE"})

    async def keys(self, prefix: str = "") -> list[str]:
        """The keys that hold a value and equal `prefix` or go on with `.` after it, sorted."""
        return sorted(await self.entries(prefix))

    async def entries(self, prefix: str = "") -> dict[str, Entry]:
        """All values under a prefix of whole tokens. Reads them one by one: for listings, not for hot paths."""
        names = await self._names(prefix)
        found: dict[str, Entry] = {}
        for start in range(0, len(names), _AT_ONCE):
            some = names[start : start + _AT_ONCE]
            for key, entry in zip(some, await asyncio.gather(*map(self.get, some)), strict=True):
                if entry is not None:
                    found[key] = entry
        return found

    async def last_sequence(self) -> int:
        """Rises with every write to the bucket: one cheap request tells a poller whether anything changed.

        Raises:
            NotReady: no answer, or no such bucket.
        """
        info = await need(self._nc, f"STREAM.INFO.{self.stream}", timeout=self._timeout)
        return int(info["state"]["last_seq"])

    async def _names(self, prefix: str) -> list[str]:
        base = f"$KV.{self.name}."
        filters = [f"{base}{prefix}.>", f"{base}{prefix}"] if prefix else [f"{base}>"]
        names: set[str] = set()
        for each in filters:
            offset = 0
            while True:
                body = {"subjects_filter": each, "offset": offset}
                info = await need(self._nc, f"STREAM.INFO.{self.stream}", body, timeout=self._timeout)
                page = info["state"].get("subjects") or {}
                names.update(subject.removeprefix(base) for subject in page)
                offset += len(page)
                if not page or offset >= info.get("total", 0):
                    break
        return sorted(names)

    async def _last(self, key: str) -> _Last | None:
        query = {"last_by_subj": f"$KV.{self.name}.{key}"}
        message = await stored_message(self._nc, self.stream, query, timeout=self._timeout)
        if message is None:
            return None
        deleted = message.headers.get("KV-Operation") in ("DEL", "PURGE")
        return _Last(None if deleted else message.data, message.sequence, message.headers.get("Nats-Msg-Id", ""))

    async def _store(
        self,
        key: str,
        value: bytes,
        *,
        expected: int | None,
        ttl: int | None,
        headers: dict[str, str] | None = None,
    ) -> int:
        sent = dict(headers or {})
        if "KV-Operation" in sent:
            sent["Nats-Rollup"] = "sub"
        if ttl is not None:
            sent["Nats-TTL"] = f"{ttl}s"
        msg_id = secrets.token_hex(16)
        try:
            ack = await self._publisher.publish(
                f"$KV.{self.name}.{key}",
                value,
                stream=self.stream,
                msg_id=msg_id,
                headers=sent,
                total_timeout=self._timeout,
                expected_last_subject_sequence=expected,
            )
        except RevisionConflict:
            # After a lost confirmation our own write looks like somebody else's: the message id tells.
            last = await self._last(key)
            if last is not None and last.msg_id == msg_id:
                return last.revision
            metrics.STATE_CONFLICTS.inc()
            raise
        return ack.sequence


Change = Callable[[bytes | None], bytes | None]
"""Makes the new value of the current one (None: absent); returns None when nothing is to be written."""


async def update_with(bucket: Bucket, key: str, change: Change, attempts: int = 5) -> Entry | None:
    """Read, change, compare-and-set; again when somebody wrote in between.

    Returns:
        The entry as it is now, written or not; None: absent.

    Raises:
        RevisionConflict: lost `attempts` times.
    """
    for left in range(attempts - 1, -1, -1):
        entry = await bucket.get(key)
        value = change(entry.value if entry else None)
        if value is None:
            return entry
        try:
            revision = await (bucket.update(key, value, entry.revision) if entry else bucket.create(key, value))
            return Entry(value, revision)
        except RevisionConflict:
            if not left:
                raise
    raise AssertionError("unreachable: attempts is at least 1")
