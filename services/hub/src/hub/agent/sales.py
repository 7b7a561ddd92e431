"""Quotations and leads: proposed in one turn, ordered in Odoo in a later one, when the customer has agreed.

Whether the customer agreed is read from the customer's own messages by code. Odoo sets every price; a model names
products and quantities only, and those of products that were read in this conversation.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from common.errors import OdooAiError, QueryFailed
from common.facts import Fact
from common.knowledge import Product
from common.odoo_answers import QuotePreview
from common.odoo_commands import CreateLead, CreateQuotation, OdooCommand, OdooCommandResult, Person, QuotationLine
from common.queries import QuoteRequestLine
from common.tenants import Locale
from hub.agent.context import AgentTurn
from hub.answering import NotWanted, Proposal, ProposedLine
from hub.responder import formats
from hub.truth_gate.language.reading import fold, normalise

_MOST_LINES: Final = 20
_MOST_UNITS: Final = Decimal(1000)
_AGREED: Final = re.compile(
    r"\b(?:sim|isso|confirm\w+|pode (?:fazer|fechar|mandar|enviar|registrar|gerar|criar|ser|sim)|fechado|fecha|fechar|"
    r"combinado|aceito|de acordo|com certeza|claro|ok|okay|blz|beleza|bora|quero sim|manda ver|perfeito|"
    r"si|confirmo|dale|de acuerdo|acepto|hazlo|adelante|yes|yep|yeah|sure|go ahead|agreed|please do|do it)\b"
)
_NOT_AGREED: Final = re.compile(
    r"\b(?:nao|not|nunca|never|cancel\w*|espera|espere|calma|wait|pera|ainda|todavia|depois|later|despues|muda\w*|"
    r"troca\w*|change|cambia\w*|em vez|instead|mas|pero|but|quanto|how much|cuanto)\b|\?"
)
_REFUSED_OUTSIDE_PORTUGUESE: Final = re.compile(r"\bno\b")
"""Portuguese for "in the"."""
_AGREED_WITHIN: Final = 120
_DONE: Final[dict[Locale, dict[str, str]]] = {
    "pt-BR": {
        "quotation": "O orçamento foi criado: foi feito, gerado e registrado. O pedido de orçamento está registrado.",
        "lead": "O contato foi criado: o pedido foi anotado e registrado para a equipe.",
    },
    "es": {
        "quotation": "El presupuesto fue creado: fue hecho, generado y registrado. El pedido está registrado.",
        "lead": "El contacto fue creado: el pedido fue anotado y registrado para el equipo.",
    },
    "en": {
        "quotation": "The quotation was created: it was made, generated and registered. The request is registered.",
        "lead": "The contact was created: the request was noted and registered for the team.",
    },
}
REFUSED_NO_AGREEMENT: Final = (
    "Refused: the customer has not agreed in this message. Ask for a clear yes to what was proposed."
)


async def propose_quotation(context: AgentTurn, wanted: Sequence[tuple[str, Decimal]]) -> str:
    """Have Odoo price a cart, and keep it as what the customer can agree to. Writes nothing."""
    if context.business is None or not context.turn.tenant.has_odoo:
        return "There is no Odoo to ask. Hand off (unsupported_request)."
    products, problem = _products(context, wanted)
    if problem:
        return problem
    lines = [QuoteRequestLine(product_id=product.odoo_id or 0, quantity=count) for product, count in products]
    try:
        preview = await context.business.quote(context.turn, lines, context.customer)
    except QueryFailed as failure:
        context.evidence.failures.append(failure.code)
        return "Odoo cannot be asked now. Hand off (tool_failure)."
    if preview.unknown_product_ids or not preview.lines:
        return "Odoo does not sell some of these products. Leave them out, or hand off."
    context.proposal = Proposal(
        kind="quotation",
        lines=tuple(ProposedLine(product_id=product.id, quantity=count) for product, count in products),
        total=preview.total,
        currency=preview.currency,
        turn_id=context.turn.turn_id,
    )
    context.evidence.know(_quote_facts(preview, [product for product, _ in products]), "quote:proposed")
    return _shown(context, preview, products) + "\nTell the customer lines and total, and ask for a clear yes."


def _products(context: AgentTurn, wanted: Sequence[tuple[str, Decimal]]) -> tuple[list[tuple[Product, Decimal]], str]:
    if not 0 < len(wanted) <= _MOST_LINES:
        return [], f"Between 1 and {_MOST_LINES} lines, please."
    found: list[tuple[Product, Decimal]] = []
    for name, count in wanted:
        product = context.view.knowledge.product(name.removeprefix("product:"))
        if product is None or product.odoo_id is None or not product.sale_ok:
            return [], f"{name!r} is no product that can be sold. Use ids in [brackets] from search_products."
        if not 0 < count <= _MOST_UNITS:
            return [], f"The quantity of {name!r} must be above 0 and at most {_MOST_UNITS}; larger ones: hand off."
        found.append((product, count))
    return found, ""


def _quote_facts(preview: QuotePreview, products: Sequence[Product]) -> list[Fact]:
    by_odoo_id = {product.odoo_id: product for product in products}

    def fact(subject: str, value: Decimal) -> Fact:
        return Fact(
            kind="price",
            value=str(value),
            subject=subject,
            source="odoo",
            read_at=preview.read_at,
            currency=preview.currency,
        )

    known = [fact("quote:proposed", value) for value in dict.fromkeys((preview.total, preview.untaxed, preview.taxes))]
    for line in preview.lines:
        product = by_odoo_id.get(line.product_id)
        if product is not None:
            each = line.total / line.quantity if line.quantity else line.unit_price
            known += [
                fact(f"product:{product.id}", value)
                for value in dict.fromkeys((line.total, each.quantize(Decimal("0.01"))))
            ]
    return known


def _shown(context: AgentTurn, preview: QuotePreview, products: Sequence[tuple[Product, Decimal]]) -> str:
    language = context.view.language
    totals = {line.product_id: line.total for line in preview.lines}
    rows = [
        f"[product:{product.id}] {formats.quantity(count, language)} x {product.name} = "
        f"{formats.money(totals.get(product.odoo_id or 0, Decimal(0)), preview.currency, language)}"
        for product, count in products
    ]
    return "\n".join([*rows, f"[quote:proposed] total {formats.money(preview.total, preview.currency, language)}"])


def propose_lead(context: AgentTurn, title: str) -> str:
    """Keep a wish as what the customer can agree to have registered. Writes nothing."""
    context.proposal = Proposal(kind="lead", title=title.strip()[:200] or "Chat", turn_id=context.turn.turn_id)
    return "Ask the customer whether you may register this for the sales team, and wait for a clear yes."


async def confirm(context: AgentTurn) -> str:
    """Order in Odoo what was proposed in an earlier turn, if the customer agreed in this one.

    Raises:
        NotWanted: a newer message arrived: the customer may have changed their mind.
    """
    proposal = context.turn.memory.proposal
    if proposal is None:
        return "Refused: nothing was proposed in an earlier message. Propose it first."
    if not agrees(context):
        return REFUSED_NO_AGREEMENT
    if context.business is None or context.turn.rehearsal:
        return "Not carried out: this is a rehearsal."
    command = _command(context, proposal)
    if isinstance(command, str):
        context.must_hand_off = "policy_restriction"
        return command
    if not await context.still_wanted(context.turn):
        raise NotWanted("a newer message arrived before something was ordered")
    try:
        result = await context.business.order(command)
    except OdooAiError as error:
        context.evidence.failures.append(type(error).__name__)
        context.must_hand_off = "tool_failure"
        return "It is not known whether this was stored. Hand off (tool_failure); do not say that it was done."
    return _told(context, proposal, result)


def agrees(context: AgentTurn) -> bool:
    """Whether the customer's messages of this turn say yes, and nothing but yes."""
    said = fold(normalise(context.turn.text)).lower()
    if len(said) > _AGREED_WITHIN or context.turn.memory.proposal is None:
        return False
    if context.view.language != "pt-BR" and _REFUSED_OUTSIDE_PORTUGUESE.search(said):
        return False
    return _AGREED.search(said) is not None and _NOT_AGREED.search(said) is None


