"""Control: accounts, customers, conversations."""

from __future__ import annotations

import asyncio
from dataclasses import asdict
from typing import Any

import orjson
from aiohttp import web

from simulator.chatwoot.desk import Inbound, whatsapp_source_id
from simulator.chatwoot.events import ACCOUNT_EVENTS
from simulator.chatwoot.model import Account, AccountWebhook, ContactInbox, Inbox
from simulator.control.actions import act
from simulator.control.requests import (
    ChangeAccount,
    NewCustomer,
    NewMessages,
    Typing,
    account_of,
    answer,
    conversation_of,
    missing,
    read,
)
from simulator.control.views import account_view, conversation_row, counters, customer_view, transcript
from simulator.state import STATE, NewAccount, State, add_account

_HEARTBEAT_SECONDS = 15.0


async def create_account(request: web.Request) -> web.Response:
    """Create a company."""
    new = await read(request, NewAccount)
    chatwoot = request.app[STATE].chatwoot
    if new.id in chatwoot.world.accounts:
        return answer({"error": "account exists"}, 409)
    return answer(account_view(add_account(chatwoot, new)), 201)


async def list_accounts(request: web.Request) -> web.Response:
    """Every company."""
    accounts = request.app[STATE].chatwoot.world.accounts.values()
    return answer({"accounts": [account_view(each) for each in accounts]})


async def change_account(request: web.Request) -> web.Response:
    """Point webhooks somewhere else, change secrets."""
    account, change = account_of(request), await read(request, ChangeAccount)
    for bot in account.bots.values():
        bot.outgoing_url = bot.outgoing_url if change.bot_webhook_url is None else change.bot_webhook_url
        bot.secret = change.bot_webhook_secret or bot.secret
    if change.keep_pending_on_bot_failure is not None:
        account.keep_pending_on_bot_failure = change.keep_pending_on_bot_failure
    _change_webhook(request.app[STATE], account, change)
    return answer(account_view(account))


def _change_webhook(state: State, account: Account, change: ChangeAccount) -> None:
    hook = next(iter(account.webhooks.values()), None)
    if hook is None and change.account_webhook_url:
        number = state.chatwoot.world.next_id(account.webhooks)
        secret = change.account_webhook_secret or ""
        hook = AccountWebhook(number, account.id, change.account_webhook_url, secret, ACCOUNT_EVENTS)
        account.webhooks[number] = hook
    if hook is None:
        return
    if change.account_webhook_url == "":
        del account.webhooks[hook.id]
        return
    hook.url = change.account_webhook_url or hook.url
    hook.secret = change.account_webhook_secret or hook.secret
    hook.subscriptions = hook.subscriptions if change.subscriptions is None else change.subscriptions


async def create_customer(request: web.Request) -> web.Response:
    """A customer at an inbox; the same phone is the same customer."""
    account, new = account_of(request), await read(request, NewCustomer)
    inbox = _inbox(account, new.inbox_id)
    source_id = whatsapp_source_id(inbox, new.phone)
    desk = request.app[STATE].chatwoot.desk
    contact_inbox = desk.contact(inbox, account, new.name, new.phone, source_id)
    contact_inbox.contact.blocked = new.blocked
    return answer(customer_view(contact_inbox), 201)


def _inbox(account: Account, number: int | None) -> Inbox:
    if number is None:
        return next(iter(account.inboxes.values()))
    if number not in account.inboxes:
        raise missing("inbox")
    return account.inboxes[number]


async def list_customers(request: web.Request) -> web.Response:
    """Every customer."""
    return answer({"customers": [customer_view(each) for each in account_of(request).contact_inboxes.values()]})


def _customer(request: web.Request) -> ContactInbox:
    account, number = account_of(request), request.match_info["customer_id"]
    contact_inbox = account.customers.get(int(number) if number.isdigit() else 0)
    if contact_inbox is None:
        raise missing("customer")
    return contact_inbox


