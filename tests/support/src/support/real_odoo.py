"""A real Odoo 19 with demo data as a world for the contract: made ready by an administrator, used by a salesperson."""

from __future__ import annotations

import os
import secrets
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from decimal import Decimal
from typing import Any

import httpx
from support.odoo_contract import Mail, Shop
from support.smtp_sink import smtp_sink

from common.tenants import OdooConnection
from odoo_api.odoo.client import ClientPolicy, OdooClient, TransportChoice
from odoo_api.odoo.http import HttpLimits
from odoo_api.odoo.network_guard import AddressPolicy

URL = os.environ.get("REAL_ODOO_URL", "")
KEY = os.environ.get("REAL_ODOO_KEY", "")
DATABASE = os.environ.get("REAL_ODOO_DATABASE", "odoo")
LOGIN = os.environ.get("REAL_ODOO_LOGIN", "admin")

SALES = ("base.group_user", "sales_team.group_sale_salesman_all_leads", "stock.group_stock_user")
INTERN = ("base.group_user",)
PASSWORD = "only-for-tests-1"


class Admin:
    """Calls any method as an administrator: what the client of the system must not do."""

    def __init__(self) -> None:
        headers = {"Authorization": f"bearer {KEY}", "X-Odoo-Database": DATABASE}
        self._http = httpx.Client(base_url=URL, headers=headers, timeout=60, trust_env=False)

    def close(self) -> None:
        self._http.close()

    def call(self, model: str, method: str, **arguments: Any) -> Any:
        answer = self._http.post(f"/json/2/{model}/{method}", json=arguments)
        assert answer.status_code == 200, answer.json()["message"]
        return answer.json()

    def make(self, model: str, **values: Any) -> int:
        return int(self.call(model, "create", vals_list=[values])[0])

    def ref(self, xml_id: str) -> int:
        module, name = xml_id.split(".")
        domain = [["module", "=", module], ["name", "=", name]]
        return int(self.call("ir.model.data", "search_read", domain=domain, fields=["res_id"])[0]["res_id"])

    def user(self, login: str, groups: Sequence[str]) -> None:
        """An internal user with these groups and the tests' password, made once."""
        if not self.call("res.users", "search", domain=[["login", "=", login]]):
            # Without an e-mail a user has no sender to write from.
            values = {"name": login, "login": login, "password": PASSWORD, "email": f"{login}@loja.example"}
            self.make("res.users", **values, group_ids=[[6, 0, [self.ref(each) for each in groups]]])


