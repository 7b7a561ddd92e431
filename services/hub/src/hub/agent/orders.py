"""A customer's orders, shown after the step-up, and the step-up itself."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from common.errors import OdooAiError, QueryFailed
from common.facts import Fact
from common.odoo_answers import Order, OrderStatuses
from common.tenants import Locale
from hub.agent.context import AgentTurn
from hub.identity import ProofOutcome
from hub.order_facts import order_facts, state_facts
from hub.responder import formats
from hub.truth_gate import facts_from_text

_STATES: Final[dict[Locale, dict[str, str]]] = {
    "pt-BR": {
        "quotation": "é um orçamento", "quotation_sent": "é um orçamento enviado", "confirmed": "está confirmado",
        "cancelled": "está cancelado", "nothing_to_deliver": "não tem entrega", "pending": "entrega pendente",
        "started": "entrega em andamento", "partial": "entregue em parte", "delivered": "entregue",
        "not_paid": "não pago", "in_payment": "pagamento em processamento", "paid": "pago",
        "reversed": "estornado", "unknown": "pagamento não informado",
    },
    "es": {
        "quotation": "es un presupuesto", "quotation_sent": "es un presupuesto enviado", "confirmed": "está confirmado",
        "cancelled": "está cancelado", "nothing_to_deliver": "no tiene entrega", "pending": "entrega pendiente",
        "started": "entrega en curso", "partial": "entregado en parte", "delivered": "entregado",
        "not_paid": "no pagado", "in_payment": "pago en proceso", "paid": "pagado",
        "reversed": "reembolsado", "unknown": "pago no informado",
    },
    "en": {
        "quotation": "is a quotation", "quotation_sent": "is a quotation we sent", "confirmed": "is confirmed",
        "cancelled": "is cancelled", "nothing_to_deliver": "has no delivery", "pending": "delivery pending",
        "started": "delivery under way", "partial": "delivered in part", "delivered": "delivered",
        "not_paid": "not paid", "in_payment": "payment in progress", "paid": "paid",
        "reversed": "refunded", "unknown": "payment not known",
    },
}  # fmt: skip
_ANSWERS: Final[dict[ProofOutcome, str]] = {
    "verified": "Identity proved. Now call order_status.",
    "no_match": "What the customer sent does not match our records. Ask once more, or hand off.",
    "unreadable": "There is no CPF, CNPJ or e-mail in it. Ask for the last four digits of the CPF or CNPJ.",
    "too_short": "Too few digits. Ask for the whole CPF or CNPJ.",
    "no_candidate": "No customer is known by this contact. Ask for the order number and the whole CPF or CNPJ.",
    "nothing_on_file": "Nothing to compare with. Hand off (policy_restriction).",
    "ambiguous": "It fits several customers. Hand off (policy_restriction).",
    "locked": "Too many attempts. Hand off (policy_restriction). Say only that a person continues.",
    "not_possible": "Identity cannot be proved here. Hand off (policy_restriction).",
    "code_expired": "The code is no longer valid. Ask for the e-mail of the account again, to send a new one.",
}
_FOR_PEOPLE: Final = frozenset({"nothing_on_file", "ambiguous", "locked", "not_possible"})
NOT_PROVED: Final = (
    "Refused: the customer has not proved who they are. Ask for the last four digits of the CPF or CNPJ "
    "(or the e-mail of the account), then call verify_identity with the customer's own words."
)


async def prove_identity(context: AgentTurn, claim: str, order_reference: str | None) -> str:
    """Run the step-up with the customer's words; what the model is told names no customer."""
    if context.identity is None:
        context.must_hand_off = "policy_restriction"
        return _ANSWERS["not_possible"]
    try:
        outcome = await context.identity.prove(context.turn, claim, order_reference)
        if outcome == "verified":
            context.customer = await context.identity.customer(context.turn)
    except OdooAiError as error:
        context.evidence.failures.append(getattr(error, "code", "unavailable"))
        return "Odoo cannot be asked now. Hand off (tool_failure)."
    if outcome == "code_asked":
        return _code_asked(context, order_reference)
    if outcome in _FOR_PEOPLE:
        context.must_hand_off = "policy_restriction"
    return _ANSWERS[outcome]


def _code_asked(context: AgentTurn, order_reference: str | None) -> str:
    """What the customer is told, whether or not the e-mail is on file: a model may not say more than is known."""
    context.proving = order_reference or ""
    told = context.view.texts.say("order_code_asked")
    facts = facts_from_text(told, "identity:code", "computed", context.view.now, locale=context.view.language)
    context.evidence.know(facts, "identity:code")
    return f"[identity:code] Say exactly this, and nothing about whether the e-mail is known: {told}"


async def show_orders(context: AgentTurn, reference: str | None) -> str:
    """The customer's own orders as facts and lines. Another customer's order does not exist."""
    if context.customer is None:
        return NOT_PROVED
    if context.business is None:
        context.must_hand_off = "unsupported_request"
        return "There is no Odoo to ask. Hand off (unsupported_request)."
    try:
        found: OrderStatuses = await context.business.orders(context.turn, context.customer, reference)
    except QueryFailed as failure:
        context.evidence.failures.append(failure.code)
        return "Odoo cannot be asked now. Hand off (tool_failure)."
    if not found.orders:
        return "This customer has no such order."
    for order in found.orders:
        facts = (*order_facts(order, found.read_at, context.view.now.tzinfo), *_said(context, order, found.read_at))
        context.evidence.know(facts, f"order:{order.reference}")
    return "\n".join(_line(order, context) for order in found.orders)


def _said(context: AgentTurn, order: Order, read_at: datetime) -> Iterator[Fact]:
    """The order in words, which may be quoted."""
    yield Fact(
        kind="text",
        value=_line(order, context).partition("] ")[2],
        subject=f"order:{order.reference}",
        source="odoo",
        read_at=read_at,
    )
    yield from state_facts(order, read_at)


def _line(order: Order, context: AgentTurn) -> str:
    language = context.view.language
    words = _STATES[language]
    zone = context.view.now.tzinfo
    said = [f"[order:{order.reference}] {order.reference} {words[order.state]}", words[order.delivery]]
    said.append(formats.money(order.total, order.currency, language))
    said += [f"{line.name} x {formats.quantity(line.quantity, language)}" for line in order.lines[:8]]
    for label, moment in (("ordered", order.ordered_at), ("promised", order.promised_at or order.expected_at)):
        if moment is not None:
            said.append(f"{label} {formats.full_date(moment.astimezone(zone).date(), language)}")
    for shipment in order.shipments:
        if shipment.tracking_reference:
            said.append(f"{shipment.carrier} {shipment.tracking_reference} {shipment.tracking_link}".strip())
    said += [f"{invoice.reference}: {words[invoice.payment]}" for invoice in order.invoices if invoice.payment in words]
    return " | ".join(said)
