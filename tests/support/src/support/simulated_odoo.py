"""The simulator's Odoo alone, as a world for the contract and as an Odoo behind the service."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from decimal import Decimal
from typing import Any

from support.odoo_contract import Mail, Shop

from common.health import serve_app
from common.tenants import OdooConnection
from odoo_api.odoo.client import ClientPolicy, OdooClient
from odoo_api.odoo.network_guard import AddressPolicy
from simulator.faults import FaultBoard
from simulator.odoo.database import Database, OdooUser
from simulator.odoo.server import OdooServer, build

KEY, INTERN_KEY = "k" * 40, "i" * 40
DATABASE, LOGIN = "loja", "bot@loja.example"


class _Mailbox(list[dict[str, Any]]):
    """The simulator's outbox, as mails."""

    def __init__(self, mails: list[Mail]) -> None:
        super().__init__()
        self._mails = mails

    def append(self, row: dict[str, Any]) -> None:
        super().append(row)
        text = re.sub(r"<[^>]+>", "\n", row["body_html"])
        self._mails.append(Mail(tuple(row["to"]), row["subject"], text))


class SimulatedWorld:
    def __init__(self, server: OdooServer, faults: FaultBoard, port: int) -> None:
        self.server = server
        self.faults = faults
        self.database: Database = server.create(DATABASE, LOGIN, KEY)
        self.database.users[INTERN_KEY] = OdooUser(3, "intern@loja.example", INTERN_KEY, denied_writes={"crm.lead"})
        self.database.outgoing_mail_server = False
        self.clients: list[OdooClient] = []
        self.url = f"http://127.0.0.1:{port}"
        self.shop = self._shop()

    def _shop(self) -> Shop:
        products, templates = self.database.rows["product.product"], self.database.rows["product.template"]
        services = [row["id"] for row in products.values() if templates[row["product_tmpl_id"]]["type"] == "service"]
        return Shop(
            product=101,
            service=services[0],
            pricelist=2,
            bulk=12,
            price_of_one="161.41",
            price_of_bulk="148.12",
            currency="BRL",
            free=Decimal(14),
            free_by_warehouse={"Loja Savassi": Decimal(4), "CD Contagem": Decimal(10)},
            customer=11,
            phone="+55 31 99555-0101",
            email="mariana.alves@exemplo.example",
            document="529.982.247-25",
            stranger=12,
            order="S00101",
            order_total=f"{self.database.rows['sale.order'][101]['amount_total']:.2f}",
            order_paid=False,
        )

    @property
    def section(self) -> dict[str, Any]:
        """The tenant's `odoo` section."""
        return {"base_url": self.url, "database": DATABASE, "login": LOGIN, "api_key": KEY}

    def connect(self, **changes: str) -> OdooClient:
        connection = OdooConnection.model_validate({**self.section, **changes})
        self.clients.append(OdooClient(connection, ClientPolicy(addresses=AddressPolicy(("127.0.0.0/8",)))))
        return self.clients[-1]

    def without_rights(self) -> OdooClient:
        return self.connect(login="intern@loja.example", api_key=INTERN_KEY)

    @asynccontextmanager
    async def mailbox(self) -> AsyncIterator[list[Mail]]:
        """Everything that this Odoo sends, for a while; before and after it has no mail server."""
        mails: list[Mail] = []
        self.database.outgoing_mail_server, self.database.sent_mails = True, _Mailbox(mails)
        try:
            yield mails
        finally:
            self.database.outgoing_mail_server, self.database.sent_mails = False, []

    async def rows(self, model: str, domain: list[Any], fields: Sequence[str]) -> list[dict[str, Any]]:
        found = self.database.search(model, domain, {}, self.server.series)
        return [{"id": each, **{name: self.database.table(model)[each][name] for name in fields}} for each in found]

    async def write(self, model: str, record_id: int, **values: Any) -> None:
        self.database.table(model)[record_id].update(values)
        self.database.touch(model, record_id)


@asynccontextmanager
async def simulated_world(series: int = 19) -> AsyncIterator[SimulatedWorld]:
    faults = FaultBoard()
    server = OdooServer(faults, series)
    served = await serve_app(build(server), "127.0.0.1", 0)
    world = SimulatedWorld(server, faults, served.port)
    try:
        yield world
    finally:
        for client in world.clients:
            await client.close()
        await served.stop()
