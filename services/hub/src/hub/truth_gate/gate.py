"""The gate itself: a reply and the facts of its turn in, a verdict on every claim out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from common.facts import Fact, Verdict
from common.message import Frozen
from hub.truth_gate.claims.claims import Claim
from hub.truth_gate.claims.extract import read_claims
from hub.truth_gate.grounds.case import DENIED, IN_NAME, Case, Judgement, refuse
from hub.truth_gate.grounds.grounds import arrange
from hub.truth_gate.grounds.knowledge import Knowledge
from hub.truth_gate.grounds.scope import Subjects, quoted_spans
from hub.truth_gate.judging.denial import denial_objection, is_rightly_denied
from hub.truth_gate.judging.judge import judge
from hub.truth_gate.judging.purchases import purchase_objection
from hub.truth_gate.judging.support import is_uncertain, is_unknown_of
from hub.truth_gate.judging.suppositions import is_farewell, is_supposed
from hub.truth_gate.judging.tense import tense_objection
from hub.truth_gate.language.reading import Span
from hub.truth_gate.statements.assertions import assertions
from hub.truth_gate.statements.seasons import in_season

_MOST_TOLD: Final = 4
_WITHOUT_VALUE: Final = ("stock", "free", "promise", "trait", "open", "weekday")


class GateResult(Frozen):
    """What the gate said. `passed` only when every claim did."""

    passed: bool
    verdicts: tuple[Verdict, ...] = ()

    @property
    def refused(self) -> tuple[Verdict, ...]:
        """The claims that must not be sent."""
        return tuple(verdict for verdict in self.verdicts if not verdict.passed)


def check(
    text: str, facts: Sequence[Fact], now: datetime, *, locale: str = "pt-BR", timezone: str = "America/Sao_Paulo"
) -> GateResult:
    """Check a reply against the facts read in its turn.

    Pure: no I/O, no clock. Every price, quantity, percentage, date, time, link, code, phone, e-mail and number of
    `text` needs a fact of its kind that is about what the sentence is about; what follows from facts by arithmetic
    (2 units, a sum, equal interest-free instalments) passes too. Facts of a subject outside its `#valid_from` and
    `#valid_until` dates do not exist.

    Args:
        text: The reply as the customer would read it.
        facts: What was read in this turn. Facts of kind `text` are names of products (short) or words of the owner,
            which may be quoted.
        now: The moment of the turn, aware.
        locale: The language of the reply: decides how "1.234" and "11/12" are read.
        timezone: The company's zone: decides what day it is.
    """
    today = now.astimezone(ZoneInfo(timezone)).date()
    reading, claims = read_claims(text, locale, today)
    knowledge = arrange(facts, now, locale, timezone)
    case = Case(
        reading, claims, knowledge, Subjects(reading, claims, knowledge), locale, now.astimezone(ZoneInfo(timezone))
    )
    quoted = quoted_spans(reading, knowledge)
    season, spans = in_season(case)
    judged = [(claim, _judge(season if _in_any(claim, spans) else case, claim, quoted)) for claim in claims]
    said = [each for each in assertions(case) if not _in_any(each[0], spans)]
    said += [each for each in assertions(season) if _in_any(each[0], spans)] if spans else []
    told = [claim.span for claim, judgement in judged if not judgement.passed]
    judged += [each for each in said if not _is_quoted(case, each[0], quoted) and not _is_told(each, told)]
    verdicts = tuple(_verdict(case, *each) for each in sorted(judged, key=lambda each: each[0].start))
    return GateResult(passed=all(verdict.passed for verdict in verdicts), verdicts=verdicts)


def _is_told(said: tuple[Claim, Judgement], refused: Sequence[Span]) -> bool:
    """Whether a refusal of words only repeats that of a value in them."""
    claim, judgement = said
    return not judgement.passed and any(claim.start < end and start < claim.end for start, end in refused)


def _in_any(claim: Claim, spans: Sequence[Span]) -> bool:
    return any(start <= claim.start < end for start, end in spans)


def _counts_in_a_name(case: Case, claim: Claim) -> bool:
    """Whether the count of "Aro 29 por R$ 2.499,00" is part of a name."""
    count = (claim.start, claim.start + len(claim.value))
    return any(_within(count, mention.span) and mention.start < claim.start for mention in case.subjects.mentions)


def _is_quoted(case: Case, claim: Claim, quoted: Sequence[tuple[Span, str]]) -> bool:
    return any(_within(claim.span, span) and subject not in case.knowledge.expired for span, subject in quoted)


def _judge(case: Case, claim: Claim, quoted: Sequence[tuple[Span, str]]) -> Judgement:
    if claim.kind == "bundle" and _counts_in_a_name(case, claim):
        claim = replace(claim, kind="price", value=claim.amount, amount="", start=claim.end - 1)
    if claim.kind == "stock" and not claim.flag and _counts_in_a_name(case, claim) and "dispon" in claim.raw.lower():
        claim = replace(claim, value="1", flag="availability", bound="over", start=claim.end - 1)
    if _states_nothing(case, claim):
        objection = purchase_objection(case, claim) if claim.kind == "price" else ""
        return refuse(objection) if objection else Judgement(True, None, "said not to be known, or only supposed")
    begins, judged = _proved(case, claim, quoted)
    if not judged.passed:
        return Judgement(True, None, DENIED) if is_rightly_denied(case, claim) else judged
    objection = denial_objection(case, claim, judged, begins) or tense_objection(case, claim, judged, begins)
    return refuse(objection) if objection else judged


def _states_nothing(case: Case, claim: Claim) -> bool:
    if claim.kind in ("date", "weekday") and (is_unknown_of(case, claim.start) or is_farewell(case, claim)):
        return True
    valueless = claim.kind in _WITHOUT_VALUE and (claim.kind != "stock" or bool(claim.flag))
    return (valueless and is_uncertain(case, claim.start)) or is_supposed(case, claim)


def _proved(case: Case, claim: Claim, quoted: Sequence[tuple[Span, str]]) -> tuple[int, Judgement]:
    """The judgement on a claim, and where it begins: with the name or the quotation that it is part of."""
    for mention in case.subjects.mentions:
        names = claim.span != mention.span or claim.kind == "number"  # "o de 3" is named by its number
        if not mention.foreign and names and _within(claim.span, mention.span):
            return mention.start, Judgement(True, mention.subject, IN_NAME)
    for span, subject in quoted:
        if _within(claim.span, span):
            return span[0], _quoted(case.knowledge, subject, case.today.isoformat())
    return claim.start, judge(case, claim)


def _quoted(knowledge: Knowledge, subject: str, today: str) -> Judgement:
    if subject in knowledge.expired:
        return refuse(f"{subject} is not in force on {today}")
    return Judgement(True, subject, "the owner's own words")


def _within(inner: Span, outer: Span) -> bool:
    return outer[0] <= inner[0] and inner[1] <= outer[1]


def _verdict(case: Case, claim: Claim, judgement: Judgement) -> Verdict:
    why = judgement.why if judgement.passed else _explained(case, claim, judgement.why)
    return Verdict(claim=claim.raw, kind=claim.kind, passed=judgement.passed, fact_subject=judgement.subject, why=why)


def _explained(case: Case, claim: Claim, why: str) -> str:
    """A refusal with what was read of the kind, for whoever writes the reply anew."""
    known = [g for g in case.knowledge.of_kind(claim.kind) if g.claim.value != claim.value]
    told = dict.fromkeys(" ".join((g.subject, g.claim.value, g.claim.unit or g.claim.currency)).strip() for g in known)
    return f"{why}; read was: {', '.join(list(told)[:_MOST_TOLD])}" if told else why
