"""Language, intents, bursts, choices: how a customer's words are read."""

from __future__ import annotations

from datetime import date, time
from decimal import Decimal

import pytest
from support.responder_shop import Chat

from common.commands import Choice
from common.tenants import Locale
from hub.responder import formats
from hub.responder.burst import join_fragments, read_burst
from hub.responder.choices import offer, picked
from hub.responder.intents import understand
from hub.responder.language import detect
from hub.responder.texts import texts


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("oi, tudo bem? quanto custa o frete?", "pt-BR"),
        ("hola, ¿cuánto cuesta el envío?", "es"),
        ("hello, how much is shipping?", "en"),
        ("gracias", "es"),
        ("thanks!", "en"),
        ("shampoo 300ml", "pt-BR"),
        ("ok", "pt-BR"),
        ("", "pt-BR"),
    ],
)
def test_the_language_of_a_first_message(text: str, language: Locale) -> None:
    assert detect(text, None, "pt-BR") == language


def test_one_foreign_word_does_not_change_the_language_of_a_conversation() -> None:
    assert detect("ok thanks", "pt-BR", "pt-BR") == "pt-BR"
    assert detect("shampoo for men", "pt-BR", "pt-BR") == "pt-BR"


def test_a_clear_sentence_changes_the_language_of_a_conversation() -> None:
    assert detect("could you tell me what your opening hours are, please?", "pt-BR", "pt-BR") == "en"


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("quero falar com alguém de verdade", "person"),
        ("cadê meu pedido?", "order_status"),
        ("meu pedido ainda não chegou", "order_status"),
        ("que horas vocês fecham?", "hours"),
        ("tão abertos agora?", "hours"),
        ("qual o endereço?", "address"),
        ("tem cupom?", "promotions"),
        ("qto custa", "price"),
        ("vcs vendem sabonete?", "stock"),
        ("quero marcar um horário", "booking"),
        ("vc é robô?", "identity"),
        ("vlw", "thanks"),
        ("where is my order?", "order_status"),
        ("¿a qué hora abren?", "hours"),
    ],
)
def test_intents(text: str, intent: str) -> None:
    assert intent in understand(text).intents


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("como faço um pedido?", "order_status"),
        ("posso abrir a embalagem?", "hours"),
        ("tem atendimento aos sábados?", "person"),
        ("o produto veio aberto", "hours"),
        ("me vê um shampoo legal", "acknowledge"),
    ],
)
def test_what_is_no_such_intent(text: str, intent: str) -> None:
    assert intent not in understand(text).intents


def test_what_a_question_is_about_is_what_is_left_of_it() -> None:
    assert understand("oi, vocês têm shampoo hidratante, por favor?").content == ("shampoo", "hidratante")
    assert understand("quanto custa?").content == ()


def test_a_message_with_two_questions_is_cut_in_two() -> None:
    chat = Chat()

    burst = read_burst([chat.message("quanto custa o shampoo e qual o horário de vocês?")])

    assert [question.text for question in burst.questions] == ["quanto custa o shampoo", "qual o horário de vocês?"]


def test_pieces_of_one_question_are_joined_when_a_product_has_every_word() -> None:
    pieces = [understand(text) for text in ("tem camiseta", "azul", "qual o frete?")]

    joined = join_fragments(pieces, lambda text: text == "camiseta azul")

    assert [question.text for question in joined] == ["tem camiseta azul", "qual o frete?"]


def test_pieces_that_do_not_belong_together_stay_apart() -> None:
    pieces = [understand(text) for text in ("tem camiseta", "perfume")]

    assert len(join_fragments(pieces, lambda text: False)) == 2


def test_titles_fit_buttons_and_rows_and_stay_unique() -> None:
    names = [f"Liquidificador Beija-Flor 1,4 L (Vermelho, {volts} V)" for volts in (110, 127, 220)]

    buttons = offer([(name, name) for name in names])
    rows = offer([(name, name) for name in (*names, "Ventilador de Mesa Andorinha")])

    assert all(len(choice.title) <= 20 for choice in buttons)
    assert all(len(choice.title) <= 24 for choice in rows)
    assert len({choice.title for choice in buttons}) == 3


OFFERED = (
    Choice(title="Shampoo 300ml", value="product:a"),
    Choice(title="Condicionador 300ml", value="product:b"),
    Choice(title="Falar com uma pessoa", value="person"),
)


@pytest.mark.parametrize(
    ("said", "value"),
    [
        ("1", "product:a"),
        ("2.", "product:b"),
        ("opção 2", "product:b"),
        ("o primeiro", "product:a"),
        ("a última", "product:b"),
        ("Condicionador 300ml", "product:b"),
        ("condicionador", "product:b"),
        ("falar com uma pesoa", "person"),
        ("3", "person"),
    ],
)
def test_a_choice_is_understood(said: str, value: str) -> None:
    choice = picked(said, OFFERED)

    assert choice is not None
    assert choice.value == value


@pytest.mark.parametrize("said", ["4", "0", "300", "sim", "tem de 500ml?", "quero 2 unidades de sabonete", ""])
def test_what_is_no_choice(said: str) -> None:
    assert picked(said, OFFERED) is None


def test_yes_accepts_the_only_thing_on_offer() -> None:
    assert picked("sim, por favor", OFFERED[2:]) == OFFERED[2]


@pytest.mark.parametrize(
    ("locale", "money", "clock", "day"),
    [
        ("pt-BR", "R$ 1.234,56", "18h30", "quarta-feira, 25/11"),
        ("es", "R$ 1.234,56", "18:30", "miércoles, 25/11"),
        ("en", "R$ 1,234.56", "6:30 PM", "Wednesday, Nov 25"),
    ],
)
def test_values_are_written_as_people_write_them(locale: Locale, money: str, clock: str, day: str) -> None:
    assert formats.money(Decimal("1234.56"), "BRL", locale) == money
    assert formats.clock(time(18, 30), locale) == clock
    assert formats.day(date(2026, 11, 25), date(2026, 11, 24), locale) == day


def test_every_language_has_every_sentence_with_the_same_values() -> None:
    catalogues = [texts(locale)._catalogue for locale in ("pt-BR", "es", "en")]

    for catalogue in catalogues[1:]:
        assert catalogue.keys() == catalogues[0].keys()
        for key, sentence in catalogue.items():
            if isinstance(sentence, dict):
                assert sentence.keys() == catalogues[0][key].keys()
            else:
                assert fields(sentence) == fields(catalogues[0][key]), key


def fields(sentence: str) -> set[str]:
    import string

    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}
