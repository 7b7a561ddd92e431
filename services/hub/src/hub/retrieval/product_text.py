"""A product as tokens: what the index stores of its name, attributes, category and description."""

from __future__ import annotations

import re
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
