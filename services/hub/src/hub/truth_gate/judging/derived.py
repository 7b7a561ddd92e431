"""Prices that nobody read and that follow from what was read: a difference, a discount, goods with their delivery."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Final

from hub.truth_gate.claims.claims import Claim
from hub.truth_gate.grounds.case import Case, Judgement
from hub.truth_gate.grounds.knowledge import Ground
from hub.truth_gate.judging.arithmetic import instalment_amount_fits, rounded
from hub.truth_gate.judging.differences import is_difference, is_difference_of_told
from hub.truth_gate.judging.goods import Goods, all_goods, goods_of
from hub.truth_gate.judging.instalments import instalment_allowed
from hub.truth_gate.judging.purchases import LEFT, costs_of_offers
from hub.truth_gate.judging.support import currency_objection, first_supporting, in_force
from hub.truth_gate.judging.suppositions import amounts_before
from hub.truth_gate.language.reading import Span, containing, ends_as_question, stem

_TOGETHER: Final = re.compile(
    r"\b(?:total\w*|soma\w*|junt[oa]s|levando|levar|leva|comprar|conta|comprando|llevando|taking|buying|"
    r"um de cada|uma de cada|one of each|uno de cada|together|altogether|plus|"
    r"mais|mas|comes? to|d[ae]o|da|dan|tudo|todo|ambos|"
    r"ambas|both)\b|\+"
)
_SAVED: Final = re.compile(
    r"\b(?:econom\w+|(?:desconto|descuento) de(?! [\d.,]+ ?%)|save|saving|(?<!% )off|ahorr\w+)\b"
)
_OFF: Final = re.compile(r" (?:de (?:desconto|descuento)|off|a menos|de economia|menos)\b")
_DISCOUNT_IS: Final = re.compile(
    r"(?<!com )(?<!com o )(?<!con el )(?<!con )(?<!with the )(?<!with )\b(?:desconto|descuento|discount)\b"
    r"[^.;,:]{0,40} (?:e|da|fica|soma|is|es|comes to) (?:de |en |em )?$"
)
_FEE: Final = re.compile(r"\b(?:frete|envio|entrega|taxa|tele-?entrega|shipping|delivery|flete)\b")
_MISSING: Final = re.compile(r"\b(?:falt\w+|more to|away from|short of)\b")
_GAINED: Final = re.compile(
    r"\b(?:ganh\w+|receb\w+|rend\w+|volt\w+|devol\w+|credit\w*|cashback|bonus|back|earn\w*|get|gana\w*|recib\w+|"
    r"econom\w+|desconto de|descuento de|save|saving|ahorr\w+)\b"
)
_CREDIT: Final = re.compile(r"(?<!cartao de )(?<!tarjeta de )\b(?:credit\w+|cashback|bonus|de volta|de vuelta|back)\b")
_MONTHLY: Final = re.compile(
    r"(?:por|ao|al|a|per) (?:mes|month)\b|/ ?mes\b|mensa(?:l|is)\b|monthly|cada parcela|"
    r"each|parcelas? de|cuotas? de|instal+ments? of"
)
_EACH_ONE: Final = re.compile(
    r"\b(?:por|cada|per) (?:alun[oa]|pessoa|participante|crianca|hora|noite|diaria|"
    r"consulta|student|person|hour)\b"
)
_YOU_AND: Final = re.compile(
    r"\b(?:voce|vc|o senhor|a senhora|you|usted|tu) (?:e|and|y) (?:(?:o |a )?(?:seu|sua|your|su|tu)|mais uma?|um|uma|"
    r"another) [a-z]+"
)
_COMES_TO: Final = re.compile(
    r"\b(?:da|dao|fica[m]?|soma[m]?|totaliza[m]?|sai|saem|comes? to|makes?|suman?|"
    r"queda[n]?)(?: em| por| en)? $"
)
_TWO: Final = 2
_PERIODS: Final = {
    "bimes": 2, "trime": 3, "quart": 3, "semes": 6, "anual": 12, "annua": 12, "yearl": 12,
}  # fmt: skip
_VOCATIVE: Final = re.compile(r"\s*[A-ZÀ-Ý][a-zà-ÿ]+,\s")
_WORDS_OF_SUMS: Final = re.compile(
    r"(?:frete|envio|entrega|taxa|shipping|delivery|flete|plus|mais|mas|more|less|menos|diferenca|diferencia|"
    r"difference|cheaper|car[oa]s?|barat[oa]s?|expensive|econom\w+|saves?|ahorr\w+|falt\w+|gratis|free|desconto|"
    r"descuento|discount|off|mes|month|compar\w+|contra|vs|versus|dao|da|dan|incluindo|incluido|included|including|"
    r"troco|vuelto|change|left|sobr\w+|com|con|pagando|pagar|pagamento|paying)"
)


def derived(case: Case, claim: Claim) -> Judgement | None:
    """The judgement that a price follows from prices and rules that were read; None when it does not."""
    if claim.kind != "price" or claim.bound or claim.place in ("was", "first", "second"):
        return None
    sentence = containing(case.subjects.sentences, claim.start)
    if is_difference_of_told(case, claim) or _is_sum_of_told(case, claim, sentence):
        return Judgement(True, "computed")
    goods = all_goods(case, claim, sentence) or goods_of(case, claim, sentence)
    if goods and _strange(case, sentence, goods):
        goods = None
    ways: tuple[Callable[[Case, Claim, Span, Goods], bool], ...] = (
        _is_sum, _is_discounted, _is_with_fee, _is_missing, _is_instalment,
    )  # fmt: skip
    if goods and not _other_currency(claim, goods) and any(way(case, claim, sentence, goods) for way in ways):
        return Judgement(True, "computed")
    own = _goods_of_clause(case, claim, sentence)
    if own and not _other_currency(claim, own) and _is_discounted(case, claim, sentence, own):
        return Judgement(True, "computed")
    purchase = _is_of_purchase(case, claim, sentence) or _is_left(case, claim, sentence)
    if purchase and _is_currency_of_rules(case, claim):
        return Judgement(True, "computed")
    follows = is_difference(case, claim, sentence, goods) or _is_told_less(case, claim, sentence)
    follows = follows or _is_part_of_period(case, claim, sentence) or _is_for_several(case, claim, sentence)
    return Judgement(True, "computed") if follows else None


def _is_sum_of_told(case: Case, claim: Claim, sentence: Span) -> bool:
    """Whether it is said to be what the two prices before it come to, which are judged by themselves."""
    told = [c for c in case.claims if c.kind == "price" and sentence[0] <= c.start < claim.start]
    alike = [c for c in told if not c.bound and not c.place and c.currency == claim.currency]
    comes = _COMES_TO.search(case.reading.folded, sentence[0], claim.start)
    return bool(comes) and len(told) == len(alike) == _TWO and sum(c.number for c in alike) == claim.number


def _goods_of_clause(case: Case, claim: Claim, sentence: Span) -> Goods | None:
    """The goods of the clause of a price, where every clause that names goods has a price of its own."""
    naming = [c for c in case.subjects.clauses(sentence) if case.subjects.named_in(c)]
    priced = all(any(c.kind == "price" and start <= c.start < end for c in case.claims) for start, end in naming)
    clause = case.subjects.clause(claim.start)
    goods = goods_of(case, claim, clause) if priced and len(naming) > 1 and clause in naming else None
    return None if goods and _strange(case, clause, goods) else goods


def _other_currency(claim: Claim, goods: Goods) -> bool:
    return bool(currency_objection(claim, goods.prices[0]))


def _strange(case: Case, sentence: Span, goods: Goods) -> bool:
    """Whether the sentence speaks of a thing that was not read: its price would be in the sum."""
    clause = case.subjects.clause(goods.position) if goods.position >= 0 else sentence
    addressed = _VOCATIVE.match(case.reading.text, *clause)
    words = case.subjects.unknown_words((addressed.end() if addressed else clause[0], clause[1]), goods.subjects)
    texts = frozenset().union(*case.knowledge.words.values())
    return any(not _WORDS_OF_SUMS.fullmatch(word) and stem(word) not in texts for word in words)


def _is_sum(case: Case, claim: Claim, sentence: Span, goods: Goods) -> bool:
    """Several goods together: "the X2 plus a cable comes to 99.49", "2 shampoos e 1 condicionador ficam em 99,70"."""
    said = case.reading.folded[sentence[0] : sentence[1]]
    one = goods.prices[0].claim.number
    at = any(c.kind == "price" and c.number == one and sentence[0] <= c.start < claim.start for c in case.claims)
    several = (len(goods.prices) > 1 and (_TOGETHER.search(said) or goods.counted)) or (at and goods.counted)
    return bool(several) and not claim.each and claim.number == goods.total


def _is_discounted(case: Case, claim: Claim, sentence: Span, goods: Goods) -> bool:
    """The price of goods less a percentage that a rule in force gives, or the amount of that discount."""
    return _is_less_than(case, claim, sentence, goods.total)


def _is_told_less(case: Case, claim: Claim, sentence: Span) -> bool:
    """The price of the goods that was told right before, less such a percentage: "somam R$ 100; no Pix, R$ 95"."""
    before = [c for c in case.claims if c.kind == "price" and c.start < claim.start]
    if not before or before[-1].bound or before[-1].currency != claim.currency:
        return False
    goods = goods_of(case, before[-1], containing(case.subjects.sentences, before[-1].start))
    told = bool(goods) and before[-1].number == goods.total if goods else False
    return told and _is_less_than(case, claim, sentence, before[-1].number)


def _is_less_than(case: Case, claim: Claim, sentence: Span, total: Decimal) -> bool:
    known, _ = in_force(case, [g for g in case.knowledge.of_kind("percent") if g.from_text and not g.about_product])
    saved = _is_saving(case, claim, sentence)
    for ground in known:
        saving = total * ground.claim.number / 100
        amount = saving if saved else total - saving
        told = [c for c in case.claims if c.kind == "percent" and sentence[0] <= c.start < sentence[1]]
        beside = next((c for c in told if c.value == ground.claim.value), claim)
        if claim.number in rounded(amount) and _carries(case, beside, ground):
            return True
    return False


def _is_saving(case: Case, claim: Claim, sentence: Span) -> bool:
    """Whether a price is what a discount takes off: "você economiza R$ 5,00", "R$ 5,00 de desconto"."""
    said = case.reading.folded[sentence[0] : claim.start]
    off = _OFF.match(case.reading.folded, claim.end)
    return bool(off or _SAVED.search(said) or _DISCOUNT_IS.search(said))


def _is_of_purchase(case: Case, claim: Claim, sentence: Span) -> bool:
    """What follows from a purchase that is only supposed: its discount, a share of it, what is missing."""
    amounts = amounts_before(case, claim)
    if not amounts:
        return False
    said = case.reading.folded[sentence[0] : sentence[1]]
    if _MISSING.search(said):
        return any(_is_short_of(case, claim, amount) for amount in amounts)
    told = [c for c in case.claims if c.kind == "percent" and sentence[0] <= c.start < sentence[1]]
    left = {amount * (100 - c.number) / 100 for amount in amounts for c in told}
    known, _ = in_force(case, [g for g in case.knowledge.of_kind("percent") if g.from_text and not g.about_product])
    carried = [g for g in known if _carries(case, claim, g)]
    credit = _CREDIT.search(said)
    carried = [g for g in carried if not credit or _CREDIT.search(case.text_of(g.subject))]
    gained = _GAINED.search(said)
    left |= {_share(amount, g, gained=bool(gained)) for amount in amounts for g in carried}
    return any(claim.number in rounded(amount) for amount in left)


def _share(amount: Decimal, ground: Ground, *, gained: bool) -> Decimal:
    """The part of an amount that a percentage is, or what is left without it."""
    return amount * (ground.claim.number if gained else 100 - ground.claim.number) / 100


def _is_left(case: Case, claim: Claim, sentence: Span) -> bool:
    """What is left of an amount when goods are paid: "com R$ 200 você leva X e sobram R$ 10,10"."""
    around = case.reading.folded[max(sentence[0], claim.start - 30) : claim.end + 15]
    left, missing = LEFT.search(around), _MISSING.search(around)
    if not (left or missing) or claim.number <= 0:
        return False
    goods = goods_of(case, claim, sentence) if case.subjects.named_in(sentence) else None
    costs = [goods.total] if goods else costs_of_offers(case, sentence)
    rests = {amount - cost for amount in amounts_before(case, claim) for cost in costs}
    return (claim.number if left else -claim.number) in rests


def _is_currency_of_rules(case: Case, claim: Claim) -> bool:
    """Whether what was read is told in the currency of a price."""
    return not claim.currency or any(not currency_objection(claim, g) for g in case.knowledge.of_kind("price"))


def _is_with_fee(case: Case, claim: Claim, sentence: Span, goods: Goods) -> bool:
    """Goods and the fee for their delivery."""
    if not _FEE.search(case.reading.folded[sentence[0] : sentence[1]]):
        return False
    known, _ = in_force(case, [g for g in case.knowledge.of_kind("price") if g.from_text and not g.claim.bound])
    return any(
        goods.total + ground.claim.number == claim.number and _carries(case, claim, ground)
        for ground in known
        if not ground.about_product
    )


def _is_missing(case: Case, claim: Claim, sentence: Span, goods: Goods) -> bool:
    """What is missing until a rule's least purchase."""
    if not _MISSING.search(case.reading.folded[sentence[0] : sentence[1]]):
        return False
    return _is_short_of(case, claim, goods.total)


