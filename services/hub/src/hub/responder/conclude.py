"""From parts to one reply: through the truth gate, into a single message, or to people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from common.commands import HandOffReason
from common.facts import Fact, Source, Verdict
from hub.answering import Memory, Reply
from hub.responder import hand_off
from hub.responder.parts import Part, Turn
from hub.truth_gate import GateResult, check

_REMEMBERED_PRODUCTS = 6
_MISSES_ALLOWED = 1


class Gate:
    """The truth gate for one turn; asked twice for the same words it answers from memory."""

    def __init__(self, turn: Turn) -> None:
        self._turn = turn
        self._known: dict[tuple[str, tuple[Fact, ...]], GateResult] = {}

    def check(self, text: str, facts: tuple[Fact, ...]) -> GateResult:
        """Check words against facts, in the customer's language and the company's zone."""
        if (text, facts) not in self._known:
            given = self._turn.input
            self._known[text, facts] = check(
                text, facts, given.now, locale=self._turn.language, timezone=given.tenant.timezone
            )
        return self._known[text, facts]


def conclude(turn: Turn, parts: Sequence[Part], prefix: str = "") -> Reply:
    """Make the reply. Nothing the gate refuses gets into it."""
    gate = Gate(turn)
    gated = [_gated(turn, gate, part) for part in parts]
    refused = tuple(verdict for _, verdicts in gated for verdict in verdicts)
    left = [part for part, _ in gated]
    given_up = all(part.missed for part in left) and turn.input.memory.misses >= _MISSES_ALLOWED
    kept = [_given_up(turn, left)] if given_up else _asked_once(left)
    reason = next((part.hand_off for part in kept if part.hand_off), None)
    reply = _handed_off(turn, gate, kept, reason, prefix) if reason else _answered(turn, gate, kept, prefix)
    return reply.model_copy(update={"verdicts": refused + reply.verdicts})


def ignored(turn: Turn, reason: str) -> Reply:
    """Say nothing, for a recorded reason."""
    return Reply(outcome="ignored", reason=reason, memory=turn.input.memory)


def _gated(turn: Turn, gate: Gate, part: Part) -> tuple[Part, tuple[Verdict, ...]]:
    """The part if every claim in it stands; else what is left of it; else people."""
    refused: tuple[Verdict, ...] = ()
    candidate: Part | None = part
    while candidate is not None:
        result = gate.check(candidate.text, _facts([candidate]))
        if result.passed:
            return candidate, refused
        refused += result.refused
        candidate = candidate.fallback
    return _withheld(turn, part), refused


def _withheld(turn: Turn, part: Part) -> Part:
    reason: HandOffReason = "tool_failure" if part.kind == "product" else "policy_restriction"
    return Part(turn.texts.say(f"hand_off_{reason}"), part.kind, sources=part.sources, hand_off=reason)


def _asked_once(parts: Sequence[Part]) -> list[Part]:
    """Of several questions without an answer only the last asks back, or the last that has something to choose."""
    missed = [part for part in parts if part.missed]
    asking = [part for part in missed if part.sources] or missed
    return [part for part in parts if not part.missed] + asking[-1:]


def _given_up(turn: Turn, parts: Sequence[Part]) -> Part:
    """The second turn in a row without an answer."""
    last = parts[-1]
    words, reason = _why_given_up(turn, last)
    return replace(last, text=turn.texts.say(words), hand_off=reason, choices=(), missed=False, fallback=None)


def _why_given_up(turn: Turn, part: Part) -> tuple[str, HandOffReason]:
    if part.kind == "attachment":
        return "hand_off_unreadable", "unsupported_request"
    if part.kind == "insult":
        return "hand_off_insult", "low_confidence"
    if part.kind == "choice":
        return "hand_off_low_confidence", "low_confidence"
    offered = [choice for choice in turn.input.memory.offered if choice.value != "person"]
    if offered or part.kind == "which_product":
        return "hand_off_low_confidence", "pending_clarification"
    return "hand_off_missing_knowledge", "missing_knowledge"


def _handed_off(turn: Turn, gate: Gate, parts: Sequence[Part], reason: HandOffReason, prefix: str) -> Reply:
    answered = [part for part in parts if not part.hand_off and not part.missed]
    giving = next(part for part in parts if part.hand_off)
    closing, known = hand_off.with_office_hours(turn, giving.text)
    told = "\n\n".join(part.text for part in answered)
    text = _joined(prefix, *(part.text for part in answered), closing)
    facts = tuple(dict.fromkeys((*_facts(parts), *known)))
    result = gate.check(text, facts)
    if not result.passed:
        told, text = "", giving.text
    return Reply(
        outcome="handed_off",
        reason=_reason(parts),
        text=text,
        hand_off_reason=reason,
        note=hand_off.note(turn, reason, parts, told),
        sources=_sources(parts),
        facts=facts,
        verdicts=result.verdicts,
        memory=Memory(language=turn.language, greeted=True, product_ids=_products(turn, parts)),
    )


def _answered(turn: Turn, gate: Gate, parts: Sequence[Part], prefix: str) -> Reply:
    some_answered = any(not part.missed for part in parts)
    said = [
        _as_rest(turn, part) if part.missed and part.kind == "missing" and some_answered else part for part in parts
    ]
    text = _joined(prefix, *(part.text for part in said))
    result = gate.check(text, _facts(said))
    if not result.passed:
        return _refused(turn, gate, parts, result)
    choices = next((part.choices for part in reversed(said) if part.choices), ())
    missed = any(part.missed for part in parts)
    return Reply(
        outcome="answered",
        reason=_reason(parts),
        text=text,
        asked=all(part.missed or part.asks or part.proving is not None for part in parts),
        choices=choices,
        sources=_sources(said),
        facts=_facts(said),
        verdicts=result.verdicts,
        memory=Memory(
            language=turn.language,
            greeted=True,
            misses=(1 if some_answered else turn.input.memory.misses + 1) if missed else 0,
            offered=choices,
            product_ids=_products(turn, parts),
            proving=_proving(turn, parts),
        ),
    )


def _refused(turn: Turn, gate: Gate, parts: Sequence[Part], result: GateResult) -> Reply:
    """Parts that are true alone and not together: people answer."""
    giving = Part(turn.texts.say("hand_off_policy_restriction"), parts[0].kind, hand_off="policy_restriction")
    sources = replace(giving, sources=_sources(parts), facts=_facts(parts))
    reply = _handed_off(turn, gate, [sources], "policy_restriction", "")
    return reply.model_copy(update={"verdicts": result.refused + reply.verdicts})


def _as_rest(turn: Turn, part: Part) -> Part:
    return replace(part, text=turn.texts.say("ask_rest"))


def _joined(*texts: str) -> str:
    return "\n\n".join(text for text in texts if text)


def _facts(parts: Sequence[Part]) -> tuple[Fact, ...]:
    return tuple(dict.fromkeys(fact for part in parts for fact in part.facts))


def _sources(parts: Sequence[Part]) -> tuple[Source, ...]:
    return tuple(dict.fromkeys(source for part in parts for source in part.sources))


def _products(turn: Turn, parts: Sequence[Part]) -> tuple[str, ...]:
    spoken_of = next((part.product_ids for part in reversed(parts) if part.product_ids), turn.product_ids)
    return spoken_of[:_REMEMBERED_PRODUCTS]


def _proving(turn: Turn, parts: Sequence[Part]) -> str | None:
    """The proof that is asked for; one asked for before stays open while something else is answered."""
    if any(part.kind == "order_status" for part in parts):
        return None
    return next((part.proving for part in parts if part.proving is not None), turn.input.memory.proving)


def _reason(parts: Sequence[Part]) -> str:
    return "+".join(dict.fromkeys(part.kind for part in parts))
