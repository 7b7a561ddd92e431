"""What speaks for a rule being the answer, and not only about the same things: counted, weighed, one number.

The weights were found by logistic regression on the part `dev` of the suites (`python -m cli.evaluation.calibration`
finds them again). Questions that a rule answers are compared with those that nothing answers: the ones written as such,
and every answerable question asked once more of a company whose rules for it were taken away.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import astuple, dataclass
from functools import lru_cache
from typing import Final

from common.knowledge import Document, Promotion, Rule, Schedule
from hub.responder.intents import asked_for, circumstances, ones_of_a_kind, paid_with, tells, topics_of
from hub.retrieval.port import AnswerableItem, RuleHit
from hub.truth_gate.language.reading import fold, stem

_MOST_LEAD: Final = 0.4
_MOST_WORDS: Final = 3
_PARTICLE: Final = 3
_CLEAR_LEAD: Final = 0.9
_FAINT_LEAD: Final = 0.5
_FAINT_TITLE: Final = 0.5
_TIED: Final = 0.1
_CLEAR_SCORE: Final = 0.6
_CLEAR_MEANING: Final = 0.4
"""Found on the part `dev` as well: between what is above all three and an answer hardly anything differs."""
_TOLD: Final = 0.1
_LITERAL: Final = 0.1
_OF_TOPIC: Final = 0.25
_IMPORTANT: Final = 0.3
_OF_PLACE: Final = 0.1
_FITS_PLACE: Final = 0.3
_OF_GOODS: Final = 0.15
_DEADLINE: Final = 0.15
_DEADLINE_OF_IT: Final = 0.6
_NAMED: Final = 1.0
"""What makes one of two hits of like score the better one, in units of the score: what was asked for is told, the very
words stand in it, it is of the topic's category, its owner holds it important, it names the place, or the products,
it is called a deadline where one is asked for (one of the very thing that is meant counts most), its own coupon is
named."""
_SURELY_MEANT: Final = 0.8
_CALLED_DEADLINE: Final = ("prazo", "plazo", "deadline", "how long")
_PRIORITIES: Final = 100
_PAYMENT: Final = "payment"
OF_ANY_PRODUCT: Final = frozenset({"exchange", "warranty", "delivery"})
"""Categories of rules that tell something of each product."""


@dataclass(frozen=True)
class Evidence:
    """What is seen of one hit, each between 0 and 1."""

    score: float
    margin: float
    """Its lead over the next hit: 1 is enough of it."""
    coverage: float
    literal: float
    """Share of the telling words that stand in the item: synonyms alone do not make sure."""
    literals: float
    """How many do, of three: one word in common is little, however short the question."""
    titled: float
    """Share of the title's words that the question has: "monta" is little of "montagem de lista de casamento"."""
    unknown: float
    """Share of the telling words that the item knows nothing of, of three at least: who tells a story uses many."""
    meant: float
    """How strongly the question means what the item is about, whatever its words, and nothing else ahead of others."""
    same_kind: float
    """1: the question names one of several things of a kind, and so does the item."""
    other_kind: float
    """1: the question names one, and the item does not."""
    untold: float
    """1: the question wants a price, a time or the like, and the item tells none."""
    told: float
    """1: it wants one, and the item does."""
    off_topic: float
    """1: the question speaks of a category, and the item is of another one."""
    of_place: float
    """The question names a place and asks something of it, and the item holds there, ahead of others."""


WEIGHTS: Final = Evidence(
    score=2.48,
    margin=0.81,
    coverage=1.24,
    literal=0.40,
    literals=2.91,
    titled=0.70,
    unknown=-1.55,
    meant=0.41,
    same_kind=0.89,
    other_kind=-2.03,
    untold=-1.53,
    told=-0.05,
    off_topic=-0.88,
    of_place=1.58,
)
BIAS: Final = -4.40


def confidence(evidence: Evidence) -> float:
    """How likely (0..1) the item is the answer."""
    total = BIAS + sum(weight * value for weight, value in zip(astuple(WEIGHTS), astuple(evidence), strict=True))
    return 1 / (1 + math.exp(-total))


