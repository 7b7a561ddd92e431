"""The hub as it is run: `python -m hub`, with least rights, the built-in responder, and a violent end."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from nats.aio.client import Client
from support.hub_core import Streams, apply_tenant, tell, watched
from support.hub_process import hub_process
from support.hub_world import World
from support.nats_server import NatsServer, connected

from common.commands import SendMessage

pytestmark = pytest.mark.broker

Shop = tuple[NatsServer, Client, Streams]


@pytest.fixture
async def shop(tmp_path: Path) -> AsyncIterator[Shop]:
    async with NatsServer.with_users(tmp_path / "nats", provisioned=True) as server, connected(server) as connection:
        await apply_tenant(connection.nc)
        async with watched(connection.nc) as streams:
            yield server, connection.nc, streams


async def test_a_hub_runs_with_its_own_rights_and_answers_from_the_built_in_responder(
    shop: Shop, tmp_path: Path
) -> None:
    server, nc, streams = shop
    here = World()
    async with hub_process(server, tmp_path) as hub:
        await tell(nc, here.customer("Olá, bom dia!"))
        await tell(nc, here.noise())
        await streams.until(lambda: bool(streams.records))
        code = await hub.terminate()

    assert code == 0, hub.log()
    (record,) = streams.records
    assert (record.outcome, record.responder) == ("answered", "built_in")
    assert isinstance(streams.commands[0], SendMessage)
    assert "nats_permission_refused" not in hub.log()
    assert '"level":"error"' not in hub.log()


async def test_nothing_personal_is_in_the_logs(shop: Shop, tmp_path: Path) -> None:
    server, nc, streams = shop
    secret = "meu segredo e o CPF 123.456.789-09"
    async with hub_process(server, tmp_path) as hub:
        await tell(nc, World().customer(secret))
        await streams.until(lambda: bool(streams.records))
        await hub.terminate()

    logs = hub.log() + "".join(each.read_text() for each in (tmp_path / "logs").iterdir())
    assert "turn_committed" in logs
    for private in ("segredo", "123.456.789", "+5511912345678", "Maria"):
        assert private not in logs


@pytest.mark.timeout(120)
async def test_hubs_that_are_killed_lose_nothing_and_say_nothing_twice(shop: Shop, tmp_path: Path) -> None:
    server, nc, streams = shop
    dice = random.Random(7)
    worlds = {number: World(conversation_id=number, next_message_id=number * 1000) for number in range(1, 41)}
    told = 0
    async with hub_process(server, tmp_path, "hub-a") as first, hub_process(server, tmp_path, "hub-b") as second:
        for round_ in range(3):
            for here in dice.sample(list(worlds.values()), 30):
                await tell(nc, here.customer("Olá, bom dia!"))
                told += 1
                await asyncio.sleep(dice.uniform(0, 0.02))
            victim = (first, second)[round_ % 2]
            victim.kill()
            await victim.start()
        await streams.until(lambda: sum(len(each.message_ids) for each in streams.records) >= told, 60)
        await streams.complete(nc)

    for number, here in worlds.items():
        ended = streams.ended(number)
        written = list(range(number * 1000 + 1, here.next_message_id + 1))
        assert ended == written, f"conversation {number}: lost, doubled or out of order"
        turns = [each.turn_id for each in streams.commands_for(number) if isinstance(each, SendMessage)]
        assert len(turns) == len(set(turns))
