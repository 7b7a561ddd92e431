"""REST: messages of a conversation."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import Any

import orjson
from aiohttp import web
from aiohttp.web_request import FileField

from simulator.chatwoot.access import body_of, conversation_of, not_found, number, owner_of, refusal, unprocessable
from simulator.chatwoot.drafts import Draft, Invalid, Upload
from simulator.chatwoot.installation import INSTALLATION
from simulator.chatwoot.ledger import is_true
from simulator.chatwoot.model import API, Conversation, Json, Message, MessageType
from simulator.chatwoot.rails_json import dumps
from simulator.chatwoot.views import message_view, messages_view

_PAGE = 20
_AFTER_PAGE = 100
_BETWEEN_PAGE = 1000


def answer(body: Any, status: int = 200) -> web.Response:
    """A JSON answer, escaped as Rails does."""
    return web.Response(body=dumps(body), status=status, content_type="application/json", charset="utf-8")


async def create_message(request: web.Request) -> web.Response:
    """Create a message or a private note."""
    conversation = conversation_of(request)
    body = await body_of(request)
    installation = request.app[INSTALLATION]
    try:
        message = installation.desk.post(conversation, owner_of(request), _draft(body))
    except Invalid as error:
        unprocessable(str(error))
    installation.ledger(conversation.account.id).created(message)
    return answer(message_view(message, body.get("echo_id")))


def _draft(body: Json) -> Draft:
    incoming = body.get("message_type") == "incoming"
    template = _object(body.get("template_params"))
    files = [value for key, value in body.items() if key.startswith("attachments") and isinstance(value, FileField)]
    return Draft(
        content=body.get("content"),
        private=is_true(body.get("private")),
        incoming=incoming,
        content_type=body.get("content_type") or "text",
        content_attributes=_object(body.get("content_attributes")),
        additional_attributes={"template_params": template} if template else {},
        source_id=body.get("source_id"),
        uploads=tuple(Upload(each.filename, each.content_type, each.file.read()) for each in files),
    )


def _object(value: Any) -> Json:
    """An object, or a JSON string of one as multipart requests carry it."""
    if isinstance(value, str):
        try:
            value = orjson.loads(value)
        except orjson.JSONDecodeError:
            return {}
    return dict(value) if isinstance(value, dict) else {}


async def list_messages(request: web.Request) -> web.Response:
    """List messages: the last 20, 20 before an id, up to 100 after one, up to 1,000 between two."""
    conversation = conversation_of(request)
    messages = select(conversation, _cursor(request, "after"), _cursor(request, "before"))
    if is_true(request.query.get("filter_internal_messages")):
        messages = [each for each in messages if not each.private and each.type is not MessageType.ACTIVITY]
    return answer(messages_view(conversation, messages))


def _cursor(request: web.Request, name: str) -> int | None:
    text = request.query.get(name, "")
    return int(text) if text.isdigit() else None


def select(conversation: Conversation, after: int | None, before: int | None) -> list[Message]:
    """The page that the two cursors ask for, oldest first."""
    messages = conversation.messages

    def position(number: int) -> int:
        return bisect_left(messages, number, key=lambda each: each.id)

    if after is not None and before is not None:
        return messages[position(after) : position(before)][:_BETWEEN_PAGE]
    if after is not None:
        start = bisect_right(messages, after, key=lambda each: each.id)
        return messages[start : start + _AFTER_PAGE]
    end = position(before) if before is not None else len(messages)
    return messages[max(0, end - _PAGE) : end]


def _message_of(request: web.Request) -> Message:
    message = request.app[INSTALLATION].world.messages.get(number(request, "message_id"))
    if message is None or message.conversation is not conversation_of(request):
        not_found()
    return message


async def delete_message(request: web.Request) -> web.Response:
    """Delete a message: its text is replaced, webhooks tell of an update."""
    message = _message_of(request)
    request.app[INSTALLATION].desk.delete(message)
    return answer(message_view(message))


async def update_message(request: web.Request) -> web.Response:
    """Set a message's delivery status: API inboxes only."""
    message = _message_of(request)
    if message.conversation.inbox.channel != API:
        raise refusal(web.HTTPForbidden, {"error": "Message status update is only allowed for API inboxes"})
    body = await body_of(request)
    request.app[INSTALLATION].channel.report(message, str(body.get("status")), body.get("external_error"))
    return answer(message_view(message))


def routes(base: str) -> list[web.RouteDef]:
    """The routes under a conversation."""
    return [
        web.get(f"{base}/messages", list_messages, name="list_messages"),
        web.post(f"{base}/messages", create_message, name="create_message"),
        web.patch(f"{base}/messages/{{message_id}}", update_message, name="update_message"),
        web.delete(f"{base}/messages/{{message_id}}", delete_message, name="delete_message"),
    ]
