from typing import Any

import pytest

from odoo_api.odoo.permits import NEVER_READ, PERMITS, NotPermitted, Purpose, check_permitted

COSTS = ("standard_price", "purchase_price", "margin", "margin_percent", "seller_ids", "value_svl", "total_value")


@pytest.mark.parametrize("cost", COSTS)
def test_cost_and_margin_are_on_no_list(cost: str) -> None:
    permits = [permit for models in PERMITS.values() for permit in models.values()]

    assert cost in NEVER_READ
    assert not any(cost in permit.reads | permit.writes | permit.nested.keys() for permit in permits)
    assert not any(cost in fields for permit in permits for fields in permit.nested.values())


@pytest.mark.parametrize("purpose", PERMITS)
@pytest.mark.parametrize("cost", COSTS)
@pytest.mark.parametrize("method", ["read", "search_read", "web_search_read", "onchange", "load", "search"])
def test_no_operation_can_ask_for_cost_or_margin_in_any_way(purpose: Purpose, cost: str, method: str) -> None:
    for model in PERMITS[purpose]:
        for arguments in ways_to_ask(cost):
            with pytest.raises(NotPermitted):
                check_permitted(purpose, model, method, arguments)


def ways_to_ask(field: str) -> list[dict[str, Any]]:
    nested: dict[str, Any] = {"order_line": {"fields": {field: {}}}}
    return [
        {
            "fields": ["id", field],
            "specification": {field: {}},
            "fields_spec": {field: {}},
            "domain": [[field, ">", 0]],
        },
        {"fields": ["id"], "specification": nested, "fields_spec": nested, "domain": [[f"product_id.{field}", ">", 0]]},
        {
            "fields": [],
            "specification": {},
            "fields_spec": {},
            "domain": [],
            "order": f"id asc, {field} desc",
        },
    ]


@pytest.mark.parametrize(
    "method",
    [
        "export_data",
        "read_group",
        "formatted_read_group",
        "web_read_group",
        "copy_data",
        "web_read",
        "write",
        "create",
        "unlink",
        "action_confirm",
    ],
)
def test_methods_that_hand_out_more_or_change_something_are_not_permitted(method: str) -> None:
    for purpose, models in PERMITS.items():
        for model in models:
            with pytest.raises(NotPermitted):
                check_permitted(purpose, model, method, {})


@pytest.mark.parametrize("model", ["hr.employee", "res.partner.bank", "ir.config_parameter", "account.bank.statement"])
def test_a_model_without_a_permit_cannot_be_touched(model: str) -> None:
    with pytest.raises(NotPermitted):
        check_permitted("orders", model, "read", {"fields": ["name"]})


def test_one_operation_may_not_use_the_fields_of_another() -> None:
    with pytest.raises(NotPermitted):
        check_permitted("price", "res.partner", "read", {"fields": ["vat"]})


def test_related_records_are_followed_to_their_name_and_no_further() -> None:
    def specification(inner: dict[str, Any]) -> dict[str, Any]:
        return {"specification": {"picking_ids": {"fields": {"carrier_id": {"fields": inner}}}}}

    check_permitted("orders", "sale.order", "web_search_read", specification({"display_name": {}}))
    with pytest.raises(NotPermitted):
        check_permitted("orders", "sale.order", "web_search_read", specification({"margin": {}}))


def test_listed_fields_pass() -> None:
    check_permitted("stock", "product.product", "read", {"fields": ["id", "free_qty"]})
    check_permitted("lead", "crm.lead", "load", {"fields": ["id", "partner_id/.id"], "data": [["a.b", "7"]]})
