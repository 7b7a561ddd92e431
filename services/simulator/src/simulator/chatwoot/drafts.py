"""What somebody asks Chatwoot to post, checked by Chatwoot's rules."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from simulator.chatwoot.model import API, Conversation, Json

MAX_CONTENT = 150_000
MAX_ATTACHMENTS = 15
FLOOD_LIMIT = 200
FLOOD_SECONDS = 60.0

_ITEM_KEYS = {
    "input_select": ("title", "value"),
    "cards": ("title", "description", "media_url", "actions"),
    "form": (
        "type",
        "placeholder",
        "label",
        "name",
        "options",
        "default",
        "required",
        "pattern",
        "title",
        "pattern_error",
    ),
    "article": ("title", "description", "link"),
}
CONTENT_TYPES = frozenset(
    {
        "text",
        "input_text",
        "input_textarea",
        "input_email",
        "input_select",
        "cards",
        "form",
        "article",
        "incoming_email",
        "input_csat",
        "integrations",
        "sticker",
        "voice_call",
    }
)


class Invalid(Exception):
    """Chatwoot refuses to create the message; the text is its answer."""


@dataclass(frozen=True)
class Upload:
    """A file of a multipart request."""

    file_name: str
    content_type: str
    data: bytes


@dataclass(frozen=True)
class Draft:
    """A message to be created."""

    content: str | None
    private: bool = False
    incoming: bool = False
    content_type: str = "text"
    content_attributes: Json = field(default_factory=dict)
    additional_attributes: Json = field(default_factory=dict)
    source_id: str | None = None
    uploads: tuple[Upload, ...] = ()


def check(draft: Draft, conversation: Conversation, now: float) -> None:
    """Apply Chatwoot's rules.

    Raises:
        Invalid: with the text of Chatwoot's answer.
    """
    if draft.incoming and conversation.inbox.channel != API:
        raise Invalid("Incoming messages are only allowed in Api inboxes")
    if draft.content_type not in CONTENT_TYPES:
        raise Invalid(f"'{draft.content_type}' is not a valid content_type")
    if draft.content is not None and len(draft.content) > MAX_CONTENT:
        raise Invalid(f"Validation failed: Content is too long (maximum is {MAX_CONTENT} characters)")
    if len(draft.uploads) > MAX_ATTACHMENTS:
        raise Invalid(f"Validation failed: Attachments exceeded maximum allowed ({MAX_ATTACHMENTS})")
    _check_items(draft)
    _check_flood(conversation, now)


def _check_items(draft: Draft) -> None:
    allowed = _ITEM_KEYS.get(draft.content_type)
    if allowed is None:
        return
    items: Any = draft.content_attributes.get("items")
    if not items:
        raise Invalid("Validation failed: Content attributes At least one item is required.")
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise Invalid("Validation failed: Content attributes Items should be a hash.")
    wrong = [key for item in items for key in item if key not in allowed]
    if wrong:
        names = ", ".join(f":{key}" for key in dict.fromkeys(wrong))
        raise Invalid(f"Validation failed: Content attributes contains invalid keys for items : [{names}]")


def _check_flood(conversation: Conversation, now: float) -> None:
    recent = conversation.recent_posts
    while recent and now - recent[0] >= FLOOD_SECONDS:
        recent.popleft()
    if len(recent) >= FLOOD_LIMIT:
        raise Invalid("Validation failed: Too many messages")
    recent.append(now)
