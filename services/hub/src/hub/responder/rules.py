"""Answers in the owner's words: one rule verbatim when it surely fits, a choice when several may, silence otherwise."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from common.facts import Fact, Source
from common.knowledge import Document, Promotion, Rule, Schedule
from hub.responder import facts, follow_ups
from hub.responder.choices import offer
from hub.responder.evidence import (
    OF_ANY_PRODUCT,
    Evidence,
    appeal,
    category_of,
    confidence,
    evidence_of,
    is_clear,
    is_faint,
    tells_when,
    unknown_words,
    words_of,
)
from hub.responder.intents import Question, folded, without_insults
from hub.responder.parts import Part, Turn
from hub.responder.promotions import promotion_part
from hub.responder.schedules import schedule_part
from hub.retrieval.port import AnswerableItem, RuleHit, TenantKnowledge
from hub.truth_gate.claims.extract import read_claims
from hub.truth_gate.language.reading import fold, stem

# WhatsApp takes 4096 characters in a message, which holds other answers too.
_RULE_CHARACTERS: Final = 2500
_PASSAGE_CHARACTERS: Final = 900
_OFFERED: Final = 3


SURE: Final = 0.6
"""From here on an item is quoted without asking; what that comes to is held by tests/unit/hub_responder."""
LIKELY: Final = 0.25
"""From here on it is quoted where the alternative is to tell nothing and call a person."""
_POSSIBLE: Final = 0.08
"""From here on it is offered to choose."""
_FAR_AHEAD: Final = 0.5
_LEAST_SCORE: Final = 0.12
_SEARCHED: Final = 8
_MEANT: Final = 0.5
_MEANT_NEAR: Final = 0.4
_NEAR: Final = 0.3
_OF_ITS_PLACE: Final = 0.2
"""From here on an item is offered although its words are not those of the question. With the vocabulary of stories this
left 1 of 501 answerable questions of the part `dev` without anything to choose from (26 of 469 before), and took the
unanswerable ones to which something is offered from 142 of 337 to 156 of 349."""


@dataclass(frozen=True)
class Found:
    """What the rules have for a question: the hits worth showing, and how surely the first is the answer (0..1)."""

    hits: tuple[RuleHit, ...]
    confidence: float
    clear: bool = False
    """The question was understood as a whole, and no other item comes near."""
    faint: bool = False
    """Hardly anything but one word speaks for it."""

    @property
    def best(self) -> RuleHit:
        """The first hit."""
        return self.hits[0]

    @property
    def sure(self) -> bool:
        """Whether the first hit can be quoted without asking."""
        return self.clear or (self.confidence >= SURE and not self.faint)

    @property
    def likely(self) -> bool:
        """Whether the first hit is better than nothing."""
        return self.clear or self.confidence >= LIKELY


def find(turn: Turn, question: Question, before: str = "") -> Found | None:
    """Look for the rule that answers (`before` are words that led to it); None when nothing is near."""
    asked = without_insults(question.text) if question.wants("insult") else question.text
    text = _worded(f"{before} {asked}".strip(), turn)
    hits = turn.knowledge.rules(text, _SEARCHED, today=turn.today)
    hits = [hit for hit in hits if hit.score >= _LEAST_SCORE or category_of(hit.item) in question.topics]
    goods = _goods_meant(turn, question, text)
    found = ordered(hits, folded(text), question.topics, goods) if hits else None
    if found is None:
        return None
    faint = is_faint(found[1]) and category_of(found[0][0].item) not in question.topics
    judged = Found(tuple(found[0]), confidence(found[1]), is_clear(found[1]), faint)
    if judged.sure:
        return judged
    offered = judged if judged.confidence >= _POSSIBLE else _of_topic(judged, question.topics)
    return _by_meaning(turn, offered, text, question) if offered else None


def _by_meaning(turn: Turn, found: Found, text: str, question: Question) -> Found:
    """Words alone decide whether there is an answer, and what is likeliest; meaning orders what else may be meant."""
    near = turn.near(question.text)
    if not near.quotable:
        return found
    hits = turn.knowledge.rules(text, _SEARCHED, today=turn.today, near=near)
    others = [hit for hit in hits if hit.score >= _LEAST_SCORE and hit.item is not found.best.item]
    return replace(found, hits=(found.best, *others))


def _of_topic(found: Found, topics: frozenset[str]) -> Found | None:
    """What is unlikely, when the topic at least is known: rules of its category to choose from."""
    hits = [hit for hit in found.hits if category_of(hit.item) in topics]
    best = max(found.hits, key=lambda hit: hit.rank)
    shown = (*hits[: _OFFERED - 1], best) if best not in hits else tuple(hits)
    return replace(found, hits=shown) if hits else None


def _goods_meant(turn: Turn, question: Question, text: str) -> frozenset[str]:
    """Words for the products of a question; for one that names none and is asked of any, those spoken of last."""
    named = goods_in(turn.knowledge, text, turn.today)
    if named or not question.topics & OF_ANY_PRODUCT:
        return named
    return frozenset(fold(product.name).split()[0] for product in follow_ups.spoken_of(turn))


def goods_in(knowledge: TenantKnowledge, text: str, today: date) -> frozenset[str]:
    """The words of a text that name a product."""
    return frozenset(word for hit in knowledge.products(text, 1, today=today) if hit.named for word in hit.matched)


def ordered(
    hits: Sequence[RuleHit], asked: str, topics: frozenset[str], goods: frozenset[str] = frozenset()
) -> tuple[list[RuleHit], Evidence] | None:
    """Hits in the order of their appeal, and the evidence for the first."""
    appeals = sorted(((appeal(hit, asked, topics, goods), -place, hit) for place, hit in enumerate(hits)), reverse=True)
    judged = [(_judged(appeals, place, asked, topics, goods), -place) for place in _worth_judging(appeals, asked)]
    if not judged:
        return None
    _, place = max(judged, key=lambda each: (confidence(each[0]), each[1]))
    first = appeals[-place][2]
    return [first, *(hit for _, _, hit in appeals if hit is not first)], _judged(appeals, -place, asked, topics, goods)


def _worth_judging(appeals: Sequence[tuple[float, int, RuleHit]], asked: str) -> set[int]:
    """The places of the most appealing hit, and of the best by words if that one is not far ahead of it.

    Where a time is asked for, the item that is called by it comes before one that speaks of the same things.
    """
    far_ahead = len(appeals) > 1 and appeals[0][0] - appeals[1][0] >= _FAR_AHEAD
    timed = [
        place for place, (each, _, hit) in enumerate(appeals) if _near_first(appeals, each) and tells_when(hit, asked)
    ]
    if timed:
        return {timed[0]}
    if far_ahead:
        return {0}
    by_rank = max(range(len(appeals)), key=lambda place: appeals[place][2].rank, default=0)
    return {0, by_rank} if appeals else set()


def _near_first(appeals: Sequence[tuple[float, int, RuleHit]], appealing: float) -> bool:
    return appeals[0][0] - appealing < _FAR_AHEAD


def _judged(
    appeals: Sequence[tuple[float, int, RuleHit]],
    place: int,
    asked: str,
    topics: frozenset[str],
    goods: frozenset[str],
) -> Evidence:
    others = [each for number, (each, _, _) in enumerate(appeals) if number != place]
    return evidence_of(appeals[place][2], asked, appeals[place][0] - max(others, default=0.0), topics, goods)


def _worded(text: str, turn: Turn) -> str:
    """The text without codes, which no rule knows ("quanto é o frete para 30140-131?")."""
    reading, claims = read_claims(text, turn.language, turn.today)
    codes = [claim for claim in claims if claim.kind in ("sku", "phone", "email", "link")]
    words = reading.text
    for code in reversed(codes):
        words = f"{words[: code.start]} {words[code.end :]}"
    return words


def knows(hit: RuleHit, words: Sequence[str]) -> bool:
    """Whether an item has these words, or is understood to be about them."""
    own = words_of(hit.item, hit.passage)
    return all(stem(word) in own or word in hit.matched for word in words)


def says_all(hit: RuleHit) -> bool:
    """Whether every telling word of a question stands in an item, or is understood to be what it is about."""
    words = words_of(hit.item, hit.passage)
    return not unknown_words(hit) and any(stem(word) in words for word in hit.asked)


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


def meant(turn: Turn, question: Question) -> Part | None:
    """Ask whether one of the rules was meant that a question is about, whatever else it tells.

    Whoever tells a story says much that no rule knows. That speaks against quoting one, not against naming its topic.
    """
    hits = turn.knowledge.rules(question.text, _SEARCHED, today=turn.today)
    near = [hit for hit in hits if _is_meant(hit)]
    goods = goods_in(turn.knowledge, question.text, turn.today)
    near.sort(key=lambda hit: -appeal(hit, folded(question.text), question.topics, goods))
    return asked(turn, near) if near else None


def _is_meant(hit: RuleHit) -> bool:
    if hit.fits_place and hit.rank >= (_LEAST_SCORE if hit.names_place else _OF_ITS_PLACE):
        return True
    return hit.rank >= _LEAST_SCORE and hit.meant >= (_MEANT if hit.rank < _NEAR else _MEANT_NEAR)


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
