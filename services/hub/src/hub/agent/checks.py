"""What a model's answer has to stand before a customer may read it. Code, not prompt; each objection says why."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from common.facts import Verdict
from hub.agent.context import AgentTurn
from hub.agent.decision import SOCIAL, Decision
from hub.agent.promises import empty_promises
from hub.agent.prompt import CANARY
from hub.truth_gate import check

_MARKUP: Final = re.compile(r"\[(?:product|rule|promotion|schedule|document|company|order|quote|assistant):[^\]]*\]")
_MOST_TOLD: Final = 8
_EMOJI: Final = re.compile(
    "[\U0001f1e6-\U0001f1ff\U0001f300-\U0001faff\u2600-\u27bf\u2b00-\u2bff\ufe0f\u200d\u20e3]+[ \t]?"
)


def dressed(context: AgentTurn, text: str) -> str:
    """The text as it would be sent: without citation marks, and without emoji where the company wants none."""
    said = _MARKUP.sub("", text)
    if context.turn.tenant.assistant.emoji == "none":
        said = _EMOJI.sub("", said)
    return re.sub(r"[ \t]+(\n|$)", r"\1", re.sub(r" {2,}", " ", said)).strip()


def objections(context: AgentTurn, decision: Decision, text: str) -> tuple[list[str], tuple[Verdict, ...]]:
    """Why an answer may not be sent (empty: it may), and every verdict on it: the gate's, and those of code here."""
    told = "\n".join([text, *decision.choices])
    result = check(
        told,
        context.evidence.facts,
        context.turn.now,
        locale=context.view.language,
        timezone=context.turn.tenant.timezone,
    )
    form = [Verdict(claim="", kind="form", passed=False, why=why) for why in _formal(context, decision, text)]
    promises = [
        Verdict(claim="", kind="promise", passed=False, why=why)
        for why in empty_promises(told, context.evidence.facts, done=context.done)
    ]
    verdicts = (*result.verdicts, *form, *promises)
    return [_told(each) for each in verdicts if not each.passed][:_MOST_TOLD], verdicts


def _told(verdict: Verdict) -> str:
    return f"{verdict.claim!r} ({verdict.kind}) is refused: {verdict.why}" if verdict.claim else verdict.why


def _formal(context: AgentTurn, decision: Decision, text: str) -> Iterator[str]:
    if not text and decision.action != "hand_off":
        yield "the answer is empty"
    if CANARY in text.lower():
        yield "the answer repeats the instructions"
    if context.masking.reveals(text):
        yield "the answer holds a placeholder like <CPF_1>; customers must not read one"
    unknown = sorted(decision.cited - context.evidence.subjects)
    if unknown:
        yield f"these sources were not read in this turn: {', '.join(unknown[:5])}"
    if decision.action == "answer" and decision.intent not in SOCIAL and not decision.cited - set(unknown):
        yield "the answer names no source: cite the [ids] of the facts it rests on, or ask, or hand off"
