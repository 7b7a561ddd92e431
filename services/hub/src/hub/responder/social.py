"""Greetings, thanks, goodbyes, insults, and messages without words."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from hub.responder import facts
from hub.responder.choices import offer
from hub.responder.company import source_of
from hub.responder.intents import SOCIAL, Question
from hub.responder.parts import Part, Turn

_PET_NAMES: Final = 2


def is_social(question: Question) -> bool:
    """Whether it is courtesy and nothing else."""
    return bool(question.intents) and question.intents <= SOCIAL and not question.content and not question.topics


def is_courteous(question: Question) -> bool:
    """Whether a few words with thanks or a goodbye ask for nothing: "obrigada viu linda"."""
    asks = "?" in question.text or question.topics or question.intents - SOCIAL
    return question.wants("thanks", "bye") and not asks and len(question.content) <= _PET_NAMES


def social_part(turn: Turn, questions: Iterable[Question]) -> Part:
    """The courtesy that fits: a greeting opens, thanks and a goodbye close."""
    intents = frozenset(intent for question in questions for intent in question.intents)
    if "greeting" in intents and not intents & {"thanks", "bye"}:
        return greeting_part(turn)
    closing = next((name for name in ("thanks", "bye", "acknowledge") if name in intents), None)
    return _closing(turn, closing) if closing else greeting_part(turn)


def greeting_part(turn: Turn) -> Part:
    """The company's own greeting the first time."""
    say, company = turn.texts.say, turn.company
    name = turn.input.tenant.assistant.name
    if turn.input.memory.greeted:
        return Part(say("greeting_again"), "greeting")
    if company is None:
        return Part(say("greeting_without_company", assistant=name), "greeting")
    known = facts.words_facts(company.name, f"company:{company.id}", turn.now)
    if company.greeting.strip() and turn.language == turn.input.tenant.locale:
        own = company.greeting.strip()
        known = facts.words_facts(own, f"company:{company.id}", turn.now)
        return Part(own, "greeting", facts=known, sources=(source_of(company),))
    text = say("greeting", assistant=name, company=company.name)
    return Part(text, "greeting", facts=known, sources=(source_of(company),))


def _closing(turn: Turn, kind: str) -> Part:
    text, company = turn.texts.say(kind), turn.company
    if kind == "acknowledge" or company is None or not company.sign_off.strip():
        return Part(text, kind)
    if turn.language != turn.input.tenant.locale:
        return Part(text, kind)
    own = company.sign_off.strip()
    known = facts.words_facts(own, f"company:{company.id}", turn.now)
    return Part(f"{text}\n{own}", kind, facts=known)


def insult_part(turn: Turn) -> Part:
    """Calm, once; then people."""
    return Part(
        turn.texts.say("insult_calm"),
        "insult",
        choices=offer([(turn.texts.say("choice_person"), "person")]),
        missed=True,
    )
