"""Answers in the owner's words: one rule verbatim when it surely fits, a choice when several may, silence otherwise."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from common.knowledge import Document, Promotion, Rule, Schedule
from common.queries import Fact, Source
from hub.responder import facts
from hub.responder.choices import offer
from hub.responder.intents import Question, without_insults
from hub.responder.parts import Part, Turn
from hub.responder.promotions import promotion_part
from hub.responder.schedules import schedule_part
from hub.retrieval.port import AnswerableItem, RuleHit
from hub.truth_gate.extract import extract
from hub.truth_gate.reading import Reading, fold, stem

# WhatsApp takes 4096 characters in a message, which holds other answers too.
_RULE_CHARACTERS: Final = 2500
_PASSAGE_CHARACTERS: Final = 900
_OFFERED: Final = 3


@dataclass(frozen=True)
class Sureness:
    """What a hit needs to be quoted without asking."""

    score: float
    coverage: float
    margin: float
    literal: float
    """Share of the question's own words that stand in the item: synonyms alone do not make sure."""


# Good and ahead, fair and far ahead, or good in nearly all of the very words. What these come to, on reworded and on
# unanswerable questions, is held by tests/unit/hub_responder/test_sureness.py.
SURE: Final = (
    Sureness(score=0.55, coverage=0.6, margin=0.08, literal=0.34),
    Sureness(score=0.4, coverage=0.6, margin=0.2, literal=0.34),
    Sureness(score=0.55, coverage=0.5, margin=0.05, literal=0.67),
    Sureness(score=0.7, coverage=0.45, margin=0.2, literal=0.3),
)
_WITHOUT_WORDS: Final = Sureness(score=0.5, coverage=0.5, margin=0.1, literal=0.0)
POSSIBLE: Final = Sureness(score=0.2, coverage=0.2, margin=0.0, literal=0.0)
_ENOUGH: Final = 0.85
_UNKNOWN_WORD: Final = 0.1
"""Of the sum below, found on the part `dev` of the suites: hardly a wrong rule is above it."""
_MOST_LEAD: Final = 0.4
_PAIR: Final = 2
_BEYOND_DOUBT: Final = 0.95
_AS_GOOD: Final = 0.1
_MORE_IMPORTANT: Final = 5


@dataclass(frozen=True)
class Found:
    """What the rules have for a question: the hits worth showing, and whether the first surely is the answer."""

    hits: tuple[RuleHit, ...]
    sure: bool

    @property
    def best(self) -> RuleHit:
        """The first hit."""
        return self.hits[0]


def find(turn: Turn, question: Question, before: str = "") -> Found | None:
    """Look for the rule that answers (`before` are words that led to it); None when nothing is near."""
    asked = without_insults(question.text) if question.wants("insult") else question.text
    text = _worded(f"{before} {asked}".strip(), turn)
    hits = _possible(turn.knowledge.rules(text, 5, today=turn.today))
    if not hits:
        return None
    foreign = turn.language != turn.input.tenant.locale
    if _evidence(question, hits[0]) >= _ENOUGH or any(
        _reaches(question, hits[0], level, foreign=foreign) for level in SURE
    ):
        return Found(tuple(hits), sure=True)
    ahead = _ahead(question, hits, foreign=foreign)
    first = ahead or hits[0]
    near = turn.near(question.text)
    if near.quotable:
        # Words alone decide whether there is an answer, and what is likeliest; meaning orders what else may be meant.
        hits = _possible(turn.knowledge.rules(text, 5, today=turn.today, near=near))
    return Found((first, *(hit for hit in hits if hit.item is not first.item)), sure=ahead is not None)


def _possible(hits: Sequence[RuleHit]) -> list[RuleHit]:
    return [hit for hit in hits if hit.score >= POSSIBLE.score and hit.coverage >= POSSIBLE.coverage]


def _worded(text: str, turn: Turn) -> str:
    """The text without codes, which no rule knows ("quanto é o frete para 30140-131?")."""
    reading = Reading.of(text)
    codes = [c for c in extract(reading, turn.language, turn.today) if c.kind in ("sku", "phone", "email", "link")]
    words = reading.text
    for code in reversed(codes):
        words = f"{words[: code.start]} {words[code.end :]}"
    return words


def _reaches(question: Question, hit: RuleHit, level: Sureness, *, foreign: bool) -> bool:
    """Whether a hit is sure at a level.

    Words of another language cannot stand in the rule, and a place that the rule covers need not: there the score and
    the lead decide.
    """
    if hit.margin < level.margin:
        return False
    of_place = hit.fits_place and question.topics != {"store"}
    if foreign or of_place:
        return hit.score >= _WITHOUT_WORDS.score and hit.margin >= _WITHOUT_WORDS.margin
    return _is_good(question, hit, level)


def _evidence(question: Question, hit: RuleHit) -> float:
    """All that speaks for a hit, added up: what one measure lacks another may have. Synonyms alone are nothing."""
    if not _literal(question, hit):
        return 0.0
    stems = _stems_of(hit.item)
    unknown = sum(word not in hit.matched and stem(word) not in stems for word in question.content)
    spoken_for = 0.25 * hit.coverage + 0.25 * _literal(question, hit) - _UNKNOWN_WORD * unknown
    return 0.5 * min(hit.score, 1.0) + 0.5 * min(hit.margin, _MOST_LEAD) + spoken_for


def _is_good(question: Question, hit: RuleHit, level: Sureness) -> bool:
    fits = hit.score >= level.score and hit.coverage >= level.coverage
    literal = _literal(question, hit)
    # Of two telling words one alone says little, unless all else speaks for it.
    halved = len(question.content) == _PAIR and literal <= 0.5 and hit.score < _BEYOND_DOUBT
    return fits and literal >= level.literal and not halved


