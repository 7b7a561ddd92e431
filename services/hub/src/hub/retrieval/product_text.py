"""A product as tokens: what the index stores of its name, attributes, category and description."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from common.knowledge import Product
from hub.retrieval.folding import strip_marks
from hub.retrieval.stemming import stem
from hub.retrieval.synonyms import product_synonyms
from hub.retrieval.units import canonical_units
from hub.retrieval.words import catalogue_abbreviations, function_words

_WORD = re.compile(r"[a-z0-9]+")
_HYPHENATED = re.compile(r"\b[a-z]+(?:-[a-z]+)+\b")
_DESCRIPTION_CHARACTERS = 1_000


class ProductTokens(NamedTuple):
    """One searchable product. The fields are the columns of the index, in their order."""

    name: list[str]
    attributes: list[str]
    category: list[str]
    description: list[str]


def product_tokens(item: Product) -> ProductTokens:
    """Analyse a product."""
    return ProductTokens(
        name=tokens_of(item.name),
        attributes=tokens_of(" , ".join(item.attributes.values())),
        category=tokens_of(item.category),
        description=tokens_of(item.description[:_DESCRIPTION_CHARACTERS]),
    )


def tokens_of(text: str) -> list[str]:
    """Canonical stems of a catalogue text, in order."""
    return [stem(word) for word in product_synonyms().canonical(catalogue_words(text))]


_PREPOSITIONS = frozenset(
    {"de", "do", "da", "dos", "das", "para", "p", "em", "no", "na", "com", "c", "of", "for", "del"}
)
_COLLECTIVES = frozenset(
    """jogo conjunto kit par caixa pacote pack cesta combo duzia fardo estojo linha colecao set box""".split()  # noqa: SIM905
)
"""Words that say how many come together: what comes together is named after them ("jogo de facas")."""


def says_what_it_is(item: Product, tokens: ProductTokens, stems: set[str]) -> bool:
    """Whether one of these stems says what a product is: in "tapete de banheiro" the bathroom does not."""
    if not stems.isdisjoint(tokens.attributes) or not stems.isdisjoint(_naming_tokens(item.name)):
        return True
    return not stems.isdisjoint(_naming_tokens(item.category.rpartition("/")[2]))


@lru_cache(maxsize=8_192)
def _naming_tokens(text: str) -> frozenset[str]:
    return frozenset(tokens_of(_naming(text)))


def _naming(text: str) -> str:
    """A name without the one word after each "de", "para" and the like; a part of "trinca-ferro" names nothing."""
    words = canonical_units(_HYPHENATED.sub(lambda match: match[0].replace("-", ""), strip_marks(text))).split()
    kept, skip = [], False
    for place, word in enumerate(words):
        if word in _PREPOSITIONS:
            head = words[place - 1].rstrip("s") if place else ""
            skip = head not in _COLLECTIVES
        else:
            kept += [] if skip else [word]
            skip = False
    return " ".join(kept)


def catalogue_words(text: str) -> list[str]:
    """Folded words of a catalogue text with canonical units; a hyphenated word is there joined as well."""
    if not text:
        return []
    text = canonical_units(strip_marks(text))
    if "-" in text:
        joined = [match[0].replace("-", "") for match in _HYPHENATED.finditer(text)]
        text = " ".join((text, *joined))
    shortened, meaningless = catalogue_abbreviations(), function_words()
    words = (shortened.get(word, word) for word in _WORD.findall(text))
    return [word for word in words if word not in meaningless]


def speller_words(item: Product) -> set[str]:
    """The words a question may be corrected to: those of the name, attributes and category, not of the prose."""
    text = f"{item.name} , {' , '.join(item.attributes.values())} , {item.category}"
    return set(catalogue_words(text))
