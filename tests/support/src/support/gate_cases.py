"""Replies that are true or false in one small world, for the truth gate.

Each line is one reply: `+` it may be sent, `-` it must not. `|` stands for a line break. Sections name the locale and
the facts of the turn. True replies are written as a person or a model might put them, false ones as the same with one
thing wrong.
"""

# Sentences stand on one line, as customers read them.
# ruff: noqa: E501
from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import NamedTuple

from common.queries import Fact
from hub.truth_gate import facts_from_text

NOW = datetime(2026, 11, 24, 13, 30, tzinfo=UTC)
"""Tuesday, 10:30 in São Paulo."""

_SHAMPOO, _CONDITIONER, _SHIRT = "product:sh", "product:cd", "product:ca"


def _fact(kind: str, value: str, subject: str, source: str = "knowledge", currency: str | None = None) -> Fact:
    return Fact(kind=kind, value=value, subject=subject, source=source, read_at=NOW, currency=currency)


def _product(subject: str, name: str, sku: str, price: str, stock: str) -> list[Fact]:
    return [
        _fact("text", name, subject),
        _fact("sku", sku, subject),
        _fact("price", price, subject, "odoo", "BRL"),
        _fact("stock", stock, subject, "odoo"),
    ]


def _hours() -> list[Fact]:
    subject = "company:main"
    facts = []
    for day in range(5):
        for role, value in (("opens", "09:00"), ("closes", "12:00"), ("opens", "13:00"), ("closes", "18:00")):
            facts.append(_fact("time", value, f"{subject}#{day}.{role}"))
    facts += [_fact("time", "09:00", f"{subject}#5.opens"), _fact("time", "13:30", f"{subject}#5.closes")]
    facts.append(_fact("date", "2026-11-25", subject, "clock"))
    facts += [
        _fact("time", "10:00", f"{subject}#2026-12-24.opens"),
        _fact("time", "14:00", f"{subject}#2026-12-24.closes"),
    ]
    facts.append(_fact("date", "2026-12-24", subject))
    return facts


def _rule(subject: str, text: str, locale: str = "pt-BR") -> list[Fact]:
    return list(facts_from_text(text, subject, "knowledge", NOW, locale=locale))


def _promotion(subject: str, text: str, start: str, end: str) -> list[Fact]:
    return [
        *_rule(subject, text),
        _fact("date", start, f"{subject}#valid_from"),
        _fact("date", end, f"{subject}#valid_until"),
    ]


WORLDS: dict[str, list[Fact]] = {
    "one": _product(_SHAMPOO, "Shampoo Hidratante Karité 300ml", "SHP-300-KA", "29.90", "12"),
    "two": [
        *_product(_SHAMPOO, "Shampoo Hidratante Karité 300ml", "SHP-300-KA", "29.90", "12"),
        *_product(_CONDITIONER, "Condicionador Nutritivo Coco 250ml", "CND-250-CO", "39.90", "0"),
        *_product(_SHIRT, "Camiseta Básica Azul M", "CAM-AZ-M", "1234.56", "3"),
    ],
    "dollars": [
        _fact("text", "Blue Ceramic Mug", "product:mug"),
        _fact("price", "1234.50", "product:mug", "odoo", "USD"),
        _fact("stock", "7", "product:mug", "odoo"),
    ],
    "rules": [
        *_rule("rule:troca", "Você pode trocar em até 30 dias corridos com a nota fiscal. A devolução por arrependimento é em até 7 dias."),
        *_rule("rule:entrega", "Entregamos em São Paulo em até 2 dias úteis por R$ 15,90. O frete é grátis em compras acima de R$ 199,00."),
        *_rule("rule:pagamento", "Aceitamos cartão em até 6x sem juros, com parcela mínima de R$ 30,00. No Pix há 5% de desconto."),
        *_rule("rule:atacado", "No atacado, leve 3 pague 2 em toda a linha de sabonetes. Velas: 2 por R$ 50,00."),
        *_rule("rule:garantia", "A garantia dos eletrônicos é de 12 meses e a dos cosméticos é de 3 meses."),
    ],
    "shop": [
        *_product(_SHAMPOO, "Shampoo Hidratante Karité 300ml", "SHP-300-KA", "29.90", "12"),
        *_rule("rule:entrega", "Entregamos em São Paulo em até 2 dias úteis por R$ 15,90. O frete é grátis em compras acima de R$ 199,00."),
        *_rule("rule:pagamento", "Aceitamos cartão em até 6x sem juros, com parcela mínima de R$ 5,00. No Pix há 5% de desconto."),
    ],
    "hours": _hours(),
    "promotions": [
        *_promotion("promotion:black", "Semana Black: 20% de desconto na linha Karité com o cupom BLACK20.", "2026-11-23", "2026-11-29"),
        *_promotion("promotion:kids", "Dia das Crianças: bonecas com 35% de desconto, por R$ 49,90.", "2026-10-05", "2026-10-12"),
        *_promotion("promotion:xmas", "Natal: perfumes com 15% de desconto a partir de 10/12/2026.", "2026-12-10", "2026-12-24"),
    ],
    "contact": [
        _fact("phone", "+55 11 3456-7890", "company:main"),
        _fact("email", "oi@flora.example", "company:main"),
        _fact("link", "https://flora.example/loja", "company:main"),
        _fact("link", "https://instagram.com/flora", "company:main"),
        *_rule("company:main", "Rua das Acácias, 120, São Paulo - SP, CEP 04101-300"),
    ],
    "customer": [
        *_product(_SHAMPOO, "Shampoo Hidratante Karité 300ml", "SHP-300-KA", "29.90", "12"),
        _fact("number", "4", "customer:message", "customer"),
    ],
    "nothing": [],
    "service": [_fact("text", "Consultoria de Fragrâncias", "product:cs"), _fact("stock", "unlimited", "product:cs", "odoo")],
    "order": [_fact("order_state", "shipped", "order:77", "odoo"), _fact("sku", "77001", "order:77", "odoo")],
    "names": [
        *_product("product:kit3", "Kit Presente 3 Peças", "KIT-3", "89.90", "2"),
        *_product("product:kit5", "Kit Presente 5 Peças", "KIT-5", "139.90", "4"),
    ],
}  # fmt: skip

