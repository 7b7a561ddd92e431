"""One Odoo server: its databases, its series, its two APIs."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import UTC, datetime
from typing import Any

import orjson
from aiohttp import web

from simulator.company.records import company_records
from simulator.faults import FaultBoard, answer_with_fault
from simulator.odoo.database import Database, OdooUser
from simulator.odoo.errors import (
    OdooError,
    bad_request,
    not_found,
    unauthorized,
)
from simulator.odoo.every_method import Call, execute, method_of

_NOT_FOUND_PAGE = "<!doctype html>\n<html lang=en>\n<title>404 Not Found</title>\n<h1>Not Found</h1>\n"
_WRONG_TYPE_PAGE = "<!doctype html>\n<html lang=en>\n<title>415 Unsupported Media Type</title>\n"
_LOGIN_PAGE = "<!doctype html>\n<html><title>Login</title></html>\n"


class OdooServer:
    """The databases of the simulated Odoo, and what was asked of it."""

    def __init__(self, faults: FaultBoard, series: int = 19) -> None:
        self.faults = faults
        self.series = series
        self.latency = 0.0
        """Seconds every call takes longer."""
        self.databases: dict[str, Database] = {}
        self.calls: Counter[str] = Counter()

    def create(self, name: str, login: str, api_key: str) -> Database:
        """Create (or replace) a database with the sample company."""
        records = company_records(datetime.now(UTC).date())
        self.databases[name] = Database(name, OdooUser(2, login, api_key), records)
        return self.databases[name]

    def version_info(self) -> list[Any]:
        """The version, as Odoo lists it."""
        return [self.series, 0, 0, "final", 0, ""]

    def find(self, name: str | None) -> Database | None:
        """The database of a request: the named one, or the only one."""
        if name:
            return self.databases.get(name)
        return next(iter(self.databases.values())) if len(self.databases) == 1 else None


SERVER = web.AppKey("odoo", OdooServer)


def build(server: OdooServer) -> web.Application:
    """The application to mount where Odoo shall be."""
    app = web.Application(client_max_size=16 * 1024 * 1024)
    app[SERVER] = server
    app.add_routes(
        [
            web.post("/json/2/{model}/{method}", json2),
            web.get("/web/version", web_version),
            web.get("/json/version", web_version),
            web.post("/web/webclient/version_info", webclient_version),
            web.post("/jsonrpc", jsonrpc),
        ]
    )
    return app


async def web_version(request: web.Request) -> web.StreamResponse:
    """The version without a login; not there on 18."""
    server = request.app[SERVER]

    async def answer() -> web.StreamResponse:
        if server.series < 19:
            return web.Response(status=404, text=_NOT_FOUND_PAGE, content_type="text/html")
        return web.json_response({"version_info": server.version_info(), "version": f"{server.series}.0"})

    return await answer_with_fault(request, server.faults.take("odoo", "", "version"), answer)


async def webclient_version(request: web.Request) -> web.StreamResponse:
    """The version over JSON-RPC; there on every series."""
    server = request.app[SERVER]
    number = (await _json_of(request)).get("id")
    result = {
        "server_version": f"{server.series}.0",
        "server_version_info": server.version_info(),
        "server_serie": f"{server.series}.0",
        "protocol_version": 1,
    }

    async def answer() -> web.StreamResponse:
        return web.json_response({"jsonrpc": "2.0", "id": number, "result": result})

    return await answer_with_fault(request, server.faults.take("odoo", "", "version"), answer)


async def json2(request: web.Request) -> web.StreamResponse:
    """`/json/2/<model>/<method>`: named arguments, real statuses, no envelope."""
    server = request.app[SERVER]
    name = request.headers.get("X-Odoo-Database")
    endpoint = f"{request.match_info['model']}/{request.match_info['method']}"
    server.calls[endpoint] += 1
    spec = server.faults.take("odoo", name or "", endpoint)

    async def answer() -> web.StreamResponse:
        await _wait(server)
        return await _json2(request, server, name)

    return await answer_with_fault(request, spec, answer, _error_body)


async def _json2(request: web.Request, server: OdooServer, name: str | None) -> web.StreamResponse:
    if server.series < 19:
        return web.Response(status=303, text=_LOGIN_PAGE, content_type="text/html", headers={"Location": "/web/login"})
    database = server.find(name)
    if database is None:
        return web.Response(status=404, text=_NOT_FOUND_PAGE, content_type="text/html")
    if request.content_type != "application/json":
        return web.Response(status=415, text=_WRONG_TYPE_PAGE, content_type="text/html")
    try:
        return _answer(_run_json2(request, server, database, await request.read()))
    except OdooError as error:
        return _answer(error.body(), error.status)


def _run_json2(request: web.Request, server: OdooServer, database: Database, raw: bytes) -> Any:
    scheme, _, key = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not key:
        raise unauthorized("User not authenticated, use an API Key with a Bearer Authorization header.")
    user = database.users.get(key.strip())
    if user is None:
        raise unauthorized("Invalid apikey")
    try:
        body = orjson.loads(raw or b"{}")
    except orjson.JSONDecodeError as error:
        raise bad_request("could not parse the body as json") from error
    if not isinstance(body, dict):
        raise bad_request("could not parse the body as json: expected a JSON object")
    ids, context = body.pop("ids", None), body.pop("context", None) or {}
    path = request.match_info
    return execute(Call(database, user, server.series, path["model"], path["method"], ids, context, body))


async def jsonrpc(request: web.Request) -> web.StreamResponse:
    """`/jsonrpc`: services `common` and `object`; errors come inside a 200."""
    server = request.app[SERVER]
    body = await _json_of(request)
    params = body.get("params") or {}
    service, method, args = params.get("service"), params.get("method"), params.get("args") or []
    on_object = service == "object" and len(args) > 4
    endpoint = f"{args[3]}/{args[4]}" if on_object else str(method)
    server.calls[endpoint] += 1
    spec = server.faults.take("odoo", str(args[0]) if args else "", endpoint)

    async def answer() -> web.StreamResponse:
        await _wait(server)
        try:
            result = _run_object(server, args) if on_object else _run_common(server, service, method, args)
        except OdooError as error:
            failure = {"code": 200, "message": "Odoo Server Error", "data": error.body()}
            return _answer({"jsonrpc": "2.0", "id": body.get("id"), "error": failure})
        return _answer({"jsonrpc": "2.0", "id": body.get("id"), "result": result})

    return await answer_with_fault(request, spec, answer, _error_body)


def _run_common(server: OdooServer, service: Any, method: Any, args: list[Any]) -> Any:
    if service == "common" and method == "version":
        return {
            "server_version": f"{server.series}.0",
            "server_version_info": server.version_info(),
            "server_serie": f"{server.series}.0",
            "protocol_version": 1,
        }
    if service == "common" and method in ("authenticate", "login") and len(args) >= 3:
        database = _database(server, str(args[0]))
        user = database.users.get(str(args[2]))
        return user.id if user is not None and user.login == args[1] else False
    raise not_found(f"No such method: {service}.{method}")


def _run_object(server: OdooServer, args: list[Any]) -> Any:
    name, uid, key, model, method, *rest = args
    database = _database(server, str(name))
    user = database.users.get(str(key))
    if user is None or user.id != uid:
        raise OdooError(403, "odoo.exceptions.AccessDenied", "Access Denied")
    positional = list(rest[0]) if rest else []
    arguments = dict(rest[1]) if len(rest) > 1 and rest[1] else {}
    context = arguments.pop("context", None) or {}
    known = method_of(str(model), str(method))
    ids = None
    if known is not None and known.on_records and positional:
        first = positional.pop(0)
        ids = [first] if isinstance(first, int) else list(first)
    if known is not None:
        arguments |= dict(zip(known.parameters, positional, strict=False))
    return execute(Call(database, user, server.series, str(model), str(method), ids, context, arguments))


def _database(server: OdooServer, name: str) -> Database:
    database = server.databases.get(name)
    if database is None:
        text = f'connection to server on socket failed: FATAL:  database "{name}" does not exist\n'
        raise OdooError(500, "psycopg2.OperationalError", text)
    return database


async def _json_of(request: web.Request) -> dict[str, Any]:
    try:
        body = orjson.loads(await request.read() or b"{}")
    except orjson.JSONDecodeError:
        return {}
    return body if isinstance(body, dict) else {}


async def _wait(server: OdooServer) -> None:
    if server.latency:
        await asyncio.sleep(server.latency)


def _answer(body: Any, status: int = 200) -> web.Response:
    return web.Response(body=orjson.dumps(body), status=status, content_type="application/json")


def _error_body(status: int) -> dict[str, Any]:
    return OdooError(status, "werkzeug.exceptions.HTTPException", f"simulated {status}").body()
