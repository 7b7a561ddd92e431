"""REST: conversations."""

from __future__ import annotations

from collections.abc import Iterable

from aiohttp import web

from simulator.chatwoot.access import (
    account_of,
    body_of,
    conversation_of,
    not_found,
    owner_of,
    unprocessable,
)
from simulator.chatwoot.drafts import Draft, Invalid
from simulator.chatwoot.installation import INSTALLATION, Installation
from simulator.chatwoot.ledger import is_true
from simulator.chatwoot.messages import answer
from simulator.chatwoot.model import STATUSES, Account, AgentBot, Conversation, Json, Status, User
from simulator.chatwoot.payloads import bot_push
from simulator.chatwoot.views import agent_view, conversation_view

_PAGE = 25
PRIORITIES = ("urgent", "high", "medium", "low")


async def list_conversations(request: web.Request) -> web.Response:
    """List conversations: open ones by default, 25 a page; `updated_within` answers all of them unpaged."""
    account, owner = account_of(request), owner_of(request)
    now = request.app[INSTALLATION].world.clock.now()
    status = request.query.get("status", "open")
    found = [each for each in account.conversations.values() if status in ("all", each.status)]
    if "inbox_id" in request.query:
        found = [each for each in found if str(each.inbox.id) == request.query["inbox_id"]]
    counts = _counts(found, owner)
    found = [each for each in found if _assigned_as(each, request.query.get("assignee_type"), owner)]
    found.sort(key=lambda each: each.last_activity_at, reverse=True)
    if "updated_within" in request.query:
        since = now - float(request.query["updated_within"])
        found = [each for each in found if each.updated_at >= since]
    else:
        page = max(1, int(request.query.get("page", "1")))
        found = found[(page - 1) * _PAGE : page * _PAGE]
    payload = [conversation_view(each, now) for each in found]
    return answer({"data": {"meta": counts, "payload": payload}})


def _assigned_as(conversation: Conversation, kind: str | None, owner: User | AgentBot) -> bool:
    if kind == "me":
        return conversation.assignee is owner
    if kind == "unassigned":
        return conversation.assignee is None
    return kind != "assigned" or conversation.assignee is not None


def _counts(found: Iterable[Conversation], owner: User | AgentBot) -> Json:
    assignees = [each.assignee for each in found]
    unassigned = sum(1 for each in assignees if each is None)
    return {
        "mine_count": sum(1 for each in assignees if each is owner),
        "assigned_count": len(assignees) - unassigned,
        "unassigned_count": unassigned,
        "all_count": len(assignees),
    }


async def conversations_meta(request: web.Request) -> web.Response:
    """Count conversations."""
    status = request.query.get("status", "open")
    account = account_of(request)
    found = [each for each in account.conversations.values() if status in ("all", each.status)]
    return answer({"meta": _counts(found, owner_of(request))})


async def show_conversation(request: web.Request) -> web.Response:
    """Show one."""
    return answer(conversation_view(conversation_of(request), request.app[INSTALLATION].world.clock.now()))


async def create_conversation(request: web.Request) -> web.Response:
    """Start a conversation with a contact of an inbox, optionally with a first message."""
    account, body = account_of(request), await body_of(request)
    installation = request.app[INSTALLATION]
    contact_inbox = next(
        (
            each
            for each in account.contact_inboxes.values()
            if str(each.inbox.id) == str(body.get("inbox_id"))
            and (str(each.contact.id) == str(body.get("contact_id")) or each.source_id == body.get("source_id"))
        ),
        None,
    )
    if contact_inbox is None:
        not_found()
    conversation = installation.desk.open_conversation(contact_inbox, account)
    first = body.get("message")
    if isinstance(first, dict):
        try:
            installation.desk.post(conversation, owner_of(request), Draft(content=first.get("content")))
        except Invalid as error:
            unprocessable(str(error))
    return answer(conversation_view(conversation, installation.world.clock.now()))


async def update_conversation(request: web.Request) -> web.Response:
    """Set the priority."""
    conversation, body = conversation_of(request), await body_of(request)
    _set_priority(request.app[INSTALLATION], conversation, body)
    return answer(conversation_view(conversation, request.app[INSTALLATION].world.clock.now()))


async def toggle_priority(request: web.Request) -> web.Response:
    """Set the priority; the answer is empty."""
    _set_priority(request.app[INSTALLATION], conversation_of(request), await body_of(request))
    return web.Response()


def _set_priority(installation: Installation, conversation: Conversation, body: Json) -> None:
    priority = body.get("priority")
    installation.changes.set_priority(conversation, priority if priority in PRIORITIES else None)


