"""The index of what can be quoted: rules, promotions, schedules and passages of documents.

Two views of a question are added up: BM25 over stems and concepts, and n-gram similarity with titles and the owner's
example questions. A tenant has tens or hundreds of these items, so plain dictionaries do.
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
from hub.retrieval.rule_text import Word, terms_of, words_of
from hub.retrieval.speller import Speller
from hub.retrieval.words import question_words

ItemKey = tuple[AnswerableKind, str]
EntryKey = tuple[AnswerableKind, str, int]

_K1 = 1.2
_B = 0.3
_TITLE_WEIGHT = 3.0
_QUESTION_WEIGHT = 2.0
_CATEGORY_WEIGHT = 0.5
_TEXT_WEIGHT = 1.0
_CONCEPT_WEIGHT = 1.0
_NGRAM_SHARE = 0.35
_PRIORITY_SHARE = 0.02


class _Entry(NamedTuple):
    """One thing to find: an item, or a passage of a document."""

    item: AnswerableItem
    kind: AnswerableKind
    passage: str
    counts: dict[str, float]
    length: float


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
        self._total_length = 0.0

    def put(self, kind: AnswerableKind, item: AnswerableItem) -> None:
        """Add or replace an item."""
        self.remove(kind, item.id)
        passages = passages_of(item.text) if isinstance(item, Document) else [""]
        self._parts[(kind, item.id)] = len(passages)
        for number, passage in enumerate(passages):
            self._put_entry((kind, item.id, number), item, kind, passage)

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
        words = words_of(text, chat=True, corrected=self._corrected)
        telling = [word for word in words if word.concepts or not word.filler]
        if not telling or not self._entries:
            return []
        scores = self._scores(telling)
        best: dict[ItemKey, tuple[float, EntryKey]] = {}
        for key, score in scores.items():
            entry = self._entries[key]
            if allowed(entry.item) and score > best.get(key[:2], (0.0, key))[0]:
                best[key[:2]] = (score, key)
        ranked = sorted(best.values(), key=lambda each: (-each[0], each[1]))[: limit + 1]
        return [
            self._hit(score, key, telling, ranked[place + 1][0] if place + 1 < len(ranked) else 0.0)
            for place, (score, key) in enumerate(ranked[:limit])
        ]

    def _put_entry(self, key: EntryKey, item: AnswerableItem, kind: AnswerableKind, passage: str) -> None:
        counts: Counter[str] = Counter()
        length = 0
        for weight, text in _fields(item, passage):
            terms = list(terms_of(words_of(text)))
            length += len(terms)
            for term in terms:
                counts[term] += weight  # type: ignore[assignment]
        entry = _Entry(item, kind, passage, dict(counts), length)
        self._entries[key] = entry
        self._total_length += length
        for term in counts:
            self._postings.setdefault(term, set()).add(key)
        headings = _headings(item)
        self._heading_counts[key] = len(headings)
        for number, heading in enumerate(headings):
            self._headings.put((key, number), _telling_texts(words_of(heading)))
        self._speller.add(_spellable(item, passage))

    def _corrected(self, word: str) -> str:
        if self._speller.knows(word) or word.isdigit() or word in question_words():
            return word
        suggestions = self._speller.suggestions(word)
        return suggestions[0] if suggestions else word

    def _scores(self, telling: list[Word]) -> dict[EntryKey, float]:
        by_terms = self._by_terms(list(dict.fromkeys(terms_of(telling))))
        by_ngrams: dict[EntryKey, float] = {}
        for (key, _), similarity in self._headings.similar(_telling_texts(telling)).items():
            by_ngrams[key] = max(by_ngrams.get(key, 0.0), similarity)
        return {
            key: (1 - _NGRAM_SHARE) * by_terms.get(key, 0.0)
            + _NGRAM_SHARE * by_ngrams.get(key, 0.0)
            + _PRIORITY_SHARE * _priority(self._entries[key].item)
            for key in by_terms.keys() | by_ngrams.keys()
        }

    def _by_terms(self, terms: list[str]) -> dict[EntryKey, float]:
        """BM25 as a share (0..1) of what an item with all the terms could reach."""
        average = self._total_length / len(self._entries)
        best = sum(self._weight(term) for term in terms) * (_K1 + 1)
        scores: dict[EntryKey, float] = {}
        for term in terms:
            weight = self._weight(term)
            for key in self._postings.get(term, ()):
                entry = self._entries[key]
                count = entry.counts[term]
                norm = _K1 * (1 - _B + _B * entry.length / average)
                scores[key] = scores.get(key, 0.0) + weight * count * (_K1 + 1) / (count + norm) / best
        return scores

    def _weight(self, term: str) -> float:
        holders = len(self._postings.get(term, ()))
        idf = math.log(1 + (len(self._entries) - holders + 0.5) / (holders + 0.5))
        return idf * (_CONCEPT_WEIGHT if term.startswith("@") else 1.0)

    def _hit(self, score: float, key: EntryKey, telling: list[Word], following: float) -> RuleHit:
        entry = self._entries[key]
        weights = [(word, self._telling_weight(word)) for word in telling]
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

    def _telling_weight(self, word: Word) -> float:
        terms = ([] if word.filler else [word.stem]) + [f"@{each}" for each in word.concepts]
        return min((self._weight(term) for term in terms), default=0.0)


def _knows(entry: _Entry, word: Word) -> bool:
    return (not word.filler and word.stem in entry.counts) or any(f"@{each}" in entry.counts for each in word.concepts)


def _priority(item: AnswerableItem) -> float:
    return item.priority / 100 if isinstance(item, Rule) else 0.5


def _fields(item: AnswerableItem, passage: str) -> Iterable[tuple[float, str]]:
    if isinstance(item, Schedule):
        yield _TITLE_WEIGHT, f"{item.service} agendamento"
        yield _TEXT_WEIGHT, f"{item.description}\n{item.policies}\n{item.required_information}"
        return
    yield _TITLE_WEIGHT, item.title
    if isinstance(item, Document):
        yield _TEXT_WEIGHT, passage
        return
    yield _CATEGORY_WEIGHT, item.category
    yield _TEXT_WEIGHT, item.text
    if isinstance(item, Promotion):
        yield _TITLE_WEIGHT, f"promocao {item.coupon}"
    yield from ((_QUESTION_WEIGHT, question) for question in item.questions)


def _headings(item: AnswerableItem) -> list[str]:
    if isinstance(item, Schedule):
        return [item.service]
    return [item.title, *(item.questions if isinstance(item, Rule) else ())]


def _telling_texts(words: list[Word]) -> list[str]:
    return [word.text for word in words if word.concepts or not word.filler]


def _spellable(item: AnswerableItem, passage: str) -> set[str]:
    texts = (text for _, text in _fields(item, passage))
    return {word.text for text in texts for word in words_of(text) if len(word.text) >= 3}
