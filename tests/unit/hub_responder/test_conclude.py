"""The responder's own reply goes through the gate before it leaves."""

from __future__ import annotations

from support.responder_shop import TENANT, TUESDAY_MORNING, Chat, usual_knowledge

from common.facts import Fact
from hub.answering import Memory, TurnInput
from hub.responder.conclude import conclude
from hub.responder.parts import Part, Turn

PRICE = Fact(kind="price", value="29.90", subject="product:x", source="odoo", read_at=TUESDAY_MORNING, currency="BRL")
NAME = Fact(kind="text", value="Vela de Cera", subject="product:x", source="knowledge", read_at=TUESDAY_MORNING)


def turn(memory: Memory | None = None) -> Turn:
    chat = Chat()
    given = TurnInput(
        tenant=chat.profile, messages=(chat.message("oi"),), memory=memory or Memory(), now=TUESDAY_MORNING
    )
    return Turn(input=given, language="pt-BR", knowledge=usual_knowledge().tenant(TENANT), odoo=None)


def test_a_false_part_is_replaced_by_what_is_left_of_it() -> None:
    true = Part("Vela de Cera custa R$ 29,90.", "product", facts=(PRICE, NAME))
    false = Part("Vela de Cera custa R$ 29,90, com 50% de desconto.", "product", facts=(PRICE, NAME), fallback=true)

    reply = conclude(turn(), [false])

    assert (reply.outcome, reply.text) == ("answered", true.text)
    assert [verdict.claim for verdict in reply.verdicts if not verdict.passed] == ["50%"]


def test_a_false_price_with_nothing_left_goes_to_people_as_a_tool_failure() -> None:
    reply = conclude(turn(), [Part("Vela de Cera custa R$ 19,90.", "product", facts=(PRICE, NAME))])

    assert (reply.outcome, reply.hand_off_reason) == ("handed_off", "tool_failure")
    assert "19,90" not in reply.text


def test_a_false_rule_goes_to_people_as_a_matter_of_policy() -> None:
    reply = conclude(turn(), [Part("A troca vale por 90 dias.", "rule")])

    assert (reply.outcome, reply.hand_off_reason) == ("handed_off", "policy_restriction")
    assert "90" not in reply.text
    assert any(not verdict.passed for verdict in reply.verdicts)


def test_true_parts_are_said_beside_a_false_one() -> None:
    true = Part("Vela de Cera custa R$ 29,90.", "product", facts=(PRICE, NAME))

    reply = conclude(turn(), [true, Part("A troca vale por 90 dias.", "rule")])

    assert reply.outcome == "handed_off"
    assert reply.text.startswith(true.text)
    assert "90 dias" not in reply.text


def test_memory_counts_misses_in_a_row_and_forgets_them_after_an_answer() -> None:
    missed = Part("Pode contar com outras palavras?", "missing", missed=True)

    first = conclude(turn(), [missed])
    second = conclude(turn(first.memory), [missed])
    answered = conclude(turn(first.memory), [Part("Sim!", "other")])

    assert (first.outcome, first.memory.misses) == ("answered", 1)
    assert (second.outcome, second.hand_off_reason) == ("handed_off", "missing_knowledge")
    assert answered.memory.misses == 0
