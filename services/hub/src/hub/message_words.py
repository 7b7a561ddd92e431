"""A customer's message as one text: for the history, for people's notes, for a model.

What is no text is shown by a sign that needs no language, the way chat programs preview it, with what is known of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from common.events import Attachment, Referral
from hub.answering import CustomerMessage

_SIGNS: Final[Mapping[str, str]] = {
    "image": "📷",
    "video": "🎬",
    "audio": "🎤",
    "file": "📄",
    "location": "📍",
    "contact": "👤",
}
_SHARED: Final = "🔗"
_STICKER: Final = "💟"
_UNSUPPORTED: Final = "🚫"
_CALL: Final = "📞"
_STORY: Final = "📸"
_QUOTED: Final = "↩️"
_QUOTED_LENGTH: Final = 200
_ADVERTISEMENT: Final = "📣"
_SUBJECT: Final = "✉️"


def described(message: CustomerMessage) -> str:
    """All that a message says, one thing a line: what it belongs to, what is attached, the words."""
    return "\n".join(line for line in (*_belongs_to(message), *_attached(message), message.words) if line)


def survey_line(rating: int | None, feedback: str) -> str:
    """The customer's answer to a satisfaction survey."""
    return f"⭐ {rating if rating is not None else '?'}/5 {feedback}".strip()


def _belongs_to(message: CustomerMessage) -> list[str]:
    lines = []
    if message.referral:
        lines.append(f"{_ADVERTISEMENT} {_advertised(message.referral)}")
    if message.story and not any(each.kind == "story_mention" for each in message.attachments):
        lines.append(_STORY)
    if message.quoted:
        lines.append(f"{_QUOTED} {_one_line(message.quoted)}")
    if message.subject:
        lines.append(f"{_SUBJECT} {message.subject}")
    return lines


def _attached(message: CustomerMessage) -> list[str]:
    if message.unsupported:
        return [_UNSUPPORTED]
    if message.content_type == "voice_call":
        return [_CALL]
    if message.content_type == "sticker":
        return [_STICKER]
    return [_shown(each) for each in message.attachments]


def _shown(attachment: Attachment) -> str:
    sign = _STORY if attachment.kind == "story_mention" else _SIGNS.get(attachment.kind, _SHARED)
    place = ""
    if attachment.latitude is not None and attachment.longitude is not None:
        place = f"({attachment.latitude:g}, {attachment.longitude:g})"
    return " ".join(part for part in (sign, attachment.contact_name, attachment.name, place) if part)


def _advertised(referral: Referral) -> str:
    return _one_line(" | ".join(part for part in (referral.headline, referral.body) if part) or referral.source_url)


def _one_line(text: str) -> str:
    return " ".join(text.split())[:_QUOTED_LENGTH]
