"""Which products a customer's words ask for: those that have it all, those that have most of it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from common.knowledge import Product
from hub.responder import follow_ups
from hub.responder.intents import Question, ones_of_a_kind, understand
from hub.responder.parts import Turn
from hub.responder.products import without_count
from hub.retrieval.port import ProductHit
from hub.truth_gate.language.numerals import numerals
from hub.truth_gate.language.reading import fold, normalise, stem

FULL: Final = 0.95
NEAR: Final = 0.4
_AS_NEAR: Final = 0.1
SEARCHED: Final = 12
_LONG: Final = 5
_TALE: Final = 10
_SPOKEN: Final = re.compile(
    r"(?i)[,;:.]\s+|\s+(?:que|e|y|and|mas|aqueles?|aquelas?|aquel|um|uma|umas|uns|esse|essa)\s+"
)
_PRICE_OF: Final = re.compile(
    r"(?i)\b(?:quanto (?:custa|custam|[ée]|t[aá]|est[aá]|sai|fica)|pre[cç]o d[aeo]s?|valor d[aeo]s?|"
    r"how much (?:is|are)|cu[aá]nto (?:cuesta|vale|sale)|precio de)\s+(?=\S)"
)
_SLIP_WITHIN: Final = re.compile(
    r"(?i)[,;.]?\s+(?:n[aã]o|ops|opa)?[,.]?\s*\b(?:desculp[ae]|digo|quer dizer|quis dizer|ali[aá]s|na verdade|"
    r"perd[aã]o|me enganei|errei|sorry|i mean|perd[oó]n|quise decir)[,.:]?\s+"
)
_MOST_MENDED: Final = 5
"""Words that may have to be taken back."""
_LARGEST_ARTICLE: Final = 9
"""Numbers up to here are counts ("duas velas"), or articles, as often as sizes."""
_VERB: Final = re.compile(
    r"vai|vao|sao|foram|eram|serve|servem|funciona|funcionam|cabe|cabem|aguenta|pesa|[a-z]{3,}(?:am|em|amos|imos)"
)
_OF_ONE: Final = re.compile(
    r"(?:e |y |and )?(?:[oa]s?|el|l[ao]s?|the) .*\b(?:tem|vem|faz|e|eh|vai|has|have|tiene|viene|hace)\b"
)
_BUYING_VERBS: Final = frozenset(
    """tem tambem bem quem sem alem vendem trabalham teriam tinham temos custam saem ficam valem podem querem procuram
    oferecem fazem possuem aceitam
    dao estao vao viagem imagem mensagem embalagem bagagem folhagem porem ontem homem nem jardim""".split()  # noqa: SIM905
)


def products_for(turn: Turn, question: Question) -> list[ProductHit]:
    """Products for the words as they are, without courtesies, or without the number of units asked for."""
    texts = dict.fromkeys(
        (
            question.text,
            " ".join(question.content),
            without_count(turn, question),
            *_PRICE_OF.split(question.text)[1:],
            *spoken_pieces(question),
            *_repaired(question.text),
        )
    )
    best: list[ProductHit] = []
    for text in texts:
        near = turn.near(question.text)
        hits = turn.knowledge.products(text, SEARCHED, today=turn.today, near=near) if text.strip() else []
        if hits and (not best or hits[0].coverage > best[0].coverage):
            best = hits
        if complete(best):
            break
    return best


def _repaired(text: str) -> list[str]:
    """What somebody means who mends what they say in the middle of it: "a de 24, não, desculpa, a de 28"."""
    said = _in_digits(text)
    slips = list(_SLIP_WITHIN.finditer(said))
    if not slips:
        return [said] if said != text else []
    before, after = said[: slips[-1].start()].split(), said[slips[-1].end() :]
    return [" ".join([*before[:-dropped], after]) for dropped in range(1, min(len(before), _MOST_MENDED))]


def _in_digits(text: str) -> str:
    """A text with its numbers as digits: who speaks says "vinte e oito"."""
    plain = normalise(text)
    for number in reversed(numerals(fold(plain), "pt-BR")):
        if number.in_words and number.value > _LARGEST_ARTICLE:
            plain = f"{plain[: number.start]}{number.value}{plain[number.end :]}"
    return plain if plain != normalise(text) else text


def spoken_pieces(question: Question) -> list[str]:
    """The pieces of a long sentence, the last first: people who speak come to the point at the end."""
    if len(question.content) < _LONG and len(question.folded.split()) < _TALE:
        return []
    pieces = [piece.strip() for piece in _SPOKEN.split(question.text)]
    return [piece for piece in reversed(pieces) if understand(piece).content]


def only_described(hit: ProductHit) -> bool:
    """Whether the words asked for stand in a product's description alone: what it has, not what it is."""
    name = {
        stem(word) for word in _words(f"{hit.item.name} {hit.item.category} {' '.join(hit.item.attributes.values())}")
    }
    description = {stem(word) for word in _words(hit.item.description)}
    matched = {stem(word) for word in hit.matched}
    return bool(matched) and not matched & name and matched <= description


