"""The port between a turn and whatever answers it.

The turn engine knows nothing of retrieval or models; a responder knows nothing of NATS, leases or Chatwoot. Both speak
in these values, and every responder (built in, or with a model) gives the same `Reply`.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Literal, Protocol

from common.commands import Choice, HandOffReason
from common.errors import OdooAiError
from common.events import Attachment, Contact, Referral, Story
from common.facts import Fact, Source, ToolUse, Verdict
from common.message import Frozen
from common.query_answers import TurnOutcome
from common.tenants import Locale, TenantProfile


class CustomerMessage(Frozen):
    """A customer message that waits for its answer."""

    message_id: int
    text: str
    at: datetime
    attachments: tuple[Attachment, ...] = ()
    content_type: str = "text"
    in_reply_to: int | None = None
    unsupported: bool = False
    subject: str = ""
    """Of an e-mail."""
    referral: Referral | None = None
    """The advertisement the customer came from."""
    story: Story | None = None
    quoted: str = ""
    """What the message that this one answers had said; empty when it answers none, or an unknown one."""
    listen_until: datetime | None = None
    """There is a recording in it whose transcript may come until then."""

    @property
    def words(self) -> str:
        """What was written, and what was spoken as far as it was transcribed."""
        spoken = [each.transcribed_text for each in self.attachments if each.transcribed_text]
        return "\n".join(text for text in (self.text, *spoken) if text.strip())


class HistoryLine(Frozen):
    """One earlier line of the conversation, oldest first."""

    speaker: Literal["customer", "assistant", "person"]
    text: str
    at: datetime
    message_ids: tuple[int, ...] = ()
    """Its messages in Chatwoot; empty until they are known."""
    turn_id: str = ""
    """The turn that said it."""


class ProposedLine(Frozen):
    """One line of a proposal: a product by its item id, and how many."""

    product_id: str
    quantity: Decimal


class Proposal(Frozen):
    """What was proposed to the customer and is ordered in Odoo when they agree, as it was proposed."""

    kind: Literal["quotation", "lead"]
    lines: tuple[ProposedLine, ...] = ()
    title: str = ""
    total: Decimal | None = None
    currency: str = ""
    turn_id: str
    """The turn that proposed it: an agreement comes in a later one."""


class Memory(Frozen):
    """What a responder remembers between turns. It is part of the conversation's state, so it stays small."""

    language: Locale | None = None
    greeted: bool = False
    misses: int = 0
    """Turns in a row without an answer; a second one ends in a hand-off."""
    offered: tuple[Choice, ...] = ()
    """What the last message offered to pick: "2" or a title typed by hand is mapped back to its value."""
    product_ids: tuple[str, ...] = ()
    """Products spoken of last: what "and in blue?" or "how much is it?" refer to."""
    proposal: Proposal | None = None
    proving: str | None = None
    """A proof of identity was asked for, before this order (empty: the newest ones) is told of."""


class TurnInput(Frozen):
    """All a responder may know. `messages` is the burst to be answered at once, oldest first, never empty."""

    tenant: TenantProfile
    messages: tuple[CustomerMessage, ...]
    history: tuple[HistoryLine, ...] = ()
    contact: Contact | None = None
    memory: Memory = Memory()
    now: datetime
    """Aware, UTC. Opening hours and promotion dates are judged in the tenant's zone."""
    summary: str = ""
    """What the lines before `history` were about, when the conversation is longer than what is kept."""
    conversation_id: int = 0
    """0: there is no conversation (a question by API, an evaluation)."""
    channel: str = ""
    """Chatwoot's name of the channel, e.g. `Channel::Whatsapp`; empty: unknown."""
    turn_id: str = ""
    lease_token: str = ""
    """The attempt this is, to ask whether its answer is still wanted."""
    recent_turns: tuple[datetime, ...] = ()
    """When this conversation's latest turns were."""
    rehearsal: bool = False
    """Answer only: nothing may be ordered, and nothing is counted against the contact."""

    @property
    def text(self) -> str:
        """The burst as one text."""
        return "\n".join(message.words for message in self.messages if message.words)


class Reply(Frozen):
    """What a responder decided.

    `answered`: say `text` (never empty). `handed_off`: say `text` if there is one, write `note` for the people, open
    the conversation. `ignored`: say nothing, `reason` tells why.
    """

    outcome: TurnOutcome
    reason: str
    text: str = ""
    asked: bool = False
    """Nothing is answered yet: the text asks the customer back."""
    choices: tuple[Choice, ...] = ()
    hand_off_reason: HandOffReason | None = None
    note: str = ""
    sources: tuple[Source, ...] = ()
    facts: tuple[Fact, ...] = ()
    verdicts: tuple[Verdict, ...] = ()
    memory: Memory = Memory()
    responder: str = "built_in"
    """`built_in`, or the model that answered, as the tenant names it."""
    why_not_model: str = ""
    """Why the built-in responder answered although the tenant has a model; empty: it was not meant to."""
    prompt_version: str = ""
    intent: str = ""
    confidence: float | None = None
    tools: tuple[ToolUse, ...] = ()
    input_tokens: int = 0
    cached_tokens: int = 0
    """Of the input tokens, those the provider had in its cache."""
    output_tokens: int = 0
    cost_usd: float = 0.0


class Responder(Protocol):
    """Answers a burst. Sends nothing and stores nothing: the turn engine does, if the turn is still current."""

    async def respond(self, turn: TurnInput) -> Reply:
        """Decide what to say.

        Every claim in the reply has passed the truth gate. Trouble with a tool becomes a hand-off with the reason
        `tool_failure`, never an exception text to a customer.
        """
        ...


class NotWanted(OdooAiError):
    """The answer in the making is not wanted any more: a newer message, a person, another hub. Nothing is sent."""
