"""Control: faults, the clock, Odoo, the model, the sample company."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from aiohttp import web

from simulator.company import company_knowledge
from simulator.control.requests import (
    Advance,
    ChangeDatabase,
    ChangeOdoo,
    ChangeProduct,
    ModelScript,
    NewDatabase,
    answer,
    missing,
    read,
)
from simulator.faults import ActiveFault, FaultSpec, Surface, surfaces
from simulator.odoo.database import Database
from simulator.odoo.pricing import contextual_price
from simulator.state import STATE

_RETAIL_PRICELIST = 1


async def status(request: web.Request) -> web.Response:
    """What is simulated here."""
    state = request.app[STATE]
    return answer(
        {
            "chatwoot": {
                "version": state.chatwoot.options.version,
                "accounts": list(state.chatwoot.world.accounts),
                "base_url": state.chatwoot.world.public_url,
            },
            "odoo": {"series": state.odoo.series, "databases": list(state.odoo.databases)},
            "model": {"answered": state.model.answered},
            "clock_offset": state.clock.offset,
            "faults": [_fault_view(each) for each in state.faults.active()],
        }
    )


def _fault_view(fault: ActiveFault) -> dict[str, Any]:
    return {"id": fault.id, "hits": fault.hits, "left": fault.left, **fault.spec.model_dump(mode="json")}


async def set_fault(request: web.Request) -> web.Response:
    """Add a fault."""
    spec = await read(request, FaultSpec)
    return answer({"id": request.app[STATE].faults.set(spec)}, 201)


async def list_faults(request: web.Request) -> web.Response:
    """The faults that are set."""
    return answer({"faults": [_fault_view(each) for each in request.app[STATE].faults.active()]})


async def clear_faults(request: web.Request) -> web.Response:
    """Remove all, or those of `?surface=` and `?scope=`."""
    wanted = request.query.get("surface")
    surface: Surface | None = next((each for each in surfaces() if each == wanted), None)
    if wanted and surface is None:
        raise missing("surface")
    request.app[STATE].faults.clear(surface, request.query.get("scope"))
    return answer({})


async def remove_fault(request: web.Request) -> web.Response:
    """Remove one; how often it hit is in the list before."""
    number = request.match_info["fault_id"]
    if not number.isdigit() or not request.app[STATE].faults.remove(int(number)):
        raise missing("fault")
    return answer({})


async def advance(request: web.Request) -> web.Response:
    """Move the clock of the simulated world."""
    clock = request.app[STATE].clock
    clock.advance((await read(request, Advance)).advance_seconds)
    return answer({"offset": clock.offset, "now": clock.now()})


async def change_odoo(request: web.Request) -> web.Response:
    """Make it another series, or slower."""
    odoo, change = request.app[STATE].odoo, await read(request, ChangeOdoo)
    odoo.series = odoo.series if change.series is None else change.series
    odoo.latency = odoo.latency if change.latency_seconds is None else change.latency_seconds
    return answer({"series": odoo.series, "latency_seconds": odoo.latency})


async def odoo_calls(request: web.Request) -> web.Response:
    """Calls by model and method."""
    return answer({"calls": dict(request.app[STATE].odoo.calls)})


async def create_database(request: web.Request) -> web.Response:
    """Create a database with the sample company."""
    new = await read(request, NewDatabase)
    request.app[STATE].odoo.create(new.name, new.login, new.api_key)
    return answer({"name": new.name}, 201)


def _database(request: web.Request) -> Database:
    database = request.app[STATE].odoo.databases.get(request.match_info["database"])
    if database is None:
        raise missing("database")
    return database


async def change_database(request: web.Request) -> web.Response:
    """Deny models to its user, or change the key (the old one is void)."""
    database, change = _database(request), await read(request, ChangeDatabase)
    user = next(iter(database.users.values()))
    if change.denied_models is not None:
        user.denied = set(change.denied_models)
    if change.api_key:
        user.api_key = change.api_key
        database.users = {user.api_key: user}
    return answer({"name": database.name, "denied_models": sorted(user.denied)})


def _product_view(database: Database, number: int) -> dict[str, Any]:
    row = database.rows["product.product"][number]
    now = datetime.now(UTC)
    return {
        "id": number,
        "sku": row["default_code"],
        "name": database.display_name("product.product", number),
        "list_price": database.value("product.product", number, "lst_price", {}),
        "price": contextual_price(database, number, {"pricelist": _RETAIL_PRICELIST}, now),
        "free_qty": database.value("product.product", number, "free_qty", {}),
        "stock": database.stock.get(number, {}),
        "active": row["active"],
    }


def _product(request: web.Request, database: Database) -> int:
    sku = request.match_info["sku"].upper()
    for number, row in database.rows["product.product"].items():
        if row["default_code"] == sku:
            return number
    raise missing("product")


async def list_products(request: web.Request) -> web.Response:
    """Every variant with its live price and stock."""
    database = _database(request)
    return answer({"products": [_product_view(database, number) for number in database.rows["product.product"]]})


async def show_product(request: web.Request) -> web.Response:
    """One variant."""
    database = _database(request)
    return answer(_product_view(database, _product(request, database)))


async def change_product(request: web.Request) -> web.Response:
    """Change price, stock or whether it is sold, as a person would in Odoo."""
    database, change = _database(request), await read(request, ChangeProduct)
    number = _product(request, database)
    row = database.rows["product.product"][number]
    if change.list_price is not None:
        template = row["product_tmpl_id"]
        database.rows["product.template"][template]["list_price"] = round(change.list_price - row["price_extra"], 2)
        database.touch("product.template", template)
        database.touch("product.product", number)
    if change.active is not None:
        row["active"] = change.active
        database.touch("product.product", number)
    for warehouse, quantities in change.stock.items():
        # Stock moves touch no write_date: a catalogue sync never sees them.
        database.stock.setdefault(number, {})[warehouse] = list(quantities)
    return answer(_product_view(database, number))


async def script_model(request: web.Request) -> web.Response:
    """Queue answers."""
    script = await read(request, ModelScript)
    request.app[STATE].model.script(script.key, list(script.answers))
    return answer({"queued": len(script.answers)}, 201)


async def model_requests(request: web.Request) -> web.Response:
    """What was asked, oldest first."""
    return answer({"requests": list(request.app[STATE].model.requests)})


async def clear_model(request: web.Request) -> web.Response:
    """Forget scripts and requests."""
    request.app[STATE].model.clear()
    return answer({})


async def knowledge(request: web.Request) -> web.Response:
    """The sample company's items by kind, as the knowledge API takes them."""
    by_kind = company_knowledge(datetime.fromtimestamp(request.app[STATE].clock.now(), UTC).date()).by_kind()
    return answer(
        {kind: [item.model_dump(mode="json", exclude_none=True) for item in items] for kind, items in by_kind.items()}
    )


def routes() -> list[web.RouteDef]:
    """The routes, relative to `api/`."""
    database = "/odoo/databases/{database}"
    return [
        web.get("/status", status),
        web.get("/faults", list_faults),
        web.post("/faults", set_fault),
        web.delete("/faults", clear_faults),
        web.delete("/faults/{fault_id}", remove_fault),
        web.post("/clock", advance),
        web.patch("/odoo", change_odoo),
        web.get("/odoo/calls", odoo_calls),
        web.post("/odoo/databases", create_database),
        web.patch(database, change_database),
        web.get(f"{database}/products", list_products),
        web.get(f"{database}/products/{{sku}}", show_product),
        web.patch(f"{database}/products/{{sku}}", change_product),
        web.post("/model/script", script_model),
        web.get("/model/requests", model_requests),
        web.delete("/model", clear_model),
        web.get("/company/knowledge", knowledge),
    ]
