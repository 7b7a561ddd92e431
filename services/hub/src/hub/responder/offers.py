"""Which promotions a question asks for: all, those of a product, or something that is no promotion."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from common.knowledge import Product
from hub.responder import follow_ups, rules
from hub.responder.evidence import words_of
from hub.responder.intents import Question, circumstances, ones_of_a_kind, understand
from hub.responder.missing import missed
from hub.responder.parts import Part, Turn
from hub.responder.products import LIST_LENGTH, products_part
from hub.responder.promotions import promotions_of_part, promotions_part
from hub.responder.wanted import SEARCHED, complete, unknown_verbs
from hub.truth_gate.language.reading import stem

_FOR: Final = re.compile(
    r"(?:descontos?|promoc(?:ao|oes)|promos?|cupo(?:m|ns)|ofertas?|discounts?|coupons?|deals?|offers?|descuentos?|"
    r"promocion(?:es)?|cupon(?:es)?) (?:especial |exclusiv[oa] )?"
    r"(?:de|do|da|dos|das|pra|para|pro|no|na|nos|nas|em|com|for|on|with|por|en|por ser) "
    r"(?:[oa]s? |quem (?:e|esta|tem|faz) |ser |my |the |los |las |el |la )?(?P<what>[a-z0-9]{3,})"
)


async def offers_part(turn: Turn, question: Question) -> Part:
    """The promotions a question asks for."""
    if question.content or question.topics:
        found = rules.find(turn, question)
        if found and (found.sure or (question.content and rules.says_all(found.best))):
            return rules.answer(turn, found)
        products = complete(turn.knowledge.products(" ".join(question.content), SEARCHED, today=turn.today))
        if products and question.content:
            return await _product_promotions(turn, products, question)
        if found and found.likely and not _for_something_unknown(turn, question):
            return rules.answer(turn, found)
        if _for_something_unknown(turn, question) or unknown_verbs(question):
            about = rules.find(turn, understand(" ".join(question.content)))
            return rules.asked(turn, about.hits) if about else missed(turn, question)
        if found and _speaks_of_strange(turn, question, found):
            return rules.answer(turn, found)
    elif follow_ups.spoken_of(turn) and follow_ups.ELLIPSIS.match(question.folded):
        return promotions_of_part(turn, follow_ups.spoken_of(turn))
    return promotions_part(turn)


def _for_something_unknown(turn: Turn, question: Question) -> bool:
    """Whether the discount asked for is one for somebody or something that no promotion speaks of."""
    known = _promoted(turn)
    named = [*ones_of_a_kind(question.folded), *(match["what"] for match in _FOR.finditer(question.folded))]
    strange = [word for name in named for word in name.split() if word in question.content]
    return any(word not in circumstances() and stem(word) not in known for word in strange)


def _speaks_of_strange(turn: Turn, question: Question, found: rules.Found) -> bool:
    """Whether a rule among the best knows a word that no promotion does ("compra com CNPJ tem desconto?")."""
    strange = {stem(word) for word in question.content if word not in circumstances()} - _promoted(turn)
    return any(strange & words_of(hit.item, hit.passage) for hit in found.hits[:3])


def _promoted(turn: Turn) -> set[str]:
    return {word for promotion in turn.knowledge.promotions(turn.today) for word in words_of(promotion)}


async def _product_promotions(turn: Turn, products: Sequence[Product], question: Question) -> Part:
    offers = promotions_of_part(turn, products[:LIST_LENGTH])
    if offers.facts:
        return offers
    return await products_part(turn, products, question, intro=offers.text)