def _command(context: AgentTurn, proposal: Proposal) -> OdooCommand | str:
    turn, contact = context.turn, context.turn.contact
    person = Person(
        partner_id=context.customer.partner_id if context.customer else None,
        name=contact.name if contact else "",
        phone=(contact.phone or "") if contact else "",
        email=(contact.email or "") if contact else "",
    )
    if person.partner_id is None and not (person.name and (person.phone or person.email)):
        return "Refused: name and phone or e-mail of the customer are not known. Hand off (policy_restriction)."
    common = {
        "tenant": turn.tenant.tenant,
        "key": _key(context, proposal),
        "turn_id": turn.turn_id,
        "conversation_id": turn.conversation_id,
        "issued_at": turn.now,
        "person": person,
    }
    if proposal.kind == "lead":
        return CreateLead(**common, title=proposal.title, description=context.turn.text[:2000])
    lines = []
    for line in proposal.lines:
        product = context.view.knowledge.product(line.product_id)
        if product is None or product.odoo_id is None or not product.sale_ok:
            return "Refused: a product of the proposal is no longer sold. Hand off (policy_restriction)."
        lines.append(QuotationLine(product_id=product.odoo_id, quantity=line.quantity))
    return CreateQuotation(**common, lines=tuple(lines))


def _key(context: AgentTurn, proposal: Proposal) -> str:
    """The same agreement to the same proposal is the same record, however often the turn is run."""
    content = f"{proposal.kind}|{proposal.turn_id}|{proposal.model_dump_json()}"
    return f"{context.turn.conversation_id}:{proposal.kind}:{hashlib.sha256(content.encode()).hexdigest()[:16]}"


