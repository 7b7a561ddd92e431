"""What is not text: pictures, recordings, places, cards, calls, stories, and what a message belongs to.

Nothing here is dropped: each gets a sentence that says what the assistant cannot do and what the customer can do next.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final, Literal

from hub.answering import CustomerMessage
from hub.responder.choices import offer
from hub.responder.company import contact_part
from hub.responder.intents import understand
from hub.responder.parts import Part, Turn

Special = Literal[
    "image", "video", "audio", "document", "shared", "unsupported",
    "location", "contact", "call", "story_mention", "story_reply",
]  # fmt: skip

UNREADABLE: Final[frozenset[Special]] = frozenset({"image", "video", "audio", "document", "shared", "unsupported"})
_KINDS: Final[Mapping[str, Special]] = {
    "image": "image",
    "video": "video",
    "audio": "audio",
    "file": "document",
    "location": "location",
    "contact": "contact",
    "story_mention": "story_mention",
}
_KIND_OF_PART: Final[Mapping[Special, str]] = {
    "location": "location",
    "contact": "contact_card",
    "call": "call",
    "story_mention": "story_mention",
    "story_reply": "which_product",
}


def specials_of(messages: Sequence[CustomerMessage]) -> tuple[Special, ...]:
    """What of a burst is not text, oldest first, each kind once."""
    return tuple(dict.fromkeys(special for message in messages for special in _specials(message)))


def _specials(message: CustomerMessage) -> Iterator[Special]:
    if message.unsupported:
        yield "unsupported"
        return
    if message.content_type == "voice_call":
        yield "call"
    if message.story is not None:
        yield "story_mention" if message.story.kind == "mention" else "story_reply"
    if message.content_type == "sticker":
        return
    for each in message.attachments:
        if not each.transcribed_text and each.kind != "sticker":
            yield _KINDS.get(each.kind, "shared")


def special_part(turn: Turn, special: Special) -> Part:
    """What to say to something that is not text, when no words with it can be answered."""
    text = turn.texts.say(f"special_{special}")
    if special == "story_mention":
        return Part(text, "story_mention")
    choices = offer([(turn.texts.say("choice_person"), "person")])
    part = Part(text, _KIND_OF_PART.get(special, "attachment"), choices=choices, missed=True)
    where = contact_part(turn, understand("endereço")) if special == "location" else None
    if where is None:
        return part
    return replace(part, text=f"{text}\n\n{where.text}", facts=where.facts, sources=where.sources, fallback=part)


def contexts(messages: Sequence[CustomerMessage], *, social: bool) -> Iterator[str]:
    """What the words may be about, most telling first: the message they answer, the advertisement they come from.

    `social`: nothing is asked. An answered message then explains nothing ("obrigada!"), an advertisement still does.
    """
    for message in reversed(messages):
        if message.quoted and not social:
            yield f"{message.words} {message.quoted}"
        if message.referral:
            yield from (text for text in (message.referral.headline, message.referral.body) if text)
        if message.subject and not social:
            yield message.subject
