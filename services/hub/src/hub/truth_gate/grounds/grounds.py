"""What a claim may stand on: the typed facts of a turn, and the claims inside the texts read in it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cached_property, lru_cache
from itertools import pairwise
from typing import Final
from zoneinfo import ZoneInfo

from common.facts import Fact
from hub.truth_gate.claims.claims import Claim, ClaimKind, decimal_text
from hub.truth_gate.claims.extract import read_claims
from hub.truth_gate.claims.links import link
from hub.truth_gate.claims.structured import code, digits
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
_SENTENCE: Final = re.compile(r"(?<=[.!?;])\s+|\n+")
_WORD: Final = re.compile(r"[a-z][a-z-]*[a-z]")
_RANGE: Final = re.compile(r"(?:-feira)?\s*(?:a|ate|-|to|through|al)\s*(?:el |o )?")
_LABEL_LENGTH: Final = 160
_TIME_UNITS: Final = ("minute", "hour", "day", "business_day", "week", "month", "year")


@dataclass(frozen=True)
class Ground:
    """One value that is known to be true of a subject."""

    claim: Claim
    subject: str
    source: str
    role: str = ""
    day: str = ""
    """Of opening hours: the weekday or date they are of."""
    context: frozenset[str] = frozenset()
    """Of a value inside a text: the words around it that a paraphrase must share."""
    from_text: bool = False
    condition: str = ""
    """Of something free: the price of the purchase from which on it is."""
    own: frozenset[str] = frozenset()
    later_rivals: frozenset[str] = frozenset()
    earlier_rivals: frozenset[str] = frozenset()
    places: frozenset[str] = frozenset()
    """Of a value inside a text: the places its sentence speaks of."""
    weekdays: frozenset[str] = frozenset()
    """And its weekdays."""
    ways: frozenset[str] = frozenset()
    """And the ways of paying it is told of."""
    units: frozenset[str] = frozenset()
    """Of a price inside a text: for how much of a thing its clause says it is."""
    told_apart: bool = False
    """Whether its text gives several things of one sort a value each: "the frame 5 years, the parts 3 months"."""

    @property
    def about_product(self) -> bool:
        """Whether it is a live value of a product rather than words of a rule."""
        return self.subject.startswith("product:")


@dataclass(frozen=True)
class Knowledge:
    """The facts of one turn, arranged for judging."""

    grounds: tuple[Ground, ...]
    labels: dict[str, str] = field(default_factory=dict)
    """Folded names of products, each with its subject."""
    words: dict[str, frozenset[str]] = field(default_factory=dict)
    """By subject, the words of its texts that say what they are about; products are left out."""
    texts: tuple[tuple[str, str], ...] = ()
    """Whole texts (subject, plain text), for verbatim quotations."""
    expired: frozenset[str] = frozenset()
    """Subjects that are not in force on the day."""

    def of_kind(self, kind: ClaimKind) -> list[Ground]:
        """Grounds that can support claims of a kind."""
        return self._by_kind.get(kind, [])

    @cached_property
    def _by_kind(self) -> dict[ClaimKind, list[Ground]]:
        found: dict[ClaimKind, list[Ground]] = {}
        for ground in self.grounds:
            found.setdefault(ground.claim.kind, []).append(ground)
        return found

    @cached_property
    def sentences(self) -> tuple[tuple[str, str, frozenset[str]], ...]:
        """The sentences of the texts in force that are no names of products: subject, folded text, stems."""
        return tuple(
            (subject, sentence, stems)
            for subject, text in self.texts
            if subject not in self.expired and not subject.startswith("product:")
            for sentence, stems in _sentences(text)
        )

    @cached_property
    def stems(self) -> frozenset[str]:
        """The stems of all these sentences."""
        return frozenset().union(*(stems for _, _, stems in self.sentences))

    def products(self, kind: ClaimKind) -> set[str]:
        """Products with a live value of a kind."""
        return {g.subject for g in self.of_kind(kind) if g.about_product and not g.from_text}


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


@lru_cache(maxsize=2_048)
def _sentences(text: str) -> tuple[tuple[str, frozenset[str]], ...]:
    found = (sentence for sentence in _SENTENCE.split(text) if sentence.strip())
    return tuple((each, frozenset(meaning(word) for word in _WORD.findall(each))) for each in found)


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


def measured(claim: Claim) -> tuple[str, str]:
    """What a value measures: two lengths of time are rivals, whatever their units; a fee and a limit are not."""
    if claim.kind == "price":
        return claim.kind, "limit" if claim.bound == "over" else ""
    return claim.kind, "time" if claim.unit in _TIME_UNITS else claim.unit


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


def context_of(reading: Reading, claim: Claim, claims: Sequence[Claim], sentence: tuple[int, int]) -> frozenset[str]:
    """Words that say what a value is about.

    Those of the clause, when the sentence holds other values of the kind (so that they cannot be swapped); else those
    of the sentence.
    """
    rivals = [
        other
        for other in claims
        if other.span != claim.span
        and measured(other) == measured(claim)
        and sentence[0] <= other.start < sentence[1]
        and {claim.place, other.place} != {"first", "second"}
    ]
    if not rivals:
        return _words(reading, sentence, claims)
    return nearest_words(reading, claim, claims, sentence) or _words(reading, sentence, claims)


def nearest_words(reading: Reading, claim: Claim, claims: Sequence[Claim], sentence: Span) -> frozenset[str]:
    """The words of the clause of a claim, or of the nearest one before it: "..., e os componentes, de 3 meses"."""
    clauses = reading.clauses(sentence, tuple(each.span for each in claims))
    own = containing(clauses, claim.start)
    before = [each for each in reversed(clauses) if each[0] <= own[0]]
    return next((words for each in before if (words := _words(reading, each, claims))), frozenset())


def _words(reading: Reading, span: tuple[int, int], claims: Sequence[Claim]) -> frozenset[str]:
    characters = list(reading.folded)
    for claim in claims:
        if claim.unit == "deal" or claim.kind == "bundle":
            continue
        characters[claim.start : claim.end] = " " * (claim.end - claim.start)
    return stems("".join(characters[span[0] : span[1]]))


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
