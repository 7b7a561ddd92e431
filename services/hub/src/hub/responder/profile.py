"""What the company's profile answers: hours, address and contacts, what it does; and when a rule answers better."""

from __future__ import annotations

import re
from typing import Final

from hub.responder import company, rules
from hub.responder.intents import Question, circumstances, moments
from hub.responder.missing import missed
from hub.responder.parts import Part, Turn
from hub.truth_gate.language.reading import fold

_OF_SOMEBODY: Final = re.compile(
    r"(?:contato|telefone|numero|endereco|e-?mail|contact|phone|direccion|telefono) "
    r"(?:de|da|do|del|of) (?:um |uma |un |una |a |an )?(?P<who>[a-z]{4,})"
)
_OF_HOURS: Final = re.compile(r"\b(?:horarios?|que horas?|what time|hours|a que hora|hasta que hora)\b")
_OF_OPENING: Final = re.compile(
    r"\b(?:abr\w+|fech\w+|func\w+|atend\w+|abert\w+|expediente|horarios?|open\w*|clos\w+|hours|abier\w+|cierr\w+|cerrad\w+)\b"
)
_HOURS_WORDS: Final = frozenset(
    "loja lojas fisica ficam fica fora alguem atendimento online portas funcionamento savassi natal manha noite".split()  # noqa: SIM905
)


def profile_parts(turn: Turn, question: Question) -> list[Part]:
    """What the company's profile answers of a question."""
    parts: list[Part | None] = []
    if question.wants("identity"):
        parts.append(company.identity_part(turn))
    if question.wants("hours"):
        parts.append(_hours(turn, question))
    if question.wants("address", "contact", "phone", "email", "links"):
        parts.append(_contact(turn, question))
    if question.wants("company") and not question.topics and not question.content:
        parts.append(company.about_part(turn))
    return [part for part in parts if part]


def _contact(turn: Turn, question: Question) -> Part | None:
    """Where the company is; a rule that speaks of more than that ("como chego aí de ônibus") comes first."""
    if question.content or question.topics - {"store"}:
        found = rules.find(turn, question)
        if found and (found.sure or (question.wants("address") and question.topics - {"store"})):
            return rules.answer(turn, found)
        if question.intents <= {"links"} and set(question.content) - circumstances():
            return missed(turn, question)
    other = _OF_SOMEBODY.search(question.folded)
    known = fold(f"{turn.company.name} {turn.company.address}") if turn.company else ""
    if other and other["who"] in question.content and other["who"] not in known:
        return missed(turn, question)
    return company.contact_part(turn, question)


def _hours(turn: Turn, question: Question) -> Part | None:
    """Hours of the company; what has hours of its own ("horário de entrega"), or is no matter of hours, comes first."""
    other_topics = question.topics - {"store"}
    if other_topics and not moments(question.folded) & {"now", "open"}:
        found = rules.find(turn, question)
        if found and (found.likely or not _OF_OPENING.search(question.folded)):
            return rules.answer(turn, found)
    if not _is_about_hours(turn, question):
        found = rules.find(turn, question)
        return rules.answer(turn, found) if found else missed(turn, question)
    return company.hours_part(turn, question)


def _is_about_hours(turn: Turn, question: Question) -> bool:
    """Whether a time is asked for or named, or nothing else is: "vocês abrem conta?" is no question about hours."""
    if _OF_HOURS.search(question.folded) or moments(question.folded) - {"open"} or company.days_asked(turn, question):
        return True
    return all(word in circumstances() or word in _HOURS_WORDS or word.isdigit() for word in question.content)
