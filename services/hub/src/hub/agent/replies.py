"""From a model's decision to the reply of the turn: the same `Reply` as the built-in responder gives."""

from __future__ import annotations

from typing import Final

from common.commands import HandOffReason
from common.facts import Fact, Source, Verdict
from hub.agent.chain import Meter
from hub.agent.checks import dressed, objections
from hub.agent.context import AgentTurn
from hub.agent.decision import SOCIAL, Decision
from hub.answering import Memory, Proposal, Reply
from hub.responder import hand_off
from hub.responder.choices import offer
from hub.responder.parts import Part

_UNSURE: Final = 0.3
_QUESTIONS_ALLOWED: Final = 2
_REMEMBERED_PRODUCTS: Final = 6
_TEXT_KEYS: Final[dict[HandOffReason, str]] = {
    "customer_request": "person",
    "missing_knowledge": "hand_off_missing_knowledge",
    "unsupported_request": "hand_off_low_confidence",
    "policy_restriction": "hand_off_policy_restriction",
    "tool_failure": "hand_off_low_confidence",
    "pending_clarification": "hand_off_low_confidence",
    "usage_limit": "hand_off_low_confidence",
    "low_confidence": "hand_off_low_confidence",
}


def reply_of(context: AgentTurn, decision: Decision, meter: Meter, prompt_version: str) -> Reply:
    """The reply that a decision makes, its words checked already or checked here."""
    reason = _why_people(context, decision)
    reply = handed_off(context, reason, decision) if reason else _answered(context, decision)
    return metered(reply, meter).model_copy(
        update={
            "prompt_version": prompt_version,
            "intent": decision.intent,
            "confidence": decision.confidence,
            "tools": tuple(context.uses),
        }
    )


def metered(reply: Reply, meter: Meter) -> Reply:
    """The reply with what the models of its turn have used, whoever answered in the end."""
    return reply.model_copy(
        update={
            "input_tokens": meter.input_tokens,
            "cached_tokens": meter.cached_tokens,
            "output_tokens": meter.output_tokens,
            "cost_usd": float(meter.usd),
            "responder": meter.answered_by if reply.responder == "" else reply.responder,
        }
    )


def _why_people(context: AgentTurn, decision: Decision) -> HandOffReason | None:
    if context.must_hand_off:
        return context.must_hand_off
    if decision.action == "hand_off":
        return decision.hand_off_reason or "unsupported_request"
    if decision.action == "ask" and context.turn.memory.misses >= _QUESTIONS_ALLOWED:
        return "pending_clarification"
    if decision.action == "answer" and decision.intent not in SOCIAL and decision.confidence < _UNSURE:
        return "low_confidence"
    return None


def _answered(context: AgentTurn, decision: Decision) -> Reply:
    asked = decision.action == "ask"
    choices = offer([(title, title) for title in dict.fromkeys(decision.choices)])
    return Reply(
        outcome="answered",
        reason=f"{'ask' if asked else 'answer'}:{decision.intent}",
        text=dressed(context, decision.text),
        asked=asked,
        choices=choices,
        sources=_sources(context, decision),
        facts=tuple(context.evidence.facts),
        verdicts=(*context.verdicts, *context.accepted),
        memory=Memory(
            language=context.view.language,
            greeted=True,
            misses=context.turn.memory.misses + 1 if asked else 0,
            offered=choices,
            product_ids=_products(context, decision),
            proposal=_proposal(context),
            proving=_proving(context),
        ),
        responder="",
    )


def handed_off(context: AgentTurn, reason: HandOffReason, decision: Decision | None, why: str = "") -> Reply:
    """Give the conversation to people. The model's parting words are used only if they stand."""
    intent = decision.intent if decision else "other"
    told, verdicts = _parting_words(context, decision)
    words = told or context.view.texts.say("hand_off_order" if intent == "order_status" else _TEXT_KEYS[reason])
    text, known = hand_off.with_office_hours(context.view, words)
    facts: tuple[Fact, ...] = tuple(dict.fromkeys((*context.evidence.facts, *known)))
    part = Part(
        words,
        intent,
        facts=facts,
        sources=_sources(context, decision) if decision else tuple(context.evidence.sources.values()),
        hand_off=reason,
    )
    note = hand_off.note(context.view, reason, [part], told)
    if decision and decision.note.strip():
        note += f"\n\n{decision.note.strip()}"
    return Reply(
        outcome="handed_off",
        reason=why or f"hand_off:{intent}",
        text=text,
        hand_off_reason=reason,
        note=note,
        sources=part.sources,
        facts=facts,
        verdicts=(*context.verdicts, *verdicts),
        memory=Memory(language=context.view.language, greeted=True, product_ids=_products(context, decision)),
        responder="",
    )


def _parting_words(context: AgentTurn, decision: Decision | None) -> tuple[str, tuple[Verdict, ...]]:
    if decision is None:
        return "", ()
    text = dressed(context, decision.text)
    if not text:
        return "", ()
    if decision.action != "hand_off":
        # Checked already; but something else than the model decided on the hand-off, and its words know nothing of it.
        return "", context.accepted
    refused, verdicts = objections(context, decision, text)
    return ("", tuple(each for each in verdicts if not each.passed)) if refused else (text, verdicts)


def _sources(context: AgentTurn, decision: Decision | None) -> tuple[Source, ...]:
    cited = decision.cited if decision else frozenset()
    stood_on = {verdict.fact_subject for verdict in context.accepted if verdict.passed}
    wanted = {name for name in context.evidence.sources if name in cited or name in stood_on}
    return tuple(source for name, source in context.evidence.sources.items() if name in wanted)


def _products(context: AgentTurn, decision: Decision | None) -> tuple[str, ...]:
    cited = decision.cited if decision else frozenset()
    named = [each for each in dict.fromkeys(context.evidence.product_ids) if f"product:{each}" in cited]
    return tuple(named or context.view.product_ids)[:_REMEMBERED_PRODUCTS]


def _proving(context: AgentTurn) -> str | None:
    """A proof that is waited for stays so until somebody has proved it: a code may come at any time."""
    if context.customer is not None:
        return None
    return context.proving if context.proving is not None else context.turn.memory.proving


def _proposal(context: AgentTurn) -> Proposal | None:
    """The newest proposal; one that was carried out is over."""
    if context.proposal is not None:
        return context.proposal
    return None if context.done else context.turn.memory.proposal
