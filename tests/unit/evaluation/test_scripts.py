from __future__ import annotations

from pathlib import Path

import pytest

from cli.evaluation.judging import Heard, action_of, judge
from cli.evaluation.script import Said, Step, parse_suite, read_suite
from common.errors import ConfigurationError
from common.query_answers import Answer

STEP = Step.model_validate(
    {
        "say": "quanto é o frete?",
        "do": "answer",
        "sources": ["rule/frete"],
        "must": ["R$ 15,90"],
        "must_not": ["grátis"],
    }
)
GOOD = Heard(action="answer", text="O frete custa r$ 15,90.", sources=("rule/frete",))


def test_a_reply_that_says_and_stands_on_what_it_must_is_right() -> None:
    assert judge(STEP, GOOD).right


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"text": "O frete custa R$ 14,90."}, "does not say 'R$ 15,90'"),
        ({"text": "R$ 15,90, ou grátis"}, "says 'grátis'"),
        ({"sources": ()}, "does not stand on rule/frete but on []"),
        ({"action": "ask"}, "did ask instead of answer"),
        ({"unproved": ("R$ 15,90",)}, "claims 'R$ 15,90' without proof"),
    ],
)
def test_what_is_wrong_is_told(change: dict[str, object], why: str) -> None:
    judgement = judge(STEP, GOOD.model_copy(update=change))

    assert not judgement.right
    assert judgement.wrong == (why,)


def test_a_hand_off_has_to_have_the_reason_that_is_asked_for() -> None:
    step = Step.model_validate({"say": "oi", "do": ["answer", "hand_off"], "reason": "customer_request"})

    assert not judge(step, Heard(action="hand_off", reason="low_confidence")).right
    assert judge(step, Heard(action="hand_off", reason="customer_request")).right
    assert judge(step, Heard(action="answer")).right


def test_the_language_is_looked_at_where_a_script_names_one() -> None:
    step = Step.model_validate({"say": "hola", "do": "answer", "language": "es"})

    assert judge(step, Heard(action="answer", language="pt-BR")).wrong == ("answers in pt-BR instead of es",)


def test_asking_back_is_no_answer() -> None:
    answer = Answer(answer="Qual?", outcome="answered", reason="choice")

    assert action_of(answer) == "answer"
    assert action_of(answer.model_copy(update={"asked": True})) == "ask"
    assert action_of(answer.model_copy(update={"outcome": "handed_off"})) == "hand_off"
    assert action_of(answer.model_copy(update={"outcome": "ignored"})) == "ignore"


def test_a_step_is_written_as_one_text_a_burst_or_a_recording() -> None:
    suite = parse_suite(
        "conversations: [{name: a, steps: [{say: oi, do: answer}, {say: [a, {voice: b}], do: [ask, answer]}]}]", "f"
    )

    first, second = suite.conversations[0].steps
    assert first.say == (Said(text="oi"),)
    assert second.say == (Said(text="a"), Said(voice="b"))
    assert second.do == ("ask", "answer")


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("conversations: []", "conversations"),
        ("conversations: [{name: a, steps: [{say: oi, do: reply}]}]", "conversations.0.steps.0.do"),
        ("conversations: [{name: a, steps: [{say: oi, do: answer, musts: [x]}]}]", "musts"),
        ("conversations: [{name: a, steps: []}]", "steps"),
        ("a: [", "no YAML"),
    ],
)
def test_a_wrong_suite_names_its_file_and_place(tmp_path: Path, text: str, named: str) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(text)

    with pytest.raises(ConfigurationError) as caught:
        read_suite(file)

    assert "mine.yaml" in str(caught.value)
    assert named in str(caught.value)


def test_a_suite_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"gone\.yaml"):
        read_suite(tmp_path / "gone.yaml")
