"""Which tools a turn gets: few tools are a small prompt, and what is not offered cannot be called."""

from __future__ import annotations

from typing import Final

from hub.answering import TurnInput
from hub.personal_data import find
from hub.responder.burst import read_burst
from hub.responder.intents import understand

LOOK_UP: Final = frozenset({"search_products", "search_knowledge"})
_ORDER_TOOLS: Final = frozenset({"verify_identity", "order_status"})
_RECENT_LINES: Final = 6
_IDENTITY_KINDS: Final = frozenset({"CPF", "CNPJ", "EMAIL"})


def offered_tools(turn: TurnInput) -> frozenset[str]:
    """The tools that fit what is talked about, by phrases and by what is under way."""
    questions = read_burst(turn.messages).questions
    recent = [understand(line.text) for line in turn.history[-_RECENT_LINES:] if line.speaker == "customer"]
    names = set(LOOK_UP)
    if any(question.wants("hours", "booking") for question in questions):
        names.add("opening_hours")
    if any(question.wants("order_status") for question in (*questions, *recent)) or _proves_something(turn):
        names |= _ORDER_TOOLS
    if turn.tenant.has_odoo and not turn.rehearsal:
        if turn.memory.proposal is not None:
            names.add("confirm_proposal")
        if any(question.wants("price", "stock", "reservation") for question in (*questions, *recent)):
            names.add("propose_quotation")
        names.add("propose_lead")
    return frozenset(names)


def _proves_something(turn: TurnInput) -> bool:
    """The customer sent a tax id or an e-mail address, as one is asked to for a step-up."""
    return any(found.kind in _IDENTITY_KINDS for found in find(turn.text))
