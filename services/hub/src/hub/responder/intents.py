"""What a customer wants, read by phrases: no model, the same answer every time."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Final

from hub.truth_gate.reading import fold, normalise

_WORD: Final = re.compile(r"[\w][\w'./-]*[\w]|\w")
_STRIPPED: Final = (
    "person", "order_status", "hours", "address", "contact", "phone", "email", "links", "promotions", "price", "stock",
    "booking", "identity", "company", "details", "confused", "thanks", "bye", "greeting", "insult", "reservation",
)  # fmt: skip
_SLIP: Final = re.compile(
    r"(?i)(?<!\w)(?:o+ps|digo|quer dizer|quis dizer|queria dizer|na verdade|ali[aá]s|desculp[ae]|perd[aã]o|me enganei|"
    r"errei|me confundi|corrigindo|melhor dizendo|en realidad|quise decir|perd[oó]n|i meant?|sorry|actually|i mean)"
    r"(?:[,:.]|\s)+(?=\S)|^n[aã]o[,!.]\s*(?:quero |queria |prefiro |melhor )?|"
    r"^(?:melhor|prefiro|quero dizer)\s+(?=[oae]s?\s)"
)
_NOT_THAT: Final = re.compile(
    r"(?i)[,;]\s+(?:e\s+)?(?:n[aã]o|no|not)\s+(?:[oa]s?\s+|de\s+|the\s+|el\s+|la\s+)?[\w-]+\s*[.!]?$"
)
SOCIAL: Final = frozenset({"greeting", "thanks", "bye", "acknowledge"})


@dataclass(frozen=True)
class Question:
    """One thing a customer wrote, understood as far as phrases go."""

    text: str
    folded: str
    intents: frozenset[str]
    topics: frozenset[str]
    content: tuple[str, ...]
    """The words that are left when phrases and fillers are taken away: what it is about."""

    def wants(self, *intents: str) -> bool:
        """Whether it has any of these intents."""
        return not self.intents.isdisjoint(intents)

    @property
    def standalone(self) -> bool:
        """Whether it says something by itself ("quanto custa" alone does not)."""
        return bool(self.content or self.topics) or bool(self.intents - {"price", "stock", "details", "reservation"})


@cache
def _lexicon() -> dict[str, Any]:
    source = resources.files("hub.responder") / "lexicon.toml"
    return tomllib.loads(source.read_text("utf-8"))


@cache
def _patterns(section: str) -> dict[str, re.Pattern[str]]:
    return {name: _compiled(phrases) for name, phrases in _lexicon()[section].items()}


def _compiled(phrases: Iterable[str]) -> re.Pattern[str]:
    longest_first = sorted(phrases, key=len, reverse=True)
    return re.compile(r"(?<![\w])(?:" + "|".join(f"(?:{phrase})" for phrase in longest_first) + r")(?![\w])")


@cache
def filler_words() -> frozenset[str]:
    """Words that carry no question of their own."""
    return frozenset(_lexicon()["words"]["filler"].split())


def understand(text: str) -> Question:
    """Find intents, topics and the words that remain."""
    text = without_correction(text)
    folded = " ".join(fold(normalise(text)).split())
    found = frozenset(name for name, pattern in _patterns("intents").items() if pattern.search(folded))
    if "confused" in found or ("acknowledge" in found and not _only("acknowledge", folded)):
        found -= {"acknowledge"}
    topics = frozenset(name for name, pattern in _patterns("topics").items() if pattern.search(folded))
    return Question(text.strip(), folded, found, topics, _content(folded, found))


def without_correction(text: str) -> str:
    """What is meant after all: "ops, casal, não queen" and "desculpa, quis dizer casal" are "casal"."""
    rest = _SLIP.sub(" ", _SLIP.sub(" ", text).lstrip(" ,.;"))
    rest = _NOT_THAT.sub("", rest) if _NOT_THAT.sub("", rest).strip(" ,.;!?") else rest
    said = rest.strip(" ,.;") if rest != text else text
    return said or text


def _content(folded: str, intents: frozenset[str]) -> tuple[str, ...]:
    rest = folded
    for name in _STRIPPED:
        if name in intents:
            rest = _patterns("intents")[name].sub(" ", rest)
    return tuple(word for word in _WORD.findall(rest) if word not in filler_words() and not _is_social(word))


def _is_social(word: str) -> bool:
    return any(_patterns("intents")[name].fullmatch(word) for name in ("greeting", "thanks", "bye", "acknowledge"))


def without_insults(text: str) -> str:
    """What remains to be answered of an angry message."""
    return _patterns("intents")["insult"].sub(" ", fold(normalise(text)))


def _only(name: str, folded: str) -> bool:
    rest = _patterns("intents")[name].sub(" ", folded)
    return not [word for word in _WORD.findall(rest) if word not in filler_words() and not _is_social(word)]


def moments(folded: str) -> frozenset[str]:
    """Which times a question speaks of: now, today, tomorrow, weekend, holiday; and "open"."""
    return frozenset(name for name, pattern in _patterns("moments").items() if pattern.search(folded))


def has_words(text: str) -> bool:
    """Whether there is anything to read: emoji and punctuation are not."""
    return any(unicodedata.category(character)[0] in "LN" for character in text)
