"""One company's Odoo: the port `call`, and what guards it."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal

import structlog
from opentelemetry.trace import SpanKind

from common.breaker import Breaker, BreakerPolicy
from common.metrics import ODOO_CALLS, ODOO_SECONDS
from common.telemetry import tracer
from common.tenants import OdooConnection
from odoo_api.odoo.errors import OdooAuthFailed, OdooConflict, OdooError, OdooNotJson, OdooUnavailable
from odoo_api.odoo.http import HttpLimits, JsonHttp
from odoo_api.odoo.network_guard import AddressPolicy
from odoo_api.odoo.permits import Purpose, check_permitted, readable_fields
from odoo_api.odoo.transports import Json2, JsonRpc, OdooCall, Transport
from odoo_api.odoo.version import OdooVersion, probe_version

log = structlog.get_logger(__name__)

TransportChoice = Literal["auto", "json2", "jsonrpc"]

# Calls that change nothing: after a conflict they may be sent again.
_READS: Final = frozenset(
    {
        "read",
        "search",
        "search_read",
        "search_count",
        "fields_get",
        "get_contextual_price",
        "web_search_read",
        "onchange",
        "get_portal_url",
        "has_access",
        "context_get",
    }
)
_READ_ATTEMPTS: Final = 2
# An app that is installed brings fields: without Inventory everything is unlimited, with it nothing is by mistake.
_FIELDS_SECONDS: Final = 300.0


@dataclass(frozen=True)
class ClientPolicy:
    """How gently and how patiently an Odoo is asked."""

    concurrency: int = 4
    """An Odoo in threaded mode on two cores slows everybody down from about eight parallel calls."""
    http: HttpLimits = field(default_factory=HttpLimits)
    breaker: BreakerPolicy = field(default_factory=BreakerPolicy)
    transport: TransportChoice = "auto"
    addresses: AddressPolicy = field(default_factory=lambda: AddressPolicy(()))


class OdooClient:
    """Calls methods of one Odoo. The transport is chosen by the server's version, at the first call."""

    def __init__(
        self,
        connection: OdooConnection,
        policy: ClientPolicy,
        *,
        user_agent: str = "odoo-ai",
        clock: Callable[[], float] = time.monotonic,
        on_key: Callable[[bool], None] | None = None,
    ) -> None:
        self.connection = connection
        self._on_key = on_key
        self._policy = policy
        self._clock = clock
        self._http = JsonHttp(connection.url, policy.addresses, policy.http, user_agent)
        self._slots = asyncio.Semaphore(policy.concurrency)
        # Writes may take half a minute: they must leave room for what a customer waits for.
        self._write_slots = asyncio.Semaphore(max(1, policy.concurrency // 2))
        self._breaker = Breaker()
        self._probing = asyncio.Lock()
        self._version: OdooVersion | None = None
        self._transport: Transport | None = None
        self._fields: dict[tuple[Purpose, str], tuple[float, Mapping[str, Mapping[str, Any]]]] = {}

    async def close(self) -> None:
        """Close the connections."""
        await self._http.close()

    async def version(self) -> OdooVersion:
        """The server's version, asked once.

        Raises:
            OdooError: the server cannot be asked.
        """
        async with self._probing:
            if self._version is None:
                self._version = await self._guarded(lambda: probe_version(self._http))
                log.info("odoo_version_found", host=self.connection.base_url.host, version=self._version.text)
            return self._version

    async def call(
        self,
        model: str,
        method: str,
        *,
        purpose: Purpose,
        ids: Sequence[int] | None = None,
        context: Mapping[str, Any] | None = None,
        timeout: float | None = None,
        **arguments: Any,
    ) -> Any:
        """Call a method with named arguments; one call is one transaction of Odoo's.

        Raises:
            OdooError: what went wrong, mapped.
            NotPermitted: the purpose permits no such method, or not one of these fields.
        """
        check_permitted(purpose, model, method, arguments)
        call = OdooCall.of(model, method, ids, context, arguments)
        name = f"{model}.{method}"
        with tracer("odoo_api").start_as_current_span(f"odoo {name}", kind=SpanKind.CLIENT) as span:
            started = self._clock()
            try:
                async with contextlib.nullcontext() if method in _READS else self._write_slots:
                    result = await self._attempts(call, timeout)
            except OdooError as error:
                span.set_attribute("error.type", error.code)
                ODOO_CALLS.labels(name, error.code).inc()
                log.warning("odoo_call_failed", operation=name, code=error.code, exception=error.exception)
                self._tell_of_key(error)
                raise
            ODOO_CALLS.labels(name, "ok").inc()
            ODOO_SECONDS.labels(name).observe(self._clock() - started)
            self._tell_of_key(None)
            return result

    async def fields(
        self, purpose: Purpose, model: str, wanted: Iterable[str] | None = None
    ) -> dict[str, Mapping[str, Any]]:
        """Those of the wanted fields (None: all that the purpose reads) that this Odoo has, with a description."""
        probed_at, known = self._fields.get((purpose, model), (0.0, {}))
        names = sorted(readable_fields(purpose, model))
        if not known or self._clock() - probed_at > _FIELDS_SECONDS:
            attributes = ["type", "store", "digits"]
            known = await self.call(model, "fields_get", purpose=purpose, allfields=names, attributes=attributes)
            self._fields[purpose, model] = self._clock(), known
        return {name: known[name] for name in (names if wanted is None else wanted) if name in known}

    def _tell_of_key(self, error: OdooError | None) -> None:
        if self._on_key is None:
            return
        if error is None:
            self._on_key(True)
        elif isinstance(error, OdooAuthFailed):
            self._on_key(False)

    async def _attempts(self, call: OdooCall, timeout: float | None) -> Any:
        left = _READ_ATTEMPTS if call.method in _READS else 1
        while True:
            left -= 1
            try:
                transport = await self._chosen()
                return await self._guarded(lambda: transport.call(call, timeout))  # noqa: B023 - awaited at once
            except OdooNotJson:
                # Perhaps the server behind the address was replaced by another version: look again next time.
                self._version = self._transport = None
                raise
            except OdooConflict:
                if not left:
                    raise

    async def _chosen(self) -> Transport:
        if self._transport is None:
            json2 = self._policy.transport == "json2" or (
                self._policy.transport == "auto" and (await self.version()).speaks_json2
            )
            self._transport = (Json2 if json2 else JsonRpc)(self._http, self.connection)
        return self._transport

    async def _guarded(self, ask: Callable[[], Any]) -> Any:
        async with self._slots:
            now = self._clock()
            wait = self._breaker.retry_after(now, self._policy.breaker)
            if wait > 0:
                raise OdooUnavailable(f"Odoo failed repeatedly and is not asked for another {wait:.0f} s")
            self._breaker = self._breaker.admitted(now)
            try:
                result = await ask()
            except OdooError as error:
                self._settle(
                    outage=isinstance(error, OdooNotJson) or (isinstance(error, OdooUnavailable) and error.is_outage)
                )
                raise
            self._settle(outage=False)
            return result

    def _settle(self, *, outage: bool) -> None:
        was_open = self._breaker.opened_at is not None
        self._breaker = (
            self._breaker.failed(self._clock(), self._policy.breaker) if outage else self._breaker.succeeded()
        )
        is_open = self._breaker.opened_at is not None
        if is_open != was_open:
            log.warning("odoo_breaker_changed", host=self.connection.base_url.host, open=is_open)
