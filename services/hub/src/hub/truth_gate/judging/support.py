"""Whether a ground carries a claim: same value, in force, about the same thing, said the same way."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from hub.truth_gate.claims.claims import Claim
from hub.truth_gate.claims.measures import equal_measure
from hub.truth_gate.grounds.case import Case, Judgement, refuse
from hub.truth_gate.grounds.knowledge import Ground
from hub.truth_gate.grounds.scope import Scope
from hub.truth_gate.judging.limits import says_what_is_not
from hub.truth_gate.judging.offers import offer_objection
from hub.truth_gate.judging.orders import order_objection
from hub.truth_gate.judging.topics import topic_objection
from hub.truth_gate.judging.wording import text_objection
from hub.truth_gate.language.reading import containing
from hub.truth_gate.language.statement_words import EVERY
from hub.truth_gate.language.vocabulary import DOLLAR_SIGN, PESOS

_UNSURE: Final = re.compile(
    r"\b(?:(?:nao (?:tenho|temos|ha|encontrei)|no (?:tengo|tenemos|hay|encontre)|don't have(?: any)?|no) "
    r"(?:(?:a|o|la|el|nenhum|nenhuma|essa|esse|any|aqui|esa) ){0,2}(?:informac\w+|informat\w+|dados|datos|"
    r"details?|detalh\w+|"
    r"confirmac\w+|orientac\w+|registro|data|fecha)|nao (?:sei|consigo|posso|tenho como|encontrei|achei|"
    r"localizei|vi|ha como)|nao da (?:para|pra) (?:saber|ver|confirmar|dizer|afirmar|garantir|informar)|sem certeza|"
    r"(?:preciso|vou|vamos|posso|pode|quer que eu) (?:confirmar|conferir|verificar|checar)|no (?:se|puedo|"
    r"encuentro|tengo como)|"
    r"i (?:don't|do not|can't|cannot|couldn't) \w+|not sure|quer saber|gostaria de saber|deseja saber|"
    r"you (?:want|would like) to know|"
    r"quieres saber)\b[^.!?,;\n]*$"
)
_ABOUT: Final = re.compile(r"\W*(?:sobre|quanto a|quanto ao|em relacao a|about|regarding|as for|respecto|en cuanto) ")
_UNSURE_OF: Final = re.compile(
    r"\b(?:nao (?:tenho|sei|temos|encontrei|consigo|posso)|no (?:tengo|se|puedo)|i (?:don't|can't|couldn't|"
    r"do not|cannot))\b"
)
_OPENING: Final = re.compile(
    r"\b(?:abr\w+|fech\w+|abert\w+|atend\w+|funcion\w+|horario|feriado|natal|open\w*|clos\w+|holiday|abiert\w+|"
    r"cerr\w+|"
    r"hoje e|hoy es|today is|volt\w+|folga)\b"
)
_ARRIVING: Final = re.compile(
    r"\b(?:cheg\w+|entreg\w+|arriv\w+|deliver\w*|lleg\w+|promoc\w+|descont\w+|oferta|"
    r"cupom)\b"
)
_BEFORE: Final = re.compile(r" (?:antes|depois|after|before|earlier|despues|de anteced\w+|in advance)\b")
_OFFER: Final = re.compile(
    r"\b(?:promo\w*|ofert\w*|descont\w*|descuent\w*|discount\w*|offer\w*|cupom|cupon|coupon|deal)\b"
)


def equal(case: Case, claim: Claim) -> list[Ground]:
    """Grounds of the claim's kind with its value and unit."""
    return [ground for ground in case.knowledge.of_kind(claim.kind) if _same_value(claim, ground.claim)]


def _same_value(claim: Claim, known: Claim) -> bool:
    if claim.kind == "phone":
        short, long = sorted((claim.value, known.value), key=len)
        return short == long or (len(short) >= 8 and long.endswith(short))
    if claim.kind == "date" and claim.flag == "partial":
        return known.value.endswith(claim.value[1:])
    if claim.kind == "link" and claim.value.startswith("@"):
        return known.value.rpartition("/")[2] == claim.value[1:] or known.value == claim.value
    if claim.kind == "number" and claim.unit and known.unit:
        return equal_measure(claim, known)
    return claim.value == known.value and claim.unit in ("", known.unit, "cents")


def is_uncertain(case: Case, position: int) -> bool:
    """Whether the reply says that it does not know ("não sei se temos", "preciso confirmar se"): nothing is claimed."""
    start, _ = containing(case.subjects.sentences, position)
    return is_unknown_of(case, position) or bool(_UNSURE.search(case.reading.folded[start:position]))


