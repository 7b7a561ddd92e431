"""Amounts and events that a reply only supposes: "se o limite é R$ 100,00", "uma compra de R$ 210,00".

Nobody read them, and nobody has to; what is said to follow from them is judged (`purchases`).
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final

from hub.truth_gate.claims.claims import Claim
from hub.truth_gate.grounds.case import Case
from hub.truth_gate.language import moods
from hub.truth_gate.language.reading import Span, containing, ends_as_question

_ABOUT: Final = r"(?:(?:uns|umas|cerca de|uma media de|so|apenas|um total de|about|around|unos|solo|just|only) )*"
_PURCHASE: Final = re.compile(
    r"\b(?:(?:uma|um|na|numa|em|a|an|una|de) )?(?:compras?|pedidos?|carrinhos?|orders?|purchase|compra|carrito|cart)"
    rf" (?:de|of|por|que (?:der|deu|deem|some)) {_ABOUT}$"
)
_BUDGET: Final = re.compile(
    r"\b(?:limite|orcamento|budget|presupuesto|teto|verba)[a-z ]{0,16}$|(?:^|\b)(?:com|with|con) (?:os |"
    rf"seus |your |tus )?{_ABOUT}$"
)
_WITH_IT: Final = re.compile(
    r",? (?:em (?:compras?|produtos)|de compras?|en (?:compras?|productos)|in your cart|n[oa] (?:seu )?(?:carrinho|"
    r"carteira|sacola)|"
    r"en (?:el|tu) carrito|in (?:the|your) (?:cart|basket)|da (?:para|pra)|nao|no |voce|vc|you|ja|ainda|todavia|"
    r"still|de orcamento|a entrega|o frete|puedes|te|falta[mn]?|paga[s]?|leva|lleva[s]?)"
)
_SPENDING: Final = (
    r"(?:compr|gast|lev|llev|fech|som|junt|total|investi?|reun)(?:a|e|o)?(?:ando|endo|indo|ar|ares|arem|armos|a|am|as|"
    r"an|es|em|en|e|ou|aste|asse)?|tendo|der(?:em)?|deu|for|fosse|sea|ser|chegar a|hay|spend(?:s|ing)?|buy(?:s|ing)?|"
    r"is|comes to|is worth|totals"
)
"""Verbs of buying, and those by which a purchase is so and so much."""
_SPENT: Final = re.compile(rf"\b(?:{_SPENDING}) (?:(?:de|por|em|en|a|of) )?{_ABOUT}$")
_LEAD: Final = r"\W*(?:(?:e|mas|entao|so|y|and|but|ja|hoje|sim|si|yes),? )*"
_GERUND: Final = re.compile(rf"{_LEAD}(?:comprando|gastando|tendo|teniendo|spending|buying)\b")
"""What a clause begins with that only says under which condition the rest holds."""
_ADDING: Final = re.compile(rf"{_LEAD}(?:levando|llevando|somando|juntando|sumando|fechando)\b")
"""The same, when what is bought is said not to be told: else it may be what something comes to."""
_IN_ALL: Final = re.compile(
    r" (?:(?:em|en|de|in) (?:compras?|produtos|productos|itens|products|items)|n[oa] (?:seu )?(?:carrinho|sacola)|"
    r"en (?:el|tu) carrito|in (?:the|your) (?:cart|basket))\b"
)
_WHO: Final = re.compile(r"\W*(?:(?:e|mas|y|and|but) )?(?:quem|quien|whoever|who|cada|every) ")
_YOU: Final = re.compile(
    r"\b(?:voces?|vc|vier(?:em)?|quiser(?:em)?|puder(?:em)?|for(?:em)?|you|usted|quiere[ns]?|viene[ns]?|vai|seus?|"
    r"suas?)\b"
)
_PAID_WITH: Final = re.compile(r"\b(?:com|con|with)(?: (?:uma nota de|un billete de|a))? $")
_LEFT: Final = re.compile(r"\b(?:sobr\w+|troco|vuelto|left|change|falt\w+|short of)\b")
_NEAR: Final = 30
_AFTER_IT: Final = re.compile(
    r"\b(?:apos|depois (?:que|d[aeo])|after|once|assim que|quando|mediante|a contar d[aeo]|a partir d[aeo]|"
    r"despues (?:de|que)|cuando|"
    r"contra) (?:[a-z]+ ){0,3}(?:pagamento|payment|pago)\b"
)
"""What a rule reckons from: no order is said to be paid."""
_FAREWELL: Final = re.compile(
    r"(?:\W|tchau|boa noite|boa tarde|bom dia|buenas noches|good night|bye|obrigad[oa]|valeu|gracias|thanks|abracos?|"
    r"entao|e|y|and|um)*"
    r"(?:ate|hasta|see you|until)\W+(?:a |o |el |on )?(?:proxim[oa] )?[a-z-]+\W*"
)
_EVENTS: Final = ("order_state", "promise", "open", "stock")
_FOLLOWING: Final = ("free", "price", "percent", "instalments", "bundle")
_FEE: Final = re.compile(r"\b(?:fretes?|entregas?|envios?|taxas?|shipping|delivery|flete)\b")


def is_supposed(case: Case, claim: Claim) -> bool:
    """Whether a claim is a supposition: an amount the customer may spend, or an event after "if"."""
    clause = case.subjects.clause(claim.start)
    supposing = moods.supposes(case.reading.folded[slice(*clause)])
    if claim.kind in _EVENTS:
        supposing = supposing or (claim.kind == "order_state" and bool(_AFTER_IT.search(case.clause_text(claim))))
        return supposing and (claim.kind != "stock" or bool(claim.flag))
    theirs = supposing and _YOU.search(case.reading.folded, *clause)
    if theirs and (claim.kind == "weekday" or claim.unit == "guest"):
        return True
    if claim.kind != "price" or claim.bound or claim.place:
        return False
    currencies = {g.claim.currency for g in case.knowledge.of_kind("price")}
    if claim.currency and currencies and claim.currency not in currencies | {"$"}:
        return False
    before = case.reading.folded[clause[0] : claim.start]
    if _PURCHASE.search(before):
        return True
    return (
        is_budget(case, claim)
        or is_paid_with(case, claim)
        or (_is_spent(case, claim, clause, before) and _leads_somewhere(case, claim))
    )


def is_farewell(case: Case, claim: Claim) -> bool:
    """Whether a day is only that of a farewell: "boa noite e até amanhã!"."""
    return bool(_FAREWELL.fullmatch(case.sentence_text(claim)))


def is_budget(case: Case, claim: Claim) -> bool:
    """Whether an amount is what somebody has to spend: "com R$ 200 você leva ...", "um limite de R$ 200"."""
    clause = case.subjects.clause(claim.start)
    before = case.reading.folded[clause[0] : claim.start]
    if case.subjects.named_in((clause[0], claim.start)) or claim.kind != "price" or claim.bound:
        return False
    if _GERUND.match(before) and before.split()[-1] in ("tendo", "teniendo"):
        return True
    budget = _BUDGET.search(before)
    if not budget:
        return False
    told = before[budget.start() :].split()
    lets = told[0] not in ("com", "with", "con") or _WITH_IT.match(case.reading.folded, claim.end)
    return bool(lets)


def is_paid_with(case: Case, claim: Claim) -> bool:
    """Whether an amount is what somebody pays with, and gets change of: "se pagar com R$ 200, o troco é ..."."""
    if claim.kind != "price" or claim.bound:
        return False
    sentence = containing(case.subjects.sentences, claim.start)
    before = case.reading.folded[case.subjects.clause(claim.start)[0] : claim.start]
    left = _LEFT.search(case.reading.folded, *sentence)
    return bool(left and not left.start() < claim.start - _NEAR and _PAID_WITH.search(before))


def _is_spent(case: Case, claim: Claim, clause: Span, before: str) -> bool:
    """Whether an amount is what is spent under a condition: "comprando R$ 250", "se gastarem R$ 300"."""
    if not _SPENT.search(before) or case.subjects.named_in((clause[0], claim.start)):
        return False
    sentence = containing(case.subjects.sentences, claim.start)
    asked = ends_as_question(case.reading.folded[slice(*sentence)])
    adds = _ADDING.match(before) and _IN_ALL.match(case.reading.folded, claim.end)
    begins = adds or _GERUND.match(before) or _WHO.match(before)
    return bool(asked or begins or moods.supposes(before) or _is_after_if(before))


def _is_after_if(before: str) -> bool:
    """Whether a condition stands behind what follows from it: "ganham R$ 150 se comprarem R$ 1.500"."""
    return bool(re.search(r" (?:se|si|if|caso) (?:[a-z]+ ){0,4}$", before[: before.rfind(" ") + 1]))


def _leads_somewhere(case: Case, claim: Claim) -> bool:
    """Whether something is said to follow that is judged, in its sentence or the one after it."""
    sentence = containing(case.subjects.sentences, claim.start)
    later = next((each for each in case.subjects.sentences if each[0] >= sentence[1]), sentence)
    inside = (c for c in case.claims if sentence[0] <= c.start < later[1] and c.span != claim.span)
    if any(c.kind in _FOLLOWING for c in inside) or _FEE.search(case.reading.folded, sentence[0], later[1]):
        return True
    return bool(case.subjects.named_in((claim.end, later[1])))


def supposed_amounts(case: Case, sentence: Span) -> list[Decimal]:
    """The amounts a sentence supposes somebody to spend."""
    prices = [c for c in case.claims if c.kind == "price" and sentence[0] <= c.start < sentence[1]]
    return [c.number for c in prices if is_supposed(case, c)]


def amounts_before(case: Case, claim: Claim) -> list[Decimal]:
    """The amounts that are supposed in the sentence of a claim, or in the one before it."""
    sentence = containing(case.subjects.sentences, claim.start)
    earlier = [each for each in case.subjects.sentences if each[0] < sentence[0]]
    return supposed_amounts(case, sentence) or [a for each in earlier[-1:] for a in supposed_amounts(case, each)]
