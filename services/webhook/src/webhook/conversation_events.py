"""Conversation bodies become events: created, status, assignee, anything else the hub decides by."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from common.events import (
    AssigneeChanged,
    ChatwootEvent,
    ConversationCreated,
    ConversationStatusChanged,
    ConversationUpdated,
)
from webhook.arrival import Arrival, Ignored, read
from webhook.bodies import ConversationEventBody
from webhook.errors import UnreadableWebhook
from webhook.snapshot import Common, changed_at, common_of

# The columns behind the assignee, in all versions since bots can be assigned.
_ASSIGNEE: Final = frozenset(
    {"assignee_id", "assignee_agent_bot_id", "ai_assignee_id", "ai_assignee_type", "assignee_type"}
)
# What else the hub or its rules can depend on. Not here: waiting_since and first_reply_created_at, which change with
# every message.
_RELEVANT: Final = frozenset(
    {"team_id", "label_list", "cached_label_list", "priority", "snoozed_until", "custom_attributes"}
)


def conversation_event(body: Mapping[str, Any], arrival: Arrival) -> ChatwootEvent | Ignored:
    """Translate a conversation body by its event name."""
    conversation = read(ConversationEventBody, body)
    if conversation.inbox_id is None:
        raise UnreadableWebhook("missing or unusable: inbox_id")
    common = common_of(
        conversation, arrival, inbox_id=conversation.inbox_id, occurred_at=changed_at(conversation, arrival)
    )
    name = body["event"]
    if name == "conversation_created":
        return ConversationCreated(
            event_id=f"cw:{arrival.tenant.tenant}:conversation_created:{conversation.id}", **common
        )
    if name == "conversation_updated":
        return _updated(conversation, common)
    return _status_changed(common)


def _status_changed(common: Common) -> ConversationStatusChanged:
    """`conversation_status_changed`, and the same fact as `conversation_opened` or `_resolved` to an AgentBot."""
    return ConversationStatusChanged(event_id=_id("status", common, common["snapshot"].status), **common)


def _updated(conversation: ConversationEventBody, common: Common) -> ChatwootEvent | Ignored:
    changed = _changed(conversation.changed_attributes)
    if changed is None:
        # Some versions do not say what changed; the snapshot still tells what is.
        return ConversationUpdated(event_id=_id("updated", common, ""), **common)
    if changed & _ASSIGNEE:
        assignee = common["snapshot"].assignee
        return AssigneeChanged(event_id=_id("assignee", common, f"{assignee.kind}-{assignee.id or 0}"), **common)
    if "status" in changed:
        return _status_changed(common)
    relevant = tuple(sorted(changed & _RELEVANT))
    if not relevant:
        return Ignored("no_relevant_change")
    return ConversationUpdated(event_id=_id("updated", common, "+".join(relevant)), changed=relevant, **common)


def _changed(attributes: list[Any] | None) -> frozenset[str] | None:
    """The names in `[{attribute: {previous_value, current_value}}, ...]`; None when the body does not tell."""
    if attributes is None:
        return None
    return frozenset(str(key) for each in attributes if isinstance(each, dict) for key in each)


def _id(kind: str, common: Common, what: str) -> str:
    """Every delivery of one state of the conversation has the same `updated_at`, to the microsecond."""
    updated_at = common["snapshot"].updated_at
    return f"cw:{common['tenant']}:{kind}:{common['conversation_id']}:{what}:{updated_at:.6f}"
