"""From a message id to everything that explains its reply; the same turn run again; and all of a customer erased."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from support.agent_shop import final
from support.cli import Finished, odoo_ai
from support.hub_core import tell
from support.hub_world import CUSTOMER, World
from support.model_world import DELIVERY, MODEL, ModelWorld, model_world, tell_rule

from common.events import ReplyObserved
from common.nats.api import call
from common.nats.requests import ask_all
from common.nats.topology import CHATWOOT_COMMANDS, CHATWOOT_EVENTS, TURNS
from common.queries import ForgetQuery
from common.query_answers import Forgotten
from common.subjects import hub_query

pytestmark = pytest.mark.broker
TRUE = "Entregamos em São Paulo em até 2 dias úteis por R$ 15,90."
CPF = "529.982.247-25"


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[ModelWorld]:
    async with model_world(tmp_path) as started:
        yield started


class Operator:
    """The operator's command line on the test's broker."""

    def __init__(self, world: ModelWorld, folder: Path) -> None:
        self._folder = folder
        self._env = {"NATS_URL": world.server.url, "NATS_NKEY_SEED": world.server.seed("admin").get_secret_value()}

    async def run(self, *arguments: str) -> Finished:
        return await asyncio.to_thread(odoo_ai, self._folder, *arguments, env=self._env)

    async def json(self, *arguments: str) -> Any:
        done = await self.run(*arguments, "--json")
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)


async def answered(world: ModelWorld, here: World, text: str) -> int:
    """A customer's question, answered by the model; its message id."""
    world.script(final(TRUE, "rule:entrega", intent="policy"))
    records = len(world.streams.records)
    event = here.customer(text)
    await tell(world.nc, event)
    await world.streams.until(lambda: len(world.streams.records) > records, 30)
    return event.message_id


async def test_a_reply_is_explained_run_again_and_forgotten(world: ModelWorld, tmp_path: Path) -> None:
    operator, here = Operator(world, tmp_path), World()
    asked = await answered(world, here, f"quanto é o frete? sou a Maria, cpf {CPF}")
    (record,) = world.streams.records
    await tell(world.nc, _seen(here, record.turn_id))

    shown = await operator.run("explain", "acme", str(asked))
    by_reply = await operator.json("explain", "acme", "9001", "--conversation", "25")
    unknown = await operator.run("explain", "acme", "424242")

    for told in (MODEL, record.prompt_version, TRUE, "rule entrega", "quanto é o frete?", "passed", "15.9", "USD"):
        assert told in shown.stdout, told
    assert CPF not in shown.stdout
    assert by_reply["turn_id"] == record.turn_id
    assert unknown.returncode == 1
    assert "no turn of acme knows 424242" in unknown.stderr

    commands_before = len(world.streams.commands)
    world.script(final(TRUE, "rule:entrega", intent="policy"))
    same = await operator.json("replay", "--turn", record.turn_id)
    await tell_rule(world.nc, DELIVERY.model_copy(update={"text": "Entregamos em até 3 dias úteis por R$ 18,00."}))
    world.script(final("Entregamos em até 3 dias úteis por R$ 18,00.", "rule:entrega", intent="policy"))
    different = await operator.run("replay", "--turn", record.turn_id)

    assert same["differences"] == []
    assert "+Entregamos em até 3 dias úteis por R$ 18,00." in different.stdout
    assert f"-{TRUE}" in different.stdout
    assert len(world.streams.commands) == commands_before

    exported = await operator.run("export", "acme", "--contact", CUSTOMER.phone or "")
    erased = await operator.json("erase", "acme", "--contact", CUSTOMER.phone or "", "--yes")
    again = await operator.run("erase", "acme", "--contact", "7", "--yes")

    assert CPF in exported.stdout
    assert erased["complete"]
    assert erased["conversations"] == [25]
    assert erased["erased"][CHATWOOT_EVENTS] >= 2
    assert (CUSTOMER.phone or "") not in json.dumps(erased)
    assert Path(erased["receipt"]).exists()
    assert again.returncode == 1
    for stream in (CHATWOOT_EVENTS, CHATWOOT_COMMANDS, TURNS):
        assert (await call(world.nc, f"STREAM.INFO.{stream}"))["state"]["messages"] == 0
    await _nothing_is_left(world)
    (hub,) = await ask_all(world.nc, hub_query("forget"), ForgetQuery(tenant="acme", conversation_ids=(25,)), 1.0)
    assert isinstance(hub, Forgotten)
    assert hub.conversations == 0
    await answered(world, here, "e para o Rio?")
    assert [each.conversation_id for each in world.streams.records] == [25, 25]


async def test_another_customer_s_data_stays(world: ModelWorld, tmp_path: Path) -> None:
    operator = Operator(world, tmp_path)
    await answered(world, World(conversation_id=25), "quanto é o frete?")

    done = await operator.run("erase", "acme", "--contact", "someone@else.example", "--yes")
    wrong = await operator.run("erase", "acme", "--contact", "maria", "--yes")

    assert (done.returncode, wrong.returncode) == (1, 2)
    assert (await call(world.nc, f"STREAM.INFO.{TURNS}"))["state"]["messages"] == 1


def _seen(here: World, turn_id: str) -> ReplyObserved:
    """Chatwoot's report of our reply, as message 9001."""
    base = here.noise()
    fields = base.model_dump(exclude={"changed", "event_id"})
    return ReplyObserved(**fields, event_id="reply-9001", message_id=9001, command_id=f"{turn_id}:1", turn_id=turn_id)


async def _nothing_is_left(world: ModelWorld) -> None:
    """No stream and no bucket of the broker holds anything of the customer."""
    names = (await call(world.nc, "STREAM.NAMES"))["streams"]
    for name in names:
        info = await call(world.nc, f"STREAM.INFO.{name}")
        for sequence in range(info["state"]["first_seq"], info["state"]["last_seq"] + 1):
            answer = await world.nc.request(f"$JS.API.STREAM.MSG.GET.{name}", json.dumps({"seq": sequence}).encode())
            body = json.loads(answer.data)
            data = base64.b64decode(body.get("message", {}).get("data", "")).decode(errors="replace")
            for private in (CPF, "Maria", "5511912345678"):
                assert private not in data, name
