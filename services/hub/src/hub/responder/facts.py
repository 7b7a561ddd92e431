"""Facts of a turn: every value a reply may state, with where and when it was read."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from common.facts import Fact, FactKind
from common.knowledge import Company, Document, Product, Promotion, Rule, Schedule
from common.query_answers import Price, Stock
from hub.responder.hours import Day
from hub.truth_gate import facts_from_text

KNOWLEDGE = "knowledge"
ODOO = "odoo"


def product_facts(product: Product, read_at: datetime) -> tuple[Fact, ...]:
    """The name and code of a product."""
    subject = f"product:{product.id}"
    name = Fact(kind="text", value=product.name, subject=subject, source=KNOWLEDGE, read_at=read_at)
    if not product.sku:
        return (name,)
    return (name, Fact(kind="sku", value=product.sku, subject=subject, source=KNOWLEDGE, read_at=read_at))


def price_fact(product: Product, price: Price) -> Fact:
    """A live price."""
    return Fact(
        kind="price",
        value=str(price.unit_price),
        subject=f"product:{product.id}",
        source=ODOO,
        read_at=price.read_at,
        currency=price.currency,
    )


def stock_fact(product: Product, stock: Stock) -> Fact:
    """Live stock."""
    value = "unlimited" if stock.unlimited else str(stock.free_quantity)
    return Fact(kind="stock", value=value, subject=f"product:{product.id}", source=ODOO, read_at=stock.read_at)


def rule_facts(rule: Rule, read_at: datetime, locale: str) -> tuple[Fact, ...]:
    """The owner's words, and the days between which they hold."""
    kind = "promotion" if isinstance(rule, Promotion) else "rule"
    subject = f"{kind}:{rule.id}"
    return (
        *facts_from_text(rule.text, subject, KNOWLEDGE, read_at, locale=locale),
        *facts_from_text(rule.title, subject, KNOWLEDGE, read_at, locale=locale),
        *validity_facts(subject, rule.valid_from, rule.valid_until, read_at),
    )


def promotion_facts(promotion: Promotion, read_at: datetime, locale: str) -> tuple[Fact, ...]:
    """A promotion's words, dates and coupon."""
    facts = rule_facts(promotion, read_at, locale)
    if not promotion.coupon:
        return facts
    subject = f"promotion:{promotion.id}"
    coupon = Fact(kind="sku", value=promotion.coupon, subject=subject, source=KNOWLEDGE, read_at=read_at)
    return (*facts, coupon)


def validity_facts(subject: str, start: date | None, end: date | None, read_at: datetime) -> tuple[Fact, ...]:
    """The first and last day something holds."""
    days = ((start, "valid_from"), (end, "valid_until"))
    return tuple(
        Fact(kind="date", value=day.isoformat(), subject=f"{subject}#{role}", source=KNOWLEDGE, read_at=read_at)
        for day, role in days
        if day
    )


def document_facts(document: Document, passage: str, read_at: datetime, locale: str) -> tuple[Fact, ...]:
    """The passage of a document that is quoted."""
    return facts_from_text(passage, f"document:{document.id}", KNOWLEDGE, read_at, locale=locale)


def schedule_facts(schedule: Schedule, read_at: datetime, locale: str) -> tuple[Fact, ...]:
    """A service's duration, windows and words."""
    subject = f"schedule:{schedule.id}"
    facts = [
        Fact(
            kind="number",
            value=f"{schedule.duration} minute",
            subject=subject,
            source=KNOWLEDGE,
            read_at=read_at,
        )
    ]
    for window in schedule.windows:
        for role, value in (("opens", window.opens), ("closes", window.closes)):
            facts.append(_time(f"{subject}#{window.weekday}.{role}", f"{value:%H:%M}", KNOWLEDGE, read_at))
    for text in (schedule.service, schedule.policies, schedule.required_information):
        if text.strip():
            facts += facts_from_text(text, subject, KNOWLEDGE, read_at, locale=locale)
    return tuple(facts)


def day_facts(company: Company, days: Iterable[Day], read_at: datetime) -> tuple[Fact, ...]:
    """Opening hours of certain dates."""
    facts = []
    subject = f"company:{company.id}"
    for day in days:
        stamp = day.date.isoformat()
        facts.append(Fact(kind="date", value=stamp, subject=subject, source="clock", read_at=read_at))
        for opens, closes in day.windows:
            facts.append(_time(f"{subject}#{stamp}.opens", f"{opens:%H:%M}", KNOWLEDGE, read_at))
            facts.append(_time(f"{subject}#{stamp}.closes", f"{closes:%H:%M}", KNOWLEDGE, read_at))
        if day.holiday and day.holiday.name:
            facts += facts_from_text(day.holiday.name, subject, KNOWLEDGE, read_at)
    return tuple(facts)


def weekly_facts(company: Company, read_at: datetime) -> tuple[Fact, ...]:
    """The weekly opening hours."""
    facts = []
    for entry in company.hours:
        subject = f"company:{company.id}#{entry.weekday}"
        facts.append(_time(f"{subject}.opens", f"{entry.opens:%H:%M}", KNOWLEDGE, read_at))
        facts.append(_time(f"{subject}.closes", f"{entry.closes:%H:%M}", KNOWLEDGE, read_at))
    return tuple(facts)


def company_fact(company: Company, kind: FactKind, value: str, read_at: datetime) -> Fact:
    """One value of the company's profile."""
    return Fact(kind=kind, value=value, subject=f"company:{company.id}", source=KNOWLEDGE, read_at=read_at)


def words_facts(text: str, subject: str, read_at: datetime, locale: str = "pt-BR") -> tuple[Fact, ...]:
    """Words of the owner that may be quoted whole."""
    return facts_from_text(text, subject, KNOWLEDGE, read_at, locale=locale)


def _time(subject: str, value: str, source: str, read_at: datetime) -> Fact:
    return Fact(kind="time", value=value, subject=subject, source=source, read_at=read_at)
