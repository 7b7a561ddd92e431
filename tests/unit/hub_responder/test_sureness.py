"""How often rules are quoted rightly, wrongly, or asked back, on questions nobody wrote into the rules."""

from __future__ import annotations

from datetime import date
from functools import cache

from support.responder_shop import TENANT, TUESDAY_MORNING, Chat, shop_knowledge

from hub.answering import TurnInput
from hub.responder import rules
from hub.responder.intents import understand
from hub.responder.parts import Turn
from hub.retrieval.port import TenantKnowledge
from simulator.company.knowledge import company_knowledge

# The rules that answer | the ways it is asked.
ANSWERABLE = """
entrega-bh | qual o prazo pra receber em betim | em quantos dias chega em BH | o frete pra nova lima é quanto
entrega-brasil | mandam pra salvador? | quanto tempo demora pra chegar em fortaleza
entrega-brasil | entregam em São Paulo capital?
frete-gratis | o frete é de graça? | tem frete grátis pro rio?
entrega-expressa | consigo receber hoje ainda?
endereco-errado | errei o endereço da entrega
retirada | posso pegar na loja? | meu marido pode buscar? | quanto tempo guardam o pedido na loja
pagamento-formas | aceita cartão de débito? | vcs aceitam cheque | o cartão elo passa?
pagamento-formas pagamento-pix | da pra pagar com pix?
pagamento-parcelas | dividem no cartão? | parcela em 10x? | tem algum acréscimo no parcelamento?
pagamento-parcelas | qual a menor parcela
pagamento-pix | tem desconto a vista?
pagamento-boleto | o boleto venceu ontem e agora | boleto demora quanto?
troca-arrependimento | posso devolver se eu me arrepender | quero meu dinheiro de volta
troca-prazo | não gostei, quero trocar | quantos dias tenho pra trocar | qual o prazo de troca
troca-prazo | troca tem custo? | posso trocar na loja física?
troca-reembolso | quando cai o dinheiro do estorno | quanto tempo até o reembolso
troca-excecoes | vela aberta pode trocar? | travesseiro pode trocar?
troca-quebrado | chegou faltando um prato | veio quebrado
garantia | o liquidificador tem quanto tempo de garantia
garantia-assistencia garantia | parou de funcionar com 2 meses
voltagem | é 110 ou 220?
loja-estacionamento | tem onde estacionar? | posso levar meu cachorro na loja?
loja-transporte | como chego ai de onibus
privacidade | apaga meus dados do sistema
privacidade-whatsapp | para de me mandar mensagem | vocês mandam propaganda?
atacado | vende pra revenda? | compra com cnpj tem desconto
nota-fiscal | emite nota com cnpj? | perdi a nota fiscal
cancelamento | posso cancelar a compra?
presente | embrulha pra presente? | quanto é pra embrulhar
lista-casamento | fazem lista de chá de panela?
reserva | pode separar pra mim?
horario-humano | que horas tem gente atendendo
troca-quebrado garantia garantia-assistencia | o produto veio com defeito
entrega-bh entrega-expressa entrega-agendada | fazem entrega no sábado?
entrega-agendada | dá pra agendar a entrega?
lista-casamento visita-lista | como me inscrevo na lista de casamento
"""
UNANSWERABLE = """
vocês fazem tatuagem?
qual a capital da França?
vocês contratam?
tem vaga de emprego?
quem é o dono?
vocês consertam sofá?
o produto é vegano?
vocês têm app?
posso pagar com bitcoin?
vocês alugam louça?
é feito no Brasil?
tem wifi na loja?
fazem entrega de drone?
vocês dão aula de culinária?
a panela vai no fogão de indução?
vocês compram usado?
tem programa de pontos?
o café é orgânico?
preciso de um advogado trabalhista
qual a previsão do tempo pra amanhã?
fazem seguro do aparelho?
me conta uma piada
qual o melhor celular?
meu carro não pega
quanto é 2 + 2?
vocês são franquia?
quero ser revendedor autorizado da marca
vocês patrocinam eventos?
qual o salário de vendedor?
tem estágio?
"""


@cache
def sample_company() -> TenantKnowledge:
    knowledge = company_knowledge(date(2026, 11, 24))
    items = [(kind, item) for kind, all_of_kind in knowledge.by_kind().items() for item in all_of_kind]
    return shop_knowledge(items).tenant(TENANT)


def find(text: str) -> rules.Found | None:
    chat = Chat()
    given = TurnInput(tenant=chat.profile, messages=(chat.message(text),), now=TUESDAY_MORNING)
    turn = Turn(input=given, language="pt-BR", knowledge=sample_company(), odoo=None)
    return rules.find(turn, understand(text))


def questions() -> list[tuple[set[str], str]]:
    lines = [line.split(" | ") for line in ANSWERABLE.strip().splitlines()]
    return [(set(line[0].split()), text) for line in lines for text in line[1:]]


def test_most_reworded_questions_are_answered_and_few_by_the_wrong_rule() -> None:
    found = [(right, find(text)) for right, text in questions()]
    quoted = [(right, each.best.item.id) for right, each in found if each and each.sure]
    rightly = sum(item_id in right for right, item_id in quoted)

    assert rightly / len(found) >= 0.6
    assert (len(quoted) - rightly) / len(found) <= 0.08


def test_of_what_is_not_surely_answered_most_is_offered_to_pick() -> None:
    unsure = [(right, each) for right, each in ((r, find(text)) for r, text in questions()) if not (each and each.sure)]
    offered = [right for right, each in unsure if each and right & {hit.item.id for hit in each.hits[:3]}]

    assert len(offered) / len(unsure) >= 0.6


def test_what_no_rule_answers_is_seldom_answered() -> None:
    asked = UNANSWERABLE.strip().splitlines()
    answered = [text for text in asked if (found := find(text)) and found.sure]

    assert len(answered) / len(asked) <= 0.1
