"""What a sentence adds up: the products it names, how many of each, and what they cost together."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from hub.truth_gate.claims.claims import Claim
from hub.truth_gate.grounds.case import Case
from hub.truth_gate.grounds.knowledge import Ground
from hub.truth_gate.grounds.naming import Mention
from hub.truth_gate.language.reading import Span, containing

_BETWEEN: Final = frozenset("de do da dos das of x unidades unidade units the o a os as".split())  # noqa: SIM905
_OF_EACH: Final = re.compile(r" (?:de cada(?: um| uma| tipo)?|of each|each)\b(?! [a-z]{4})")
_EACH_OF: Final = re.compile(r"\b(?:um|uma|un|una|uno|one) (?:de cada|of each) $")
_ALL: Final = re.compile(r"\b(?:os|as|los|las|the|all|all the|todos os|todas as|nossos|nossas) $")
_THINGS: Final = re.compile(
    r" (?:produtos?|modelos?|itens|opcoes|productos|modelos|articulos|opciones|products|items|models|options)\b"
)
_BOTH: Final = re.compile(r"\b(?:dois|duas|dos|both|two|ambos|ambas)\b")
_TAKING: Final = re.compile(
    r"\W*(?:(?:e|y|and|mas) )?(?:se (?:voce |vc )?lev\w+|levando|juntando|comprando|somando|llevando|taking|buying)\b"
)
_OR: Final = re.compile(r"\b(?:ou|or)\b")
_PAIR: Final = 2
_MOST: Final = 1000


@dataclass(frozen=True)
class Goods:
    """Products with one price each, in the order they are named."""

    prices: tuple[Ground, ...]
    counts: tuple[int, ...]
    position: int = -1
    """Where the first stands when it is not in the sentence itself; else -1."""

    @property
    def subjects(self) -> frozenset[str]:
        """The products."""
        return frozenset(ground.subject for ground in self.prices)

    @property
    def currency(self) -> str:
        """What they are paid in."""
        return self.prices[0].claim.currency

    @property
    def counted(self) -> bool:
        """Whether there is more than one of something."""
        return any(count > 1 for count in self.counts)

    @property
    def total(self) -> Decimal:
        """What all of it costs."""
        return sum((g.claim.number * n for g, n in zip(self.prices, self.counts, strict=True)), Decimal(0))


def goods_of(case: Case, claim: Claim, sentence: Span) -> Goods | None:
    """The goods a sum is about: those named in its sentence, else those named last; None without one price each."""
    named = case.subjects.named_in(sentence)
    position = -1
    if not named:
        named = case.subjects.last_named_before(sentence[0])
        position = named[0].start if named else -1
    if not named and len(only := case.knowledge.products("price")) == 1:
        return _only_goods(case, next(iter(only)), sentence)
    if not named or any(m.foreign for m in named):
        return None
    counts: dict[str, int] = {}
    for mention in named:
        meant = _meant(case, mention)
        if not meant:
            return None
        for subject in meant:
            counts.setdefault(subject, count_before(case, mention))
    live = [g for g in case.knowledge.of_kind("price") if g.about_product and not g.from_text]
    prices = [next((g for g in live if g.subject == subject), None) for subject in counts]
    found = tuple(ground for ground in prices if ground)
    if len(found) != len(counts) or len({g.claim.currency for g in found}) != 1:
        return None
    return Goods(found, tuple(counts.values()), position)


def all_goods(case: Case, claim: Claim, sentence: Span) -> Goods | None:
    """All products that were read, one each, when a sum is of as many: "juntando os três produtos dá R$ 371,40"."""
    live = [g for g in case.knowledge.of_kind("price") if g.about_product and not g.from_text]
    folded = case.reading.folded
    told = [
        c
        for c in case.claims
        if c.kind in ("number", "stock", "bundle")
        and sentence[0] <= c.start <= claim.start
        and _ALL.search(folded, sentence[0], c.start)
        and _THINGS.search(folded, c.start, c.end + len(" productos "))
    ]
    several = len(told) == 1 and told[0].value == str(len(live)) == str(len({g.subject for g in live}))
    named = case.subjects.named_in((sentence[0], claim.start))
    if not several or named or len({g.claim.currency for g in live}) != 1:
        return None
    return Goods(tuple(live), (1,) * len(live))


def is_one_of_several(case: Case, claim: Claim) -> bool:
    """Whether the price of one is told for several that are taken together: "levando A e B você paga ..."."""
    sentence = containing(case.subjects.sentences, claim.start)
    before = [c for c in case.claims if c.kind == "price" and sentence[0] <= c.start < claim.start]
    taken = _TAKING.match(case.reading.folded, *sentence)
    if claim.kind != "price" or claim.bound or before or not taken or _OR.search(case.reading.folded, *sentence):
        return False
    goods = goods_of(case, claim, (sentence[0], claim.start)) if case.subjects.named_in(sentence) else None
    if goods is None or len(goods.prices) == 1 or goods.position >= 0:
        return False
    return claim.number in {ground.claim.number for ground in goods.prices}


def _only_goods(case: Case, subject: str, sentence: Span) -> Goods:
    """The one product that was read, as many as the sentence counts."""
    live = [g for g in case.knowledge.of_kind("price") if g.subject == subject and not g.from_text]
    kinds = ("number", "bundle")
    numbers = [c for c in case.claims if c.kind in kinds and c.unit in ("", "unit") and c.value.isdigit()]
    counts = [int(c.value) for c in numbers if sentence[0] <= c.start < sentence[1]]
    return Goods(tuple(live[:1]), (counts[0] if len(counts) == 1 else 1,))


def _meant(case: Case, mention: Mention) -> list[str]:
    """The products a name stands for in a sum: one of several that cost the same, or both of "as duas"."""
    if len(mention.subjects) == 1:
        return [mention.subject]
    live = [g for g in case.knowledge.of_kind("price") if g.subject in mention.subjects and not g.from_text]
    if len({(g.claim.value, g.claim.currency) for g in live}) == 1:
        return [mention.subject]
    before = case.reading.folded[max(0, mention.start - 15) : mention.start]
    if _OF_EACH.match(case.reading.folded, mention.end) or _EACH_OF.search(before):
        return sorted(mention.subjects)
    both = _BOTH.search(before)
    return sorted(mention.subjects) if both and len(mention.subjects) == _PAIR else []


def _counts_in_a_name(case: Case, mention: Mention) -> bool:
    """Whether the names themselves count a word: "21 marchas" says nothing of how many are bought."""
    named = re.escape(case.reading.folded[mention.start : mention.end])
    return any(re.search(rf"\b\d+ {named}\b", label) for label in case.knowledge.labels)


def count_before(case: Case, mention: Mention) -> int:
    """How many of a product are spoken of: the number right before its name."""
    for claim in case.claims:
        if claim.value == "2" and _BOTH.match(case.reading.folded, claim.start) and len(mention.subjects) > 1:
            continue
        if claim.kind == "bundle" and claim.start <= mention.start < claim.end:
            return int(claim.value)
        if _counts_in_a_name(case, mention):
            continue
        if claim.kind in ("number", "stock") and claim.unit in ("", "unit") and claim.end <= mention.start:
            between = case.reading.folded[claim.end : mention.start].split()
            if _BETWEEN.issuperset(between) and claim.value.isdigit() and 0 < claim.number < _MOST:
                return int(claim.value)
    return 1
