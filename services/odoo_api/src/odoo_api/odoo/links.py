"""Links into a company's Odoo: for customers (portal, without a login) and for the company's people."""

from __future__ import annotations

from odoo_api.odoo.client import OdooClient
from odoo_api.odoo.permits import Purpose


async def portal_link(client: OdooClient, purpose: Purpose, order_id: int) -> str:
    """The customer's page of an order; empty when Odoo makes none. The first time Odoo writes an access token for it.

    Raises:
        OdooError: Odoo could not be asked.
    """
    path = await client.call("sale.order", "get_portal_url", purpose=purpose, ids=[order_id])
    return client.connection.customers_url + path if isinstance(path, str) and path.startswith("/") else ""


def record_link(base_url: str, model: str, record_id: int) -> str:
    """Where the company's people see a record, with their own login (Odoo 18 and later)."""
    return f"{base_url}/odoo/{model}/{record_id}"