def _is_short_of(case: Case, claim: Claim, amount: Decimal) -> bool:
    """Whether an amount and what is said to be missing make up the least purchase of a rule."""
    known, _ = in_force(case, [g for g in case.knowledge.of_kind("price") if g.claim.bound == "over" and g.from_text])
    return any(
        ground.claim.number - amount == claim.number and _carries(case, replace(claim, bound="over"), ground)
        for ground in known
    )


def _is_instalment(case: Case, claim: Claim, sentence: Span, goods: Goods) -> bool:
    """The monthly part of instalments that are named beside it."""
    around = case.reading.folded[max(sentence[0], claim.start - 30) : claim.end + 15]
    plans = [c for c in case.claims if c.kind == "instalments" and sentence[0] <= c.start < sentence[1]]
    if len(plans) != 1 or plans[0].amount or not _MONTHLY.search(around):
        return False
    plan = replace(plans[0], amount=claim.value)
    return instalment_amount_fits(goods.total, plan) and instalment_allowed(case, plan)


def _is_part_of_period(case: Case, claim: Claim, sentence: Span) -> bool:
    """What a plan for three months costs a month."""
    if not _MONTHLY.search(case.reading.folded[claim.start : claim.end + 15]):
        return False
    said = {stem(word) for word in re.findall(r"[a-z]+", case.reading.folded[slice(*sentence)])}
    known, _ = in_force(case, [g for g in case.knowledge.of_kind("price") if g.from_text and not g.about_product])
    return any(
        period in said & ground.context
        and not currency_objection(claim, ground)
        and claim.number in rounded(ground.claim.number / months)
        for ground in known
        for period, months in _PERIODS.items()
    )


