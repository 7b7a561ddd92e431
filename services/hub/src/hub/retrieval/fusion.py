"""Two orders of the same things made one, by their places: scores of different searches do not compare."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Final, TypeVar

K = TypeVar("K", bound=Hashable)

_SMOOTHING: Final = 60
"""The usual constant of reciprocal rank fusion: the first places differ little, so that both orders are heard."""
_KNOWN_SHARE: Final = 0.6


def fused(by_words: Sequence[K], by_meaning: Sequence[K], weight: float) -> list[K]:
    """Everything in either order, best first. Of equals the one that the words prefer comes first.

    Args:
        by_words: the order of the lexical search.
        by_meaning: the order by similarity of vectors.
        weight: what a place in the second counts for one in the first.
    """
    scores: dict[K, float] = {}
    for order, worth in ((by_words, 1.0), (by_meaning, weight)):
        for place, key in enumerate(order, start=1):
            scores[key] = scores.get(key, 0.0) + worth / (_SMOOTHING + place)
    return sorted(scores, key=lambda key: -scores[key])


def first_kept(order: Sequence[K], by_words: Sequence[K], limit: int) -> list[K]:
    """So many of the order, among them what the words put first."""
    kept = list(order[:limit])
    if by_words and by_words[0] not in kept:
        kept[-1:] = [by_words[0]]
    return kept


def weight_of_meaning(usual: float, best_coverage: float) -> float:
    """Words that hardly know the question leave the order to its meaning; measured on other weights it did harm.

    Args:
        usual: the tenant's weight.
        best_coverage: the largest share of the question's words (0..1) that something found has.
    """
    return 1.0 if best_coverage < _KNOWN_SHARE else usual
