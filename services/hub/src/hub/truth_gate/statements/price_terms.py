"""What is said right after an amount, on whatever way the amount was judged: it has to be read of that very price.

"R$ 15,90 o quilo" for a delivery, "R$ 29,90 com frete incluso", "R$ 199,00 de entrada": the number is right, the price
is another one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Final

from hub.truth_gate.claims.claims import Claim
from hub.truth_gate.grounds.case import Case, Judgement, refuse
from hub.truth_gate.judging.arithmetic import instalment_amount_fits, rounded, sum_of_orders
from hub.truth_gate.judging.differences import is_difference
from hub.truth_gate.judging.goods import goods_of
from hub.truth_gate.judging.support import in_force
from hub.truth_gate.judging.suppositions import is_supposed
from hub.truth_gate.language import price_terms as terms
from hub.truth_gate.language.reading import containing, fold, meaning, stems

Judged = tuple[Claim, Judgement]

_MONEY: Final = ("price", "instalments", "bundle")
_COMES_BACK: Final = "what comes back"
_THEN: Final = re.compile(r" (?:por|per|a) [a-z]+, [a-z]+(?: em [a-z]+)?")
"""What is told of an amount after its unit: "R$ 45,00 por pessoa, devolvidos em crédito"."""
_LEAD: Final = 30
_AS_READ_ONLY: Final = ("paid later", "a cost or a profit")
"""What no amount is by reckoning."""
_PERIODS: Final = frozenset(map(meaning, ("bimestral", "trimestral", "quarterly", "semestral", "anual", "annual")))


def price_terms(case: Case) -> Iterator[Judged]:
    """What is said after an amount and was not read of it, refused."""
    for claim in case.claims:
        amount = claim.amount or (claim.value if claim.kind == "price" else "")
        if claim.kind not in _MONEY or not amount or is_supposed(case, claim):
            continue
        priced = _Priced(case, claim, Decimal(amount))
        for end, why in priced.objections():
            told = Claim("statement", "told", claim.start, end).with_raw(case.reading)
            yield told, refuse(f"{amount} {why}")


class _Priced:
    """An amount of the reply, with what was read of it."""

    def __init__(self, case: Case, claim: Claim, amount: Decimal) -> None:
        self.case = case
        self.claim = claim
        self.amount = amount
        self.folded = case.reading.folded
        self.sentence = containing(case.subjects.sentences, claim.start)
        prices, _ = in_force(case, case.knowledge.of_kind("price"))
        self.prices = prices
        self.read = [g for g in prices if g.claim.number == amount]
        self.live = [g for g in prices if g.about_product and not g.from_text]
        self.texts = [g for g in self.read if g.from_text]

    def objections(self) -> Iterator[tuple[int, str]]:
        """Where what is said after the amount ends, and why it was not read of it."""
        unit, span = terms.unit_after(self.folded, self.claim.end)
        if unit and not self._is_per(unit):
            yield span[1], f"was not read as a price for a {unit}"
        yield from self._of_its_parts()
        if (match := terms.IN_ALL.match(self.folded, self.claim.end)) and self._is_one_of_several():
            yield match.end(), "was read as the price of one"
        if (match := terms.PART.match(self.folded, self.claim.end)) and not self._says(terms.PART_READ):
            yield match.end(), "was not read as a first payment"
        for role, (told, read) in terms.ROLES.items():
            if (match := told.match(self.folded, self.claim.end)) and not self._is_as(role, told, read):
                yield match.end(), f"was not read as {role}"
        for group, (told, read) in terms.ONLY_FOR.items():
            if (match := told.match(self.folded, self.claim.end)) and not self._says(read):
                yield match.end(), f"was not read as a price for {group}"

    def _of_its_parts(self) -> Iterator[tuple[int, str]]:
        """What is said to be in the amount, or to come on top of it, or to be taken off already."""
        if (match := terms.INCLUDED.match(self.folded, self.claim.end)) and not self._includes(match):
            yield match.end(), f"was not read to include {match['what'] or match['what2']}"
        if (match := terms.EXTRA.match(self.folded, self.claim.end)) and not self._comes_with(match["what"]):
            yield match.end(), f"was not read as what {match['what']} is added to"
        if (match := terms.REDUCED.match(self.folded, self.claim.end)) and not self._is_reduced():
            yield match.end(), "was not read as a reduced price"

    def _says(self, pattern: re.Pattern[str]) -> bool:
        """Whether what was read of this amount, or anything where it is computed, speaks of something."""
        subjects = {g.subject for g in self.read}
        texts = self.case.knowledge.texts
        return any(
            pattern.search(text)
            for subject, text in texts
            if subject not in self.case.knowledge.expired and (subject in subjects or not subjects)
        )

    def _is_per(self, unit: str) -> bool:
        at_night = self.case.reading.text.startswith(" à ", self.claim.end)
        if at_night or any(unit in g.units for g in self.read):
            return True
        if unit == "each":
            sold = any(g in self.live or g.units or g.subject.startswith("promotion:") for g in self.read)
            return self.claim.kind == "instalments" or not self.read or (sold and not self.claim.bound)
        if unit == "month" and (self.claim.kind == "instalments" or self._is_in_parts()):
            return True
        if unit in terms.PACKS and any(g.claim.number * terms.PACKS[unit] == self.amount for g in self.live):
            return True
        sold_by = any(self._is_sold_by(unit, g.subject) for g in self.live if g in self.read)
        return sold_by or (unit == "set" and not self.read)

    def _is_sold_by(self, unit: str, subject: str) -> bool:
        told = self.case.text_of(subject)
        return terms.is_sold_by(unit, told) or unit in terms.units_told(told, (0, len(told)))

    def _is_in_parts(self) -> bool:
        """Whether the amount is one of the instalments the sentence speaks of, or part of a plan for several months."""
        start, end = self.sentence
        plans = [c for c in self.case.claims if c.kind == "instalments" and start <= c.start < end and not c.amount]
        wholes = self._parts() | self._told()
        parts = (replace(plan, amount=str(self.amount)) for plan in plans)
        if any(instalment_amount_fits(whole, part) for part in parts for whole in wholes):
            return True
        return not self.read and bool(stems(self.folded[start:end]) & _PERIODS)

    def _includes(self, match: re.Match[str]) -> bool:
        what = match["what"] or match["what2"]
        marked = bool(match["in"] or match["in2"] or terms.SAYS_INCLUDED.search(match.group()))
        known = terms.OF_DELIVERY.fullmatch(what) or terms.OF_WORK.fullmatch(what)
        beside = any(0 <= c.start - match.end() <= len(" ") for c in self.case.claims)
        if not marked and (not known or beside or terms.NOT_INCLUDED.match(self.folded, match.end())):
            return True
        if terms.OF_TAX.search(what):
            return self._says(terms.OF_TAX)
        return self._holds_fee(what) or any(
            terms.SAYS_INCLUDED.search(self.case.text_of(g.subject)) for g in self.texts
        )

    def _comes_with(self, what: str) -> bool:
        if terms.OF_TAX.fullmatch(what):
            return any(terms.OF_TAX.search(text) for _, text, _ in self.case.knowledge.sentences)
        if not terms.OF_DELIVERY.fullmatch(what):
            return True
        known = any(meaning(what) in stems for _, _, stems in self.case.knowledge.sentences)
        bare = not self.read or any(g in self.live or g.subject.startswith("promotion:") for g in self.read)
        return known and bare and not self.claim.bound and not self._holds_fee(what)

    def _holds_fee(self, what: str) -> bool:
        """Whether the fee for a delivery or an assembly is in the amount: something costs as much without it."""
        texts = [g for g in self.prices if g.from_text and not g.claim.bound]
        fees = {g.claim.number for g in texts if meaning(what) in g.context}
        return not self.read and any(self.amount - fee in self._parts() | self._told() for fee in fees)

    def _is_reduced(self) -> bool:
        if any(g.subject.startswith("promotion:") or g.claim.place == "now" for g in self.read):
            return True
        full = self.amount in self._parts() or sum_of_orders(self.case, self.claim)
        return not self.read and self.claim.kind == "price" and not full

    def _is_as(self, role: str, told: re.Pattern[str], read: re.Pattern[str]) -> bool:
        """Whether an amount was read as a discount or the like, or is the difference of two, or a share of one."""
        texts = [(self.case.text_of(g.subject), fold(g.claim.raw)) for g in self.texts]
        if any(_is_told(text, raw, told, read) for text, raw in texts):
            return True
        if role == _COMES_BACK and any(_is_told_then(text, raw, read) for text, raw in texts):
            return True
        if self.read or self.claim.kind != "price" or role in _AS_READ_ONLY:
            return False
        wholes = self._parts() | self._told()
        shares = (g.claim.number for g in self.case.knowledge.of_kind("percent") if g.from_text)
        saved = {each for share in shares for whole in wholes for each in rounded(whole * share / 100)}
        apart = (
            {abs(a - b) for a in wholes for b in wholes} if terms.APART.match(self.folded, self.claim.end) else set()
        )
        goods = goods_of(self.case, self.claim, self.sentence)
        return self.amount in saved | apart or is_difference(self.case, self.claim, self.sentence, goods)

    def _is_one_of_several(self) -> bool:
        """Whether it is what one costs, where the sentence counts more than one."""
        start, end = self.sentence
        goods = goods_of(self.case, self.claim, self.sentence)
        counts = [c for c in self.case.claims if c.kind in ("number", "stock") and start <= c.start < self.claim.start]
        several = any(c.unit in ("", "unit") and c.value.isdigit() and c.number > 1 for c in counts)
        return bool(goods and any(g in self.live for g in self.read) and (goods.counted or several) and end)

    def _told(self) -> set[Decimal]:
        """The other prices of the reply."""
        return {c.number for c in self.case.claims if c.kind == "price" and c.span != self.claim.span}

    def _parts(self) -> set[Decimal]:
        """What single products and the goods of the sentence cost, without anything else."""
        goods = goods_of(self.case, self.claim, self.sentence)
        return {g.claim.number for g in self.live} | ({goods.total} if goods else set())


def _is_told(text: str, raw: str, told: re.Pattern[str], read: re.Pattern[str]) -> bool:
    """Whether a text says right after, or right before, an amount what it is."""
    at = text.find(raw)
    return at >= 0 and bool(told.match(text, at + len(raw)) or read.search(text, max(0, at - _LEAD), at))


def _is_told_then(text: str, raw: str, read: re.Pattern[str]) -> bool:
    """Whether a text says what an amount is after what it is per."""
    at = text.find(raw)
    then = _THEN.match(text, at + len(raw)) if at >= 0 else None
    return bool(then and read.search(text, *then.span()))
