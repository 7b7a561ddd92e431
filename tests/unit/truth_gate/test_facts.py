from __future__ import annotations

from datetime import UTC, datetime

import pytest

from common.facts import Fact
from hub.truth_gate import check, facts_from_text

NOW = datetime(2026, 11, 24, 13, 30, tzinfo=UTC)
RULE = "Entregamos em até 2 dias úteis por R$ 15,90, de segunda a sexta, das 9h às 18h. Dúvidas: (11) 3456-7890."


def test_a_text_becomes_itself_and_its_values() -> None:
    facts = facts_from_text(RULE, "rule:entrega", "knowledge", NOW)

    assert (facts[0].kind, facts[0].value) == ("text", RULE)
    assert {(fact.kind, fact.value) for fact in facts[1:]} == {
        ("number", "2 business_day"),
        ("price", "15.9"),
        ("weekday", "0"),
        ("weekday", "4"),
        ("time", "09:00"),
        ("time", "18:00"),
        ("phone", "1134567890"),
    }


def test_a_whole_quotation_passes_whatever_stands_in_it() -> None:
    facts = facts_from_text(RULE, "rule:entrega", "knowledge", NOW)

    assert check(f"Claro! {RULE} Posso ajudar em algo mais?", facts, NOW).passed


def test_a_quotation_with_one_word_changed_is_judged_value_by_value() -> None:
    facts = facts_from_text(RULE, "rule:entrega", "knowledge", NOW)

    assert not check(RULE.replace("15,90", "12,90"), facts, NOW).passed


def test_the_numbers_of_a_rule_serve_what_the_rule_is_about_only() -> None:
    facts = facts_from_text("A troca é em até 30 dias. O reembolso cai em até 5 dias.", "rule:t", "knowledge", NOW)

    assert check("O reembolso cai em até 5 dias.", facts, NOW).passed
    assert check("A troca vale por até 30 dias.", facts, NOW).passed
    assert not check("A troca vale por até 5 dias.", facts, NOW).passed


def test_what_was_valid_yesterday_is_refused_with_the_reason() -> None:
    facts = (
        *facts_from_text("Velas com 20% de desconto.", "promotion:v", "knowledge", NOW),
        Fact(kind="date", value="2026-11-23", subject="promotion:v#valid_until", source="knowledge", read_at=NOW),
    )

    result = check("Velas com 20% de desconto.", facts, NOW)

    assert [verdict.why for verdict in result.refused] == ["promotion:v is not in force on 2026-11-24"]


def test_the_last_day_counts_on_the_companys_clock() -> None:
    late = datetime(2026, 11, 24, 1, 30, tzinfo=UTC)  # still the 23rd in São Paulo
    facts = (
        *facts_from_text("Velas com 20% de desconto.", "promotion:v", "knowledge", NOW),
        Fact(kind="date", value="2026-11-23", subject="promotion:v#valid_until", source="knowledge", read_at=NOW),
    )

    assert check("Velas com 20% de desconto.", facts, late).passed
    assert not check("Velas com 20% de desconto.", facts, late, timezone="UTC").passed


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("Custa R$ 10,00.", "no fact of this turn says price 10; read was: product:a 29.9 BRL, product:b 39.9 BRL"),
        ("Vela Azul custa R$ 39,90.", "39.9 is the price of product:b, not of product:a; read was: product:a 29.9 BRL"),
        ("Vela Azul custa US$ 29,90.", "29.9 is in BRL, not in USD; read was: product:b 39.9 BRL"),
        (
            "O frete da Vela Azul custa R$ 29,90.",
            "'frete' is nothing that was read in this turn; read was: product:b 39.9 BRL",
        ),
    ],
)
def test_every_refusal_says_why(text: str, why: str) -> None:
    facts = [
        Fact(kind="text", value="Vela Azul", subject="product:a", source="knowledge", read_at=NOW),
        Fact(kind="price", value="29.90", subject="product:a", source="odoo", read_at=NOW, currency="BRL"),
        Fact(kind="text", value="Vela Verde", subject="product:b", source="knowledge", read_at=NOW),
        Fact(kind="price", value="39.90", subject="product:b", source="odoo", read_at=NOW, currency="BRL"),
    ]

    assert [verdict.why for verdict in check(text, facts, NOW).refused] == [why]


def test_a_text_without_claims_passes_without_facts() -> None:
    result = check("Claro! Posso ajudar em mais alguma coisa? 😊", [], NOW)

    assert result.passed
    assert result.verdicts == ()


def test_an_order_may_be_told_in_the_words_in_which_it_was_read() -> None:
    read = {"sku": "S00077", "order_state": "shipped", "text": "Pedido S00077: já enviado. Transportadora: Jadlog"}
    facts = [
        Fact.model_validate({"kind": kind, "value": value, "subject": "order:77", "source": "odoo", "read_at": NOW})
        for kind, value in read.items()
    ]

    assert check("O pedido S00077 foi enviado pela Jadlog.", facts, NOW).passed
    assert not check("O pedido S00077 foi enviado pelos Correios.", facts, NOW).passed


def test_why_it_is_closed_may_stand_beside_that_it_is() -> None:
    read = {"date": "2026-11-24", "text": "Aniversário da loja"}
    facts = [
        Fact.model_validate(
            {"kind": kind, "value": value, "subject": "company:main", "source": "clock", "read_at": NOW}
        )
        for kind, value in read.items()
    ]
    hours = {"company:main#1.opens": "09:00", "company:main#1.closes": "18:00"}
    facts += [
        Fact(kind="time", value=value, subject=each, source="clock", read_at=NOW) for each, value in hours.items()
    ]

    assert check("Hoje não abrimos (Aniversário da loja).", facts, NOW).refused == ()
