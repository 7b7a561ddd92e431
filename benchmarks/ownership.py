"""`python -m benchmarks.ownership`: who may speak, over every sequence of acts, compared with the rule in words.

Three questions, each over every sequence up to a length: does the hub speak exactly when the rule says so; are
Chatwoot's own openings set back exactly as often as the rule says; and does the bot stay silent where the rule wants
it, when what happened is told in every possible order.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator

from hub.ownership import Ownership, standing
from support import escalation_rule, ownership_rule

Violations = Iterator[tuple[int, tuple[str, ...] | None]]
"""How many sequences were checked, and one that breaks the rule."""


def _may_speak(known: Ownership) -> bool:
    return standing(known).speaker == "bot"


def _rule(length: int) -> Violations:
    for level in ownership_rule.levels(length):
        for place, led in level.items():
            right = _may_speak(place.known) is place.rule.may_speak(place.chat)
            yield led.sequences, None if right else led.example


def _escalations(length: int) -> Violations:
    for level in escalation_rule.levels(length):
        for place, led in level.items():
            speaks_rightly = _may_speak(place.known) is place.repairs.rule.may_speak(place.chat)
            yield led.sequences, None if speaks_rightly and place.orders == place.repairs.orders else led.example


def _orders(length: int) -> Violations:
    for story in ownership_rule.stories(length):
        silent = story.rule.may_speak(story.chat) or not any(map(_may_speak, ownership_rule.every_order(story.told)))
        yield 1, None if silent else story.path


def _report(what: str, length: int, violations: Violations) -> bool:
    began, checked, broken = time.monotonic(), 0, 0
    for sequences, example in violations:
        checked += sequences
        if example is not None:
            broken += 1
            print(f"  VIOLATION: {' -> '.join(example)}")
    seconds = time.monotonic() - began
    print(f"{what}: {checked:,} sequences of up to {length} acts, {broken} violations ({seconds:.0f} s)", flush=True)
    return not broken


def main() -> int:
    """Check; exit 1 on a violation."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.ownership", description=__doc__)
    parser.add_argument("--length", type=int, default=6, help="of the sequences (6)")
    parser.add_argument("--order-length", type=int, default=4, help="of those told in every order (4)")
    arguments = parser.parse_args()
    print(f"{len(ownership_rule.ACTS)} acts, 4 beginnings: {', '.join(ownership_rule.ACTS)}")
    passed = [
        _report("who may speak", arguments.length, _rule(arguments.length)),
        _report("openings by Chatwoot", arguments.length, _escalations(arguments.length)),
        _report("told in every order", arguments.order_length, _orders(arguments.order_length)),
    ]
    return 0 if all(passed) else 1


if __name__ == "__main__":
    sys.exit(main())
