"""Chatwoot's webhook bodies, as far as they are read.

Only the fields named here are ever copied: bodies also carry the contact's websocket token and, for inboxes, whole
channel rows with credentials. Required is what an event cannot do without; anything else that is missing or of an
unexpected shape (older and newer versions differ) reads as its default, because a customer's message must not be lost
for the sake of a label.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any, TypeVar

from pydantic import BeforeValidator, Field, ValidationError, ValidatorFunctionWrapHandler, WrapValidator

from common.message import Frozen

T = TypeVar("T")

Id = Annotated[int, Field(gt=0, lt=2**63)]


def _else(default: Any) -> WrapValidator:
    def lenient(value: Any, validate: ValidatorFunctionWrapHandler) -> Any:
        try:
            return validate(value)
        except ValidationError:
            return default

    return WrapValidator(lenient)


def _moment(value: Any) -> datetime | None:
    """ISO 8601 at the top level, epoch seconds in nested messages; None for anything else."""
    try:
        if isinstance(value, str):
            parsed = datetime.fromisoformat(value)
            return parsed.astimezone(UTC) if parsed.tzinfo else parsed.replace(tzinfo=UTC)
        if isinstance(value, int | float) and not isinstance(value, bool):
            return datetime.fromtimestamp(value, UTC)
    except (ValueError, OverflowError, OSError):
        return None
    return None


def _epoch(value: Any) -> float | None:
    """A float in conversation bodies; ISO 8601 in the nested messages of some versions."""
    moment = _moment(value)
    if moment is None:
        return None
    return float(value) if isinstance(value, int | float) else moment.timestamp()


def _members(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _object(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


OptionalText = Annotated[str | None, _else(None)]
OptionalId = Annotated[Id | None, _else(None)]
OptionalNumber = Annotated[Annotated[float, Field(allow_inf_nan=False)] | None, _else(None)]
Flag = Annotated[bool, _else(False)]
Moment = Annotated[datetime | None, BeforeValidator(_moment)]
Epoch = Annotated[float | None, BeforeValidator(_epoch)]
Object = Annotated[dict[str, Any], BeforeValidator(_object)]


class Reference(Frozen):
    """An account, inbox or team: its id is all that is read."""

    id: Id


class Party(Frozen):
    """A contact, user or bot. Contacts at the top level have no `type`."""

    id: Id
    name: OptionalText = None
    type: OptionalText = None
    email: OptionalText = None
    phone_number: OptionalText = None
    identifier: OptionalText = None
    blocked: Flag = False


OptionalParty = Annotated[Party | None, _else(None)]
OptionalReference = Annotated[Reference | None, _else(None)]


class Meta(Frozen):
    """Who takes part in a conversation."""

    sender: OptionalParty = None
    assignee: OptionalParty = None
    assignee_type: OptionalText = None
    team: OptionalReference = None


class ContactInbox(Frozen):
    """The link between contact and inbox; its websocket token is not read."""

    contact_id: OptionalId = None


class ConversationBody(Frozen):
    """A conversation, nested in a message or as the body of its own event."""

    id: Id
    inbox_id: OptionalId = None
    status: OptionalText = None
    channel: OptionalText = None
    can_reply: Annotated[bool, _else(True)] = True
    labels: Annotated[tuple[Any, ...], BeforeValidator(_members)] = ()
    meta: Annotated[Meta, _else(Meta())] = Meta()
    contact_inbox: Annotated[ContactInbox, _else(ContactInbox())] = ContactInbox()
    updated_at: Epoch = None
    last_activity_at: Epoch = None
    timestamp: Epoch = None


class ConversationEventBody(ConversationBody):
    """The body of a conversation event."""

    changed_attributes: Annotated[list[Any] | None, _else(None)] = None


class CardMeta(Frozen):
    """Whose contact card it is. Chatwoot keeps the channel's own spelling."""

    first_name: Annotated[OptionalText, Field(validation_alias="firstName")] = None
    last_name: Annotated[OptionalText, Field(validation_alias="lastName")] = None

    @property
    def name(self) -> str | None:
        """Both names, as far as there are any."""
        return " ".join(each.strip() for each in (self.first_name, self.last_name) if each and each.strip()) or None


class AttachmentBody(Frozen):
    """A file, place or contact card."""

    id: Id
    file_type: OptionalText = None
    content_type: OptionalText = None
    data_url: OptionalText = None
    file_size: OptionalId = None
    fallback_title: OptionalText = None
    transcribed_text: OptionalText = None
    coordinates_lat: OptionalNumber = None
    coordinates_long: OptionalNumber = None
    meta: Annotated[CardMeta, _else(CardMeta())] = CardMeta()


def _attachments(value: Any) -> list[AttachmentBody]:
    found = []
    for each in _members(value):
        try:
            found.append(AttachmentBody.model_validate(each))
        except ValidationError:
            continue
    return found


class MessageBody(Frozen):
    """The body of a message event."""

    id: Id
    message_type: str | int
    content: OptionalText = None
    content_type: OptionalText = None
    content_attributes: Object = Field(default_factory=dict)
    additional_attributes: Object = Field(default_factory=dict)
    private: Flag = False
    sender: OptionalParty = None
    source_id: OptionalText = None
    created_at: Moment = None
    attachments: Annotated[tuple[AttachmentBody, ...], BeforeValidator(_attachments)] = ()
    conversation: ConversationBody
