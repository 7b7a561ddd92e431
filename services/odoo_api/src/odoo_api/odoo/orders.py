"""A customer's orders as they are now: state, deliveries, invoices, and the customer's own page of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from common.odoo_answers import (
    DeliveryState,
    Invoice,
    InvoicingState,
    Order,
    OrderLine,
    OrderState,
    OrderStatuses,
    PaymentState,
    Shipment,
    ShipmentState,
)
from odoo_api.odoo.client import OdooClient
from odoo_api.odoo.errors import OdooNotJson
from odoo_api.odoo.links import portal_link
from odoo_api.odoo.permits import PERMITS
from odoo_api.odoo.references import parse_reference
from odoo_api.odoo.values import Row, day, moment, money, quantity, related_id, related_name, rows, text

_NEWEST_FIRST: Final = "date_order desc, id desc"
_MOST_NAMED: Final = 40
_ORDER_STATES: Final[Mapping[str, OrderState]] = {
    "draft": "quotation",
    "sent": "quotation_sent",
    "sale": "confirmed",
    "done": "confirmed",  # a locked order, up to Odoo 16
    "cancel": "cancelled",
}
_DELIVERY_STATES: Final[Mapping[str, DeliveryState]] = {
    "pending": "pending",
    "started": "started",
    "partial": "partial",
    "full": "delivered",
}
_SHIPMENT_STATES: Final[Mapping[str, ShipmentState]] = {
    "draft": "draft",
    "waiting": "waiting",
    "confirmed": "waiting",
    "assigned": "ready",
    "done": "done",
    "cancel": "cancelled",
}
_INVOICING_STATES: Final[Mapping[str, InvoicingState]] = {"invoiced": "invoiced", "to invoice": "to_invoice"}
_PAYMENT_STATES: Final[Mapping[str, PaymentState]] = {
    "not_paid": "not_paid",
    "in_payment": "in_payment",
    "partial": "partial",
    "paid": "paid",
    "reversed": "reversed",
}
_CUSTOMER_DOCUMENTS: Final = frozenset({"out_invoice", "out_refund", "out_receipt"})


async def read_orders(
    client: OdooClient,
    partner_id: int,
    *,
    now: Callable[[], datetime],
    reference: str | None = None,
    limit: int = 3,
    with_link: bool = False,
) -> OrderStatuses:
    """The customer's orders, newest first, or those that a reference can mean.

    Every question to Odoo carries the customer, so that the number of somebody else's order finds nothing.

    Raises:
        OdooError: the orders could not be read.
    """
    read_at = now()
    customer = await _customer(client, partner_id)
    if customer is None:
        return OrderStatuses(orders=(), read_at=read_at)
    named = parse_reference(reference) if reference and reference.strip() else None
    answer = await client.call(
        "sale.order",
        "web_search_read",
        purpose="orders",
        domain=[["partner_id", "child_of", customer], *(named.domain() if named else [])],
        specification=await _specification(client),
        limit=limit if named is None else _MOST_NAMED,
        order=_NEWEST_FIRST,
    )
    found = rows(answer.get("records") if isinstance(answer, dict) else None)
    if named is not None:
        found = [row for row in found if named.means(text(row.get("name")), text(row.get("client_order_ref")))][:limit]
    links = {int(row["id"]): await portal_link(client, "orders", int(row["id"])) for row in found if with_link}
    return OrderStatuses(orders=tuple(order_of(row, links.get(int(row["id"]), "")) for row in found), read_at=read_at)


async def _customer(client: OdooClient, partner_id: int) -> int | None:
    found = rows(
        await client.call(
            "res.partner",
            "search_read",
            purpose="orders",
            domain=[["id", "=", partner_id]],
            fields=["commercial_partner_id"],
            context={"active_test": False},
        )
    )
    return (related_id(found[0].get("commercial_partner_id")) or partner_id) if found else None


async def _specification(client: OdooClient) -> dict[str, Any]:
    """What to read, without what this Odoo's apps do not have."""
    permit = PERMITS["orders"]["sale.order"]
    known = await client.fields("orders", "sale.order")
    wanted: dict[str, Any] = {name: {} for name in known if name in permit.reads}
    for name in known.keys() & permit.nested.keys():
        inner: Sequence[str] = sorted(permit.nested[name])
        if name == "picking_ids":
            inner = sorted(await client.fields("orders", "stock.picking"))
        wanted[name] = {"fields": {each: {} for each in inner}}
    shipment = wanted.get("picking_ids", {}).get("fields", {})
    if "carrier_id" in shipment:
        shipment["carrier_id"] = {"fields": {"display_name": {}}}
    return wanted


def order_of(row: Row, link: str = "") -> Order:
    """An order as Odoo answered it.

    Raises:
        OdooNotJson: its state is not one of Odoo's.
    """
    state = _ORDER_STATES.get(text(row.get("state")))
    if state is None:
        raise OdooNotJson("an order of Odoo's has an unknown state")
    return Order(
        order_id=int(row["id"]),
        reference=text(row.get("name")),
        state=state,
        delivery=_DELIVERY_STATES.get(text(row.get("delivery_status")), "nothing_to_deliver"),
        invoicing=_INVOICING_STATES.get(text(row.get("invoice_status")), "nothing_to_invoice"),
        ordered_at=moment(row.get("date_order")),
        promised_at=moment(row.get("commitment_date")),
        expected_at=moment(row.get("expected_date")),
        untaxed=money(row.get("amount_untaxed")),
        taxes=money(row.get("amount_tax")),
        total=money(row.get("amount_total")),
        currency=related_name(row.get("currency_id")),
        lines=tuple(_line(each) for each in row.get("order_line") or () if not each.get("display_type")),
        shipments=tuple(_shipment(each) for each in row.get("picking_ids") or () if _goes_out(each)),
        invoices=tuple(_invoice(each) for each in row.get("invoice_ids") or () if _is_issued(each)),
        link=link,
    )


def _line(row: Row) -> OrderLine:
    return OrderLine(
        product_id=related_id(row.get("product_id")),
        name=text(row.get("name")),
        quantity=quantity(row.get("product_uom_qty")),
        delivered_quantity=quantity(row.get("qty_delivered")),
        total=money(row.get("price_total")),
    )


def _goes_out(row: Row) -> bool:
    # Picking and packing inside the warehouse are steps before the delivery; returns come in.
    return bool(row.get("picking_type_code", "outgoing") == "outgoing")


def _shipment(row: Row) -> Shipment:
    return Shipment(
        reference=text(row.get("name")),
        state=_SHIPMENT_STATES.get(text(row.get("state")), "waiting"),
        scheduled_at=moment(row.get("scheduled_date")),
        done_at=moment(row.get("date_done")),
        carrier=related_name(row.get("carrier_id")),
        tracking_reference=text(row.get("carrier_tracking_ref")),
        tracking_link=_web_link(row.get("carrier_tracking_url")),
    )


def _web_link(value: Any) -> str:
    # Some carriers put a JSON list of links here.
    link = text(value)
    return link if link.startswith(("https://", "http://")) else ""


def _is_issued(row: Row) -> bool:
    return row.get("state") == "posted" and row.get("move_type") in _CUSTOMER_DOCUMENTS


def _invoice(row: Row) -> Invoice:
    return Invoice(
        reference=text(row.get("name")),
        payment=_PAYMENT_STATES.get(text(row.get("payment_state")), "unknown"),
        issued_on=day(row.get("invoice_date")),
        due_on=day(row.get("invoice_date_due")),
        total=money(row.get("amount_total")),
        due=money(row.get("amount_residual")),
        is_refund=row.get("move_type") == "out_refund",
    )
