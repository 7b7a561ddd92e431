"""The service with its real NATS user, between a real broker, a fake Odoo and a stand-in for the hubs."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from typing import Any, TypeVar

import aiohttp
from support.nats_server import NatsServer
from support.odoo_server import DATABASE, KEY, LOGIN, OdooServer

from common.knowledge import KNOWLEDGE_MESSAGES
from common.message import Message
from common.nats.api import call, need
from common.nats.bucket import Bucket
from common.nats.connection import NatsConnection, connect
from common.nats.follow import Follow
from common.nats.requests import serve
from common.nats.topology import KNOWLEDGE
from common.queries import QUERIES, AnswerQuery, IndexStatusQuery, SearchQuery
from common.query_answers import Answer, IndexStatus, SearchHit, SearchHits
from common.tenant_directory import apply_tenants
from common.tenants import TenantConfig
from odoo_api import api_keys
from odoo_api.api_keys import ALL_SCOPES, CreatedKey, Scope
from odoo_api.app import run
from odoo_api.settings import OdooApiSettings

T = TypeVar("T")


class StandInHub:
    """Answers what a hub answers; `lag` seconds pass before it has indexed what it received."""

    def __init__(self, connection: NatsConnection, hub_id: str, lag: float = 0.0) -> None:
        self._nc = connection.nc
        self.hub_id = hub_id
        self.lag = lag
        self.items: dict[str, Message] = {}
        self._follow = Follow(self._nc, KNOWLEDGE, "knowledge.>", self._index)

    async def start(self, stack: AsyncExitStack) -> None:
        await self._follow.start()
        stack.push_async_callback(self._follow.stop)
        for name, queue, handler in (
            ("index-status", "", self._status),
            ("search", "hub", self._search),
            ("answer", "hub", self._answer),
        ):
            service = await serve(self._nc, f"hub.query.{name}", queue, QUERIES, handler)
            stack.push_async_callback(service.stop)

    async def _index(self, subject: str, data: bytes, headers: dict[str, str], sequence: int) -> None:
        if self.lag:
            await asyncio.sleep(self.lag)
        self.items[subject] = KNOWLEDGE_MESSAGES.decode(data)

    async def _status(self, query: IndexStatusQuery) -> Message:
        reached = await self._follow.reached(query.at_least_sequence, 5.0)
        return IndexStatus(hub_id=self.hub_id, indexed_sequence=self._follow.sequence, reached=reached)

    async def _search(self, query: SearchQuery) -> Message:
        hit = SearchHit(kind="rule", id=f"{query.tenant}-rule", title=query.text, score=0.9)
        return SearchHits(results=(hit,) * min(query.limit, 2), indexed_sequence=self._follow.sequence)

    async def _answer(self, query: AnswerQuery) -> Message:
        return Answer(answer=f"{query.tenant}: {query.question}", outcome="answered", reason="rule")


class OdooApiBench:
    """Two tenants, `acme` with an Odoo and `beta` without; running services; a client that speaks to the first."""

    def __init__(self, broker: NatsServer, odoo: OdooServer, stack: AsyncExitStack) -> None:
        self.broker = broker
        self.odoo = odoo
        self._stack = stack
        self.urls: list[str] = []
        self.stops: list[asyncio.Event] = []
        self.tasks: list[asyncio.Task[None]] = []
        self.key = self.first_key = ""

    async def open(self) -> None:
        self.admin = await self.connected("admin")
        await self.apply("acme", 1, odoo=self.odoo_section())
        await self.apply("beta", 2, odoo=None)
        self.keys = Bucket(self.admin.nc, api_keys.BUCKET)
        self.key = self.first_key = (await self.new_key("acme")).key
        self.http = await self._stack.enter_async_context(aiohttp.ClientSession())

    async def connected(self, user: str) -> NatsConnection:
        connection = await connect(self.broker.settings(user), user)
        self._stack.push_async_callback(connection.close)
        return connection

    def odoo_section(self, **changes: str) -> dict[str, str]:
        return {"base_url": self.odoo.url, "database": DATABASE, "login": LOGIN, "api_key": KEY, **changes}

    async def apply(
        self, tenant: str, account: int, odoo: Mapping[str, Any] | None, legacy: dict[str, str] | None = None
    ) -> None:
        chatwoot = {
            "base_url": "http://127.0.0.1:1",
            "account_id": account,
            "bot_token": "t",
            "webhook_secret": "s",
        }
        config = TenantConfig.model_validate({"tenant": tenant, "chatwoot": chatwoot, "odoo": odoo, "legacy": legacy})
        await apply_tenants(self.admin.nc, {tenant: config})

    async def new_key(self, tenant: str, scopes: Sequence[Scope] = ALL_SCOPES) -> CreatedKey:
        return await api_keys.create_key(self.keys, tenant, now=datetime.now(UTC), scopes=scopes)

    async def start(self, **settings: Any) -> str:
        """Start one more instance; answers its URL."""
        stop, port = asyncio.Event(), asyncio.get_running_loop().create_future()
        values: dict[str, Any] = {
            "nats_url": self.broker.url,
            "nats_nkey_seed": self.broker.seed("odoo_api"),
            "odoo_api_port": 0,
            "drain_seconds": 0.0,
            "log_dir": None,
            "odoo_request_seconds": 1.0,
            "instance_id": f"odoo-api-{len(self.urls)}",
            "api_requests_per_second": 1000.0,
            **settings,
        }
        task = asyncio.create_task(run(OdooApiSettings(**values), stop, started=port.set_result))
        done, _ = await asyncio.wait({task, asyncio.ensure_future(port)}, return_when=asyncio.FIRST_COMPLETED)
        if task in done:
            await task
        self.stops.append(stop)
        self.tasks.append(task)
        self.urls.append(f"http://127.0.0.1:{port.result()}")
        self._stack.push_async_callback(self.stop, len(self.urls) - 1)
        return self.urls[-1]

    async def stop(self, number: int = 0) -> None:
        self.stops[number].set()
        await self.tasks[number]

    async def hub(self, hub_id: str = "hub-1", lag: float = 0.0) -> StandInHub:
        hub = StandInHub(await self.connected("hub"), hub_id, lag)
        await hub.start(self._stack)
        return hub

    async def last_sequence(self) -> int:
        """Rises with every write to the knowledge stream."""
        return int((await call(self.admin.nc, f"STREAM.INFO.{KNOWLEDGE}"))["state"]["last_seq"])

    async def until(self, ask: Callable[[], Awaitable[Any]], wanted: Any, seconds: float = 5.0) -> None:
        """Ask again until the answer is the wanted one."""
        async with asyncio.timeout(seconds):
            while await ask() != wanted:
                await asyncio.sleep(0.05)

    async def seen(self, look: Callable[[], Awaitable[T]], seconds: float = 15) -> T:
        """Look until there is something to see."""
        async with asyncio.timeout(seconds):
            while not (found := await look()):
                await asyncio.sleep(0.03)
            return found

    async def settled(self, stream: str, consumer: str) -> None:
        """Wait until a consumer has handled all there is."""

        async def idle() -> bool:
            info = await need(self.admin.nc, f"CONSUMER.INFO.{stream}.{consumer}")
            return bool(info["num_pending"] == 0 and info["num_ack_pending"] == 0)

        await self.seen(idle)

    async def ask(
        self, method: str, path: str, *, key: str | None = None, instance: int = 0, **options: Any
    ) -> tuple[int, Any, dict[str, str]]:
        """Send a request with the bench's key (or another; "" for none); answers status, JSON and headers."""
        presented = self.key if key is None else key
        headers = {**({"Authorization": f"Bearer {presented}"} if presented else {}), **options.pop("headers", {})}
        async with self.http.request(method, self.urls[instance] + path, headers=headers, **options) as response:
            data = await response.json(content_type=None)
            return response.status, data, dict(response.headers)
