"""Customers who tell a story instead of naming the thing they ask for."""

from __future__ import annotations

import pytest
from support.responder_shop import TENANT, TUESDAY_MORNING, Chat, shop_knowledge

from hub.answering import Memory, Reply, TurnInput
from hub.responder import rules
from hub.responder.conclude import conclude
from hub.responder.evidence import Evidence, is_faint
from hub.responder.intents import understand
from hub.responder.parts import Part, Turn
from hub.responder.tales import made_sure
from hub.retrieval.speller import Speller
from simulator.company.knowledge import company_knowledge

SHOP = company_knowledge(TUESDAY_MORNING.date())


def sources(reply: Reply) -> set[str]:
    return {f"{each.kind}/{each.id}" for each in reply.sources}


def turn(words: str, memory: Memory | None = None) -> Turn:
    chat = Chat()
    given = TurnInput(
        tenant=chat.profile, messages=(chat.message(words),), memory=memory or Memory(), now=TUESDAY_MORNING
    )
    known = shop_knowledge([("rule", rule) for rule in SHOP.rules]).tenant(TENANT)
    return Turn(input=given, language="pt-BR", knowledge=known, odoo=None)


@pytest.mark.parametrize(
    ("words", "right"),
    [
        ("o aparelho que minha mãe ganhou de natal deu problema depois de meses, ela tá coberta?", "rule/garantia"),
        ("é aniversário da sogra e eu queria dar de lembrança uma coisa caprichada, com bilhete", "rule/presente"),
    ],
)
async def test_the_topic_of_a_story_is_offered_however_much_of_it_no_rule_knows(words: str, right: str) -> None:
    reply = await Chat().say(words)

    assert reply.asked
    assert right in sources(reply)


def test_a_piece_that_surely_asks_for_what_the_whole_hints_at_makes_it_sure() -> None:
    question = understand("eu vi vocês no jornal e fiquei curiosa com a vitrine, tem desconto no pix?")
    asked = turn(question.text)
    whole = rules.find(asked, question)
    sure = made_sure(asked, question, whole)

    assert whole
    assert not whole.sure
    assert sure
    assert sure.sure
    assert sure.best.item.id == "pagamento-pix"


def test_of_two_questions_without_an_answer_the_one_with_something_to_choose_from_is_asked() -> None:
    source = rules.asked(turn("x"), turn("x").knowledge.rules("troca", 1, today=TUESDAY_MORNING.date()))

    reply = conclude(turn("x"), [source, Part("Como assim?", "missing", missed=True)])

    assert reply.text == source.text


@pytest.mark.parametrize("words", ["meu telefone mudou", "my phone is another one now"])
async def test_the_customers_own_telephone_is_no_question_for_the_companys(words: str) -> None:
    assert "company/main" not in sources(await Chat().say(words))


def test_who_waits_for_money_is_told_when_it_comes_and_not_how_to_send_things_back() -> None:
    words = "já mandei de volta, em quanto tempo recebo meu dinheiro?"
    found = rules.find(turn(words), understand(words))

    assert found
    assert found.best.item.id == "troca-reembolso"


def test_one_word_in_common_with_a_long_title_is_faint_unless_far_ahead() -> None:
    near = dict.fromkeys(Evidence.__dataclass_fields__, 0.0) | {"literals": 1 / 3, "literal": 0.5, "titled": 1 / 3}

    assert is_faint(Evidence(**near | {"margin": 0.3}))
    assert not is_faint(Evidence(**near | {"margin": 0.9}))
    assert not is_faint(Evidence(**near | {"margin": 0.3, "literals": 1.0}))


def test_two_slips_are_mended_only_between_words_that_sound_alike() -> None:
    assert Speller({"potes": 1}).suggestions("phones") == ()
    assert Speller({"ventilador": 1}).suggestions("vemtiladr") == ("ventilador",)
