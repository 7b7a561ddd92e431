"""Hundreds of tenants fit into bounded memory: idle ones wait on disk and come back quickly, as they were."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from pydantic import ValidationError
from support.knowledge_items import changed

from common.knowledge import (
    Company,
    Item,
    KnowledgeItemChanged,
    KnowledgeItemDeleted,
    KnowledgeKind,
    Product,
    Promotion,
    Rule,
)
from hub.retrieval import KnowledgeBase

TODAY = date(2026, 11, 24)
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
SMALL = 3_000
"""Room for seven tenants."""


def put(base: KnowledgeBase, tenant: str, kind: KnowledgeKind, item: Item) -> None:
    change = changed(kind, item, tenant)
    base.apply(change, base.sequence + 1)


def shop(base: KnowledgeBase, tenant: str, number: int) -> None:
    put(base, tenant, "company", Company(id="main", name=f"Loja {number}"))
    put(base, tenant, "rule", Rule(id="frete", title="Frete", text=f"O frete custa R$ {number},00."))
    put(base, tenant, "promotion", Promotion(id="p", title="Semana da tinta", text="Tintas com 10% de desconto."))
    for each in range(5):
        product = Product(
            id=f"tinta-{each}",
            name=f"Tinta Acrílica Cor {each}",
            sku=f"TIN-{number}-{each}",
            list_price=Decimal(number),
            variant_of="tinta",
        )
        put(base, tenant, "product", product)


def many(tenants: int, room: int = SMALL) -> KnowledgeBase:
    base = KnowledgeBase(items_in_memory=room)
    for number in range(tenants):
        shop(base, f"t{number}", number)
    return base


def test_only_as_many_as_fit_are_in_memory_and_all_are_answered() -> None:
    base = many(200)

    assert len(base.in_memory) <= SMALL / 400
    for number in (0, 57, 199, 3):
        knowledge = base.tenant(f"t{number}")
        (rule,) = knowledge.rules("quanto é o frete?", 1, today=TODAY)
        assert f"R$ {number},00" in rule.item.model_dump()["text"]
        assert [hit.item.sku for hit in knowledge.products(f"TIN-{number}-3", 5, today=TODAY)] == [f"TIN-{number}-3"]
        company = knowledge.company()
        assert company is not None
        assert company.name == f"Loja {number}"
        assert len(base.in_memory) <= SMALL / 400
    base.close()


def test_an_index_comes_back_as_it_was() -> None:
    base, apart = many(1), many(1)
    texts = ("tinta acrilica", "tnita acrilca cor 2", "TIN-0-4", "semana da tinta", "frete")
    for number in range(1, 20):
        shop(base, f"t{number}", number)
    assert "t0" not in base.in_memory

    back, stayed = base.tenant("t0"), apart.tenant("t0")

    for text in texts:
        assert back.search(text, limit=20, today=TODAY) == stayed.search(text, limit=20, today=TODAY)
    assert [item.id for item in back.variants("tinta")] == [item.id for item in stayed.variants("tinta")]
    assert back.count("product") == stayed.count("product") == 5


def test_what_changes_while_a_tenant_waits_is_there_when_it_comes_back() -> None:
    base = many(20)
    put(base, "t0", "rule", Rule(id="frete", title="Frete", text="O frete é grátis."))
    put(base, "t0", "product", Product(id="rolo", name="Rolo de Pintura", sku="ROL-1"))
    base.apply(KnowledgeItemDeleted(tenant="t0", kind="product", item_id="tinta-0", changed_at=NOW), 9_999)
    assert "t0" not in base.in_memory

    knowledge = base.tenant("t0")

    assert base.sequence == 9_999
    assert "grátis" in knowledge.rules("frete", 1, today=TODAY)[0].item.model_dump()["text"]
    assert [hit.item.id for hit in knowledge.products("rolo", 5, today=TODAY)] == ["rolo"]
    assert knowledge.product("tinta-0") is None


def test_a_sync_of_a_waiting_tenant_does_not_pile_up() -> None:
    base = many(20)
    for number in range(450):
        put(base, "t0", "product", Product(id=f"n{number}", name=f"Produto {number}"))

    assert base.tenant("t0").count("product") == 455


def test_an_item_that_does_not_fit_is_refused_for_a_waiting_tenant_too() -> None:
    base = many(20)
    wrong = KnowledgeItemChanged(
        tenant="t0", kind="rule", item_id="x", content_hash="h", changed_at=NOW, item={"id": "x", "texto": "?"}
    )

    with pytest.raises(ValidationError):
        base.apply(wrong, 1)


def test_a_view_in_use_outlives_its_tenants_leaving_memory() -> None:
    base = many(1)
    view = base.tenant("t0")
    for number in range(1, 20):
        shop(base, f"t{number}", number)
    assert "t0" not in base.in_memory

    assert [hit.item.id for hit in view.products("TIN-0-1", 5, today=TODAY)] == ["tinta-1"]


def test_the_tenant_asked_last_stays_however_large_it_is() -> None:
    base = many(1, room=1)

    assert base.tenant("t0").count("product") == 5
    assert base.in_memory == ("t0",)
