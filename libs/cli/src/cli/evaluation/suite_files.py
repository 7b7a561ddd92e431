"""The shipped suites, read from their files."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from fnmatch import fnmatchcase
from importlib import resources
from typing import Any, Final, NamedTuple

from cli.evaluation.measures import SPLITS, Split
from common.facts import Fact
from common.knowledge import Product, Rule
from hub.truth_gate import facts_from_text

_WAVES: Final = ("fifth", "sixth")
"""Replies for the gate that came later, each wave in a file of its own."""
GATE_NOW: Final = datetime(2026, 11, 24, 13, 30, tzinfo=UTC)
"""The moment of the gate's cases: Tuesday, 10:30 in São Paulo."""


class RuleQuestion(NamedTuple):
    """A question and the rule that answers it."""

    split: Split
    text: str
    right: str


class ProductQuestion(NamedTuple):
    """A wish and the products that meet it: grade 2 as it was meant, grade 1 as a fair second best."""

    split: Split
    text: str
    grades: dict[str, int]

    @property
    def right(self) -> frozenset[str]:
        """The products that are what was meant."""
        return frozenset(each for each, grade in self.grades.items() if grade > 1)


class GateCase(NamedTuple):
    """A reply that may (`true`) or must not be sent in a world."""

    split: Split
    world: str
    locale: str
    text: str
    true: bool
    open: bool = False
    """Known to be judged wrongly: measured like any other, and not held by a test of its own."""
    fresh: bool = False
    """Of the newest wave: what tests do to other true replies has not been looked at for these."""


class SingleQuestion(NamedTuple):
    """A question to the sample company; `right` names what answers it, nothing for what it cannot know."""

    split: Split
    text: str
    right: frozenset[str]


def shop_rules(*, with_questions: bool = True) -> list[Rule]:
    """The rules of the retrieval suite, with or without their owner's example questions."""
    fields = ("id", "title", "text", "category")
    return [
        Rule(**{key: row[key] for key in fields}, questions=tuple(row["questions"]) if with_questions else ())
        for row in _toml("shop_rules.toml")["rule"]
    ]


def rule_questions() -> list[RuleQuestion]:
    """What customers ask about those rules."""
    rows = _toml("shop_rules.toml")["rule"]
    return [RuleQuestion(split, text, row["id"]) for split in SPLITS for row in rows for text in row[split]]


def shop_products() -> list[Product]:
    """The catalogue of the retrieval suite."""
    return [_product(line) for line in _toml("products.toml")["catalogue"]]


def product_questions() -> list[ProductQuestion]:
    """What customers want of that catalogue."""
    data = _toml("products.toml")
    ids = [line.split("|")[0].strip() for line in data["catalogue"]]
    return [_wish(split, line, ids) for split in SPLITS for line in data[split]]


def gate_worlds() -> dict[str, list[Fact]]:
    """The facts of each world."""
    worlds = _toml("gate/worlds.toml")["worlds"]
    return {name: [fact for line in world["facts"] for fact in _facts(line)] for name, world in worlds.items()}


def gate_cases() -> list[GateCase]:
    """All replies to be judged."""
    return [case for split in SPLITS for case in _gate_cases(split)]


def single_questions() -> list[SingleQuestion]:
    """Questions the sample company can answer, and questions it cannot."""
    data = _toml("questions.toml")
    found = []
    for split in SPLITS:
        for line in data["answerable"][split]:
            right, _, text = line.partition("|")
            found.append(SingleQuestion(split, text.strip(), frozenset(right.split())))
        found += [SingleQuestion(split, text, frozenset()) for text in data["unanswerable"][split]]
    return found


def suite_text(name: str) -> str:
    """A file of the suites."""
    return resources.files("cli.evaluation").joinpath("suites", name).read_text("utf-8")


def _toml(name: str) -> dict[str, Any]:
    return tomllib.loads(suite_text(name))


def _product(line: str) -> Product:
    name_id, name, category, attributes, price, sku = (part.strip() for part in line.split("|"))
    pairs = (pair.partition("=") for pair in attributes.split(";") if pair)
    return Product(
        id=name_id,
        name=name,
        category=category,
        attributes={key: value for key, _, value in pairs},
        list_price=Decimal(price),
        sku=sku,
    )


def _wish(split: Split, line: str, ids: list[str]) -> ProductQuestion:
    text, right, fair = (part.strip() for part in line.split("|"))
    grades = {each: grade for patterns, grade in ((fair, 1), (right, 2)) for each in _matching(ids, patterns.split())}
    return ProductQuestion(split, text, grades)


def _matching(ids: list[str], patterns: list[str]) -> list[str]:
    return [each for each in ids if any(fnmatchcase(each, pattern) for pattern in patterns)]


def _facts(line: str) -> tuple[Fact, ...]:
    kind, subject, value, *more = (part.strip() for part in line.split("|"))
    if kind == "words":
        return facts_from_text(value, subject, "knowledge", GATE_NOW)
    source, currency = more[0] if more else "knowledge", more[1] if len(more) > 1 else None
    fact = {"kind": kind, "value": value, "subject": subject, "source": source, "currency": currency}
    return (Fact.model_validate({**fact, "read_at": GATE_NOW}),)


def _gate_cases(split: Split) -> Iterator[GateCase]:
    yield from _gate_file(split, f"gate/{split}.txt")
    for wave in _WAVES if split == "dev" else ():
        yield from (case._replace(fresh=True) for case in _gate_file(split, f"gate/dev_{wave}_wave.txt"))


def _gate_file(split: Split, name: str) -> Iterator[GateCase]:
    world = locale = ""
    for line in suite_text(name).splitlines():
        if line.startswith("# ") and len(line.split()) == 3:
            _, world, locale = line.split()
        elif line.partition(" ")[0] in ("+", "-", "+?", "-?"):
            mark, _, text = line.partition(" ")
            text = text.replace("|", "\n").replace("\\u200b", "\u200b")
            yield GateCase(split, world, locale, text, mark[0] == "+", open=mark.endswith("?"))
