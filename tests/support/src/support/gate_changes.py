"""True replies of the gate's suite, and how one place of a reply is changed."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator

from cli.evaluation.suite_files import GATE_NOW as NOW
from cli.evaluation.suite_files import GateCase as Case
from cli.evaluation.suite_files import gate_cases, gate_worlds
from hub.truth_gate import check

WORLDS = gate_worlds()
TRUE = [case for case in gate_cases() if case.split == "dev" and case.true and not (case.open or case.fresh)]
KNOWN = {(case.world, case.text) for case in TRUE}
Change = Callable[[Case], Iterator[str]]

MONEY = re.compile(r"(R\$|US\$|\$) ?(\d[\d.,]*\d|\d)")

SUPPOSED = re.compile(
    r"\b(?:Com|With|Con|Comprando|Gastando|Gastou|Spending|Levando|Somando|compras|spend|der|gast\w+|compr\w+|"
    r"Tendo|(?:pedido|compra)(?: for)? de) (?:R\$ ?|\$)[\d.,]*\d"
)
"""An amount that is only supposed."""
MOMENT = re.compile(
    r"(?:às|[Aa]t|a las?|,) \d{1,2}(?:h\d*|:\d\d)?(?: [ap]m| [AP]M| de la tarde)?,? "
    r"(?:já|ya|ainda|todavía|we're|estamos|não dá|dá)\b"
)
"""A moment among others at which it is open, or closed."""


def sample(change: Change) -> list[Case]:
    """Every fourth true reply, others for each change; all of them with GATE_SAMPLE=1, which takes some minutes."""
    step = int(os.environ.get("GATE_SAMPLE", "4"))
    return TRUE[sum(map(ord, change.__name__)) % step :: step]


def is_supposed(case: Case, text: str) -> bool:
    """Whether a text differs from a case in what is only supposed, or is a moment: others are mostly as true."""
    pairs = enumerate(zip(case.text, text, strict=False))
    first = next((at for at, (own, other) in pairs if own != other), min(len(case.text), len(text)))
    found = [*SUPPOSED.finditer(case.text), *MOMENT.finditer(case.text)]
    return any(match.start() <= first <= match.end() + len(" em ") for match in found)


def passes(case: Case, text: str) -> bool:
    """Whether a text passes with the facts of a case."""
    return check(text, WORLDS[case.world], NOW, locale=case.locale).passed


def changed(case: Case, change: Change) -> list[str]:
    """The changed texts of a case that no other case knows to be true."""
    return [text for text in change(case) if text != case.text and (case.world, text) not in KNOWN]


def replaced(pattern: str | re.Pattern[str], text: str, by: Callable[[re.Match[str]], list[str]]) -> Iterator[str]:
    """The text with one place changed, for every place and every change."""
    for match in re.finditer(pattern, text):
        for each in by(match):
            yield text[: match.start()] + each + text[match.end() :]