async def send_messages(request: web.Request) -> web.Response:
    """The customer writes, one message or a burst."""
    contact_inbox, account = _customer(request), account_of(request)
    burst = await read(request, NewMessages)
    state = request.app[STATE]
    world = state.chatwoot.world
    reply_to = world.messages.get(burst.in_reply_to) if burst.in_reply_to else None
    attributes: dict[str, Any] = (
        {"in_reply_to": reply_to.id, "in_reply_to_external_id": reply_to.source_id} if reply_to else {}
    )
    message_ids, conversation_id = [], 0
    for index, text in enumerate(burst.texts):
        if index and burst.gap_seconds:
            await asyncio.sleep(burst.gap_seconds)
        files = tuple(each.build(world.next_id()) for each in burst.attachments) if index == 0 else ()
        message = state.chatwoot.desk.receive(contact_inbox, account, Inbound(text, attributes, files))
        message_ids.append(message.id)
        conversation_id = message.conversation.id
    return answer({"conversation_id": conversation_id, "message_ids": message_ids}, 201)


async def customer_typing(request: web.Request) -> web.Response:
    """The customer types."""
    contact_inbox, typing = _customer(request), await read(request, Typing)
    if contact_inbox.conversations:
        request.app[STATE].chatwoot.desk.typing(contact_inbox.conversations[-1], on=typing.on)
    return answer({"on": typing.on})


async def list_conversations(request: web.Request) -> web.Response:
    """Every conversation, the newest first."""
    found = sorted(account_of(request).conversations.values(), key=lambda each: each.last_activity_at, reverse=True)
    return answer({"conversations": [conversation_row(each) for each in found]})


async def show_conversation(request: web.Request) -> web.Response:
    """The transcript."""
    now = request.app[STATE].clock.now()
    return answer(transcript(conversation_of(request), now, int(request.query.get("after", "0"))))


async def show_counters(request: web.Request) -> web.Response:
    """Counts of POSTs, stored messages and webhooks."""
    chatwoot, account = request.app[STATE].chatwoot, account_of(request)
    queue = chatwoot.dispatcher.queue(account.id)
    return answer(counters(chatwoot.ledger(account.id), dict(queue.counts), queue.waiting))


async def clear_counters(request: web.Request) -> web.Response:
    """Count anew."""
    chatwoot, account = request.app[STATE].chatwoot, account_of(request)
    chatwoot.ledger(account.id).clear()
    chatwoot.dispatcher.queue(account.id).counts.clear()
    return answer({})


async def show_arrivals(request: web.Request) -> web.Response:
    """The POSTs in the order they arrived."""
    arrivals = request.app[STATE].chatwoot.ledger(account_of(request).id).arrivals
    return answer({"arrivals": [asdict(each) for each in arrivals]})


async def show_deliveries(request: web.Request) -> web.Response:
    """The last webhook attempts."""
    queue = request.app[STATE].chatwoot.dispatcher.queue(account_of(request).id)
    return answer({"deliveries": [asdict(each) for each in queue.attempts]})


async def events(request: web.Request) -> web.StreamResponse:
    """Server-sent events: which conversation changed."""
    live, account = request.app[STATE].chatwoot.live, account_of(request)
    response = web.StreamResponse(headers={"Content-Type": "text/event-stream", "Cache-Control": "no-cache"})
    await response.prepare(request)
    await response.write(b": connected\n\n")
    queue = live.subscribe(account.id)
    try:
        while True:
            try:
                event = await asyncio.wait_for(queue.get(), _HEARTBEAT_SECONDS)
            except TimeoutError:
                await response.write(b": still here\n\n")
                continue
            if event is None:
                break
            await response.write(b"data: " + orjson.dumps(event) + b"\n\n")
    finally:
        live.unsubscribe(account.id, queue)
    return response


def routes() -> list[web.RouteDef]:
    """The routes, relative to `api/`."""
    account = "/accounts/{account_id}"
    conversation = f"{account}/conversations/{{conversation_id}}"
    return [
        web.post("/accounts", create_account),
        web.get("/accounts", list_accounts),
        web.patch(account, change_account),
        web.post(f"{account}/customers", create_customer),
        web.get(f"{account}/customers", list_customers),
        web.post(f"{account}/customers/{{customer_id}}/messages", send_messages),
        web.post(f"{account}/customers/{{customer_id}}/typing", customer_typing),
        web.get(f"{account}/conversations", list_conversations),
        web.get(conversation, show_conversation),
        web.post(f"{conversation}/actions", act),
        web.get(f"{account}/counters", show_counters),
        web.delete(f"{account}/counters", clear_counters),
        web.get(f"{account}/arrivals", show_arrivals),
        web.get(f"{account}/deliveries", show_deliveries),
        web.get(f"{account}/events", events),
    ]
