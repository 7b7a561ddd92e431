"""A running simulator and a receiver of its webhooks, for tests."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
import orjson
from aiohttp import web

from common.health import serve_app
from simulator.app import Simulator, running
from simulator.client import SimulatorClient
from simulator.settings import SimulatorSettings

BOT_SECRET = "bot-webhook-secret"
ACCOUNT_SECRET = "account-webhook-secret"
BOT_TOKEN = "token-of-the-bot"
USER_TOKEN = "token-of-ana"


@dataclass(frozen=True)
class Webhook:
    """A webhook as it arrived."""

    path: str
    headers: dict[str, str]
    raw: bytes
    body: dict[str, Any]
    at: float

    @property
    def event(self) -> str:
        return str(self.body["event"])

    def signed_with(self, secret: str) -> bool:
        timestamp = self.headers["X-Chatwoot-Timestamp"]
        expected = hmac.new(secret.encode(), timestamp.encode() + b"." + self.raw, hashlib.sha256).hexdigest()
        return self.headers["X-Chatwoot-Signature"] == f"sha256={expected}"


@dataclass
class Receiver:
    """Takes webhooks at `/bot` and `/account`; `statuses` are answered first, then 200."""

    url: str = ""
    webhooks: list[Webhook] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)
    delay: float = 0.0

    async def handle(self, request: web.Request) -> web.Response:
        raw = await request.read()
        self.webhooks.append(Webhook(request.path, dict(request.headers), raw, orjson.loads(raw), time.monotonic()))
        await asyncio.sleep(self.delay)
        return web.Response(status=self.statuses.pop(0) if self.statuses else 200)

    def at_bot(self, event: str | None = None) -> list[Webhook]:
        return [each for each in self.webhooks if each.path == "/bot" and event in (None, each.event)]

    def at_account(self, event: str | None = None) -> list[Webhook]:
        return [each for each in self.webhooks if each.path == "/account" and event in (None, each.event)]

    async def until(self, condition: Callable[[], bool], timeout: float = 5.0) -> None:
        await until(condition, timeout)


async def until(condition: Callable[[], bool] | Callable[[], Awaitable[bool]], timeout: float = 5.0) -> None:
    deadline = time.monotonic() + timeout
    while True:
        found = condition()
        if found if isinstance(found, bool) else await found:
            return
        assert time.monotonic() < deadline, "the expected state did not come"
        await asyncio.sleep(0.01)


@asynccontextmanager
async def receiver() -> AsyncIterator[Receiver]:
    found = Receiver()
    app = web.Application()
    app.router.add_post("/{path}", found.handle)
    served = await serve_app(app, "127.0.0.1", 0, shutdown_seconds=0.1)
    found.url = f"http://127.0.0.1:{served.port}"
    try:
        yield found
    finally:
        await served.stop()


def simulator_settings(webhooks: Receiver | None = None, **changes: Any) -> SimulatorSettings:
    values: dict[str, Any] = {
        "simulator_port": 0,
        "log_dir": None,
        "simulator_webhook_secret": BOT_SECRET,
        "simulator_account_webhook_secret": ACCOUNT_SECRET,
        "simulator_bot_token": BOT_TOKEN,
        "simulator_user_token": USER_TOKEN,
        "simulator_delivery_seconds": 0.01,
        "simulator_webhook_retry_wait": 0.02,
        "simulator_fault_seed": 1,
    }
    if webhooks is not None:
        values["simulator_webhook_url"] = f"{webhooks.url}/bot"
        values["simulator_account_webhook_url"] = f"{webhooks.url}/account"
    return SimulatorSettings(**{**values, **changes})


@asynccontextmanager
async def simulator(webhooks: Receiver | None = None, **changes: Any) -> AsyncIterator[Simulator]:
    async with running(simulator_settings(webhooks, **changes)) as started:
        yield started


@dataclass(frozen=True)
class World:
    """A simulator, a receiver of its webhooks, and clients with each kind of token."""

    simulator: Simulator
    receiver: Receiver
    control: SimulatorClient
    bot: httpx.AsyncClient
    user: httpx.AsyncClient

    async def write(self, *texts: str | None, name: str = "Mariana", phone: str = "+5531995550101") -> int:
        """A customer writes; returns the conversation."""
        customer = await self.control.create_customer(name, phone)
        conversation, _ = await self.control.send(customer, *texts)
        return conversation
