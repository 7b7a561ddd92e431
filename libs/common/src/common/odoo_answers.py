"""What a company's Odoo answers to a live question beyond price and stock: quotes, orders, partners, identity.

Only what a customer may be told is in here: no cost, no margin, no notes, and of identity data nothing but the verdict.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Literal, TypeAlias

from common.message import Frozen, Message


class QuoteLine(Frozen):
    """One line as Odoo priced it. `unit_price` is before the discount; `subtotal` without and `total` with taxes."""

    product_id: int
    quantity: Decimal
    unit_price: Decimal
    discount_percent: Decimal = Decimal(0)
    subtotal: Decimal
    taxes: Decimal
    total: Decimal


class QuotePreview(Message):
    """Answer to `QuotePreviewQuery`: the whole cart at `read_at`. Nothing was written in Odoo."""

    lines: tuple[QuoteLine, ...]
    untaxed: Decimal
    taxes: Decimal
    total: Decimal
    currency: str
    read_at: datetime
    unknown_product_ids: tuple[int, ...] = ()
    """Products Odoo does not know or does not sell: they are in no line and in no total."""


OrderState: TypeAlias = Literal["quotation", "quotation_sent", "confirmed", "cancelled"]
DeliveryState: TypeAlias = Literal["nothing_to_deliver", "pending", "started", "partial", "delivered"]
ShipmentState: TypeAlias = Literal["draft", "waiting", "ready", "done", "cancelled"]
InvoicingState: TypeAlias = Literal["nothing_to_invoice", "to_invoice", "invoiced"]
PaymentState: TypeAlias = Literal["not_paid", "in_payment", "partial", "paid", "reversed", "unknown"]


class OrderLine(Frozen):
    """What was ordered and what of it was delivered. `total` with taxes."""

    product_id: int | None
    name: str
    quantity: Decimal
    delivered_quantity: Decimal
    total: Decimal


class Shipment(Frozen):
    """One delivery of an order. Carrier and tracking are empty where the company does not use them."""

    reference: str
    state: ShipmentState
    scheduled_at: datetime | None = None
    done_at: datetime | None = None
    carrier: str = ""
    tracking_reference: str = ""
    tracking_link: str = ""


class Invoice(Frozen):
    """A posted invoice of an order; drafts are no customer's business."""

    reference: str
    payment: PaymentState
    issued_on: date | None = None
    due_on: date | None = None
    total: Decimal
    due: Decimal
    is_refund: bool = False


class Order(Frozen):
    """An order or quotation as it is now."""

    order_id: int
    reference: str
    state: OrderState
    delivery: DeliveryState
    invoicing: InvoicingState
    ordered_at: datetime | None = None
    promised_at: datetime | None = None
    """The delivery date somebody committed to; `expected_at` is what Odoo computes from lead times."""
    expected_at: datetime | None = None
    untaxed: Decimal
    taxes: Decimal
    total: Decimal
    currency: str
    lines: tuple[OrderLine, ...] = ()
    shipments: tuple[Shipment, ...] = ()
    invoices: tuple[Invoice, ...] = ()
    link: str = ""
    """The customer's page of the order, which opens without a login: for its owner only."""


class OrderStatuses(Message):
    """Answer to `OrderStatusQuery`, newest first. Empty: this customer has no such order."""

    orders: tuple[Order, ...]
    read_at: datetime


IdentityProof: TypeAlias = Literal["document", "email"]


class PartnerMatch(Frozen):
    """A partner who may be the one who writes. No name and no contact data: nothing is verified yet.

    `customer_id` is the company (or the person) that orders belong to; `proofs` says what `VerifyIdentityQuery` can be
    asked about, because Odoo has it on file.
    """

    partner_id: int
    customer_id: int
    matched_by: tuple[Literal["phone", "email"], ...]
    proofs: tuple[IdentityProof, ...] = ()


class Partners(Message):
    """Answer to `PartnerQuery`, best first: who matches by phone and e-mail stands before who matches by one."""

    matches: tuple[PartnerMatch, ...]
    read_at: datetime


IdentityOutcome: TypeAlias = Literal[
    "verified",
    "no_match",  # something was compared and differs: the hub counts it towards the lock-out
    "unreadable",  # the claim holds no document digits and no e-mail: ask again, nothing was compared
    "too_short",  # too few digits to prove anything
    "no_candidate",  # Odoo has nobody with this phone, e-mail or order
    "nothing_on_file",  # a candidate, but Odoo has neither document nor e-mail of it
    "ambiguous",  # the claim fits several customers
]


class IdentityVerdict(Message):
    """Answer to `VerifyIdentityQuery`. Partner and customer are named only when `outcome` is `verified`."""

    outcome: IdentityOutcome
    partner_id: int | None = None
    customer_id: int | None = None
    proof: IdentityProof | None = None

    @property
    def verified(self) -> bool:
        """Whether the one who writes is this partner."""
        return self.outcome == "verified"
