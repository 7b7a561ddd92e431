"""What a customer's message says: their own words and files, apart from what Chatwoot puts in their place.

Chatwoot fills `content` with a text of its own when there is nothing to show ("This message is unavailable.",
"Submitted a flow response", "Voice Call", the name on a contact card). None of it was written by the customer, so none
of it is passed on as their words.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from common.events import Attachment, Referral, Story
from common.message import Frozen
from webhook.bodies import MessageBody
from webhook.email_text import newly_written, own_subject
from webhook.form_answers import flow_answers
from webhook.snapshot import attachment_of

_FIELD_LIMIT: Final = 500
_URL_LIMIT: Final = 2000


class CustomerContent(Frozen):
    """The fields of `CustomerMessageReceived` that come from the message's content."""

    text: str = ""
    content_type: str = "text"
    attachments: tuple[Attachment, ...] = ()
    in_reply_to: int | None = None
    unsupported: bool = False
    deleted: bool = False
    automatic: bool = False
    subject: str = ""
    referral: Referral | None = None
    story: Story | None = None


def customer_content(message: MessageBody) -> CustomerContent:
    """Read a customer's message."""
    attributes = message.content_attributes
    deleted = attributes.get("deleted") is True
    story = _story(message)
    email = attributes.get("email")
    email = email if isinstance(email, dict) else {}
    in_reply_to = attributes.get("in_reply_to")
    return CustomerContent(
        text="" if deleted else _words(message, story),
        content_type=message.content_type or "text",
        attachments=() if deleted else attachments_of(message),
        in_reply_to=in_reply_to if isinstance(in_reply_to, int) and 0 < in_reply_to < 2**63 else None,
        unsupported=attributes.get("is_unsupported") is True,
        deleted=deleted,
        automatic=email.get("auto_reply") is True,
        subject=own_subject(_text(email.get("subject"))),
        referral=_referral(attributes.get("referral")),
        story=story,
    )


def attachments_of(message: MessageBody) -> tuple[Attachment, ...]:
    """The files, places and cards. The name on a card may stand in the message's content alone."""
    found = tuple(attachment_of(each) for each in message.attachments)
    named = (message.content or "").strip() or None
    return tuple(
        each.model_copy(update={"contact_name": named}) if each.kind == "contact" and not each.contact_name else each
        for each in found
    )


def _words(message: MessageBody, story: Story | None) -> str:
    attributes = message.content_attributes
    text = message.content or ""
    if attributes.get("is_unsupported") is True or message.content_type == "voice_call":
        return ""
    if story is not None and story.kind == "mention":
        return ""
    if "whatsapp_flow_response" in attributes:
        return flow_answers(attributes)
    if message.attachments and all(each.file_type == "contact" for each in message.attachments):
        return ""
    return newly_written(text) if message.content_type == "incoming_email" else text


def _story(message: MessageBody) -> Story | None:
    attributes = message.content_attributes
    url = _text(attributes.get("story_url"), _URL_LIMIT) or None
    kinds = {each.file_type for each in message.attachments}
    if attributes.get("image_type") == "story_mention" or "story_mention" in kinds:
        return Story(kind="mention", url=url)
    if url or attributes.get("story_id"):
        return Story(kind="reply", url=url)
    return None


def _referral(value: Any) -> Referral | None:
    if not isinstance(value, Mapping):
        return None
    read = Referral(
        headline=_text(value.get("headline")),
        body=_text(value.get("body")),
        source_url=_text(value.get("source_url"), _URL_LIMIT),
        source_type=_text(value.get("source_type")),
        source_id=_text(value.get("source_id")),
    )
    return read if read != Referral() else None


def _text(value: Any, limit: int = _FIELD_LIMIT) -> str:
    return value.strip()[:limit] if isinstance(value, str) else ""
