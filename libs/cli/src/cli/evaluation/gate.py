"""The truth gate against replies that are true or false in small worlds."""

from __future__ import annotations

from collections.abc import Iterator

from cli.evaluation.measures import SPLITS, Failed, Measure, Split
from cli.evaluation.suite_files import GATE_NOW, GateCase, gate_cases, gate_worlds
from common.facts import Fact
from hub.truth_gate import check

SUITE = "truth gate"
FALSE_PASSED, TRUE_BLOCKED = 0.0, 0.02
"""The aims: no false reply passes, hardly a true one is held back."""


def measure_gate() -> tuple[list[Measure], list[Failed]]:
    """Judge every reply of the suite."""
    measures: list[Measure] = []
    failed: list[Failed] = []
    worlds = gate_worlds()
    for split in SPLITS:
        cases = [case for case in gate_cases() if case.split == split]
        wrong = [(case, why) for case in cases if (why := _wrong(case, worlds)) is not None]
        measures += _measures(split, cases, [case for case, _ in wrong])
        failed += [Failed(suite=SUITE, split=split, case=_shown(case), why=why) for case, why in wrong]
    return measures, failed


def _wrong(case: GateCase, worlds: dict[str, list[Fact]]) -> str | None:
    result = check(case.text, worlds[case.world], GATE_NOW, locale=case.locale)
    if case.true:
        return "; ".join(verdict.why for verdict in result.refused) if not result.passed else None
    return "false, and passed" if result.passed else None


def _measures(split: Split, cases: list[GateCase], wrong: list[GateCase]) -> Iterator[Measure]:
    for name, true, most in (
        ("false replies passed", False, FALSE_PASSED),
        ("true replies blocked", True, TRUE_BLOCKED),
    ):
        number = sum(case.true is true for case in cases)
        share = sum(case.true is true for case in wrong) / number if number else 0.0
        yield Measure(suite=SUITE, name=name, split=split, value=share, cases=number, most=most)


def _shown(case: GateCase) -> str:
    return f"[{case.world} {case.locale}] {case.text}"
