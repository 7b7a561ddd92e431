"""A hub process whose tenant has a model: the stand-in provider, scripted."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nats.aio.client import Client
from pydantic import HttpUrl, SecretStr
from support.hub_core import TOKEN, Streams, watched
from support.hub_process import HubProcess, hub_process
from support.hub_world import START
from support.knowledge_items import changed
from support.nats_server import NatsServer, connected

from common.health import serve_app
from common.knowledge import Rule
from common.nats.publisher import Publisher
from common.nats.topology import KNOWLEDGE
from common.subjects import knowledge
from common.tenant_directory import apply_tenants
from common.tenants import (
    Assistant,
    ChatwootConnection,
    Embeddings,
    ModelPrice,
    ModelProvider,
    ModelProviders,
    TenantConfig,
)
from simulator.faults import FaultBoard
from simulator.model.answers import Scripted
from simulator.model.server import ModelServer, build

MODEL = "stand-in:mini"
DELIVERY = Rule(
    id="entrega",
    title="Entrega",
    text="Entregamos em São Paulo em até 2 dias úteis por R$ 15,90.",
    questions=("quanto é o frete?", "vocês entregam?"),
)


@dataclass
class ModelWorld:
    """A broker with rights, a hub process, and a model provider that says what it is told."""

    server: NatsServer
    nc: Client
    streams: Streams
    hub: HubProcess
    model: ModelServer

    def script(self, *answers: dict[str, Any]) -> None:
        """What the model says next."""
        self.model.script("key-of-acme-model", [Scripted.model_validate(each) for each in answers])


@asynccontextmanager
async def model_world(directory: Path) -> AsyncIterator[ModelWorld]:
    """Broker, provider and hub, with one rule known."""
    model = ModelServer(FaultBoard())
    served = await serve_app(build(model), "127.0.0.1", 0, shutdown_seconds=0.1)
    async with NatsServer.with_users(directory / "nats", provisioned=True) as server, connected(server) as connection:
        nc = connection.nc
        await apply_tenants(nc, {"acme": tenant(f"http://127.0.0.1:{served.port}")})
        await tell_rule(nc, DELIVERY)
        async with watched(nc) as streams, hub_process(server, directory) as hub:
            yield ModelWorld(server, nc, streams, hub, model)
    await served.stop()


def tenant(url: str) -> TenantConfig:
    """A tenant with the stand-in as its model."""
    return TenantConfig(
        tenant="acme",
        chatwoot=ChatwootConnection(
            base_url=HttpUrl("http://127.0.0.1:1/chatwoot"), account_id=1, bot_token=TOKEN, webhook_secret=TOKEN
        ),
        assistant=Assistant(
            name="Lia",
            debounce_seconds=0.1,
            model=MODEL,
            model_prices={MODEL: ModelPrice(input=1.0, output=2.0)},
            embeddings=Embeddings(model="stand-in:small", dimensions=64),
        ),
        models=ModelProviders(
            providers={"stand-in": ModelProvider(api_key=SecretStr("key-of-acme-model"), base_url=HttpUrl(url))}
        ),
    )


async def tell_rule(nc: Client, rule: Rule) -> None:
    """Put a rule into the knowledge, as odoo_api does."""
    change = changed("rule", rule, at=START)
    await Publisher(nc).publish(knowledge("acme", "rule", rule.id), change, stream=KNOWLEDGE, msg_id=None)
