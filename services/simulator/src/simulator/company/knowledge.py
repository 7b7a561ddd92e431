"""The sample company as the assistant knows it: `common.knowledge` items."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time, timedelta
from decimal import Decimal
from typing import Any

from common.knowledge import (
    Company,
    Document,
    Holiday,
    Item,
    KnowledgeKind,
    Link,
    OpeningHours,
    Product,
    Promotion,
    Rule,
    Schedule,
    ScheduleWindow,
)
from simulator.company.catalogue import catalogue
from simulator.company.data import documents, table
from simulator.company.holidays import national_holidays


@dataclass(frozen=True)
class Knowledge:
    """Every item of the sample company, as they are on one day."""

    company: Company
    rules: tuple[Rule, ...]
    promotions: tuple[Promotion, ...]
    schedules: tuple[Schedule, ...]
    documents: tuple[Document, ...]
    products: tuple[Product, ...]

    def by_kind(self) -> dict[KnowledgeKind, tuple[Item, ...]]:
        """The items as the knowledge API takes them: kind and items."""
        return {
            "company": (self.company,),
            "rule": self.rules,
            "promotion": self.promotions,
            "schedule": self.schedules,
            "document": self.documents,
            "product": self.products,
        }


def company_knowledge(today: date) -> Knowledge:
    """The sample company's knowledge; the dates of promotions are counted from `today`."""
    return Knowledge(
        company=_company(today),
        rules=tuple(_rule(row) for row in table("rules")["rule"]),
        promotions=tuple(_promotion(row, today) for row in table("promotions")["promotion"]),
        schedules=tuple(_schedule(row) for row in table("schedules")["schedule"]),
        documents=tuple(_document(name, text) for name, text in documents().items()),
        products=tuple(_products()),
    )


def product_item_id(sku: str) -> str:
    """The knowledge id of a variant."""
    return sku.lower()


def _company(today: date) -> Company:
    row = dict(table("company"))
    weekdays, saturday = row.pop("weekdays"), row.pop("saturday")
    links = tuple(Link(**each) for each in row.pop("links"))
    periods = [(day, period) for day in range(5) for period in weekdays] + [(5, period) for period in saturday]
    hours = tuple(
        OpeningHours(weekday=day, opens=time.fromisoformat(opens), closes=time.fromisoformat(closes))
        for day, (opens, closes) in periods
    )
    return Company(**row, hours=hours, holidays=_holidays(today), links=links)


def _holidays(today: date) -> tuple[Holiday, ...]:
    found = []
    for year in (today.year, today.year + 1):
        found += [Holiday(day=day, name=name) for day, name in national_holidays(year)]
        for month_day, name in (((12, 24), "Véspera de Natal"), ((12, 31), "Véspera de Ano-Novo")):
            found.append(Holiday(day=date(year, *month_day), name=name, opens=time(9), closes=time(13)))
    return tuple(sorted(found, key=lambda each: each.day))


def _rule(row: dict[str, Any]) -> Rule:
    return Rule(**{**row, "questions": tuple(row.get("questions", ()))})


def _promotion(row: dict[str, Any], today: date) -> Promotion:
    fields = dict(row)
    start, end = fields.pop("from_day"), fields.pop("until_day")
    skus = fields.pop("skus", ())
    for money in ("discount_percent", "promotional_price"):
        if money in fields:
            fields[money] = Decimal(str(fields[money]))
    return Promotion(
        **fields,
        valid_from=today + timedelta(days=start),
        valid_until=today + timedelta(days=end),
        product_ids=tuple(product_item_id(sku) for sku in skus),
    )


def _schedule(row: dict[str, Any]) -> Schedule:
    fields = dict(row)
    opens, closes = time.fromisoformat(fields.pop("opens")), time.fromisoformat(fields.pop("closes"))
    windows = tuple(ScheduleWindow(weekday=day, opens=opens, closes=closes) for day in fields.pop("days"))
    return Schedule(**fields, windows=windows)


def _document(name: str, text: str) -> Document:
    title, _, body = text.partition("\n")
    return Document(id=name, title=title.lstrip("# "), text=body.strip(), source=f"{name}.md")


def _products() -> list[Product]:
    return [
        Product(
            id=product_item_id(variant.sku),
            active=product.active,
            name=product.variant_name(variant),
            sku=variant.sku,
            barcode=variant.barcode,
            description=product.description,
            category=product.category,
            attributes=variant.attributes,
            variant_of=f"produto-{product.id}" if len(product.variants) > 1 else "",
            sale_ok=product.active,
            odoo_id=variant.id,
            list_price=product.price + variant.extra,
        )
        for product in catalogue()
        for variant in product.variants
    ]