def is_clear(evidence: Evidence) -> bool:
    """Whether the question was understood as a whole and nothing else comes near, whatever its words."""
    strange = evidence.unknown or evidence.other_kind or evidence.untold or evidence.off_topic
    ahead = evidence.margin >= _CLEAR_LEAD and evidence.score >= _CLEAR_SCORE
    return not strange and ahead and (evidence.meant >= _CLEAR_MEANING or evidence.of_place >= _CLEAR_LEAD)


def is_faint(evidence: Evidence) -> bool:
    """Whether one word alone ties the item to the question, and others come near: it may be of other things.

    "Montam móveis?" has one word of the rule about putting together a wedding list; "fazem mudança?" is one word of the
    title about a change of address, and nothing says that this one is meant.
    """
    if evidence.literals > 1 / _MOST_WORDS or evidence.same_kind:
        return False
    if evidence.literal == 1 and 0 < evidence.titled < _FAINT_TITLE and evidence.meant < _CLEAR_MEANING:
        return True
    one_of_several = evidence.literal < 1 and evidence.titled < _FAINT_TITLE
    return evidence.margin < (_FAINT_LEAD if one_of_several else _TIED)


def appeal(hit: RuleHit, folded: str, topics: frozenset[str], goods: frozenset[str] = frozenset()) -> float:
    """What orders hits: their score, and what makes one of two alike the better answer."""
    told, untold = _telling(hit, folded)
    importance = hit.item.priority / _PRIORITIES if isinstance(hit.item, Rule) else 0.0
    better = _TOLD * (told - untold) + _LITERAL * _literal(hit) + _IMPORTANT * importance
    better += _OF_PLACE * hit.names_place + _FITS_PLACE * hit.fits_place
    better += _OF_TOPIC * (_category(hit) in topics) + _OF_GOODS * _names(hit, goods)
    return hit.rank + better + _deadline(hit, folded, topics) + _NAMED * _names_coupon(hit, folded)


def _deadline(hit: RuleHit, folded: str, topics: frozenset[str]) -> float:
    """What it is worth that a time is asked for and the item is called by it ("Prazo do reembolso")."""
    if not _called_deadline(hit, folded):
        return 0.0
    if hit.meant >= _SURELY_MEANT:
        return _DEADLINE_OF_IT
    return _DEADLINE if topics and category_of(hit.item) not in topics else 2 * _DEADLINE


def tells_when(hit: RuleHit, folded: str) -> bool:
    """Whether a time is asked for, and the item is called by it and is about the very thing that is meant."""
    return _called_deadline(hit, folded) and hit.meant >= _SURELY_MEANT


def _called_deadline(hit: RuleHit, folded: str) -> bool:
    title = fold(hit.item.title) if isinstance(hit.item, Rule) else ""
    return "duration" in asked_for(folded) and any(word in title for word in _CALLED_DEADLINE)


def _names_coupon(hit: RuleHit, folded: str) -> bool:
    coupon = fold(hit.item.coupon) if isinstance(hit.item, Promotion) else ""
    return bool(coupon) and coupon in folded.split()


def _names(hit: RuleHit, goods: frozenset[str]) -> bool:
    """Whether a rule's own text speaks of the products of a question: then it was made for them."""
    if not isinstance(hit.item, Rule):
        return False
    words = {stem(word) for word in _split(" ".join(fold(hit.item.text).split()))}
    return any(stem(word) in words for word in goods)


