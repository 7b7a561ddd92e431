from typing import Any

import pytest

from odoo_api.odoo.errors import OdooNotJson
from odoo_api.odoo.stock import is_tracked
from odoo_api.odoo.transports import OdooCall, json_rpc_arguments
from odoo_api.odoo.values import money


@pytest.mark.parametrize(
    ("amount", "digits", "text"),
    [
        (45.5, 2, "45.50"),
        (199.9, 2, "199.90"),
        (33.300000000000004, 2, "33.30"),
        (33.333333, 2, "33.33"),
        (0.125, 2, "0.13"),
        (0.0125, 4, "0.0125"),
        (1234567.891, 2, "1234567.89"),
        (750, 2, "750.00"),
        (1500.0, 0, "1500"),
    ],
)
def test_prices_are_rounded_as_odoo_rounds_an_order_line(amount: float, digits: int, text: str) -> None:
    assert str(money(amount, digits)) == text


@pytest.mark.parametrize("amount", [None, "45.5", True, [45.5]])
def test_what_is_no_number_is_no_price(amount: Any) -> None:
    with pytest.raises(OdooNotJson):
        money(amount, 2)


@pytest.mark.parametrize(
    ("row", "tracked"),
    [
        ({"type": "consu", "is_storable": True, "free_qty": 1.0}, True),
        ({"type": "consu", "is_storable": False, "free_qty": 0.0}, False),
        ({"type": "service", "is_storable": False, "free_qty": 0.0}, False),
        ({"type": "product", "free_qty": 3.0}, True),
        ({"type": "consu", "free_qty": 0.0}, False),
        ({"type": "consu"}, False),
    ],
)
def test_only_counted_products_have_a_stock(row: dict[str, Any], tracked: bool) -> None:
    assert is_tracked(row) is tracked


def test_json_rpc_passes_ids_first_and_everything_else_by_name() -> None:
    call = OdooCall.of("product.product", "read", [3], {"lang": "pt_BR"}, {"fields": ["id"]})

    assert json_rpc_arguments(call) == ([[3]], {"fields": ["id"], "context": {"lang": "pt_BR"}})


def test_json_rpc_create_is_positional() -> None:
    call = OdooCall.of("crm.lead", "create", None, None, {"vals_list": [{"name": "x"}]})

    assert json_rpc_arguments(call) == ([[{"name": "x"}]], {})
