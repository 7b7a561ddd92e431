"""The webhook service between a real broker and a fake Chatwoot, with what its tests ask of all three."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import aiohttp
from support.chatwoot_bodies import signed
from support.chatwoot_server import BOT_TOKEN, USER_TOKEN, ChatwootServer
from support.nats_server import NatsServer

from common.commands import ChatwootCommand, SendMessage
from common.events import CHATWOOT_EVENTS, ChatwootEvent
from common.nats.api import StoredMessage, call, stored_message
from common.nats.bucket import Bucket
from common.nats.connection import NatsConnection, connect
from common.nats.publisher import Publisher
from common.nats.topology import BUCKET_PARKED, CHATWOOT_COMMANDS, DEAD_LETTERS
from common.nats.topology import CHATWOOT_EVENTS as EVENTS_STREAM
from common.subjects import chatwoot_command
from common.tenant_directory import apply_tenants
from common.tenants import TenantConfig
from webhook.app import WebhookService, build
from webhook.clock import Clock, utc_now
from webhook.settings import WebhookSettings

SECRET = "webhook-secret"
TOKEN = "path-token-0123456789"
AT = datetime(2026, 11, 24, 3, 0, 0, tzinfo=UTC)


class WebhookBench:
    """Tenant `acme` (account 1, signed) and `velho` (account 2, an old Chatwoot with a path token)."""

    def __init__(self, broker: NatsServer, chatwoot: ChatwootServer, tmp_path: Path, **settings: Any) -> None:
        self.broker = broker
        self.chatwoot = chatwoot
        self.clock: Clock = utc_now
        self._data = tmp_path
        self._settings = settings
        self._services: list[WebhookService] = []
        self._http: aiohttp.ClientSession | None = None
        self._connection: NatsConnection | None = None

    async def __aenter__(self) -> Self:
        self._connection = await connect(self.settings(), "admin")
        await self.apply(self.acme(), self.velho())
        self._http = aiohttp.ClientSession()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for service in list(self._services):
            await self.stop(service)
        if self._http:
            await self._http.close()
        if self._connection:
            await self._connection.close()

    @property
    def nc(self) -> Any:
        assert self._connection is not None
        return self._connection.nc

    def settings(self, **changes: Any) -> WebhookSettings:
        values: dict[str, Any] = {
            "nats_url": self.broker.url,
            "nats_connect_seconds": 10,
            "webhook_port": 0,
            "drain_seconds": 0,
            "chatwoot_request_seconds": 0.3,
            "webhook_settle_seconds": 1.0,
            "sender_breaker_seconds": 0.5,
            "sender_longest_delay_seconds": 1.0,
            "log_dir": None,
            **self._settings,
            **changes,
        }
        return WebhookSettings(ODOO_AI_CONFIG=self._data / "config", **values)

    def acme(self, **changes: Any) -> TenantConfig:
        chatwoot = {
            "base_url": self.chatwoot.url,
            "account_id": 1,
            "bot_token": BOT_TOKEN,
            "user_token": USER_TOKEN,
            "webhook_secret": SECRET,
            **changes,
        }
        return TenantConfig.model_validate({"tenant": "acme", "chatwoot": chatwoot})

    def other(self, chatwoot: ChatwootServer) -> TenantConfig:
        """A tenant `outra` with a Chatwoot of its own."""
        config = self.acme(base_url=chatwoot.url)
        return config.model_copy(update={"tenant": "outra"})

    def velho(self) -> TenantConfig:
        chatwoot = {
            "base_url": self.chatwoot.url,
            "account_id": 2,
            "bot_token": BOT_TOKEN,
            "webhook_path_token": TOKEN,
        }
        return TenantConfig.model_validate({"tenant": "velho", "chatwoot": chatwoot})

    async def apply(self, *tenants: TenantConfig) -> None:
        await apply_tenants(self.nc, {each.tenant: each for each in tenants})

    async def start(self, **settings: Any) -> WebhookService:
        """Start a copy of the service."""
        service = await build(self.settings(**settings), now=lambda: self.clock())
        self._services.append(service)
        return service

    async def stop(self, service: WebhookService) -> None:
        await service.stop()
        self._services.remove(service)

    async def post(self, path: str, body: bytes | Any, **options: Any) -> tuple[int, Any]:
        """POST to the newest copy; answers status and JSON."""
        assert self._http is not None
        url = f"http://127.0.0.1:{self._services[-1].port}{path}"
        async with self._http.post(url, data=body, **options) as response:
            return response.status, await response.json()

    async def get(self, path: str) -> tuple[int, Any]:
        assert self._http is not None
        async with self._http.get(f"http://127.0.0.1:{self._services[-1].port}{path}") as response:
            return response.status, await response.json()

    def signed(self, body: bytes, secret: str = SECRET, age: float = 0) -> dict[str, str]:
        return signed(secret, body, int(self.clock().timestamp() - age))

    async def stored(self, stream: str) -> list[StoredMessage]:
        """Every message of a stream."""
        state = (await call(self.nc, f"STREAM.INFO.{stream}"))["state"]
        numbers = range(max(1, state["first_seq"]), state["last_seq"] + 1)
        found = [await stored_message(self.nc, stream, {"seq": number}) for number in numbers]
        return [each for each in found if each is not None]

    async def events(self) -> list[ChatwootEvent]:
        """What the hub would receive."""
        return [CHATWOOT_EVENTS.decode(each.data) for each in await self.stored(EVENTS_STREAM)]

    async def dead(self) -> list[StoredMessage]:
        return await self.stored(DEAD_LETTERS)

    async def command(self, *commands: ChatwootCommand, again: bool = False, replay: bool = False) -> None:
        """Publish commands as the hub does; `again`: as if the broker had never seen them; `replay`: as an operator."""
        for each in commands:
            await Publisher(self.nc).publish(
                chatwoot_command(each.tenant, each.conversation_id),
                each,
                stream=CHATWOOT_COMMANDS,
                msg_id=None if again or replay else each.command_id,
                headers={"X-Replay-Of": "1"} if replay else None,
            )

    async def idle(self, seconds: float = 20.0) -> None:
        """Wait until every command is settled, and no conversation waits."""

        async def settled() -> bool:
            pending = 0
            for number in range(16):
                info = await call(self.nc, f"CONSUMER.INFO.{CHATWOOT_COMMANDS}.sender-{number:02d}")
                pending += info["num_pending"] + info["num_ack_pending"]
            return pending == 0 and not await Bucket(self.nc, BUCKET_PARKED).keys()

        await until(settled, seconds)


async def until(condition: Callable[[], Awaitable[bool]], seconds: float = 10.0) -> None:
    async with asyncio.timeout(seconds):
        while not await condition():
            await asyncio.sleep(0.03)


def say(number: int, text: str = "", conversation: int = 25, **fields: Any) -> SendMessage:
    """The `number`th reply."""
    values: dict[str, Any] = {
        "command_id": f"turn-{number}:1",
        "turn_id": f"turn-{number}",
        "tenant": "acme",
        "account_id": 1,
        "conversation_id": conversation,
        "issued_at": AT,
        "text": text or f"reply {number}",
        **fields,
    }
    return SendMessage(**values)
