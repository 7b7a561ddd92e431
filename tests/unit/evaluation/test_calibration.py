"""The weights of evidence are found from samples, not thought of."""

from __future__ import annotations

from dataclasses import astuple, fields, replace

from cli.evaluation.calibration import Sample, fit, samples
from hub.responder.evidence import Evidence, confidence
from hub.responder.rules import SURE

NOTHING = Evidence(*(0.0 for _ in fields(Evidence)))


def test_what_goes_with_answers_gets_weight_and_what_goes_with_none_gets_the_opposite() -> None:
    good = [Sample("q", "rule/a", replace(NOTHING, literal=1.0), True, 1.0)] * 20
    bad = [Sample("q", "rule/b", replace(NOTHING, unknown=1.0), False, 1.0)] * 20

    weights, _ = fit([*good, *bad])

    by_name = dict(zip((each.name for each in fields(Evidence)), weights, strict=True))
    assert by_name["literal"] > 0.5
    assert by_name["unknown"] < -0.5
    assert by_name["told"] == 0.0


def test_what_is_sure_is_hardly_ever_no_answer_on_the_questions_it_was_found_with() -> None:
    written = [sample for sample in samples() if sample.weight == 1.0]
    sure = [sample for sample in written if confidence(sample.evidence) >= SURE]

    assert sum(not sample.right for sample in sure) / len(sure) <= 0.07
    # Since the questions told as stories came in, fewer are sure as a whole; their pieces are judged elsewhere.
    assert sum(sample.right for sample in sure) / sum(sample.right for sample in written) >= 0.67
    assert all(0.0 <= value <= 1.0 for sample in written for value in astuple(sample.evidence))
