from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from pydantic import ValidationError
from support.knowledge_items import changed

from common.knowledge import (
    Company,
    Item,
    KnowledgeItemDeleted,
    KnowledgeKind,
    Product,
    Promotion,
    Rule,
    Schedule,
)
from hub.retrieval import KnowledgeBase, TenantKnowledge

TODAY = date(2026, 11, 24)
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


def deleted(kind: KnowledgeKind, item_id: str, tenant: str = "acme") -> KnowledgeItemDeleted:
    return KnowledgeItemDeleted(tenant=tenant, kind=kind, item_id=item_id, changed_at=NOW)


def knowing(*items: tuple[KnowledgeKind, Item]) -> TenantKnowledge:
    base = KnowledgeBase()
    for sequence, (kind, item) in enumerate(items, start=1):
        base.apply(changed(kind, item), sequence)
    return base.tenant("acme")


def test_tenants_do_not_see_each_other() -> None:
    base = KnowledgeBase()
    base.apply(changed("rule", Rule(id="r", title="Frete", text="Grátis."), "acme"), 1)
    base.apply(changed("product", Product(id="p", name="Martelo"), "acme"), 2)

    other = base.tenant("bravo")

    assert other.rules("frete", today=TODAY) == []
    assert other.products("martelo", today=TODAY) == []
    assert other.item("rule", "r") is None
    assert [hit.item.id for hit in base.tenant("acme").rules("frete", today=TODAY)] == ["r"]


def test_the_sequence_advances_with_every_message_and_never_goes_back() -> None:
    base = KnowledgeBase()
    base.apply(changed("rule", Rule(id="r", title="Frete", text="Grátis.")), 7)
    base.apply(deleted("rule", "unknown", "nobody"), 9)
    base.apply(changed("rule", Rule(id="r", title="Frete", text="Grátis.")), 7)

    assert base.sequence == 9


def test_an_item_that_does_not_fit_its_kind_changes_nothing() -> None:
    base = KnowledgeBase()
    good = changed("product", Product(id="p", name="Martelo"))
    base.apply(good, 1)
    broken: dict[str, Any] = {"id": "p", "name": ""}

    with pytest.raises(ValidationError):
        base.apply(good.model_copy(update={"item": broken, "content_hash": "other"}), 2)

    assert [hit.item.name for hit in base.tenant("acme").products("martelo", today=TODAY)] == ["Martelo"]


@pytest.mark.parametrize(
    ("kind", "item"),
    [
        ("rule", Rule(id="x", title="Frete", text="Grátis.")),
        ("product", Product(id="x", name="Frete")),
        ("company", Company(id="x", name="Frete")),
        ("schedule", Schedule(id="x", service="Frete")),
    ],
)
def test_a_tombstone_and_an_inactive_version_both_remove_the_item(kind: KnowledgeKind, item: Item) -> None:
    for end in (deleted(kind, "x"), changed(kind, item.model_copy(update={"active": False}))):
        base = KnowledgeBase()
        base.apply(changed(kind, item), 1)
        assert base.tenant("acme").item(kind, "x") == item

        base.apply(end, 2)
        base.apply(end, 2)

        view = base.tenant("acme")
        assert view.item(kind, "x") is None
        assert view.count(kind) == 0
        assert view.search("frete", today=TODAY) == []


def test_a_rule_holds_on_its_first_and_last_day_and_on_no_other() -> None:
    view = knowing(
        (
            "rule",
            Rule(id="r", title="Troca de Natal", text="Até 60 dias.", valid_from=TODAY, valid_until=date(2026, 12, 24)),
        )
    )

    found = {
        day: bool(view.rules("troca de natal", today=day))
        for day in (date(2026, 11, 23), TODAY, date(2026, 12, 24), date(2026, 12, 25))
    }

    assert list(found.values()) == [False, True, True, False]


def test_each_audience_sees_what_is_meant_for_it() -> None:
    view = knowing(
        ("rule", Rule(id="all", title="Desconto", text="5% no pix.")),
        ("rule", Rule(id="known", title="Desconto de clientes", text="10%.", audience="customers")),
        ("rule", Rule(id="staff", title="Desconto de funcionários", text="30%.", audience="staff")),
    )

    everyone = {hit.item.id for hit in view.rules("desconto", today=TODAY)}
    customers = {hit.item.id for hit in view.rules("desconto", today=TODAY, audience="customers")}
    staff = {hit.item.id for hit in view.rules("desconto", today=TODAY, audience="staff")}

    assert (everyone, customers, staff) == ({"all"}, {"all", "known"}, {"all", "known", "staff"})


