"""Orders are told to who proved to be their owner, and to nobody else."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest
from support.responder_shop import TUESDAY_MORNING, Chat, all_items, shop_knowledge

from common.errors import QueryFailed
from common.knowledge import Rule
from common.odoo_answers import IdentityVerdict, Order, OrderLine, OrderStatuses, Shipment
from common.tenants import Locale
from hub.answering import TurnInput
from hub.identity import ContactRecord, Customer, ProofOutcome, attempt, concluded, customer_of, is_locked
from hub.truth_gate import check

PROOF = "4725"


def order(reference: str, **more: Any) -> Order:
    fields: dict[str, Any] = {
        "order_id": 1,
        "reference": reference,
        "state": "confirmed",
        "delivery": "pending",
        "invoicing": "invoiced",
        "ordered_at": datetime(2026, 11, 20, 15, 0, tzinfo=TUESDAY_MORNING.tzinfo),
        "expected_at": datetime(2026, 11, 27, 15, 0, tzinfo=TUESDAY_MORNING.tzinfo),
        "untaxed": Decimal("59.80"),
        "taxes": Decimal(0),
        "total": Decimal("59.80"),
        "currency": "BRL",
        "lines": (
            OrderLine(
                product_id=1,
                name="Shampoo Hidratante Karité 300ml",
                quantity=Decimal(2),
                delivered_quantity=Decimal(0),
                total=Decimal("59.80"),
            ),
        ),
    }
    return Order(**{**fields, **more})


SENT = order(
    "S00041",
    delivery="delivered",
    shipments=(Shipment(reference="WH/OUT/7", state="done", carrier="Correios", tracking_reference="BR123456789BR"),),
)


class Desk:
    """Implements `CustomerCare` with the real rules of counting; Odoo knows one customer by one proof."""

    def __init__(self, *orders: Order, failure: str = "", outcome: ProofOutcome | None = None) -> None:
        self.record = ContactRecord(tenant="flora", contact_id=7)
        self._orders = orders
        self._failure = failure
        self._outcome = outcome

    async def customer(self, turn: TurnInput) -> Customer | None:
        return customer_of(self.record, turn.conversation_id, turn.now)

    async def prove(self, turn: TurnInput, claim: str, order_reference: str | None = None) -> ProofOutcome:
        if self._failure:
            raise QueryFailed("unavailable", "scripted")
        if self._outcome:
            return self._outcome
        if is_locked(self.record, turn.now):
            return "locked"
        self.record = attempt(self.record, turn.now)
        right = PROOF in claim
        verdict = IdentityVerdict(
            outcome="verified" if right else "no_match",
            partner_id=11 if right else None,
            customer_id=11 if right else None,
        )
        self.record = concluded(self.record, verdict, turn.now, turn.conversation_id)
        return verdict.outcome

    async def orders(self, turn: TurnInput, customer: Customer, reference: str | None) -> OrderStatuses:
        found = tuple(each for each in self._orders if reference in (None, each.reference))
        return OrderStatuses(orders=found, read_at=turn.now)


async def test_an_order_is_told_after_the_proof_with_state_total_and_tracking() -> None:
    chat = Chat(care=Desk(order("S00042"), SENT))

    asked = await chat.say("cadê meu pedido?")
    told = await chat.say(f"meu cpf termina em {PROOF}")

    assert asked.outcome == "answered"
    assert "4 últimos dígitos" in asked.text
    assert "S00042" not in asked.text
    assert "**S00042**, de 20/11/2026: confirmado, ainda não enviado." in told.text
    assert "Total: R$ 59,80" in told.text
    assert "Previsão: 27/11/2026" in told.text
    assert "BR123456789BR" in told.text
    assert check(told.text, told.facts, chat.now).refused == ()


async def test_once_proved_it_holds_for_the_conversation() -> None:
    chat = Chat(care=Desk(order("S00042"), SENT))
    await chat.say("cadê meu pedido?")
    await chat.say(PROOF)

    reply = await chat.say("e o pedido S00041 já foi enviado?")

    assert "S00041" in reply.text
    assert "S00042" not in reply.text


async def test_the_number_asked_for_is_remembered_through_the_proof() -> None:
    chat = Chat(care=Desk(order("S00042"), SENT))
    await chat.say("quero rastrear o pedido S00041")

    reply = await chat.say(PROOF)

    assert "já enviado por completo" in reply.text
    assert "S00042" not in reply.text


async def test_another_customers_order_is_answered_like_one_that_does_not_exist() -> None:
    chat = Chat(care=Desk(order("S00042")))
    await chat.say("cadê o pedido S00099?")

    reply = await chat.say(PROOF)

    assert "Não encontrei um pedido com esse número" in reply.text
    assert "S000" not in reply.text


async def test_wrong_digits_may_be_sent_again_until_the_door_closes() -> None:
    chat = Chat(care=Desk(order("S00042")))
    await chat.say("cadê meu pedido?")

    replies = [await chat.say(wrong) for wrong in ("0001", "0002", "0003", "0004")]

    assert [each.outcome for each in replies] == ["answered", "answered", "answered", "handed_off"]
    assert replies[-1].hand_off_reason == "policy_restriction"
    assert all("S00042" not in each.text for each in replies)
    assert "S00042" not in replies[-1].note


async def test_another_question_in_between_keeps_the_proof_open() -> None:
    chat = Chat(care=Desk(order("S00042")))
    await chat.say("cadê meu pedido?")
    between = await chat.say("tem garantia?")

    reply = await chat.say(PROOF)

    assert "90 dias" in between.text
    assert "S00042" in reply.text


@pytest.mark.parametrize("outcome", ["nothing_on_file", "ambiguous", "locked", "not_possible"])
async def test_what_cannot_be_proved_here_goes_to_people(outcome: ProofOutcome) -> None:
    chat = Chat(care=Desk(order("S00042"), outcome=outcome))
    await chat.say("cadê meu pedido?")

    reply = await chat.say(PROOF)

    assert (reply.outcome, reply.hand_off_reason) == ("handed_off", "policy_restriction")


async def test_what_cannot_be_read_is_asked_for_again_once() -> None:
    chat = Chat(care=Desk(order("S00042"), outcome="unreadable"))
    await chat.say("cadê meu pedido?")

    assert "só os dígitos" in (await chat.say("12345")).text
    assert (await chat.say("54321")).outcome == "handed_off"


async def test_an_odoo_that_does_not_answer_means_a_person() -> None:
    chat = Chat(care=Desk(failure="unavailable"))
    await chat.say("cadê meu pedido?")

    reply = await chat.say(PROOF)

    assert (reply.outcome, reply.hand_off_reason) == ("handed_off", "tool_failure")


async def test_numbers_are_no_proof_when_none_was_asked_for() -> None:
    desk = Desk(order("S00042"))
    chat = Chat(care=desk)

    reply = await chat.say(PROOF)

    assert "S00042" not in reply.text
    assert desk.record.attempts == ()


async def test_how_to_track_is_a_question_about_rules() -> None:
    tracking = Rule(
        id="rastreio",
        title="Rastreamento do pedido",
        text="O código de rastreio segue por e-mail quando o pedido é enviado.",
        questions=("como rastreio meu pedido?",),
    )
    chat = Chat(care=Desk(order("S00042")), knowledge=shop_knowledge([*all_items(), ("rule", tracking)]))

    reply = await chat.say("como faço para rastrear meu pedido?")

    assert [source.id for source in reply.sources] == ["rastreio"]


async def test_without_an_odoo_a_person_looks_for_the_order() -> None:
    reply = await Chat(care=Desk(), has_odoo=False).say("cadê meu pedido?")

    assert (reply.outcome, reply.hand_off_reason) == ("handed_off", "unsupported_request")


@pytest.mark.parametrize(
    ("locale", "asking", "words"),
    [
        ("pt-BR", "cadê meu pedido?", "código de 6 dígitos"),
        ("es", "¿dónde está mi pedido?", "código de 6 dígitos"),
        ("en", "where is my order?", "code of 6 digits"),
    ],
)
async def test_a_code_is_promised_only_if_the_email_is_on_file_and_the_proof_stays_open(
    locale: Locale, asking: str, words: str
) -> None:
    care = Desk(order("S00042"), outcome="code_asked")
    chat = Chat(care=care, locale=locale)
    await chat.say(asking)

    asked = await chat.say("ana@exemplo.example")
    care._outcome = "code_expired"
    late = await chat.say("123456")
    care._outcome = None
    told = await chat.say(PROOF)

    assert asked.outcome == late.outcome == "answered"
    assert words in asked.text
    assert "10" in asked.text
    assert any(each in asked.text for each in ("Se este", "Si este", "If this"))
    assert all(verdict.passed for verdict in asked.verdicts)
    assert asked.asked
    assert late.text != asked.text
    assert "S00042" in told.text


@pytest.mark.parametrize(
    "words", ["cadê meu pedido?", "¿dónde está mi pedido?", "where is my order?", "me fala do pedido S00042"]
)
async def test_the_proof_is_asked_for_in_every_language_and_is_no_answer_yet(words: str) -> None:
    reply = await Chat(care=Desk(order("S00042"))).say(words)

    assert reply.outcome == "answered"
    assert reply.asked
    assert "4" in reply.text
    assert "S00042" not in reply.text


async def test_a_number_alone_asks_for_that_order_once_the_customer_is_known() -> None:
    chat = Chat(care=Desk(order("S00042"), SENT))
    await chat.say("cadê meu pedido?")
    await chat.say(PROOF)

    reply = await chat.say("e o S00041?")

    assert "S00041" in reply.text
    assert "S00042" not in reply.text


async def test_when_will_it_arrive_is_about_the_order_of_who_proved_it() -> None:
    chat = Chat(care=Desk(order("S00042")))
    await chat.say("cadê meu pedido?")
    await chat.say(PROOF)

    assert "27/11/2026" in (await chat.say("e quando chega?")).text


async def test_orders_as_such_are_a_matter_of_rules() -> None:
    chat = Chat(care=Desk(order("S00042")))

    reply = await chat.say("qual o prazo de entrega depois que o pedido já foi pago?")

    assert [each.id for each in reply.sources] == ["entrega"]
