"""WhatsApp: takes what Chatwoot hands over, some time later, or refuses it even later."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from simulator.chatwoot import text
from simulator.chatwoot.events import Events
from simulator.chatwoot.model import WHATSAPP, Message, World
from simulator.faults import FaultBoard
from simulator.timers import Timers

WINDOW_CLOSED = (
    "Message not sent because the WhatsApp 24-hour customer service window is closed and no template parameters were "
    "provided. Send an approved template message instead."
)
TOO_LONG = "(#100) Invalid parameter: text.body must be at most 4096 characters"
BAD_CHOICES = "(#131009) Parameter value is not valid"
_TEXT_LIMIT = 4096
_BUTTONS, _BUTTON_TITLE, _ROWS, _ROW_TITLE = 3, 20, 10, 24


@dataclass(frozen=True)
class Pace:
    """How long WhatsApp takes, in seconds."""

    accepted: float = 0.15
    delivered: float = 0.15
    read: float | None = None


class Channel:
    """Carries public outgoing messages to the customer's phone."""

    def __init__(self, world: World, events: Events, timers: Timers, faults: FaultBoard, pace: Pace) -> None:
        self._world = world
        self._events = events
        self._timers = timers
        self._faults = faults
        self._pace = pace

    def send(self, message: Message) -> None:
        """Hand a message over. One that has a source id already counts as coming from the channel: it is not sent."""
        if not message.public_reply or message.source_id:
            return
        if message.conversation.inbox.channel != WHATSAPP:
            self._show(message)
            return
        conversation = message.conversation
        spec = self._faults.take("whatsapp", str(conversation.account.id), "send", str(conversation.id))
        if spec is not None and spec.kind == "stuck":
            return
        error = spec.message if spec is not None and spec.kind == "fail" else self._refusal(message)
        wait = self._pace.accepted + (spec.delay if spec is not None and spec.kind == "slow" else 0)
        if error:
            self._timers.later(wait, self.fail, message, error)
        else:
            self._timers.later(wait, self._accept, message)

    def _refusal(self, message: Message) -> str:
        now = self._world.clock.now()
        if not message.conversation.can_reply(now) and "template_params" not in message.additional_attributes:
            return WINDOW_CLOSED
        if len(message.content or "") > _TEXT_LIMIT:
            return TOO_LONG
        return "" if message.content_type != "input_select" or _choices_fit(message) else BAD_CHOICES

    def fail(self, message: Message, error: str) -> None:
        """The channel refused: Chatwoot marks the message, minutes later in real life."""
        message.status = "failed"
        message.content_attributes = {**message.content_attributes, "external_error": error}
        self._touch(message)

    def report(self, message: Message, status: str, error: str | None) -> None:
        """An API channel tells what became of a message."""
        if (message.status, status) == ("read", "delivered"):
            return
        message.status = status
        if error is not None:
            message.content_attributes = {**message.content_attributes, "external_error": error}
        self._touch(message)

    def _accept(self, message: Message) -> None:
        message.source_id = f"wamid.{secrets.token_hex(12).upper()}"
        self._show(message)
        self._touch(message)
        self._timers.later(self._pace.delivered, self._progress, message, "delivered")

    def _progress(self, message: Message, status: str) -> None:
        if message.status == "failed":
            return
        message.status = status
        self._touch(message)
        if status == "delivered" and self._pace.read is not None:
            self._timers.later(self._pace.read, self._progress, message, "read")

    def _show(self, message: Message) -> None:
        message.on_phone_at = self._world.clock.now()
        if message.content is not None:
            is_whatsapp = message.conversation.inbox.channel == WHATSAPP
            message.on_phone_text = text.whatsapp(message.content) if is_whatsapp else message.content

    def _touch(self, message: Message) -> None:
        message.touch(self._world.clock.now())
        self._events.message("message_updated", message)


def _choices_fit(message: Message) -> bool:
    titles = [str(item.get("title", "")) for item in message.content_attributes.get("items", [])]
    if len(titles) <= _BUTTONS:
        return all(0 < len(title) <= _BUTTON_TITLE for title in titles)
    return len(titles) <= _ROWS and all(0 < len(title) <= _ROW_TITLE for title in titles)