def _is_for_several(case: Case, claim: Claim, sentence: Span) -> bool:
    """What two pupils pay where the rule says the price of one."""
    counts = _heads(case, sentence)
    earlier = [each for each in case.subjects.sentences if each[0] < sentence[0]]
    if not counts and earlier and _ends_asking(case, earlier[-1]):
        counts = _heads(case, earlier[-1])
    known, _ = in_force(case, [g for g in case.knowledge.of_kind("price") if g.from_text and not g.claim.bound])
    only = len(case.knowledge.of_kind("price")) == 1
    return len(counts) == 1 and any(
        ground.claim.number * counts[0].number == claim.number
        and not currency_objection(claim, ground)
        and (_EACH_ONE.search(case.text_of(ground.subject)) or ground.subject.startswith("promotion:"))
        and (only or _carries(case, claim, ground))
        for ground in known
        if not ground.about_product
    )


def _heads(case: Case, span: Span) -> list[Claim]:
    """How many people a part of a reply speaks of; "você e sua mãe" are two."""
    if both := _YOU_AND.search(case.reading.folded, *span):
        return [Claim("number", "2", *both.span())]
    kinds = ("number", "bundle")
    counts = [c for c in case.claims if c.kind in kinds and c.unit in ("", "unit", "guest") and c.value.isdigit()]
    return [c for c in counts if span[0] <= c.start < span[1] and c.number > 1]


def _ends_asking(case: Case, span: Span) -> bool:
    return ends_as_question(case.reading.folded[slice(*span)])


def _carries(case: Case, claim: Claim, ground: Ground) -> bool:
    """Whether a rule's value could be said where the price stands."""
    said = replace(claim, kind=ground.claim.kind, value=ground.claim.value, place="", currency="")
    return first_supporting(case, said, [ground]).passed
