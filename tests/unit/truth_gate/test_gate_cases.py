"""The adversarial suite: nothing false passes, and what is true is not held back."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from support.gate_changes import is_supposed

from cli.evaluation.suite_files import GATE_NOW as NOW
from cli.evaluation.suite_files import GateCase as Case
from cli.evaluation.suite_files import gate_cases, gate_worlds
from hub.truth_gate import check

Section = tuple[str, str]
"""A world and the language of its replies."""

WORLDS = gate_worlds()
DEV = [case for case in gate_cases() if case.split == "dev"]
ALL = [case for case in DEV if not case.open]
TRUE = [case for case in ALL if case.true]


def identify(case: Case) -> str:
    return f"{case.world}-{case.locale}-{case.text[:50]}"


def section_of(case: Case) -> Section:
    return (case.world, case.locale)


SECTIONS = sorted({section_of(case) for case in DEV})


def passes(case: Case, text: str | None = None) -> bool:
    return check(text or case.text, WORLDS[case.world], NOW, locale=case.locale).passed


@pytest.mark.parametrize("section", SECTIONS, ids=" ".join)
def test_false_replies_are_refused_with_reasons(section: Section) -> None:
    false = [case for case in ALL if not case.true and section_of(case) == section]
    judged = {case.text: check(case.text, WORLDS[case.world], NOW, locale=case.locale) for case in false}

    assert [text for text, result in judged.items() if result.passed] == []
    assert all(verdict.why for result in judged.values() for verdict in result.refused)


@pytest.mark.parametrize("section", SECTIONS, ids=" ".join)
def test_true_replies_pass(section: Section) -> None:
    true = [case for case in TRUE if section_of(case) == section]

    assert [case.text for case in true if not passes(case)] == []


@pytest.mark.parametrize("section", SECTIONS, ids=" ".join)
def test_cases_that_are_marked_as_open_are_so_still(section: Section) -> None:
    known = [case for case in DEV if case.open and section_of(case) == section]

    assert [case.text for case in known if passes(case) == case.true] == [], "judged rightly now: take the marks away"


def mutated(text: str) -> Iterator[str]:
    """Texts that differ from this one in a single digit."""
    for number, match in enumerate(re.finditer(r"\d", text)):
        digit = str((int(match.group()) + (1, 3, 9)[number % 3]) % 10)
        yield text[: match.start()] + digit + text[match.end() :]


@pytest.mark.parametrize("case", [case for case in TRUE if not case.fresh][::3], ids=identify)
def test_no_reply_survives_a_changed_digit(case: Case) -> None:
    """Except where the digit says nothing (list numbers) or the changed text is true as well."""
    survivors = [text for text in mutated(case.text) if passes(case, text) and not still_true(case, text)]

    assert survivors == []


BOUNDED = re.compile(r"pasa de \$\d|(?:menos de|mais de|Não chega a) (?:R\$ ?)?\d|(?:more|less) than \d")
STILL_TRUE = (
    "Em 3x não há juros.", "Em 3 parcelas não tem juros.", "9x de R$ 22,12", "sai por R$ 28,41", "sai por R$ 147,10",
    "R$ 2.446,18",
    # These suppose or ask something of the customer's world, deny a value, or say that it is not known.
    "Se a sua casa for", "Se a sua tomada for", "Se o senhor precisar de", "Se o limite é", "Uma compra de R$",
    "Será que", "dá para atender 5 unidades", "Na sua casa a tomada", "A rede da sua cozinha", "mugs in stock, not",
    "Sobre o dia",
    "você leva a mangueira e a furadeira (R$ 338,90)", "Con un presupuesto de",
)  # fmt: skip


def still_true(case: Case, text: str) -> bool:
    if re.sub(r"(?m)^\d+[.)]", "", text) == re.sub(r"(?m)^\d+[.)]", "", case.text):
        return True
    if is_supposed(case, text):
        return True
    known = [other.text for other in TRUE if other.world == case.world]
    return text in known or bool(BOUNDED.search(text)) or any(words in text for words in STILL_TRUE)
