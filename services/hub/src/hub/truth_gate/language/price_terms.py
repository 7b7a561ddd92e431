"""What may be said right after an amount that makes another price of it: for how much of a thing it is, what is in it.

Closed classes, in all our languages: units and periods, what is in a price or comes on top, parts of a payment, and
those for whom alone a price is.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final

from hub.truth_gate.language.reading import Span, meaning

_UNITS: Final = {
    "kg": r"quilos?|kgs?|kilos?|kilogram\w*",
    "g": r"gramas?|gramos?|grams?|g",
    "l": r"litros?|lit(?:er|re)s?|l",
    "ml": r"ml",
    "m2": r"m2|m²|metros? quadrados?|square met\w+",
    "m": r"metros?|met(?:er|re)s?|m",
    "dozen": r"duzias?|docenas?|dozen",
    "pair": r"par|pair",
    "set": r"conjunto|conjuntos|jogo|set|lote|pacotao",
    "box": r"caixas?|cajas?|box",
    "hour": r"horas?|hours?",
    "day": r"dias?|days?|diarias?",
    "night": r"noites?|noches?|nights?",
    "week": r"semanas?|weeks?",
    "month": r"mes|meses|months?",
    "year": r"anos?|years?",
    "person": r"pessoas?|personas?|persons?|people|cabeca|head|alun[oa]s?|estudantes?|students?|participantes?|"
    r"criancas?|ninos?|child|adultos?|adults?|convidad[oa]s?|guests?|invitados?|casal|pareja|couple",
    "customer": r"clientes?|customers?|cpf|compradores?",
    "each": r"unidades?|unidad|unit|pecas?|pieza|piece|um|uma|uno|una|one|item",
}
_ADJECTIVES: Final = {
    "month": r"mensa(?:l|is|lidades?)|monthly|mensual(?:es|idad)?",
    "year": r"anua(?:l|is|lidades?|les)|yearly|annual",
    "week": r"semana(?:l|is)|weekly|semanal(?:es)?",
    "day": r"diari[oa]s?|diarias?|daily",
    "hour": r"hourly",
}
_SHORT: Final = ("g", "l", "ml", "m", "um", "uma", "uno", "una")
PACKS: Final = {"pair": Decimal(2), "dozen": Decimal(12)}
_EACH: Final = re.compile(r"\s*,?\s*(?:cada(?! [a-z]{3})|each|apiece|c/u)(?!\w)")
_AFTER: Final = {
    name: re.compile(
        rf"\s*,?\s*(?:(?:por cada|a cada|por|per|cada|ao|al|/|p/)\s*(?:{words})(?![\w-])|"
        rf"(?:o|a|el|la|an?|the) (?:{words})(?![\w-])(?!\s+(?:de (?!volta\b|frete\b|entrega\b)|of\b|todo\b|que\b)))"
    )
    for name, words in _UNITS.items()
}
_ANYWHERE: Final = {
    name: re.compile(
        rf"(?<!\w)(?:(?:por|per|cada|ao|al|/|o|a|el|la) ?(?:{words})(?![\w-])"
        + (rf"|(?:{_ADJECTIVES[name]})(?!\w))" if name in _ADJECTIVES else ")")
    )
    for name, words in _UNITS.items()
}
_OF_A_COUNT: Final = re.compile(r"\d+ [a-z]+ $")
"""In "2 aulas por semana" the week is none of the price."""
_IN_A_NAME: Final = {
    name: re.compile(rf"(?<!\d )(?<!\d)\b(?:{words})(?![\w-])")
    for name, words in _UNITS.items()
    if name not in ("each", "person", "customer")
}


def unit_after(folded: str, end: int) -> tuple[str, Span]:
    """For how much of a thing an amount that ends here is said to be, and where that is said; empty when it is not."""
    if each := _EACH.match(folded, end):
        return "each", each.span()
    found = ((name, match) for name, pattern in _AFTER.items() if (match := pattern.match(folded, end)))
    return next(((name, match.span()) for name, match in found), ("", (end, end)))


def units_told(folded: str, clause: Span) -> frozenset[str]:
    """For how much of a thing the words of a clause say a price is: "plano mensal", "por aluno"."""
    return frozenset(
        name
        for name, pattern in _ANYWHERE.items()
        if any(not _OF_A_COUNT.search(folded, clause[0], m.start()) for m in pattern.finditer(folded, *clause))
    )


def is_sold_by(unit: str, name: str) -> bool:
    """Whether the name of a product says that it is sold by a unit: "Tecido Chita (metro)", not "Ração 15 kg"."""
    return unit in _IN_A_NAME and bool(_IN_A_NAME[unit].search(name))


_FEE: Final = r"frete|envios?|entrega|shipping|delivery|flete"
_WORK: Final = r"montagem|instalacao|assembly|installation|instalacion|armado"
_TAX: Final = r"tax(?:es)?|iva|vat|impostos?|impuestos?|icms|gst"
INCLUDED: Final = re.compile(
    r"\W*(?:(?:ja |ya |already |all )?(?:com|con|with|incluindo|incluyendo|including|inclui|incluye) (?:o |a |el |la |"
    r"the |as |os )?(?P<what>(?!(?:o|a|os|as|el|la|los|las|the|descontos?|descuentos?|discounts?)\b)[a-z]+)(?: (?:ja |"
    r"ya )?(?P<in>inclus[oa]s?|incluid[oa]s?|included))?"
    rf"|(?P<what2>{_FEE}|{_WORK}|{_TAX}) (?P<in2>inclus[oa]s?|incluid[oa]s?|included))(?!\w)"
)
OF_DELIVERY: Final = re.compile(_FEE)
OF_WORK: Final = re.compile(_WORK)
SAYS_INCLUDED: Final = re.compile(r"\bincl\w+|\b(?:ja|ya|already) (?:com|con|with)\b")
OF_TAX: Final = re.compile(rf"\b(?:{_TAX})\b")
NOT_INCLUDED: Final = re.compile(
    r"\s*(?:gratis|gratuit\w+|free|de r\$|de \$|em ate|em \d|por|a partir|para|acima|de \d|em ?\0)"
)
"""What follows where a price only names what is beside it: "com frete grátis", "com entrega em até 2 dias"."""
EXTRA: Final = re.compile(
    r"\s*,?\s*(?:(?:e )?mais|\+|mas|plus|sem (?:contar|incluir)|sem|sin|before|antes d[eo]|excluding|not including|"
    rf"fora) (?:o |a |os |el |la |the |any )?(?P<what>{_FEE}|{_WORK}|{_TAX})\b"
    r"(?!\s*(?:de|:|=|por|gratis)?\s*(?:r\$|us\$|\$|\d))"
)
REDUCED: Final = re.compile(
    r"[\s,(]*(?:ja |ya |now |tudo )?(?:com|con|with|after|apos|depois d[oe]|despues del?) (?:o |os |a |el |la |the )?"
    r"(?:\d+(?:[.,]\d+)? ?% (?:de |off )?)?(?:desconto|descuento|discount)\b"
)
PART: Final = re.compile(
    r"\s*(?:de|como|as(?: an?)?|in) (?:entrada|sinal|enganche|anticipo|deposito|deposit|down ?payment|adiantamento|"
    r"adelanto|caucao)\b|\s*(?:upfront|up front|adiantad[oa]s?|down)\b"
)
PART_READ: Final = re.compile(
    r"\b(?:entrada|sinal|enganche|anticipo|deposito|deposit|down ?payment|adiantamento|adiantad\w+|adelanto|caucao|"
    r"upfront)\b"
)
_FOR: Final = (
    r"\s*,?\s*(?:so |somente |apenas |only |exclusiv\w+ |solo )?(?:para|pra|for|a) (?:o |a |os |as |the |our |nossos |"
    r"quem e |clientes |los |las |nuestros )*"
)
_GROUPS: Final = {
    "members": r"soci[oa]s?|associad[oa]s?|membros?|assinantes?|members?|subscribers?|miembros?|suscriptores|do clube",
    "students": r"estudantes?|students?|estudiantes?|professor\w*|teachers?|profesor\w*",
    "the elderly": r"idos[oa]s?|seniors?|aposentad[oa]s?|jubilad[oa]s?|terceira idade",
    "resellers": r"revended\w+|revenda|resellers?|atacado|atacadistas?|wholesale\w*|mayoreo|mayoristas?",
    "staff": r"funcionari[oa]s?|employees?|empleados?|staff",
    "firms": r"empresas?|companies|businesses|cnpj",
    "new customers": r"clientes nov[oa]s|novos clientes|new customers|clientes nuevos|nuevos clientes",
}
ONLY_FOR: Final = {
    name: (re.compile(rf"{_FOR}(?:{words})\b"), re.compile(rf"\b(?:{words})\b")) for name, words in _GROUPS.items()
}
"""Groups of customers: how a price is said to be for one, and how a text speaks of it."""
ROLES: Final = {
    "a discount": (
        re.compile(r" (?:de desconto|de economia|a menos|de descuento|de ahorro|off\b|less\b|menos\b)"),
        re.compile(r"\b(?:descont\w*|econom\w*|descuent\w*|ahorr\w*|discount\w*|off|save\w*)\b"),
    ),
    "a surcharge": (
        re.compile(r" (?:a mais\b|de acrescimo|de aumento|de multa|de juros|de recargo|more\b(?! than \d)|extra\b)"),
        re.compile(r"\b(?:a mais|acrescim\w*|aument\w*|multa\w*|juros|recargo|extra\w*|surcharge)\b"),
    ),
    "what comes back": (
        re.compile(r" (?:de volta|de cashback|de credito|em credito|en credito|back\b|in credit|de reembolso)"),
        re.compile(r"\b(?:de volta|cashback|credito\w*|back|credit|reembols\w*|devolvid\w*|devuelt\w*)\b"),
    ),
    "a cost or a profit": (
        re.compile(r" (?:de custo|de lucro|de gorjeta|de costo|de ganancia|in profit)"),
        re.compile(r"\b(?:custo|lucro|gorjeta|ganancia|profit)\b"),
    ),
    "paid later": (
        re.compile(r" (?:a prazo|fiado|on credit|a plazos)\b(?! de)"),
        re.compile(r"\b(?:a prazo|fiado|on credit|a plazos)\b"),
    ),
}
"""What else an amount may be said to be, and how a text says so."""
APART: Final = re.compile(r" (?:a (?:menos|mais)|menos|mas|less|more)\b")
"""What the difference of two prices is said to be."""
_FROM: Final = r"depois|apos|a partir|a contar|contad[oa]s?|contando|antes|before|after|from|desde|despues"
_EVENTS: Final = (
    r"compras?|pagamento|pago|payment|purchase|entrega|delivery|recebimento|receipt|recibo|envio|shipment|shipping|"
    r"postagem|emissao|confirmacao|hoje|hoy|today|pedido|order|matricula|inicio|aprovacao"
)
_CLASSES: Final = (
    r"pagamento|pago|payment|paid", r"compras?|purchases?", r"pedidos?|orders?", r"entregas?|delivery|delivered",
    r"recebimento|receipt|recibo|recepcion", r"envios?|despacho|shipment|shipping|postagem",
)  # fmt: skip
_CLASS: Final = tuple(re.compile(words) for words in _CLASSES)


def event_of(word: str) -> str:
    """What an event is called in all our languages: "payment" and "pagamento" are one."""
    return next((each.pattern for each in _CLASS if each.fullmatch(word)), meaning(word))


_THE: Final = r"(?:(?:d[aeo]s?|de la|del|the|o|a|your|la|el|sua|seu|su|tu) )*"
ANCHORED: Final = re.compile(rf"\s*,?\s*(?:{_FROM}) {_THE}(?P<what>{_EVENTS})\b")
"""From, or until, when a length of time is reckoned."""
ANCHOR_READ: Final = re.compile(rf"\b(?:{_FROM}|of|d[aeo]) (?=(?P<said>(?:\w+ ){{0,3}}\w+))")
KINDS_OF_THINGS: Final = re.compile(
    r"\b(?:cores|tamanhos|modelos|sabores|versoes|estampas|colores|tallas|colou?rs|sizes|models|flavou?rs|styles|"
    r"dozens)\b"
)
"""What units of a product are not counted in."""
LATER: Final = re.compile(
    r"\s*,?\s*(?:a partir d[aeo]|com a primeira|com (?:uma )?entrada|mais (?:uma )?entrada|starting|from the|desde el|"
    r"con enganche|with a down)"
)
"""When, or with what, instalments begin."""
IN_ALL: Final = re.compile(
    r" (?:no total|em total|ao todo|ao total|en total|in total|altogether|todas elas|todos eles)\b"
)
