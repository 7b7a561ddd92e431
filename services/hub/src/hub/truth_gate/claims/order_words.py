"""What is said of the state of a customer's order."""

from __future__ import annotations

import re
from typing import Final

from hub.truth_gate.claims.claims import Claim, Masked

_STATES: Final = {
    "shipped": r"(?:foi |fue |was |has been |has |ja )?(?:enviad[oa]|despachad[oa]|postad[oa]|shipped|"
    r"dispatched)|sent out",
    "out_for_delivery": r"saiu(?: para entrega)?|out for delivery",
    "under_way": r"a caminho|em transito|on (?:its|the) way|en camino",
    "delivered": r"(?:foi|fue|was|has been|is|ja(?: foi)?|esta|(?:esta|continua|consta|aparece|figura|"
    r"segue) como) (?:entreg\w+|delivered)|delivered|chegou",
    "cancelled": r"cancelad[oa]|cancel+ed",
    "paid": r"pagad[oa]|"
    r"(?:pagamento|pago|payment) (?:foi |was |fue )?(?:aprovado|confirmado|approved|confirmed|aprobado)",
    "preparing": r"(?:em|en) (?:separacao|preparacao|preparacion)|being prepared|processing",
    "confirmed": r"confirmad[oa]|confirmed",
    "quotation": r"(?:e|is|es)(?: \w+)? (?:um |a |an |un )?(?:orcamento|cotacao|quotation|quote|presupuesto)",
}
_ORDER_STATE: Final = re.compile(
    r"(?:\b(?:(?:seu|sua|o|a|tu|su|el|la|your|the)\s+)?(?:pedido|encomenda|compra|order|pacote|package|"
    r"paquete)\b[^.!?\n]{0,60}?\b|"
    r"\0[^.!?\n\0]{0,60}?, (?:ele|ela|it) [a-z ]{0,20}?\b|"
    r"\0\s*(?:[(:,-]\s*)?(?:(?:ja|ainda|tambem|already|still|also) )?"
    r"(?:(?:esta|segue|continua|consta|aparece|is|sigue) )?(?:como )?)(?:"
    + "|"
    r"".join(f"(?P<{state}>{words})" for state, words in _STATES.items())
    + r")(?!\w)"
)
_OTHER_STATE: Final = re.compile(
    r"\b(?:pedido|encomenda|order|package|paquete|pacote)\b[^.!?\n,;]{0,30}?\b(?:esta|foi|ficou|is|was|has been|fue)\s+"
    r"(?:ja |ainda |already |still )?(?P<state>[a-z]{3,}(?:ad|id|t)[oa]|[a-z]{3,}ed|stuck|lost)\b"
)
_PAYMENT: Final = re.compile(
    r"\b(?:pagamento|payment|pago)\b[^.!?\n,;]{0,40}?\b(?P<state>aprovado|confirmado|recebido|approved|"
    r"confirmed|received|"
    r"aprobado|recibido)\b"
)
_NOT_YET: Final = re.compile(r"\b(?:nao|aun no|todavia no|no|not|n't)\s+(?:\w+\s+){0,2}$")
_AND_NOT: Final = re.compile(
    r"\b(?:ainda nao|nao|aun no|todavia no|not yet|has not|hasn't)\s+(?P<what>saiu|foi enviad\w|"
    r"foi entreg\w+|chegou|salio|llego|shipped|been shipped|been delivered|arrived)"
)
_DEED: Final = re.compile(
    r"\b(?:ja |ya |we(?:'ve| have)? (?:already )?)?(?P<deed>cancelamos|cancel+ed|enviamos|despachamos|shipped|"
    r"entregamos|"
    r"delivered|confirmamos|confirmed) (?:o |a |el |la |seu |sua |su |tu |your |the )+(?:pedido|encomenda|compra|"
    r"order|package)\b"
)
_UNDER_PREPARATION: Final = re.compile(
    r"\b(?:estamos|estao|esta|we are|we're|being) (?:ainda |still )?(?:separando|preparando|embalando|packed|packing|"
    r"preparing)\b"
)
_HANDED_OVER: Final = re.compile(
    r"\bentrega (?:ja )?(?:foi |esta )?(?:concluida|realizada|efetuada)\b|\bdelivery (?:is |was )?completed?\b|"
    r"\bnas suas maos\b|\bin your hands\b"
)
_DEEDS: Final = {
    "can": "cancelled", "env": "shipped", "des": "shipped", "shi": "shipped", "ent": "delivered", "del": "delivered",
    "con": "confirmed",
}  # fmt: skip
"""What the company says it has done with an order, by the first letters."""
_DENIED: Final = {"entreg": "delivered", "chegou": "delivered", "llego": "delivered", "deliver": "delivered"}


def order_states(masked: Masked) -> None:
    """Take the states an order is said to be in, and those it is said not to be in yet."""
    for match in _AND_NOT.finditer(masked.text):
        denied = next((state for word, state in _DENIED.items() if word in match["what"]), "shipped")
        masked.take(Claim("order_state", f"not {denied}", *match.span()))
    for match in _PAYMENT.finditer(masked.text):
        if not _NOT_YET.search(masked.text[: match.start("state")]):
            masked.take(Claim("order_state", "paid", *match.span("state")))
    for match in _ORDER_STATE.finditer(masked.text):
        state = next(name for name, found in match.groupdict().items() if found)
        not_so = _NOT_YET.search(masked.text[: match.start(state)])
        masked.take(Claim("order_state", f"not {state}" if not_so else state, *match.span(state)))
    for state, pattern in (("preparing", _UNDER_PREPARATION), ("delivered", _HANDED_OVER)):
        for match in pattern.finditer(masked.text):
            masked.take(Claim("order_state", state, *match.span()))
    for match in _DEED.finditer(masked.text):
        masked.take(Claim("order_state", _DEEDS[match["deed"][:3]], *match.span("deed")))
    for match in _OTHER_STATE.finditer(masked.text):
        known = next((name for name, said in _STATES.items() if re.fullmatch(said, match["state"])), match["state"])
        masked.take(Claim("order_state", known, *match.span("state")))