def _literal(question: Question, hit: RuleHit) -> float:
    stems = {stem(word) for word in question.content if word.isalpha()}
    if not stems:
        return 0.0 if question.content else 1.0
    return len(stems & _stems_of(hit.item)) / len(stems)


def says_all(hit: RuleHit, question: Question) -> bool:
    """Whether every telling word of a question stands in an item, or is understood to be what it is about."""
    stems = _stems_of(hit.item)
    return all(stem(word) in stems or word in hit.matched for word in question.content) and any(
        stem(word) in stems for word in question.content
    )


def _ahead(question: Question, hits: Sequence[RuleHit], *, foreign: bool) -> RuleHit | None:
    """Between good hits that score alike: the one of the topic's category, with most of the very words.

    Among equals the owner's more important one.
    """
    good = [hit for hit in hits if (foreign and hit.score >= _WITHOUT_WORDS.score) or _is_good(question, hit, SURE[0])]
    near = [hit for hit in good if hits[0].score - hit.score < _AS_GOOD]
    near = [hit for hit in near if _category(hit.item) in question.topics] or near
    if not near:
        return None
    literal = [_literal(question, hit) for hit in near]
    best = [hit for hit, share in zip(near, literal, strict=True) if share == max(literal)]
    if len(best) == 1:
        return best[0]
    important = sorted(best, key=lambda hit: -_priority(hit.item))
    clear = _priority(important[0].item) - _priority(important[1].item) >= _MORE_IMPORTANT
    return important[0] if clear else None


def _stems_of(item: AnswerableItem) -> set[str]:
    questions = " ".join(item.questions) if isinstance(item, Rule) else ""
    words = f"{title_of(item)} {item.policies if isinstance(item, Schedule) else item.text} {questions}"
    return {stem(word) for word in re.findall(r"[a-z0-9]+", fold(words))}


def _category(item: AnswerableItem) -> str:
    return item.category if isinstance(item, Rule) else ""


def _priority(item: AnswerableItem) -> int:
    return item.priority if isinstance(item, Rule) else 0


def answer(turn: Turn, found: Found) -> Part:
    """The rule, or the choice between those that may be meant."""
    return quoted(turn, found.best.item, found.best.passage) if found.sure else asked(turn, found.hits)


def quoted(turn: Turn, item: AnswerableItem, passage: str = "") -> Part:
    """An item in its owner's words."""
    if isinstance(item, Promotion):
        return promotion_part(turn, item)
    if isinstance(item, Schedule):
        return schedule_part(turn, item)
    if isinstance(item, Document):
        return _document(turn, item, passage)
    text = _shortened(item.text.strip(), _RULE_CHARACTERS)
    return Part(
        text,
        "rule",
        facts=facts.rule_facts(item.model_copy(update={"text": text}), turn.now, turn.language),
        sources=(Source(kind="rule", id=item.id, title=item.title),),
    )


def _document(turn: Turn, document: Document, passage: str) -> Part:
    text = _shortened((passage or document.text).strip(), _PASSAGE_CHARACTERS)
    return Part(
        text,
        "rule",
        facts=facts.document_facts(document, text, turn.now, turn.language),
        sources=(Source(kind="document", id=document.id, title=document.title),),
    )


def _shortened(text: str, length: int) -> str:
    """As many whole sentences as fit into a chat message: half a condition is another condition."""
    if len(text) <= length:
        return text
    cut = text[:length]
    end = max(cut.rfind(". ") + 1, cut.rfind("\n"), cut.rfind("! ") + 1)
    return cut[: end or length].strip()


def asked(turn: Turn, hits: Sequence[RuleHit]) -> Part:
    """Ask back: "você quis dizer", with the titles that may be meant, and a person."""
    shown = hits[:_OFFERED]
    options = [(title_of(hit.item), f"{hit.kind}:{hit.item.id}") for hit in shown]
    options.append((turn.texts.say("choice_person"), "person"))
    lines = [turn.texts.say("ask_choice"), *(f"{n}. {title}" for n, (title, _) in enumerate(options, start=1))]
    known = [fact for hit in shown for fact in _title_facts(turn, hit)]
    return Part(
        "\n".join(lines),
        "choice",
        facts=tuple(known),
        sources=tuple(Source(kind=hit.kind, id=hit.item.id, title=title_of(hit.item)) for hit in shown),
        choices=offer(options),
        missed=True,
    )


def near_in_meaning(turn: Turn, question: Question) -> Part | None:
    """Ask whether a rule was meant that shares no telling word with the question, where the company wants that."""
    settings = turn.input.tenant.assistant.embeddings
    if settings is None or settings.offer_from is None:
        return None
    least = settings.offer_from
    hits = turn.knowledge.rules(question.text, 5, today=turn.today, near=turn.near(question.text))
    near = [hit for hit in hits if hit.similarity is not None and hit.similarity >= least]
    return asked(turn, sorted(near, key=lambda hit: -(hit.similarity or 0.0))) if near else None


def _title_facts(turn: Turn, hit: RuleHit) -> tuple[Fact, ...]:
    subject = f"{hit.kind}:{hit.item.id}"
    return facts.words_facts(title_of(hit.item), subject, turn.now, turn.language)


def title_of(item: AnswerableItem) -> str:
    """What people call the item."""
    return item.service if isinstance(item, Schedule) else item.title


def may_be_told(turn: Turn, item: AnswerableItem) -> bool:
    """Whether an item that was offered may still be told: it can have expired since."""
    if not isinstance(item, Rule):
        return True
    started = item.valid_from is None or item.valid_from <= turn.today
    ended = item.valid_until is not None and item.valid_until < turn.today
    return started and not ended and item.audience != "staff"
