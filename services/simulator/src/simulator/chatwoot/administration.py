"""REST: what an administrator sets up (webhooks, bots, inboxes) and looks up (agents, contacts)."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from typing import NoReturn

from aiohttp import web

from simulator.chatwoot.access import account_of, body_of, inbox_of, not_found, number, owner_of, refusal
from simulator.chatwoot.events import ACCOUNT_EVENTS
from simulator.chatwoot.installation import INSTALLATION
from simulator.chatwoot.messages import answer
from simulator.chatwoot.model import AccountWebhook, AgentBot, Json, User
from simulator.chatwoot.views import agent_view, bot_view, contact_view, conversation_view, inbox_view, webhook_view

_SEARCH_PAGE = 15


async def version(request: web.Request) -> web.Response:
    """The version, without any login."""
    now = request.app[INSTALLATION].world.clock.now()
    body = {"version": request.app[INSTALLATION].options.version, "timestamp": _rails_time(now)}
    return answer({**body, "queue_services": "ok", "data_services": "ok"})


def _rails_time(now: float) -> str:
    return datetime.fromtimestamp(now, UTC).strftime("%Y-%m-%d %H:%M:%S")


async def profile(request: web.Request) -> web.Response:
    """Whose token it is."""
    user = owner_of(request)
    if not isinstance(user, User):
        not_found()
    account = request.app[INSTALLATION].world.accounts[user.account_id]
    membership = {"id": account.id, "name": account.name, "status": "active", "role": user.role}
    mine = {"access_token": user.token, "type": None, "uid": user.email, "provider": "email"}
    return answer({**agent_view(user), **mine, "accounts": [{**membership, "active_at": None}]})


async def list_webhooks(request: web.Request) -> web.Response:
    """The account's webhooks."""
    return answer({"payload": {"webhooks": [webhook_view(each) for each in account_of(request).webhooks.values()]}})


async def create_webhook(request: web.Request) -> web.Response:
    """Add a webhook; its secret is made here."""
    account, body = account_of(request), _webhook_parameters(await body_of(request))
    url = str(body.get("url") or "")
    if not url.startswith(("http://", "https://")):
        _invalid("Url is invalid", "url")
    if any(each.url == url for each in account.webhooks.values()):
        _invalid("Url has already been taken", "url")
    webhook = AccountWebhook(
        request.app[INSTALLATION].world.next_id(account.webhooks),
        account.id,
        url,
        secrets.token_hex(12),
        _subscriptions(body) or ("conversation_status_changed", "conversation_updated", "message_created"),
        str(body.get("name") or ""),
    )
    account.webhooks[webhook.id] = webhook
    return answer({"payload": {"webhook": webhook_view(webhook)}})


def _webhook_parameters(body: Json) -> Json:
    inner = body.get("webhook")
    return inner if isinstance(inner, dict) else body


def _subscriptions(body: Json) -> tuple[str, ...]:
    wanted = tuple(str(each) for each in body.get("subscriptions") or ())
    if any(each not in ACCOUNT_EVENTS for each in wanted):
        _invalid("Subscriptions Invalid events", "subscriptions")
    return wanted


def _invalid(text: str, attribute: str) -> NoReturn:
    raise refusal(web.HTTPUnprocessableEntity, {"message": text, "attributes": [attribute]})


async def update_webhook(request: web.Request) -> web.Response:
    """Change a webhook's address, name or subscriptions."""
    webhook = account_of(request).webhooks.get(number(request, "webhook_id")) or not_found()
    body = _webhook_parameters(await body_of(request))
    webhook.url = str(body.get("url") or webhook.url)
    webhook.name = str(body.get("name") or webhook.name)
    webhook.subscriptions = _subscriptions(body) or webhook.subscriptions
    return answer({"payload": {"webhook": webhook_view(webhook)}})


async def delete_webhook(request: web.Request) -> web.Response:
    """Remove a webhook."""
    if account_of(request).webhooks.pop(number(request, "webhook_id"), None) is None:
        not_found()
    return web.Response()


