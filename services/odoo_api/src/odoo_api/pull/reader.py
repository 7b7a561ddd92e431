"""Reads products out of Odoo: ids first, then their fields some hundreds at a time."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from odoo_api.odoo.client import OdooClient
from odoo_api.odoo.errors import OdooRefused
from odoo_api.odoo.values import Row, moment, related_id, related_name, rows, text
from odoo_api.pull.product_items import is_offered, product_item
from odoo_api.pull.schedule import window_start

MODEL: Final = "product.product"
CHUNK: Final = 200
_SECONDS: Final = 30.0
_WITH_ARCHIVED: Final = {"active_test": False}
_FIELDS: Final = (
    "name",
    "default_code",
    "barcode",
    "description_sale",
    "categ_id",
    "product_tmpl_id",
    "product_template_attribute_value_ids",
    "sale_ok",
    "active",
    "currency_id",
    "website_published",
    "write_date",
)


@dataclass(frozen=True)
class Chunk:
    """Some products: the items of those on offer, the ids of those that are not, and the latest change among them."""

    items: tuple[dict[str, Any], ...]
    not_offered: tuple[int, ...]
    unpublished: int
    newest: datetime | None


class ProductReader:
    """Reads one tenant's products in its customers' language, if Odoo has it."""

    def __init__(self, client: OdooClient, language: str, *, unpublished_too: bool) -> None:
        self._client = client
        self._language: str | None = language
        self._unpublished_too = unpublished_too
        self._values: dict[int, tuple[str, str]] = {}

    async def ids(self, since: datetime | None) -> list[int]:
        """All products, archived ones too, or those that changed since then.

        Raises:
            OdooError: they could not be read.
        """
        domain = [] if since is None else [["write_date", ">=", window_start(since)]]
        found = await self._ask("search", domain=domain, order="id")
        return [int(each) for each in found]

    async def chunks(self, ids: Sequence[int]) -> AsyncIterator[Chunk]:
        """The products of these ids that are still there.

        Raises:
            OdooError: they could not be read.
        """
        fields = list(await self._client.fields("products", MODEL, _FIELDS))
        for start in range(0, len(ids), CHUNK):
            some = list(ids[start : start + CHUNK])
            read = rows(await self._ask("search_read", domain=[["id", "in", some]], fields=fields))
            yield await self._chunk(some, read)

    async def _chunk(self, ids: Sequence[int], read: Sequence[Row]) -> Chunk:
        offered = [row for row in read if is_offered(row, unpublished_too=self._unpublished_too)]
        await self._read_values(offered)
        siblings = await self._siblings(offered)
        there = {int(row["id"]) for row in offered}
        items = tuple(
            product_item(row, self._values, siblings[related_id(row.get("product_tmpl_id")) or 0]) for row in offered
        )
        unpublished = sum(
            is_offered(row, unpublished_too=True) and not is_offered(row, unpublished_too=False) for row in read
        )
        times = [found for row in read if (found := moment(row.get("write_date"))) is not None]
        gone = tuple(each for each in ids if each not in there)
        return Chunk(items, gone, 0 if self._unpublished_too else unpublished, max(times, default=None))

    async def _read_values(self, read: Sequence[Row]) -> None:
        wanted = {each for row in read for each in row.get("product_template_attribute_value_ids") or ()}
        absent = sorted(wanted - self._values.keys())
        if not absent:
            return
        found = rows(
            await self._ask(
                "search_read",
                model="product.template.attribute.value",
                domain=[["id", "in", absent]],
                fields=["name", "attribute_id"],
            )
        )
        for row in found:
            self._values[int(row["id"])] = related_name(row.get("attribute_id")), text(row.get("name"))

    async def _siblings(self, read: Sequence[Row]) -> Counter[int]:
        """Active variants by template: also those that are not among the products just read."""
        templates = sorted({each for row in read if (each := related_id(row.get("product_tmpl_id"))) is not None})
        if not templates:
            return Counter()
        domain = [["product_tmpl_id", "in", templates], ["active", "=", True]]
        found = rows(await self._ask("search_read", domain=domain, fields=["product_tmpl_id"]))
        return Counter(related_id(row.get("product_tmpl_id")) or 0 for row in found)

    async def _ask(self, method: str, *, model: str = MODEL, **arguments: Any) -> Any:
        context: dict[str, Any] = dict(_WITH_ARCHIVED)
        if self._language is not None:
            context["lang"] = self._language
        try:
            return await self._client.call(
                model, method, purpose="products", context=context, timeout=_SECONDS, **arguments
            )
        except OdooRefused:
            # A language that is not installed is refused; the texts then come in the key's user's own.
            if self._language is None:
                raise
            self._language = None
            return await self._ask(method, model=model, **arguments)
