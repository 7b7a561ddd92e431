"""Scripted conversations and single questions, held with whoever answers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol

from cli.evaluation.judging import Heard, Judgement, judge
from cli.evaluation.measures import SPLITS, Failed, Measure, mean
from cli.evaluation.script import ConversationSuite, Said, Script
from cli.evaluation.suite_files import SingleQuestion

CONVERSATIONS, QUESTIONS = "conversations", "single questions"
ACTIONS_RIGHT, REFUSED, FALSELY_REFUSED = 0.9, 0.95, 0.03
"""The aims: actions as scripted, the unanswerable refused, the answerable not."""


class Talk(Protocol):
    """One conversation with the assistant."""

    async def say(self, messages: Sequence[Said]) -> Heard:
        """Send a burst and hear what comes back."""
        ...


class Assistant(Protocol):
    """Whoever is asked: the responder in this process, or a running system."""

    def talk(self, script: Script | None = None) -> Talk:
        """Begin a conversation; the script says who writes and when."""
        ...


async def measure_conversations(
    assistant: Assistant, suites: Iterable[ConversationSuite]
) -> tuple[list[Measure], list[Failed]]:
    """Hold every conversation of the suites."""
    measures: list[Measure] = []
    failed: list[Failed] = []
    for suite in suites:
        judged = [(script, await _held(assistant, script)) for script in suite.conversations]
        steps = [each for _, judgements in judged for each in judgements]
        figures = {
            "right actions": (mean(each.action_right for each in steps), len(steps), ACTIONS_RIGHT),
            "right steps": (mean(each.right for each in steps), len(steps), None),
            "right conversations": (mean(all(e.right for e in held) for _, held in judged), len(judged), None),
        }
        measures += [
            Measure(suite=CONVERSATIONS, name=name, split=suite.split, value=value, cases=cases, least=least)
            for name, (value, cases, least) in figures.items()
        ]
        failed += [
            Failed(suite=CONVERSATIONS, split=suite.split, case=f"{script.name} #{number}", why="; ".join(each.wrong))
            for script, judgements in judged
            for number, each in enumerate(judgements, start=1)
            if not each.right
        ]
    return measures, failed


async def _held(assistant: Assistant, script: Script) -> list[Judgement]:
    talk = assistant.talk(script)
    return [judge(step, await talk.say(step.say)) for step in script.steps]


async def measure_questions(
    assistant: Assistant, questions: Sequence[SingleQuestion]
) -> tuple[list[Measure], list[Failed]]:
    """Ask single questions: what can be answered should be, what cannot must not."""
    heard = [(question, await assistant.talk().say([Said(text=question.text)])) for question in questions]
    measures: list[Measure] = []
    for split in SPLITS:
        known = [(q, h) for q, h in heard if q.split == split and q.right]
        unknown = [h for q, h in heard if q.split == split and not q.right]
        if known:
            measures += _answerable(known)
        if unknown:
            refused = mean(not _answers(each) for each in unknown)
            measures.append(
                Measure(
                    suite=QUESTIONS,
                    name="unanswerable refused",
                    split=split,
                    value=refused,
                    cases=len(unknown),
                    least=REFUSED,
                )
            )
    return measures, [_failed(*each) for each in heard if not _well(*each)]


def _answerable(known: Sequence[tuple[SingleQuestion, Heard]]) -> list[Measure]:
    figures = {
        "answered rightly": (mean(_rightly(*each) for each in known), None),
        "asked back with the right one": (mean(_offered(*each) for each in known), None),
        "answered wrongly": (mean(_answers(h) and not _rightly(q, h) for q, h in known), None),
        "falsely refused": (mean(_refused(*each) for each in known), FALSELY_REFUSED),
    }
    return [
        Measure(suite=QUESTIONS, name=name, split=known[0][0].split, value=value, cases=len(known), most=most)
        for name, (value, most) in figures.items()
    ]


def _answers(heard: Heard) -> bool:
    """Whether something is told for an answer. Asking back and handing off tell nothing."""
    return heard.action == "answer" and bool(heard.sources)


def _rightly(question: SingleQuestion, heard: Heard) -> bool:
    return heard.action == "answer" and bool(question.right & set(heard.sources))


def _offered(question: SingleQuestion, heard: Heard) -> bool:
    return heard.action == "ask" and bool(question.right & set(heard.sources))


def _refused(question: SingleQuestion, heard: Heard) -> bool:
    """Told that the answer is not known, or sent to people, though the answer is there."""
    return heard.action in ("hand_off", "ignore") or (heard.action == "ask" and not heard.sources)


def _well(question: SingleQuestion, heard: Heard) -> bool:
    if not question.right:
        return not _answers(heard)
    return _rightly(question, heard) or _offered(question, heard)


def _failed(question: SingleQuestion, heard: Heard) -> Failed:
    wanted = " or ".join(sorted(question.right)) or "nothing"
    why = f"wanted {wanted}; {heard.action} on {list(heard.sources)}: {heard.text[:80]!r}"
    return Failed(suite=QUESTIONS, split=question.split, case=question.text, why=why)