async def list_agent_bots(request: web.Request) -> web.Response:
    """The account's bots."""
    owner = owner_of(request)
    administrator = isinstance(owner, User) and owner.role == "administrator"
    return answer([_shown(request, each, administrator) for each in account_of(request).bots.values()])


def _shown(request: web.Request, bot: AgentBot, administrator: bool) -> Json:
    """A bot as this version shows it: before 4.13 bots had no secret."""
    view = bot_view(bot, for_administrator=administrator)
    if not request.app[INSTALLATION].options.signs_bot_webhooks:
        view.pop("secret", None)
    return view


async def show_agent_bot(request: web.Request) -> web.Response:
    """One bot."""
    owner = owner_of(request)
    administrator = isinstance(owner, User) and owner.role == "administrator"
    return answer(_shown(request, _bot_of(request), administrator))


async def delete_agent_bot(request: web.Request) -> web.Response:
    """Remove a bot; its inboxes are without one from then on, and its token is void."""
    account, bot = account_of(request), _bot_of(request)
    del account.bots[bot.id]
    request.app[INSTALLATION].world.tokens.pop(bot.token, None)
    for inbox in account.inboxes.values():
        inbox.bot = None if inbox.bot is bot else inbox.bot
    return web.Response()


async def create_agent_bot(request: web.Request) -> web.Response:
    """Add a bot; its token and secret are made here."""
    account, body = account_of(request), await body_of(request)
    world = request.app[INSTALLATION].world
    bot = AgentBot(
        world.next_id(account.bots),
        account.id,
        str(body.get("name") or "Bot"),
        secrets.token_hex(12),
        secrets.token_hex(12),
        str(body.get("outgoing_url") or ""),
        str(body.get("description") or ""),
    )
    account.bots[bot.id] = bot
    world.admit(bot)
    return answer(_shown(request, bot, administrator=True))


def _bot_of(request: web.Request) -> AgentBot:
    return account_of(request).bots.get(number(request, "bot_id")) or not_found()


async def update_agent_bot(request: web.Request) -> web.Response:
    """Change a bot's name, description or webhook address."""
    bot, body = _bot_of(request), await body_of(request)
    bot.name = str(body.get("name") or bot.name)
    bot.description = str(body.get("description") or bot.description)
    bot.outgoing_url = str(body.get("outgoing_url") or bot.outgoing_url)
    return answer(_shown(request, bot, administrator=True))


async def reset_agent_bot_secret(request: web.Request) -> web.Response:
    """Make a new signing secret; the old one is void at once."""
    bot = _bot_of(request)
    bot.secret = secrets.token_hex(12)
    return answer(bot_view(bot, for_administrator=True))


async def list_inboxes(request: web.Request) -> web.Response:
    """The inboxes."""
    return answer({"payload": [inbox_view(each) for each in account_of(request).inboxes.values()]})


async def show_inbox(request: web.Request) -> web.Response:
    """One inbox."""
    return answer(inbox_view(inbox_of(request)))


async def inbox_agent_bot(request: web.Request) -> web.Response:
    """The bot of an inbox."""
    bot = inbox_of(request).bot
    return answer({"agent_bot": bot_view(bot, for_administrator=False) if bot else {}})


async def set_agent_bot(request: web.Request) -> web.Response:
    """Connect an inbox with a bot, or with none."""
    inbox, wanted = inbox_of(request), (await body_of(request)).get("agent_bot")
    if wanted in (None, "", 0):
        inbox.bot = None
    else:
        bots = account_of(request).bots
        inbox.bot = (bots.get(int(wanted)) if str(wanted).isdigit() else None) or not_found()
    return web.Response()


async def list_agents(request: web.Request) -> web.Response:
    """The people."""
    return answer([agent_view(each) for each in account_of(request).users.values()])