async def toggle_status(request: web.Request) -> web.Response:
    """Set the status, or toggle it; a bot that opens its pending conversation hands it off."""
    conversation, body = conversation_of(request), await body_of(request)
    changes, owner = request.app[INSTALLATION].changes, owner_of(request)
    wanted = body.get("status") or ("resolved" if conversation.status == "open" else "open")
    status = next((each for each in STATUSES if each == wanted), None)
    if status is None:
        # Rails does not rescue its ArgumentError here.
        return answer({"status": 500, "error": "Internal Server Error"}, status=500)
    success: bool | None = True
    if isinstance(owner, AgentBot) and conversation.status == "pending" and status == "open":
        changes.bot_handoff(conversation, owner)
        success = None
    elif isinstance(owner, User) and status == "open":
        changes.open_by_user(conversation, owner)
    else:
        changes.set_status(conversation, status, owner.name, _until(body))
    return answer({"meta": {}, "payload": _status_payload(conversation, success)})


def _until(body: Json) -> float | None:
    until = body.get("snoozed_until")
    return float(until) if isinstance(until, (int, float, str)) and str(until).replace(".", "").isdigit() else None


def _status_payload(conversation: Conversation, success: bool | None) -> Json:
    status: Status = conversation.status
    return {
        "success": success,
        "conversation_id": conversation.id,
        "current_status": status,
        "snoozed_until": conversation.snoozed_until,
    }


async def toggle_typing_status(request: web.Request) -> web.Response:
    """Show typing in the web widget; WhatsApp never sees it. The answer is empty."""
    conversation = conversation_of(request)
    on = (await body_of(request)).get("typing_status") == "on"
    event = "typing_on" if on else "typing_off"
    request.app[INSTALLATION].live.publish(conversation.account.id, event, conversation.id)
    return web.Response()


async def assignments(request: web.Request) -> web.Response:
    """Assign a person, a bot or a team. An unknown assignee silently unassigns."""
    conversation, body = conversation_of(request), await body_of(request)
    account, changes = account_of(request), request.app[INSTALLATION].changes
    if "assignee_id" not in body and "team_id" in body:
        changes.assign_team(conversation, int(body["team_id"]) if body["team_id"] else None)
        team = conversation.team_id
        return answer({"id": team, "name": f"team {team}"} if team else None)
    return answer(_assign(account, conversation, body, request.app[INSTALLATION]))


def _assign(account: Account, conversation: Conversation, body: Json, installation: Installation) -> Json | None:
    number = int(body.get("assignee_id") or 0)
    if body.get("assignee_type") == "AgentBot" and number in account.bots:
        installation.changes.assign_bot(conversation, account.bots[number])
        return bot_push(account.bots[number])
    user = account.users.get(number)
    installation.changes.assign_user(conversation, user)
    return agent_view(user) if user else None


async def list_labels(request: web.Request) -> web.Response:
    """The labels."""
    return answer({"payload": list(conversation_of(request).labels)})


async def set_labels(request: web.Request) -> web.Response:
    """Replace the labels."""
    conversation = conversation_of(request)
    labels = (await body_of(request)).get("labels") or []
    request.app[INSTALLATION].changes.set_labels(conversation, [str(each) for each in labels])
    return answer({"payload": list(conversation.labels)})


async def custom_attributes(request: web.Request) -> web.Response:
    """Replace the custom attributes, or merge into them."""
    conversation, body = conversation_of(request), await body_of(request)
    attributes = body.get("custom_attributes")
    request.app[INSTALLATION].changes.set_custom_attributes(
        conversation, attributes if isinstance(attributes, dict) else {}, merge=is_true(body.get("merge"))
    )
    return answer({"custom_attributes": conversation.custom_attributes})


def routes(base: str) -> list[web.RouteDef]:
    """The routes under an account."""
    one = f"{base}/conversations/{{conversation_id}}"
    return [
        web.get(f"{base}/conversations", list_conversations, name="list_conversations"),
        web.post(f"{base}/conversations", create_conversation, name="create_conversation"),
        web.get(f"{base}/conversations/meta", conversations_meta, name="conversations_meta"),
        web.get(one, show_conversation, name="show_conversation"),
        web.patch(one, update_conversation, name="update_conversation"),
        web.post(f"{one}/toggle_status", toggle_status, name="toggle_status"),
        web.post(f"{one}/toggle_priority", toggle_priority, name="toggle_priority"),
        web.post(f"{one}/toggle_typing_status", toggle_typing_status, name="toggle_typing_status"),
        web.post(f"{one}/assignments", assignments, name="assignments"),
        web.get(f"{one}/labels", list_labels, name="list_labels"),
        web.post(f"{one}/labels", set_labels, name="set_labels"),
        web.post(f"{one}/custom_attributes", custom_attributes, name="custom_attributes"),
    ]
