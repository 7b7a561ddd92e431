"""The old modules' paths put together."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from aiohttp import web
from nats.aio.client import Client

from odoo_api.documents.download import OdooFiles
from odoo_api.documents.reader import DocumentReader
from odoo_api.http_api.gate import Gate
from odoo_api.http_api.idempotency import Idempotency
from odoo_api.knowledge.mirror import KnowledgeMirror
from odoo_api.knowledge.sync import KnowledgeSync
from odoo_api.legacy.access import Door, LegacyTenants
from odoo_api.legacy.config_routes import ConfigRoutes
from odoo_api.legacy.product_routes import ProductButtons
from odoo_api.legacy.products import LegacyProducts
from odoo_api.legacy.pushes import LegacyPushes
from odoo_api.legacy.reads import LegacyReads
from odoo_api.legacy.routes import Answerer, app_routes
from odoo_api.legacy.rule_routes import RuleRoutes
from odoo_api.legacy.view_page import view_routes
from odoo_api.product_description import ProductWriter


@dataclass(frozen=True)
class LegacyParts:
    """What the service has that the old paths use too."""

    nc: Client
    gate: Gate
    tenants: LegacyTenants
    sync: KnowledgeSync
    mirror: KnowledgeMirror
    idempotency: Idempotency
    reader: DocumentReader
    files: OdooFiles
    writer: ProductWriter
    body_bytes: int
    now: Callable[[], datetime]


def legacy_routes(parts: LegacyParts) -> list[web.RouteDef]:
    """All routes; each method of them is documented in docs/legacy-modules.md, not in the OpenAPI document."""
    pushes = LegacyPushes(parts.sync, parts.mirror)
    products = LegacyProducts(parts.sync, parts.mirror, parts.writer, parts.files, parts.reader)
    routes = [
        *RuleRoutes(pushes, LegacyReads(parts.nc, parts.mirror), parts.now).routes(),
        *ConfigRoutes(pushes, parts.mirror, parts.now).routes(),
        *ProductButtons(products, parts.nc, parts.now).routes(),
    ]
    door = Door(parts.gate, parts.tenants, parts.body_bytes)
    return [*view_routes(), *app_routes(routes, Answerer(door, parts.idempotency, parts.now))]
