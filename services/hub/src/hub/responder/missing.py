"""Nothing found, or not surely enough: what is said then."""

from __future__ import annotations

from collections.abc import Sequence

from common.knowledge import Product
from hub.responder.choices import offer
from hub.responder.facts import product_facts
from hub.responder.intents import Question
from hub.responder.parts import Part, Turn, person_choice
from hub.responder.products import source_of

_OFFERED = 4


def missed(turn: Turn, question: Question) -> Part:
    """Nothing found: ask once."""
    return Part(
        turn.texts.say("ask_rephrase"),
        "missing",
        choices=(person_choice(turn),),
        missed=True,
        tried=question.text,
    )


def perhaps(turn: Turn, products: Sequence[Product]) -> Part:
    """Products that have a word of the question and may be something else: ask which is meant."""
    shown = products[:_OFFERED]
    options = [(product.name, f"product:{product.id}") for product in shown]
    options.append((turn.texts.say("choice_person"), "person"))
    lines = [turn.texts.say("ask_choice"), *(f"{n}. {title}" for n, (title, _) in enumerate(options, start=1))]
    return Part(
        "\n".join(lines),
        "choice",
        facts=tuple(fact for product in shown for fact in product_facts(product, turn.now)),
        sources=tuple(map(source_of, shown)),
        choices=offer(options),
        missed=True,
    )
