"""Words that decide what a rule's value is about: ways of paying, delivery and pick-up, places.

A sentence may paraphrase a rule with words of its own, but not with one of these that the rule does not have: "5 % no
Pix" is not "5 % no cartão", and a deadline for one town says nothing of another.
"""

from __future__ import annotations

import re
from collections.abc import Container
from itertools import pairwise
from typing import Final

from hub.truth_gate.claims.claims import Claim
from hub.truth_gate.grounds.case import Case
from hub.truth_gate.grounds.knowledge import Ground
from hub.truth_gate.language.payment import WAYS
from hub.truth_gate.language.places import PLACE, PLACE_ES, is_in, lies_in, places_in
from hub.truth_gate.language.reading import Span, asks, containing, fold, meaning, names_something, stem, tells_topic
from hub.truth_gate.language.shop_things import THINGS

_OF_OFFERS: Final = ("discount", "coupon")
"""What an offer that is over speaks of is known; that it is over is said by whoever judges the offer."""
_CHANNELS: Final = {
    "shop": re.compile(
        r"\b(?:n[ao]s? (?:noss[ao]s? )?(?:propria )?lojas?|loja fisica|in(?: the| our)? stores?|en (?:la )?tienda)\b"
    ),
    "site": re.compile(r"\b(?:site|online|website|web|pagina)\b"),
    "app": re.compile(r"\b(?:aplicativo|app|aplicacion)\b"),
    "chat": re.compile(r"\b(?:whatsapp|telefone|phone|telefono)\b"),
}
"""Where something can be bought: a value of one of them is not one of another."""
_PATTERNS: Final = WAYS | THINGS
"""How each is told, and how it is read."""
_CAPITAL: Final = re.compile(r"(?<=[a-zà-ÿ,] )[A-ZÀ-Ý][a-zà-ÿ]{2,}(?: (?:d[aeo]s? )?[A-ZÀ-Ý][a-zà-ÿ]+)*")
_SOMEBODY: Final = re.compile(r", (?:que|who|which) (?:é|e|tem|is|has|es|tiene|está)\b")
"""After "para o Bob": somebody, and no place."""
_IN_PARTS: Final = re.compile(r"\bparcel\w+|\binstal+ments?\b|\bcuotas\b|\bmeses sin\b")
"""Who pays in parts pays by card."""


def unread_topic(case: Case, folded: str, besides: Container[str] = ()) -> str:
    """A topic of some words that no text in force speaks of, in whatever language; empty when there is none."""
    texts = " ".join(text for subject, text in case.knowledge.texts if subject not in case.knowledge.expired)
    over = " ".join(text for subject, text in case.knowledge.texts if subject in case.knowledge.expired)
    texts += " ".join(("", *(re.sub(r"\W", " ", g.claim.value) for g in case.knowledge.of_kind("link"))))
    return next(
        (
            name
            for name, (told, read) in _PATTERNS.items()
            if name not in besides
            and told.search(folded)
            and not read.search(texts)
            and not (name in _OF_OFFERS and read.search(over))
        ),
        "",
    )


def read_topic(case: Case, folded: str) -> bool:
    """Whether some words speak of a topic that a text in force speaks of, in whatever language."""
    texts = " ".join(text for _, text, _ in case.knowledge.sentences)
    told_and_read = (patterns for name, patterns in _PATTERNS.items() if name != "same day")
    return any(told.search(folded) and read.search(texts) for told, read in told_and_read)


def topic_objection(case: Case, claim: Claim, ground: Ground) -> str:
    """Why a rule's value is not about what the clause speaks of; empty when nothing speaks against it."""
    text = " ".join(value for subject, value in case.knowledge.texts if subject == ground.subject)
    if not text:
        return ""
    start, end = case.second_term(claim) or case.subjects.clause(claim.start)
    clause = case.reading.folded[_heading(case, start) : end]
    for name, (told, read) in _PATTERNS.items():
        if "card" in name and claim.kind in ("instalments", "price") and _IN_PARTS.search(text):
            continue
        if told.search(clause) and not read.search(text):
            return f"{ground.subject} does not speak of that ({name})"
    sentence = case.sentence_text(claim)
    channels = {name for name, pattern in _CHANNELS.items() if pattern.search(text)}
    for name, pattern in _CHANNELS.items():
        if channels and name not in channels and pattern.search(sentence):
            return f"{ground.subject} does not speak of that ({name})"
    spoken = _without_names(case, (_spoken_from(case, claim, start), end))
    place = _place_objection(case, spoken, text, ground) or other_place_objection(case, claim, ground)
    return place or _name_objection(case, (start, end), ground) or _kind_objection(clause, text, ground)


