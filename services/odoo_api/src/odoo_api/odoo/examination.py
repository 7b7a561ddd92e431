"""What a tenant's Odoo can and cannot do for the assistant: facts with codes, for whoever words them."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final, Literal

from odoo_api.key_alarm import WARN_DAYS, days_left
from odoo_api.odoo.client import OdooClient
from odoo_api.odoo.errors import OdooAuthFailed, OdooError, OdooMissing, OdooRefused
from odoo_api.odoo.values import rows

Status = Literal["ok", "warning", "failed"]

_OLDEST: Final = 18
_ASKED: Final = 3
_SLOW_SECONDS: Final = 1.0


@dataclass(frozen=True)
class Observation:
    """One fact. `code` names it; `values` go into its text."""

    code: str
    status: Status
    values: Mapping[str, str | int] = field(default_factory=dict)


@dataclass(frozen=True)
class _Need:
    """A right, the app that brings the model, and how bad it is not to have it."""

    model: str
    rights: tuple[str, ...]
    app: str
    without: Status


_NEEDS: Final = (
    _Need("product.product", ("read",), "sale_management", "failed"),
    _Need("product.pricelist", ("read",), "sale_management", "warning"),
    _Need("sale.order", ("read", "create"), "sale_management", "failed"),
    _Need("res.partner", ("read", "create"), "contacts", "failed"),
    _Need("stock.warehouse", ("read",), "stock", "warning"),
    _Need("account.move", ("read",), "account", "warning"),
    _Need("crm.lead", ("read", "create"), "crm", "warning"),
    _Need("mail.activity", ("create",), "mail", "warning"),
)
_FOR_CODES: Final = _Need("mail.template", ("create",), "mail", "failed")
_FIELDS: Final[tuple[tuple[str, str, Status], ...]] = (
    ("product.product", "free_qty", "warning"),
    ("sale.order", "delivery_status", "warning"),
    ("stock.picking", "carrier_tracking_ref", "ok"),
    ("res.partner", "vat", "warning"),
    ("res.partner", "phone_mobile_search", "ok"),
)


async def examine(
    client: OdooClient, language: str, today: date, clock: Callable[[], float] = time.monotonic
) -> list[Observation]:
    """Everything that can be found out with the tenant's key; changes nothing. Stops at what makes the rest moot."""
    try:
        version = await client.version()
    except OdooError as error:
        return [Observation(f"unreachable.{error.code}", "failed", {"reason": str(error)})]
    way = "JSON-2" if version.speaks_json2 else "JSON-RPC"
    status: Status = "ok" if version.major >= _OLDEST else "warning"
    found = [Observation("version" if status == "ok" else "old_version", status, {"version": version.text, "way": way})]
    try:
        found.append(await _latency(client, clock))
    except OdooError as error:
        code = "key_refused" if isinstance(error, OdooAuthFailed) else f"unreachable.{error.code}"
        return [*found, Observation(code, "failed", {"reason": str(error)})]
    found.append(await _expiry(client, today))
    apps: set[str] = set()
    needs = (*_NEEDS, _FOR_CODES) if client.connection.email_codes else _NEEDS
    for need in needs:
        found += await _rights(client, need, apps)
    found += await _fields(client)
    found.append(await _language(client, language))
    return [*found, *await _products(client)]


async def _latency(client: OdooClient, clock: Callable[[], float]) -> Observation:
    times = []
    for _ in range(_ASKED):
        began = clock()
        await client.call("res.users", "context_get", purpose="check")
        times.append(clock() - began)
    seconds = statistics.median(times)
    values = {"milliseconds": round(seconds * 1000)}
    return Observation("slow", "warning", values) if seconds > _SLOW_SECONDS else Observation("fast", "ok", values)


async def _expiry(client: OdooClient, today: date) -> Observation:
    left = days_left(client.connection, today)
    if left is None:
        left = await _expiry_in_odoo(client, today)
    if left is None:
        return Observation("key_expiry_unknown", "warning")
    if left < 0:
        return Observation("key_expired", "failed", {"days": -left})
    if left <= WARN_DAYS:
        return Observation("key_expires_soon", "warning", {"days": left})
    return Observation("key_expires", "ok", {"days": left})


async def _expiry_in_odoo(client: OdooClient, today: date) -> int | None:
    """A user sees their own keys; which of several is ours, nobody tells."""
    try:
        keys = rows(
            await client.call(
                "res.users.apikeys", "search_read", purpose="check", domain=[], fields=["expiration_date"], limit=2
            )
        )
    except OdooError:
        return None
    if len(keys) != 1 or not keys[0].get("expiration_date"):
        return None
    return (datetime.fromisoformat(str(keys[0]["expiration_date"])).date() - today).days


async def _rights(client: OdooClient, need: _Need, absent_apps: set[str]) -> list[Observation]:
    missing: list[str] = []
    for right in need.rights:
        try:
            allowed = await client.call(need.model, "has_access", purpose="check", ids=[], operation=right)
        except OdooMissing:
            if need.app in absent_apps:
                return []
            absent_apps.add(need.app)
            return [Observation(f"no_app.{need.app}", need.without, {"app": need.app})]
        except OdooError as error:
            return [Observation("right_unknown", "warning", {"model": need.model, "reason": str(error)})]
        if not allowed:
            missing.append(right)
    if not missing:
        return [Observation("right", "ok", {"model": need.model, "rights": ", ".join(need.rights)})]
    return [Observation("no_right", need.without, {"model": need.model, "rights": ", ".join(missing)})]


async def _fields(client: OdooClient) -> list[Observation]:
    found: list[Observation] = []
    for model, name, without in _FIELDS:
        try:
            known: Mapping[str, Any] = await client.call(
                model, "fields_get", purpose="check", allfields=[name], attributes=["type"]
            )
        except OdooError:
            # Without the model or the right to see it, which was told already.
            continue
        if name not in known:
            found.append(Observation(f"no_field.{model}.{name}", without, {"field": name}))
    return found


async def _language(client: OdooClient, language: str) -> Observation:
    try:
        await client.call("product.product", "search_count", purpose="check", domain=[], context={"lang": language})
    except OdooRefused:
        return Observation("no_language", "warning", {"language": language})
    except OdooError as error:
        return Observation("language_unknown", "warning", {"language": language, "reason": str(error)})
    return Observation("language", "ok", {"language": language})


async def _products(client: OdooClient) -> list[Observation]:
    try:
        count = await client.call("product.product", "search_count", purpose="check", domain=[["sale_ok", "=", True]])
    except OdooError:
        return []
    return [Observation("products" if count else "no_products", "ok" if count else "warning", {"count": int(count)})]