CASES = """
# one pt-BR
+ O Shampoo Hidratante Karité 300ml custa R$ 29,90.
+ O Shampoo Hidratante Karité 300ml custa R$29,90 e temos 12 unidades em estoque.
+ Temos sim! O Shampoo Hidratante Karité 300ml sai por R$ 29,90.
+ **Shampoo Hidratante Karité 300ml**: R$ 29,90. Temos 12 unidades em estoque.
+ Shampoo Hidratante Karité 300ml - 29,90 reais
+ Ele custa R$ 29,90 à vista.
+ O preço é 29,90.
+ O shampoo custa vinte e nove reais e noventa centavos.
+ O shampoo sai por vinte e nove e noventa.
+ O código dele é SHP-300-KA.
+ 2 unidades saem por R$ 59,80 (R$ 29,90 cada).
+ 3 unidades do Shampoo Hidratante Karité 300ml saem por R$ 89,70.
+ Duas unidades ficam em R$ 59,80.
+ 2 por R$ 59,80.
+ Custa menos de R$ 30,00.
+ Temos mais de 10 unidades em estoque.
+ Temos o Shampoo Hidratante Karité 300ml em estoque, por R$ 29,90.
+ Oi! 😊 Como posso ajudar?
+ O Shampoo Hidratante Karité 300ml custa R$ 29,90. Restam 12 unidades.
+ O valor é R$ 29,9.
- O Shampoo Hidratante Karité 300ml custa R$ 28,90.
- O Shampoo Hidratante Karité 300ml custa R$ 2,99.
- O Shampoo Hidratante Karité 300ml custa R$ 299,00.
- O Shampoo Hidratante Karité 300ml custa R$ 29.
- O Shampoo Hidratante Karité 300ml custa R$ 29,99.
- O Shampoo Hidratante Karité 300ml custa R$ 92,90.
- O Shampoo Hidratante Karité 300ml custa 30 reais.
- O Shampoo Hidratante Karité 300ml custa trinta reais.
- O Shampoo Hidratante Karité 300ml custa vinte e oito e noventa.
- O Shampoo Hidratante Karité 300ml custa US$ 29,90.
- O Shampoo Hidratante Karité 300ml custa € 29,90.
- O Shampoo Hidratante Karité 300ml custa 29,90 dólares.
- O Shampoo Hidratante Karité 300ml custa R$ 12,00.
- Temos 29 unidades em estoque.
- Temos 120 unidades em estoque.
- Temos 13 em estoque.
- Restam 2 unidades.
- Temos dez unidades em estoque.
- Últimas 3 unidades!
- O Shampoo Hidratante Karité 300ml está esgotado.
- Infelizmente o shampoo está sem estoque.
- O Shampoo Hidratante Karité 500ml custa R$ 29,90.
- O Shampoo Hidratante Karité Infantil custa R$ 29,90.
- O shampoo anticaspa custa R$ 29,90.
- O condicionador custa R$ 29,90.
- O Shampoo Hidratante Karité 300ml custa R$ 29,90, o condicionador também R$ 29,90.
- O refil do Shampoo Hidratante Karité 300ml custa R$ 29,90.
- O frete custa R$ 29,90.
- A entrega do Shampoo Hidratante Karité 300ml sai por R$ 29,90.
- O código dele é SHP-300-KB.
- O código dele é SHP-3000-KA.
- De R$ 49,90 por R$ 29,90!
- De R$ 29,90 por R$ 19,90!
- O shampoo está com 10% de desconto.
- O shampoo está com dez por cento de desconto.
- Em 3x de R$ 9,97.
- Em até 10x de R$ 2,99 sem juros.
- 2 unidades saem por R$ 29,90.
- 2 por R$ 29,90.
- 2 unidades saem por R$ 50,00.
- Dois por cinquenta reais.
- 3 unidades por R$ 79,90.
- 12 unidades por R$ 29,90.
- Custa menos de R$ 20,00.
- Custa mais de R$ 40,00.
- Temos mais de 20 unidades em estoque.
- Temos menos de 10 unidades em estoque.
- O preço está entre R$ 20,00 e R$ 40,00.
- O preço é R$ 29,90 ou R$ 19,90.
- O preço é R$ 1,00.
- Custa １９,９０ reais.
- Custa R$ 2\u200b9,00.
- Custa R$ 29,90 mil.
- Custa R$ 29 mil.
- Leve 3 pague 2 no Shampoo Hidratante Karité 300ml.
- O Shampoo Hidratante Karité 300ml custa R$ 29,90 e chega em 2 dias.
- O Shampoo Hidratante Karité 300ml custa R$ 29,90 até 30/11.
- O Shampoo Hidratante Karité 300ml custa R$ 29,90 só até amanhã!
- O Shampoo Hidratante Karité 300ml custa R$ 29,90. Compre em https://loja.example.
- O Shampoo Hidratante Karité 300ml custa R$ 29,90. Ligue (11) 99999-8888.
- O Shampoo Hidratante Karité 300ml custa R$ 29,90, garantia de 12 meses.
- O Shampoo Hidratante Karité 300ml custa R$ 29,90. Use o cupom PROMO10.
# one es
+ El Shampoo Hidratante Karité 300ml cuesta R$ 29,90 y tenemos 12 unidades en stock.
+ Cuesta veintinueve reales con noventa centavos.
- El Shampoo Hidratante Karité 300ml cuesta R$ 27,90.
- Cuesta veintiocho reales con noventa centavos.
- Quedan 3 unidades.
- Dos por treinta reales.
- El champú está agotado.
- Cuesta 29,90 pesos.
# one en
+ The Shampoo Hidratante Karité 300ml costs R$ 29.90 and we have 12 units in stock.
+ It costs R$29.90.
+ Two units cost R$ 59.80.
- The Shampoo Hidratante Karité 300ml costs R$ 19.90.
- It costs $29.90.
- Only 3 left!
- It is 10% off.
- It is sold out.
- Twenty reais each.
- The conditioner costs R$ 29.90.
# two pt-BR
+ O Shampoo Hidratante Karité 300ml custa R$ 29,90 e o Condicionador Nutritivo Coco 250ml custa R$ 39,90.
+ Shampoo Hidratante Karité 300ml: R$ 29,90|Condicionador Nutritivo Coco 250ml: R$ 39,90 (esgotado)|Camiseta Básica Azul M: R$ 1.234,56
+ 1. **Shampoo Hidratante Karité 300ml**: R$ 29,90. Temos 12 unidades em estoque.|2. **Condicionador Nutritivo Coco 250ml**: R$ 39,90. Esgotado no momento.
+ O shampoo custa R$ 29,90 e o condicionador R$ 39,90.
+ A Camiseta Básica Azul M sai por R$ 1.234,56, restam 3 unidades.
+ A camiseta custa mil duzentos e trinta e quatro reais e cinquenta e seis centavos.
+ O Condicionador Nutritivo Coco 250ml está esgotado no momento.
+ Shampoo Hidratante Karité 300ml: R$ 29,90|Condicionador Nutritivo Coco 250ml: R$ 39,90|Total: R$ 69,80
+ Temos opções a partir de R$ 29,90.
+ Encontrei 3 opções: Shampoo Hidratante Karité 300ml, Condicionador Nutritivo Coco 250ml e Camiseta Básica Azul M.
+ Os preços vão de R$ 29,90 a R$ 1.234,56.
- O Shampoo Hidratante Karité 300ml custa R$ 39,90.
- O Condicionador Nutritivo Coco 250ml custa R$ 29,90.
- O Shampoo Hidratante Karité 300ml custa R$ 39,90 e o Condicionador Nutritivo Coco 250ml custa R$ 29,90.
- O shampoo custa R$ 39,90 e o condicionador R$ 29,90.
- Shampoo Hidratante Karité 300ml: R$ 39,90|Condicionador Nutritivo Coco 250ml: R$ 29,90
- 1. **Shampoo Hidratante Karité 300ml**: R$ 29,90. Esgotado no momento.|2. **Condicionador Nutritivo Coco 250ml**: R$ 39,90. Temos 12 unidades em estoque.
- Custa R$ 39,90.
- O preço é R$ 29,90.
- A Camiseta Básica Azul M custa R$ 29,90.
- A Camiseta Básica Azul M custa R$ 1.234,65.
- A Camiseta Básica Azul M custa R$ 1.243,56.
- A Camiseta Básica Azul M custa R$ 123,45.
- A Camiseta Básica Azul M custa R$ 12.345,60.
- A Camiseta Básica Azul M custa R$ 1,23.
- A Camiseta Básica Azul M custa R$ 1234.
- O Condicionador Nutritivo Coco 250ml está em estoque.
- Temos 12 unidades do Condicionador Nutritivo Coco 250ml.
- Temos 3 unidades do Shampoo Hidratante Karité 300ml em estoque.
- Shampoo Hidratante Karité 300ml: R$ 29,90|Condicionador Nutritivo Coco 250ml: R$ 39,90|Total: R$ 59,80
- Shampoo Hidratante Karité 300ml: R$ 29,90|Condicionador Nutritivo Coco 250ml: R$ 39,90|Os dois juntos por R$ 60,00
- Temos opções a partir de R$ 19,90.
- Temos opções a partir de R$ 39,90.
- Os preços vão de R$ 19,90 a R$ 39,90.
- Encontrei 7 opções: Shampoo Hidratante Karité 300ml e Condicionador Nutritivo Coco 250ml.
- O Shampoo Hidratante Karité 300ml é mais caro que o Condicionador Nutritivo Coco 250ml: R$ 39,90.
- O Condicionador Nutritivo Coco 250ml custa R$ 39,90 e o Shampoo Hidratante Karité 300ml também.  Ele custa R$ 39,90.
- Leve o Shampoo Hidratante Karité 300ml e o Condicionador Nutritivo Coco 250ml por R$ 59,90.
- O sabonete custa R$ 29,90.
- O SHP-300-KA custa R$ 39,90.
- Camiseta Básica Preta M: R$ 1.234,56
- Camiseta Básica Azul G: R$ 1.234,56
# dollars en
+ The Blue Ceramic Mug costs $1,234.50 and we have 7 in stock.
+ The mug is USD 1234.50.
+ The Blue Ceramic Mug costs US$ 1,234.50, 7 left.
+ Two mugs cost $2,469.00.
- The Blue Ceramic Mug costs $1,234.05.
- The Blue Ceramic Mug costs $1.23.
- The Blue Ceramic Mug costs $1,243.50.
- The Blue Ceramic Mug costs R$ 1,234.50.
- The Blue Ceramic Mug costs €1,234.50.
- The Blue Ceramic Mug costs $12,345.
- The Red Ceramic Mug costs $1,234.50.
- We have 70 in stock.
- Only seven hundred left.
- Shipping for the Blue Ceramic Mug is $1,234.50.
# rules pt-BR
+ Você pode trocar em até 30 dias corridos com a nota fiscal. A devolução por arrependimento é em até 7 dias.
+ A troca pode ser feita em até 30 dias corridos, com a nota fiscal.
+ A devolução por arrependimento vai até 7 dias.
+ Entregamos em São Paulo em até 2 dias úteis por R$ 15,90. O frete é grátis em compras acima de R$ 199,00.
+ Em São Paulo a entrega leva até 2 dias úteis.
+ O frete é grátis em compras acima de R$ 199,00.
+ No Pix há 5% de desconto.
+ Dá para pagar no cartão em até 6x sem juros.
+ A parcela mínima no cartão é de R$ 30,00.
+ Velas: 2 por R$ 50,00.
+ Leve 3 pague 2 nos sabonetes.
+ A garantia dos cosméticos é de 3 meses.
+ A garantia dos eletrônicos é de 12 meses e a dos cosméticos é de 3 meses.
+ A garantia dos eletrônicos é de doze meses.
- A troca pode ser feita em até 60 dias corridos, com a nota fiscal.
- A troca pode ser feita em até 30 dias úteis.
- A troca pode ser feita em até 30 meses.
- A troca pode ser feita em até 7 dias.
- A devolução por arrependimento vai até 30 dias corridos.
- A troca pode ser feita em até trinta semanas.
- Em São Paulo a entrega leva até 3 dias úteis.
- Em São Paulo a entrega leva até 2 horas.
- A entrega custa R$ 19,90.
- A entrega custa R$ 15,00.
- A entrega custa R$ 30,00.
- O frete é grátis em compras acima de R$ 99,00.
- O frete é grátis em compras abaixo de R$ 199,00.
- O frete custa R$ 199,00.
- O frete é grátis em compras acima de R$ 15,90.
- No Pix há 15% de desconto.
- No Pix há 50% de desconto.
- No cartão há 5% de desconto no Pix e 10% no boleto.
- Dá para pagar no cartão em até 12x sem juros.
- Dá para pagar no cartão em até 10 vezes.
- Dá para pagar em até 6x de R$ 15,90 sem juros.
- A parcela mínima no cartão é de R$ 50,00.
- Velas: 2 por R$ 30,00.
- Velas: 3 por R$ 50,00.
- Leve 2 pague 3 nos sabonetes.
- Leve 4 pague 2 nos sabonetes.
- Leve 3 pague 1 nos sabonetes.
- A garantia dos cosméticos é de 12 meses.
- A garantia dos eletrônicos é de 3 meses.
- A garantia dos eletrônicos é de 3 meses e a dos cosméticos é de 12 meses.
- A garantia é de 2 anos.
# shop pt-BR
+ O Shampoo Hidratante Karité 300ml custa R$ 29,90. A entrega em São Paulo custa R$ 15,90.
+ O Shampoo Hidratante Karité 300ml custa R$ 29,90 em até 6x sem juros.
+ O Shampoo Hidratante Karité 300ml custa R$ 29,90, em 3x de R$ 9,97 sem juros.
+ O Shampoo Hidratante Karité 300ml custa R$ 29,90, em 2x de R$ 14,95.
- O Shampoo Hidratante Karité 300ml custa R$ 15,90.
- O Shampoo Hidratante Karité 300ml custa R$ 199,00.
- A entrega em São Paulo custa R$ 29,90.
- O Shampoo Hidratante Karité 300ml custa R$ 29,90, em 3x de R$ 8,97 sem juros.
- O Shampoo Hidratante Karité 300ml custa R$ 29,90, em 10x de R$ 2,99 sem juros.
- O Shampoo Hidratante Karité 300ml sai por R$ 5,00.
- Frete grátis acima de R$ 29,90.
# hours pt-BR
+ Abrimos de segunda a sexta das 9h às 12h e das 13h às 18h.
+ Segunda-feira a sexta-feira: das 9h às 12h e das 13h às 18h|Sábado: das 9h às 13h30
+ No sábado abrimos das 9h às 13h30.
+ Abrimos quarta-feira, 25/11, às 9h.
+ Hoje, terça-feira, fechamos às 18h.
+ Dia 24/12 o horário é das 10h às 14h.
+ Sim, estamos abertos agora, até as 12h.
- Abrimos de segunda a sexta das 8h às 18h.
- Abrimos de segunda a sexta das 9h às 19h.
- Abrimos de segunda a sábado das 9h às 18h.
- No sábado abrimos das 9h às 18h.
- No sábado fechamos às 18h.
- No domingo abrimos das 9h às 12h.
- Abrimos das 18h às 9h.
- Abrimos às 13h30 no sábado.
- Abrimos quinta-feira, 25/11, às 9h.
- Abrimos quarta-feira, 26/11, às 9h.
- Abrimos quarta-feira, 25/11, às 10h.
- Dia 24/12 o horário é das 9h às 18h.
- Dia 31/12 o horário é das 10h às 14h.
- Estamos abertos até as 22h.
- Fechamos ao meio-dia e meia, às 12h30.
- Abrimos às 7 da manhã, às 7h.
# hours en
+ We are open Monday to Friday from 9 am to 12 pm and from 1 pm to 6 pm.
+ On Saturday we are open from 9 AM to 1:30 PM.
- We are open Monday to Friday from 9 am to 6 am.
- On Saturday we are open from 9 AM to 6 PM.
- On Sunday we are open from 9 AM to 1:30 PM.
# promotions pt-BR
+ Semana Black: 20% de desconto na linha Karité com o cupom BLACK20.
+ Na Semana Black a linha Karité tem 20% de desconto, até 29/11.
+ Use o cupom BLACK20 na linha Karité: 20% de desconto.
- Dia das Crianças: bonecas com 35% de desconto, por R$ 49,90.
- As bonecas estão por R$ 49,90.
- As bonecas têm 35% de desconto.
- Natal: perfumes com 15% de desconto a partir de 10/12/2026.
- Os perfumes têm 15% de desconto.
- As bonecas têm 20% de desconto.
- Na Semana Black a linha Karité tem 30% de desconto.
- Na Semana Black a linha Karité tem 20% de desconto, até 30/11.
- Na Semana Black a linha Karité tem 20% de desconto, até 12/10.
- A Semana Black vai até 29/11/2025.
- A Semana Black vai até 29 de dezembro.
- A Semana Black vai até amanhã.
- A Semana Black vale até hoje.
- Use o cupom BLACK30 na linha Karité.
- Use o cupom NATAL15.
# contact pt-BR
+ Nosso telefone é +55 11 3456-7890.
+ Ligue para (11) 3456-7890.
+ Telefone: 3456-7890
+ Escreva para oi@flora.example.
+ Veja em https://flora.example/loja
+ Veja em flora.example/loja.
+ Instagram: @flora
+ Estamos na Rua das Acácias, 120, São Paulo - SP, CEP 04101-300
- Nosso telefone é +55 11 3456-7809.
- Ligue para (11) 4356-7890.
- Ligue para (21) 3456-7890.
- Ligue para 0800 345 6789.
- Chame no +55 11 93456-7890.
- Escreva para oi@flora.example.com.
- Escreva para vendas@flora.example.
- Veja em https://flora.example/loja2
- Veja em https://flora-promo.example/loja
- Veja em https://flora.example.golpe.com/loja
- Veja em http://bit.ly/flora
- Instagram: @flora_oficial
- Estamos na Rua das Acácias, 210, São Paulo - SP
- Estamos na Rua das Acácias, 120, CEP 04101-003
# customer pt-BR
+ 4 unidades do Shampoo Hidratante Karité 300ml saem por R$ 119,60.
+ Anotei 4 unidades.
- 4 unidades do Shampoo Hidratante Karité 300ml saem por R$ 100,00.
- Custa R$ 4,00.
- Temos 4 unidades em estoque.
# nothing pt-BR
+ Não achei essa informação por aqui. Pode me contar com outras palavras o que você procura?
+ Por nada! 😊 Se precisar de mais alguma coisa, é só chamar.
- O produto custa R$ 10,00.
- Custa dez reais.
- Temos 5 em estoque.
- Chega em 3 dias.
- O prazo é de 24 horas.
- Entregamos até 25/12.
- Chega amanhã.
- Há 10% de desconto.
- Veja em www.exemplo.com.br.
- Ligue 11 98765-4321.
- Seu pedido foi enviado.
- O pedido 12345 saiu para entrega.
- Parcelamos em 3x.
- Está em estoque.
- Esgotado!
- O código é AB-1234.
- O código de rastreio é BR123456789BR.
- Abrimos às 9h.
- Fechamos no domingo.
- Pague 2 e leve 3.
# service pt-BR
+ A Consultoria de Fragrâncias está em estoque.
- Temos 5 vagas: Consultoria de Fragrâncias, 5 unidades em estoque.
- A Consultoria de Fragrâncias custa R$ 100,00.
# order pt-BR
+ Seu pedido 77001 foi enviado.
- Seu pedido 77001 foi entregue.
- Seu pedido 77002 foi enviado.
- Seu pedido 77001 saiu para entrega.
- Seu pedido foi cancelado.
# names pt-BR
+ O Kit Presente 3 Peças custa R$ 89,90 e o Kit Presente 5 Peças custa R$ 139,90.
+ Kit Presente 5 Peças: R$ 139,90. Temos 4 unidades em estoque.
- O Kit Presente 3 Peças custa R$ 139,90.
- O Kit Presente 5 Peças custa R$ 89,90.
- O Kit Presente 4 Peças custa R$ 89,90.
- Kit Presente 3 Peças: R$ 89,90. Temos 4 unidades em estoque.
- O kit custa R$ 89,90.
# one pt-BR
+ Olha, o Shampoo Hidratante Karité 300ml tá saindo por R$ 29,90 a unidade.
+ Sim! Temos 12 unidades do Shampoo Hidratante Karité 300ml disponíveis, cada uma por R$ 29,90.
+ O Shampoo Hidratante Karité 300ml (SHP-300-KA) está por R$ 29,90.
+ Shampoo Hidratante Karité 300ml => R$ 29,90
+ Levando 2, fica R$ 59,80 no total.
+ Dá R$ 89,70 levando 3 unidades.
+ O Shampoo Hidratante Karité 300ml tem 12 em estoque e custa apenas R$ 29,90.
+ 5 x R$ 29,90 = R$ 149,50
+ Quer que eu reserve o Shampoo Hidratante Karité 300ml por R$ 29,90?
- Olha, o Shampoo Hidratante Karité 300ml tá saindo por R$ 27,90 a unidade.
- Levando 2, fica R$ 49,80 no total.
- Dá R$ 79,70 levando 3 unidades.
- Levando 3, cada um sai por R$ 24,90.
- 5 x R$ 29,90 = R$ 129,50
- O Shampoo Hidratante Karité 300ml custava R$ 39,90, agora R$ 29,90.
- O Shampoo Hidratante Karité 300ml sai a metade do preço: R$ 14,95.
- Shampoo Hidratante Karité 300ml por R$ 29,90 + frete de R$ 10,00.
- Shampoo Hidratante Karité 300ml por R$ 29,90 com frete grátis.
- O Shampoo Hidratante Karité 300ml é grátis na compra de outro produto.
- O kit com 2 Shampoo Hidratante Karité 300ml sai por R$ 50,00.
- Parcelamos o Shampoo Hidratante Karité 300ml em duas vezes.
- O Shampoo Hidratante Karité 300ml custa vinte e nove e cinquenta.
- Custa 29 reais e 50 centavos.
- Restam só duas unidades do Shampoo Hidratante Karité 300ml.
- Temos uma dúzia e meia: 18 unidades.
- Só hoje: R$ 24,90!
- Preço promocional de 26,91.
- São vinte e nove reais cada.
- Temos 12 caixas em estoque, com 6 unidades cada.
- Ele custa entre 25 e 35 reais.
- Custa uns R$ 30.
- Custa em torno de trinta reais.
- Pague R$ 25,00 à vista.
- O segundo sai por R$ 14,95.
- A partir de 3 unidades, R$ 27,90 cada.
- Cashback de R$ 5,00 na compra.
- Você economiza R$ 10,00.
- O Shampoo Hidratante Karité 300ml rende 60 lavagens.
- Nota 4,9 de 5 estrelas.
- Mais de 1.000 clientes aprovam.
# two pt-BR
+ Temos o Shampoo Hidratante Karité 300ml por R$ 29,90; já o Condicionador Nutritivo Coco 250ml sai por R$ 39,90.
+ - Shampoo Hidratante Karité 300ml: R$ 29,90|- Camiseta Básica Azul M: R$ 1.234,56 (3 em estoque)
+ Levando o Shampoo Hidratante Karité 300ml por R$ 29,90 e a Camiseta Básica Azul M por R$ 1.234,56, o total fica R$ 1.264,46.
+ A camiseta tem 3 unidades em estoque e custa R$ 1.234,56.
+ O mais barato é o Shampoo Hidratante Karité 300ml, por R$ 29,90.
- Temos o Shampoo Hidratante Karité 300ml por R$ 39,90; já o Condicionador Nutritivo Coco 250ml sai por R$ 29,90.
- Levando o Shampoo Hidratante Karité 300ml por R$ 29,90 e a Camiseta Básica Azul M por R$ 1.234,56, o total fica R$ 1.200,00.
- - Shampoo Hidratante Karité 300ml: R$ 1.234,56|- Camiseta Básica Azul M: R$ 29,90
- Os dois custam R$ 29,90.
- Shampoo Hidratante Karité 300ml e Condicionador Nutritivo Coco 250ml: R$ 29,90 cada.
- Todos os produtos a partir de R$ 9,90.
- O Condicionador Nutritivo Coco 250ml (12 em estoque) custa R$ 39,90.
- O Shampoo Hidratante Karité 300ml custa R$ 29,90|O Creme de Pentear custa R$ 39,90
- Shampoo Hidratante Karité 300ml: R$ 29,90|Sabonete: R$ 29,90
- A diferença entre eles é de R$ 5,00.
- O azul custa R$ 39,90.
- Temos 15 unidades no total.
# rules pt-BR
+ Nosso prazo de troca é de até 30 dias corridos. Para devolver por arrependimento, até 7 dias.
+ São até 30 dias corridos para trocar, com a nota fiscal.
+ Parcelamos no cartão em até 6x sem juros.
+ Pagando no Pix você ganha 5% de desconto.
+ Para compras acima de R$ 199,00 o frete é grátis; abaixo disso, a entrega em São Paulo custa R$ 15,90.
+ Em São Paulo entregamos em até dois dias úteis.
+ A linha de sabonetes está em leve 3 pague 2.
- Nosso prazo de troca é de até 7 dias corridos. Para devolver por arrependimento, até 30 dias.
- São até 15 dias corridos para trocar.
- São até 30 horas para trocar.
- Parcelamos no cartão em até 6x com entrada de R$ 50,00.
- Parcelamos no boleto em até 7x.
- Pagando no boleto você ganha 5,5% de desconto.
- Pagando no Pix você ganha 5% e no cartão 3%.
- Para compras acima de R$ 15,90 o frete é grátis.
- Para compras acima de R$ 199,00 o frete custa R$ 30,00.
- Em São Paulo entregamos em até dois dias.
- Em São Paulo entregamos em até vinte e quatro horas.
- No Rio entregamos em 5 dias úteis.
- A linha de sabonetes está em leve 5 pague 4.
- A linha de sabonetes está 3 por 1.
- Garantia estendida de 24 meses.
- Velas: 4 por R$ 100,00.
- Velas por R$ 50,00 cada.
- Multa de 10% na devolução.
- A devolução leva 30 dias corridos.
# hours pt-BR
+ De segunda a sexta abrimos às 9h, fechamos para almoço das 12h às 13h e encerramos às 18h.
+ Sábados: 9h às 13h30.
+ Amanhã, quarta-feira (25/11), abrimos às 9h.
- Segunda a sexta 8h às 18h, sábado 9h às 13h30.
- Sábados: 9h às 14h.
- Sábado e domingo: 9h às 13h30.
- Amanhã, quarta-feira (25/11), abrimos às 8h30.
- Funcionamos 24 horas.
- Todos os dias das 9h às 18h.
- De terça a domingo, das 9h às 18h.
- Na véspera de Natal (24/12) fechamos às 18h.
- Estamos abertos até meia-noite.
- Abrimos daqui a 30 minutos.
# promotions pt-BR
+ A linha Karité está com 20% de desconto (cupom BLACK20) até domingo, 29/11.
- A linha Karité está com 20% de desconto (cupom BLACK20) até sábado, 29/11.
- A linha Karité está com 25% de desconto (cupom BLACK20).
- A linha Karité está com 20% de desconto (cupom BLACK25).
- As bonecas voltam a R$ 49,90 na Semana Black.
- Os perfumes já estão com 15% de desconto.
- A partir de 10/12 os perfumes têm 15% de desconto.
- A Semana Black começa em 29/11.
- A Semana Black termina em 23/11.
- Leve 2 na Semana Black e pague 1.
# contact pt-BR
+ Fale com a gente: (11) 3456-7890 ou oi@flora.example.
+ Nosso Instagram é https://instagram.com/flora.
- Fale com a gente: (11) 3456-7891 ou oi@flora.example.
- Nosso Instagram é https://instagram.com/flora_loja.
- Pix: oi@flora.com
- CNPJ 12.345.678/0001-90
- Rua das Acácias, 1200
- Estamos na Avenida Paulista, 1000.
# nothing pt-BR
+ Claro! Já avisei a nossa equipe e uma pessoa continua o atendimento por aqui. 🙋
+ Pode me dizer a cor, o tamanho ou a marca?
- O reembolso cai em até 3 dias.
- Nosso prazo é de duas semanas.
- O desconto é de cinco por cento.
- Sua entrega chega na sexta-feira.
- Chegará dia 30.
- Reservei 2 unidades para você.
- O cupom é NATAL2026.
- Ligue para 4004-1234.
- R$ 0,00 de frete.
- É só R$1.
- Custa cinquenta.
- Em 12 vezes no cartão.
- São 3 parcelas.
- Entregamos das 8 às 18.
- Volta ao estoque em março: dia 15.
- Está disponível em estoque na loja.
- Temos várias unidades em estoque.
- O produto pesa 2kg.
- A garantia é de um ano.
# dollars en
+ The Blue Ceramic Mug is $1,234.50 each; we have 7 left in stock.
+ Three mugs come to $3,703.50.
- The Blue Ceramic Mug is $1,234.50 each; we have 8 left in stock.
- Three mugs come to $3,500.00.
- The Blue Ceramic Mug is on sale for $999.
- Buy one get one free on the Blue Ceramic Mug.
- The Blue Ceramic Mug is half price.
- Get 2 for the price of 1.
- Free shipping on the Blue Ceramic Mug.
- The Blue Ceramic Mug costs one thousand two hundred dollars.
- The Blue Ceramic Mug ships in 2 business days.
# one es
+ El Shampoo Hidratante Karité 300ml sale por R$ 29,90 cada uno.
- El Shampoo Hidratante Karité 300ml sale por R$ 26,90 cada uno.
- El Shampoo Hidratante Karité 300ml tiene 15% de descuento.
- Solo quedan dos unidades del Shampoo Hidratante Karité 300ml.
- El Shampoo Hidratante Karité 300ml en 3 cuotas sin interés.
- Envío gratis con el Shampoo Hidratante Karité 300ml.
- Llega mañana.
- Llega el viernes.
"""


class Case(NamedTuple):
    """One reply and whether it may be sent."""

    world: str
    locale: str
    text: str
    true: bool


def cases() -> Iterator[Case]:
    """All cases in order."""
    world = locale = ""
    for line in CASES.strip().splitlines():
        if line.startswith("# "):
            _, world, locale = line.split()
        elif line.strip():
            yield Case(world, locale, line[2:].replace("|", "\n"), line[0] == "+")