def is_unknown_of(case: Case, position: int) -> bool:
    """Whether a sentence says of its topic that nothing is known: "sobre o dia 31 eu não tenho informação"."""
    start, end = containing(case.subjects.sentences, position)
    return bool(_ABOUT.match(case.reading.folded, start) and _UNSURE_OF.search(case.reading.folded, start, end))


def in_force(case: Case, grounds: Sequence[Ground]) -> tuple[list[Ground], str]:
    """Those that hold today; when none is left, why."""
    valid = [ground for ground in grounds if ground.subject not in case.knowledge.expired]
    if valid or not grounds:
        return valid, ""
    return [], f"{grounds[0].subject} is not in force on {case.today.isoformat()}"


def first_supporting(case: Case, claim: Claim, grounds: Sequence[Ground]) -> Judgement:
    """Judge a claim by grounds of equal value: the first that carries it, or why the first does not."""
    reasons = []
    for ground in grounds:
        why = _objection(case, claim, ground)
        if not why:
            return Judgement(True, ground.subject)
        reasons.append(why)
    return refuse(reasons[0])


def _objection(case: Case, claim: Claim, ground: Ground) -> str:
    """Why this ground does not carry the claim; empty when it does."""
    if claim.kind == "date" and _other_end(claim, ground) and not says_what_is_not(case, claim):
        return f"{claim.value} is the other end of {ground.subject}"
    if claim.kind == "date" and ground.subject.startswith("company:") and not _is_about_opening(case, claim):
        return f"{claim.value} was read as a day of the opening hours only"
    if (
        ground.source != "customer"
        and not ground.from_text
        and claim.kind == "number"
        and _BEFORE.match(case.reading.folded, claim.end)
    ):
        return f"{ground.subject} says how long it takes, not when to come"
    if objection := order_objection(case, claim, ground):
        return objection
    if objection := offer_objection(case, claim, ground):
        return objection
    if ground.about_product and claim.kind == "percent":
        return _product_objection(case.subjects.scope_of(claim), ground)
    if ground.about_product and ground.from_text and claim.kind == "number" and claim.unit:
        return _measure_objection(case, claim, ground)
    if ground.from_text:
        return text_objection(case, claim, ground)
    return _typed_objection(case, claim, ground)


def _typed_objection(case: Case, claim: Claim, ground: Ground) -> str:
    """Why a typed value of a service or an offer does not carry a claim."""
    if ground.subject.startswith("schedule:"):
        return topic_objection(case, claim, ground)
    if ground.subject.startswith("promotion:") and claim.kind == "price" and not _OFFER.search(case.clause_text(claim)):
        return f"{claim.value} is the price of an offer ({ground.subject}), which the sentence does not mention"
    return ""


def _measure_objection(case: Case, claim: Claim, ground: Ground) -> str:
    """Why a measure of a product is not one of what is spoken of, or not of all."""
    scope = case.subjects.scope_of(claim)
    if EVERY.search(case.clause_text(claim)) and _is_told_apart(case, ground):
        return f"{ground.subject} is {claim.value}, and not everything that was read"
    other = scope.subjects and ground.subject not in scope.subjects
    return f"{claim.value} is of {ground.subject}" if other else ""


def _is_told_apart(case: Case, ground: Ground) -> bool:
    """Whether another product that was read has another value of that measure, or none."""
    having = {g.subject for g in case.knowledge.of_kind("number") if g.claim.value == ground.claim.value}
    return bool(set(case.knowledge.labels.values()) - having)


def _is_about_opening(case: Case, claim: Claim) -> bool:
    start, end = containing(case.subjects.sentences, claim.start)
    beside = [c.kind for c in case.claims if start <= c.start < end]
    said = case.reading.folded[start:end]
    return not _ARRIVING.search(said) and bool({"time", "open"} & {*beside} or _OPENING.search(said))


def _other_end(claim: Claim, ground: Ground) -> bool:
    """A first day said as a last one, or the other way round."""
    known = {"valid_from": "over", "valid_until": "under"}.get(ground.role, ground.claim.bound)
    said = claim.bound or {"first": "over", "second": "under"}.get(claim.place, "")
    return bool(said and known) and said != known


def _product_objection(scope: Scope, ground: Ground) -> str:
    if scope.foreign:
        return f"{scope.foreign!r} is nothing that was read in this turn"
    if scope.subjects and ground.subject not in scope.subjects:
        return f"{ground.claim.value} is of {ground.subject}"
    return ""


def currency_objection(claim: Claim, ground: Ground) -> str:
    """Why the currency of a ground is not that of a claim; empty when it is."""
    known, said = ground.claim.currency, claim.currency
    if not known or not said or known == said:
        return ""
    if said == "$" and known in DOLLAR_SIGN:
        return ""
    if said == "PESO" and known in PESOS:
        return ""
    return f"{claim.value} is in {known}, not in {said}"
