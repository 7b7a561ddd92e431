"""Vectors beside words: what they find, what they cost, and that words answer whenever vectors cannot."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from support.meaning_world import KEY, MeaningWorld, meaning_world

from common.errors import ConfigurationError
from common.knowledge import Document, Product, Rule
from common.tenants import Assistant, Embeddings, ModelProvider, ModelProviders, TenantProfile
from hub.retrieval.meaning.backoff import wait_seconds
from hub.retrieval.meaning.endpoint import endpoint_of
from hub.retrieval.port import Near, Nearest
from simulator.faults import FaultSpec

TODAY = date(2026, 11, 24)
FRIDGE = Product(id="g", name="Refrigerador Frost Free 375L", list_price=Decimal(2500))
SHIPPING = Rule(id="frete", title="Frete", text="O frete para a capital custa R$ 15,90.")
RETURNS = Rule(id="troca", title="Troca", text="Trocamos em até 30 dias com a nota fiscal.")


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[MeaningWorld]:
    async with meaning_world(tmp_path / "vectors") as made:
        made.tenant()
        yield made


async def test_a_question_without_a_word_in_common_finds_what_means_the_same(world: MeaningWorld) -> None:
    for rule in (SHIPPING, RETURNS):
        world.put("rule", rule)
    world.put("product", FRIDGE)
    await world.start()

    near = await world.near_soon("is there a fridge, and what about shipping?")
    view = world.knowledge.tenant("acme")

    assert [each.item_id for each in near.products] == ["g"]
    assert near.quotable[0].item_id == "frete"
    (hit, *_) = view.rules("blorp xyz", today=TODAY, near=near)
    assert (hit.item.id, hit.score, hit.margin) == ("frete", 0.0, 0.0)
    assert hit.similarity is not None
    assert view.rules("blorp xyz", today=TODAY) == []


async def test_words_alone_answer_until_the_vectors_are_there(world: MeaningWorld) -> None:
    world.put("rule", SHIPPING)
    world.server.default_delay = 0.3
    await world.start()

    assert await world.near("frete") == Nearest()

    world.server.default_delay = 0.0
    assert [each.item_id for each in (await world.near_soon("frete")).quotable] == ["frete"]


async def test_only_what_changed_is_embedded_again(world: MeaningWorld) -> None:
    world.rules(70)
    world.put("document", Document(id="d", title="Manual", text="Primeira parte. " * 30 + "\n\n" + "Segunda. " * 60))
    await world.start()
    await world.until(lambda: world.kept() > 71)
    assert len(world.texts()) == world.kept()

    world.put("rule", Rule(id="r3", title="Regra 3", text="Agora sobre devolução."))
    world.put("rule", Rule(id="r4", title="Regra 4", text="Texto da regra número 4.", priority=9))
    world.drop("rule", "r5")
    await world.until(lambda: world.kept() > 0)

    assert [text for text in world.texts() if text] == ["Regra 3\nAgora sobre devolução."]
    found = [each.item_id for each in (await world.near("return refund")).quotable]
    assert found[0] == "r3"
    assert "r5" not in found


async def test_a_shorter_document_leaves_no_old_passage_behind(world: MeaningWorld) -> None:
    long = "\n\n".join(f"{word} " * 90 for word in ("alfa", "beta", "gama"))
    world.put("document", Document(id="d", title="Manual", text=long))
    await world.start()
    await world.until(lambda: world.kept() == 3)

    world.put("document", Document(id="d", title="Manual", text="alfa " * 90))

    await world.until(lambda: world.kept() == 1)
    assert {each.part for each in (await world.near("gama")).quotable} == {0}


async def test_a_restart_pays_for_nothing_again(world: MeaningWorld) -> None:
    world.rules(10)
    await world.start()
    first = await world.near_soon("regra número 7")
    await world.stop()
    world.texts()

    await world.start()
    again = await world.near_soon("regra número 7")

    assert world.texts() == ["regra número 7"]
    assert [each.item_id for each in again.quotable] == [each.item_id for each in first.quotable]
    assert again.quotable[0].similarity == pytest.approx(first.quotable[0].similarity, abs=0.002)


async def test_a_new_model_takes_over_when_all_its_vectors_are_there(world: MeaningWorld) -> None:
    world.rules(5)
    await world.start()
    await world.near_soon("regra")
    world.texts()
    world.server.faults.set(FaultSpec(surface="model", kind="status", status=503, count=1))

    world.tenant(model="stand-in:other", dimensions=128)
    world.put("rule", SHIPPING)
    await world.until(lambda: any(len(each["body"]["input"]) > 1 for each in world.server.embedded), 15)

    # The first try of the new model failed: the old vectors answer.
    near = await world.near("outra regra")
    assert near.quotable
    assert world.server.embedded[-1]["body"]["model"] == "small"
    await world.until(lambda: _dimensions(world) == 128, 15)
    assert (await world.near("regra")).quotable


def _dimensions(world: MeaningWorld) -> int | None:
    assert world.keeper is not None
    vectors = world.keeper.vectors("acme")
    return vectors.endpoint.dimensions if vectors else None


async def test_a_slow_endpoint_costs_a_customer_a_third_of_a_second_and_is_then_left_alone(world: MeaningWorld) -> None:
    world.rules(3)
    await world.start()
    await world.near_soon("regra")
    world.server.default_delay = 5.0
    world.texts()

    started = time.perf_counter()
    answers = [await world.near(f"pergunta {number}") for number in range(10)]
    took = time.perf_counter() - started

    assert answers == [Nearest()] * 10
    assert len(world.texts()) == 3
    assert took < 1.8


@pytest.mark.parametrize("kind", ["reset", "html", "garbage"])
async def test_an_endpoint_that_answers_nonsense_is_the_same_as_none(world: MeaningWorld, kind: str) -> None:
    world.rules(3)
    await world.start()
    await world.near_soon("regra")
    world.server.faults.set(FaultSpec.model_validate({"surface": "model", "kind": kind}))

    assert await world.near("outra pergunta") == Nearest()


async def test_an_endpoint_that_was_down_is_asked_again(world: MeaningWorld) -> None:
    world.rules(3)
    world.server.faults.set(FaultSpec(surface="model", kind="status", status=500, count=1))
    await world.start()

    assert (await world.near_soon("regra")).quotable
    assert [wait_seconds(failures) for failures in (1, 2, 3, 9, 1000)] == [2.0, 4.0, 8.0, 300.0, 300.0]


async def test_a_server_that_takes_few_texts_at_once_gets_few(world: MeaningWorld) -> None:
    world.server.most_texts = 16
    world.rules(50)
    await world.start()

    await world.until(lambda: world.kept() == 50)


async def test_personal_data_is_removed_before_a_question_leaves(world: MeaningWorld) -> None:
    world.rules(3)
    await world.start()
    await world.near_soon("regra")
    world.texts()

    await world.near("meu cpf é 529.982.247-25 e meu e-mail ana@example.com, cadê a troca?")

    (sent,) = world.texts()
    assert "529" not in sent
    assert "ana@" not in sent
    assert "troca" in sent


async def test_the_same_question_is_asked_once(world: MeaningWorld) -> None:
    world.rules(3)
    await world.start()
    await world.near_soon("qual o horário?")
    world.texts()

    await world.near("qual o horário?")

    assert world.texts() == []


async def test_the_key_travels_in_the_header_and_stands_nowhere_else(
    world: MeaningWorld, capsys: pytest.CaptureFixture[str]
) -> None:
    world.rules(3)
    world.server.faults.set(FaultSpec(surface="model", kind="status", status=401, count=1))
    await world.start()
    await world.near_soon("regra")

    written = capsys.readouterr()
    assert {each["key"] for each in world.server.embedded} == {KEY}
    assert KEY not in written.out + written.err
    assert KEY not in repr(endpoint_of("acme", *_own_server()))


def _own_server() -> tuple[Embeddings, ModelProviders, None, None]:
    own = ModelProvider.model_validate({"api_key": KEY, "base_url": "http://127.0.0.1:9/v1/"})
    return Embeddings(model="mine:small"), ModelProviders(providers={"mine": own}), None, None


async def test_a_disk_that_fails_costs_no_answer(world: MeaningWorld) -> None:
    world.folder.parent.mkdir(exist_ok=True)
    world.folder.write_text("a file where the folder should be")
    world.rules(3)
    await world.start()

    assert len((await world.near_soon("regra")).quotable) == 3


async def test_memory_is_bounded_and_who_was_asked_longest_ago_comes_back_from_disk(world: MeaningWorld) -> None:
    world.most_bytes = 64 * 4 * 10
    names = ["acme", "bravo", "charlie"]
    for name in names:
        world.tenant(name)
        world.rules(6, name)
    await world.start()
    await world.until(lambda: world.kept("charlie") == 6)
    world.texts()

    assert sum(_in_memory(world, name) for name in names) == 6
    for name in names:
        assert (await world.near_soon("regra", name)).quotable
    assert world.texts() == ["regra"]


def _in_memory(world: MeaningWorld, name: str) -> int:
    assert world.keeper is not None
    vectors = world.keeper._ready.get(name)
    return len(vectors) if vectors else 0


async def test_what_does_not_fit_is_found_by_its_words_and_not_paid_for(world: MeaningWorld) -> None:
    world.most_bytes = 64 * 4 * 80
    world.rules(200)
    await world.start()
    await world.until(lambda: world.kept() == 80)

    assert len(world.texts()) <= 128
    assert (await world.near("regra")).quotable
    assert world.knowledge.tenant("acme").rules("regra número 199", today=TODAY)


async def test_a_small_change_does_not_wait_for_another_tenants_catalogue(
    world: MeaningWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hub.retrieval.meaning.keeper._TURN_SECONDS", 0.3)
    world.tenant("zulu")
    world.rules(2, "zulu")
    world.rules(1_000)
    world.server.default_delay = 0.1
    await world.start()

    await world.until(lambda: world.kept("zulu") == 2)
    assert world.kept() == 0
    world.server.default_delay = 0.0
    await world.until(lambda: world.kept() == 1_000, 20)


async def test_a_tenant_that_gives_embeddings_up_keeps_nothing(world: MeaningWorld) -> None:
    world.rules(3)
    await world.start()
    await world.near_soon("regra")
    await world.stop()
    world.tenant("bravo")
    world.profiles["acme"] = TenantProfile(tenant="acme", chatwoot_account_id=1, assistant=Assistant())

    await world.start()
    await world.until(lambda: not list(world.folder.glob("acme*")))

    assert await world.near("regra") == Nearest()


async def test_a_tenant_without_embeddings_costs_nothing(world: MeaningWorld) -> None:
    world.profiles["acme"] = TenantProfile(tenant="acme", chatwoot_account_id=1, assistant=Assistant())
    world.rules(3)
    await world.start()

    assert await world.near("regra") == Nearest()
    assert world.texts() == []
    assert not world.folder.exists()


def test_a_known_code_is_the_answer_whatever_is_near() -> None:
    world = MeaningWorld(None, "", Path())  # type: ignore[arg-type]
    for number in range(3):
        world.put("product", Product(id=f"p{number}", name="Parafuso sextavado", sku=f"PF-{number}00"))
    near = Nearest(products=(Near("product", "p2", 0, 0.99),), weight=1.0)

    hits = world.knowledge.tenant("acme").products("tem o PF-100?", today=TODAY, near=near)

    assert [(hit.item.id, hit.exact) for hit in hits] == [("p1", True)]


def test_what_has_every_word_stays_before_what_is_near() -> None:
    world = MeaningWorld(None, "", Path())  # type: ignore[arg-type]
    world.put("product", Product(id="has", name="Capa de chuva azul", list_price=Decimal(40)))
    world.put("product", Product(id="near", name="Poncho impermeável", list_price=Decimal(50)))
    world.put("product", Product(id="dear", name="Jaqueta impermeável", list_price=Decimal(500)))
    near = Nearest(products=tuple(Near("product", each, 0, 0.9) for each in ("dear", "near", "has")), weight=1.0)

    hits = world.knowledge.tenant("acme").products("capa de chuva até 100 reais", today=TODAY, near=near)

    assert [(hit.item.id, hit.coverage) for hit in hits] == [("has", 1.0), ("near", 0.0)]


def test_what_the_words_put_clearly_first_stays_first_whatever_is_near() -> None:
    world = MeaningWorld(None, "", Path())  # type: ignore[arg-type]
    for rule in (SHIPPING, RETURNS, Rule(id="pix", title="Pix", text="Aceitamos pix e cartão.")):
        world.put("rule", rule)
    view = world.knowledge.tenant("acme")
    wrong = Nearest(tuple(Near("rule", each, 0, 0.9) for each in ("pix", "troca", "frete")), (), 1.0)

    (clear, *_) = view.rules("quanto custa o frete?", today=TODAY, near=wrong)
    assert (clear.item.id, clear.margin >= 0.15) == ("frete", True)

    words, meaning = (view.rules("blorp", today=TODAY, near=near) for near in (Nearest(), wrong))
    assert words == []
    assert [hit.item.id for hit in meaning] == ["pix", "troca", "frete"]


def test_expired_and_removed_rules_are_not_found_by_meaning() -> None:
    world = MeaningWorld(None, "", Path())  # type: ignore[arg-type]
    world.put("rule", Rule(id="old", title="Frete grátis", text="Até ontem.", valid_until=date(2026, 11, 23)))
    world.put("rule", Rule(id="staff", title="Margem", text="Para a equipe.", audience="staff"))
    world.put("rule", SHIPPING)
    near = Nearest(tuple(Near("rule", each, 0, 0.9) for each in ("old", "staff", "gone", "frete")), (), 0.25)

    hits = world.knowledge.tenant("acme").rules("quanto pago pelo envio?", today=TODAY, near=near)

    assert [hit.item.id for hit in hits] == ["frete"]


def test_where_embeddings_come_from_is_said_or_refused_with_a_reason() -> None:
    named = endpoint_of("acme", Embeddings(model="openai:text-embedding-3-small"), None, "k", None)
    own = endpoint_of("acme", *_own_server())

    assert (named.base_url, named.model, named.api_key) == ("https://api.openai.com/v1", "text-embedding-3-small", "k")
    assert (own.base_url, own.api_key) == ("http://127.0.0.1:9/v1", KEY)
    with pytest.raises(ConfigurationError, match="OPENAI_API_KEY"):
        endpoint_of("acme", Embeddings(model="openai:text-embedding-3-small"), None, None, None)
    with pytest.raises(ConfigurationError, match=r"models\.providers\.mine\.base_url"):
        endpoint_of("acme", Embeddings(model="mine:small"), None, "k", None)


def test_a_key_of_openai_is_not_sent_to_another_server() -> None:
    own = ModelProviders(providers={"openai": ModelProvider.model_validate({"base_url": "http://127.0.0.1:9/v1"})})

    assert endpoint_of("acme", Embeddings(model="openai:x"), own, "key-of-the-environment", None).api_key is None
