"""What stands right behind a value and turns it: "10 minutos antes", "2 aulas por semana"."""

from __future__ import annotations

import re
from typing import Final

from hub.truth_gate.claims.claims import Claim
from hub.truth_gate.grounds.case import Case
from hub.truth_gate.grounds.knowledge import Ground
from hub.truth_gate.language.reading import fold

_EARLY: Final = r"antes|before|earlier|de anteced\w+|in advance"
_LATE: Final = r"depois|after|later|despues|apos|de atraso"
_SIDE: Final = re.compile(rf"(?:[^\w.!?]+\w+)?[^\w.!?]+(?:(?P<early>{_EARLY})|(?P<late>{_LATE}))\b")
_PERIODS: Final = {
    "day": r"dias?|days?", "week": r"semanas?|weeks?", "month": r"mes(?:es)?|months?|mensa(?:l|is)|monthly",
    "year": r"anos?|years?|anua(?:l|is)|yearly", "hour": r"horas?|hours?",
}  # fmt: skip
_PER: Final = re.compile(
    r"(?:\W+[a-z]+){0,2}?\W+(?:por|per|a cada|cada|al|a|each|every) (?:"
    + "|".join(f"(?P<{name}>{words})" for name, words in _PERIODS.items())
    + r")\b"
)


def side_objection(case: Case, claim: Claim, ground: Ground) -> str:
    """Why a value is turned the other way than it was read: after instead of before, a month instead of a week."""
    if claim.kind not in ("number", "price", "time"):
        return ""
    text = case.text_of(ground.subject)
    at = text.find(fold(claim.raw))
    if at < 0:
        return ""
    read_from = at + len(claim.raw)
    for pattern, what in ((_SIDE, "before or after"), (_PER, "per what")):
        said, read = pattern.match(case.reading.folded, claim.end), pattern.match(text, read_from)
        if said and read and said.lastgroup != read.lastgroup:
            return f"{ground.subject} says {what} otherwise ({read.group().strip()!r})"
    return ""
