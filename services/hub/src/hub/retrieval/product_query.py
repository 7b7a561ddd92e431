"""A customer's product question as groups of alternatives: steps 1 to 9 of the front end, on the question's side."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from hub.retrieval.folding import strip_marks
from hub.retrieval.own_words import OwnWords
from hub.retrieval.price_limit import PriceRange, take_price_range
from hub.retrieval.speller import Speller
from hub.retrieval.stemming import stem
from hub.retrieval.synonyms import Synonyms, product_glossary, product_synonyms
from hub.retrieval.units import canonical_units, misspelt_amount
from hub.retrieval.words import (
    catalogue_abbreviations,
    chat_words,
    function_words,
    portuguese_words,
    product_abbreviations,
)

_WORD = re.compile(r"[a-z0-9]+")
_LETTERS_AND_DIGITS = re.compile(r"^([a-z]{2,})(\d+)$|^(\d+)([a-z]{2,})$")
_VOLTAGES = frozenset({"110", "115", "120", "127", "220", "230", "240"})
"""Numbers that are said without their unit."""
_UNITS_LEFT_OUT = ("cm", "v", "ml", "g", "un", "pol", "gb", "mm", "w")
"""Of sizes, what is understood: "a frigideira de 24"."""
Stems = tuple[str, ...]
_EXISTING_WORD = 0.5
_NO_WORDS = OwnWords()
_LONGEST_QUESTION = 60
"""Words read of a question: a customer's message may be a whole letter."""


class Term(NamedTuple):
    """One thing asked for: the customer's word, and the stems that would satisfy it (each alternative needs all)."""

    word: str
    alternatives: tuple[Stems, ...]
    certainty: float = 1.0
    """How surely the alternatives are what was meant."""


class ProductQuery(NamedTuple):
    """What is asked for. A term without alternatives is a word the tenant does not know."""

    terms: tuple[Term, ...]
    price: PriceRange


def product_query(text: str, known: Callable[[str], bool], speller: Speller, own: OwnWords = _NO_WORDS) -> ProductQuery:
    """Analyse a question. `known` says whether the index has a stem; `own` are the company's own synonyms."""
    plain, price = take_price_range(canonical_units(strip_marks(text)))
    return ProductQuery(_terms(_words(plain), known, speller, own), price)


def _words(text: str) -> list[str]:
    shortened, chat = catalogue_abbreviations(), product_abbreviations()
    meaningless = function_words() | chat_words()
    words: list[str] = []
    for word in _WORD.findall(text):
        words.extend((shortened.get(word) or chat.get(word, word)).split())
    return [word for word in words if word not in meaningless][:_LONGEST_QUESTION]


def _terms(words: list[str], known: Callable[[str], bool], speller: Speller, own: OwnWords) -> tuple[Term, ...]:
    terms: dict[tuple[Stems, ...] | str, Term] = {}
    position = 0
    while position < len(words):
        taken, term = _own_term(words, position, known, own) or _term_at(words, position, known, speller)
        terms.setdefault(term.alternatives or term.word, term)
        position += taken
    return tuple(terms.values())


def _own_term(words: list[str], position: int, known: Callable[[str], bool], own: OwnWords) -> tuple[int, Term] | None:
    found = own.alternatives(words, position)
    if found is None:
        return None
    taken, phrases = found
    usable = tuple(stems for stems in phrases if all(map(known, stems)))
    return (taken, Term(" ".join(words[position : position + taken]), usable)) if usable else None


def _term_at(words: list[str], position: int, known: Callable[[str], bool], speller: Speller) -> tuple[int, Term]:
    term = _phrase(product_synonyms(), words, position, known)
    if term is None and not known(stem(words[position])):
        term = _phrase(product_glossary(), words, position, known)
    if term:
        return term
    if position + 1 < len(words):
        pair = _joined(words, position, known) or _amount(words, position, known)
        if pair:
            return 2, pair
    return 1, _single(words[position], known, speller)


def _phrase(table: Synonyms, words: list[str], position: int, known: Callable[[str], bool]) -> tuple[int, Term] | None:
    found = table.at(words, position)
    if found is None:
        return None
    taken, target = found
    stems = tuple(map(stem, target))
    return (taken, Term(" ".join(words[position : position + taken]), (stems,))) if all(map(known, stems)) else None


def _joined(words: list[str], position: int, known: Callable[[str], bool]) -> Term | None:
    """Read "anti caspa" where the catalogue has "anticaspa"."""
    first, second = words[position], words[position + 1]
    whole = stem(first + second)
    if len(first) + len(second) < 5 or not known(whole):
        return None
    apart = (stem(first), stem(second))
    return Term(f"{first} {second}", ((whole,), apart) if all(map(known, apart)) else ((whole,),))


def _amount(words: list[str], position: int, known: Callable[[str], bool]) -> Term | None:
    """Read "100 pesas" as 100 pieces."""
    number, word = words[position], words[position + 1]
    if not number.isdigit() or known(stem(word)):
        return None
    token = misspelt_amount(number, word)
    return Term(f"{number} {word}", ((token,),)) if token and known(token) else None


def _single(word: str, known: Callable[[str], bool], speller: Speller) -> Term:
    if known(stem(word)):
        return Term(word, ((stem(word),),))
    voltage = canonical_units(f"{word}v").strip() if word in _VOLTAGES else ""
    if voltage and known(voltage):
        return Term(word, ((voltage,),))
    sizes = tuple((f"{word}{unit}",) for unit in _UNITS_LEFT_OUT if word.isdigit() and known(f"{word}{unit}"))
    if sizes:
        return Term(word, sizes)
    apart = _split(word, known, speller)
    if apart:
        return Term(word, (apart,))
    # A word that exists was probably meant: something like it is worth showing, not worth taking for it.
    certainty = _EXISTING_WORD if word in portuguese_words() else 1.0
    return Term(word, _corrections(word, known, speller), certainty)


def _split(word: str, known: Callable[[str], bool], speller: Speller) -> Stems | None:
    """Read "fps50" and "guardachuva" where the catalogue has two words."""
    mixed = _LETTERS_AND_DIGITS.match(word)
    if mixed:
        parts = tuple(stem(part) for part in mixed.groups() if part)
        return parts if all(map(known, parts)) else None
    for cut in range(3, len(word) - 2):
        if speller.knows(word[:cut]) and speller.knows(word[cut:]):
            return stem(word[:cut]), stem(word[cut:])
    return None


def _corrections(word: str, known: Callable[[str], bool], speller: Speller) -> tuple[Stems, ...]:
    synonyms = product_synonyms()
    found = (tuple(map(stem, synonyms.canonical([each]))) for each in speller.suggestions(word))
    return tuple(dict.fromkeys(stems for stems in found if all(map(known, stems))))