def _words(text: str) -> list[str]:
    return re.findall(r"[a-z0-9]+", fold(text))


def nearly(words: Sequence[str], hits: Sequence[ProductHit], *, foreign: bool) -> list[Product]:
    """Products that have most of what was asked for: first of all the thing itself, which is named first.

    One word alone is the thing itself, or it is not. `foreign`: the word for the thing may be one that no catalogue and
    no glossary has.
    """
    if len(words) == 1 and not foreign:
        return []
    best = max((hit.coverage for hit in hits), default=0.0)
    near = [hit for hit in hits if hit.coverage >= max(NEAR, best - _AS_NEAR) and hit.named and not only_described(hit)]
    named = [hit for hit in near if words and words[0] in hit.matched] or (near if foreign else [])
    exact = [hit.item for hit in named if follow_ups.has_all(hit.item, words)]
    return exact or [hit.item for hit in named]


def complete(hits: Sequence[ProductHit]) -> list[Product]:
    """Products that have all that was asked for; an exact code stands alone."""
    exact = [hit.item for hit in hits if hit.exact]
    return exact or [hit.item for hit in hits if hit.coverage >= FULL and hit.named and not only_described(hit)]


def of_kinds(question: Question, products: Sequence[Product]) -> list[Product]:
    """Those that are what a question names of a kind: a voucher for a present is no present."""
    kinds = ones_of_a_kind(question.folded)
    return [each for each in products if all(kind.rstrip("s") in fold(each.name) for kind in kinds)]


def other_things(hits: Sequence[ProductHit]) -> list[Product]:
    """Products that have every word, none of which says what they are: a rug for the bathroom is no bathroom."""
    return [hit.item for hit in hits if hit.coverage >= FULL and not hit.named]


def asks_how_it_is(question: Question) -> bool:
    """Whether something is asked of a product that is known to both: "a cafeteira faz barulho?"."""
    return bool(_OF_ONE.match(question.folded))


def asks_for_service(question: Question, hits: Sequence[ProductHit]) -> bool:
    """Whether a verb that no product knows says what is wanted: "alugam louça?", "a panela vai na indução?"."""
    known = {word for hit in hits for word in hit.matched}
    return bool(question.topics) or any(word not in known for word in unknown_verbs(question))


def unknown_verbs(question: Question) -> list[str]:
    """Verbs of a question that are not those of buying and selling."""
    return [word for word in _words(question.folded) if _VERB.fullmatch(word) and word not in _BUYING_VERBS]


def told_by_description(hit: ProductHit) -> bool:
    """Whether something of what was asked stands in a product's description alone: it is worth telling then."""
    item = hit.item
    name = _words(f"{item.name} {item.category} {' '.join(item.attributes.values())}")
    description = _words(item.description)
    words = [part for word in hit.matched for part in word.split()]
    return any(not follow_ups.alike(word, *name) and follow_ups.alike(word, *description) for word in words)
