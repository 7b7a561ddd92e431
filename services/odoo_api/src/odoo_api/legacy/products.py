"""Products as the buttons of two old modules handle them: one at a time, by Odoo's number."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any, Final

from pydantic import ValidationError

from common.knowledge import Product
from common.tenants import Locale
from odoo_api.documents.download import OdooFiles
from odoo_api.documents.limits import SUPPORTED, UnreadableDocument
from odoo_api.documents.reader import DocumentReader
from odoo_api.http_api.problems import Problem, invalid_field
from odoo_api.knowledge.mirror import KnowledgeMirror
from odoo_api.knowledge.plan import field_errors
from odoo_api.knowledge.sync import KnowledgeSync
from odoo_api.legacy.ids import Origin
from odoo_api.legacy.odoo_values import OdooBool, OdooList, OdooPart, OdooShape, OdooText
from odoo_api.product_description import ProductDescription, ProductWriter

_ENDINGS: Final = {
    "application/pdf": ".pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "text/plain": ".txt",
    "text/markdown": ".md",
    "text/csv": ".csv",
}


class Attribute(OdooShape):
    """An attribute with its values."""

    name: OdooText = ""
    values: OdooList[OdooText] = ()


class Metadata(OdooShape):
    """What mass management tells of a product."""

    name: OdooText = ""
    category: OdooText = ""
    default_code: OdooText = ""
    barcode: OdooText = ""
    description: OdooText = ""
    attributes: OdooList[Attribute] = ()


class ProductPush(OdooShape):
    """The body of a product button."""

    product_id: int
    description: OdooText = ""
    metadata: OdooPart[Metadata] = Metadata()
    name: OdooText = ""


class FilePush(OdooShape):
    """An attachment of a product."""

    id: OdooText = ""
    name: OdooText = ""
    mimetype: OdooText = ""
    url: OdooText = ""
    active: OdooBool = True


@dataclass(frozen=True)
class LegacyProducts:
    """Describes and stores single products."""

    sync: KnowledgeSync
    mirror: KnowledgeMirror
    writer: ProductWriter
    files: OdooFiles
    reader: DocumentReader

    async def describe(self, tenant: str, locale: Locale, push: ProductPush) -> ProductDescription:
        """Write a description. What mass management tells of a new product is kept until it stores it: it tells once.

        Raises:
            Problem: the product is not known and not described.
        """
        _, stored = await self.stored(tenant, push.product_id)
        product = _merged(push, stored)
        if push.metadata.name and stored is None:
            await self._store(tenant, {**product.model_dump(mode="json"), "active": False})
        return await self.writer.describe(tenant, product, locale)

    async def store(self, tenant: str, push: ProductPush) -> str:
        """Make a product with its description known to the assistant; answers the item's id.

        Raises:
            Problem: nothing but its number is known of the product.
        """
        _, stored = await self.stored(tenant, push.product_id)
        item = {**_merged(push, stored).model_dump(mode="json"), "active": True}
        if push.description:
            item["description"] = push.description
        return await self._store(tenant, item)

    async def store_files(self, tenant: str, product_id: int, files: tuple[FilePush, ...]) -> list[str]:
        """Make the attachments of a product known; answers the ids of Odoo.

        Raises:
            Problem: names the file that could not be had.
        """
        items = [await self._document(tenant, product_id, each) for each in files]
        outcome = await self.sync.patch(tenant, "document", items, [], wait=True)
        if outcome.rejected:
            raise Problem("invalid-request", errors=outcome.rejected[0].errors)
        return [each.id for each in files]

    async def stored(self, tenant: str, product_id: int) -> tuple[str, dict[str, Any] | None]:
        """A stored product by Odoo's number: its id, or the one it would get, and the item."""
        own = Origin().item_id("product", str(product_id))
        for item_id in (own, str(product_id)):
            found = await self.mirror.item(tenant, "product", item_id)
            if found is not None:
                return item_id, found.item
        return own, None

    async def _store(self, tenant: str, item: Mapping[str, Any]) -> str:
        outcome = await self.sync.patch(tenant, "product", [item], [], wait=True)
        if outcome.rejected:
            raise Problem("invalid-request", errors=outcome.rejected[0].errors)
        return str(item["id"])

    async def _document(self, tenant: str, product_id: int, push: FilePush) -> dict[str, Any]:
        suffix = _ENDINGS.get(push.mimetype.partition(";")[0].strip(), PurePath(push.name).suffix.lower())
        if suffix not in SUPPORTED:
            raise invalid_field(push.name or push.id, f"not supported; supported: {', '.join(SUPPORTED)}")
        try:
            text = await self.reader.file_text(suffix, await self.files.fetch(tenant, push.url))
        except UnreadableDocument as error:
            raise Problem("unreadable-document", f"{push.name or push.id}: {error}") from error
        return {
            "id": Origin().item_id("file", push.id or push.name),
            "title": push.name or push.id,
            "text": text,
            "source": f"Odoo: product {product_id}",
        }


def read_push(body: Mapping[str, Any]) -> ProductPush:
    """Read the body of a product button.

    Raises:
        Problem: names the wrong field.
    """
    try:
        return ProductPush.model_validate(body)
    except ValidationError as error:
        raise Problem("invalid-request", errors=field_errors(error)) from error


def _merged(push: ProductPush, stored: Mapping[str, Any] | None) -> Product:
    """What is stored, else what the push tells; the stored item knows more, the push is newer about its own fields."""
    told = {
        "name": push.metadata.name or push.name,
        "category": push.metadata.category,
        "sku": push.metadata.default_code,
        "barcode": push.metadata.barcode,
        "description": push.metadata.description,
        "attributes": {each.name: ", ".join(each.values) for each in push.metadata.attributes if each.name},
    }
    base = stored or {"id": Origin().item_id("product", str(push.product_id))}
    fields = {**base, **{name: value for name, value in told.items() if value}}
    if not fields.get("name"):
        raise Problem(
            "not-found",
            f"product {push.product_id} is not known here: synchronise the catalogue first, or send its name",
        )
    try:
        return Product.model_validate(fields)
    except ValidationError as error:
        raise Problem("invalid-request", errors=field_errors(error)) from error
