"""Replies of everyday words alone: what they tell of the company needs a fact, what is only talk needs none."""

from __future__ import annotations

import tomllib
from importlib import resources

import pytest

from cli.evaluation.suite_files import GATE_NOW as NOW
from cli.evaluation.suite_files import gate_worlds
from hub.truth_gate import check

WORLDS = gate_worlds()
SOME = ("one", "kitchen", "towel", "week", "nothing", "course")
"""Worlds of products, rules, hours, a lesson, and nothing at all; none of them says any of this."""

_ALONE = (
    "hand_off",
    "person",
    "hello",
    "thanks",
    "bye",
    "acknowledge",
    "special",
    "promotions_none",
    "order_no",
    "ask",
)

STATEMENTS = [
    # What the customer may do.
    ("pt-BR", "Você pode escolher os itens."),
    ("pt-BR", "Pode pagar depois."),
    ("pt-BR", "Pode pagar quando chegar."),
    ("pt-BR", "Dá para levar quando quiser."),
    ("pt-BR", "Pode usar com tudo."),
    ("pt-BR", "Depois de comprar, pode mudar tudo."),
    ("pt-BR", "Se não gostar, pode devolver."),
    ("pt-BR", "Pode, sim, sem problema."),
    ("es", "Puede venir cuando quiera."),
    ("es", "Puede pagar al recibir."),
    ("en", "You can use it every day."),
    ("en", "Yes, you can."),
    # What the company does.
    ("pt-BR", "A gente manda hoje mesmo."),
    ("pt-BR", "Guardamos para você."),
    ("pt-BR", "Fazemos sim!"),
    ("pt-BR", "Qualquer problema a gente resolve na hora."),
    ("pt-BR", "É só pedir que a gente faz."),
    ("pt-BR", "A gente embala tudo."),
    ("pt-BR", "Qualquer pessoa pode comprar."),
    ("pt-BR", "Já resolvi."),
    ("en", "You only pay if you like it."),
    ("pt-BR", "Vou deixar tudo pronto para você."),
    ("pt-BR", "Te dou outro se não gostar."),
    ("es", "Le damos otro si no le gusta."),
    ("en", "We can keep it for you."),
    ("en", "Our team goes to your home."),
    # What the goods are like.
    ("pt-BR", "Cada um vem com outro igual."),
    ("pt-BR", "Um só é suficiente para o mês todo."),
    ("pt-BR", "Tem em todas as cores."),
    ("pt-BR", "É normal mudar de cor."),
    ("es", "Con eso alcanza para todo el mes."),
    ("en", "It is new and comes in a box."),
    ("pt-BR", "É de verdade."),
    ("pt-BR", "Vem com tudo."),
    ("pt-BR", "Funciona bem em casa."),
    ("es", "Le va a quedar muy bien."),
    # What others think of them, and what they cost.
    ("pt-BR", "Quem é cliente sempre tem vantagem."),
    ("pt-BR", "Somos a loja favorita dos clientes."),
    ("pt-BR", "As pessoas adoram."),
    ("pt-BR", "Quem já usou recomenda."),
    ("pt-BR", "Cliente novo paga menos."),
    ("pt-BR", "Isso não tem custo."),
    ("es", "Los clientes siempre vuelven."),
    ("en", "We do not charge for that."),
    # A time that somebody counts on.
    ("pt-BR", "A equipe responde na hora."),
    ("es", "Se lo mando hoy."),
]

TALK = [
    ("pt-BR", "Boa noite, tudo bem com você?"),
    ("pt-BR", "Seja muito bem-vinda à nossa loja!"),
    ("pt-BR", "Posso ajudar em algo mais?"),
    ("pt-BR", "Pode me passar o seu nome?"),
    ("pt-BR", "Pode me chamar quando quiser."),
    ("pt-BR", "Pode escrever por aqui mesmo."),
    ("pt-BR", "É isso mesmo que você procura?"),
    ("pt-BR", "Vou verificar com a equipe e te aviso."),
    ("pt-BR", "Nossa equipe vai entrar em contato com você."),
    ("pt-BR", "A equipe consegue te ajudar melhor com isso."),
    ("pt-BR", "Quem pode responder isso é a equipe."),
    ("pt-BR", "Não encontrei essa informação por aqui."),
    ("pt-BR", "Se precisar, é só chamar."),
    ("pt-BR", "É só me mandar o número do pedido que eu verifico."),
    ("pt-BR", "Escolha com calma e me avisa."),
    ("pt-BR", "Estamos à disposição."),
    ("pt-BR", "Você tem razão, me desculpe."),
    ("pt-BR", "Espero que dê tudo certo."),
    ("es", "Una persona del equipo va a seguir con la conversación."),
    ("es", "Puede escribirme cuando quiera."),
    ("es", "Cuénteme qué pasó."),
    ("es", "Tómese su tiempo."),
    ("en", "You can ask me anything."),
    ("en", "I'll check and let you know."),
    ("en", "Our team will get in touch with you."),
    ("en", "Only the team can confirm that."),
    ("en", "I need the order number to check it."),
]

LEADING_TO_FACTS = [
    ("rules", "Pode sim! A troca é em até 30 dias corridos, com a nota fiscal."),
    ("rules", "Funciona assim: no Pix há 5% de desconto."),
    ("one", "Temos, sim."),
    ("one", "Pode levar! Temos 12 unidades."),
    ("kitchen", "Se a sua casa for 220 V, o liquidificador é de 127 V, então ele não serve."),
    ("days", "Hoje ainda dá tempo: fechamos às 19h."),
    ("cafe", "Pode trazer o Bento, sim! Cães são bem-vindos na área externa."),
]


@pytest.mark.parametrize("world", SOME)
@pytest.mark.parametrize(("locale", "text"), STATEMENTS)
def test_a_statement_of_everyday_words_needs_a_fact(world: str, locale: str, text: str) -> None:
    assert check(text, WORLDS[world], NOW, locale=locale).refused


@pytest.mark.parametrize("world", SOME)
@pytest.mark.parametrize(("locale", "text"), TALK)
def test_talk_needs_no_fact(world: str, locale: str, text: str) -> None:
    assert check(text, WORLDS[world], NOW, locale=locale).refused == ()


@pytest.mark.parametrize(("world", "text"), LEADING_TO_FACTS)
def test_what_only_leads_to_a_fact_passes_with_it(world: str, text: str) -> None:
    assert check(text, WORLDS[world], NOW).refused == ()


@pytest.mark.parametrize("locale", ["pt-BR", "es", "en"])
def test_what_the_assistant_says_of_itself_and_the_team_needs_no_fact(locale: str) -> None:
    told = tomllib.loads(resources.files("hub.responder").joinpath("texts", f"{locale}.toml").read_text("utf-8"))
    alone = [text for key, text in told.items() if key.startswith(_ALONE) and "{" not in text]
    refused = [text for text in alone if not check(text, (), NOW, locale=locale).passed]

    assert len(alone) > 20
    assert refused == []


def test_a_permission_that_was_read_passes_but_not_with_a_freedom_nobody_gives() -> None:
    assert check("Você pode trocar com a nota fiscal.", WORLDS["rules"], NOW).refused == ()
    assert check("Você pode trocar quantas vezes quiser.", WORLDS["rules"], NOW).refused
