"""The products of the sample company, variant by variant."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any

from simulator.company.data import table

# A prefix of Brazil; the company part is invented.
_EAN_PREFIX = "7896543"


@dataclass(frozen=True)
class Variant:
    """What is sold: a `product.product` of Odoo."""

    id: int
    sku: str
    barcode: str
    attributes: dict[str, str]
    extra: Decimal
    shop_stock: int
    warehouse_stock: int
    reserved: int


@dataclass(frozen=True)
class CatalogueProduct:
    """A product with its variants: a `product.template` of Odoo."""

    id: int
    name: str
    category: str
    description: str
    price: Decimal
    service: bool
    active: bool
    variants: tuple[Variant, ...]

    def variant_name(self, variant: Variant) -> str:
        """The name with the variant's values, as Odoo shows it."""
        values = ", ".join(variant.attributes.values())
        return f"{self.name} ({values})" if values else self.name


def ean13(twelve: str) -> str:
    """Add the check digit."""
    total = sum(int(digit) * (3 if index % 2 else 1) for index, digit in enumerate(twelve))
    return f"{twelve}{-total % 10}"


@cache
def catalogue() -> tuple[CatalogueProduct, ...]:
    """Every product, in the file's order."""
    return tuple(_product(row) for row in table("products")["product"])


def _product(row: dict[str, Any]) -> CatalogueProduct:
    variants = row.get("variants") or [row]
    return CatalogueProduct(
        id=row["id"],
        name=row["name"],
        category=row["category"],
        description=row["description"],
        price=_money(row["price"]),
        service=row.get("service", False),
        active=row.get("active", True),
        variants=tuple(_variant(row["id"] * 100 + index, each) for index, each in enumerate(variants, start=1)),
    )


def _variant(number: int, row: dict[str, Any]) -> Variant:
    stock = row.get("stock", [0, 0])
    return Variant(
        id=number,
        sku=row["sku"],
        barcode=ean13(f"{_EAN_PREFIX}{number:05d}"),
        attributes=dict(row.get("attributes", {})),
        extra=_money(row.get("extra", 0)),
        shop_stock=stock[0],
        warehouse_stock=stock[1],
        reserved=row.get("reserved", 0),
    )


def _money(value: float) -> Decimal:
    return Decimal(str(value)).quantize(Decimal("0.01"))
