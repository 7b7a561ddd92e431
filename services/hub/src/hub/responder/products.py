"""Answers about products: price and stock as Odoo says now, lists to pick from, alternatives when sold out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from common.errors import QueryFailed
from common.facts import Fact, Source
from common.knowledge import Product
from common.query_answers import Price, Stock
from hub.responder import facts, formats
from hub.responder.choices import offer
from hub.responder.intents import Question
from hub.responder.live import Live, read
from hub.responder.parts import Part, Turn
from hub.truth_gate.claims.claims import Claim
from hub.truth_gate.claims.extract import read_claims
from hub.truth_gate.language.reading import Reading

LIST_LENGTH = 5
_ALTERNATIVES = 3
_MOST_UNITS = 500
_SIZE_OF = re.compile(r"(?:^|\b(?:e|y|and) )(?:a|o|as|os|la|el|the|one)? ?(?:de|com|tamanho|numero|n|of|size|talla) \d")
_UNIT_WORDS = frozenset(
    """unidade unidades un unid und pecas peca itens item dessas desses delas deles levar levo pegar comprar se eu
    units pieces of unidades fica ficam sai saem""".split()  # noqa: SIM905
)


def source_of(product: Product) -> Source:
    """A product as a source."""
    return Source(kind="product", id=product.id, title=product.name)


async def products_part(
    turn: Turn,
    products: Sequence[Product],
    question: Question,
    *,
    more: bool = False,
    intro: str = "",
    described: bool = False,
) -> Part:
    """Price and stock of one product, or a numbered list of up to five, after `intro`.

    `described`: with the words of the (first) product's description, because they answer what was asked.
    """
    shown = list(products[:LIST_LENGTH])
    wanted = quantity_wanted(turn, question, shown) if len(shown) == 1 else 1
    try:
        live = await read(turn, shown, Decimal(wanted))
        if len(shown) == 1:
            part = await _one(turn, shown[0], live, wanted, intro)
        else:
            part = _list(turn, shown, live, intro, more=more or len(products) > LIST_LENGTH)
    except QueryFailed as failure:
        return _unread(turn, shown, failure)
    if described or (question.wants("details") and len(shown) == 1):
        part = _with_description(turn, part, shown[0])
    return with_promotions(turn, part, shown)


def _with_description(turn: Turn, part: Part, product: Product) -> Part:
    text = product.description.strip()
    if not text:
        return part
    known = facts.words_facts(text, f"description:{product.id}", turn.now)
    return replace(part, text=f"{text}\n\n{part.text}", facts=(*part.facts, *known))


def _unread(turn: Turn, products: Sequence[Product], failure: QueryFailed) -> Part:
    return Part(
        turn.texts.say("hand_off_tool_failure"),
        "odoo_failed",
        sources=tuple(map(source_of, products)),
        product_ids=tuple(product.id for product in products),
        hand_off="tool_failure",
        tried=failure.code,
    )


async def _one(turn: Turn, product: Product, live: Live, wanted: int, intro: str) -> Part:
    lines = [*([intro] if intro else []), _sentence(turn, product, live, wanted)]
    known = list(live.facts([product], turn))
    spoken_of = [product]
    if live.sold_out(product):
        more_lines, more_facts, others = await _alternatives(turn, product)
        lines += more_lines
        known += more_facts
        spoken_of += others
    unconfirmed = live.price(product) is None
    return Part(
        "\n".join(lines),
        "product",
        facts=tuple(known),
        sources=tuple(map(source_of, spoken_of)),
        choices=offer([(turn.texts.say("choice_person"), "person")]) if unconfirmed else (),
        product_ids=tuple(each.id for each in spoken_of),
    )


def _sentence(turn: Turn, product: Product, live: Live, wanted: int) -> str:
    price, stock = live.price(product), live.stock(product)
    if price is None:
        return turn.texts.say("product_unconfirmed", name=product.name)
    money = formats.money(price.unit_price, price.currency, turn.language)
    if stock is None:
        return turn.texts.say("product_without_stock", name=product.name, price=money)
    if live.sold_out(product):
        return turn.texts.say("product_out", name=product.name, price=money)
    if wanted > 1:
        return _several(turn, product, price, stock, wanted)
    return turn.texts.say("product", name=product.name, price=money, stock=stock_text(turn, stock))


def _several(turn: Turn, product: Product, price: Price, stock: Stock, wanted: int) -> str:
    enough = stock.unlimited or stock.free_quantity >= wanted
    left = formats.quantity(stock.free_quantity, turn.language)
    return turn.texts.say(
        "quantity",
        count=wanted,
        name=product.name,
        total=formats.money(price.unit_price * wanted, price.currency, turn.language),
        price=formats.money(price.unit_price, price.currency, turn.language),
        stock=stock_text(turn, stock) if enough else turn.texts.say("quantity_short", count=left),
    )


def stock_text(turn: Turn, stock: Stock) -> str:
    """How many there are: "Temos 12 unidades em estoque"."""
    if stock.unlimited:
        return turn.texts.say("stock_some")
    key = "stock_one" if stock.free_quantity == 1 else "stock_many"
    return turn.texts.say(key, count=formats.quantity(stock.free_quantity, turn.language))


def _list(turn: Turn, products: Sequence[Product], live: Live, intro: str, *, more: bool) -> Part:
    say = turn.texts.say
    ordered = sorted(products, key=live.sold_out)
    if not any(live.price(product) for product in ordered):
        lines = [say("products_unconfirmed"), *_numbered(product.name for product in ordered)]
    else:
        lines = [intro or say("products_intro"), *_numbered(line_for_list(turn, product, live) for product in ordered)]
    if more:
        lines.append(say("products_more"))
    options = [(title, f"product:{product.id}") for title, product in zip(_titles(ordered), ordered, strict=True)]
    return Part(
        "\n".join(lines),
        "product",
        facts=live.facts(ordered, turn),
        sources=tuple(map(source_of, ordered)),
        choices=offer([*options, (say("choice_person"), "person")]),
        product_ids=tuple(product.id for product in ordered),
    )


def _titles(products: Sequence[Product]) -> list[str]:
    """What tells them apart: the values of variants of one product, else their names."""
    values = [", ".join(product.attributes.values()) for product in products]
    one_family = len({product.variant_of for product in products}) == 1 and products[0].variant_of
    return values if one_family and all(values) else [product.name for product in products]


def _numbered(lines: Sequence[str] | object) -> list[str]:
    return [f"{number}. {line}" for number, line in enumerate(lines, start=1)]  # type: ignore[var-annotated,arg-type]


def line_for_list(turn: Turn, product: Product, live: Live) -> str:
    """One line of a list."""
    price, stock = live.price(product), live.stock(product)
    if price is None:
        return f"**{product.name}**"
    money = formats.money(price.unit_price, price.currency, turn.language)
    if live.sold_out(product):
        return turn.texts.say("product_out_for_list", name=product.name, price=money)
    said = stock_text(turn, stock) if stock else ""
    return turn.texts.say("product_for_list", name=product.name, price=money, stock=said).strip()


async def _alternatives(turn: Turn, product: Product) -> tuple[list[str], list[Fact], list[Product]]:
    """What of the same family or category can be bought now."""
    family = [each for each in turn.knowledge.variants(product.id) if each.id != product.id]
    alike = [hit.item for hit in turn.knowledge.products(product.name, 12, today=turn.today)]
    alike += [hit.item for hit in turn.knowledge.products(product.category, 12, today=turn.today)]
    candidates = family + [each for each in alike if each.category == product.category and each.id != product.id]
    unique = list({each.id: each for each in candidates}.values())[:12]
    if not unique:
        return [turn.texts.say("no_alternatives")], [], []
    live = await read(turn, unique)
    found = [each for each in unique if live.in_stock(each) and live.price(each)][:_ALTERNATIVES]
    if not found:
        return [turn.texts.say("no_alternatives")], [], []
    lines = ["", turn.texts.say("alternatives_intro"), *(f"- {line_for_list(turn, each, live)}" for each in found)]
    return lines, list(live.facts(found, turn)), found


def with_promotions(turn: Turn, part: Part, products: Sequence[Product]) -> Part:
    """The part with the promotions in force for these products, in the owner's words."""
    in_force = {
        promotion.id: promotion
        for product in products
        for promotion in turn.knowledge.promotions_of(product, turn.today)
    }
    if not in_force:
        return part
    lines: list[str] = []
    known = list(part.facts)
    sources = list(part.sources)
    for promotion in list(in_force.values())[:2]:
        lines.append(turn.texts.say("promotion", title=promotion.title, text=promotion.text))
        known += facts.promotion_facts(promotion, turn.now, turn.language)
        sources.append(Source(kind="promotion", id=promotion.id, title=promotion.title))
    return Part(
        "\n\n".join([part.text, *lines]),
        part.kind,
        facts=tuple(known),
        sources=tuple(sources),
        choices=part.choices,
        product_ids=part.product_ids,
        fallback=part,
    )


