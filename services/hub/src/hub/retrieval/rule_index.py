"""The index of what can be quoted: rules, promotions, schedules and passages of documents.

Three views of a question are added up: BM25 over its words, the concepts it shares with what an item is about, and
n-gram similarity with titles and the owner's example questions. A tenant has tens or hundreds of these items, so plain
dictionaries do.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple, cast

from common.knowledge import Document, Schedule
from hub.retrieval import fusion
from hub.retrieval.concepts import Meaning, shop_concepts
from hub.retrieval.ngrams import NgramIndex
from hub.retrieval.passages import passages_of
from hub.retrieval.places import Places, fit, places_of_question, places_of_rule
from hub.retrieval.port import NOTHING_NEAR, AnswerableItem, AnswerableKind, Nearest, RuleHit
from hub.retrieval.rule_fields import about, fields, headings, priority
from hub.retrieval.rule_text import Word, meaning_of, question_of, words_of
from hub.retrieval.speller import Speller
from hub.retrieval.words import portuguese_words, question_words

ItemKey = tuple[AnswerableKind, str]
EntryKey = tuple[AnswerableKind, str, int]

_K1 = 1.2
_B = 0.3
_WORDS_SHARE, _CONCEPTS_SHARE, _NGRAMS_SHARE = 0.35, 0.85, 0.7
"""They add up to more than 1 because no item reaches all of each; the tests show what a score of 0.5 is worth. The
n-gram similarity is squared: near to what the owner wrote counts for much, a few letters in common for nothing."""
_PRIORITY_SHARE = 0.01
_LEAST_TRUST = 0.1
"""What the concepts of a question count when none of its telling words speaks for them."""
_OF_PLACE = {3: 1.3, 2: 1.3, 1: 1.15, 0: 1.0, -1: 0.4}
"""What a rule's score is worth for a question about a place: the rule names it, its region, is for everywhere, names no
place, or only others."""
_ELSEWHERE = 0.7
"""The same for a rule for the region or everywhere where another one names the place: it is for the rest then."""
_RANKED = 50
"""How many places of each order are fused."""
_CLEAR_LEAD = 0.15
"""From this lead on what the words put first stays first. Places alone forget how sure the words were: without this,
on the part `dev` of the suite, random vectors took the rule first found from 97 % right to 45 %; with it to 96 %, and
vectors that are right in 8 of 10 questions bring 98 %."""
_ABOUT = 0.3
"""From here on an item is about a concept and does not only mention it."""
_STRONG = 10.0
"""Evidence for a concept that leaves no doubt: three pairs of words that hardly any other concept knows."""


class _Entry(NamedTuple):
    """One thing to find: an item, or a passage of a document."""

    item: AnswerableItem
    kind: AnswerableKind
    passage: str
    counts: dict[str, float]
    length: int
    about: dict[str, float]
    places: Places


class RuleIndex:
    """Put, remove, search. Used from one thread.

    `knows`: words that are no slips although no item here has them, such as the names of products.
    """

    def __init__(self, knows: Callable[[str], bool] = lambda _: False) -> None:
        self._knows = knows
        self._entries: dict[EntryKey, _Entry] = {}
        self._postings: dict[str, set[EntryKey]] = {}
        self._parts: dict[ItemKey, int] = {}
        self._headings: NgramIndex[tuple[EntryKey, int]] = NgramIndex()
        self._heading_counts: dict[EntryKey, int] = {}
        self._speller = Speller()
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

    def search(
        self, text: str, limit: int, allowed: Callable[[AnswerableItem], bool], near: Nearest = NOTHING_NEAR
    ) -> list[RuleHit]:
        """The best items that are allowed, each once, with its best passage."""
        words = question_of(text, self._corrected)
        if not words or not self._entries:
            return []
        meaning = meaning_of(words)
        asked = places_of_question(text)
        best: dict[ItemKey, tuple[float, EntryKey]] = {}
        scores = self._scores(words, meaning)
        worth = _worth_by_fit({fit(asked, self._entries[key].places) for key in scores})
        for key, plain_score in scores.items():
            score = plain_score * worth[fit(asked, self._entries[key].places)]
            if allowed(self._entries[key].item) and score > best.get(key[:2], (0.0, key))[0]:
                best[key[:2]] = (score, key)
        shown = _RANKED if near.quotable else limit
        ranked = sorted(best.values(), key=lambda each: (-each[0], each[1]))[: shown + 1]
        telling = tuple(dict.fromkeys(word.text for word in words if not word.filler and word.text not in asked.said))
        by_words = [
            self._hit(
                key, score, score - (ranked[place + 1][0] if place + 1 < len(ranked) else 0.0), words, meaning
            ).model_copy(
                update={
                    "fits_place": fit(asked, self._entries[key].places) > 0,
                    "names_place": fit(asked, self._entries[key].places) > 2,
                    "asked": telling,
                }
            )
            for place, (score, key) in enumerate(ranked[:shown])
        ]
        if not near.quotable:
            return by_words
        order = _joined(by_words, self._by_meaning(near, allowed, words, meaning), near.weight)
        return fusion.first_kept(order, [hit for hit in order if by_words and hit.item is by_words[0].item], limit)

    def _by_meaning(
        self, near: Nearest, allowed: Callable[[AnswerableItem], bool], words: Sequence[Word], meaning: Meaning
    ) -> list[RuleHit]:
        """The nearest items that are still there and allowed, each with its nearest passage."""
        found: dict[ItemKey, RuleHit] = {}
        for kind, item_id, part, similarity in near.quotable:
            key = (cast(AnswerableKind, kind), item_id, part)
            entry = self._entries.get(key)
            if entry is not None and key[:2] not in found and allowed(entry.item):
                hit = self._hit(key, 0.0, 0.0, words, meaning)
                found[key[:2]] = hit.model_copy(update={"similarity": similarity})
        return list(found.values())

    def _put_entry(self, key: EntryKey, item: AnswerableItem, passage: str) -> None:
        counts: Counter[str] = Counter()
        length = 0
        for weight, text in fields(item, passage):
            words = words_of(text)
            length += len(words)
            for word in words:
                if not word.filler:
                    counts[word.stem] += weight  # type: ignore[assignment]
        self._entries[key] = _Entry(
            item, key[0], passage, dict(counts), length, about(item, passage), _places(item, passage)
        )
        self._total_length += length
        for term in counts:
            self._postings.setdefault(term, set()).add(key)
        texts = headings(item)
        self._heading_counts[key] = len(texts)
        for number, heading in enumerate(texts):
            self._headings.put((key, number), _telling(words_of(heading)))
        self._speller.add(_spellable(item, passage))

    def _corrected(self, word: str) -> str:
        if word in portuguese_words() or word in question_words() or _shop_speller().knows(word) or self._knows(word):
            return word
        own = self._speller.slip_of(word)
        return own if own != word else _shop_speller().slip_of(word)

    def _scores(self, words: Sequence[Word], meaning: Meaning) -> dict[EntryKey, float]:
        by_words = self._by_words({word.stem for word in words if not word.filler})
        by_concepts = self._by_concepts(meaning, _understood(words, meaning))
        by_ngrams: dict[EntryKey, float] = {}
        for (key, _), similarity in self._headings.similar(_telling(words)).items():
            by_ngrams[key] = max(by_ngrams.get(key, 0.0), similarity)
        return {
            key: _WORDS_SHARE * by_words.get(key, 0.0)
            + _CONCEPTS_SHARE * by_concepts.get(key, 0.0)
            + _NGRAMS_SHARE * by_ngrams.get(key, 0.0) ** 2
            + _PRIORITY_SHARE * priority(self._entries[key].item)
            for key in by_words.keys() | by_concepts.keys() | by_ngrams.keys()
        }

    def _by_words(self, stems: set[str]) -> dict[EntryKey, float]:
        """BM25 as a share (0..1) of what an item with all the words could reach."""
        average = self._total_length / len(self._entries) or 1.0
        best = sum(map(self._idf, stems)) * (_K1 + 1)
        scores: dict[EntryKey, float] = {}
        for term in sorted(stems):
            for key in self._postings.get(term, ()):
                entry = self._entries[key]
                count = entry.counts[term]
                norm = _K1 * (1 - _B + _B * entry.length / average)
                scores[key] = scores.get(key, 0.0) + self._idf(term) * count * (_K1 + 1) / (count + norm) / best
        return scores

    def _by_concepts(self, meaning: Meaning, understood: float) -> dict[EntryKey, float]:
        """The share of what is asked for that an item is about."""
        trust = _LEAST_TRUST + (1 - _LEAST_TRUST) * understood
        scores = (
            (key, trust * sum(share * entry.about.get(concept, 0.0) for concept, share in meaning.shares.items()))
            for key, entry in self._entries.items()
        )
        return {key: score for key, score in scores if score}

    def _idf(self, term: str) -> float:
        holders = len(self._postings.get(term, ()))
        return math.log(1 + (len(self._entries) - holders + 0.5) / (holders + 0.5))

    def _hit(self, key: EntryKey, score: float, margin: float, words: Sequence[Word], meaning: Meaning) -> RuleHit:
        entry = self._entries[key]
        concepts = {concept for concept, degree in entry.about.items() if degree >= _ABOUT}
        total = known = 0.0
        matched: dict[str, None] = {}
        for word, supports in zip(words, meaning.supports, strict=True):
            if word.filler and not supports:
                continue
            weight = self._idf(word.stem)
            total += weight
            if word.stem in entry.counts or concepts & supports:
                known += weight
                matched[word.text] = None
        return RuleHit(
            item=entry.item,
            kind=entry.kind,
            score=min(1.0, score),
            rank=score,
            coverage=round(known / total, 6) if total else 0.0,
            margin=margin,
            passage=entry.passage,
            matched=tuple(matched),
            meant=min(1.0, sum(meaning.strengths.get(concept, 0.0) for concept in concepts) / _STRONG),
        )


def _worth_by_fit(fits: set[int]) -> dict[int, float]:
    return _OF_PLACE | {2: _ELSEWHERE, 1: _ELSEWHERE} if 3 in fits else _OF_PLACE


def _joined(by_words: Sequence[RuleHit], by_meaning: Sequence[RuleHit], weight: float) -> list[RuleHit]:
    """Both orders as one. A hit of the words stays as it is and only learns how near it is in meaning."""
    found = {(hit.kind, hit.item.id): hit for hit in (*by_meaning, *by_words)}
    similarity = {(hit.kind, hit.item.id): hit.similarity for hit in by_meaning}
    known = max((hit.coverage for hit in by_words), default=0.0)
    order = fusion.fused(
        [(hit.kind, hit.item.id) for hit in by_words], list(similarity), fusion.weight_of_meaning(weight, known)
    )
    if by_words and by_words[0].margin >= _CLEAR_LEAD:
        order.sort(key=lambda key: key != (by_words[0].kind, by_words[0].item.id))
    return [found[key].model_copy(update={"similarity": similarity.get(key)}) for key in order]


@lru_cache(maxsize=1)
def _shop_speller() -> Speller:
    """The words of the general concepts, once for all tenants."""
    speller = Speller()
    speller.add(shop_concepts().words)
    return speller


def _places(item: AnswerableItem, passage: str) -> Places:
    if isinstance(item, Schedule):
        return Places()
    return places_of_rule(f"{item.title} . {passage or item.text}")


def _understood(words: Sequence[Word], meaning: Meaning) -> float:
    """The share of the telling words that speak for the concepts found."""
    telling = [supports for word, supports in zip(words, meaning.supports, strict=True) if not word.filler]
    return sum(map(bool, telling)) / len(telling) if telling else 1.0


def _telling(words: Iterable[Word]) -> list[str]:
    return [word.text for word in words if not word.filler]


def _spellable(item: AnswerableItem, passage: str) -> set[str]:
    texts = (text for _, text in fields(item, passage))
    return {word.text for text in texts for word in words_of(text) if len(word.text) >= 3}
