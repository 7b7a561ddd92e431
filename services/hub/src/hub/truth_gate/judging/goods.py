"""What a sentence adds up: the products it names, how many of each, and what they cost together."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from hub.truth_gate.claims.claims import Claim
from hub.truth_gate.grounds.case import Case
from hub.truth_gate.grounds.grounds import Ground
from hub.truth_gate.grounds.naming import Mention
from hub.truth_gate.language.reading import Span

_BETWEEN: Final = frozenset("de do da dos das of x unidades unidade units the o a os as".split())  # noqa: SIM905
_BOTH: Final = re.compile(r"\b(?:dois|duas|dos|both|two|ambos|ambas)\b")
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
    both = _BOTH.search(case.reading.folded[max(0, mention.start - 15) : mention.start])
    return sorted(mention.subjects) if both and len(mention.subjects) == _PAIR else []


def count_before(case: Case, mention: Mention) -> int:
    """How many of a product are spoken of: the number right before its name."""
    for claim in case.claims:
        if (
            claim.value == "2"
            and _BOTH.fullmatch(case.reading.folded[claim.start : claim.end])
            and len(mention.subjects) > 1
        ):
            continue
        if claim.kind == "bundle" and claim.start <= mention.start < claim.end:
            return int(claim.value)
        if any(
            f"{claim.value} {case.reading.folded[mention.start : mention.end]}" in label
            for label in case.knowledge.labels
        ):
            continue
        if claim.kind in ("number", "stock") and claim.unit in ("", "unit") and claim.end <= mention.start:
            between = case.reading.folded[claim.end : mention.start].split()
            if _BETWEEN.issuperset(between) and claim.value.isdigit() and 0 < claim.number < _MOST:
                return int(claim.value)
    return 1
