"""A small Odoo for tests: JSON-2 and JSON-RPC over a few products, with faults on demand.

It answers as `odoo.md` measured a real one. What it does not know it refuses, like the real one.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Literal, Self

from aiohttp import web

Fault = Literal["none", "hang", "login_page", "error_500", "gzip", "huge", "bad_gateway", "conflict_once", "as_text"]
KEY = "k" * 40
DATABASE = "loja"
LOGIN = "bot@loja.example"
DEBUG = "Traceback (most recent call last): the secret traceback"


@dataclass
class FakeProduct:
    """One product.product."""

    id: int
    price: float
    free: float = 0.0
    type: str = "consu"
    storable: bool = True


@dataclass
class Recorded:
    """One call that arrived."""

    model: str
    method: str
    ids: list[int] | None
    context: dict[str, Any]
    arguments: dict[str, Any]


class OdooFailure(Exception):
    """What an Odoo method raised: class name, message, and the status that JSON-2 gives it."""

    def __init__(self, name: str, message: str, status: int) -> None:
        self.name = name
        self.status = status
        super().__init__(message)


@dataclass
class OdooServer:
    """The server; use it as an async context manager."""

    version: str = "19.0"
    products: dict[int, FakeProduct] = field(default_factory=dict)
    pricelists: dict[int, dict[int, float]] = field(default_factory=dict)
    """Pricelist id -> product id -> price."""
    partner_pricelist: dict[int, int] = field(default_factory=dict)
    currency: str = "BRL"
    fields: set[str] = field(
        default_factory=lambda: {"id", "type", "is_storable", "free_qty", "lst_price", "currency_id", "standard_price"}
    )
    files: dict[str, bytes] = field(default_factory=dict)
    """Public attachments by their path."""
    fault: Fault = "none"
    calls: list[Recorded] = field(default_factory=list)
    requests: int = 0
    running: int = 0
    most_running: int = 0
    delay: float = 0.0
    _runner: web.AppRunner | None = None
    port: int = 0

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_get("/web/version", self._version)
        app.router.add_post("/web/webclient/version_info", self._version_info)
        app.router.add_post("/json/2/{model}/{method}", self._json2)
        app.router.add_post("/jsonrpc", self._json_rpc)
        app.router.add_get("/web/content/{name}", self._content)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self.port).start()
        self.port = self._runner.addresses[0][1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._runner is not None
        await self._runner.cleanup()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def major(self) -> int:
        return int(self.version.split(".")[0].removeprefix("saas~"))

    # --- transports ---

    async def _version(self, request: web.Request) -> web.Response:
        if self.major < 19:
            return web.Response(status=404, text="<h1>Not Found</h1>", content_type="text/html")
        return web.json_response({"version_info": [*self._info(), 0, "final", 0, ""], "version": self.version})

    async def _version_info(self, request: web.Request) -> web.Response:
        result = {"server_version": self.version, "server_version_info": [*self._info(), 0, "final", 0, ""]}
        return web.json_response({"jsonrpc": "2.0", "id": None, "result": result})

    async def _content(self, request: web.Request) -> web.Response:
        data = self.files.get(request.path)
        return web.Response(body=data) if data is not None else web.Response(status=404)

    def _info(self) -> list[Any]:
        first = self.version.split(".")[0]
        return [first if "saas" in first else int(first)]

    async def _json2(self, request: web.Request) -> web.StreamResponse:
        if self.major < 19:
            raise web.HTTPSeeOther("/web/login")
        try:
            faulty = await self._faulty()
        except OdooFailure as failure:
            return self._error(failure)
        if faulty is not None:
            return faulty
        if request.headers.get("X-Odoo-Database") != DATABASE:
            return web.Response(status=404, text="<h1>Not Found</h1>", content_type="text/html")
        if request.headers.get("Authorization", "").lower() != f"bearer {KEY}":
            return self._error(OdooFailure("werkzeug.exceptions.Unauthorized", "Invalid apikey", 401))
        body = await request.json()
        ids, context = body.pop("ids", None), body.pop("context", {})
        try:
            return web.json_response(
                await self._call(request.match_info["model"], request.match_info["method"], ids, context, body)
            )
        except OdooFailure as failure:
            return self._error(failure)

    async def _json_rpc(self, request: web.Request) -> web.StreamResponse:
        params = (await request.json())["params"]
        try:
            faulty = await self._faulty()
            if faulty is not None:
                return faulty
            result = await (self._authenticate if params["service"] == "common" else self._execute)(params["args"])
        except OdooFailure as failure:
            data = {"name": failure.name, "message": str(failure), "debug": DEBUG}
            error = {"code": 200, "message": "Odoo Server Error", "data": data}
            return web.json_response({"jsonrpc": "2.0", "id": 1, "error": error})
        return web.json_response({"jsonrpc": "2.0", "id": 1, "result": result})

    async def _authenticate(self, args: list[Any]) -> int | bool:
        self._check_database(args[0])
        return 7 if args[1] == LOGIN and args[2] == KEY else False

    async def _execute(self, args: list[Any]) -> Any:
        database, user, key, model, method, positional, named = args
        self._check_database(database)
        if (user, key) != (7, KEY):
            raise OdooFailure("odoo.exceptions.AccessDenied", "Access Denied", 403)
        if method == "create":
            if not positional or "vals_list" in named:
                raise OdooFailure("builtins.IndexError", "tuple index out of range", 500)
            named = {**named, "vals_list": positional[0]}
            positional = []
        context = named.pop("context", {})
        return await self._call(model, method, positional[0] if positional else None, context, named)

    def _check_database(self, name: str) -> None:
        if name != DATABASE:
            message = f'connection to server at "127.0.0.1" failed: FATAL:  database "{name}" does not exist'
            raise OdooFailure("psycopg2.OperationalError", message, 500)

    async def _faulty(self) -> web.StreamResponse | None:
        self.requests += 1
        fault, answer = self.fault, None
        if fault == "hang":
            await asyncio.sleep(30)
        elif fault == "login_page":
            raise web.HTTPSeeOther("/web/login")
        elif fault == "bad_gateway":
            answer = web.Response(status=502, text="<h1>Bad Gateway</h1>", content_type="text/html")
        elif fault == "error_500":
            raise OdooFailure("builtins.ZeroDivisionError", "division by zero", 500)
        elif fault == "gzip":
            answer = web.json_response([0] * 1000)
            answer.enable_compression(force=web.ContentCoding.gzip)
        elif fault == "as_text":
            answer = web.Response(text='{"result": [1]}', content_type="text/html")
        elif fault == "huge":
            answer = web.Response(text="[" + "0," * 3_000_000 + "0]", content_type="application/json")
        elif fault == "conflict_once":
            self.fault = "none"
            raise OdooFailure("psycopg2.errors.SerializationFailure", "could not serialize", 500)
        return answer

    def _error(self, failure: OdooFailure) -> web.Response:
        body = {"name": failure.name, "message": str(failure), "arguments": [], "context": {}, "debug": DEBUG}
        return web.json_response(body, status=failure.status)

    # --- models ---

    async def _call(
        self, model: str, method: str, ids: list[int] | None, context: dict[str, Any], named: dict[str, Any]
    ) -> Any:
        self.calls.append(Recorded(model, method, ids, context, named))
        self.running += 1
        self.most_running = max(self.most_running, self.running)
        try:
            await asyncio.sleep(self.delay)
            handlers: dict[tuple[str, str], Callable[[list[int], dict[str, Any], dict[str, Any]], Any]] = {
                ("product.product", "get_contextual_price"): self._price,
                ("product.product", "read"): self._read_products,
                ("product.product", "fields_get"): self._fields_get,
                ("product.product", "search"): self._search,
                ("product.pricelist", "search"): lambda *_: sorted(self.pricelists)[:1],
                ("product.pricelist", "read"): self._read_pricelists,
                ("res.partner", "read"): self._read_partners,
                ("res.users", "context_get"): lambda *_: {"lang": "pt_BR", "tz": "America/Sao_Paulo", "uid": 7},
                ("crm.lead", "load"): lambda *_: {"ids": [77], "messages": []},
            }
            handler = handlers.get((model, method))
            if handler is None:
                raise OdooFailure("werkzeug.exceptions.NotFound", f"The method '{model}.{method}' does not exist", 404)
            return handler(ids or [], context, named)
        finally:
            self.running -= 1

    def _price(self, ids: list[int], context: dict[str, Any], named: dict[str, Any]) -> float:
        if len(ids) != 1:
            raise OdooFailure("builtins.ValueError", f"Expected singleton: product.product{tuple(ids)}", 500)
        product = self.products.get(ids[0])
        if product is None:
            raise OdooFailure("odoo.exceptions.MissingError", "Record does not exist or has been deleted.", 404)
        return self.pricelists.get(context.get("pricelist", 0), {}).get(product.id, product.price)

    def _read_products(self, ids: list[int], context: dict[str, Any], named: dict[str, Any]) -> list[dict[str, Any]]:
        unknown = set(named["fields"]) - self.fields
        if unknown:
            raise OdooFailure("builtins.ValueError", f"Invalid field {min(unknown)!r} on 'product.product'", 500)
        rows = [self._row(self.products[each]) for each in ids if each in self.products]
        wanted = {"id", *named["fields"]}
        return [{key: value for key, value in row.items() if key in wanted} for row in rows]

    def _row(self, product: FakeProduct) -> dict[str, Any]:
        return {
            "id": product.id,
            "type": product.type,
            "is_storable": product.storable,
            "free_qty": product.free,
            "lst_price": product.price,
            "currency_id": [6, self.currency],
        }

    def _fields_get(self, ids: list[int], context: dict[str, Any], named: dict[str, Any]) -> dict[str, Any]:
        known = self.fields & set(named["allfields"])
        return {
            each: {"type": "float", "digits": [16, 2]} if each == "lst_price" else {"type": "char"} for each in known
        }

    def _search(self, ids: list[int], context: dict[str, Any], named: dict[str, Any]) -> list[int]:
        if "domain" not in named:
            raise OdooFailure("werkzeug.exceptions.UnprocessableEntity", "missing a required argument: 'domain'", 422)
        for leaf in named["domain"]:
            if leaf[0] not in self.fields:
                raise OdooFailure("builtins.ValueError", f"Invalid field product.product.{leaf[0]} in condition", 500)
        return sorted(self.products)

    def _read_pricelists(self, ids: list[int], context: dict[str, Any], named: dict[str, Any]) -> list[dict[str, Any]]:
        return [{"id": each, "currency_id": [6, self.currency]} for each in ids if each in self.pricelists]

    def _read_partners(self, ids: list[int], context: dict[str, Any], named: dict[str, Any]) -> list[dict[str, Any]]:
        own = self.partner_pricelist
        return [
            {"id": each, "property_product_pricelist": [own[each], "List"] if each in own else False} for each in ids
        ]
