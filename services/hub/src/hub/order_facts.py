"""Orders as facts of a turn: every value their owner may be told, and their states as the truth gate knows them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, tzinfo

from common.facts import Fact, FactKind
from common.odoo_answers import Order


def order_facts(order: Order, read_at: datetime, zone: tzinfo | None) -> tuple[Fact, ...]:
    """Every value of an order that may be told to its owner; days are those of the company's zone."""
    values = [*_numbers(order), *(("date", day) for day in _days(order, zone))]
    return tuple(
        Fact(
            kind=kind,
            value=value,
            subject=f"order:{order.reference}",
            source="odoo",
            read_at=read_at,
            currency=order.currency if kind == "price" else None,
        )
        for kind, value in dict.fromkeys(values)
        if value
    )


def _numbers(order: Order) -> Iterator[tuple[FactKind, str]]:
    yield from (("sku", order.reference), ("price", str(order.total)))
    yield from (("number", str(line.quantity.normalize())) for line in order.lines)
    for shipment in order.shipments:
        yield from (("sku", shipment.reference), ("sku", shipment.tracking_reference), ("link", shipment.tracking_link))
    for invoice in order.invoices:
        yield from (("sku", invoice.reference), ("price", str(invoice.total)))


def _days(order: Order, zone: tzinfo | None) -> Iterator[str]:
    moments = [order.ordered_at, order.promised_at, order.expected_at]
    moments += [moment for each in order.shipments for moment in (each.scheduled_at, each.done_at)]
    yield from (moment.astimezone(zone).date().isoformat() for moment in moments if moment)
    yield from (day.isoformat() for each in order.invoices for day in (each.issued_on, each.due_on) if day)


def state_facts(order: Order, read_at: datetime) -> tuple[Fact, ...]:
    """What may be said of the order's state."""
    subject = f"order:{order.reference}"
    return tuple(
        Fact(kind="order_state", value=state, subject=subject, source="odoo", read_at=read_at)
        for state in dict.fromkeys(_states(order))
    )


def _states(order: Order) -> Iterator[str]:
    if order.state != "confirmed":
        yield order.state
        return
    if order.delivery == "delivered":
        yield "delivered"
    if order.delivery in ("partial", "delivered") or any(each.state == "done" for each in order.shipments):
        yield "shipped"
    if order.delivery in ("pending", "started"):
        yield from ("confirmed", "preparing")
    if order.delivery == "nothing_to_deliver":
        yield "confirmed"
    if order.invoices and all(each.payment == "paid" for each in order.invoices if not each.is_refund):
        yield "paid"