async def search_contacts(request: web.Request) -> web.Response:
    """Find contacts by a part of name, e-mail, phone or identifier."""
    wanted = request.query.get("q", "").lower()
    found = [
        each
        for each in account_of(request).contacts.values()
        if any(wanted in (value or "").lower() for value in (each.name, each.email, each.phone, each.identifier))
    ]
    page = max(1, int(request.query.get("page", "1")))
    rows = found[(page - 1) * _SEARCH_PAGE : page * _SEARCH_PAGE]
    meta = {"count": len(found), "current_page": page, "has_more": len(found) > page * _SEARCH_PAGE}
    return answer({"meta": meta, "payload": [contact_view(each) for each in rows]})


async def show_contact(request: web.Request) -> web.Response:
    """One contact."""
    contact = account_of(request).contacts.get(number(request, "contact_id")) or not_found()
    return answer({"payload": contact_view(contact)})


async def contact_conversations(request: web.Request) -> web.Response:
    """The conversations of a contact."""
    account, contact_id = account_of(request), number(request, "contact_id")
    if contact_id not in account.contacts:
        not_found()
    now = request.app[INSTALLATION].world.clock.now()
    mine = [each for each in account.conversations.values() if each.contact.id == contact_id]
    return answer({"payload": [conversation_view(each, now) for each in mine]})


async def attachment_file(request: web.Request) -> web.Response:
    """A file: whoever has the link reads it."""
    attachment = request.app[INSTALLATION].world.attachments.get(number(request, "attachment_id")) or not_found()
    return web.Response(body=attachment.data, content_type=attachment.content_type or "application/octet-stream")


def open_routes() -> list[web.RouteDef]:
    """The routes without a login."""
    return [
        web.get("/api", version, name="version"),
        web.get("/rails/active_storage/blobs/redirect/{attachment_id}/{name}", attachment_file, name="file"),
    ]


def routes(base: str) -> list[web.RouteDef]:
    """The routes under an account, and the profile."""
    return [
        web.get("/api/v1/profile", profile, name="profile"),
        web.get(f"{base}/webhooks", list_webhooks, name="list_webhooks"),
        web.post(f"{base}/webhooks", create_webhook, name="create_webhook"),
        web.patch(f"{base}/webhooks/{{webhook_id}}", update_webhook, name="update_webhook"),
        web.delete(f"{base}/webhooks/{{webhook_id}}", delete_webhook, name="delete_webhook"),
        web.get(f"{base}/agent_bots", list_agent_bots, name="list_agent_bots"),
        web.post(f"{base}/agent_bots", create_agent_bot, name="create_agent_bot"),
        web.get(f"{base}/agent_bots/{{bot_id}}", show_agent_bot, name="show_agent_bot"),
        web.patch(f"{base}/agent_bots/{{bot_id}}", update_agent_bot, name="update_agent_bot"),
        web.delete(f"{base}/agent_bots/{{bot_id}}", delete_agent_bot, name="delete_agent_bot"),
        web.post(f"{base}/agent_bots/{{bot_id}}/reset_secret", reset_agent_bot_secret, name="reset_agent_bot_secret"),
        web.get(f"{base}/inboxes", list_inboxes, name="list_inboxes"),
        web.get(f"{base}/inboxes/{{inbox_id}}", show_inbox, name="show_inbox"),
        web.get(f"{base}/inboxes/{{inbox_id}}/agent_bot", inbox_agent_bot, name="inbox_agent_bot"),
        web.post(f"{base}/inboxes/{{inbox_id}}/set_agent_bot", set_agent_bot, name="set_agent_bot"),
        web.get(f"{base}/agents", list_agents, name="list_agents"),
        web.get(f"{base}/contacts/search", search_contacts, name="search_contacts"),
        web.get(f"{base}/contacts/{{contact_id}}", show_contact, name="show_contact"),
        web.get(f"{base}/contacts/{{contact_id}}/conversations", contact_conversations, name="contact_conversations"),
    ]
