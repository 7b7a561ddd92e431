"""Places that stand in a list with those that were read, or that are said to be served: "Recife também entra"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from hub.truth_gate.claims.claims import Claim
from hub.truth_gate.grounds.case import Case, Judgement, refuse
from hub.truth_gate.judging.support import is_uncertain
from hub.truth_gate.language import moods
from hub.truth_gate.language.payment import ways_in
from hub.truth_gate.language.places import is_in
from hub.truth_gate.language.reading import Span, asks, fold, meaning, tells_topic

Judged = tuple[Claim, Judgement]

_NAME: Final = r"[A-ZÀ-Ý][\wà-ÿ]{2,}(?: (?:d[aeo]s? )?[A-ZÀ-Ý][\wà-ÿ]*)*"
_ARTICLE: Final = r"(?:(?:n?[oa]s?|em|el|la|in|en|the) )?"
_LIST: Final = re.compile(rf"{_NAME}(?:, {_ARTICLE}{_NAME})*,? (?:e|ou|y|and|or) {_ARTICLE}{_NAME}")
_SERVED: Final = re.compile(
    rf"(?<!\w )(?P<name>{_NAME}) (?:tamb[eé]m |also )?(?:entra|est[áa] (?:n[oa]|dentro|inclu|cobert[ao])|"
    r"é atendid|faz parte|fica dentro|is (?:covered|included|served)|est[áa] incluid)"
)
_ONE: Final = re.compile(_NAME)


def served_places(case: Case) -> Iterator[Judged]:
    """Every such place that nothing read knows, refused."""
    for sentence in case.subjects.sentences:
        folded = case.reading.folded[slice(*sentence)]
        if asks(folded) or moods.supposes(folded) or is_uncertain(case, sentence[1] - 1):
            continue
        for span, subjects in _named(case, sentence):
            name = case.reading.text[slice(*span)]
            known = frozenset().union(*(case.knowledge.words.get(subject, frozenset()) for subject in subjects))
            texts = " ".join(case.text_of(subject) for subject in sorted(subjects))
            if not _is_known(name, known) and not is_in(name, texts):
                place = Claim("place", name, *span).with_raw(case.reading)
                yield place, refuse(f"nothing that was read in this turn says so of {name!r}")


def _named(case: Case, sentence: Span) -> Iterator[tuple[Span, set[str]]]:
    """The names of lists with a place of a rule, and those said to be served; each with what speaks of them."""
    grounds = [ground for ground in case.knowledge.grounds if ground.places]
    for listed in _LIST.finditer(case.reading.text, *sentence):
        names = [match.span() for match in _ONE.finditer(case.reading.text, *listed.span())]
        subjects = {
            ground.subject
            for ground in grounds
            if any(_is_known(case.reading.text[slice(*span)], ground.places) for span in names)
        }
        yield from ((span, subjects) for span in names if subjects)
    served = {ground.subject for ground in grounds}
    yield from ((match.span("name"), served) for match in _SERVED.finditer(case.reading.text, *sentence) if served)


def _is_known(name: str, known: frozenset[str]) -> bool:
    """Whether each telling word of a name is known; a way of paying is no place."""
    folded = fold(name)
    words = [word for word in re.findall(r"[a-z]{3,}", folded) if tells_topic(word)]
    return bool(ways_in(name, folded, (0, len(name)))) or all(meaning(word) in known for word in words)
