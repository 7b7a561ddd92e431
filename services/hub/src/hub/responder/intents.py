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

from hub.retrieval.words import product_abbreviations
from hub.truth_gate.language.reading import fold, normalise

_LETTERS: Final = re.compile(r"(?<![\w.@/-])[a-z]+(?![\w.@/-]\w)")
_NOT: Final = re.compile(r"(?<![\w.@/-])n(?= [a-z]{2})")
"""How "não" is typed in chats; "n 38" is a number."""
_WORD: Final = re.compile(r"[\w][\w'./-]*[\w]|\w")
_STRIPPED: Final = (
    "person", "order_status", "hours", "address", "contact", "phone", "email", "links", "promotions", "price", "stock",
    "booking", "identity", "company", "details", "confused", "thanks", "bye", "greeting", "insult", "reservation",
)  # fmt: skip
_SLIP: Final = re.compile(
    r"(?i)(?<!\w)(?:o+ps|digo|quer dizer|quis dizer|queria dizer|na verdade|ali[aá]s|desculp[ae]|perd[aã]o|me enganei|"
    r"errei|me confundi|corrigindo|melhor dizendo|pera[ií]?|calma|"
    r"en realidad|quise decir|perd[oó]n|i meant?|sorry|actually|i mean)"
    r"(?:[,:.]|\s)+(?=\S)|^n[aã]o[,!.]\s*(?:quero |queria |prefiro |melhor )?|"
    r"^(?:melhor|prefiro|quero dizer)\s+(?=[oae]s?\s)"
)
_NOT_THAT: Final = re.compile(
    r"(?i)[,;]\s+(?:e\s+)?(?:n[aã]o|no|not)\s+(?:[oa]s?\s+|de\s+|the\s+|el\s+|la\s+)?[\w-]+\s*[.!]?$"
)
_PAID_WITH: Final = re.compile(
    r"\b(?:aceit\w+|acept\w+|accept\w*|pag(?:ar|ando)|pay(?:ing)?|pagamento (?:por|com|em|via))"
    r"(?: (?:pagamentos?|payments?|pagos?|com|por|em|n?[oa]s?|via|de|um|uma|with|by|in|con|el|la|the))*"
    r" (?P<what>[a-z]{3,})"
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
    corrects: bool = False
    """It mends what was said before ("digo, Curitiba")."""

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


@cache
def property_words() -> frozenset[str]:
    """Verbs by which people ask what a product is like: "vai na lava-louças?"."""
    return frozenset(_lexicon()["words"]["property"].split())


@cache
def circumstances() -> frozenset[str]:
    """Words that say how, when and for whom, not what."""
    return frozenset(_lexicon()["words"]["circumstance"].split())


def asked_for(folded: str) -> frozenset[str]:
    """What a question wants to be told: a price, a time, ..."""
    return frozenset(name for name, pattern in _patterns("asked").items() if pattern.search(folded))


def tells(folded: str, what: str) -> bool:
    """Whether a text tells a thing that questions ask for."""
    return any(re.search(pattern, folded) for pattern in _lexicon()["told"][what])


def ones_of_a_kind(folded: str) -> tuple[str, ...]:
    """Things named that are one of several of their kind ("hipercard", "vale-presente")."""
    return tuple(match[0] for pattern in _patterns("kinds").values() for match in pattern.finditer(folded))


def paid_with(folded: str) -> tuple[str, ...]:
    """What somebody wants to pay with, or to be accepted: "aceitam X?", "posso pagar com X?"."""
    named = (match["what"] for match in _PAID_WITH.finditer(folded))
    return tuple(word for word in named if word not in filler_words() and word not in circumstances())


def folded(text: str) -> str:
    """A text as phrases are looked for in it: lower case, no accents, single blanks, chat spelling written out."""
    plain = _NOT.sub("nao", " ".join(fold(normalise(text)).split()))
    return _LETTERS.sub(lambda word: _written_out().get(word[0], word[0]), plain)


@cache
def _written_out() -> dict[str, str]:
    """Chat spelling -> the word, where phrases and fillers do not know the spelling itself."""
    single = {short: word for short, word in product_abbreviations().items() if word.isalpha()}
    return {short: word for short, word in single.items() if short not in filler_words()}


def understand(text: str) -> Question:
    """Find intents, topics and the words that remain."""
    said, text = text, without_correction(text)
    plain = folded(text).rstrip(" ?!.,;")
    found = frozenset(name for name, pattern in _patterns("intents").items() if pattern.search(plain))
    if "confused" in found or ("acknowledge" in found and not _only("acknowledge", plain)):
        found -= {"acknowledge"}
    corrects = bool(_SLIP.match(said.lstrip()))
    return Question(text.strip(), plain, found, topics_of(plain), _content(plain, found), corrects)


def topics_of(folded: str) -> frozenset[str]:
    """The categories of rules that a text belongs to."""
    return frozenset(name for name, pattern in _patterns("topics").items() if pattern.search(folded))


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


def holidays_named(folded: str) -> frozenset[str]:
    """The days (month-day) that people call by another name than calendars do."""
    return frozenset(day for day, pattern in _patterns("holiday_names").items() if pattern.search(folded))


def properties_asked(folded: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    """What a question asks of a product beyond price and stock: the phrase, and how a description answers it."""
    return tuple(
        (match[0], told) for pattern, told in _properties() for match in [pattern.search(folded)] if match is not None
    )


@cache
def _properties() -> tuple[tuple[re.Pattern[str], re.Pattern[str]], ...]:
    return tuple(
        (_compiled(each["asked"]), re.compile("|".join(each["told"]))) for each in _lexicon()["properties"].values()
    )


def has_words(text: str) -> bool:
    """Whether there is anything to read: emoji and punctuation are not."""
    return any(unicodedata.category(character)[0] in "LN" for character in text)
