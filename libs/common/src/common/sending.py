"""The timer of a conversation whose commands could not be carried out at once: set and read by the webhook service."""

from __future__ import annotations

from datetime import datetime

from common.message import Message, MessageRegistry


class SendingDue(Message):
    """Try the waiting commands of a conversation again. Published by the broker's schedule."""

    tenant: str
    conversation_id: int
    due_at: datetime


SENDING_MESSAGES: MessageRegistry[SendingDue] = MessageRegistry("sending", SendingDue)
