"""How well products and rules are found, in clean questions and in noisy ones."""

from __future__ import annotations

import random
from collections.abc import Callable
from functools import partial
from typing import Final

from cli.evaluation.measures import (
    SPLITS,
    Failed,
    Measure,
    Split,
    first_right,
    graded_gain,
    mean,
    recall_at,
    reciprocal_rank,
)
from cli.evaluation.noise import noisy_question, noisy_wish
from cli.evaluation.suite_files import product_questions, rule_questions, shop_products, shop_rules
from common.knowledge import Rule
from hub.retrieval.product_index import ProductIndex
from hub.retrieval.rule_index import RuleIndex

_SEEDS: Final = (0, 1, 2)
"""Each question gets three different noises."""
_SEEN: Final = 10
RULES_CLEAN, RULES_NOISY, PRODUCTS_RECALL = 0.90, 0.87, 0.95
"""The aims: R@1 of rules, recall@5 of products."""

Noise = Callable[[str, random.Random], str]


def measure_rules() -> tuple[list[Measure], list[Failed]]:
    """Rules found by reworded questions."""
    index = RuleIndex()
    for rule in shop_rules():
        index.put("rule", rule)
    search = partial(_rule_ids, index)
    asked = {split: [(q.text, {q.right: 2}) for q in rule_questions() if q.split == split] for split in SPLITS}
    found = _Found("retrieval: rules", search, noisy_question)
    return found.measured(asked, {"clean R@1": RULES_CLEAN, "noisy R@1": RULES_NOISY})


def measure_products() -> tuple[list[Measure], list[Failed]]:
    """Products found by wishes."""
    index = ProductIndex()
    for item in shop_products():
        index.put(item, item.content_hash(), item.model_dump_json().encode())
    search = partial(_product_ids, index)
    asked = {split: [(q.text, q.grades) for q in product_questions() if q.split == split] for split in SPLITS}
    found = _Found("retrieval: products", search, noisy_wish)
    return found.measured(asked, {"clean R@5": PRODUCTS_RECALL, "noisy R@5": PRODUCTS_RECALL})


def _rule_ids(index: RuleIndex, text: str) -> list[str]:
    return [hit.item.id for hit in index.search(text, _SEEN, lambda item: isinstance(item, Rule))]


def _product_ids(index: ProductIndex, text: str) -> list[str]:
    return [hit.item.id for hit in index.search(text, _SEEN)]


class _Found:
    """The results of one search over one set of questions."""

    def __init__(self, suite: str, search: Callable[[str], list[str]], noise: Noise) -> None:
        self._suite = suite
        self._search = search
        self._noise = noise

    def measured(
        self, asked: dict[Split, list[tuple[str, dict[str, int]]]], aims: dict[str, float]
    ) -> tuple[list[Measure], list[Failed]]:
        """The measures of each part, clean and noisy, and the clean questions whose first answer is wrong."""
        measures: list[Measure] = []
        failed: list[Failed] = []
        for split, questions in asked.items():
            clean = [(text, self._search(text), grades) for text, grades in questions]
            noisy = [(text, self._search(text), grades) for text, grades in self._noisy(questions)]
            for label, results in (("clean", clean), ("noisy", noisy)):
                measures += [
                    Measure(
                        suite=self._suite,
                        name=f"{label} {name}",
                        split=split,
                        value=value,
                        cases=len(results),
                        least=aims.get(f"{label} {name}"),
                    )
                    for name, value in _figures(results).items()
                ]
            failed += [self._failed(split, *each) for each in clean if each[1][:1] and not _right_first(*each[1:])]
            failed += [self._failed(split, *each) for each in clean if not each[1]]
        return measures, failed

    def _noisy(self, questions: list[tuple[str, dict[str, int]]]) -> list[tuple[str, dict[str, int]]]:
        rngs = [random.Random(seed) for seed in _SEEDS]  # noqa: S311 - reproducible noise, no secret
        return [(self._noise(text, rng), grades) for rng in rngs for text, grades in questions]

    def _failed(self, split: Split, text: str, found: list[str], grades: dict[str, int]) -> Failed:
        wanted = " or ".join(sorted(each for each, grade in grades.items() if grade > 1)[:3])
        return Failed(suite=self._suite, split=split, case=text, why=f"wanted {wanted}, found {found[:3]}")


def _right_first(found: list[str], grades: dict[str, int]) -> bool:
    return grades.get(found[0], 0) > 1


def _figures(results: list[tuple[str, list[str], dict[str, int]]]) -> dict[str, float]:
    judged = [(found, grades, {each for each, grade in grades.items() if grade > 1}) for _, found, grades in results]
    return {
        "R@1": mean(first_right(found, right) for found, _, right in judged),
        "R@5": mean(recall_at(found, right, 5) for found, _, right in judged),
        "MRR": mean(reciprocal_rank(found, right) for found, _, right in judged),
        "nDCG@5": mean(graded_gain(found, grades, 5) for found, grades, _ in judged),
    }
