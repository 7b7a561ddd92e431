"""What a customer changes about a message after it was sent, and what the message they answer had said: pure."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from common.events import Attachment, CustomerMessageReceived, MessageEdited, ReplyObserved
from hub.answering import CustomerMessage, HistoryLine
from hub.conversation import MESSAGE_BYTES, ConversationState, shortened
from hub.message_words import described

_IDS_OF_A_LINE: Final = 5
_QUOTED_BYTES: Final = 500


def message_of(state: ConversationState, event: CustomerMessageReceived) -> CustomerMessage:
    """The message as it waits, with the words of the one it answers."""
    return CustomerMessage(
        message_id=event.message_id,
        text=event.text,
        at=event.occurred_at,
        attachments=event.attachments,
        content_type=event.content_type,
        in_reply_to=event.in_reply_to,
        unsupported=event.unsupported,
        subject=event.subject,
        referral=event.referral,
        story=event.story,
        quoted=quoted(state, event.in_reply_to),
    )


def listening(message: CustomerMessage, now: datetime, seconds: float) -> CustomerMessage:
    """The same message, waiting for the transcript of its recording: Chatwoot may still send one."""
    silent = any(each.kind == "audio" and not each.transcribed_text for each in message.attachments)
    if not silent or seconds <= 0:
        return message
    return message.model_copy(update={"listen_until": now + timedelta(seconds=seconds)})


def changed(message: CustomerMessage, event: MessageEdited) -> CustomerMessage:
    """A waiting message after it was transcribed or written anew; the same one when nothing is different."""
    if event.change == "transcribed":
        heard = event.attachments or tuple(_heard(each, event.text) for each in message.attachments)
        kept = heard[: len(message.attachments)]
        return message if kept == message.attachments else _with(message, attachments=kept, listen_until=None)
    text = shortened(event.text, MESSAGE_BYTES)
    return message if text == message.text else _with(message, text=text)


def _heard(attachment: Attachment, text: str) -> Attachment:
    return attachment.model_copy(update={"transcribed_text": text}) if attachment.kind == "audio" else attachment


def _with(message: CustomerMessage, **changes: object) -> CustomerMessage:
    return message.model_copy(update=changes)


def quoted(state: ConversationState, message_id: int | None) -> str:
    """What the message that is answered said, as far as the history or the waiting messages know it."""
    if message_id is None:
        return ""
    waiting = (described(each) for each in state.pending if each.message_id == message_id)
    told = (line.text for line in state.history if message_id in line.message_ids)
    return shortened(next(waiting, None) or next(told, ""), _QUOTED_BYTES)


def known_as(state: ConversationState, event: ReplyObserved) -> ConversationState:
    """Remember the id that Chatwoot gave to a reply of ours, so that an answer to it can be understood."""

    def named(line: HistoryLine) -> HistoryLine:
        mine = line.turn_id == event.turn_id and event.message_id not in line.message_ids
        ids = (*line.message_ids, event.message_id)[:_IDS_OF_A_LINE]
        return line.model_copy(update={"message_ids": ids}) if mine else line

    return state.model_copy(update={"history": tuple(map(named, state.history))})


def in_history(state: ConversationState, event: MessageEdited) -> ConversationState:
    """A message that was answered already: the history forgets what was deleted, and knows what it says now."""

    def theirs(line: HistoryLine) -> bool:
        return line.speaker == "customer" and event.message_id in line.message_ids

    if event.change == "deleted":
        return state.model_copy(update={"history": tuple(line for line in state.history if not theirs(line))})
    lines = tuple(_reworded(line, event) if theirs(line) else line for line in state.history)
    return state if lines == state.history else state.model_copy(update={"history": lines})


def _reworded(line: HistoryLine, event: MessageEdited) -> HistoryLine:
    text = shortened(event.text, _QUOTED_BYTES * 6)
    if not text or text in line.text:
        return line
    return line.model_copy(update={"text": f"{line.text}\n{text}" if event.change == "transcribed" else text})
