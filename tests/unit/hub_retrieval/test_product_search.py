from __future__ import annotations

from collections import defaultdict
from decimal import Decimal

import pytest
from support.catalogue import STYLES, catalogue, questions, recall_at

from common.knowledge import Product
from hub.retrieval.product_index import ProductIndex


def put(index: ProductIndex, item: Product) -> bool:
    return index.put(item, item.content_hash(), item.model_dump_json().encode())


def index_of(*items: Product) -> ProductIndex:
    index = ProductIndex()
    for item in items:
        put(index, item)
    return index


def ids(index: ProductIndex, text: str, limit: int = 5) -> list[str]:
    return [hit.item.id for hit in index.search(text, limit)]


SHAMPOO = Product(id="sh", name="Shampoo Anticaspa Aurora 200ml", sku="SH-0200", barcode="7891234567895")
CONDITIONER = Product(id="co", name="Condicionador Hidratação Aurora 200ml", sku="CO-0200")
SHIRT = Product(
    id="ca",
    name="Camiseta Básica",
    attributes={"Cor": "Azul", "Tamanho": "M"},
    list_price=Decimal("59.90"),
    sku="CAM-AZ-M",
)
DEAR_SHIRT = Product(id="cb", name="Camiseta Premium", attributes={"Cor": "Azul"}, list_price=Decimal("199.00"))
SUNSCREEN = Product(id="ps", name="Protetor Solar FPS 50", description="Toque seco, não deixa a pele branca.")
SHOP = (SHAMPOO, CONDITIONER, SHIRT, DEAR_SHIRT, SUNSCREEN)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("oi, vcs tem xampu anti caspa?", "sh"),
        ("shampo anticapsa", "sh"),
        ("SHAMPOOS de 0,2 litro", "sh"),
        ("condic aurora", "co"),
        ("cond. hidratacao", "co"),
        ("camisetas azuis tamanho M", "ca"),
        ("filtro solar fps50", "ps"),
        ("sunscreen", "ps"),
        ("protector solar por favor", "ps"),
        ("blue t-shirt m", "ca"),
        ("toque seco", "ps"),
    ],
)
def test_a_product_is_found_in_the_words_of_customers(text: str, expected: str) -> None:
    assert ids(index_of(*SHOP), text)[0] == expected


@pytest.mark.parametrize(
    "text", ["sh-0200", "SH0200", "tem o SH 0200?", "quanto custa o sh-0200 hoje", "7 891234 567895"]
)
def test_a_code_ends_the_search(text: str) -> None:
    hits = index_of(*SHOP).search(text, 5)

    assert [(hit.item.id, hit.exact) for hit in hits] == [("sh", True)]


def test_the_beginning_of_a_code_is_no_exact_hit() -> None:
    hits = index_of(*SHOP).search("cam-az1 cam-az", 5)
    assert hits == [] or not hits[0].exact

    hits = index_of(*SHOP).search("sh-02", 5)

    assert [(hit.item.id, hit.exact) for hit in hits] == [("sh", False)]


def test_a_price_limit_filters_and_products_without_a_price_come_last() -> None:
    unpriced = Product(id="cc", name="Camiseta Azul Simples")

    assert ids(index_of(*SHOP, unpriced), "camiseta azul até 100 reais") == ["ca", "cc"]


def test_what_the_shop_does_not_have_lowers_the_coverage() -> None:
    index = index_of(*SHOP)

    assert index.search("camiseta azul", 1)[0].coverage == 1.0
    assert index.search("camiseta azul autografada", 1)[0].coverage < 0.8
    assert index.search("geladeira", 5) == []


def test_a_word_that_exists_is_not_surely_taken_for_a_similar_one() -> None:
    index = index_of(Product(id="fa", name="Faca de Cozinha"))

    hits = index.search("vaca", 5)

    assert all(hit.coverage <= 0.5 for hit in hits)


def test_a_product_that_is_not_for_sale_is_kept_but_not_found() -> None:
    index = index_of(SHAMPOO.model_copy(update={"sale_ok": False}))

    assert ids(index, "shampoo") == []
    assert ids(index, "sh-0200") == []
    assert index.get("sh") is not None


def test_an_update_replaces_the_product_in_place() -> None:
    index = index_of(*SHOP)

    assert put(index, SHAMPOO.model_copy(update={"name": "Sabonete Neutro", "sku": "SB-1", "barcode": ""}))

    assert ids(index, "shampoo anticaspa") == []
    assert ids(index, "sh-0200") == []
    assert ids(index, "sabonete") == ["sh"]
    assert index.count() == len(SHOP)


def test_the_same_content_again_costs_nothing() -> None:
    index = index_of(SHAMPOO)

    assert not put(index, SHAMPOO)


def test_a_removed_product_leaves_no_trace_in_words_or_spelling() -> None:
    index = index_of(*SHOP)
    index.remove("sh")
    index.remove("never-there")

    assert ids(index, "anticaspa") == []
    assert ids(index, "anticapsa") == []
    assert index.get("sh") is None
    assert index.count() == len(SHOP) - 1


def test_a_family_is_its_members_and_the_item_they_are_variants_of() -> None:
    members = [Product(id=f"v{n}", name=f"Camisa {n}", variant_of="t1") for n in range(3)]
    index = index_of(Product(id="t1", name="Camisa"), *members, SHAMPOO)

    assert [item.id for item in index.family("t1")] == ["t1", "v0", "v1", "v2"]


@pytest.mark.parametrize(
    "text", ["", "   ", "???", '"', "a AND b OR (", "oi, bom dia", "* - +", "🙂", "x" * 5_000, "ção " * 900]
)
def test_any_text_can_be_searched(text: str) -> None:
    index_of(*SHOP).search(text, 5)


def test_the_same_question_has_the_same_answer() -> None:
    stock = catalogue(400)
    forward, backward = index_of(*(each.item for each in stock)), index_of(*(each.item for each in reversed(stock)))

    for question in questions(stock, per_style=3, seed=5):
        found = {hit.item.id for hit in forward.search(question.text, 100) if hit.coverage == 1.0}
        assert found == {hit.item.id for hit in backward.search(question.text, 100) if hit.coverage == 1.0}
        assert ids(forward, question.text) == ids(forward, question.text)


def test_recall_in_a_catalogue_of_thousands() -> None:
    stock = catalogue(4_000, seed=3)
    index = index_of(*(each.item for each in stock))
    by_style: defaultdict[str, list[float]] = defaultdict(list)
    for question in questions(stock, per_style=25, seed=9_001):
        by_style[question.style].append(recall_at(ids(index, question.text), question.relevant))

    means = {style: sum(values) / len(values) for style, values in by_style.items()}
    spoken = [value for style, values in by_style.items() if style not in ("sku", "barcode") for value in values]
    print("recall@5", " ".join(f"{style}={mean:.3f}" for style, mean in means.items()))

    assert means["sku"] == means["barcode"] == 1.0
    assert sum(spoken) / len(spoken) >= 0.96
    assert min(means[style] for style in STYLES) >= 0.88
