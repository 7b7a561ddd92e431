"""All claims of a text, in the order they stand."""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache
from typing import Final

from hub.truth_gate.claims.calendar_claims import calendar_claims
from hub.truth_gate.claims.claims import Claim, Masked
from hub.truth_gate.claims.opening_words import opening_claims
from hub.truth_gate.claims.order_words import order_states
from hub.truth_gate.claims.promises import promises
from hub.truth_gate.claims.quantities import hide_list_numbers, quantities
from hub.truth_gate.claims.structured import contact_points, structured
from hub.truth_gate.language.reading import Reading

_SOLD_OUT: Final = re.compile(
    r"\b(?:(?:esgotad|zerad)[oa]s?|sem estoque|sem stock|fora de estoque|em falta|out of stock|sold out|agotad[oa]s?|"
    r"sin stock|"
    r"(?:nao|no) (?:temos|tenemos|hay|ha|esta|estao|estan|is|are)(?: \w+){0,3} (?:em estoque|disponive(?:l|is)|"
    r"en stock|disponibles?|in stock|available)|(?:is|are)(?: not|n't)(?: \w+){0,2} (?:in stock|available)|"
    r"nao (?:sobrou|sobraram|sobra|restou|restaram|resta|restam)(?! (?:duvida|pergunt))|no (?:quedo|quedaron|queda|"
    r"quedan)(?! \d)|none left|nothing left|"
    r"(?:saiu|saiu agora|vendemos|vendi|foi|acabou de sair|se fue|we(?:'ve| have)? (?:just )?sold) (?:agora )?(?:o|a|"
    r"el|la|the|our) (?:ultim[oa]|last)|"
    r"nao temos mais(?! (?:informac|detalh|nada))|acab(?:ou|aram)(?! de)|"
    r"esgotou(?:-se)?|esgotaram(?:-se)?|indisponive(?:l|is)|unavailable|no disponibles?|"
    r"ya no (?:hay|tenemos)|se (?:acabo|agoto)|(?:have|has|are|'ve|'s) run out|ran out(?= of)|"
    r"no longer (?:have|available))\b"
)
_NOT_SO: Final = re.compile(
    r"(?:\b(?:nao|no|not)|n't)(?: (?:esta|estao|e|sao|esta[n]?|ficou|ficaram|se encontra|is|are|currently|yet|mais|"
    r"all|any|ainda|aun)){0,2} $"
)
_NONE_OF: Final = {
    locale: re.compile(
        rf"\b(?:{words})(?: (?:unidades?|pecas?|units?|piezas?))?(?: d[aeo]s?| of)? [^.,;:!?\n]{{1,60}}$"
    )
    for locale, words in (
        ("pt-BR", "nenhum[a]?|zero|0|nao (?:temos|ha|tem|tenho)"),
        ("es", "ningun[a]?|cero|0|no (?:tenemos|hay|tengo)"),
        ("en", "no|zero|0|(?:do not|don't) have"),
    )
}
"""Before "em estoque": there is none."""
_OFFER_BEFORE: Final = re.compile(
    r"\b(?:promoc\w+|ofertas?|campanha|desconto|cupom|semana|liquidacao|prazo)\b[^.!?\n]{0,40}$"
)
_IN_STOCK: Final = re.compile(
    r"(?<!sem )(?<!fora de )(?<!of )(?<!sin )\b(?:em estoque|a pronta entrega|in stock|en stock)\b|"
    r"\b(?:esta|ta|tao|estao|seguem?|is|are|estan)(?: ainda| still| aun)? "
    r"(?:disponive(?:l|is)|available|disponibles?)\b"
)
_LAST_ONE: Final = re.compile(
    r"\b(?:(?:a |la |the )?(?:ultim[ao] (?:unidade|peca|unidad|pieza)|last (?:one|unit|piece))|"
    r"(?:temos|resta|restou|ha|we have|there is|queda|hay|tenemos) (?:so|apenas|somente|only|solo|just) "
    r"(?:um|uma|one|un|una))\b"
)
_FEW: Final = re.compile(
    r"\b(?:(?:poucas|poquit?as|pocas|ultim[ao]s) (?:unidades|pecas|unidades|piezas)|(?:ultimos|poucos|pocos) pares|"
    r"(?:last|only a) few|few left|(?:a|esta|estao) acabando|quase (?:acabando|esgotad[oa]s?)|almost (?:gone|"
    r"sold out)|"
    r"(?:a punto de|por) agotarse)\b"
)
_FEWEST: Final = "6"
"""So many are no longer few."""
_MANY: Final = re.compile(
    r"\b(?:(?P<tens>dezenas|dozens|decenas)|(?P<hundreds>centenas|hundreds|cientos)|"
    r"(?P<more>milhares|thousands|miles)) (?:de|of)\b"
)
_FREE: Final = re.compile(
    r"\b(?:nao (?:custa|custam|paga|pagam|tem custo|cobramos)(?: mais)? (?:nada|por isso)|nao (?:cobra|cobram|"
    r"cobramos|paga|pagam)(?= (?:(?:o|a|mais|nenhum|nenhuma) )?(?:frete|entrega|taxa|envio|montagem|instalacao)\b)|"
    r"sem(?= (?:frete|custo de envio|taxa de entrega)\b)|nao tem custo|no cuesta nada|"
    r"(?:nao|no) se (?:paga|cobra)(?= (?:o |a |el |la |nenhum |ningun )?(?:frete|entrega|taxa|envio|flete|nada)\b)|"
    r"no (?:cobramos|pagas|paga|pagan)(?= (?:el |la |por |ningun |mas )?(?:envio|flete|entrega|nada|el envio)\b)|"
    r"(?:we|you|they) (?:do not|don't|won't|no longer) (?:have to )?"
    r"(?:charge|pay)(?= (?:anything|for|shipping|delivery|a fee))|"
    r"(?:nos )?pagamos(?= (?:o|a|os|as) )|we pay(?= for| the| your)|gratis|gratuit\w+|de graca|sem custo|"
    r"(?:at )?no (?:extra )?cost|costs? nothing|(?:does not|doesn't|do not|don't) cost (?:you )?anything|"
    r"no tienen? costo|"
    r"(?:fretes?|entregas?|taxas?|envios?|shipping|delivery) (?:zero|zerad[oa]s?|isent[oa]s?|exent[oa]s?)|"
    r"(?:zero|cero) (?:de )?(?:frete|taxas?|custos?|envio|shipping|fees?)|isent[oa]s? d[aeo]s?|exent[oa]s? del?|"
    r"livres? de (?:frete|taxas?|custos?)|ninguem (?:paga|pagara)|nobody pays|no one pays|nadie paga|"
    r"(?:pays?|there(?:'s| is| are)|with|have|has)? ?no (?:shipping|delivery|extra|service|additional)? ?(?:fees?|"
    r"charges?|"
    r"costs?)(?= (?:to|for|in|at|on)|\W*$)|no shipping(?: (?:fees?|charges?|costs?))?|"
    r"sin (?:gastos|cargos?|costos?) de (?:envio|entrega)|"
    r"por nossa conta|cortesia|(?:is|are|it's) on us|de brinde|ganha brinde|sin costo|sin cargo|"
    r"free of charge|for free|complimentary|on the house|no charge|"
    r"(?<!feel )(?<!interest )(?<!interest-)(?<!toll )free)\b"
)
_HALF: Final = re.compile(
    r"\b(?:metade do preco|pela metade|metade (?:do valor|do total|agora|no ato|adiantado|como sinal|de sinal)|"
    r"a mitad de precio|"
    r"mitad del precio|half price|half off|half (?:of )?(?:the|its|our) (?:\w+ )?price)\b"
)
_FRACTION: Final = re.compile(
    r"\b(?:um|uma|un|one|a)\s+(?:(?P<third>terco|tercio|third)|(?P<quarter>quarto|cuarto|quarter))\s+"
    r"(?:de desconto|de descuento|off|mais barat[oa]|do preco|del precio|of the price)\b"
)
_TWO_FOR_ONE: Final = re.compile(
    r"\b(?:buy one,? get one(?: free)?|bogo|compre um,? leve dois|"
    r"leve dois,? pague um|lleva dos y paga uno|dois por um)\b"
)


