"""A customer's orders: told to who proved to be that customer, and to nobody else."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime
from typing import Final

from common.errors import OdooAiError, QueryFailed
from common.facts import Fact
from common.odoo_answers import Order
from hub.identity import Customer, ProofOutcome
from hub.order_facts import order_facts, state_facts
from hub.responder import formats, rules
from hub.responder.choices import offer
from hub.responder.intents import Question
from hub.responder.parts import Part, Turn
from hub.truth_gate import facts_from_text

_REFERENCE: Final = re.compile(r"(?<![\w@.])#?(?P<number>[A-Za-z]{0,4}\d{3,10})(?![\w@-])")
ORDER_NUMBER: Final = re.compile(r"(?<![\w@./-])#?[A-Za-z]{1,4}\d{4,10}(?![\w@-])")
"""How an order's number looks when nothing around says that it is one."""
_EMAIL: Final = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+")
_HOW: Final = re.compile(r"(?:como|how)\b")
_OWN: Final = re.compile(
    r"\b(?:meus?|minhas?|my|mis?) (?:\w+ )?(?:pedidos?|encomendas?|compras?|pacotes?|entregas?|mercadorias?|"
    r"orders?|packages?|parcels?|deliver(?:y|ies)|purchases?|paquetes?|ordenes)\b|"
    r"\b(?:cade|where is|donde esta|comprei|fiz um pedido|pedi)\b"
)
"""An order that the customer has, and no question about orders as such."""
_PROOF_DIGITS: Final = 4
_PROOF_WORDS: Final = 12
_SHOWN_LINES: Final = 6
_SAID: Final[dict[ProofOutcome, str]] = {
    "no_match": "order_no_match",
    "no_candidate": "order_no_candidate",
    "code_asked": "order_code_asked",
    "code_expired": "order_code_expired",
}
_UNDER_WAY: Final[frozenset[ProofOutcome]] = frozenset({"no_match", "code_asked", "code_expired"})
"""What the customer can go on with: no reason to give the conversation away at the next time."""
_FOR_PEOPLE: Final[frozenset[ProofOutcome]] = frozenset({"nothing_on_file", "ambiguous", "locked", "not_possible"})


async def orders_part(turn: Turn, question: Question) -> Part:
    """The orders asked for; first the proof of who asks. Without an Odoo that can be asked: a person."""
    reference = reference_in(question.text)
    if not reference and not question.wants("arrival") and not _is_own(question):
        general = rules.find(turn, question)
        if general and general.likely:
            return rules.answer(turn, replace(general, clear=True))
    if turn.care is None or not turn.input.tenant.has_odoo or not turn.input.conversation_id:
        return Part(turn.texts.say("hand_off_order"), "order_status", hand_off="unsupported_request")
    try:
        customer = await turn.care.customer(turn.input)
        return await _told(turn, customer, reference) if customer else asked_for_proof(turn, reference)
    except OdooAiError as failure:
        return _failed(turn, failure)


def _is_own(question: Question) -> bool:
    return bool(_OWN.search(question.folded)) and not _HOW.match(question.folded)


async def knows_customer(turn: Turn) -> bool:
    """Whether somebody writes who has proved who they are a short while ago."""
    if turn.care is None or not turn.input.conversation_id:
        return False
    try:
        return await turn.care.customer(turn.input) is not None
    except OdooAiError:
        return False


def asked_for_proof(turn: Turn, reference: str) -> Part:
    """Ask for what proves it. The digits are compared in Odoo and never repeated."""
    text = turn.texts.say("order_ask_identity")
    return Part(text, "identity", facts=_of_ours(turn, text), proving=reference)


def _of_ours(turn: Turn, text: str) -> tuple[Fact, ...]:
    """The figures in words of our own: how many digits, how many minutes."""
    return facts_from_text(text, "identity:proof", "computed", turn.now, locale=turn.language)


