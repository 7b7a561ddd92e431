"""The judgement on one claim: which fact it stands on, or why it may not be said."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Final

from hub.truth_gate.claims.claims import Claim
from hub.truth_gate.claims.opening_words import PARTS
from hub.truth_gate.grounds.case import DENIED, IN_NAME, Case, Judgement, refuse
from hub.truth_gate.grounds.knowledge import Ground
from hub.truth_gate.judging.counts import judge_number
from hub.truth_gate.judging.day_parts import is_denied
from hub.truth_gate.judging.moments import moment_objection, now_objection, told_of
from hub.truth_gate.judging.offers import offer_objection, offers
from hub.truth_gate.judging.opening import hours_objection, hours_spoken_of
from hub.truth_gate.judging.openness import openness_objection
from hub.truth_gate.judging.orders import contradicting, orders_spoken_of, state_follows
from hub.truth_gate.judging.plans import judge_composite
from hub.truth_gate.judging.purchases import is_short_of_free
from hub.truth_gate.judging.support import equal, first_supporting, in_force
from hub.truth_gate.judging.suppositions import amounts_before, supposed_amounts
from hub.truth_gate.judging.values import judge_value
from hub.truth_gate.judging.weekdays import is_day_of_a_time, is_day_of_hours, judge_weekday
from hub.truth_gate.language.places import places_in
from hub.truth_gate.language.reading import containing

_NOUN_AFTER: Final = re.compile(r"\s+(?P<noun>[a-z]{3,})")
_MISSING: Final = re.compile(r"\b(?:falt\w+|more to|away from)\b")
_WORD_BEFORE: Final = re.compile(r"(?P<word>[a-z]+)\s+$")
_BEYOND: Final = re.compile(
    r"\b(?:abaixo d?isso|menos (?:do )?que isso|acima disso|below that|under that|less than that|por debajo)\b"
)
_BUT_NOT: Final = {
    locale: re.compile(rf"(?:,| e| and| y|\()\s*{word} (?:os |as |the |los |las )?$")
    for locale, word in (("pt-BR", "nao"), ("es", "no"), ("en", "not"))
}
_SET_RIGHT: Final = ("number", "stock", "price", "date", "time", "percent", "weekday")
"""Values that may be named to be denied."""
_RANGE_LENGTH: Final = len(" ate o ")
_TELLING: Final = 4


def judge(case: Case, claim: Claim) -> Judgement:
    """Judge one claim that is no verbatim quotation."""
    if claim.kind in _SET_RIGHT and not claim.flag and _is_set_right(case, claim):
        held = any(g.claim.value == claim.value for g in case.knowledge.of_kind(claim.kind))
        return refuse(f"{claim.value} was read") if held else Judgement(True, None, DENIED)
    if claim.kind == "stock" and not claim.flag and _is_in_its_name(case, claim):
        return Judgement(True, None, IN_NAME)
    if claim.kind == "stock" and _is_of_an_order(case, claim):
        return judge_number(case, replace(claim, kind="number", unit=""))
    return _JUDGES.get(claim.kind, _judge_plain)(case, claim)


def _is_set_right(case: Case, claim: Claim) -> bool:
    """Whether a value is only named to be denied: "são 7, não 9"."""
    before = case.reading.folded[max(0, claim.start - 12) : claim.start]
    after = case.reading.folded[claim.end : claim.end + 1]
    return bool(_BUT_NOT[case.locale].search(before)) and after in (".", ",", "!", ")", "", "\n")


def _is_of_an_order(case: Case, claim: Claim) -> bool:
    """Whether a count is of the items of an order: "o pedido S00042 tem 2 itens"."""
    named = case.subjects.named_in(case.subjects.clause(claim.start))
    return not named and claim.flag != "availability" and bool(orders_spoken_of(case, claim))


def _is_in_its_name(case: Case, claim: Claim) -> bool:
    """Whether a number and the word after it are of the name of the product: "tem 21 marchas"."""
    after = _NOUN_AFTER.match(case.reading.folded, claim.end)
    scope = case.subjects.scope_of(claim)
    if not after or not scope.subjects:
        return False
    labels = [label for label, subject in case.knowledge.labels.items() if subject in scope.subjects]
    return all(re.search(rf"\b{claim.value} {after['noun']}\b", label) for label in labels)


def _judge_free(case: Case, claim: Claim) -> Judgement:
    """Judge a gift: said so by a text about the same thing under the same condition, or a price of zero."""
    if is_short_of_free(case, claim):
        return Judgement(True, None, DENIED)
    said, why = in_force(case, [g for g in case.knowledge.of_kind("free") if _condition_is_told(case, claim, g)])
    if not said and not why and case.knowledge.of_kind("free"):
        why = "leaves out, or changes, the condition under which it is free"
    start, end = containing(case.subjects.sentences, claim.start)
    phones = [c for c in case.claims if c.kind == "phone" and start <= c.start < end and c.value.startswith("0800")]
    if phones:
        return _judge_plain(case, phones[0])
    zero = [g for g in case.knowledge.of_kind("price") if g.claim.value == "0"]
    if said:
        return first_supporting(case, claim, said)
    return Judgement(True, zero[0].subject) if zero else refuse(why or "no fact of this turn says that it is free")


def _condition_is_told(case: Case, claim: Claim, ground: Ground) -> bool:
    """Whether the purchase from which on something is free is told with it ("em compras a partir de R$ 199,00")."""
    start, end = containing(case.subjects.sentences, claim.start)
    if _MISSING.search(case.reading.folded[start:end]):
        return True
    told = {c.value for c in case.claims if c.kind == "price" and c.bound == "over" and start <= c.start < end}
    asked = case.question_before(claim)
    supposed = amounts_before(case, claim) if asked else supposed_amounts(case, (start, end))
    if supposed and ground.condition and _BEYOND.search(case.line_text(claim)):
        return all(amount == Decimal(ground.condition) for amount in supposed)
    if supposed and ground.condition:
        return all(amount >= Decimal(ground.condition) for amount in supposed) and told <= {ground.condition}
    reached = [c.number for c in case.claims if c.kind == "price" and not c.bound and start <= c.start < end]
    of_place = ground.places and not ground.places & places_in(case.reading.text[start:end])
    if ground.condition and not told and reached and not of_place and max(reached) >= Decimal(ground.condition):
        return True
    return told == ({ground.condition} if ground.condition else set()) or (not ground.from_text and not told)


def _judge_promise(case: Case, claim: Claim) -> Judgement:
    """Judge a guarantee, a gift, a booking, a trait: a text of this turn has to say so of the same thing."""
    if claim.value == "paid" and (paid := _paid_order(case, claim)):
        return Judgement(True, paid)
    known = offers(case) if claim.value == "on offer" else equal(case, claim)
    said, why = in_force(case, known)
    own_phrase = [g for g in said if _is_phrase_of(case, claim, g)]
    if own_phrase:
        return Judgement(True, own_phrase[0].subject, "the owner's own words")
    if said:
        return first_supporting(case, claim, said)
    return refuse(why or f"nothing that was read says so ({claim.value})")


def _paid_order(case: Case, claim: Claim) -> str:
    """The order spoken of, when it was read that it is paid; else empty."""
    spoken_of = orders_spoken_of(case, claim)
    paid = {g.subject for g in case.knowledge.of_kind("order_state") if g.claim.value == "paid"}
    return min(spoken_of, default="") if spoken_of and spoken_of <= paid else ""


def _is_phrase_of(case: Case, claim: Claim, ground: Ground) -> bool:
    """Whether the words stand in the text after the same word as here: the name "Terça em dobro" promises nothing."""
    before = _WORD_BEFORE.search(case.reading.folded[: claim.start])
    if not before or len(before["word"]) < _TELLING:
        return False
    phrase = " ".join((before["word"] + case.reading.folded[before.end("word") : claim.end]).split())
    return any(phrase in text for subject, text in case.knowledge.texts if subject == ground.subject)


def _judge_openness(case: Case, claim: Claim) -> Judgement:
    objection = openness_objection(case, claim)
    if not objection:
        denied = DENIED if claim.value in PARTS and is_denied(case, claim) else ""
        return Judgement(True, next((g.subject for g in case.knowledge.of_kind("time")), "calendar"), denied)
    said, _ = in_force(case, equal(case, claim))
    return first_supporting(case, claim, said) if said else refuse(objection)


def _judge_order_state(case: Case, claim: Claim) -> Judgement:
    read = case.knowledge.of_kind("order_state")
    known = [g for g in read if state_follows(claim, g)]
    known = [g for g in known if not contradicting(claim, [other for other in read if other.subject == g.subject])]
    said = any(
        claim.value in text for subject, text in case.knowledge.texts if subject.startswith(("order:", "quote:"))
    )
    if said:
        return Judgement(True, None, "the order's own words")
    return first_supporting(case, claim, known) if known else refuse(f"no order that was read is {claim.value}")


def _judge_plain(case: Case, claim: Claim) -> Judgement:
    """Percentages, dates, links, codes, phones, e-mails."""
    if claim.kind == "date" and (is_day_of_a_time(case, claim) or is_day_of_hours(case, claim)):
        return Judgement(True, "calendar")
    if claim.kind == "date" and any(
        c.kind == "date" and c.value == claim.value and 0 < claim.start - c.end < _RANGE_LENGTH for c in case.claims
    ):
        return refuse(f"a range does not end on the day it begins ({claim.value})")
    valid, why = in_force(case, equal(case, claim))
    if not valid:
        return refuse(why or f"no fact of this turn says {claim.kind} {claim.value}")
    if claim.kind == "sku":
        return _judge_code(case, claim, valid)
    if claim.kind in ("link", "phone", "email"):
        return Judgement(True, valid[0].subject)
    return first_supporting(case, claim, valid)


def _judge_code(case: Case, claim: Claim, known: Sequence[Ground]) -> Judgement:
    """Judge a code: of the product that is named beside it, if one is."""
    start, end = containing(case.subjects.sentences, claim.start)
    near = case.subjects.named_in((start, end), besides=claim.span)
    beside = {subject for m in near for subject in m.subjects}
    fitting = [g for g in known if not g.about_product or not beside or g.subject in beside]
    if not fitting:
        return refuse(f"{claim.raw} is the code of {known[0].subject}")
    objections = [offer_objection(case, claim, g) for g in fitting]
    return Judgement(True, fitting[0].subject) if "" in objections else refuse(objections[0])


def _judge_time(case: Case, claim: Claim) -> Judgement:
    known, why = in_force(case, case.knowledge.of_kind("time"))
    hours = hours_spoken_of(case, claim)
    if (now := now_objection(case, claim)) is not None:
        return refuse(now) if now else Judgement(True, "calendar")
    told = told_of(case, claim)
    objection = moment_objection(case, claim, hours, told) if told else hours_objection(case, claim, hours)
    if not objection:
        return Judgement(True, hours[0].subject, DENIED if told else "")
    rest = [g for g in known if not g.day and g.claim.value == claim.value]
    if rest:
        return _time_in_text(case, claim, rest)
    return refuse(why or (objection if hours else f"no fact of this turn says {claim.value}"))


def _time_in_text(case: Case, claim: Claim, grounds: Sequence[Ground]) -> Judgement:
    fitting = [g for g in grounds if claim.flag in ("", g.claim.flag) or not g.from_text]
    if not fitting:
        return refuse(f"opening and closing time of {grounds[0].subject} are swapped")
    return first_supporting(case, claim, fitting)


_JUDGES: Final[dict[str, Callable[[Case, Claim], Judgement]]] = {
    "price": judge_value,
    "stock": judge_value,
    "instalments": judge_composite,
    "bundle": judge_composite,
    "weekday": judge_weekday,
    "time": _judge_time,
    "number": judge_number,
    "free": _judge_free,
    "promise": _judge_promise,
    "trait": _judge_promise,
    "open": _judge_openness,
    "order_state": _judge_order_state,
}
"""Percentages, dates, links, codes, phones and e-mails are judged alike."""
