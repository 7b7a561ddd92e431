"""How sure is sure enough: finds the weights of `hub.responder.evidence` again, from the part `dev` of the suites.

Three kinds of samples: questions with their right item on top (or another one, then it is no answer), questions that
nothing answers, and every answerable question once more as if its right items did not exist: what comes up then is
about the same things and no answer, which is the mistake to be told from an answer. The last kind counts for half,
because another item sometimes does answer. Run it as `python -m cli.evaluation.calibration`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import astuple, fields
from datetime import date
from typing import Final, NamedTuple

from cli.evaluation.sample_company import TENANT, sample_knowledge
from cli.evaluation.script import USUAL_NOW
from cli.evaluation.suite_files import rule_questions, shop_rules, single_questions
from hub.responder.evidence import Evidence, confidence
from hub.responder.intents import folded, understand
from hub.responder.rules import goods_in, ordered
from hub.retrieval.port import RuleHit
from hub.retrieval.rule_index import RuleIndex

_TODAY: Final[date] = USUAL_NOW.date()
_SEARCHED: Final = 12
_ABSENT: Final = 0.5
_OTHER_COMPANY: Final = 0.1
"""The retrieval suite has many more questions, and all of them have an answer: alone they would teach trust."""
_RIDGE: Final = 1.0
_ROUNDS: Final = 30
_THRESHOLDS: Final = (0.3, 0.4, 0.5, 0.55, 0.6, 0.65, 0.7, 0.8)
_OF_RULES: Final = ("rule/", "promotion/", "schedule/", "document/")
Search = Callable[[str, int], Sequence[RuleHit]]


class Sample(NamedTuple):
    """The first hit of a question, and whether it is the answer."""

    text: str
    found: str
    evidence: Evidence
    right: bool
    weight: float


def samples() -> list[Sample]:
    """All samples of the sample company and of the company of the retrieval suite."""
    found: list[Sample] = []
    for single in single_questions():
        if single.split == "dev" and (not single.right or any(each.startswith(_OF_RULES) for each in single.right)):
            found += _samples(single.text, single.right, _sample_search)
    index = RuleIndex()
    for rule in shop_rules():
        index.put("rule", rule)
    for question in rule_questions():
        if question.split == "dev":
            found += _samples(
                question.text,
                frozenset({f"rule/{question.right}"}),
                lambda text, limit: index.search(text, limit, lambda _: True),
                _OTHER_COMPANY,
            )
    return found


def _sample_search(text: str, limit: int) -> Sequence[RuleHit]:
    return sample_knowledge().tenant(TENANT.tenant).rules(text, limit, today=_TODAY)


def _samples(text: str, right: frozenset[str], search: Search, weight: float = 1.0) -> Iterator[Sample]:
    hits = search(text, _SEARCHED)
    yield from _first(text, hits, right, weight)
    if right:
        yield from _first(text, [hit for hit in hits if _name(hit) not in right], right, weight * _ABSENT)


def _first(text: str, hits: Sequence[RuleHit], right: frozenset[str], weight: float) -> Iterator[Sample]:
    goods = goods_in(sample_knowledge().tenant(TENANT.tenant), text, _TODAY)
    found = ordered(hits, folded(text), understand(text).topics, goods)
    if found:
        (best, *_), evidence = found
        yield Sample(text, _name(best), evidence, _name(best) in right, weight)


def _name(hit: RuleHit) -> str:
    return f"{hit.kind}/{hit.item.id}"


def fit(known: Sequence[Sample]) -> tuple[list[float], float]:
    """Weights and bias of a logistic regression with a ridge, by Newton's method."""
    rows = [(*astuple(sample.evidence), 1.0) for sample in known]
    size = len(rows[0])
    weights = [0.0] * size
    for _ in range(_ROUNDS):
        slope = [-_RIDGE * weight for weight in weights[:-1]] + [0.0]
        curve = [[_RIDGE if i == j and i < size - 1 else 0.0 for j in range(size)] for i in range(size)]
        for row, sample in zip(rows, known, strict=True):
            guess = 1 / (1 + math.exp(-sum(map(float.__mul__, weights, row))))
            for i in range(size):
                slope[i] += sample.weight * (sample.right - guess) * row[i]
                for j in range(size):
                    curve[i][j] += sample.weight * guess * (1 - guess) * row[i] * row[j]
        weights = [weight + step for weight, step in zip(weights, _solved(curve, slope), strict=True)]
    return weights[:-1], weights[-1]


def _solved(matrix: list[list[float]], right: list[float]) -> list[float]:
    """Gauss-Jordan; the ridge keeps the matrix regular."""
    rows = [[*row, value] for row, value in zip(matrix, right, strict=True)]
    for i in range(len(rows)):
        pivot = max(range(i, len(rows)), key=lambda each: abs(rows[each][i]))
        rows[i], rows[pivot] = rows[pivot], rows[i]
        rows[i] = [value / rows[i][i] for value in rows[i]]
        for j in range(len(rows)):
            if j != i:
                rows[j] = [value - rows[j][i] * own for value, own in zip(rows[j], rows[i], strict=True)]
    return [row[-1] for row in rows]


def main() -> None:
    """Print the weights, and what the ones in use come to at each threshold."""
    known = samples()
    weights, bias = fit(known)
    for field, weight in zip(fields(Evidence), weights, strict=True):
        print(f"{field.name:12} {weight:6.2f}")
    print(f"{'bias':12} {bias:6.2f}")
    for threshold in _THRESHOLDS:
        sure = [sample for sample in known if confidence(sample.evidence) >= threshold]
        rightly = sum(sample.right for sample in sure)
        wrongly = sum(not sample.right for sample in sure)
        print(f"from {threshold:.2f} on: {rightly} answers, {wrongly} that are none, of {len(known)}")


if __name__ == "__main__":
    main()
