"""The REST API as an aiohttp application, with the faults and the access rules around it."""

from __future__ import annotations

from aiohttp import web
from aiohttp.typedefs import Handler

from simulator.chatwoot import administration, conversations, messages
from simulator.chatwoot.access import ACCOUNT, OWNER, WORLD, authorize, body_of
from simulator.chatwoot.installation import INSTALLATION, Installation
from simulator.faults import answer_with_fault

_ACCOUNT = "/api/v1/accounts/{account_id}"
_OPEN_ROUTES = frozenset({"version", "file"})
_MAX_BODY = 42 * 1024 * 1024


def build(installation: Installation) -> web.Application:
    """The application to mount where Chatwoot shall be."""
    app = web.Application(middlewares=[_with_faults], client_max_size=_MAX_BODY)
    app[INSTALLATION] = installation
    app[WORLD] = installation.world
    app.add_routes(administration.open_routes())
    app.add_routes(administration.routes(_ACCOUNT))
    app.add_routes(conversations.routes(_ACCOUNT))
    app.add_routes(messages.routes(f"{_ACCOUNT}/conversations/{{conversation_id}}"))
    return app


@web.middleware
async def _with_faults(request: web.Request, handler: Handler) -> web.StreamResponse:
    installation = request.app[INSTALLATION]
    route = request.match_info.route.name or ""
    scope = request.match_info.get("account_id", "")
    if route == "create_message":
        await _count(request, installation)
    conversation = request.match_info.get("conversation_id", "")
    spec = installation.faults.take("chatwoot", scope, route, conversation)

    async def answer() -> web.StreamResponse:
        if route and route not in _OPEN_ROUTES:
            request[OWNER], request[ACCOUNT] = authorize(request)
        return await handler(request)

    return await answer_with_fault(request, spec, answer)


async def _count(request: web.Request, installation: Installation) -> None:
    """Count every POST that arrives, also those that a fault will answer."""
    account_id, conversation_id = request.match_info["account_id"], request.match_info["conversation_id"]
    if account_id.isdigit() and conversation_id.isdigit():
        ledger = installation.ledger(int(account_id))
        ledger.arrived(installation.world.clock.now(), int(conversation_id), await body_of(request))