def evidence_of(
    hit: RuleHit, folded: str, margin: float, topics: frozenset[str], goods: frozenset[str] = frozenset()
) -> Evidence:
    """What is seen of a hit.

    Args:
        hit: The hit.
        folded: The question, folded.
        margin: The lead of its appeal over the next.
        topics: What the question speaks of.
        goods: Words of the question that name products. What is told of exchanges, warranties and deliveries is told of
            any product.
    """
    words = _words(hit)
    standing = [word for word in hit.asked if stem(word) in words]
    needless = circumstances() | (goods if _category(hit) in OF_ANY_PRODUCT else frozenset())
    unknown = [word for word in unknown_words(hit) if word not in needless]
    told, untold = _telling(hit, folded)
    same_kind, other_kind = _kinds(hit, folded)
    strange = bool(unknown or other_kind or untold)
    lead = max(0.0, min(margin, _MOST_LEAD)) / _MOST_LEAD
    return Evidence(
        score=min(hit.score, 1.0),
        margin=lead,
        coverage=hit.coverage,
        literal=_literal(hit),
        literals=min(len(standing), _MOST_WORDS) / _MOST_WORDS,
        titled=_titled(hit),
        unknown=len(unknown) / max(len(hit.asked), _MOST_WORDS),
        meant=0.0 if strange else hit.meant * lead,
        same_kind=same_kind,
        other_kind=other_kind,
        untold=untold,
        told=told,
        off_topic=float(bool(topics) and bool(_category(hit)) and _category(hit) not in topics),
        of_place=0.0 if strange else float(hit.fits_place and bool(hit.asked)) * lead,
    )


def unknown_words(hit: RuleHit) -> list[str]:
    """The telling words of a question that an item neither has nor is understood to be about, as its topic is."""
    words = _words(hit)
    strange = [word for word in hit.asked if word not in hit.matched and stem(word) not in words]
    return [word for word in strange if _category(hit) not in topics_of(word)]


def _literal(hit: RuleHit) -> float:
    words = _words(hit)
    standing = sum(stem(word) in words for word in hit.asked)
    missing = sum(stem(word) not in words and word not in circumstances() for word in hit.asked)
    return standing / (standing + missing) if standing else 0.0


def _telling(hit: RuleHit, folded: str) -> tuple[float, float]:
    """Whether the item tells what is asked for, and whether it does not."""
    wanted = asked_for(folded)
    told = all(tells(text_of(hit.item, hit.passage), what) for what in wanted)
    return float(bool(wanted) and told), float(bool(wanted) and not told)


def _titled(hit: RuleHit) -> float:
    title = hit.item.service if isinstance(hit.item, Schedule) else hit.item.title
    words = {stem(word) for word in _split(fold(title)) if len(word) > _PARTICLE}
    return len(words & {stem(word) for word in hit.asked}) / len(words) if words else 0.0


def _kinds(hit: RuleHit, folded: str) -> tuple[float, float]:
    """Whether the item names all that the question names of a kind, and whether it misses one."""
    text = text_of(hit.item, hit.passage)
    there = [named.rstrip("s") in text for named in ones_of_a_kind(folded)]
    if _category(hit) == _PAYMENT:
        there += [False for word in paid_with(folded) if word in hit.asked and stem(word) not in _words(hit)]
    return float(bool(there) and all(there)), float(bool(there) and not all(there))


def _words(hit: RuleHit) -> frozenset[str]:
    return words_of(hit.item, hit.passage)


def _category(hit: RuleHit) -> str:
    return category_of(hit.item)


def category_of(item: AnswerableItem) -> str:
    """The category of a rule; empty for what has none."""
    return item.category if isinstance(item, Rule) else ""


def text_of(item: AnswerableItem, passage: str = "") -> str:
    """All an item says, folded."""
    return _text(item, passage)


@lru_cache(maxsize=4096)
def _text(item: AnswerableItem, passage: str) -> str:
    return " ".join(fold(" . ".join(_texts(item, passage))).split())


def _texts(item: AnswerableItem, passage: str) -> Sequence[str]:
    if isinstance(item, Schedule):
        minutes = f"{item.duration} minutos"
        return (item.service, item.description, item.policies, item.required_information, minutes)
    if isinstance(item, Document):
        return (item.title, passage or item.text)
    coupon = item.coupon if isinstance(item, Promotion) else ""
    return (item.title, item.text, coupon, *item.questions)


@lru_cache(maxsize=4096)
def words_of(item: AnswerableItem, passage: str = "") -> frozenset[str]:
    """The stems of all words of an item."""
    return frozenset(stem(word) for word in _split(text_of(item, passage)))


def _split(folded: str) -> list[str]:
    return "".join(letter if letter.isalnum() else " " for letter in folded).split()
