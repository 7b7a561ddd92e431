from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from cli.evaluation.measures import (
    Measure,
    Run,
    Split,
    first_right,
    graded_gain,
    recall_at,
    reciprocal_rank,
)
from cli.evaluation.report import keep, last_run, shown

NOW = datetime(2026, 11, 24, tzinfo=UTC)


def measure(value: float, *, split: Split = "test", name: str = "R@1", least: float | None = 0.9) -> Measure:
    return Measure(suite="rules", name=name, split=split, value=value, cases=10, least=least)


def test_recall_counts_as_many_right_ones_as_could_be_there() -> None:
    assert recall_at(["a", "x", "b"], {"a", "b"}, 5) == 1.0
    assert recall_at(["a", "x"], {"a", "b"}, 5) == 0.5
    assert recall_at(["a", "b"], {"a", "b", "c"}, 2) == 1.0


def test_the_place_of_the_first_right_result_counts() -> None:
    assert reciprocal_rank(["x", "b", "a"], {"a", "b"}) == 0.5
    assert reciprocal_rank([], {"a"}) == 0.0
    assert first_right(["a"], {"a"}) == 1.0
    assert first_right([], {"a"}) == 0.0


def test_a_second_best_first_is_worth_less_than_the_best_first() -> None:
    grades = {"best": 2, "fair": 1}

    assert graded_gain(["best", "fair"], grades, 5) == 1.0
    assert 0 < graded_gain(["fair", "best"], grades, 5) < 1.0


def test_only_the_aims_of_the_test_part_decide() -> None:
    assert Run(at=NOW, what="sample", measures=(measure(0.95), measure(0.5, split="dev"))).passed
    assert not Run(at=NOW, what="sample", measures=(measure(0.89),)).passed
    assert not Run(at=NOW, what="x", measures=(measure(0.1, least=None).model_copy(update={"most": 0.0}),)).passed


def test_a_run_is_compared_with_the_one_before(tmp_path: Path) -> None:
    keep(tmp_path, Run(at=NOW, what="sample", measures=(measure(0.90),)))
    run = Run(at=NOW, what="sample", measures=(measure(0.95), measure(0.7, name="MRR", least=None)))

    table = shown(run, last_run(tmp_path, "sample"))

    assert "+0.050" in table
    assert table.count("new") == 1
    assert "MISSED" not in table


def test_a_part_of_the_suites_leaves_what_was_measured_before_of_the_others(tmp_path: Path) -> None:
    keep(tmp_path, Run(at=NOW, what="sample", measures=(measure(0.90),)))
    keep(tmp_path, Run(at=NOW, what="sample", measures=(measure(0.70, name="MRR"),)))

    kept = last_run(tmp_path, "sample")

    assert kept
    assert {each.name for each in kept.measures} == {"R@1", "MRR"}


@pytest.mark.parametrize("content", ["", "{", '{"what": 1}'])
def test_a_spoilt_file_of_the_last_run_is_as_good_as_none(tmp_path: Path, content: str) -> None:
    (tmp_path / "sample.json").write_text(content)

    assert last_run(tmp_path, "sample") is None
