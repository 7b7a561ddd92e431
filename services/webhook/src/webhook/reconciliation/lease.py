"""One sweeper at a time: a key that the broker lets expire, so that nobody's clock matters."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from typing import Final

import structlog

from common.errors import OdooAiError, RevisionConflict
from common.nats.bucket import Bucket

LEASE_SECONDS: Final = 15.0
KEY: Final = "lease"

log = structlog.get_logger(__name__)


class Lease:
    """Held by the process that renews it. A process that dies is succeeded when its last renewal has expired."""

    def __init__(
        self, bucket: Bucket, owner: str, *, seconds: float = LEASE_SECONDS, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.seconds = seconds
        self._bucket = bucket
        self._value = owner.encode()
        self._clock = clock
        self._revision: int | None = None
        self._sure_until = 0.0

    @property
    def held(self) -> bool:
        """Whether nobody else can hold it now."""
        return self._revision is not None and self._clock() < self._sure_until

    async def acquire(self) -> bool:
        """Try to get it."""
        began = self._clock()
        try:
            if await self._bucket.get(KEY) is not None:
                return False
            self._revision = await self._bucket.create(KEY, self._value, ttl=self._ttl)
        except RevisionConflict:
            return False
        except OdooAiError as error:
            log.info("sweep_lease_unknown", reason=str(error))
            return False
        self._sure_until = began + self.seconds
        return True

    async def renew(self) -> None:
        """Keep it for another while. What cannot be confirmed is not kept: `held` tells."""
        if self._revision is None:
            return
        began = self._clock()
        try:
            self._revision = await self._bucket.update(KEY, self._value, self._revision, ttl=self._ttl)
        except RevisionConflict:
            self._revision = None
        except OdooAiError as error:
            log.info("sweep_lease_not_renewed", reason=str(error))
        else:
            self._sure_until = began + self.seconds

    async def release(self) -> None:
        """Let another process go on at once."""
        revision, self._revision = self._revision, None
        if revision is None:
            return
        try:
            await self._bucket.delete(KEY, revision)
        except OdooAiError as error:
            log.info("sweep_lease_not_released", reason=str(error))

    @property
    def _ttl(self) -> int:
        return math.ceil(self.seconds)
