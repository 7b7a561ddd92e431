"""Bodies of the control API."""

from __future__ import annotations

import base64
from typing import Any, Literal, TypeVar

import orjson
from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from simulator.chatwoot.model import Account, Attachment, Conversation
from simulator.model.answers import Scripted
from simulator.state import STATE


class _Body(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ChangeAccount(_Body):
    """What can be changed of an account; None leaves it."""

    bot_webhook_url: str | None = None
    bot_webhook_secret: str | None = None
    account_webhook_url: str | None = None
    account_webhook_secret: str | None = None
    subscriptions: tuple[str, ...] | None = None
    keep_pending_on_bot_failure: bool | None = None


class NewCustomer(_Body):
    """A customer; without a phone they come with an id that has none."""

    name: str = Field(min_length=1, max_length=100)
    phone: str | None = Field(default=None, pattern=r"^\+[0-9]{8,15}$")
    inbox_id: int | None = None
    blocked: bool = False


class NewAttachment(_Body):
    """A file (base64), a place or a contact card."""

    file_type: Literal["image", "audio", "video", "file", "location", "contact"] = "file"
    content_type: str = "application/octet-stream"
    file_name: str = "file.bin"
    data: str = ""
    latitude: float = 0.0
    longitude: float = 0.0
    title: str = ""

    def build(self, number: int) -> Attachment:
        """The attachment as it is stored."""
        return Attachment(
            number,
            self.file_type,
            self.content_type,
            self.file_name,
            base64.b64decode(self.data),
            latitude=self.latitude,
            longitude=self.longitude,
            title=self.title,
        )


class NewMessages(_Body):
    """What a customer sends: a burst, one text after the other. None is a message without text."""

    texts: tuple[str | None, ...] = Field(min_length=1, max_length=1000)
    gap_seconds: float = Field(default=0.0, ge=0, le=60)
    in_reply_to: int | None = None
    attachments: tuple[NewAttachment, ...] = ()
    """Come with the first text."""


class Typing(_Body):
    """The customer starts or stops typing."""

    on: bool = True


class Action(_Body):
    """What a person of the company does. Without `user_id` it is the first one."""

    action: Literal[
        "reply",  # from the panel
        "phone_reply",  # from the paired phone
        "note",
        "assign",
        "unassign",
        "hand_back",  # to the bot
        "resolve",
        "open",
        "pending",
        "snooze",
        "close_window",  # WhatsApp's 24 hours are over
        "delete_last",  # of the public messages
    ]
    text: str = ""
    user_id: int | None = None


class Advance(_Body):
    """Move the clock."""

    advance_seconds: float = Field(ge=0)


class ChangeOdoo(_Body):
    """The server as a whole."""

    series: int | None = Field(default=None, ge=17, le=20)
    latency_seconds: float | None = Field(default=None, ge=0, le=120)


class NewDatabase(_Body):
    """A database with the sample company."""

    name: str = Field(min_length=1)
    login: str = "assistente@casajabuticaba.example"
    api_key: str = Field(min_length=1)


class ChangeDatabase(_Body):
    """Rights and key of the database's user."""

    denied_models: tuple[str, ...] | None = None
    api_key: str | None = None


class ChangeProduct(_Body):
    """Price and stock of a variant."""

    list_price: float | None = Field(default=None, ge=0)
    stock: dict[int, tuple[float, float]] = Field(default_factory=dict)
    active: bool | None = None


class ModelScript(_Body):
    """Answers to be given, in order."""

    key: str = "*"
    answers: tuple[Scripted, ...] = Field(min_length=1)


B = TypeVar("B", bound=BaseModel)


async def read(request: web.Request, kind: type[B]) -> B:
    """Read a body.

    Raises:
        web.HTTPUnprocessableEntity: names every wrong field.
    """
    try:
        return kind.model_validate_json(await request.read() or b"{}")
    except ValidationError as error:
        raise _refusal(web.HTTPUnprocessableEntity, error.errors(include_url=False, include_context=False)) from error


def _refusal(kind: type[web.HTTPException], detail: Any) -> web.HTTPException:
    body = orjson.dumps({"error": detail}, default=str).decode()
    return kind(text=body, content_type="application/json")


def missing(what: str) -> web.HTTPException:
    """A 404 that names what is not there."""
    return _refusal(web.HTTPNotFound, f"no such {what}")


def account_of(request: web.Request) -> Account:
    """The account of the path."""
    number = request.match_info["account_id"]
    account = request.app[STATE].chatwoot.world.accounts.get(int(number) if number.isdigit() else 0)
    if account is None:
        raise missing("account")
    return account


def conversation_of(request: web.Request) -> Conversation:
    """The conversation of the path."""
    number = request.match_info["conversation_id"]
    conversation = account_of(request).conversations.get(int(number) if number.isdigit() else 0)
    if conversation is None:
        raise missing("conversation")
    return conversation


def answer(body: Any, status: int = 200) -> web.Response:
    """A JSON answer."""
    encoded = orjson.dumps(body, option=orjson.OPT_NON_STR_KEYS, default=_plain)
    return web.Response(body=encoded, status=status, content_type="application/json")


def _plain(value: Any) -> Any:
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json")
    raise TypeError(type(value).__name__)
