"""All claims of a text, in the order they stand."""

from __future__ import annotations

import re
from datetime import date
from typing import Final

from hub.truth_gate.calendar_claims import calendar_claims
from hub.truth_gate.claims import Claim, Masked
from hub.truth_gate.quantities import hide_list_numbers, quantities
from hub.truth_gate.reading import Reading
from hub.truth_gate.structured import contact_points, structured

_SOLD_OUT: Final = re.compile(
    r"\b(?:esgotad[oa]s?|sem estoque|sem stock|fora de estoque|em falta|out of stock|sold out|agotad[oa]s?|sin stock|"
    r"(?:nao|no) (?:temos|tenemos|hay|ha|esta|estao|estan|is|are)(?: \w+){0,3} (?:em estoque|disponive(?:l|is)|"
    r"en stock|disponibles?|in stock|available))\b"
)
_IN_STOCK: Final = re.compile(
    r"(?<!sem )(?<!fora de )(?<!of )(?<!sin )\b(?:em estoque|a pronta entrega|in stock|en stock)\b"
)
_FREE: Final = re.compile(
    r"\b(?:gratis|gratuit\w+|de graca|sem custo|por nossa conta|cortesia|de brinde|ganha brinde|sin costo|sin cargo|"
    r"free of charge|for free|complimentary|on the house|no charge|"
    r"(?<!feel )(?<!interest )(?<!interest-)(?<!toll )free)\b"
)
_HALF: Final = re.compile(
    r"\b(?:metade do preco|a mitad de precio|mitad del precio|half price|half off|half the price)\b"
)
_TWO_FOR_ONE: Final = re.compile(
    r"\b(?:buy one,? get one(?: free)?|bogo|compre um,? leve dois|"
    r"leve dois,? pague um|lleva dos y paga uno|dois por um)\b"
)
_ORDER_STATES: Final = {
    "shipped": r"enviad[oa]|despachad[oa]|postad[oa]|shipped|dispatched|sent out",
    "out_for_delivery": r"saiu para entrega|a caminho|em transito|out for delivery|on its way|en camino",
    "delivered": r"(?:foi|fue|was|has been|ja) entreg\w+|delivered",
    "cancelled": r"cancelad[oa]|cancel+ed",
    "paid": r"(?:pagamento|pago|payment) (?:foi |was |fue )?(?:aprovado|confirmado|approved|confirmed|aprobado)",
    "preparing": r"(?:em|en) (?:separacao|preparacao|preparacion)|being prepared|processing",
}
_ORDER_STATE: Final = re.compile(
    r"\b(?:seu|sua|o|tu|su|el|your|the)\s+(?:pedido|encomenda|compra|order|pacote|package|"
    r"paquete)\b[^.!?\n]{0,40}?\b(?:"
    + "|".join(f"(?P<{state}>{words})" for state, words in _ORDER_STATES.items())
    + r")\b"
)


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
    _order_states(masked)
    return tuple(sorted(masked.claims, key=lambda claim: claim.start))


def _availability(masked: Masked) -> None:
    for match in _SOLD_OUT.finditer(masked.text):
        masked.take(Claim("stock", "0", *match.span(), flag="availability"))
    for match in _IN_STOCK.finditer(masked.text):
        masked.take(Claim("stock", "1", *match.span(), flag="availability", bound="over"))


def _free(masked: Masked) -> None:
    for match in _HALF.finditer(masked.text):
        masked.take(Claim("percent", "50", *match.span()))
    for match in _TWO_FOR_ONE.finditer(masked.text):
        masked.take(Claim("number", "take 2 pay 1", *match.span(), unit="deal"))
    for match in _FREE.finditer(masked.text):
        masked.take(Claim("free", "free", *match.span()))


def _order_states(masked: Masked) -> None:
    for match in _ORDER_STATE.finditer(masked.text):
        state = next(name for name, found in match.groupdict().items() if found)
        masked.take(Claim("order_state", state, *match.span(state)))