def _heading(case: Case, start: int) -> int:
    """Where a clause begins, or the heading before it: "envio por motoqueiro: doze reais"."""
    before = case.subjects.clause(start - 1) if start else None
    if not before or before[1] != start:
        return start
    heads = case.reading.folded[:start].rstrip().endswith(":")
    valued = any(before[0] <= c.start < before[1] for c in case.claims)
    bare = not valued and not any(map(tells_topic, re.findall(r"[a-z]{3,}", _around(case, start))))
    return before[0] if heads or bare else start


def _around(case: Case, start: int) -> str:
    """The words of a clause that are no part of a value."""
    end = case.subjects.clause(start)[1]
    hidden = [c.span for c in case.claims if start <= c.start < end]
    cut = [start, *(edge for span in hidden for edge in span), end]
    return " ".join(case.reading.folded[a:b] for a, b in zip(cut[::2], cut[1::2], strict=True))


def _name_objection(case: Case, clause: Span, ground: Ground) -> str:
    """A name that only another text has: "o motoboy atende Nova Lima" where the courier's rule has no such town."""
    own = case.knowledge.words.get(ground.subject, frozenset())
    strange = sorted(names_read(case, clause) - own)
    return f"{ground.subject} does not speak of {strange[0]!r}" if strange else ""


def names_read(case: Case, span: Span) -> frozenset[str]:
    """The stems of capitalised words of a span that a rule has: names of towns, of shops, of lines of goods."""
    rules = [w for s, w in case.knowledge.words.items() if not s.startswith(("product:", "company:"))]
    found: set[str] = set()
    for name in _CAPITAL.finditer(case.reading.text, *span):
        said = {meaning(word) for word in re.findall(r"[a-z]{3,}", fold(name.group())) if names_something(word)}
        found |= said if any(said <= words for words in rules) else set()
    return frozenset(found)


def _without_names(case: Case, span: Span) -> str:
    """A text as it is written, but for the names of products: "para a Calça Reta" is no place."""
    written = case.reading.text
    for mention in case.subjects.mentions:
        if not mention.foreign and span[0] <= mention.start < span[1]:
            written = written[: mention.start] + " " * (mention.end - mention.start) + written[mention.end :]
    return written[slice(*span)]


def _spoken_from(case: Case, claim: Claim, start: int) -> int:
    """Where the words begin that say of which place a value is: after the value before it."""
    sentence = containing(case.subjects.sentences, claim.start)
    before = [c.end for c in case.claims if c.kind == claim.kind and sentence[0] <= c.start < claim.start]
    return min(start, max(before, default=sentence[0]))


def other_place_objection(case: Case, claim: Claim, ground: Ground) -> str:
    """Why a value of one place is not that of another that the same rule names ("in Londrina", not "in Paraná")."""
    start, end = containing(case.subjects.sentences, claim.start)
    if not places_in(case.reading.text[start:end]):
        start = _asked_before(case, start)
    said = places_in(case.reading.text[start:end])
    named = PLACE.finditer(case.reading.text, start, end)
    inside = any(lies_in(m["place"], ground.places) for m in named)
    if not ground.places or not said or said & ground.places or inside:
        return ""
    return f"{ground.subject} says it of another place"


def _asked_before(case: Case, start: int) -> int:
    """Where the question begins that a sentence goes on from: "Mora em Londrina? Então a entrega é grátis"."""
    before = next((each for each in reversed(case.subjects.sentences) if each[0] < start), (start, start))
    return before[0] if asks(case.reading.folded[slice(*before)]) else start


def _kind_objection(clause: str, text: str, ground: Ground) -> str:
    """A "plano anual" where the rule tells a "plano mensal" from a "plano trimestral"."""
    for noun, kind in _pairs(clause):
        kinds = {other for known, other in _pairs(text) if known == noun}
        if len(kinds) > 1 and kind not in kinds and kind not in text:
            return f"{ground.subject} does not speak of {kind!r}"
    return ""


def _pairs(text: str) -> list[tuple[str, str]]:
    """Words that stand right beside each other, both of them telling."""
    words = re.findall(r"[a-z]{3,}|[^a-z\s]+|[a-z]{1,2}", text)
    return [(stem(a), stem(b)) for a, b in pairwise(words) if _tells(a) and _tells(b)]


def _tells(word: str) -> bool:
    return word.isalpha() and names_something(word) and tells_topic(word)


def _place_objection(case: Case, clause: str, text: str, ground: Ground) -> str:
    known = {stem(word) for word in re.findall(r"[a-z]+", text)}
    patterns = (PLACE, PLACE_ES) if case.locale == "es" else (PLACE,)
    for match in (each for pattern in patterns for each in pattern.finditer(clause)):
        if _SOMEBODY.match(clause, match.end()) and "ara " in match.group():
            continue
        words = [stem(word) for word in re.findall(r"[a-z]{3,}", fold(match["place"]))]
        if words and not all(word in known for word in words) and not is_in(match["place"], text):
            return f"{ground.subject} does not speak of {match['place']}"
    return ""
