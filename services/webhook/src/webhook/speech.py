"""From a command that says something to the messages to be created. Pure."""

from __future__ import annotations

from common.commands import SendMessage, SendPrivateNote, SendTemplate
from webhook.channel_rules import Part, note_parts, parts_of, rules_of
from webhook.chatwoot_client import Draft, Template
from webhook.stamp import Stamp

Speech = SendMessage | SendTemplate | SendPrivateNote


def parts_to_say(command: Speech, channel: str) -> tuple[Part, ...]:
    """The messages that a command becomes in a channel."""
    match command:
        case SendMessage():
            return parts_of(command.text, command.choices, rules_of(channel))
        case SendPrivateNote():
            return note_parts(command.text)
        case _:
            return (Part(command.text),)


def stamp_of(command: Speech, part: int) -> Stamp:
    """The mark of one of its messages, numbered from 1."""
    return Stamp(command_id=command.command_id, turn_id=command.turn_id, part=part)


def draft_of(command: Speech, part: Part, number: int) -> Draft:
    """What Chatwoot is asked to create."""
    template = None
    if isinstance(command, SendTemplate):
        template = Template(
            name=command.name, language=command.language, category=command.category, body=command.params
        )
    return Draft(
        text=part.text,
        stamp=stamp_of(command, number),
        private=isinstance(command, SendPrivateNote),
        choices=part.choices,
        template=template,
    )
