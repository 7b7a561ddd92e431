"""The general vocabulary of the front end, read once from the word lists beside this module.

It is general on purpose: a tenant's own words come from its items.
"""

from __future__ import annotations

from functools import lru_cache
from importlib import resources


@lru_cache(maxsize=1)
def function_words() -> frozenset[str]:
    """Words left out on both sides."""
    return frozenset(word for line in _lines("function_words") for word in line.split())


@lru_cache(maxsize=1)
def chat_words() -> frozenset[str]:
    """Words left out of a product question: greetings, fillers, "quanto custa"."""
    return frozenset(word for line in _lines("chat_words") for word in line.split())


@lru_cache(maxsize=1)
def question_words() -> frozenset[str]:
    """Words that say nothing about what a question is about."""
    return frozenset(word for line in _lines("question_words") for word in line.split())


@lru_cache(maxsize=1)
def portuguese_words() -> frozenset[str]:
    """Words that exist, of four letters or more."""
    return frozenset(_lines("portuguese_words"))


@lru_cache(maxsize=1)
def abbreviations() -> dict[str, str]:
    """Chat spelling -> full words, for questions about rules."""
    return _pairs("abbreviations")


@lru_cache(maxsize=1)
def question_spellings() -> dict[str, str]:
    """Chat spelling, and words of the other languages -> the words that rules are written in."""
    return {**_pairs("rule_glossary"), **abbreviations()}


@lru_cache(maxsize=1)
def product_abbreviations() -> dict[str, str]:
    """The chat spellings that are no sizes, codes or units in a product question."""
    return {key: value for key, value in abbreviations().items() if key not in _SIZES_AND_CODES}


_SIZES_AND_CODES = frozenset(
    {"p", "c", "s", "n", "u", "q", "cc", "mt", "seg", "ter", "min", "sab", "fone", "cart", "prod"}
)


@lru_cache(maxsize=1)
def catalogue_abbreviations() -> dict[str, str]:
    """Shortened word in a catalogue -> the word."""
    return _pairs("catalogue_abbreviations")


@lru_cache(maxsize=1)
def product_synonym_lines() -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Canonical word -> the phrases it stands for."""
    return _entries("product_synonyms")


@lru_cache(maxsize=1)
def product_glossary_lines() -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Portuguese word -> Spanish and English ones."""
    return _entries("product_glossary")


@lru_cache(maxsize=1)
def concept_lines() -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Concept -> the phrases people use for it."""
    return _entries("concepts")


@lru_cache(maxsize=1)
def place_lines() -> tuple[tuple[str, tuple[str, ...]], ...]:
    """State, abbreviation and region -> cities."""
    return _entries("places")


def _entries(name: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    entries = []
    for line in _lines(name):
        head, _, others = line.partition(":")
        entries.append((head.strip(), tuple(each.strip() for each in others.split(",") if each.strip())))
    return tuple(entries)


def _pairs(name: str) -> dict[str, str]:
    pairs = (line.partition("=") for line in _lines(name))
    return {key.strip(): value.strip() for key, _, value in pairs}


def _lines(name: str) -> list[str]:
    text = resources.files("hub.retrieval").joinpath("vocabulary", f"{name}.txt").read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
