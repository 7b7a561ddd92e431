"""How people write in chats: short, with slips and pet names, leaning on what was said before."""

from __future__ import annotations

from decimal import Decimal

import pytest
from support.responder_shop import TENANT, TUESDAY_MORNING, Chat, ShopOdoo, all_items, shop_knowledge

from common.knowledge import Product, Rule
from hub.answering import Reply
from hub.responder.intents import folded, paid_with, understand
from hub.responder.rules import ordered


def sources(reply: Reply) -> set[str]:
    return {f"{each.kind}/{each.id}" for each in reply.sources}


def is_told(reply: Reply) -> bool:
    return reply.outcome == "answered" and not reply.asked and bool(reply.sources)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("qdo chega msm?", "quando chega mesmo?"),
        ("se eu n gostar", "se eu nao gostar"),
        ("tem o n 38?", "tem o n 38?"),
        ("talk to a person", "talk to a person"),
        ("me manda em blz@loja.example", "me manda em blz@loja.example"),
    ],
)
def test_chat_spelling_is_written_out_and_nothing_else_is(written: str, read: str) -> None:
    assert folded(written) == read


async def test_a_few_words_are_asked_of_the_rule_told_last() -> None:
    elsewhere = Rule(
        id="longe",
        title="Entrega no resto do Brasil",
        category="delivery",
        text="Entregamos em todo o Brasil em até 12 dias úteis; quanto demora depende do CEP.",
    )
    chat = Chat(knowledge=shop_knowledge([*all_items(), ("rule", elsewhere)]))

    assert sources(await chat.say("vocês entregam em Manaus?")) == {"rule/longe"}
    assert sources(await chat.say("demora mto?")) == {"rule/longe"}


async def test_courtesy_before_a_comma_is_no_part_of_the_question() -> None:
    assert sources(await Chat().say("blz, embrulha pra presente?")) == {"rule/presente"}


async def test_a_no_before_a_comma_mends_what_was_said() -> None:
    chat = Chat()
    await chat.say("camiseta azul P")

    assert sources(await chat.say("não, a G")) == {"product/camiseta-azul-g"}


@pytest.mark.parametrize("words", ["obrigada viu linda", "valeu meu rei"])
async def test_thanks_with_a_pet_name_are_thanks(words: str) -> None:
    reply = await Chat().say(words)

    assert not reply.asked
    assert reply.reason == "thanks"


async def test_thanks_with_a_question_are_a_question() -> None:
    assert (await Chat().say("obrigada, consertam relógio?")).asked


async def test_what_is_said_of_the_product_spoken_of_is_told_in_the_words_of_its_description() -> None:
    chat = Chat()
    await chat.say("shampoo karité 300ml")
    reply = await chat.say("e ele limpa cabelos secos?")

    assert "Indicado para cabelos secos" in reply.text
    assert "product/sh-hid-300" in sources(reply)


async def test_what_nothing_is_said_of_is_not_told() -> None:
    chat = Chat()
    await chat.say("shampoo karité 300ml")

    assert not is_told(await chat.say("e ele perfuma a casa?"))


@pytest.mark.parametrize("words", ["qual a camiseta branca maior?", "what is the biggest camiseta branca?"])
async def test_the_largest_of_what_is_named(words: str) -> None:
    assert sources(await Chat().say(words)) == {"product/camiseta-branca-g"}


async def test_the_smallest_of_what_was_spoken_of() -> None:
    chat = Chat()
    await chat.say("camiseta branca")
    reply = await chat.say("e a menor?")

    assert {source for source in sources(reply) if "branca" in source} == {"product/camiseta-branca-p"}
    assert not {source for source in sources(reply) if source.endswith(("-m", "-g"))}


async def test_the_cheapest_by_what_odoo_says_now() -> None:
    odoo = ShopOdoo()
    odoo.prices_by_id[1] = Decimal("99.00")

    assert "product/sh-hid-1l" in sources(await Chat(odoo=odoo).say("qual o shampoo mais barato?"))
    assert "product/sh-hid-300" in sources(await Chat().say("qual o shampoo mais barato?"))


async def test_sizes_in_different_units_are_not_compared_by_their_figures() -> None:
    bottles = [
        Product(id=f"oleo-{size}", name=f"Óleo de Rosa {size}", attributes={"Tamanho": size}, odoo_id=1)
        for size in ("300 ml", "1 l")
    ]
    chat = Chat(knowledge=shop_knowledge([("product", each) for each in bottles]))
    reply = await chat.say("qual o óleo maior?")

    assert sources(reply) != {"product/oleo-300 ml"}


@pytest.mark.parametrize("words", ["cadê meu shampoo?", "gente cadê minha camiseta azul p"])
async def test_bought_goods_that_are_missing_are_a_matter_of_an_order(words: str) -> None:
    assert (await Chat().say(words)).reason == "order_status"


async def test_a_size_mended_in_the_middle_of_a_sentence() -> None:
    reply = await Chat().say("eu queria a camiseta azul p, não, desculpa, a azul g")

    assert "product/camiseta-azul-g" in sources(reply)
    assert "product/camiseta-azul-p" not in sources(reply)


async def test_taking_what_was_spoken_of_is_a_reservation() -> None:
    chat = Chat()
    await chat.say("camiseta branca g")

    assert (await chat.say("quero essa")).reason == "reservation"


def test_what_somebody_wants_to_pay_with() -> None:
    assert paid_with(understand("aceita pagamento por aproximação?").folded) == ("aproximacao",)
    assert paid_with(understand("posso pagar no cartão?").folded) == ("cartao",)
    assert paid_with(understand("quando posso pagar?").folded) == ()


async def test_a_way_to_pay_that_the_rule_does_not_name_is_not_answered_by_it() -> None:
    assert not is_told(await Chat().say("aceita pagamento por aproximação?"))
    assert sources(await Chat().say("posso pagar no boleto?")) == {"rule/pagamento"}


async def test_one_word_of_a_longer_title_is_asked_back() -> None:
    moved = Rule(id="mudanca", title="Mudança de endereço de entrega", text="O endereço pode ser alterado até o envio.")
    chat = Chat(knowledge=shop_knowledge([*all_items(), ("rule", moved)]))

    assert not is_told(await chat.say("vocês fazem mudança?"))


async def test_a_price_by_a_way_to_pay_is_the_price_and_the_rule_for_paying_so() -> None:
    reply = await Chat().say("pagando no pix fica por quanto o sabonete de lavanda?")

    assert {"product/sabonete", "rule/pagamento"} <= sources(reply)
    assert "R$ 12,50" in reply.text


async def test_a_size_said_as_a_word_is_the_one_of_its_letter() -> None:
    assert sources(await Chat().say("camiseta branca grande")) == {"product/camiseta-branca-g"}


def test_when_money_comes_back_is_told_by_the_rule_called_by_the_time() -> None:
    returned = Rule(
        id="desistir",
        title="Desistência da compra",
        category="exchange",
        text="Quem desiste em 7 dias recebe o dinheiro de volta.",
        questions=("quero meu dinheiro de volta",),
    )
    refund = Rule(
        id="reembolso",
        title="Prazo do reembolso",
        category="exchange",
        text="O reembolso cai em até 3 dias úteis.",
        questions=("quando cai o estorno?",),
    )
    index = shop_knowledge([("rule", returned), ("rule", refund)]).tenant(TENANT)
    words = "e quando o dinheiro volta?"
    hits = index.rules(words, 5, today=TUESDAY_MORNING.date())
    found = ordered(hits, folded(words), understand(words).topics)

    assert found
    assert found[0][0].item.id == "reembolso"
