"""Message bodies become events: who wrote, and what an update really changed."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final, Literal

from common.events import (
    ChatwootEvent,
    CustomerMessageReceived,
    HumanReplied,
    MessageDelivered,
    MessageEdited,
    MessageFailed,
    OtherBotReplied,
    ReplyObserved,
    SurveyAnswered,
)
from webhook.address import address_of
from webhook.arrival import Arrival, Ignored, read
from webhook.bodies import MessageBody
from webhook.customer_content import attachments_of, customer_content
from webhook.errors import UnreadableWebhook
from webhook.form_answers import Survey, submitted, survey_answer
from webhook.snapshot import Common, changed_at, common_of, contact_of
from webhook.stamp import stamp_in

Direction = Literal["incoming", "outgoing", "activity", "template"]

# Webhooks name the type, REST rows and the old system's proxies number it.
_DIRECTIONS: Final[Mapping[str | int, Direction]] = {
    "incoming": "incoming",
    0: "incoming",
    "0": "incoming",
    "outgoing": "outgoing",
    1: "outgoing",
    "1": "outgoing",
    "activity": "activity",
    2: "activity",
    "2": "activity",
    "template": "template",
    3: "template",
    "3": "template",
}
_REASON_LIMIT = 500


def created_message(body: Mapping[str, Any], arrival: Arrival) -> ChatwootEvent | Ignored:
    """A message was written: by the customer, by a person, by another bot, or by us.

    All of them share one id, `cw:<tenant>:message_created:<message id>`: whatever way and however often Chatwoot
    reports a message, it is one fact.
    """
    message, direction = _read(body)
    if message.private:
        return Ignored("private_note")
    if direction in ("template", "activity"):
        return Ignored("template" if direction == "template" else "activity")
    common = _common(message, body, arrival, occurred_at=message.created_at or arrival.received_at)
    event_id = f"cw:{arrival.tenant.tenant}:message_created:{message.id}"
    if direction == "incoming":
        return _received(message, event_id, common)
    return _outgoing(message, event_id, common)


def _received(message: MessageBody, event_id: str, common: Common) -> CustomerMessageReceived:
    contact = contact_of(message.sender, message.conversation)
    if contact is None:
        raise UnreadableWebhook("missing or unusable: sender")
    content = customer_content(message)
    fields = {name: getattr(content, name) for name in type(content).model_fields}
    return CustomerMessageReceived(event_id=event_id, message_id=message.id, contact=contact, **fields, **common)


def _outgoing(message: MessageBody, event_id: str, common: Common) -> ChatwootEvent:
    stamp = stamp_in(message.content_attributes)
    if stamp:
        return ReplyObserved(
            event_id=event_id,
            message_id=message.id,
            command_id=stamp.command_id,
            turn_id=stamp.turn_id,
            **common,
        )
    bot = _other_bot(message)
    if bot:
        return OtherBotReplied(event_id=event_id, message_id=message.id, sender_kind=bot, **common)
    person = message.sender
    return HumanReplied(
        event_id=event_id,
        message_id=message.id,
        user_id=person.id if person else None,
        user_name=person.name if person else None,
        via="phone_echo" if message.content_attributes.get("external_echo") else "panel",
        text=message.content or "",
        attachments=attachments_of(message),
        **common,
    )


def _other_bot(message: MessageBody) -> str | None:
    """What wrote an outgoing message without our stamp, when it was no person.

    In doubt it was a person: the price of being wrong is a silent bot, not a bot that talks over somebody.
    """
    if message.additional_attributes.get("campaign_id"):
        return "campaign"
    if message.content_attributes.get("automation_rule_id"):
        return "automation"
    if message.sender is None:
        return None if message.content_attributes.get("external_echo") else "unknown"
    return {"agent_bot": "agent_bot", "captain_assistant": "captain"}.get(message.sender.type or "user")


def updated_message(body: Mapping[str, Any], arrival: Arrival) -> ChatwootEvent | Ignored:
    """A message changed. Bodies do not say how, so the marks a change leaves are looked for.

    One message passes through here several times (sent, delivered, read): ids name the change, so each counts once.
    """
    message, direction = _read(body)
    if message.private:
        return Ignored("private_note")
    common = _common(message, body, arrival, occurred_at=changed_at(message.conversation, arrival))
    survey = survey_answer(message.content_attributes) if message.content_type == "input_csat" else None
    if survey:
        return _rated(message, survey, common)
    edit = _edit(message, direction)
    if isinstance(edit, Ignored):
        return edit
    if edit:
        return _edited(message, edit, common)
    if direction != "outgoing":
        return Ignored("no_relevant_change")
    return _fate(message, common)


def _fate(message: MessageBody, common: Common) -> ChatwootEvent | Ignored:
    prefix = f"cw:{common['tenant']}"
    stamp = stamp_in(message.content_attributes)
    command_id = stamp.command_id if stamp else None
    error = message.content_attributes.get("external_error")
    if isinstance(error, str) and error:
        return MessageFailed(
            event_id=f"{prefix}:message_failed:{message.id}",
            message_id=message.id,
            reason=error[:_REASON_LIMIT],
            command_id=command_id,
            **common,
        )
    from_bot = message.sender is not None and message.sender.type == "agent_bot"
    if message.source_id and (stamp or from_bot):
        return MessageDelivered(
            event_id=f"{prefix}:message_delivered:{message.id}",
            message_id=message.id,
            command_id=command_id,
            **common,
        )
    return Ignored("no_relevant_change")


Change = Literal["submitted", "transcribed", "deleted", "edited"]


def _edit(message: MessageBody, direction: Direction) -> tuple[Change, str] | Ignored | None:
    """What the customer changed: their own message, or the form in one of ours that they filled in."""
    attributes = message.content_attributes
    if attributes.get("deleted") is True:
        return ("deleted", "") if direction == "incoming" else Ignored("no_relevant_change")
    answers = submitted(attributes)
    if answers:
        return "submitted", answers
    if direction != "incoming":
        return None
    transcript = "\n".join(each.transcribed_text for each in message.attachments if each.transcribed_text)
    if transcript:
        return "transcribed", transcript
    # Some channels let a message be written anew. Whether its words are other ones only the hub can tell.
    text = customer_content(message).text
    return ("edited", text) if text else None


def _edited(message: MessageBody, edit: tuple[Change, str], common: Common) -> MessageEdited:
    change, text = edit
    digest = hashlib.sha256(text.encode()).hexdigest()[:12]
    return MessageEdited(
        event_id=f"cw:{common['tenant']}:message_edited:{message.id}:{change}:{digest}",
        message_id=message.id,
        change=change,
        text=text,
        attachments=attachments_of(message) if change == "transcribed" else (),
        **common,
    )


def _rated(message: MessageBody, survey: Survey, common: Common) -> SurveyAnswered:
    digest = hashlib.sha256(f"{survey.rating} {survey.feedback}".encode()).hexdigest()[:12]
    return SurveyAnswered(
        event_id=f"cw:{common['tenant']}:survey:{message.id}:{digest}",
        message_id=message.id,
        rating=survey.rating,
        feedback=survey.feedback,
        **common,
    )


def _read(body: Mapping[str, Any]) -> tuple[MessageBody, Direction]:
    message = read(MessageBody, _flat(body))
    direction = _DIRECTIONS.get(message.message_type)
    if direction is None:
        raise UnreadableWebhook("missing or unusable: message_type")
    return message, direction


def _flat(body: Mapping[str, Any]) -> Mapping[str, Any]:
    """Chatwoot sends the message at the top level; senders written for the old system nested it."""
    nested = body.get("message")
    if "id" in body or not isinstance(nested, dict):
        return body
    return {**body, "sender": body.get("contact"), **nested}


def _common(message: MessageBody, body: Mapping[str, Any], arrival: Arrival, *, occurred_at: datetime) -> Common:
    inbox_id = address_of(body).inbox_id
    if inbox_id is None:
        raise UnreadableWebhook("missing or unusable: inbox.id")
    return common_of(message.conversation, arrival, inbox_id=inbox_id, occurred_at=occurred_at)
