"""Deliveries "on the same day" or the next: nothing of it is a value, and customers count on it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from hub.truth_gate.claims.claims import Claim
from hub.truth_gate.grounds.case import Case, Judgement, refuse
from hub.truth_gate.judging.topics import names_read
from hub.truth_gate.language.places import places_in
from hub.truth_gate.language.reading import containing

_SAME_DAY: Final = re.compile(r"\b(?:(?:no|el|en el) m[ei]smo dia|same[- ]day)\b")
_NEXT_DAY: Final = re.compile(r"\b(?:(?:no|el|al|en el) dia seguinte|al dia siguiente|next[- ]day)\b")


def same_day(case: Case) -> Iterator[tuple[Claim, Judgement]]:
    """Every promise of the same day, judged by whether a text in force speaks of it."""
    for name, pattern in (("same day", _SAME_DAY), ("next day", _NEXT_DAY)):
        for match in pattern.finditer(case.reading.folded):
            claim = Claim("promise", name, *match.span()).with_raw(case.reading)
            sentence = containing(case.subjects.sentences, match.start())
            places = places_in(case.reading.text[slice(*sentence)]) | names_read(case, sentence)
            said = [
                s
                for s, text in case.knowledge.texts
                if s not in case.knowledge.expired and pattern.search(text) and all(each in text for each in places)
            ]
            yield claim, Judgement(True, said[0]) if said else refuse(f"nothing that was read promises the {name}")
