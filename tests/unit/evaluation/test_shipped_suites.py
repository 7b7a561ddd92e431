"""The shipped suites are large, apart from each other, and what they promise of the assistant holds."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from cli.evaluation.conversations import measure_conversations, measure_questions
from cli.evaluation.gate import measure_gate
from cli.evaluation.measures import SPLITS, Measure
from cli.evaluation.retrieval import measure_products, measure_rules
from cli.evaluation.sample_company import SampleCompany
from cli.evaluation.script import parse_suite
from cli.evaluation.suite_files import (
    gate_cases,
    product_questions,
    rule_questions,
    shop_products,
    single_questions,
    suite_text,
)

SUITES = [parse_suite(suite_text(f"conversations/{split}.yaml"), split) for split in SPLITS]


def missed(measures: Iterable[Measure]) -> list[str]:
    return [f"{each.key}: {each.value:.3f}" for each in measures if each.split == "test" and not each.reached]


def test_they_are_large_enough_to_mean_something() -> None:
    assert len(product_questions()) >= 300
    assert len([question for question in rule_questions() if question.split == "test"]) >= 200
    assert len([case for case in gate_cases() if not case.true]) >= 500
    assert sum(len(suite.conversations) for suite in SUITES) >= 60
    themes = {theme for suite in SUITES for script in suite.conversations for theme in script.about}
    assert themes >= {"burst", "correction", "topic change", "injection", "impatience", "voice", "language"}


def test_nothing_of_the_test_part_stands_in_the_part_that_may_be_looked_at() -> None:
    for questions in (
        [(each.split, each.text) for each in rule_questions()],
        [(each.split, each.text) for each in product_questions()],
        [(each.split, each.text) for each in single_questions()],
        [(each.split, f"{each.world} {each.text}") for each in gate_cases()],
    ):
        dev, test = ({text.lower() for split, text in questions if split == wanted} for wanted in SPLITS)
        assert dev & test == set()


def test_every_wish_can_be_met_by_the_catalogue() -> None:
    assert len({item.id for item in shop_products()}) == len(shop_products())
    assert [question.text for question in product_questions() if not question.right] == []


@pytest.mark.parametrize("measured", [measure_rules, measure_products], ids=["rules", "products"])
def test_retrieval_reaches_its_aims(measured: object) -> None:
    assert callable(measured)
    measures, _ = measured()

    assert missed(measures) == []


def values(measures: Iterable[Measure]) -> dict[str, float]:
    return {f"{each.split} {each.name}": each.value for each in measures}


# The aims stand in the measures themselves; what is held here is what was reached, so that nothing gets worse unseen.


def test_the_gate_lets_hardly_anything_false_pass_and_holds_back_little_that_is_true() -> None:
    measures, _ = measure_gate()
    found = values(measures)

    assert found["dev false replies passed"] <= 0.008
    assert found["dev true replies blocked"] <= 0.075
    assert found["test false replies passed"] <= 0.018
    assert found["test true replies blocked"] <= 0.038


async def test_conversations_do_not_get_worse_and_claim_nothing_unproved() -> None:
    measures, failed = await measure_conversations(SampleCompany(), SUITES)
    found = values(measures)

    assert [each for each in failed if "without proof" in each.why] == []
    assert found["dev right actions"] >= 0.96
    assert found["test right actions"] >= 0.88


async def test_what_cannot_be_known_is_seldom_answered() -> None:
    measures, _ = await measure_questions(SampleCompany(), single_questions())
    found = values(measures)

    assert found["test unanswerable refused"] >= 0.95
    assert found["test falsely refused"] <= 0.03
    assert found["test answered wrongly"] <= 0.025
