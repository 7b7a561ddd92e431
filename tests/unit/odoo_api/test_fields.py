import pytest

from odoo_api.odoo.fields import READABLE_FIELDS, FieldNotAllowed, check_fields


def test_cost_price_is_on_no_list() -> None:
    assert not any("standard_price" in fields for fields in READABLE_FIELDS.values())


@pytest.mark.parametrize(
    ("method", "arguments"),
    [
        ("read", {"fields": ["free_qty", "standard_price"]}),
        ("read", {}),
        ("search_read", {"domain": [], "fields": []}),
        ("web_read", {"specification": {"standard_price": {}}}),
        ("export_data", {"fields_to_export": ["standard_price"]}),
        ("read_group", {"fields": ["standard_price:sum"]}),
    ],
)
def test_calls_that_could_read_a_field_off_the_list_are_refused(method: str, arguments: dict[str, object]) -> None:
    with pytest.raises(FieldNotAllowed):
        check_fields("product.product", method, arguments)


def test_a_model_without_a_list_cannot_be_read_at_all() -> None:
    with pytest.raises(FieldNotAllowed):
        check_fields("hr.employee", "read", {"fields": ["name"]})


def test_listed_fields_and_calls_that_read_none_pass() -> None:
    check_fields("product.product", "read", {"fields": ["id", "free_qty"]})
    check_fields("crm.lead", "create", {"vals_list": [{}]})
