"""`Idempotency-Key`: a repeated write is answered with the first answer, not done again."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Final, Literal

import structlog
from aiohttp import web
from pydantic import BaseModel, ConfigDict

from common.errors import OdooAiError, RevisionConflict
from common.nats.bucket import Bucket, Entry
from odoo_api.http_api.operation import Caller
from odoo_api.http_api.problems import Problem, invalid_field

log = structlog.get_logger(__name__)

_LONGEST_KEY: Final = 255
# A process that died in the middle never finishes its record; longer than any request takes.
_ABANDONED_AFTER: Final = timedelta(seconds=120)
# What does not fit into a message is not kept: the write is safe to repeat, it then finds everything unchanged.
_MOST_KEPT_BYTES: Final = 700_000


class Attempt(BaseModel):
    """The record of a key: running, or done with its answer."""

    model_config = ConfigDict(frozen=True)

    state: Literal["running", "done"]
    fingerprint: str
    started_at: datetime
    status: int = 0
    body: str = ""
    """The answer's bytes in base64."""


def fingerprint(request: web.Request, content: bytes) -> str:
    """What makes two requests the same: method, path, parameters and content."""
    digest = hashlib.sha256()
    for part in (request.method, request.path, request.query_string):
        digest.update(part.encode() + b"\0")
    digest.update(content)
    return digest.hexdigest()


class Idempotency:
    """Keeps answers for the bucket's time to live (24 hours)."""

    def __init__(self, bucket: Bucket, now: Callable[[], datetime]) -> None:
        self._bucket = bucket
        self._now = now

    async def run(
        self, request: web.Request, caller: Caller, content: bytes, act: Callable[[], Awaitable[web.Response]]
    ) -> web.Response:
        """Do the write, or answer what it answered before.

        Only a success is kept. After a failure the key is free again, so that a corrected or repeated request counts.

        Raises:
            Problem: the key was used for another request, or the first request still runs.
        """
        key = request.headers.get("Idempotency-Key")
        if key is None:
            return await act()
        if not 1 <= len(key) <= _LONGEST_KEY:
            raise invalid_field("Idempotency-Key", f"must have 1 to {_LONGEST_KEY} characters")
        # Keys are the caller's text: hashed, they fit the bucket, and tenants cannot meet.
        name = f"{caller.tenant}.{hashlib.sha256(key.encode()).hexdigest()}"
        mine = Attempt(state="running", fingerprint=fingerprint(request, content), started_at=self._now())
        claimed = await self._claim(name, mine)
        if isinstance(claimed, web.Response):
            return claimed
        return await self._act(name, mine, claimed, act)

    async def _claim(self, name: str, mine: Attempt) -> int | web.Response:
        value = mine.model_dump_json().encode()
        try:
            return await self._bucket.create(name, value)
        except RevisionConflict:
            entry = await self._bucket.get(name)
        if entry is None:
            raise _running()
        answer = self._judge(Attempt.model_validate_json(entry.value), mine)
        return answer if answer is not None else await self._take_over(name, value, entry)

    def _judge(self, stored: Attempt, mine: Attempt) -> web.Response | None:
        if stored.fingerprint != mine.fingerprint:
            raise Problem("idempotency-mismatch")
        if stored.state == "done":
            return web.Response(
                body=base64.b64decode(stored.body),
                status=stored.status,
                content_type="application/json",
                headers={"Idempotency-Replayed": "true"},
            )
        if mine.started_at - stored.started_at < _ABANDONED_AFTER:
            raise _running()
        return None

    async def _take_over(self, name: str, value: bytes, entry: Entry) -> int:
        try:
            return await self._bucket.update(name, value, entry.revision)
        except RevisionConflict as error:
            raise _running() from error

    async def _act(
        self, name: str, mine: Attempt, revision: int, act: Callable[[], Awaitable[web.Response]]
    ) -> web.Response:
        done = False
        try:
            response = await act()
            body = bytes(response.body) if isinstance(response.body, bytes | bytearray) else b""
            if 200 <= response.status < 300 and len(body) <= _MOST_KEPT_BYTES:
                await self._keep(name, mine, revision, response.status, body)
                done = True
            return response
        finally:
            if not done:
                await self._release(name, revision)

    async def _keep(self, name: str, mine: Attempt, revision: int, status: int, body: bytes) -> None:
        kept = mine.model_copy(update={"state": "done", "status": status, "body": base64.b64encode(body).decode()})
        try:
            await self._bucket.update(name, kept.model_dump_json().encode(), revision)
        except OdooAiError as error:
            # The write itself is done and must be reported so; a repetition finds everything unchanged.
            log.warning("idempotent_answer_not_kept", error=type(error).__name__)

    async def _release(self, name: str, revision: int) -> None:
        try:
            await self._bucket.delete(name, revision)
        except OdooAiError as error:
            log.warning("idempotency_key_not_released", error=type(error).__name__)


def _running() -> Problem:
    return Problem("idempotency-running", headers={"Retry-After": "1"})
