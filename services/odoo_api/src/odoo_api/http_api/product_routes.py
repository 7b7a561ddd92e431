"""Product descriptions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic.config import JsonDict

from common.knowledge import ItemId, Product
from common.tenants import Locale, TenantProfile
from odoo_api.http_api.answers import answer
from odoo_api.http_api.bodies import fit, query_fields, read_json
from odoo_api.http_api.idempotency import Idempotency
from odoo_api.http_api.models import NoQuery
from odoo_api.http_api.operation import Caller, Operation
from odoo_api.http_api.problems import Problem
from odoo_api.knowledge.mirror import KnowledgeMirror
from odoo_api.product_description import ProductDescription, ProductWriter

_NOTHING: Final[JsonDict] = {"type": "null"}
_SOME_TEXT: Final[JsonDict] = {"type": "string"}
_SOME_OBJECT: Final[JsonDict] = {"type": "object"}


class DescriptionBody(BaseModel):
    """A product that is stored already, by its id, or the product itself."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        json_schema_extra={
            "oneOf": [
                {"required": ["product_id"], "properties": {"product_id": _SOME_TEXT, "product": _NOTHING}},
                {"required": ["product"], "properties": {"product": _SOME_OBJECT, "product_id": _NOTHING}},
            ]
        },
    )

    product_id: ItemId | None = None
    product: Product | None = None
    locale: Locale | None = Field(None, description="The language; left out: the tenant's.")

    @model_validator(mode="after")
    def _is_one(self) -> DescriptionBody:
        if (self.product_id is None) == (self.product is None):
            raise ValueError("either product_id or product is required")
        return self


@dataclass(frozen=True)
class ProductRoutes:
    """The product operation."""

    writer: ProductWriter
    mirror: KnowledgeMirror
    tenant: Callable[[str], TenantProfile | None]
    idempotency: Idempotency
    body_bytes: int

    def operations(self) -> list[Operation]:
        """The one operation."""
        return [
            Operation(
                method="POST",
                path="/api/v1/products/description",
                name="describeProduct",
                tag="products",
                summary="Write a description from a product's own fields; nothing is stored",
                description="Only what the fields say is written, and never a price.",
                handler=self.describe,
                scope="assistant:ask",
                body=DescriptionBody,
                response=ProductDescription,
                idempotent=True,
                problems=(
                    "unreadable-body", "body-too-large", "unsupported-media-type", "invalid-request", "not-found",
                    "idempotency-running", "conflict", "unavailable",
                ),
            )
        ]  # fmt: skip

    async def describe(self, request: web.Request, caller: Caller) -> web.Response:
        """Describe a product."""
        query_fields(request, NoQuery)
        content, data = await read_json(request, self.body_bytes)
        body = fit(DescriptionBody, data)

        async def act() -> web.Response:
            product = body.product or await self._stored(caller.tenant, body.product_id or "")
            return answer(await self.writer.describe(caller.tenant, product, body.locale or self._locale(caller)))

        return await self.idempotency.run(request, caller, content, act)

    async def _stored(self, tenant: str, product_id: str) -> Product:
        found = await self.mirror.item(tenant, "product", product_id)
        if found is None:
            raise Problem("not-found", "there is no product with this id")
        return Product.model_validate(found.item)

    def _locale(self, caller: Caller) -> Locale:
        profile = self.tenant(caller.tenant)
        return profile.locale if profile is not None else "pt-BR"