async def proved_part(turn: Turn, words: str) -> Part:
    """Go on with what the customer sent as proof."""
    reference = turn.input.memory.proving or ""
    care = turn.care
    if care is None:
        return Part(turn.texts.say("hand_off_order"), "order_status", hand_off="unsupported_request")
    try:
        outcome = await care.prove(turn.input, words, reference or None)
        customer = await care.customer(turn.input) if outcome == "verified" else None
        if customer:
            return await _told(turn, customer, reference)
    except OdooAiError as failure:
        return _failed(turn, failure)
    if outcome in _FOR_PEOPLE or outcome == "verified":
        return Part(turn.texts.say("hand_off_identity"), "identity", hand_off="policy_restriction", tried=outcome)
    text = turn.texts.say(_SAID.get(outcome, "order_unreadable"))
    return Part(
        text,
        "identity",
        facts=_of_ours(turn, text),
        choices=offer([(turn.texts.say("choice_person"), "person")]),
        proving=reference,
        missed=outcome not in _UNDER_WAY,
    )


def looks_like_proof(words: str) -> bool:
    """Whether a message may be the proof that was asked for: digits of a document or an e-mail, and little else."""
    if "?" in words or len(words.split()) > _PROOF_WORDS:
        return False
    return sum(each.isdigit() for each in words) >= _PROOF_DIGITS or bool(_EMAIL.search(words))


def reference_in(text: str) -> str:
    """The number of an order in a text; empty when there is none."""
    match = _REFERENCE.search(text)
    return match["number"] if match else ""


async def _told(turn: Turn, customer: Customer, reference: str) -> Part:
    care = turn.care
    assert care is not None  # noqa: S101 - both callers have asked it
    found = await care.orders(turn.input, customer, reference or None)
    if not found.orders:
        text = turn.texts.say("order_not_found" if reference else "orders_none")
        return Part(text, "order_status", choices=offer([(turn.texts.say("choice_person"), "person")]))
    lines = [(order, _lines(turn, order)) for order in found.orders]
    facts = [fact for order, text in lines for fact in _facts(turn, order, text, found.read_at)]
    return Part("\n\n".join(text for _, text in lines), "order_status", facts=tuple(facts))


def _facts(turn: Turn, order: Order, text: str, read_at: datetime) -> tuple[Fact, ...]:
    said = Fact(kind="text", value=text, subject=f"order:{order.reference}", source="odoo", read_at=read_at)
    return (*order_facts(order, read_at, turn.now.tzinfo), *state_facts(order, read_at), said)


def _lines(turn: Turn, order: Order) -> str:
    say, language, zone = turn.texts.say, turn.language, turn.now.tzinfo
    day = formats.full_date(order.ordered_at.astimezone(zone).date(), language) if order.ordered_at else ""
    head = say("order_head_dated" if day else "order_head", reference=order.reference, date=day)
    lines = [f"{head} {say(f'order_is_{_state(order)}')}", say("order_total", total=_money(turn, order))]
    items = [f"{formats.quantity(each.quantity, language)} x {each.name}" for each in order.lines[:_SHOWN_LINES]]
    lines += [f"- {item}" for item in items]
    due = order.promised_at or order.expected_at
    if due and _state(order) in ("confirmed", "partial"):
        lines.append(say("order_due", date=formats.full_date(due.astimezone(zone).date(), language)))
    for shipment in order.shipments:
        if shipment.tracking_reference:
            tracking = f"{shipment.carrier} {shipment.tracking_reference} {shipment.tracking_link}"
            lines.append(say("order_tracking", tracking=" ".join(tracking.split())))
    return "\n".join(lines)


def _money(turn: Turn, order: Order) -> str:
    return formats.money(order.total, order.currency, turn.language)


def _state(order: Order) -> str:
    if order.state == "cancelled":
        return "cancelled"
    if order.state != "confirmed":
        return "quotation"
    return {"delivered": "sent", "partial": "partial"}.get(order.delivery, "confirmed")


def _failed(turn: Turn, failure: OdooAiError) -> Part:
    tried = failure.code if isinstance(failure, QueryFailed) else type(failure).__name__
    return Part(turn.texts.say("hand_off_order"), "odoo_failed", hand_off="tool_failure", tried=tried)
