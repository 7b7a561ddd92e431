"""A hub process with its own rights and a tenant with a model: what the customer gets, what is recorded and booked."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from decimal import Decimal
from pathlib import Path

import pytest
from support.agent_shop import final
from support.hub_core import tell
from support.hub_world import World
from support.model_world import MODEL, ModelWorld, model_world

from common.commands import HandOff
from common.nats.bucket import Bucket
from common.nats.topology import BUCKET_BUDGETS
from hub.budget import SPENDINGS
from simulator.faults import FaultSpec

pytestmark = pytest.mark.broker
TRUE = "Entregamos em São Paulo em até 2 dias úteis por R$ 15,90."
CPF = "529.982.247-25"


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[ModelWorld]:
    async with model_world(tmp_path) as started:
        yield started


async def spent(world: ModelWorld) -> Decimal:
    entries = await Bucket(world.nc, BUCKET_BUDGETS).entries("acme")
    return sum((SPENDINGS.decode(entry.value).committed for entry in entries.values()), Decimal(0))


async def test_a_true_answer_is_sent_recorded_and_paid_and_a_lie_ends_with_people(world: ModelWorld) -> None:
    usage = {"prompt_tokens": 1000, "completion_tokens": 100}
    lie = final("A entrega é grátis e chega em 1 hora!", "rule:entrega", intent="policy")
    world.script({**final(TRUE, "rule:entrega", intent="policy"), "usage": usage}, lie, lie)
    honest, lied_to = World(conversation_id=25), World(conversation_id=26, next_message_id=900)

    await tell(world.nc, honest.customer(f"quanto é o frete? meu cpf é {CPF}"))
    await world.streams.until(lambda: len(world.streams.records) == 1, 30)
    await tell(world.nc, lied_to.customer("e a entrega, quanto é?"))
    await world.streams.until(lambda: len(world.streams.records) == 2, 30)

    assert world.streams.replies(25) == [TRUE]
    first, second = world.streams.records
    assert (first.outcome, first.responder, first.reply) == ("answered", MODEL, TRUE)
    assert first.question == "quanto é o frete? meu cpf é […]"
    assert (first.input_tokens, first.output_tokens) == (1000, 100)
    assert first.cost_usd == pytest.approx(0.0012)
    assert first.prompt_version
    assert [source.id for source in first.sources] == ["entrega"]
    assert CPF not in first.model_dump_json()
    assert second.outcome == "handed_off"
    assert "grátis" not in "".join(world.streams.replies(26))
    assert any(isinstance(each, HandOff) for each in world.streams.commands_for(26))
    embedded = await spent(world) - Decimal(str(first.cost_usd + second.cost_usd))
    assert 0 < embedded < Decimal("0.0001"), "the month pays for vectors too"
    assert CPF not in str(list(world.model.requests))
    log = world.hub.log()
    for private in (CPF, "frete", "nats_permission_refused"):
        assert private not in log


async def test_a_model_that_is_away_leaves_the_built_in_responder(world: ModelWorld) -> None:
    world.model.faults.set(FaultSpec(surface="model", kind="status", status=503))

    await tell(world.nc, World().customer("vocês entregam em São Paulo?"))
    await world.streams.until(lambda: bool(world.streams.records), 30)

    (record,) = world.streams.records
    assert (record.outcome, record.responder) == ("answered", "built_in")
    assert record.why_not_model.startswith(MODEL)
    assert "R$ 15,90" in record.reply


async def test_vectors_are_kept_by_the_hub_and_a_question_is_masked_before_it_leaves(world: ModelWorld) -> None:
    world.script(final(TRUE, "rule:entrega", intent="policy"))
    await until(lambda: "vectors_ready" in world.hub.log())

    await tell(world.nc, World().customer(f"delivery? my cpf {CPF}"))
    await world.streams.until(lambda: bool(world.streams.records), 30)

    assert any(text.startswith("Entrega") for text in embedded(world))
    assert any(text.startswith("delivery") for text in embedded(world))
    assert CPF not in str(list(world.model.embedded))
    assert {each["key"] for each in world.model.embedded} == {"key-of-acme-model"}
    assert "key-of-acme-model" not in world.hub.log()


def embedded(world: ModelWorld) -> list[str]:
    return [text for request in world.model.embedded for text in request["body"]["input"]]


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not holds():
            await asyncio.sleep(0.05)