def test_promotions_are_those_in_force_most_important_first() -> None:
    view = knowing(
        ("promotion", Promotion(id="a", title="A", text="a", priority=10, product_ids=("t1",))),
        ("promotion", Promotion(id="b", title="B", text="b", priority=90)),
        ("promotion", Promotion(id="over", title="C", text="c", valid_until=date(2026, 11, 23))),
        ("promotion", Promotion(id="later", title="D", text="d", valid_from=date(2026, 11, 25))),
    )

    assert [each.id for each in view.promotions(TODAY)] == ["b", "a"]
    assert [each.id for each in view.promotions_of(Product(id="v1", name="V", variant_of="t1"), TODAY)] == ["a"]
    assert view.promotions_of(Product(id="v2", name="V"), TODAY) == []


def test_the_main_company_profile_is_preferred() -> None:
    view = knowing(("company", Company(id="a", name="A")), ("company", Company(id="main", name="Loja")))

    company = view.company()

    assert company is not None
    assert company.name == "Loja"
    assert KnowledgeBase().tenant("acme").company() is None


def test_the_variants_of_any_member_are_the_whole_family() -> None:
    view = knowing(
        ("product", Product(id="m", name="Camiseta M", variant_of="camiseta")),
        ("product", Product(id="g", name="Camiseta G", variant_of="camiseta")),
        ("product", Product(id="old", name="Camiseta P", variant_of="camiseta", sale_ok=False)),
        ("product", Product(id="x", name="Calça")),
    )

    assert [item.id for item in view.variants("m")] == ["g", "m"]
    assert [item.id for item in view.variants("camiseta")] == ["g", "m"]
    assert [item.id for item in view.variants("x")] == ["x"]


def test_a_search_over_everything_mixes_kinds_and_can_be_narrowed() -> None:
    view = knowing(
        ("product", Product(id="p", name="Tapete Felpudo", list_price=Decimal(90))),
        ("rule", Rule(id="r", title="Lavagem de tapete", text="Lavamos em 5 dias.")),
    )

    assert {(hit.kind, hit.id) for hit in view.search("tapete", today=TODAY)} == {("product", "p"), ("rule", "r")}
    assert [hit.kind for hit in view.search("tapete", "rule", today=TODAY)] == ["rule"]
    assert [hit.kind for hit in view.search("tapete", "product", today=TODAY)] == ["product"]
    assert len(view.search("tapete", limit=1, today=TODAY)) == 1


def test_a_companys_own_words_find_its_products_and_rules() -> None:
    base = KnowledgeBase()
    base.apply(changed("product", Product(id="c", name="Chapa Lisa a Gás 60cm")), 1)
    base.apply(changed("product", Product(id="f", name="Forno de Pizza")), 2)
    base.apply(changed("rule", Rule(id="r", title="Comodato", text="Emprestamos a chopeira por 30 dias.")), 3)
    assert [hit.item.id for hit in base.tenant("acme").products("salgadeira", today=TODAY)] == []

    words = ("salgadeira, chapa, lancheira de balcão", "empréstimo de torre = comodato")
    base.apply(changed("company", Company(id="main", name="Acme", synonyms=words)), 4)

    knowledge = base.tenant("acme")
    assert [hit.item.id for hit in knowledge.products("tem salgadeira?", today=TODAY)] == ["c"]
    assert [hit.item.id for hit in knowledge.products("lancheiras de balcao 60 cm", today=TODAY)] == ["c"]
    assert [hit.item.id for hit in knowledge.products("chapa", today=TODAY)] == ["c"]
    assert knowledge.rules("fazem empréstimo de torre?", 1, today=TODAY)[0].item.id == "r"

    base.apply(changed("company", Company(id="main", name="Acme")), 5)

    assert [hit.item.id for hit in base.tenant("acme").products("salgadeira", today=TODAY)] == []
