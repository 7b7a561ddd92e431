from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from common.knowledge import parse_item
from simulator.company import company_knowledge, company_records
from simulator.company.catalogue import ean13
from simulator.company.holidays import easter, national_holidays

TODAY = date(2026, 11, 24)
KNOWLEDGE = company_knowledge(TODAY)
RECORDS = company_records(TODAY)


def test_company_is_as_rich_as_a_real_shop() -> None:
    counts = {kind: len(items) for kind, items in KNOWLEDGE.by_kind().items()}

    assert counts["product"] >= 60
    assert counts["rule"] >= 25
    assert counts["document"] >= 3
    assert counts["schedule"] >= 3
    assert counts["promotion"] >= 5
    assert {rule.category for rule in KNOWLEDGE.rules} >= {
        "delivery",
        "payment",
        "exchange",
        "warranty",
        "store",
        "privacy",
    }


@pytest.mark.parametrize(
    "kind_and_item",
    [(kind, item) for kind, items in KNOWLEDGE.by_kind().items() for item in items],
    ids=lambda each: f"{each[0]}-{each[1].id}",
)
def test_items_survive_the_knowledge_api(kind_and_item: tuple[object, object]) -> None:
    kind, item = kind_and_item

    assert parse_item(kind, item.model_dump(mode="json")) == item  # type: ignore[arg-type, attr-defined]


def test_every_sku_barcode_and_id_is_used_once() -> None:
    for values in (
        [each.sku for each in KNOWLEDGE.products],
        [each.barcode for each in KNOWLEDGE.products],
        [each.odoo_id for each in KNOWLEDGE.products],
        [each.id for items in KNOWLEDGE.by_kind().values() for each in items],
    ):
        assert len(set(values)) == len(values)


def test_barcodes_carry_the_right_check_digit() -> None:
    assert ean13("789100031550") == "7891000315507"
    for product in KNOWLEDGE.products:
        digits = [int(each) for each in product.barcode]
        assert len(digits) == 13
        assert (sum(digits[0::2]) + 3 * sum(digits[1::2])) % 10 == 0


def test_promotions_are_past_in_force_and_future_whatever_the_day() -> None:
    for today in (TODAY, date(2024, 2, 29), date(2030, 12, 31)):
        promotions = company_knowledge(today).promotions
        dates = [(each.valid_from, each.valid_until) for each in promotions]

        assert any(until is not None and until < today for _, until in dates)
        assert any(start is not None and start > today for start, _ in dates)
        assert any(start is not None and until is not None and start <= today <= until for start, until in dates)


def test_promotional_price_is_the_price_odoo_asks_during_the_promotion() -> None:
    promotion = next(each for each in KNOWLEDGE.promotions if each.promotional_price is not None)
    item = RECORDS.rows["product.pricelist.item"][3]

    assert Decimal(str(item["fixed_price"])) == promotion.promotional_price
    assert item["date_start"][:10] == str(promotion.valid_from)
    assert item["date_end"][:10] == str(promotion.valid_until)


def test_products_that_promotions_name_exist() -> None:
    known = {each.id for each in KNOWLEDGE.products}

    assert {each for promotion in KNOWLEDGE.promotions for each in promotion.product_ids} <= known


def test_odoo_has_the_same_products_as_the_knowledge() -> None:
    rows = RECORDS.rows["product.product"]
    templates = RECORDS.rows["product.template"]

    assert {each.odoo_id for each in KNOWLEDGE.products} == set(rows)
    for product in KNOWLEDGE.products:
        row = rows[product.odoo_id or 0]
        assert row["default_code"] == product.sku
        assert templates[row["product_tmpl_id"]]["list_price"] + row["price_extra"] == pytest.approx(
            float(product.list_price or 0)
        )


def test_some_products_are_sold_out_and_some_are_reserved_to_the_last() -> None:
    free = {number: sum(a - b for a, b in places.values()) for number, places in RECORDS.stock.items()}
    on_hand = {number: sum(a for a, _ in places.values()) for number, places in RECORDS.stock.items()}

    assert any(quantity == 0 for quantity in on_hand.values())
    assert any(free[number] == 0 and on_hand[number] > 0 for number in free)
    assert min(free.values()) >= 0


def test_odoo_side_has_two_pricelists_two_warehouses_five_partners_six_orders() -> None:
    counts = {model: len(rows) for model, rows in RECORDS.rows.items()}

    assert counts["product.pricelist"] == 2
    assert counts["stock.warehouse"] == 2
    assert counts["res.partner"] == 5
    assert counts["sale.order"] == 6


def test_company_closes_for_lunch_and_on_holidays() -> None:
    monday = [each for each in KNOWLEDGE.company.hours if each.weekday == 0]
    christmas = next(each for each in KNOWLEDGE.company.holidays if each.day == date(2026, 12, 25))

    assert len(monday) == 2
    assert monday[0].closes < monday[1].opens
    assert christmas.opens is None


@pytest.mark.parametrize(
    ("year", "day"),
    [(2024, date(2024, 3, 31)), (2025, date(2025, 4, 20)), (2026, date(2026, 4, 5)), (2038, date(2038, 4, 25))],
)
def test_easter_is_computed(year: int, day: date) -> None:
    assert easter(year) == day
    assert (day - timedelta(days=2), "Sexta-feira Santa") in national_holidays(year)
