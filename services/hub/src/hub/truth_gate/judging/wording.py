"""Whether a reply says a value of a text as it says it: of the same thing, as the same limit, in order."""

from __future__ import annotations

import re
from typing import Final

from hub.truth_gate.claims.claims import Claim
from hub.truth_gate.grounds.case import Case
from hub.truth_gate.grounds.context import measured
from hub.truth_gate.grounds.grounds import TOPICS
from hub.truth_gate.grounds.knowledge import Ground
from hub.truth_gate.judging.limits import limit_objection
from hub.truth_gate.judging.sides import side_objection
from hub.truth_gate.judging.topics import topic_objection
from hub.truth_gate.judging.ways import ways_objection
from hub.truth_gate.language.reading import asks, containing, meaning, stem, stems
from hub.truth_gate.language.statement_words import EVERY, is_of_all

_LIGHT: Final = frozenset(map(stem, ("compra", "passar", "lugar", "expect", "arrive", "chega", "valor")))
"""Words that leave it to the sentence before what a value is about."""
_PER: Final = re.compile(r" (?:por|per|a cada|cada|each) [a-z]+")
_BECAUSE: Final = frozenset(map(stem, ("porque", "pois", "because", "since", "pues")))
_INSTALMENT: Final = frozenset((meaning("parcela"),))
_SEVERAL: Final = 2
_CLEARLY: Final = 0.25
_EVERY_DAY: Final = re.compile(
    r"\b(?:todos? os? dias?|diariamente|every day|daily|todos los dias|a semana (?:toda|inteira)|all week|"
    r"toda la semana)\b(?! ute)"
)
_ANYWHERE: Final = re.compile(r" (?:lugar|canto|regiao|parte|place)\b")
_ORDINALS: Final = frozenset(
    meaning(word)
    for word in [
        "primeira",
        "primeiro",
        "segunda",
        "segundo",
        "terceira",
        "terceiro",
        "first",
        "second",
        "third",
        "primera",
        "primer",
    ]
)


def text_objection(case: Case, claim: Claim, ground: Ground) -> str:
    """Why a value in a text does not carry a claim; empty when it does."""
    if objection := limit_objection(case, claim, ground) or side_objection(case, claim, ground):
        return objection
    if objection := _role_objection(claim, ground):
        return objection
    if ground.about_product or not ground.context or ground.subject.startswith("order:"):
        return ""
    if claim.kind == "number" and asks(case.sentence_text(claim)):
        return ""
    if _EVERY_DAY.search(case.clause_text(claim)) and not _EVERY_DAY.search(case.text_of(ground.subject)):
        return f"{ground.subject} does not say it of every day"
    if objection := days_objection(case, claim, ground):
        return objection
    context = case.context(claim) | _of_instalments(case, claim)
    if objection := _ordinal_objection(case, claim, ground) or _others_objection(case, claim, ground):
        return objection
    if objection := ways_objection(case, claim, ground):
        return objection
    if objection := _rival_objection(case, claim, ground, context) or topic_objection(case, claim, ground):
        return objection
    return _context_objection(case, claim, ground, context)


def _role_objection(claim: Claim, ground: Ground) -> str:
    """Why a value is not what it was read as: a discount is no surcharge, an old price is no new one."""
    if claim.kind == "percent" and claim.flag and ground.claim.flag not in ("", claim.flag):
        return f"{ground.subject} does not say it as {claim.flag!r}, but as {ground.claim.flag!r}"
    if claim.place in ("was", "now") and ground.claim.place in ("was", "now") and claim.place != ground.claim.place:
        return f"old and new price of {ground.subject} are swapped"
    return ""


def _of_instalments(case: Case, claim: Claim) -> frozenset[str]:
    """What a least amount is of that is told with a number of instalments: "até 3 vezes, pois a mínima é de R$ 40"."""
    start, end = containing(case.subjects.sentences, claim.start)
    plans = claim.kind == "price" and claim.bound == "over" and case.near_context(claim) <= _BECAUSE
    told = plans and any(c.kind == "instalments" and start <= c.start < end for c in case.claims)
    return _INSTALMENT if told else frozenset()


