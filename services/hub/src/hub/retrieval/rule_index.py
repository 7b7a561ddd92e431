"""The index of what can be quoted: rules, promotions, schedules and passages of documents.

Three views of a question are added up: BM25 over its words, the concepts it shares with what an item is about, and
n-gram similarity with titles and the owner's example questions. A tenant has tens or hundreds of these items, so plain
dictionaries do.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable
from typing import NamedTuple

from common.knowledge import Document, Promotion, Rule, Schedule
from hub.retrieval.concepts import shop_concepts
from hub.retrieval.ngrams import NgramIndex
from hub.retrieval.passages import passages_of
from hub.retrieval.port import AnswerableItem, AnswerableKind, RuleHit
from hub.retrieval.rule_text import Word, question_of, words_of
from hub.retrieval.speller import Speller
from hub.retrieval.words import portuguese_words, question_words

ItemKey = tuple[AnswerableKind, str]
EntryKey = tuple[AnswerableKind, str, int]

_TITLE = 3.0
_QUESTION = 2.0
_TEXT = 1.0
_CATEGORY = 0.5
"""Weights of the fields."""
_K1 = 1.2
_B = 0.3
_EXPLAINED = 0.8
"""What a word still counts by itself when it is part of a concept."""
_PHRASE_GAIN = 1.0
_CONCEPT_HALF = 2.0
"""The field weight at which a concept counts half: mentioned in passing is not what an item is about."""
_WORDS_SHARE, _CONCEPTS_SHARE, _NGRAMS_SHARE = 0.3, 0.5, 0.2
_PRIORITY_SHARE = 0.01


class _Entry(NamedTuple):
    """One thing to find: an item, or a passage of a document."""

    item: AnswerableItem
    kind: AnswerableKind
    passage: str
    counts: dict[str, float]
    length: int


class RuleIndex:
    """Put, remove, search. Used from one thread."""

    def __init__(self) -> None:
        self._entries: dict[EntryKey, _Entry] = {}
        self._postings: dict[str, set[EntryKey]] = {}
        self._parts: dict[ItemKey, int] = {}
        self._headings: NgramIndex[tuple[EntryKey, int]] = NgramIndex()
        self._heading_counts: dict[EntryKey, int] = {}
        self._speller = Speller()
        self._speller.add(shop_concepts().words)
        self._total_length = 0

    def put(self, kind: AnswerableKind, item: AnswerableItem) -> None:
        """Add or replace an item."""
        self.remove(kind, item.id)
        passages = passages_of(item.text) if isinstance(item, Document) else [""]
        self._parts[(kind, item.id)] = len(passages)
        for number, passage in enumerate(passages):
            self._put_entry((kind, item.id, number), item, passage)

    def remove(self, kind: AnswerableKind, item_id: str) -> None:
        """Forget an item, known or not."""
        for number in range(self._parts.pop((kind, item_id), 0)):
            key = (kind, item_id, number)
            entry = self._entries.pop(key)
            self._total_length -= entry.length
            for term in entry.counts:
                self._postings[term].discard(key)
                if not self._postings[term]:
                    del self._postings[term]
            for heading in range(self._heading_counts.pop(key)):
                self._headings.remove((key, heading))
            self._speller.remove(_spellable(entry.item, entry.passage))

    def search(self, text: str, limit: int, allowed: Callable[[AnswerableItem], bool]) -> list[RuleHit]:
        """The best items that are allowed, each once, with its best passage."""
        telling = [word for word in question_of(text, self._corrected) if word.telling]
        if not telling or not self._entries:
            return []
        best: dict[ItemKey, tuple[float, EntryKey]] = {}
        for key, score in self._scores(telling).items():
            if allowed(self._entries[key].item) and score > best.get(key[:2], (0.0, key))[0]:
                best[key[:2]] = (score, key)
        ranked = sorted(best.values(), key=lambda each: (-each[0], each[1]))[: limit + 1]
        return [
            self._hit(score, key, telling, ranked[place + 1][0] if place + 1 < len(ranked) else 0.0)
            for place, (score, key) in enumerate(ranked[:limit])
        ]

    def _put_entry(self, key: EntryKey, item: AnswerableItem, passage: str) -> None:
        counts: Counter[str] = Counter()
        length = 0
        for weight, text in _fields(item, passage):
            words = words_of(text)
            length += len(words)
            for term in _terms(words):
                counts[term] += weight  # type: ignore[assignment]
        self._entries[key] = _Entry(item, key[0], passage, dict(counts), length)
        self._total_length += length
        for term in counts:
            self._postings.setdefault(term, set()).add(key)
        headings = _headings(item)
        self._heading_counts[key] = len(headings)
        for number, heading in enumerate(headings):
            self._headings.put((key, number), [word.text for word in words_of(heading) if word.telling])
        self._speller.add(_spellable(item, passage))

    def _corrected(self, word: str) -> str:
        if word in portuguese_words() or word in question_words():
            return word
        return self._speller.slip_of(word)

    def _scores(self, telling: list[Word]) -> dict[EntryKey, float]:
        words = self._by_words({word.stem: _own_weight(word) for word in telling if not word.filler})
        concepts = self._by_concepts(_concept_weights(telling))
        ngrams: dict[EntryKey, float] = {}
        for (key, _), similarity in self._headings.similar([word.text for word in telling]).items():
            ngrams[key] = max(ngrams.get(key, 0.0), similarity)
        return {
            key: _WORDS_SHARE * words.get(key, 0.0)
            + _CONCEPTS_SHARE * concepts.get(key, 0.0)
            + _NGRAMS_SHARE * ngrams.get(key, 0.0)
            + _PRIORITY_SHARE * _priority(self._entries[key].item)
            for key in words.keys() | concepts.keys() | ngrams.keys()
        }

    def _by_words(self, terms: dict[str, float]) -> dict[EntryKey, float]:
        """BM25 as a share (0..1) of what an item with all the words could reach."""
        average = self._total_length / len(self._entries) or 1.0
        best = sum(weight * self._idf(term) for term, weight in terms.items()) * (_K1 + 1) or 1.0
        scores: dict[EntryKey, float] = {}
        for term, weight in terms.items():
            for key in self._postings.get(term, ()):
                entry = self._entries[key]
                count = entry.counts[term]
                norm = _K1 * (1 - _B + _B * entry.length / average)
                gain = weight * self._idf(term) * count * (_K1 + 1) / (count + norm) / best
                scores[key] = scores.get(key, 0.0) + gain
        return scores

    def _by_concepts(self, terms: dict[str, float]) -> dict[EntryKey, float]:
        """The share of the question's concepts that an item is about."""
        weights = {term: weight * self._idf(term) for term, weight in terms.items() if term in self._postings}
        total = sum(weights.values())
        scores: dict[EntryKey, float] = {}
        for term, weight in weights.items():
            for key in self._postings[term]:
                count = self._entries[key].counts[term]
                scores[key] = scores.get(key, 0.0) + weight / total * count / (count + _CONCEPT_HALF)
        return scores

    def _idf(self, term: str) -> float:
        holders = len(self._postings.get(term, ()))
        return math.log(1 + (len(self._entries) - holders + 0.5) / (holders + 0.5))

    def _hit(self, score: float, key: EntryKey, telling: list[Word], following: float) -> RuleHit:
        entry = self._entries[key]
        weights = [(word, self._weight(word)) for word in telling]
        matched = [(word, weight) for word, weight in weights if _knows(entry, word)]
        total = sum(weight for _, weight in weights) or 1.0
        return RuleHit(
            item=entry.item,
            kind=entry.kind,
            score=min(score, 1.0),
            coverage=sum(weight for _, weight in matched) / total,
            margin=score - following,
            passage=entry.passage,
            matched=tuple(dict.fromkeys(word.text for word, _ in matched)),
        )

    def _weight(self, word: Word) -> float:
        return min(map(self._idf, _terms([word])))


