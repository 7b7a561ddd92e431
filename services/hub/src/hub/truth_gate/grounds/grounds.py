"""The facts of a turn arranged for judging: roles split off subjects, the values inside texts read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime
from functools import lru_cache
from itertools import pairwise
from typing import Final
from zoneinfo import ZoneInfo

from common.facts import Fact
from hub.truth_gate.claims.claims import Claim, decimal_text
from hub.truth_gate.claims.extract import read_claims
from hub.truth_gate.claims.links import link
from hub.truth_gate.claims.structured import code, digits
from hub.truth_gate.grounds.context import context_of, measured
from hub.truth_gate.grounds.knowledge import Ground, Knowledge
from hub.truth_gate.grounds.ways import ways_of
from hub.truth_gate.language.numerals import parse
from hub.truth_gate.language.places import places_in
from hub.truth_gate.language.price_terms import units_told
from hub.truth_gate.language.reading import Reading, Span, containing, meaning, plain, stems
from hub.truth_gate.language.vocabulary import WEEKDAYS

ROLES: Final = ("valid_from", "valid_until", "opens", "closes")
"""What a fact's subject may end in after `#`: `promotion:natal#valid_until`, `company:main#0.opens` (0 = Monday),
`company:main#2026-12-24.closes`."""
_ROLE: Final = re.compile(r"#(?:(?P<day>[0-6]|\d{4}-\d{2}-\d{2})\.)?(?P<role>" + "|".join(ROLES) + ")$")
TOPICS: Final = frozenset(
    map(meaning, ("garantia", "entrega", "troca", "reembolso", "devolucao", "retirada", "parcela", "prazo", "desconto"))
)
"""What a rule is about as a whole: such a word does not tell one of its values from another."""
_RANGE: Final = re.compile(r"(?:-feira)?\s*(?:a|ate|-|to|through|al)\s*(?:el |o )?")
_LABEL_LENGTH: Final = 160


def arrange(facts: Iterable[Fact], now: datetime, locale: str, timezone: str) -> Knowledge:
    """Arrange facts: split roles off subjects, read texts, and set aside what is not in force today."""
    today = now.astimezone(ZoneInfo(timezone)).date()
    held = list(facts)
    expired = frozenset(_expired(held, today))
    texts = [fact for fact in held if fact.kind == "text"]
    grounds: list[Ground] = []
    for fact in texts:
        grounds += _inside(fact.value, fact.subject, fact.source, locale, today)
    in_texts = {(g.subject, g.claim.kind, g.claim.value) for g in grounds}
    for fact in held:
        if fact.kind != "text" and (ground := _typed(fact)):
            key = (ground.subject, ground.claim.kind, ground.claim.value)
            # A rule's own number is bound to the words around it; its bare copy in the record must not free it.
            if ground.about_product or ground.role or key not in in_texts:
                grounds.append(ground)
    return Knowledge(
        grounds=tuple(grounds),
        words=_words_by_subject(texts),
        labels={plain(fact.value): fact.subject for fact in texts if _is_product_label(fact)},
        texts=tuple((fact.subject, plain(fact.value)) for fact in texts),
        expired=expired,
    )


def _is_product_label(fact: Fact) -> bool:
    return fact.subject.startswith("product:") and len(fact.value) <= _LABEL_LENGTH and "\n" not in fact.value


def _split_role(subject: str) -> tuple[str, str, str]:
    match = _ROLE.search(subject)
    if not match:
        return subject, "", ""
    return subject[: match.start()], match["role"], match["day"] or ""


def _expired(facts: Sequence[Fact], today: date) -> set[str]:
    found = set()
    for fact in facts:
        subject, role, _ = _split_role(fact.subject)
        if fact.kind != "date" or not role:
            continue
        day = date.fromisoformat(fact.value)
        if (role == "valid_from" and today < day) or (role == "valid_until" and today > day):
            found.add(subject)
    return found


@lru_cache(maxsize=2_048)
def _inside(text: str, subject: str, source: str, locale: str, today: date) -> list[Ground]:
    """The values in a text. Remembered for a while: a turn checks its parts and the whole by the same texts."""
    reading, claims = read_claims(text, locale, today)
    spans = tuple(claim.span for claim in claims)
    sentences = reading.sentences(spans)
    grounds = []
    for claim in claims:
        sentence = containing(sentences, claim.start)
        grounds.append(
            Ground(
                claim,
                _split_role(subject)[0],
                source,
                context=context_of(reading, claim, claims, sentence),
                from_text=True,
                condition=_condition(claim, claims, sentence),
                places=places_in(reading.text[slice(*sentence)]),
                weekdays=_weekdays(reading, claims, sentence),
                ways=ways_of(reading, claim, claims, sentence),
                units=units_told(reading.folded, containing(reading.clauses(sentence, spans), claim.start)),
            )
        )
    return [_with_rivals(ground, grounds, sentences) for ground in grounds]


def _weekdays(reading: Reading, claims: Sequence[Claim], sentence: Span) -> frozenset[str]:
    """The weekdays of a sentence, with those between the ends of a range."""
    told = [c for c in claims if c.kind == "weekday" and sentence[0] <= c.start < sentence[1]]
    days = {int(c.value) for c in told}
    for first, second in pairwise(told):
        if _RANGE.fullmatch(reading.folded[first.end : second.start]):
            days |= set(range(int(first.value), int(second.value) + 1))
    return frozenset(map(str, days))


def _condition(claim: Claim, claims: Sequence[Claim], sentence: tuple[int, int]) -> str:
    if claim.kind != "free":
        return ""
    inside = (c for c in claims if c.kind == "price" and c.bound == "over" and sentence[0] <= c.start < sentence[1])
    return next((c.value for c in inside), "")


def _words_by_subject(texts: Iterable[Fact]) -> dict[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for fact in texts:
        subject = _split_role(fact.subject)[0]
        if not subject.startswith("product:"):
            found[subject] = found.get(subject, frozenset()) | stems(plain(fact.value))
    return found


def _with_rivals(ground: Ground, grounds: Sequence[Ground], sentences: Sequence[Span]) -> Ground:
    """Tell a value from the others of its kind in the same text by the words that stand with it alone."""
    claim = ground.claim
    ends = {"first", "second"}
    rivals = [
        other
        for other in grounds
        if measured(other.claim) == measured(claim)
        and other.claim.value != claim.value
        and not ({claim.place, other.claim.place} == ends and other.context == ground.context)
    ]
    own = ground.context.difference(*(other.context for other in rivals))
    # In "the warranty of A is 12 months, that of B 3" the later clause holds only what tells it apart, the first also
    # what both are about: words of a later rival decide, those of an earlier one only without own words.
    later = frozenset().union(*(other.context for other in rivals if other.claim.start > claim.start)) - ground.context
    earlier = frozenset().union(*(o.context for o in rivals if o.claim.start < claim.start)) - ground.context
    place = containing(sentences, claim.start)
    apart = any(place[0] <= o.claim.start < place[1] or o.context & ground.context & TOPICS for o in rivals)
    return replace(ground, own=own, later_rivals=later, earlier_rivals=earlier, told_apart=apart)


def _typed(fact: Fact) -> Ground | None:
    subject, role, day = _split_role(fact.subject)
    value, unit = _canonical(fact)
    if value is None or fact.kind == "text":
        return None
    claim = Claim(fact.kind, value, 0, 0, unit=unit, currency=(fact.currency or "").upper())
    return Ground(claim, subject, fact.source, role=role, day=day)


def _canonical(fact: Fact) -> tuple[str | None, str]:
    raw = fact.value.strip()
    if fact.kind in ("price", "percent", "stock"):
        return (raw, "") if raw == "unlimited" else (decimal_text(parse(raw, "en")), "")
    if fact.kind == "number":
        return _measure(raw)
    if fact.kind == "weekday":
        return (raw if raw.isdigit() else str(WEEKDAYS.get(plain(raw), raw))), ""
    plainers = {"link": link, "phone": digits, "sku": code, "email": str.lower}
    return plainers.get(fact.kind, str)(raw), ""


def _measure(raw: str) -> tuple[str | None, str]:
    """Split "30 day" into number and unit."""
    number, _, unit = raw.partition(" ")
    if number == "take":
        return raw, "deal"
    if not re.fullmatch(r"-?\d+(?:\.\d+)?", number):
        return None, ""
    return decimal_text(parse(number, "en")), unit
