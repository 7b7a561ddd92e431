"""Answers in the owner's words: one rule verbatim when it surely fits, a choice when several may, silence otherwise."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from common.knowledge import Document, Promotion, Rule, Schedule
from common.queries import Fact, Source
from hub.responder import facts
from hub.responder.choices import offer
from hub.responder.intents import Question
from hub.responder.parts import Part, Turn
from hub.responder.promotions import promotion_part
from hub.responder.schedules import schedule_part
from hub.retrieval.port import AnswerableItem, RuleHit
from hub.truth_gate.extract import extract
from hub.truth_gate.reading import Reading

_QUOTED_CHARACTERS: Final = 900
_OFFERED: Final = 3


@dataclass(frozen=True)
class Sureness:
    """What a hit needs to be quoted without asking."""

    score: float
    coverage: float
    margin: float


# A hit is quoted when it is good and ahead, fair and far ahead, or very good though it knows fewer of the words. Of 60
# reworded questions to a shop of 30 rules 45 were so quoted rightly and 1 wrongly, and of 30 that its rules do not
# answer 1; nearly all others were asked back with the right rule on offer.
SURE: Final = (
    Sureness(score=0.55, coverage=0.5, margin=0.08),
    Sureness(score=0.4, coverage=0.5, margin=0.2),
    Sureness(score=0.75, coverage=0.4, margin=0.3),
)
POSSIBLE: Final = Sureness(score=0.3, coverage=0.35, margin=0.0)
_AS_GOOD: Final = 0.08


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
    text = _worded(f"{before} {question.text}".strip(), turn)
    hits = turn.knowledge.rules(text, 5, today=turn.today)
    hits = [hit for hit in hits if hit.score >= POSSIBLE.score and hit.coverage >= POSSIBLE.coverage]
    if not hits:
        return None
    sure = any(_reaches(hits[0], level) for level in SURE) or _alone_on_topic(question, hits)
    return Found(tuple(hits), sure)


def _worded(text: str, turn: Turn) -> str:
    """The text without codes, which no rule knows ("quanto é o frete para 30140-131?")."""
    reading = Reading.of(text)
    codes = [c for c in extract(reading, turn.language, turn.today) if c.kind in ("sku", "phone", "email", "link")]
    words = reading.text
    for code in reversed(codes):
        words = f"{words[: code.start]} {words[code.end :]}"
    return words


def _reaches(hit: RuleHit, level: Sureness) -> bool:
    return hit.score >= level.score and hit.coverage >= level.coverage and hit.margin >= level.margin


def _alone_on_topic(question: Question, hits: Sequence[RuleHit]) -> bool:
    """Between rules that score alike, the only one of the category asked about wins."""
    if hits[0].score < SURE[0].score or hits[0].coverage < SURE[0].coverage:
        return False
    near = [hit for hit in hits if hits[0].score - hit.score < _AS_GOOD]
    on_topic = [hit for hit in near if isinstance(hit.item, Rule) and hit.item.category in question.topics]
    return len(on_topic) == 1 and on_topic[0] is hits[0]


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
    return Part(
        item.text.strip(),
        "rule",
        facts=facts.rule_facts(item, turn.now, turn.language),
        sources=(Source(kind="rule", id=item.id, title=item.title),),
    )


def _document(turn: Turn, document: Document, passage: str) -> Part:
    text = (passage or document.text).strip()[:_QUOTED_CHARACTERS]
    if len(text) == _QUOTED_CHARACTERS:
        # Never end in the middle of a sentence of the owner: half a condition is another condition.
        text = text[: max(text.rfind(". "), text.rfind("\n"), 0) + 1].strip()
    return Part(
        text,
        "rule",
        facts=facts.document_facts(document, text, turn.now, turn.language),
        sources=(Source(kind="document", id=document.id, title=document.title),),
    )


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
