"""Who may call what: tokens, the bots' allow-list, and Chatwoot's answers to the others."""

from __future__ import annotations

from typing import NoReturn, TypeVar

import orjson
from aiohttp import web

from simulator.chatwoot.model import Account, AgentBot, Conversation, Inbox, Json, User, World

BOT_ROUTES = frozenset(
    {
        "show_conversation",
        "create_conversation",
        "update_conversation",
        "toggle_status",
        "toggle_typing_status",
        "toggle_priority",
        "custom_attributes",
        "create_message",
        "assignments",
        "list_labels",
        "set_labels",
    }
)
ADMINISTRATOR_ROUTES = frozenset(
    {
        "list_webhooks",
        "create_webhook",
        "update_webhook",
        "delete_webhook",
        "set_agent_bot",
        "create_agent_bot",
        "update_agent_bot",
        "delete_agent_bot",
        "reset_agent_bot_secret",
    }
)
WORLD = web.AppKey("world", World)
ACCOUNT: web.RequestKey[Account | None] = web.RequestKey("account")
OWNER: web.RequestKey[User | AgentBot] = web.RequestKey("owner")

E = TypeVar("E", bound=web.HTTPException)


def refusal(kind: type[E], body: Json) -> E:
    """An error answer with a JSON body."""
    return kind(text=orjson.dumps(body).decode(), content_type="application/json")


def not_found() -> NoReturn:
    """Answer 404 the way Chatwoot does."""
    raise refusal(web.HTTPNotFound, {"error": "Resource could not be found"})


def unprocessable(text: str) -> NoReturn:
    """Answer 422 with an error text."""
    raise refusal(web.HTTPUnprocessableEntity, {"error": text})


def caller(request: web.Request) -> User | AgentBot:
    """Whose token it is.

    Raises:
        web.HTTPUnauthorized: none, or one that is not known.
    """
    token = request.headers.get("api_access_token") or request.headers.get("Api-Access-Token")
    if not token:
        body = {"errors": ["You need to sign in or sign up before continuing."]}
        raise refusal(web.HTTPUnauthorized, body)
    owner = request.app[WORLD].tokens.get(token)
    if owner is None:
        raise refusal(web.HTTPUnauthorized, {"error": "Invalid Access Token"})
    return owner


def authorize(request: web.Request) -> tuple[User | AgentBot, Account | None]:
    """Check the caller for this route and account, in Chatwoot's order.

    Raises:
        web.HTTPException: 401 for every lack of rights, 404 for an account that is not there.
    """
    owner = caller(request)
    route = request.match_info.route.name or ""
    if isinstance(owner, AgentBot) and route not in BOT_ROUTES:
        raise refusal(web.HTTPUnauthorized, {"error": "Access to this endpoint is not authorized for bots"})
    if "account_id" not in request.match_info:
        return owner, None
    account = request.app[WORLD].accounts.get(number(request, "account_id"))
    if account is None:
        not_found()
    if owner.account_id != account.id:
        who = "Bot is" if isinstance(owner, AgentBot) else "You are"
        raise refusal(web.HTTPUnauthorized, {"error": f"{who} not authorized to access this account"})
    if route in ADMINISTRATOR_ROUTES and isinstance(owner, User) and owner.role != "administrator":
        raise refusal(web.HTTPUnauthorized, {"error": "You are not authorized to do this action"})
    return owner, account


def number(request: web.Request, name: str) -> int:
    """A number of the path; anything else is simply not found."""
    text = request.match_info[name]
    return int(text) if text.isdigit() else not_found()


def account_of(request: web.Request) -> Account:
    """The account the middleware found."""
    return request[ACCOUNT] or not_found()


def owner_of(request: web.Request) -> User | AgentBot:
    """The caller the middleware found."""
    return request[OWNER]


def conversation_of(request: web.Request) -> Conversation:
    """The conversation of the path."""
    return account_of(request).conversations.get(number(request, "conversation_id")) or not_found()


def inbox_of(request: web.Request) -> Inbox:
    """The inbox of the path."""
    return account_of(request).inboxes.get(number(request, "inbox_id")) or not_found()


async def body_of(request: web.Request) -> Json:
    """The parameters: JSON, a form, or nothing. Anything unreadable is a 400, as from Rails."""
    if request.content_type in ("application/x-www-form-urlencoded", "multipart/form-data"):
        return dict(await request.post())
    raw = await request.read()
    if not raw:
        return {}
    try:
        body = orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        message = "There was a problem in the JSON you submitted"
        raise refusal(web.HTTPBadRequest, {"status": 400, "error": "Bad Request", "message": message}) from error
    return body if isinstance(body, dict) else {}
