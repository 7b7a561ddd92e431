"""The record of a turn: enough to explain every word of a reply, without the customer's personal data."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from common.facts import Fact, Verdict
from common.turns import TurnRecorded
from hub.answering import Reply
from hub.conversation import ConversationState, Lease
from hub.identity_code import without_codes
from hub.lease import burst
from hub.message_words import described
from hub.personal_data import redact

FACTS_KEPT: Final = 80
VERDICTS_KEPT: Final = 80
SOURCES_KEPT: Final = 30
TOOLS_KEPT: Final = 20
GIVEN_HISTORY: Final = 12

_MASK: Final = "[…]"
_PERSONAL_KINDS: Final = ("phone", "email")


def turn_record(state: ConversationState, lease: Lease, reply: Reply, finished_at: datetime) -> TurnRecorded:
    """Build the record of a committed turn."""
    public = {each.value for each in reply.facts if each.source != "customer"}
    facts = tuple(_masked_fact(each) for each in _most_telling(reply))
    return TurnRecorded(
        turn_id=lease.turn_id,
        tenant=state.tenant,
        conversation_id=state.conversation_id,
        message_ids=lease.message_ids,
        started_at=lease.taken_at,
        finished_at=finished_at,
        responder=reply.responder,
        outcome=reply.outcome,
        reason=reply.reason,
        hand_off_reason=reply.hand_off_reason,
        question=_redacted("\n".join(described(each) for each in burst(state, lease)), state, public),
        reply=redact(reply.text, public),
        sources=reply.sources[:SOURCES_KEPT],
        facts=facts,
        verdicts=tuple(_masked_verdict(each, public) for each in reply.verdicts[:VERDICTS_KEPT]),
        why_not_model=reply.why_not_model,
        prompt_version=reply.prompt_version,
        intent=reply.intent,
        confidence=reply.confidence,
        tools=reply.tools[:TOOLS_KEPT],
        given=_given(state, lease, public),
        input_tokens=reply.input_tokens,
        cached_tokens=reply.cached_tokens,
        output_tokens=reply.output_tokens,
        cost_usd=reply.cost_usd,
    )


def _redacted(words: str, state: ConversationState, public: set[str]) -> str:
    """A customer's words without personal data, and without a code when one is waited for."""
    told = redact(words, public)
    return without_codes(told) if state.memory.proving is not None else told


def _given(state: ConversationState, lease: Lease, public: set[str]) -> dict[str, Any]:
    """What the responder knew, without personal data: enough to run the turn again."""
    messages = [
        {"text": _redacted(each.text, state, public), "content_type": each.content_type, "files": len(each.attachments)}
        for each in burst(state, lease)
    ]
    history = [
        {"speaker": each.speaker, "text": redact(each.text, public), "at": each.at.isoformat()}
        for each in state.history[-GIVEN_HISTORY:]
    ]
    return {
        "messages": messages,
        "history": history,
        "summary": redact(state.summary, public),
        "memory": state.memory.model_dump(mode="json"),
    }


def _most_telling(reply: Reply) -> tuple[Fact, ...]:
    """All facts, or when there are too many, first those that a verdict rests on."""
    if len(reply.facts) <= FACTS_KEPT:
        return reply.facts
    used = {each.fact_subject for each in reply.verdicts}
    return tuple(sorted(reply.facts, key=lambda each: each.subject not in used)[:FACTS_KEPT])


def _masked_verdict(verdict: Verdict, public: set[str]) -> Verdict:
    """What a refused reply said may be the customer's own."""
    return verdict.model_copy(update={"claim": redact(verdict.claim, public), "why": redact(verdict.why, public)})


def _masked_fact(fact: Fact) -> Fact:
    if fact.source == "customer" and fact.kind in _PERSONAL_KINDS:
        return fact.model_copy(update={"value": _MASK})
    return fact
