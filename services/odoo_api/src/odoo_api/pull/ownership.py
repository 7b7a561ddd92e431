"""Which source owns a product: pure.

The id tells. What the pull made begins with `odoo-pull-`; everything else was sent to the API. Neither touches what the
other owns, and a product that the Odoo module sends under its own id is not pulled as well.
"""

from __future__ import annotations

from collections.abc import Container
from typing import Final

PREFIX: Final = "odoo-pull-"


def pulled_id(product_id: int) -> str:
    """The id of the item for a `product.product`."""
    return f"{PREFIX}{product_id}"


def is_pulled(item_id: str) -> bool:
    """Whether the pull owns this item."""
    return item_id.startswith(PREFIX)


def is_sent_by_the_api(item_id: str) -> bool:
    """Whether the API owns this item: what a full replacement by the API may remove."""
    return not is_pulled(item_id)


def module_has(product_id: int, known: Container[str]) -> bool:
    """Whether the Odoo module sends this product itself: its ids are those of `product.product`."""
    return str(product_id) in known
