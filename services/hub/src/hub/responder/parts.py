"""What the responder works with: the turn as it sees it, and the part of a reply that answers one question."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from common.commands import Choice, HandOffReason
from common.facts import Fact, Source
from common.knowledge import Company
from common.tenants import Locale
from hub.answering import TurnInput
from hub.responder.ports import CustomerCare, LiveReads
from hub.responder.texts import Texts, texts
from hub.retrieval.port import NOTHING_NEAR, Meanings, Nearest, TenantKnowledge


@dataclass(frozen=True)
class Part:
    """The answer to one question of a burst, with all it stands on."""

    text: str
    kind: str
    """What it is: the reason of the reply, and the key of what was tried."""
    facts: tuple[Fact, ...] = ()
    sources: tuple[Source, ...] = ()
    choices: tuple[Choice, ...] = ()
    product_ids: tuple[str, ...] = ()
    hand_off: HandOffReason | None = None
    missed: bool = False
    """Nothing was found, or not surely enough: the customer was asked."""
    asks: bool = False
    """It offers something else and asks whether that would do: no answer yet, and nothing missed."""
    fallback: Part | None = None
    """What to say instead when the gate refuses this."""
    proving: str | None = None
    """A proof of identity was asked for: the number of the order to tell of then, empty for the newest ones."""
    tried: str = ""
    """What was looked for in vain, for the people who take over."""


@dataclass(frozen=True)
class Turn:
    """The turn, with what every answer needs at hand."""

    input: TurnInput
    language: Locale
    knowledge: TenantKnowledge
    odoo: LiveReads | None
    product_ids: tuple[str, ...] = ()
    """Products spoken of last, in this burst or before."""
    care: CustomerCare | None = None
    meanings: Meanings | None = None
    _near: dict[str, Nearest] = field(default_factory=dict)

    @property
    def texts(self) -> Texts:
        """Sentences in the customer's language."""
        return texts(self.language)

    @property
    def now(self) -> datetime:
        """The moment of the turn, in the tenant's zone."""
        return self.input.now.astimezone(ZoneInfo(self.input.tenant.timezone))

    @property
    def today(self) -> date:
        """The day it is for the company."""
        return self.now.date()

    @property
    def company(self) -> Company | None:
        """The company's profile."""
        return self.knowledge.company()

    async def read_meaning(self, texts: Sequence[str]) -> None:
        """Look for what is near to these texts in meaning; later searches for them know it."""
        if self.meanings is not None:
            self._near.update(await self.meanings.near(self.input.tenant, texts))

    def near(self, text: str) -> Nearest:
        """What is near to a text whose meaning was read."""
        return self._near.get(text, NOTHING_NEAR)

    def speaking_of(self, product_ids: tuple[str, ...]) -> Turn:
        """The same turn after an answer about these products."""
        return replace(self, product_ids=product_ids) if product_ids else self


def person_choice(turn: Turn) -> Choice:
    """The choice of talking to a person."""
    return Choice(title=turn.texts.say("choice_person"), value="person")
