"""Giving a conversation to people: what the customer reads, and the note that saves the people from asking again."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from zoneinfo import ZoneInfo

from common.commands import HandOffReason
from common.facts import Fact
from hub.message_words import described
from hub.responder import formats
from hub.responder.company import person_answers_at
from hub.responder.parts import Part, Turn
from hub.responder.texts import Texts, texts

_QUOTED_LINES = 6
_NOTED_FACTS = 20


def with_office_hours(turn: Turn, text: str) -> tuple[str, tuple[Fact, ...]]:
    """The sentence of a hand-off; outside opening hours also when a person answers."""
    when, known = person_answers_at(turn)
    return (f"{text}\n{when}" if when else text), known


def note(turn: Turn, reason: HandOffReason, parts: Sequence[Part], told: str) -> str:
    """The private note, in the company's language."""
    words = texts(turn.input.tenant.locale)
    lines = [words.say("note_title"), "", words.say("note_reason", reason=words.reason(reason))]
    if turn.input.contact and turn.input.contact.name:
        lines.append(words.say("note_customer", name=turn.input.contact.name))
    lines += ["", words.say("note_messages"), *(f"> {line}" for line in _customer_lines(turn))]
    tried = _tried(words, parts)
    if tried:
        lines += ["", words.say("note_tried"), *(f"- {each}" for each in tried)]
    known = _fact_lines(turn, words, parts)
    if known:
        lines += ["", words.say("note_facts"), *(f"- {each}" for each in known)]
    sources = list(dict.fromkeys(f"{s.title} ({s.kind} {s.id})" for part in parts for s in part.sources))
    if sources:
        lines += ["", words.say("note_sources"), *(f"- {each}" for each in sources)]
    lines += ["", words.say("note_told", text=_one_line(told)) if told else words.say("note_untold")]
    return "\n".join(lines)


def _customer_lines(turn: Turn) -> list[str]:
    earlier = [line.text for line in turn.input.history if line.speaker == "customer"]
    now = [described(message) for message in turn.input.messages]
    written = [_one_line(text) for text in (earlier[-_QUOTED_LINES:] + now) if text.strip()]
    return list(dict.fromkeys(written))[-2 * _QUOTED_LINES :]


def _tried(words: Texts, parts: Sequence[Part]) -> list[str]:
    known = (
        "greeting",
        "hours",
        "contact",
        "promotions",
        "product",
        "rule",
        "schedule",
        "choice",
        "identity",
        "order_status",
    )
    found = []
    for part in parts:
        if part.kind == "missing":
            found.append(words.tried("missing", query=_one_line(part.tried)))
        elif part.kind in (*known, "odoo_failed", "attachment"):
            found.append(words.tried(part.kind) + (f" ({part.tried})" if part.tried else ""))
    return list(dict.fromkeys(found))


def _fact_lines(turn: Turn, words: Texts, parts: Sequence[Part]) -> list[str]:
    zone = ZoneInfo(turn.input.tenant.timezone)
    names = {fact.subject: fact.value for part in parts for fact in part.facts if _is_name(fact)}
    lines = [
        words.say(
            "note_fact",
            subject=names.get(fact.subject, fact.subject),
            kind=fact.kind,
            value=_value(fact, words),
            source=fact.source,
            time=f"{fact.read_at.astimezone(zone):%d/%m %H:%M}",
        )
        for part in parts
        for fact in part.facts
        if fact.source == "odoo"
    ]
    return list(dict.fromkeys(lines))[:_NOTED_FACTS]


def _is_name(fact: Fact) -> bool:
    return fact.kind == "text" and fact.subject.startswith("product:")


def _value(fact: Fact, words: Texts) -> str:
    if fact.kind == "price" and fact.currency:
        return formats.money(Decimal(fact.value), fact.currency, words.locale)
    return fact.value


def _one_line(text: str) -> str:
    return " ".join(text.split())[:300]
