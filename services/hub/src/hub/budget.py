"""What models may cost: a hard limit per tenant and calendar month, kept on the broker for all hubs together.

Before every model call its highest cost is reserved, afterwards the real one is booked. A reservation whose hub died
runs out and counts as spent: nobody knows better, and the limit must hold.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final, Protocol
from zoneinfo import ZoneInfo

import structlog
from pydantic import Field

from common.errors import OdooAiError
from common.message import Frozen, Message, MessageRegistry
from common.nats.bucket import Bucket, update_with
from common.tenants import TenantProfile

log = structlog.get_logger(__name__)

_ATTEMPTS: Final = 20
_RESERVED_FOR: Final = timedelta(minutes=2)
LOW: Final = Decimal("0.8")
"""From this share of the budget on only cheaper models than the first are asked."""


class Reservation(Frozen):
    """The most a call under way can cost."""

    usd: Decimal
    until: datetime


class Spending(Message):
    """A tenant's month."""

    tenant: str
    month: str
    spent_usd: Decimal = Decimal(0)
    reserved: dict[str, Reservation] = Field(default_factory=dict)

    @property
    def committed(self) -> Decimal:
        """Spent, and what calls under way may still cost."""
        return self.spent_usd + sum((each.usd for each in self.reserved.values()), Decimal(0))


SPENDINGS: Final[MessageRegistry[Spending]] = MessageRegistry("spending", Spending)


def reserve(spending: Spending, call: str, usd: Decimal, limit: Decimal, now: datetime) -> Spending | None:
    """Reserve a call's highest cost; None: with it the month could cost more than its limit."""
    booked = _without_expired(spending, now)
    if booked.committed + usd > limit:
        return None
    reserved = {**booked.reserved, call: Reservation(usd=usd, until=now + _RESERVED_FOR)}
    return booked.model_copy(update={"reserved": reserved})


def settle(spending: Spending, call: str, usd: Decimal) -> Spending:
    """Book what a call really cost. Booked after its reservation ran out, the higher of the two stands already."""
    held = spending.reserved.get(call)
    if held is None:
        return spending
    rest = {key: each for key, each in spending.reserved.items() if key != call}
    return spending.model_copy(update={"spent_usd": spending.spent_usd + usd, "reserved": rest})


def _without_expired(spending: Spending, now: datetime) -> Spending:
    expired = {key: each for key, each in spending.reserved.items() if each.until <= now}
    if not expired:
        return spending
    lost = sum((each.usd for each in expired.values()), Decimal(0))
    rest = {key: each for key, each in spending.reserved.items() if key not in expired}
    return spending.model_copy(update={"spent_usd": spending.spent_usd + lost, "reserved": rest})


def month_of(now: datetime, timezone: str) -> str:
    """The calendar month of a tenant: `2026-11`."""
    return f"{now.astimezone(ZoneInfo(timezone)):%Y-%m}"


class Pays(Protocol):
    """The part of `Budget` that a call of a model needs: asked before it, told after it."""

    async def reserve(self, tenant: TenantProfile, call: str, usd: Decimal, now: datetime) -> bool:
        """Whether a call may be made that costs so much at most."""
        ...

    async def settle(self, tenant: TenantProfile, call: str, usd: Decimal, now: datetime) -> None:
        """Book what it cost."""
        ...


class Budget:
    """Reserves and books on the broker. One writer per tenant and process at a time; hubs meet by compare-and-set."""

    def __init__(self, bucket: Bucket) -> None:
        self._bucket = bucket
        self._locks: dict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def reserve(self, tenant: TenantProfile, call: str, usd: Decimal, now: datetime) -> bool:
        """Whether a call may be made. Without the broker nobody knows, and the answer is no."""
        limit = Decimal(str(tenant.assistant.monthly_budget_usd))
        granted = False

        def change(value: bytes | None) -> bytes | None:
            nonlocal granted
            booked = reserve(_spending(value, tenant, now), call, usd, limit, now)
            granted = booked is not None
            return booked.encode() if booked else None

        async with self._locks[tenant.tenant]:
            try:
                await update_with(self._bucket, _key(tenant, now), change, _ATTEMPTS)
            except OdooAiError as error:
                log.warning("budget_unknown", tenant=tenant.tenant, error=type(error).__name__)
                return False
        return granted

    async def settle(self, tenant: TenantProfile, call: str, usd: Decimal, now: datetime) -> None:
        """Book a call's cost. If that fails, its reservation runs out and counts instead."""

        def change(value: bytes | None) -> bytes | None:
            before = _spending(value, tenant, now)
            after = settle(before, call, usd)
            return after.encode() if after is not before else None

        async with self._locks[tenant.tenant]:
            try:
                await update_with(self._bucket, _key(tenant, now), change, _ATTEMPTS)
            except OdooAiError as error:
                log.warning("cost_not_booked", tenant=tenant.tenant, error=type(error).__name__)

    async def share(self, tenant: TenantProfile, now: datetime) -> Decimal:
        """How much of the month's budget is gone, 1 for all of it; also 1 when nobody knows."""
        limit = Decimal(str(tenant.assistant.monthly_budget_usd))
        if limit <= 0:
            return Decimal(1)
        try:
            entry = await self._bucket.get(_key(tenant, now))
        except OdooAiError:
            return Decimal(1)
        return _spending(entry.value if entry else None, tenant, now).committed / limit


def _key(tenant: TenantProfile, now: datetime) -> str:
    return f"{tenant.tenant}.{month_of(now, tenant.timezone)}"


def _spending(value: bytes | None, tenant: TenantProfile, now: datetime) -> Spending:
    if value is None:
        return Spending(tenant=tenant.tenant, month=month_of(now, tenant.timezone))
    return SPENDINGS.decode(value)
