"""What a run of the suites gives: measures with aims, failed cases, and the numbers behind both."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Literal, TypeAlias

from common.message import Frozen

Split: TypeAlias = Literal["dev", "test"]
SPLITS: tuple[Split, ...] = ("dev", "test")


class Measure(Frozen):
    """One number. `least` and `most` are its aims, if it has any; they count for the part `test` only."""

    suite: str
    name: str
    split: Split
    value: float
    cases: int
    least: float | None = None
    most: float | None = None

    @property
    def reached(self) -> bool:
        """Whether the aims are met."""
        return (self.least is None or self.value >= self.least) and (self.most is None or self.value <= self.most)

    @property
    def key(self) -> str:
        """What makes it the same measure in another run."""
        return f"{self.suite}/{self.name}/{self.split}"


class Failed(Frozen):
    """A case that did not go as it should."""

    suite: str
    split: Split
    case: str
    why: str


class Run(Frozen):
    """All that one run of suites gave."""

    at: datetime
    what: str
    """Who was asked: `sample` or a tenant's name."""
    measures: tuple[Measure, ...] = ()
    failed: tuple[Failed, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether every aim of the part `test` is reached."""
        return all(measure.reached for measure in self.measures if measure.split == "test")


def first_right(found: Sequence[str], right: Collection[str]) -> float:
    """R@1: whether the first result is a right one."""
    return float(bool(found) and found[0] in right)


def recall_at(found: Sequence[str], right: Collection[str], k: int) -> float:
    """R@k: the right ones among the first k, as a share of as many as could be there."""
    return len(set(right) & set(found[:k])) / min(k, len(right)) if right else 1.0


def reciprocal_rank(found: Sequence[str], right: Collection[str]) -> float:
    """1 / the place of the first right result; 0 when there is none."""
    return next((1 / place for place, each in enumerate(found, start=1) if each in right), 0.0)


def graded_gain(found: Sequence[str], grades: Mapping[str, int], k: int) -> float:
    """nDCG@k over grades: 2 answers the question, 1 is a fair second best."""
    gained = sum(grades.get(each, 0) / math.log2(place + 1) for place, each in enumerate(found[:k], start=1))
    ideal = sorted(grades.values(), reverse=True)[:k]
    best = sum(grade / math.log2(place + 1) for place, grade in enumerate(ideal, start=1))
    return gained / best if best else 1.0


def mean(values: Iterable[float]) -> float:
    """The mean; of nothing, 0."""
    known = list(values)
    return sum(known) / len(known) if known else 0.0