def _told(context: AgentTurn, proposal: Proposal, result: OdooCommandResult | None) -> str:
    if result is None:
        context.done.append(proposal.kind)
        context.must_hand_off = "tool_failure"
        return "Registered, but Odoo has not carried it out yet. Say that it is registered and that a person continues."
    if result.outcome == "failed":
        context.must_hand_off = "tool_failure"
        return "Odoo refused it. Hand off (tool_failure); do not say that it was done."
    context.done.append(proposal.kind)
    context.evidence.know(_result_facts(proposal, result, context), f"{proposal.kind}:{result.reference}")
    shown = f"[{proposal.kind}:{result.reference}] created: {result.reference}"
    if result.total is not None and result.currency:
        shown += f", total {formats.money(result.total, result.currency, context.view.language)}"
    return f"{shown} {result.portal_link}".strip()


def _result_facts(proposal: Proposal, result: OdooCommandResult, context: AgentTurn) -> list[Fact]:
    subject, read_at = f"order:{result.reference}", result.finished_at
    done = _DONE[context.view.language][proposal.kind]
    known = [
        Fact(kind="sku", value=result.reference, subject=subject, source="odoo", read_at=read_at),
        # What may be said of it in words: the gate lets nothing pass as done that nothing read says was done.
        Fact(kind="text", value=done, subject=f"{subject}#done", source="odoo", read_at=read_at),
    ]
    if result.total is not None:
        known.append(
            Fact(
                kind="price",
                value=str(result.total),
                subject=subject,
                source="odoo",
                read_at=result.finished_at,
                currency=result.currency or None,
            )
        )
    if result.portal_link:
        known.append(
            Fact(kind="link", value=result.portal_link, subject=subject, source="odoo", read_at=result.finished_at)
        )
    return known
