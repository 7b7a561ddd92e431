"""Which messages of customers and people have arrived lately, told among the webhook processes.

The one that sweeps has to know which conversations may lack a message before it has read any of them. What is told is
only an aid to order its work: nothing is left out because of it, so that a lost announcement costs nobody an answer.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import Final, NamedTuple, TypeAlias

import structlog
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.aio.subscription import Subscription
from nats.errors import Error as NatsError
from pydantic import TypeAdapter, ValidationError

from common.nats.tasks import cancel
from common.subjects import WEBHOOK_ARRIVALS

TELL_SECONDS: Final = 0.5
_MOST_AT_ONCE = 5_000

log = structlog.get_logger(__name__)


class ArrivedMessage(NamedTuple):
    """A message that is durable: of the customer, or of somebody who answered them."""

    tenant: str
    conversation: int
    message: int
    of_customer: bool


Note: TypeAlias = Callable[[ArrivedMessage], None]
_ARRIVALS: Final = TypeAdapter(list[ArrivedMessage])


class Announcer:
    """Tells every webhook process, twice a second, what arrived at this one."""

    def __init__(self, nc: Client, *, seconds: float = TELL_SECONDS) -> None:
        self._nc = nc
        self._seconds = seconds
        self._waiting: list[ArrivedMessage] = []
        self._task: asyncio.Task[None] | None = None

    def note(self, arrival: ArrivedMessage) -> None:
        """Tell of it soon."""
        if len(self._waiting) < _MOST_AT_ONCE:
            self._waiting.append(arrival)

    async def start(self) -> None:
        """Begin to tell."""
        self._task = asyncio.create_task(self._run(), name="arrivals")

    async def stop(self) -> None:
        """Stop; what was not told is not missed."""
        if self._task is not None:
            await cancel(self._task)

    async def _run(self) -> None:
        while True:
            await asyncio.sleep(self._seconds)
            if not self._waiting or not self._nc.is_connected:
                continue
            some, self._waiting = self._waiting, []
            try:
                await self._nc.publish(WEBHOOK_ARRIVALS, _ARRIVALS.dump_json(some))
            except (NatsError, OSError) as error:
                log.info("arrivals_not_told", reason=type(error).__name__)


class TenantArrivals:
    """What is known of one tenant: since the last listing but one."""

    def __init__(self) -> None:
        self._newer: dict[int, dict[int, bool]] = {}
        self._older: Mapping[int, dict[int, bool]] = {}

    def note(self, conversation: int, message: int, *, of_customer: bool) -> None:
        """It arrived."""
        self._newer.setdefault(conversation, {})[message] = of_customer

    def has(self, conversation: int, message: int) -> bool:
        """Whether a message is known to have arrived."""
        return message in self._newer.get(conversation, ()) or message in self._older.get(conversation, ())

    def behind(self, conversation: int, message: int) -> int:
        """How many of the customer that are newer than this one are known to have arrived."""
        known = self._older.get(conversation, {}) | self._newer.get(conversation, {})
        return sum(of_customer and each > message for each, of_customer in known.items())

    def listed(self) -> None:
        """A listing was made: what arrived before the one before it is no longer asked for."""
        self._older, self._newer = self._newer, {}


class Arrivals:
    """Hears what is announced while this process sweeps."""

    def __init__(self, nc: Client) -> None:
        self._nc = nc
        self._tenants: dict[str, TenantArrivals] = {}
        self._subscription: Subscription | None = None

    def of(self, tenant: str) -> TenantArrivals:
        """What is known of a tenant."""
        return self._tenants.setdefault(tenant, TenantArrivals())

    def forget(self, tenant: str) -> None:
        """The tenant is no longer swept here."""
        self._tenants.pop(tenant, None)

    async def listen(self) -> None:
        """Begin to hear."""
        if self._subscription is None:
            self._subscription = await self._nc.subscribe(WEBHOOK_ARRIVALS, cb=self._heard)

    async def stop(self) -> None:
        """Hear no more, and forget: after a while away it would tell of few that arrived."""
        subscription, self._subscription = self._subscription, None
        if subscription is not None and self._nc.is_connected:
            await subscription.unsubscribe()
        self._tenants.clear()

    async def _heard(self, message: Msg) -> None:
        try:
            arrived = _ARRIVALS.validate_json(message.data)
        except ValidationError:
            log.warning("arrivals_unreadable", size=len(message.data))
            return
        for tenant, conversation, number, of_customer in arrived:
            # Of tenants that nobody sweeps nothing is kept.
            if (known := self._tenants.get(tenant)) is not None:
                known.note(conversation, number, of_customer=of_customer)