def quantity_wanted(turn: Turn, question: Question, products: Sequence[Product]) -> int:
    """How many units are asked for ("quanto ficam 3 unidades?"); 1 when nothing says so."""
    names = " ".join(product.name for product in products)
    in_names = {claim.value for claim in read_claims(names, turn.language, turn.today)[1]}
    text = Reading.of(question.text).text
    counts = [each for each in _counts(turn, question) if each.unit or re.match(r"\s*[^\W\d_]{2}", text[each.end :])]
    counts = counts or (_counts(turn, question) if _only_a_count(turn, question) else [])
    fitting = [count for count in counts if count.value not in in_names]
    return max(1, int(fitting[0].value)) if len(fitting) == 1 else 1


def _only_a_count(turn: Turn, question: Question) -> bool:
    """Whether nothing but a number of units is left to be understood ("quanto fica 4?", "e duas?")."""
    numbers = {each.raw for each in _counts(turn, question)} | {each.value for each in _counts(turn, question)}
    rest = [word for word in question.content if word not in numbers and word not in _UNIT_WORDS]
    return bool(numbers) and not rest and not question.topics


def asks_for_units(turn: Turn, question: Question) -> bool:
    """Whether a question asks for a number of what was spoken of, and for nothing else: not "a de 24"."""
    return _only_a_count(turn, question) and not _SIZE_OF.search(question.folded)


def wanted_words(turn: Turn, question: Question) -> tuple[str, ...]:
    """The words that describe a product, without the number of units asked for."""
    text = Reading.of(question.text).text
    counts = {each.value for each in _counts(turn, question) if re.match(r"\s*[^\W\d_]{2}", text[each.end :])}
    return tuple(word for word in question.content if word not in counts)


def without_count(turn: Turn, question: Question) -> str:
    """The words to search for: "3 camisetas azul P" asks for a product without a 3 in it."""
    text = Reading.of(question.text).text
    for count in reversed(_counts(turn, question)):
        if re.match(r"\s*[^\W\d_]{2}", text[count.end :]):
            text = f"{text[: count.start]} {text[count.end :]}"
    return text


def _counts(turn: Turn, question: Question) -> list[Claim]:
    return [
        claim
        for claim in read_claims(question.text, turn.language, turn.today)[1]
        if (claim.kind in ("number", "stock") or (claim.kind == "price" and not claim.currency))
        and claim.unit in ("", "unit")
        and claim.value.isdigit()
        and 1 <= int(claim.value) <= _MOST_UNITS
    ]
