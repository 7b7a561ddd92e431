from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from common.knowledge import parse_item
from odoo_api.pull.ownership import is_pulled, is_sent_by_the_api, module_has, pulled_id
from odoo_api.pull.product_items import is_offered, product_item
from odoo_api.pull.schedule import PullState, everything_is_due, read_until, window_start

NOON = datetime(2026, 11, 26, 15, 0, tzinfo=UTC)
SAO_PAULO = "America/Sao_Paulo"


def row(**changes: Any) -> dict[str, Any]:
    return {
        "id": 301,
        "name": "Liquidificador",
        "default_code": "LIQ-1",
        "barcode": False,
        "description_sale": False,
        "categ_id": [4, "Casa / Cozinha"],
        "product_tmpl_id": [30, "Liquidificador"],
        "product_template_attribute_value_ids": [7, 9, 99],
        "sale_ok": True,
        "active": True,
        "currency_id": [6, "BRL"],
        **changes,
    }


def test_a_product_becomes_an_item_without_price_and_stock() -> None:
    item = product_item(row(), {7: ("Cor", "Vermelho"), 9: ("Voltagem", "127 V")}, siblings=2)

    parsed = parse_item("product", item)
    assert item["id"] == "odoo-pull-301"
    assert item["attributes"] == {"Cor": "Vermelho", "Voltagem": "127 V"}
    assert (item["category"], item["barcode"], item["odoo_id"]) == ("Casa / Cozinha", "", 301)
    assert item["variant_of"] == "odoo-pull-30-template"
    assert "list_price" not in item
    assert parsed.model_dump()["list_price"] is None


def test_a_product_without_variants_belongs_to_no_family() -> None:
    assert product_item(row(), {}, siblings=1)["variant_of"] == ""


@pytest.mark.parametrize(
    ("changes", "offered"),
    [
        ({}, True),
        ({"active": False}, False),
        ({"sale_ok": False}, False),
        ({"name": False}, False),
        ({"website_published": True}, True),
        ({"website_published": False}, False),
    ],
)
def test_only_what_customers_may_hear_of_is_offered(changes: dict[str, Any], offered: bool) -> None:
    assert is_offered(row(**changes), unpublished_too=False) is offered


def test_unpublished_products_are_offered_where_that_is_wished() -> None:
    assert is_offered(row(website_published=False), unpublished_too=True)


def test_the_id_says_who_owns_a_product() -> None:
    assert is_pulled(pulled_id(7))
    assert not is_sent_by_the_api(pulled_id(7))
    assert is_sent_by_the_api("7")
    assert module_has(7, {"7": None})
    assert not module_has(7, {pulled_id(7): None})


def test_a_window_begins_before_the_last_one_ended() -> None:
    assert window_start(NOON) == "2026-11-26 14:45:00"


def test_reading_goes_as_far_as_the_newest_change_or_a_little_before_now() -> None:
    began = NOON
    ahead = NOON + timedelta(minutes=5)

    assert read_until(None, None, began) == NOON - timedelta(minutes=10)
    assert read_until(None, ahead, began) == ahead
    assert read_until(ahead, None, began) == ahead


@pytest.mark.parametrize(
    ("complete_at", "now", "due"),
    [
        # Three in the morning in São Paulo is six o'clock UTC.
        ("2026-11-26T05:59:00+00:00", "2026-11-26T06:01:00+00:00", True),
        ("2026-11-26T06:01:00+00:00", "2026-11-26T23:00:00+00:00", False),
        ("2026-11-26T06:01:00+00:00", "2026-11-27T05:59:00+00:00", False),
        ("2026-11-26T06:01:00+00:00", "2026-11-27T06:01:00+00:00", True),
        (None, "2026-11-26T12:00:00+00:00", True),
    ],
)
def test_everything_is_read_once_a_night(complete_at: str | None, now: str, due: bool) -> None:
    complete = datetime.fromisoformat(complete_at) if complete_at else None
    state = PullState(read_until=complete, complete_at=complete)

    assert everything_is_due(state, datetime.fromisoformat(now), SAO_PAULO) is due


def test_a_lease_is_free_when_it_ended_or_is_ones_own() -> None:
    held = PullState(holder="a", held_until=NOON)

    assert held.is_free("a", NOON - timedelta(seconds=1))
    assert not held.is_free("b", NOON - timedelta(seconds=1))
    assert held.is_free("b", NOON)
    assert PullState().is_free("b", NOON)
