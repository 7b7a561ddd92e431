"""A Chatwoot webhook body becomes one typed event, or is ignored for one of a closed list of reasons. No I/O."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from common.events import ChatwootEvent
from webhook.address import Address, address_of, claims
from webhook.arrival import Arrival, Ignored, IgnoredReason
from webhook.conversation_events import conversation_event
from webhook.errors import UnreadableWebhook, WrongAccount
from webhook.message_events import created_message, updated_message

Translation = ChatwootEvent | Ignored
Translator = Callable[[Mapping[str, Any], Arrival], Translation]

_TRANSLATORS: Final[Mapping[str, Translator]] = {
    "message_created": created_message,
    "message_updated": updated_message,
    "conversation_created": conversation_event,
    "conversation_updated": conversation_event,
    "conversation_status_changed": conversation_event,
    "conversation_opened": conversation_event,
    "conversation_resolved": conversation_event,
}

_IGNORED: Final[Mapping[str, IgnoredReason]] = {
    "conversation_typing_on": "typing",
    "conversation_typing_off": "typing",
    "contact_created": "contact_event",
    "contact_updated": "contact_event",
    "webwidget_triggered": "widget_opened",
    "inbox_created": "inbox_event",
    "inbox_updated": "inbox_event",
    "account_created": "account_event",
    "macro.executed": "automation_event",
}


def translate(body: Mapping[str, Any], arrival: Arrival) -> Translation:
    """Translate one body.

    A body of another account is refused and not ignored: the tenant comes from the credentials, never from the body,
    and an AgentBot shared by several accounts must not swallow the messages of an account nobody here answers for. A
    refusal makes that Chatwoot open the conversation for its own people.

    Raises:
        UnreadableWebhook: it is no webhook of Chatwoot, or lacks what its event cannot do without.
        WrongAccount: it belongs to another account than the tenant's.
    """
    name = body.get("event")
    if not isinstance(name, str) or not name:
        raise UnreadableWebhook("event missing")
    address = address_of(body)
    if address.account_id not in (None, arrival.tenant.chatwoot_account_id):
        raise WrongAccount("the account is not the tenant's")
    reason = _ignored_by_name(name) or _ignored_by_inbox(address, arrival)
    if reason:
        return Ignored(reason)
    return _TRANSLATORS[name](body, arrival)


def _ignored_by_name(name: str) -> IgnoredReason | None:
    if name.startswith("automation_event."):
        return "automation_event"
    if name in _IGNORED:
        return _IGNORED[name]
    return None if name in _TRANSLATORS else "unknown_event"


def _ignored_by_inbox(address: Address, arrival: Arrival) -> IgnoredReason | None:
    return None if claims(arrival.tenant, address) else "other_inbox"
