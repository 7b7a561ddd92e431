"""The judgement on parts of the day: "no sábado só de manhã", "à noite não atendemos"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from hub.truth_gate.claims.claims import Claim
from hub.truth_gate.claims.opening_words import PARTS
from hub.truth_gate.grounds.case import Case
from hub.truth_gate.grounds.knowledge import Ground
from hub.truth_gate.judging.days import days_spoken_of
from hub.truth_gate.judging.opening import openings
from hub.truth_gate.language.statement_words import NEGATIONS

_BEGINS: Final = {"morning": "06:00", "afternoon": "14:00", "evening": "19:00"}
"""When a part of the day has come for everybody; that it is open for an hour after noon makes no afternoon."""
_ENDS: Final = {"morning": "12:00", "afternoon": "18:00", "evening": "23:59"}
_SHUT: Final = re.compile(r"\b(?:fechad|cerrad)[oa]s?\b|\bclosed\b")
_CLOSES: Final = re.compile(r"\b(?:fech(?:a|amos)|cerramos|cierra|we close)\b")


def is_said_of_part(case: Case, state: Claim) -> bool:
    """Whether being open or closed is told of a part of the day, which is judged for it."""
    start, end = case.subjects.clause(state.start)
    return any(c.kind == "open" and c.value in PARTS and start <= c.start < end for c in case.claims)


def part_objection(case: Case, claim: Claim, hours: Sequence[Ground]) -> str:
    """Why it is not open, or not closed, in a part of the day as is said; empty when it is."""
    days = days_spoken_of(case, claim)
    spoken = [openings(case, hours, day) for day in days or [{str(day)} for day in range(7)]]
    opened = [_is_open(windows, claim.value) for windows in spoken if days or windows]
    if is_denied(case, claim):
        return f"by the hours that were read it is open in the {claim.value}" if any(opened) else ""
    if not (all(opened) if days else any(opened)):
        return f"by the hours that were read it is not open in the {claim.value}"
    others = [part for part in PARTS if part != claim.value]
    if claim.flag == "only" and any(_is_open(windows, part) for windows in spoken for part in others):
        return f"by the hours that were read it is not open in the {claim.value} only"
    return ""


def is_denied(case: Case, claim: Claim) -> bool:
    """Whether it is said not to be open then."""
    start, end = case.subjects.clause(claim.start)
    timed = any(c.kind == "time" and start <= c.start < end for c in case.claims)
    folded = case.reading.folded
    shuts = _SHUT.search(folded, start, end) or (_CLOSES.search(folded, start, end) and not timed)
    return bool(shuts or NEGATIONS[case.locale].search(folded, start, end))


def _is_open(windows: Sequence[tuple[str, str]], part: str) -> bool:
    return any(opens < _ENDS[part] and closes > _BEGINS[part] for opens, closes in windows)