@lru_cache(maxsize=2_048)
def read_claims(text: str, locale: str, today: date) -> tuple[Reading, tuple[Claim, ...]]:
    """A text and its claims. Remembered for a while: the same rules are quoted, and judged by, again and again."""
    reading = Reading.of(text)
    return reading, extract(reading, locale, today)


def extract(reading: Reading, locale: str, today: date) -> tuple[Claim, ...]:
    """Find every claim. The same reader reads replies and the texts that ground them, so a quotation always fits."""
    masked = Masked(reading, locale)
    hide_list_numbers(masked)
    contact_points(masked)
    calendar_claims(masked, today)
    structured(masked)
    quantities(masked)
    _availability(masked)
    _free(masked)
    order_states(masked)
    promises(masked)
    opening_claims(masked)
    return tuple(sorted(masked.claims, key=lambda claim: claim.start))


def _availability(masked: Masked) -> None:
    for match in _SOLD_OUT.finditer(masked.text):
        if "acab" in match.group() and _OFFER_BEFORE.search(masked.text[: match.start()]):
            continue
        if _NOT_SO.search(masked.text[: match.start()]):
            masked.take(Claim("stock", "1", *match.span(), flag="availability", bound="over"))
            continue
        masked.take(Claim("stock", "0", *match.span(), flag="availability"))
    for match in _FEW.finditer(masked.text):
        masked.take(Claim("stock", _FEWEST, *match.span(), bound="under", strict=True))
    for match in _MANY.finditer(masked.text):
        least = "19" if match["tens"] else "199" if match["hundreds"] else "1999"
        masked.take(Claim("stock", least, *match.span(), bound="over", strict=True))
    for match in _LAST_ONE.finditer(masked.text):
        masked.take(Claim("stock", "1", *match.span()))
    for match in _IN_STOCK.finditer(masked.text):
        if _NONE_OF[masked.locale].search(masked.text[: match.start()]):
            masked.take(Claim("stock", "0", *match.span(), flag="availability"))
            continue
        masked.take(Claim("stock", "1", *match.span(), flag="availability", bound="over"))


def _free(masked: Masked) -> None:
    for match in _HALF.finditer(masked.text):
        masked.take(Claim("percent", "50", *match.span()))
    for match in _FRACTION.finditer(masked.text):
        masked.take(Claim("percent", "33" if match["third"] else "25", *match.span()))
    for match in _TWO_FOR_ONE.finditer(masked.text):
        masked.take(Claim("number", "take 2 pay 1", *match.span(), unit="deal"))
    for match in _FREE.finditer(masked.text):
        masked.take(Claim("free", "free", *match.span()))
