"""A simulated company on the whole system: its Chatwoot and Odoo in this process, everything else real processes."""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
from support.nats_server import connected
from support.system import System

from common.errors import UnreadableMessage
from common.nats.bucket import Bucket
from common.nats.follow import Follow
from common.nats.topology import BUCKET_API_KEYS, TURNS
from common.tenants import Assistant, ChatwootConnection, OdooConnection, TenantConfig
from common.turns import TURN_MESSAGES, TurnRecorded
from odoo_api.api_keys import create_key
from simulator.app import Simulator, running
from simulator.chatwoot.desk import Inbound, whatsapp_source_id
from simulator.chatwoot.model import Account, ContactInbox, Message
from simulator.company import company_knowledge
from simulator.control.views import transcript
from simulator.settings import SimulatorSettings
from simulator.transcript import Line, Transcript

TENANT = "demo"
DEBOUNCE_SECONDS = 0.4


@dataclass
class Shop:
    """The running system with one tenant, and the hands of its customers."""

    system: System
    simulator: Simulator
    tenant: TenantConfig
    api_key: str
    _phones: int = field(default=0)

    @property
    def account(self) -> Account:
        """The company's Chatwoot account."""
        return self.simulator.state.chatwoot.world.accounts[self.tenant.chatwoot.account_id]

    def customer(self, name: str = "Marina Souza") -> ContactInbox:
        """A new customer on WhatsApp."""
        self._phones += 1
        inbox = next(iter(self.account.inboxes.values()))
        phone = f"+55319{self._phones:08d}"
        desk = self.simulator.state.chatwoot.desk
        return desk.contact(inbox, self.account, name, phone, whatsapp_source_id(inbox, phone))

    def says(self, customer: ContactInbox, text: str) -> Message:
        """The customer writes; Chatwoot sends its webhooks."""
        return self.simulator.state.chatwoot.desk.receive(customer, self.account, Inbound(text))

    def transcript(self, customer: ContactInbox) -> Transcript:
        """The customer's newest conversation."""
        return transcript(customer.conversations[-1], time.time())

    async def reply(self, customer: ContactInbox, after: Message, *, seconds: float = 20.0) -> Line:
        """Wait for the assistant's next public reply."""
        await until(lambda: bool(self.transcript(customer).public_replies(after.id)), seconds=seconds)
        return self.transcript(customer).public_replies(after.id)[0]

    async def priced(self, *, at: float) -> tuple[str, int]:
        """Give a product a price in Odoo that nobody could guess; returns its SKU and what is free of it."""
        database = self.simulator.state.settings.simulator_odoo_database
        api = f"{self.simulator.url}/simulator/api/odoo/databases/{database}"
        rows = (await self.system.http.get(f"{api}/products")).json()["products"]
        product = next(each for each in rows if each["free_qty"] > 5)
        changed = await self.system.http.patch(f"{api}/products/{product['sku']}", json={"list_price": at})
        assert changed.status_code == 200, changed.text
        return product["sku"], int(product["free_qty"])

    @property
    def mails(self) -> list[dict[str, Any]]:
        """What the company's Odoo has e-mailed."""
        return self.simulator.state.odoo.databases[self.simulator.state.settings.simulator_odoo_database].sent_mails

    async def settle(self, *, quiet_seconds: float = 2.5, seconds: float = 60.0) -> None:
        """Wait until nothing has been posted to Chatwoot for a while."""
        ledger = self.simulator.state.chatwoot.ledger(self.account.id)
        deadline = time.monotonic() + seconds
        seen, since = len(ledger.arrivals), time.monotonic()
        while time.monotonic() < deadline and time.monotonic() - since < quiet_seconds:
            await asyncio.sleep(0.1)
            if len(ledger.arrivals) != seen:
                seen, since = len(ledger.arrivals), time.monotonic()

    async def records(self) -> dict[int, list[TurnRecorded]]:
        """Every turn record, by customer message: exactly one each is what the system promises."""
        found: dict[int, list[TurnRecorded]] = defaultdict(list)

        async def take(subject: str, data: bytes, headers: dict[str, str], sequence: int) -> None:
            del subject, headers, sequence
            record = TURN_MESSAGES.decode(data)
            if not isinstance(record, TurnRecorded):
                raise UnreadableMessage("not a turn record")
            for message_id in record.message_ids:
                found[message_id].append(record)

        async with connected(self.system.nats) as admin:
            follow = Follow(admin.nc, TURNS, "turn.>", take)
            await follow.start()
            try:
                await asyncio.wait_for(follow.caught_up.wait(), 20)
            finally:
                await follow.stop()
        return dict(found)


@asynccontextmanager
async def open_shop(
    directory: Path, *, copies: int = 2, environment: Mapping[str, str] | None = None, account_webhook: bool = False
) -> AsyncIterator[Shop]:
    """Start everything, apply the tenant, and bring the sample company in over `/api/v1`, as an Odoo module would."""
    system = System(directory, copies=copies, environment=environment)
    address = f"{system.url}/webhook/chatwoot/{TENANT}"
    settings = SimulatorSettings(
        simulator_port=0,
        simulator_webhook_url=address,
        simulator_account_webhook_url=address if account_webhook else "",
        simulator_delivery_seconds=0.05,
        log_dir=None,
    )
    async with running(settings) as simulator, system:
        tenant = tenant_of(simulator, settings)
        await system.apply(tenant)
        async with connected(system.nats) as admin:
            created = await create_key(Bucket(admin.nc, BUCKET_API_KEYS), TENANT, now=datetime.now(UTC))
        shop = Shop(system, simulator, tenant, created.key)
        await bring_in_the_company(shop)
        yield shop


def tenant_of(simulator: Simulator, settings: SimulatorSettings, *, name: str = TENANT) -> TenantConfig:
    """The tenant file that fits the simulator."""
    return TenantConfig(
        tenant=name,
        chatwoot=ChatwootConnection.model_validate(
            {
                "base_url": f"{simulator.url}/chatwoot",
                "account_id": settings.simulator_account_id,
                "bot_token": settings.simulator_bot_token,
                "user_token": settings.simulator_user_token,
                "webhook_secret": settings.simulator_webhook_secret,
            }
        ),
        odoo=OdooConnection.model_validate(
            {
                "base_url": f"{simulator.url}/odoo",
                "database": settings.simulator_odoo_database,
                "api_key": settings.simulator_odoo_api_key,
                "email_codes": True,
            }
        ),
        assistant=Assistant(name="Lia", debounce_seconds=DEBOUNCE_SECONDS),
    )


async def bring_in_the_company(shop: Shop) -> None:
    """Synchronise the sample company, and wait until every hub can find it."""
    for kind, items in company_knowledge(datetime.now().astimezone().date()).by_kind().items():
        answer = await shop.system.http.put(
            f"/api/v1/knowledge/{kind}?wait=indexed",
            headers={"Authorization": f"Bearer {shop.api_key}"},
            json={"items": [each.model_dump(mode="json") for each in items]},
            timeout=httpx.Timeout(30),
        )
        assert answer.status_code == 200, f"{kind}: {answer.status_code} {answer.text}"
        assert not answer.json()["rejected"], answer.text


async def until(condition: Callable[[], bool], *, seconds: float = 20.0) -> None:
    """Wait for something to become true.

    Raises:
        AssertionError: it did not.
    """
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {seconds:g} s")
        await asyncio.sleep(0.05)