class ShopKeeper:
    """Puts a shop into the database and takes it out again, so that the tests run again on the same one."""

    def __init__(self, admin: Admin) -> None:
        self.admin = admin
        admin.user("salesperson.test", SALES)
        admin.user("intern.test", INTERN)
        self.shop = self._open()

    def _open(self) -> Shop:
        make, mark = self.admin.make, secrets.token_hex(4)
        tail = f"{secrets.randbelow(10_000):04d}-{secrets.randbelow(10_000):04d}"
        taxes = {"taxes_id": [[6, 0, []]]}
        self.product = make(
            "product.product", name=f"Cadeira {mark}", list_price=89.9, type="consu", is_storable=True, **taxes
        )
        self.service = make("product.product", name=f"Montagem {mark}", list_price=50.0, type="service", **taxes)
        rule = {
            "applied_on": "0_product_variant",
            "product_id": self.product,
            "min_quantity": 10,
            "compute_price": "fixed",
            "fixed_price": 45.5,
        }
        self.pricelist = make("product.pricelist", name=f"Atacado de teste {mark}", item_ids=[[0, 0, rule]])
        document = f"529.982.{secrets.randbelow(1000):03d}-{secrets.randbelow(100):02d}"
        email = f"cliente.{mark}@exemplo.example"
        # As people type it in Odoo; the channel has the whole number.
        self.customer = make(
            "res.partner", name=f"Cliente {mark}", phone=f"(31) 9{tail}", email=f"C <{email}>", vat=document
        )
        self.stranger = make("res.partner", name=f"Estranho {mark}")
        warehouse = self._put_on_shelf(12)
        self.order = self._sell(5)
        row = self._read("sale.order", self.order, "name", "amount_total", "currency_id")
        return Shop(
            product=self.product,
            service=self.service,
            pricelist=self.pricelist,
            bulk=10,
            price_of_one="89.90",
            price_of_bulk="45.50",
            currency=row["currency_id"][1],
            free=Decimal(7),
            free_by_warehouse={warehouse: Decimal(7)},
            customer=self.customer,
            phone=f"+55 31 9{tail}",
            email=email,
            document=document,
            stranger=self.stranger,
            order=row["name"],
            order_total=f"{row['amount_total']:.2f}",
            order_paid=None,
        )

    def _read(self, model: str, number: int, *fields: str) -> dict[str, Any]:
        row: dict[str, Any] = self.admin.call(model, "read", ids=[number], fields=list(fields))[0]
        return row

    def _put_on_shelf(self, quantity: float) -> str:
        warehouse = self.admin.call("stock.warehouse", "search_read", domain=[], fields=["name"], limit=1, order="id")[
            0
        ]
        # Only what lies in the warehouse's main location can be reserved for an order.
        domain = [["warehouse_id", "=", warehouse["id"]], ["usage", "=", "internal"], ["name", "=", "Stock"]]
        location = self.admin.call("stock.location", "search", domain=domain)[0]
        quant = {"product_id": self.product, "location_id": location, "inventory_quantity": quantity}
        self.admin.call("stock.quant", "action_apply_inventory", ids=[self.admin.make("stock.quant", **quant)])
        return str(warehouse["name"])

    def _sell(self, quantity: float) -> int:
        line = {"product_id": self.product, "product_uom_qty": quantity}
        order = self.admin.make("sale.order", partner_id=self.customer, order_line=[[0, 0, line]])
        self.admin.call("sale.order", "action_confirm", ids=[order])
        return order

    def close(self) -> None:
        self.admin.call("sale.order", "action_cancel", ids=[self.order])
        self.admin.call("product.pricelist", "unlink", ids=[self.pricelist])
        self.admin.call("product.product", "write", ids=[self.product, self.service], vals={"active": False})
        self.admin.call("res.partner", "write", ids=[self.customer, self.stranger], vals={"active": False})


class RealWorld:
    """JSON-2 with the administrator's key, JSON-RPC with a salesperson's password: only a person can make a key."""

    def __init__(self, admin: Admin, shop: Shop, transport: TransportChoice) -> None:
        self.admin = admin
        self.shop = shop
        self.transport = transport
        self.clients: list[OdooClient] = []

    def connect(self, **changes: str) -> OdooClient:
        key = {"api_key": KEY} if self.transport == "json2" else {"login": "salesperson.test", "api_key": PASSWORD}
        return self._connect(self.transport, {**key, **changes})

    def without_rights(self) -> OdooClient:
        return self._connect("jsonrpc", {"login": "intern.test", "api_key": PASSWORD})

    def _connect(self, transport: TransportChoice, changes: dict[str, str]) -> OdooClient:
        connection = OdooConnection.model_validate({"base_url": URL, "database": DATABASE, "login": LOGIN, **changes})
        policy = ClientPolicy(
            transport=transport, addresses=AddressPolicy(("127.0.0.0/8",)), http=HttpLimits(request_seconds=20)
        )
        self.clients.append(OdooClient(connection, policy))
        return self.clients[-1]

    @asynccontextmanager
    async def mailbox(self) -> AsyncIterator[list[Mail]]:
        """Everything that this Odoo sends, for a while."""
        async with smtp_sink() as sink:
            server = self.admin.make(
                "ir.mail_server",
                name="mailbox of a test",
                smtp_host="127.0.0.1",
                smtp_port=sink.port,
                smtp_encryption="none",
                sequence=1,
            )
            try:
                yield sink.mails
            finally:
                self.admin.call("ir.mail_server", "unlink", ids=[server])

    async def rows(self, model: str, domain: list[Any], fields: Sequence[str]) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.admin.call(model, "search_read", domain=domain, fields=list(fields))
        return found

    async def write(self, model: str, record_id: int, **values: Any) -> None:
        self.admin.call(model, "write", ids=[record_id], vals=values)