def _terms(words: Iterable[Word]) -> list[str]:
    """What is indexed and looked for: stems, and concepts marked with `@`."""
    terms = [word.stem for word in words if not word.filler]
    return terms + [f"@{concept}" for concept in dict.fromkeys(each for word in words for each in word.concepts)]


def _own_weight(word: Word) -> float:
    """What a word counts besides the concept it is part of: the longer the phrase, the less its words say alone."""
    return _EXPLAINED / word.phrase if word.concepts else 1.0


def _concept_weights(words: Iterable[Word]) -> dict[str, float]:
    """A concept that takes several words to say is meant more surely than one that a single word suggests."""
    weights: dict[str, float] = {}
    for word in words:
        for concept in word.concepts:
            weight = 1 + _PHRASE_GAIN * (word.phrase - 1)
            weights[f"@{concept}"] = max(weights.get(f"@{concept}", 0.0), weight)
    return weights


def _knows(entry: _Entry, word: Word) -> bool:
    return any(term in entry.counts for term in _terms([word]))


def _priority(item: AnswerableItem) -> float:
    return item.priority / 100 if isinstance(item, Rule) else 0.5


def _fields(item: AnswerableItem, passage: str) -> Iterable[tuple[float, str]]:
    if isinstance(item, Schedule):
        yield _TITLE, f"{item.service} agendamento"
        yield _TEXT, f"{item.description}\n{item.policies}\n{item.required_information}"
        return
    yield _TITLE, item.title
    if isinstance(item, Document):
        yield _TEXT, passage
        return
    yield _CATEGORY, item.category
    yield _TEXT, item.text
    if isinstance(item, Promotion):
        yield _TITLE, f"promocao {item.coupon}"
    yield from ((_QUESTION, question) for question in item.questions)


def _headings(item: AnswerableItem) -> list[str]:
    if isinstance(item, Schedule):
        return [item.service]
    return [item.title, *(item.questions if isinstance(item, Rule) else ())]


def _spellable(item: AnswerableItem, passage: str) -> set[str]:
    texts = (text for _, text in _fields(item, passage))
    return {word.text for text in texts for word in words_of(text) if len(word.text) >= 3}
