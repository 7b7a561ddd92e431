"""Names of places in a text: "em São Paulo", "para Campinas, Valinhos e Vinhedo"."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from hub.retrieval.words import place_lines
from hub.truth_gate.language.reading import fold, stem
from hub.truth_gate.language.vocabulary import MONTHS, WEEKDAYS

_NAME: Final = r"[A-ZÀ-Ý][\wà-ÿ]{2,}(?:\s+(?:d[eao]s?\s+|de la\s+)?[A-ZÀ-Ý][\wà-ÿ]+)*"
PLACE: Final = re.compile(
    r"\b(?:[Ee]m|[Nn][oa]s?|[Pp]ara|[Pp]r[ao]|[Ii]n|[Tt]o|[Ee]n|[Aa]t[eé])\s+(?:tod[oa] )?(?:o |a |the |la |el )?"
    rf"(?P<place>{_NAME})"
)
PLACE_ES: Final = re.compile(r"\ba\s+(?P<place>[A-ZÀ-Ý][\wà-ÿ]{2,}(?:\s+(?:de\s+)?[A-ZÀ-Ý][\wà-ÿ]+)*)")
_MORE: Final = re.compile(rf"(?:,\s|\s(?:e|y|and|ou|o|or)\s)(?:n[oa] |em |en |in )?(?P<place>{_NAME})")
_NO_PLACES: Final = frozenset(("pix",)) | frozenset(MONTHS) | frozenset(WEEKDAYS)

_ALSO_TOWNS: Final = ("sao paulo", "rio de janeiro")
"""States that are called like a town."""


def is_in(place: str, text: str) -> bool:
    """Whether a place, as it is written, is a town of a state that a folded text names.

    "São Paulo" alone is the town of that name.
    """
    found = [rf"\b{'estado d[eo] ' if state in _ALSO_TOWNS else ''}{re.escape(state)}\b" for state in _states_of(place)]
    return any(re.search(each, text) for each in found)


def lies_in(place: str, names: frozenset[str]) -> bool:
    """Whether a place, as it is written, is a town of a state of which these are stems."""
    states = (state for state in _states_of(place) if state not in _ALSO_TOWNS)
    return any({stem(word) for word in state.split()} <= names for state in states)


def _states_of(place: str) -> list[str]:
    """The states that have a town of this name."""
    return [state for state, towns in _states() if fold(place) in towns]


@lru_cache(maxsize=1)
def _states() -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The names of the states, each with its larger towns."""
    found = []
    for head, towns in place_lines():
        found.append((" ".join(head.split()[:-2]), towns))
    return tuple(found)


def places_in(text: str) -> frozenset[str]:
    """The stems of the names of all places a text (as it is written) speaks of."""
    found: set[str] = set()
    for match in PLACE.finditer(text):
        names = [match["place"]]
        end = match.end()
        while more := _MORE.match(text, end):
            names.append(more["place"])
            end = more.end()
        found.update(stem(word) for name in names for word in re.findall(r"[a-z]{3,}", fold(name)))
    return frozenset(found - _NO_PLACES)
