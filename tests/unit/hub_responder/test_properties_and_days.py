"""What products are like, and days that stand alone."""

from __future__ import annotations

import pytest
from support.responder_shop import TUESDAY_MORNING, Chat

from hub.truth_gate import check


async def test_what_the_description_says_is_told_with_price_and_stock() -> None:
    chat = Chat()

    reply = await chat.say("o shampoo de 300ml serve pra cabelos secos?")

    assert "Indicado para cabelos secos" in reply.text
    assert "R$ 29,90" in reply.text
    assert check(reply.text, reply.facts, TUESDAY_MORNING).refused == ()


async def test_what_no_description_says_is_not_answered_with_a_price() -> None:
    reply = await Chat().say("qual a potência do shampoo de 300ml?")

    assert reply.asked
    assert "R$" not in reply.text


async def test_a_property_may_be_asked_of_what_was_spoken_of() -> None:
    chat = Chat()
    await chat.say("shampoo karité 300ml")

    assert "cabelos secos" in (await chat.say("e serve pra cabelos com química?")).text


async def test_a_size_may_be_said_without_its_unit() -> None:
    assert "50ml" in (await Chat().say("quanto é o perfume de 50?")).text


async def test_a_size_of_what_was_spoken_of_is_no_number_of_units() -> None:
    chat = Chat()
    await chat.say("shampoo karité 1l")

    reply = await chat.say("desculpa, o de 300")

    assert "300ml" in reply.text
    assert "300 unidades" not in reply.text


@pytest.mark.parametrize("words", ["e no sábado?", "ah tá, e sábado?"])
async def test_a_day_alone_after_hours_asks_for_its_hours(words: str) -> None:
    chat = Chat()
    await chat.say("que horas abrem amanhã?")

    assert "13h30" in (await chat.say(words)).text


@pytest.mark.parametrize(
    ("words", "expected"), [("abrem no natal?", "não abrimos"), ("abrem no dia 24 de dezembro?", "9h")]
)
async def test_a_holiday_by_the_name_people_have_for_it(words: str, expected: str) -> None:
    assert expected in (await Chat().say(words)).text
