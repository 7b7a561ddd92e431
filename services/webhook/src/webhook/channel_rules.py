"""What each channel of Chatwoot can carry, as a table, and a reply made into messages that fit. Pure.

Chatwoot stores almost anything and finds out later that the channel refuses it: the rules are applied before.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from common.commands import Choice
from webhook.channel_text import Markup, shown_as
from webhook.splitting import length, split

CHATWOOT_LIMIT: Final = 150_000
"""Characters that Chatwoot itself stores in one message."""


@dataclass(frozen=True)
class Menu:
    """How a channel shows a choice that Chatwoot calls `input_select`. Up to `buttons` items are buttons."""

    buttons: int = 0
    button_length: int = 0
    rows: int = 0
    row_length: int = 0
    text_limit: int = CHATWOOT_LIMIT
    """Of the text above it."""

    def takes(self, choices: Sequence[Choice]) -> bool:
        """Whether all of it would be shown."""
        titles = [each.title for each in choices]
        if len(set(titles)) < len(titles) or not all(each.strip() for each in titles):
            return False
        if len(titles) <= self.buttons:
            return all(length(each) <= self.button_length for each in titles)
        return len(titles) <= self.rows and all(length(each) <= self.row_length for each in titles)


@dataclass(frozen=True)
class Rules:
    """One kind of channel."""

    limit: int
    markup: Markup
    menu: Menu | None = None
    """None: a choice is numbered text, and the customer answers with the number or the words."""
    reports_hand_over: bool = False
    """A message gets a `source_id` when the channel has taken it: then the next one cannot overtake it."""
    typing: bool = False
    """The customer can see a typing sign."""
    templates: bool = False
    """Approved templates may be sent when the customer wrote too long ago."""


_META: Final = Menu(buttons=3, button_length=20, rows=10, row_length=24, text_limit=1024)
_ANY: Final = Menu(rows=50, row_length=200)

WHATSAPP: Final = "Channel::Whatsapp"
CHANNELS: Final[Mapping[str, Rules]] = {
    WHATSAPP: Rules(4096, "phone", _META, reports_hand_over=True, templates=True),
    # One name for SMS and WhatsApp by Twilio: its own limit is the same for both, and neither has buttons.
    "Channel::TwilioSms": Rules(1600, "phone", reports_hand_over=True),
    "Channel::Sms": Rules(320, "raw", reports_hand_over=True),
    "Channel::Instagram": Rules(1000, "phone", reports_hand_over=True),
    "Channel::FacebookPage": Rules(
        2000, "phone", Menu(rows=13, row_length=20, text_limit=2000), reports_hand_over=True
    ),
    "Channel::Telegram": Rules(4096, "phone", reports_hand_over=True),
    "Channel::Line": Rules(5000, "phone", Menu(rows=10, row_length=20, text_limit=2000)),
    "Channel::Tiktok": Rules(6000, "phone", reports_hand_over=True),
    # Nobody knows what is behind an API inbox, and it gets the text as it is written.
    "Channel::Api": Rules(4096, "raw"),
    "Channel::WebWidget": Rules(CHATWOOT_LIMIT, "html", _ANY, typing=True),
    "Channel::Email": Rules(CHATWOOT_LIMIT, "html"),
}
UNKNOWN: Final = Rules(4096, "phone", _META)
"""Of a channel nobody could tell: what WhatsApp takes, most others take as well."""


def rules_of(channel: str) -> Rules:
    """The rules of a channel, by Chatwoot's name of it."""
    return CHANNELS.get(channel, UNKNOWN)


@dataclass(frozen=True)
class Part:
    """One message to be created."""

    text: str
    choices: tuple[Choice, ...] = ()


def parts_of(text: str, choices: Sequence[Choice], rules: Rules) -> tuple[Part, ...]:
    """The messages that say this, in order: at least one, with the choice under the last of them."""
    said = shown_as(text, rules.markup)
    if choices and (rules.menu is None or not rules.menu.takes(choices)):
        said = f"{said}\n\n{numbered(choices, rules.markup)}".strip()
        choices = ()
    texts = split(said, rules.limit) or ("",)
    if choices and rules.menu and length(texts[-1]) > rules.menu.text_limit:
        texts = (*texts[:-1], *split(texts[-1], rules.menu.text_limit))
    last = len(texts) - 1
    return tuple(Part(each, tuple(choices) if index == last else ()) for index, each in enumerate(texts))


def note_parts(text: str) -> tuple[Part, ...]:
    """A note for the people: only Chatwoot's own limit counts."""
    return tuple(Part(each) for each in split(shown_as(text, "html"), CHATWOOT_LIMIT)) or (Part(""),)


def numbered(choices: Sequence[Choice], markup: Markup) -> str:
    """The choice as a list: its numbers are what `2` in the customer's answer means."""
    return "\n".join(f"{number}. {shown_as(each.title, markup)}" for number, each in enumerate(choices, start=1))
