"""Hubs for tests: on a real broker, with the responder a test wants, and deaths between any two steps."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

from nats.aio.client import Client
from pydantic import HttpUrl, SecretStr
from support.hub_world import START, TENANT
from support.nats_server import NatsServer, connected

from common.commands import CHATWOOT_COMMANDS, ChatwootCommand, SendMessage
from common.events import ChatwootEvent
from common.message import Message
from common.nats import topology
from common.nats.api import call
from common.nats.bucket import Bucket, Entry
from common.nats.consumer import Delivery
from common.nats.follow import Follow
from common.nats.publisher import Publisher
from common.subjects import chatwoot_event
from common.tenant_directory import apply_tenants
from common.tenants import Assistant, ChatwootConnection, TenantConfig, TenantProfile
from common.turns import TURN_MESSAGES, TurnRecorded
from hub.answering import Reply, Responder, TurnInput
from hub.answering_side import AnsweringSide
from hub.app import HubService, build
from hub.ports import Ports
from hub.settings import HubSettings
from hub.timers import BrokerTimers

T = TypeVar("T")


@dataclass
class Echo:
    """Answers with the texts of the burst, so that a reply tells what it answers. Keeps what it was asked."""

    seconds: float = 0.0
    outcome: str = "answered"
    asked: list[TurnInput] = field(default_factory=list)

    async def respond(self, turn: TurnInput) -> Reply:
        self.asked.append(turn)
        await asyncio.sleep(self.seconds)
        if self.outcome == "handed_off":
            return Reply(
                outcome="handed_off",
                reason="asked for a person",
                text="Vou chamar alguém.",
                note=f"Cliente disse: {turn.text}",
                hand_off_reason="customer_request",
            )
        return Reply(outcome="answered", reason="echo", text="|".join(each.text for each in turn.messages))


@dataclass
class TestClock:
    """A clock that the test moves."""

    __test__ = False
    now: datetime = START

    def __call__(self) -> datetime:
        return self.now

    def advance(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


class Killed(BaseException):
    """The process is gone: not an error that anybody may handle."""


async def die() -> None:
    """The end of the process."""
    raise Killed


@dataclass
class Death:
    """Lets something happen at the n-th step that leaves the process (from 0), before or after the step is done.

    By default the process dies. Without `at` nothing happens, and `steps` counts.
    """

    at: int | None = None
    after: bool = False
    happens: Callable[[], Awaitable[None]] = die
    steps: int = 0

    async def step(self, work: Callable[[], Awaitable[T]]) -> T:
        number = self.steps
        self.steps += 1
        if number == self.at and not self.after:
            await self.happens()
        done = await work()
        if number == self.at and self.after:
            await self.happens()
        return done


@dataclass
class MortalBucket:
    """A real bucket, used by a process that may die at any step."""

    bucket: Bucket
    death: Death

    async def get(self, key: str) -> Entry | None:
        return await self.death.step(lambda: self.bucket.get(key))

    async def create(self, key: str, value: bytes) -> int:
        return await self.death.step(lambda: self.bucket.create(key, value))

    async def update(self, key: str, value: bytes, revision: int) -> int:
        return await self.death.step(lambda: self.bucket.update(key, value, revision))


@dataclass
class MortalPublisher:
    publisher: Publisher
    death: Death

    async def publish(self, subject: str, message: Message | bytes, *, stream: str, msg_id: str | None) -> object:
        return await self.death.step(lambda: self.publisher.publish(subject, message, stream=stream, msg_id=msg_id))


@dataclass
class MortalTimers:
    timers: BrokerTimers
    death: Death

    async def set(self, tenant: str, conversation_id: int, at: datetime, *, durably: bool = True) -> None:
        await self.death.step(lambda: self.timers.set(tenant, conversation_id, at, durably=durably))


@dataclass
class MortalResponder:
    responder: Responder
    death: Death

    async def respond(self, turn: TurnInput) -> Reply:
        return await self.death.step(lambda: self.responder.respond(turn))


@dataclass(frozen=True)
class OneTenant:
    """The tenants of a broker on which nobody applied any."""

    profile: TenantProfile = TENANT

    def get(self, tenant: str) -> TenantProfile | None:
        return self.profile if tenant == self.profile.tenant else None


def mortal_ports(nc: Client, death: Death, clock: TestClock) -> Ports:
    """Ports on the real broker that die as told."""
    publisher = Publisher(nc)
    return Ports(
        bucket=MortalBucket(Bucket(nc, topology.BUCKET_CONVERSATIONS), death),
        publisher=MortalPublisher(publisher, death),
        timers=MortalTimers(BrokerTimers(publisher), death),
        tenants=OneTenant(),
        clock=clock,
    )


_sequences = itertools.count(1)


def delivery_of(event: ChatwootEvent) -> Delivery:
    """A delivery of an event, with a sequence of its own; hand in the same one again to deliver it again."""
    return Delivery(
        subject=chatwoot_event(event.tenant, event.conversation_id),
        data=event.encode(),
        headers={},
        stream=topology.CHATWOOT_EVENTS,
        consumer="hub-events-00",
        sequence=next(_sequences),
        attempt=1,
        stored_at=datetime.now(UTC),
    )


@dataclass
class Streams:
    """Everything the hubs published, as it arrives."""

    stored_commands: dict[int, ChatwootCommand] = field(default_factory=dict)
    traces: dict[int, str] = field(default_factory=dict)
    """The `traceparent` of each command, by sequence."""
    stored_records: dict[int, TurnRecorded] = field(default_factory=dict)
    changed: asyncio.Event = field(default_factory=asyncio.Event)
    follows: dict[str, Follow] = field(default_factory=dict)

    @property
    def commands(self) -> list[ChatwootCommand]:
        """In the order of the stream."""
        return [self.stored_commands[each] for each in sorted(self.stored_commands)]

    @property
    def records(self) -> list[TurnRecorded]:
        """In the order of the stream."""
        return [self.stored_records[each] for each in sorted(self.stored_records)]

    def commands_for(self, conversation_id: int) -> list[ChatwootCommand]:
        return [each for each in self.commands if each.conversation_id == conversation_id]

    def replies(self, conversation_id: int) -> list[str]:
        """The texts sent to the customer of a conversation, in order."""
        return [each.text for each in self.commands_for(conversation_id) if isinstance(each, SendMessage)]

    def ended(self, conversation_id: int) -> list[int]:
        """The message ids that ended in a conversation; one twice in it would have ended twice."""
        return [
            message_id
            for each in self.records
            if each.conversation_id == conversation_id
            for message_id in each.message_ids
        ]

    async def until(self, met: Callable[[], bool], seconds: float = 20.0) -> None:
        """Wait until what was published meets a condition."""
        async with asyncio.timeout(seconds):
            while not met():
                self.changed.clear()
                if not met():
                    await self.changed.wait()

    async def complete(self, nc: Client) -> None:
        """Wait until everything that is stored now has been seen."""
        for stream, follow in self.follows.items():
            info = await call(nc, f"STREAM.INFO.{stream}")
            assert await follow.reached(info["state"]["last_seq"], 10)

    async def command(self, _: str, data: bytes, headers: dict[str, str], sequence: int) -> None:
        self.traces[sequence] = headers.get("traceparent", "")
        self.stored_commands[sequence] = CHATWOOT_COMMANDS.decode(data)
        self.changed.set()

    async def record(self, _: str, data: bytes, __: dict[str, str], sequence: int) -> None:
        record = TURN_MESSAGES.decode(data)
        assert isinstance(record, TurnRecorded)
        self.stored_records[sequence] = record
        self.changed.set()


@asynccontextmanager
async def broker(directory: Path) -> AsyncIterator[tuple[NatsServer, Client]]:
    """A real broker with our topology, and an administrator's connection."""
    async with NatsServer(directory, provisioned=True) as server, connected(server) as connection:
        yield server, connection.nc


