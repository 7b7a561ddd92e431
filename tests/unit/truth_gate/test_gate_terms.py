"""What holds of every true reply: with other words around a right number it is false, and does not pass.

A changed reply that happens to be true as well, or that no longer tells anything, is listed with what shows it.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from support.gate_changes import TRUE, Change, changed, passes, replaced

from cli.evaluation.suite_files import GateCase as Case

MOST = 1_200
"""So many texts of one change are checked: every second, third, ... one where there are more."""


def instalments_cost_interest(case: Case) -> Iterator[str]:
    pairs = {"sem juros": "com juros", "sin intereses": "con intereses", "interest-free": "interest-bearing"}
    for free, at_interest in pairs.items():
        yield from replaced(rf"(?i)\b{free}", case.text, lambda _, costly=at_interest: [costly])  # type: ignore[misc]


def at_most_is_said_to_be_at_least(case: Case) -> Iterator[str]:
    until = r"(?i)\b(?:em )?até (?=\d+(?:x| [dmhvu]|/))"
    yield from replaced(until, case.text, lambda _: ["depois de ", "a partir de ", "no mínimo ", "mais de "])
    yield from replaced(r"(?i)\b(?:up to|within) (?=\d)", case.text, lambda _: ["at least ", "after ", "more than "])
    yield from replaced(r"(?i)\bhasta (?=\d)", case.text, lambda _: ["desde ", "más de ", "después de "])


def at_least_is_said_to_be_at_most(case: Case) -> Iterator[str]:
    yield from replaced(r"(?i)\b(?:acima|a partir) de (?=R\$|\d)", case.text, lambda _: ["até ", "abaixo de "])
    yield from replaced(r"(?i)\ba partir de (?=\d+/)", case.text, lambda _: ["antes de "])
    yield from replaced(r"(?i)\bover (?=\$)", case.text, lambda _: ["under ", "up to "])


FALSIFY = (instalments_cost_interest, at_most_is_said_to_be_at_least, at_least_is_said_to_be_at_most)
STILL_TRUE: tuple[str, ...] = ()


@pytest.mark.parametrize("change", FALSIFY, ids=lambda change: change.__name__)
def test_no_reply_passes_once(change: Change) -> None:
    texts = [(case, text) for case in TRUE for text in changed(case, change)]
    survivors = [text for case, text in texts[:: 1 + len(texts) // MOST] if passes(case, text)]

    assert [text for text in survivors if not any(words in text for words in STILL_TRUE)] == []