def days_objection(case: Case, claim: Claim, ground: Ground) -> str:
    """Why what is said of some weekdays is not said of others, nor of all things, nor always."""
    start, end = containing(case.subjects.sentences, claim.start)
    said = {c.value for c in case.claims if c.kind == "weekday" and start <= c.start < end}
    if claim.kind in ("price", "percent", "free") and ground.weekdays and said and not said & ground.weekdays:
        return f"{ground.subject} says it of other days"
    every = EVERY.search(case.clause_text(claim))
    anywhere = every and not ground.places and _ANYWHERE.match(case.clause_text(claim), every.end())
    if every and not anywhere and not is_of_all(case.text_of(ground.subject), case.clause_text(claim)):
        return f"{ground.subject} does not say {every.group()!r} of that"
    return ""


def _context_objection(case: Case, claim: Claim, ground: Ground, context: frozenset[str]) -> str:
    """Why the words around a value are not those of what it was read of."""
    elsewhere = f"{ground.subject} says {claim.value} of something else"
    named = case.subjects.named_in(case.subjects.clause(claim.start))
    telling = ground.own - TOPICS
    if named and ground.told_apart and telling and not context & telling:
        return elsewhere
    near = case.near_context(claim)
    if _is_under_other_condition(case, claim, ground):
        return f"{ground.subject} says {claim.value} under another condition"
    if near & ground.own and not near & (ground.later_rivals | ground.earlier_rivals):
        return ""
    if context & ground.later_rivals or (context & ground.earlier_rivals and not context & ground.own):
        return f"{ground.subject} says another value of that"
    asked = case.question_before(claim)
    known = frozenset().union(*case.knowledge.words.values()) - _LIGHT
    before = frozenset() if near and context & known else case.context_before(claim)
    if _is_named(case, claim, ground, context | before):
        return ""
    return "" if (context or asked) & ground.context or (asked | before) & ground.own else elsewhere


def _is_under_other_condition(case: Case, claim: Claim, ground: Ground) -> bool:
    """Whether a sentence with this value alone has words that the rule has only beside another value of the kind."""
    start, end = containing(case.subjects.sentences, claim.start)
    alone = all(c.span == claim.span or measured(c) != measured(claim) for c in case.claims if start <= c.start < end)
    said = stems(case.reading.folded[start:end])
    return alone and len(said & ground.later_rivals) >= _SEVERAL


def _is_named(case: Case, claim: Claim, ground: Ground, context: frozenset[str]) -> bool:
    """Whether the name of a service is told with the only value of its kind: "o exame de vista custa R$ 90,00"."""
    per = _PER.match(case.reading.folded, claim.end)
    if per and per.group() not in case.text_of(ground.subject):
        return False
    if not ground.subject.startswith("schedule:") or ground.later_rivals or ground.earlier_rivals:
        return False
    name = min((text for subject, text in case.knowledge.texts if subject == ground.subject), key=len, default="")
    return bool(stems(name) & context)


def _ordinal_objection(case: Case, claim: Claim, ground: Ground) -> str:
    """Why what is said of the second one is not said of the first, nor of all."""
    if claim.kind not in ("price", "percent", "free"):
        return ""
    read = ground.context & _ORDINALS
    said = [
        {meaning(word) for word in text.split()} & _ORDINALS
        for text in (case.clause_text(claim), case.sentence_text(claim))
    ]
    return "" if read in said else f"{ground.subject} says it of another one in the order"


def _others_objection(case: Case, claim: Claim, ground: Ground) -> str:
    """Words of a rule about other products than the clause names."""
    named = {s for mention in case.subjects.named_in(case.subjects.clause(claim.start)) for s in mention.subjects}
    owners = case.subjects.owners_in(ground.context)
    return f"{ground.subject} says it of other products" if named and owners and not owners & named else ""


def _rival_objection(case: Case, claim: Claim, ground: Ground, context: frozenset[str]) -> str:
    """Another text that says another value of the kind, and knows more of the words that tell the texts apart."""
    own = _known_words(case, ground.subject, context)
    for other in case.knowledge.of_kind(ground.claim.kind):
        rival = other.subject != ground.subject and other.from_text and not other.about_product
        differs = measured(other.claim) == measured(ground.claim) and other.claim.value != ground.claim.value
        if rival and differs and _known_words(case, other.subject, context) > own + _CLEARLY:
            return f"{other.subject} says another value of that"
    return ""


def _known_words(case: Case, subject: str, context: frozenset[str]) -> float:
    """How much of the words a text knows; a word that many texts know tells little."""
    words = case.knowledge.words
    shared = context & words.get(subject, frozenset())
    return sum(1 / sum(word in known for known in words.values()) for word in shared)
