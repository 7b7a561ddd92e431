"""The ways of paying that there are: a closed class, whatever a shop sells, with one name for each in our languages.

A way is told where its words stand; it is read where a text speaks of it, or of one that holds it: who takes cards
takes credit cards, who takes debit cards only does not.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from hub.truth_gate.language.reading import Span

_CARD: Final = (
    r"cart(?:ao|oes)(?![- ]presente| de visitas?| fidelidade| de embarque)|cards?|tarjetas?(?! (?:de )?regalo)"
)
_CREDIT: Final = (
    r"(?:cart(?:ao|oes)|tarjetas?) de credito|credit cards?|"
    r"(?:(?<=no )|(?<=e )|(?<=ou )|(?<=[:,y] )|(?<=com )|(?<=con )|(?<=en )|(?<=de ))credito(?=[,.;!:)]|$| (?:e|ou|y|o|"
    r"a vista|em \d|em ate|parcelado)\b)"
)
_TOLD: Final = {
    "pix": r"pix",
    "card": _CARD,
    "credit card": _CREDIT,
    "debit": r"debito|debit",
    "boleto": r"boletos?",
    "cash": r"dinheiro|especie|cash(?! on delivery)|efectivo",
    "cheque": r"cheques?|(?:personal|by|take|accept|with|no) checks?",
    "crypto": r"bitcoins?|cripto\w*|crypto\w*|ethereum|usdt",
    "paypal": r"paypal",
    "apple pay": r"apple pay",
    "google pay": r"google pay",
    "samsung pay": r"samsung pay",
    "picpay": r"picpay",
    "mercado pago": r"mercado ?pago",
    "klarna": r"klarna",
    "wise": r"wise",
    "venmo": r"venmo",
    "zelle": r"zelle",
    "oxxo": r"oxxo",
    "transfer": r"transferencias?|ted|doc|(?:bank|wire) transfers?|deposito (?:bancario|em conta)|spei",
    "store credit": r"crediario|carnet? de pagamento|fiado",
    "financing": r"financiamentos?|financiamos|financing|financiacion|financiamiento",
    "payment link": r"links? (?:de|para) pag(?:amento|o|ar)|payment links?",
    "on delivery": r"(?:pag\w+|pay\w*) (?:[a-z]+ ){0,2}?(?:na|a la|on|upon|contra|no ato da) (?:entrega|delivery)|"
    r"pag\w+ (?:so )?(?:quando|ao|al) (?:o )?(?:receb|recib)\w+|pay when (?:you|it)|"
    r"contra[- ]?entrega|cash on delivery",
    "gift card": r"vales?[- ]presente|gift ?cards?|cart(?:ao|oes)[- ]presente|tarjetas? (?:de )?regalo",
    "meal voucher": r"vales?[- ]refeicao|ticket refeicao|meal vouchers?",
    "food voucher": r"vales?[- ]alimentacao|ticket alimentacao|food vouchers?|vales? de despensa",
}
_HELD_BY: Final = {
    "card": rf"{_CARD}|credito|credit|debito|debit",
    "credit card": rf"{_CREDIT}|cart(?:ao|oes)(?! de debito)|tarjetas?(?! de debito)|(?<!debit )cards?",
}
_CARNE: Final = re.compile(r"(?<!\w)(?:no|em|de|por|o|do|e|ou) carnê(?!\w)", re.IGNORECASE)
"""Without its accent it is meat."""


def _compiled(words: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{words})(?!\w)")


WAYS: Final = {name: (_compiled(told), _compiled(_HELD_BY.get(name, told))) for name, told in _TOLD.items()}
"""By name, how a way of paying is told, and what a text says that knows it."""
_ALIKE: Final = frozenset(("card", "credit card"))


def ways_in(text: str, folded: str, span: Span) -> frozenset[str]:
    """The ways of paying that a part of a text, as it is written and folded, speaks of."""
    found = {name for name, (told, _) in WAYS.items() if told.search(folded, *span)}
    if _CARNE.search(text, *span):
        found.add("store credit")
    if "gift card" in found or "on delivery" in found:
        found -= {"card", "cash"}
    return frozenset(found - {"card"} if found & {"credit card", "debit"} else found)


@lru_cache(maxsize=1_024)
def holds(read: frozenset[str], told: frozenset[str]) -> bool:
    """Whether what was read of some ways of paying is so of all that are told; a card may be told for a credit card."""
    known = read | _ALIKE if read & _ALIKE else read
    return told <= (known | {"card"} if "debit" in read else known)
