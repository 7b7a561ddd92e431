"""What a run of the agent works with: one turn, its evidence, and the hands that do what the model asks for."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Protocol

from common.commands import HandOffReason
from common.facts import ToolUse, Verdict
from common.odoo_answers import OrderStatuses, QuotePreview
from common.odoo_commands import OdooCommand, OdooCommandResult
from common.queries import QuoteRequestLine
from hub.agent.evidence import Evidence
from hub.answering import Proposal, TurnInput
from hub.identity import Customer, ProofOutcome
from hub.personal_data import Masking
from hub.responder.parts import Turn

StillWanted = Callable[[TurnInput], Awaitable[bool]]
"""Whether the answer of this attempt can still be sent: no newer message, no person, the lease still held."""


class Identity(Protocol):
    """Who writes (`hub.identity.IdentityDesk`)."""

    async def customer(self, turn: TurnInput) -> Customer | None:
        """Who writes, if that was proved in this conversation."""
        ...

    async def prove(self, turn: TurnInput, claim: str, order_reference: str | None = None) -> ProofOutcome:
        """Try to prove it with the customer's words."""
        ...


class CustomerBusiness(Protocol):
    """A customer's business in Odoo (`hub.odoo_customers.OdooCustomers`)."""

    async def orders(self, turn: TurnInput, customer: Customer, reference: str | None) -> OrderStatuses:
        """The customer's own orders."""
        ...

    async def quote(self, turn: TurnInput, lines: list[QuoteRequestLine], customer: Customer | None) -> QuotePreview:
        """What a cart costs."""
        ...

    async def order(self, command: OdooCommand) -> OdooCommandResult | None:
        """Order something in Odoo."""
        ...


@dataclass
class AgentTurn:
    """The dependencies of the agent's tools. Tenant and customer are here and never a tool's argument."""

    view: Turn
    evidence: Evidence
    masking: Masking
    offered: frozenset[str]
    still_wanted: StillWanted
    identity: Identity | None = None
    business: CustomerBusiness | None = None
    customer: Customer | None = None
    uses: list[ToolUse] = field(default_factory=list)
    done: list[str] = field(default_factory=list)
    """What was really ordered in Odoo in this turn: `quotation`, `lead`."""
    proposal: Proposal | None = None
    """What was proposed in this turn, to be agreed to in a later one."""
    proving: str | None = None
    """A code was asked for in this turn: the order to tell of when it is right, empty for the newest ones."""
    must_hand_off: HandOffReason | None = None
    """Something that only people can go on with; whatever the model says, they get the conversation."""
    refusals: int = 0
    """How often the gate has sent the model's answer back."""
    verdicts: list[Verdict] = field(default_factory=list)
    """What was refused on the way."""
    accepted: tuple[Verdict, ...] = ()
    """The gate's verdicts on the answer that passed."""

    @property
    def turn(self) -> TurnInput:
        """The turn itself."""
        return self.view.input
