"""Whether a reply is what a script asks for, and if not, why."""

from __future__ import annotations

from cli.evaluation.script import Action, Step
from common.commands import HandOffReason
from common.message import Frozen
from common.query_answers import Answer
from common.tenants import Locale


class Heard(Frozen):
    """What came back, whoever was asked."""

    action: Action
    text: str = ""
    reason: HandOffReason | None = None
    sources: tuple[str, ...] = ()
    language: Locale | None = None
    unproved: tuple[str, ...] = ()
    """Claims in the reply that its own facts do not prove."""


class Judgement(Frozen):
    """What was expected and did not happen; the action is counted by itself."""

    action_right: bool
    wrong: tuple[str, ...] = ()

    @property
    def right(self) -> bool:
        """Whether all is as the script says."""
        return self.action_right and not self.wrong


def action_of(answer: Answer) -> Action:
    """The action an answer stands for."""
    if answer.outcome == "handed_off":
        return "hand_off"
    if answer.outcome == "answered":
        return "ask" if answer.asked else "answer"
    return "ignore"


def judge(step: Step, heard: Heard) -> Judgement:
    """Compare what was heard with what a step asks for."""
    wrong = [*_words(step, heard), *_sources(step, heard), *_rest(step, heard)]
    action_right = heard.action in step.do
    if not action_right:
        wrong.insert(0, f"did {heard.action} instead of {' or '.join(step.do)}")
    return Judgement(action_right=action_right, wrong=tuple(wrong))


def _words(step: Step, heard: Heard) -> list[str]:
    text = heard.text.lower()
    missing = [f"does not say {words!r}" for words in step.must if words.lower() not in text]
    return missing + [f"says {words!r}" for words in step.must_not if words.lower() in text]


def _sources(step: Step, heard: Heard) -> list[str]:
    missing = [source for source in step.sources if source not in heard.sources]
    if step.any_source and len(missing) < len(step.sources):
        return []
    return [f"does not stand on {source} but on {list(heard.sources)}" for source in missing]


def _rest(step: Step, heard: Heard) -> list[str]:
    wrong = [f"claims {claim!r} without proof" for claim in heard.unproved]
    if step.reason and heard.action == "hand_off" and heard.reason != step.reason:
        wrong.append(f"hands off for {heard.reason} instead of {step.reason}")
    if step.language and heard.language and heard.language != step.language:
        wrong.append(f"answers in {heard.language} instead of {step.language}")
    return wrong
