"""What speaks of the same things as a rule, a promotion or a product, and is not answered by it."""

from __future__ import annotations

import pytest
from support.responder_shop import Chat

from hub.answering import Reply


def sources(reply: Reply) -> set[str]:
    return {f"{each.kind}/{each.id}" for each in reply.sources}


def is_told(reply: Reply) -> bool:
    return reply.outcome == "answered" and not reply.asked and bool(reply.sources)


@pytest.mark.parametrize(
    "words",
    [
        "aceita PayPal?",
        "posso pagar na entrega?",
        "can I pay with bitcoin?",
        "qual a chave pix de vocês?",
        "vocês têm vale-presente?",
    ],
)
async def test_one_of_a_kind_that_the_rule_does_not_name_is_not_answered_by_it(words: str) -> None:
    assert not is_told(await Chat().say(words))


@pytest.mark.parametrize("words", ["aceita boleto?", "¿aceptan tarjeta?", "do you take cards?", "pix vcs aceitam?"])
async def test_one_that_the_rule_names_is(words: str) -> None:
    assert sources(await Chat().say(words)) == {"rule/pagamento"}


@pytest.mark.parametrize("words", ["tem desconto pra professor?", "fazem desconto no aniversário?"])
async def test_a_discount_for_somebody_no_promotion_knows_is_not_answered_by_other_promotions(words: str) -> None:
    assert not is_told(await Chat().say(words))


@pytest.mark.parametrize("words", ["vocês abrem conta?", "a loja fica aberta na copa do mundo?"])
async def test_opening_something_else_is_no_matter_of_hours(words: str) -> None:
    assert not is_told(await Chat().say(words))


async def test_what_a_product_is_for_is_not_the_product() -> None:
    reply = await Chat().say("vocês vendem pano?")

    assert reply.asked
    assert "Boneca de Pano Artesanal" in reply.text


async def test_a_place_alone_is_no_question_of_delivery() -> None:
    assert not is_told(await Chat().say("qual a população de São Paulo?"))
    assert sources(await Chat().say("quanto é o frete pra São Paulo?")) == {"rule/entrega"}


@pytest.mark.parametrize(
    "words",
    ["quanto tempo tenho pra trocar?", "how many days do I have to exchange?", "¿cuántos días tengo para cambiar?"],
)
async def test_a_rule_answers_in_whatever_language_it_is_asked(words: str) -> None:
    assert "rule/troca" in sources(await Chat().say(words))


async def test_enough_of_offers_is_no_question_for_offers() -> None:
    reply = await Chat().say("para de me mandar promoção")

    assert reply.outcome == "handed_off"
    assert "BLACK20" not in reply.text