@asynccontextmanager
async def watched(nc: Client) -> AsyncIterator[Streams]:
    """Follow commands and turn records from their beginning."""
    streams = Streams()
    streams.follows = {
        topology.CHATWOOT_COMMANDS: Follow(nc, topology.CHATWOOT_COMMANDS, "commands.>", streams.command),
        topology.TURNS: Follow(nc, topology.TURNS, "turn.>", streams.record),
    }
    for each in streams.follows.values():
        await each.start()
    try:
        yield streams
    finally:
        for each in streams.follows.values():
            await each.stop()


def hub_settings(server: NatsServer, name: str, **overrides: Any) -> HubSettings:
    """Settings of a hub on a test's broker."""
    fields: dict[str, Any] = {
        "nats_url": server.url,
        "nats_connect_seconds": 10.0,
        "hub_port": 0,
        "instance_id": name,
        "log_dir": None,
        "hub_stop_seconds": 2.0,
        "hub_lease_seconds": 2.0,
    }
    return HubSettings(**(fields | overrides))


@asynccontextmanager
async def running_hub(
    server: NatsServer, responder: Responder, name: str = "hub-a", **overrides: Any
) -> AsyncIterator[HubService]:
    """A whole hub in this process, with the test's responder."""
    service = await build(hub_settings(server, name, **overrides), build_answering=lambda *_: AnsweringSide(responder))
    try:
        yield service
    finally:
        await service.stop()


TOKEN = SecretStr("not-a-real-token-of-anything")


async def apply_tenant(nc: Client, tenant: str = "acme", *, debounce_seconds: float = 0.3) -> None:
    """Put a tenant on the broker, as `odoo-ai tenant apply` does."""
    chatwoot = ChatwootConnection(
        base_url=HttpUrl("http://127.0.0.1:1/chatwoot"), account_id=1, bot_token=TOKEN, webhook_secret=TOKEN
    )
    assistant = Assistant(name="Lia", debounce_seconds=debounce_seconds)
    await apply_tenants(nc, {tenant: TenantConfig(tenant=tenant, chatwoot=chatwoot, assistant=assistant)})


async def tell(nc: Client, event: ChatwootEvent, headers: dict[str, str] | None = None) -> None:
    """Publish an event as the webhook service does."""
    await Publisher(nc).publish(
        chatwoot_event(event.tenant, event.conversation_id),
        event,
        stream=topology.CHATWOOT_EVENTS,
        msg_id=event.event_id,
        headers=headers,
    )
