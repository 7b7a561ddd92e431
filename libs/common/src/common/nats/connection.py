"""One process's connection to the broker: patient at start, quick to notice a dead link, loud when it is lost."""

from __future__ import annotations

import asyncio
import contextlib
import re
import socket
from collections.abc import Callable
from typing import Any, Protocol

import structlog
from nats.aio.client import Client
from nats.errors import Error as NatsError
from nats.js import JetStreamContext
from pydantic import SecretStr

from common.errors import NotReady
from common.nats.access import inbox_prefix
from common.nats.tasks import cancel, within

log = structlog.get_logger(__name__)

# The kernel gives up on unacknowledged bytes after this long. Without it nats-py waits for its unsent bytes before it
# reconnects: 24 s after a healed partition instead of 1 s.
TCP_USER_TIMEOUT_MS = 4000
PING_INTERVAL = 10
MAX_OUTSTANDING_PINGS = 2
RECONNECT_WAIT = 0.5
PENDING_SIZE = 8 * 1024 * 1024
PROBE_INTERVAL = 10.0
PROBE_TIMEOUT = 2
PROBE_FAILURES = 3
_ATTEMPT_LOG_SECONDS = 5.0


class NatsSettings(Protocol):
    """What a connection needs to know; `ServiceSettings` has it."""

    @property
    def nats_url(self) -> str: ...

    @property
    def nats_nkey_seed(self) -> SecretStr | None: ...

    @property
    def nats_connect_seconds(self) -> float: ...

    @property
    def instance_id(self) -> str: ...


class NatsConnection:
    """A live connection with its liveness probe.

    `nc` is the client; `js` its JetStream context, for what our own modules do not cover. `close` ends both.
    """

    def __init__(self, service: str, on_lost: Callable[[str], None] | None) -> None:
        self.service = service
        self.nc: Client = Client()
        self._on_lost = on_lost
        self._probe: asyncio.Task[None] | None = None
        self._closing = False
        self._last_logged = 0.0
        self.refusals = 0
        """Permission violations seen: each is a mistake in our tables or an attack."""

    @property
    def js(self) -> JetStreamContext:
        """The JetStream context of nats-py."""
        return self.nc.jetstream()

    async def open(self, settings: NatsSettings) -> None:
        """Connect, waiting for the broker as long as the settings say.

        Raises:
            NotReady: it did not answer in time, or refused us.
        """
        if not await within(settings.nats_connect_seconds, self.nc.connect(**self._options(settings))):
            reason = self.nc.last_error or "no answer"
            await self._abandon()
            where = f"NATS at {_without_password(settings.nats_url)} for {settings.nats_connect_seconds:g} s"
            raise NotReady(f"no connection to {where}: {reason}")
        self._set_user_timeout()
        self._probe = asyncio.create_task(self._watch(), name="nats-probe")
        log.info("nats_connected", server=self._server_name())

    async def close(self) -> None:
        """Let queued callbacks finish and buffered bytes leave, then disconnect. Safe to call twice."""
        self._closing = True
        if self._probe:
            await cancel(self._probe)
        if self.nc.is_closed:
            return
        if self.nc.is_connected:
            with contextlib.suppress(NatsError, OSError):
                await within(PROBE_TIMEOUT + 1, self.nc.drain())
        await self._abandon()

    async def check(self) -> str | None:
        """A health check: None, or what is wrong."""
        if not self.nc.is_connected:
            return "not connected to NATS"
        try:
            await self.nc.rtt(timeout=1)
        except (NatsError, OSError):
            return "NATS does not answer"
        return None

    def _options(self, settings: NatsSettings) -> dict[str, Any]:
        seed = settings.nats_nkey_seed
        return {
            "servers": [each.strip() for each in settings.nats_url.split(",")],
            "name": f"{self.service}/{settings.instance_id}",
            "inbox_prefix": inbox_prefix(self.service),
            "max_reconnect_attempts": -1,
            "reconnect_time_wait": RECONNECT_WAIT,
            "connect_timeout": 2,
            "ping_interval": PING_INTERVAL,
            "max_outstanding_pings": MAX_OUTSTANDING_PINGS,
            "pending_size": PENDING_SIZE,
            "drain_timeout": PROBE_TIMEOUT,
            "error_cb": self._on_error,
            "disconnected_cb": self._on_disconnected,
            "reconnected_cb": self._on_reconnected,
            "closed_cb": self._on_closed,
            "lame_duck_mode_cb": self._on_lame_duck,
            **({"nkeys_seed_str": seed.get_secret_value().strip()} if seed else {}),
        }

    async def _abandon(self) -> None:
        with contextlib.suppress(NatsError, OSError):
            await within(PROBE_TIMEOUT, self.nc.close())

    def _set_user_timeout(self) -> None:
        # nats-py keeps the socket to itself: the version is pinned, and a test covers this.
        writer = getattr(self.nc._transport, "_io_writer", None)
        sock = writer.get_extra_info("socket") if writer else None
        if sock is not None and sock.family in (socket.AF_INET, socket.AF_INET6):
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, TCP_USER_TIMEOUT_MS)

    def _server_name(self) -> str:
        url = self.nc.connected_url
        return _without_password(url.netloc) if url else "unknown"

    async def _watch(self) -> None:
        """Ask the broker for a sign of life: the client can be dead inside and still call itself connected.

        A round trip, not a flush: with a dead read loop nats-py's flush reports success.
        """
        failures = 0
        while failures < PROBE_FAILURES:
            await asyncio.sleep(PROBE_INTERVAL)
            try:
                if self.nc.is_connected:
                    await self.nc.rtt(timeout=PROBE_TIMEOUT)
                failures = 0
            except (NatsError, OSError) as error:
                failures += 1
                log.warning("nats_probe_failed", failures=failures, error=type(error).__name__)
        self._lost("the broker does not answer on an open connection")

    def _lost(self, reason: str) -> None:
        if self._closing:
            return
        log.error("nats_lost", reason=reason)
        if self._on_lost:
            self._on_lost(reason)

    async def _on_error(self, error: Exception) -> None:
        if "permissions violation" in str(error).lower():
            self.refusals += 1
            log.error("nats_permission_refused", reason=str(error))
            return
        now = asyncio.get_running_loop().time()
        if now - self._last_logged >= _ATTEMPT_LOG_SECONDS or self.nc.is_connected:
            self._last_logged = now
            log.warning("nats_error", error=type(error).__name__, reason=str(error))

    async def _on_disconnected(self) -> None:
        if not self._closing:
            log.warning("nats_disconnected")

    async def _on_reconnected(self) -> None:
        self._set_user_timeout()
        log.info("nats_reconnected", server=self._server_name())

    async def _on_closed(self) -> None:
        self._lost("the connection was closed for good")

    async def _on_lame_duck(self) -> None:
        log.info("nats_lame_duck", server=self._server_name())
        if len(self.nc.servers) > 1:
            await self.nc.force_reconnect()


def _without_password(url: str) -> str:
    return re.sub(r"[^/,]*@", "", url)


async def connect(
    settings: NatsSettings, service: str, *, on_lost: Callable[[str], None] | None = None
) -> NatsConnection:
    """Connect a service under its own inbox prefix.

    Args:
        settings: Where the broker is and who we are.
        service: One of `common.nats.access.USERS`; names the connection and its inboxes.
        on_lost: Called with a reason when the connection cannot come back by itself: the process should end.

    Raises:
        NotReady: the broker did not answer in time.
    """
    connection = NatsConnection(service, on_lost)
    await connection.open(settings)
    return connection
