"""The webhook service and a simulated Chatwoot whose webhooks never arrive: all it learns, its sweeps find."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from support.nats_server import NatsServer, connected
from support.simulated import BOT_TOKEN, USER_TOKEN, simulator, until

from common.errors import QueryFailed
from common.events import CHATWOOT_EVENTS, ChatwootEvent
from common.nats.api import call, stored_message
from common.nats.requests import ask
from common.nats.topology import CHATWOOT_EVENTS as STREAM
from common.queries import ReconcileQuery
from common.query_answers import SweepReport
from common.subjects import webhook_query
from common.tenant_directory import apply_tenants
from common.tenants import TenantConfig
from simulator.app import Simulator
from simulator.chatwoot.desk import Inbound
from simulator.chatwoot.drafts import Draft
from simulator.chatwoot.installation import Installation
from simulator.chatwoot.model import Account, Message
from simulator.client import SimulatorClient
from webhook.app import WebhookService, build
from webhook.settings import WebhookSettings

SECRET = "webhook-secret"


@dataclass
class Swept:
    """Tenant `acme`. The simulated clock is moved by hand, so nobody waits for a message to become old enough."""

    broker: NatsServer
    nc: Any
    simulator: Simulator
    chat: SimulatorClient
    directory: Path
    services: list[WebhookService] = field(default_factory=list)

    def tenant(self, **chatwoot: Any) -> TenantConfig:
        values = {
            "base_url": f"{self.simulator.url}/chatwoot",
            "account_id": 1,
            "bot_token": BOT_TOKEN,
            "user_token": USER_TOKEN,
            "webhook_secret": SECRET,
            "reconcile_seconds": 3600,
            **chatwoot,
        }
        return TenantConfig.model_validate({"tenant": "acme", "chatwoot": values})

    async def apply(self, **chatwoot: Any) -> None:
        await apply_tenants(self.nc, {"acme": self.tenant(**chatwoot)})

    async def start(self, name: str = "webhook-a", **settings: Any) -> WebhookService:
        values = {
            "nats_url": self.broker.url,
            "webhook_port": 0,
            "drain_seconds": 0,
            "log_dir": None,
            "instance_id": name,
            "reconcile_requests_per_second": 50,
            **settings,
        }
        service = await build(WebhookSettings(ODOO_AI_CONFIG=self.directory / "config", **values))
        self.services.append(service)
        # The sweep at its start is over when this one is: what a test does next is news to the next sweep.
        await self.sweep(later=0)
        return service

    async def stop(self, service: WebhookService) -> None:
        self.services.remove(service)
        await service.stop()

    async def customer(self, number: int = 1, *texts: str) -> tuple[int, list[int]]:
        """A customer writes; returns the conversation and the ids of the messages."""
        customer = await self.chat.create_customer(f"Cliente {number}", f"+553199{number:07d}")
        return await self.chat.send(customer, *(texts or ("oi",)))

    async def sweep(self, *, later: float = 10.0) -> SweepReport:
        """Let some simulated time pass, then sweep; waits for a process that sweeps."""
        await self.chat.advance(later)
        query = ReconcileQuery(tenant="acme")
        reports: list[SweepReport] = []

        async def answered() -> bool:
            try:
                reports.append(await ask(self.nc, webhook_query("reconcile"), query, timeout=60, expect=SweepReport))
            except QueryFailed as error:
                if error.code != "unavailable":
                    raise
            return bool(reports)

        await until(answered, 60)
        return reports[0]

    async def connect_webhooks(self, service: WebhookService) -> None:
        """From now on the simulated Chatwoot sends webhooks to this process."""
        url = f"http://127.0.0.1:{service.port}/webhook/chatwoot/acme"
        await self.chat.change_account(1, bot_webhook_url=url, bot_webhook_secret=SECRET)

    def bot_says(self, conversation: int, text: str, turn: str = "turn-1") -> Message:
        """The assistant's reply, as the sender posts it."""
        stamp = {"odoo_ai": {"command_id": f"{turn}:1", "turn_id": turn}}
        bot = next(iter(self.account.bots.values()))
        return self.chatwoot.desk.post(
            self.account.conversations[conversation], bot, Draft(content=text, content_attributes=stamp)
        )

    def fill(self, conversations: int) -> None:
        """Many customers who have each written and been answered."""
        inbox = next(iter(self.account.inboxes.values()))
        for number in range(conversations):
            phone = f"+553198{number:07d}"
            customer = self.chatwoot.desk.contact(inbox, self.account, f"Cliente {number}", phone, phone[1:])
            written = self.chatwoot.desk.receive(customer, self.account, Inbound("oi"))
            self.bot_says(written.conversation.id, "Olá!", f"turn-{number}").status = "read"

    @property
    def chatwoot(self) -> Installation:
        return self.simulator.state.chatwoot

    @property
    def account(self) -> Account:
        return self.chatwoot.world.accounts[1]

    async def until_told(self, kind: str, times: int) -> None:
        async def told() -> bool:
            return (await self.told())[kind] >= times

        await until(told, 20)

    async def events(self) -> list[ChatwootEvent]:
        """What the hub would receive."""
        state = (await call(self.nc, f"STREAM.INFO.{STREAM}"))["state"]
        numbers = range(max(1, state["first_seq"]), state["last_seq"] + 1)
        found = [await stored_message(self.nc, STREAM, {"seq": number}) for number in numbers]
        return [CHATWOOT_EVENTS.decode(each.data) for each in found if each is not None]

    async def told(self) -> Counter[str]:
        """How many events of each type."""
        return Counter(each.type_name() for each in await self.events())


@asynccontextmanager
async def swept(directory: Path, **simulated: Any) -> AsyncIterator[Swept]:
    """A broker, a simulated Chatwoot without webhooks, and tenant `acme`; start the service yourself."""
    async with (
        NatsServer(directory / "nats", provisioned=True) as broker,
        connected(broker) as admin,
        simulator(None, **simulated) as started,
        SimulatorClient(started.url) as chat,
    ):
        found = Swept(broker, admin.nc, started, chat, directory)
        await found.apply()
        try:
            yield found
        finally:
            for service in list(found.services):
                await found.stop(service)
