"""The sample company in this process: its knowledge in the real index, its Odoo's values, the built-in responder."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from functools import cache
from typing import Final

from cli.evaluation.conversations import Talk
from cli.evaluation.judging import Heard
from cli.evaluation.sample_customers import SampleCustomers
from cli.evaluation.script import USUAL_NOW, Action, Said, Script
from common.errors import QueryFailed
from common.events import Attachment, Contact
from common.knowledge import KnowledgeItemChanged
from common.query_answers import Price, Stock
from common.tenants import Assistant, TenantProfile
from hub.answering import CustomerMessage, HistoryLine, Memory, Reply, Responder, TurnInput
from hub.responder import BuiltInResponder
from hub.retrieval import KnowledgeBase
from hub.truth_gate import check
from simulator.company.knowledge import company_knowledge
from simulator.company.records import company_records
from simulator.odoo.database import Database, OdooUser
from simulator.odoo.pricing import contextual_price

TENANT: Final = TenantProfile(
    tenant="sample",
    locale="pt-BR",
    timezone="America/Sao_Paulo",
    chatwoot_account_id=1,
    has_odoo=True,
    assistant=Assistant(name="Lia"),
)
_RETAIL: Final = 1
_CHANNEL: Final = "Channel::Whatsapp"
_CONVERSATION: Final = 1


@cache
def sample_knowledge() -> KnowledgeBase:
    """Everything the sample company has told its assistant, on the day of the conversations."""
    base = KnowledgeBase()
    known = company_knowledge(USUAL_NOW.date()).by_kind()
    items = [(kind, item) for kind, all_of_kind in known.items() for item in all_of_kind]
    for sequence, (kind, item) in enumerate(items, start=1):
        change = KnowledgeItemChanged(
            tenant=TENANT.tenant,
            kind=kind,
            item_id=item.id,
            content_hash=item.content_hash(),
            changed_at=USUAL_NOW,
            item=item.model_dump(mode="json"),
        )
        base.apply(change, sequence)
    return base


def _database() -> Database:
    user = OdooUser(id=2, login="bot", api_key="key")
    return Database("sample", user, company_records(USUAL_NOW.date()))


class SampleOdoo:
    """Prices and stock as the sample company's Odoo has them; `down` answers no question."""

    def __init__(self, now: datetime, *, down: bool = False) -> None:
        self._now = now
        self._down = down
        self._database = _database()

    async def prices(self, tenant: str, product_ids: Sequence[int], quantity: Decimal = Decimal(1)) -> dict[int, Price]:
        """Unit prices of the retail pricelist.

        Raises:
            QueryFailed: `unavailable`, when Odoo is down.
        """
        self._answer()
        context = {"pricelist": _RETAIL, "quantity": float(quantity)}
        return {
            each: Price(
                product_id=each,
                unit_price=Decimal(str(contextual_price(self._database, each, context, self._now))),
                currency="BRL",
                quantity=quantity,
                read_at=self._now,
            )
            for each in product_ids
        }

    async def stocks(self, tenant: str, product_ids: Sequence[int]) -> dict[int, Stock]:
        """Free stock of all warehouses together; a service has no end.

        Raises:
            QueryFailed: as above.
        """
        self._answer()
        stock = self._database.stock
        return {
            each: Stock(
                product_id=each,
                free_quantity=sum(
                    (Decimal(str(on_hand - reserved)) for on_hand, reserved in stock.get(each, {}).values()), Decimal(0)
                ),
                unlimited=each not in stock,
                read_at=self._now,
            )
            for each in product_ids
        }

    def _answer(self) -> None:
        if self._down:
            raise QueryFailed("unavailable", "the sample Odoo is down in this conversation")


class SampleCompany:
    """The built-in responder of the sample company. Deterministic, needs nothing that runs."""

    def talk(self, script: Script | None = None) -> Talk:
        """Begin a conversation: on WhatsApp, with orders to ask for, when the script says who writes."""
        now = script.now if script else USUAL_NOW
        down = bool(script and script.odoo == "down")
        contact = Contact(id=1, **script.contact.model_dump(exclude_none=True)) if script and script.contact else None
        care = SampleCustomers(_database(), down=down) if contact else None
        return _SampleTalk(BuiltInResponder(sample_knowledge(), SampleOdoo(now, down=down), care), now, contact)


class _SampleTalk:
    """One conversation; memory and history are kept as the turn engine keeps them."""

    def __init__(self, responder: Responder, now: datetime, contact: Contact | None) -> None:
        self._responder = responder
        self._now = now
        self._contact = contact
        self._memory = Memory()
        self._history: list[HistoryLine] = []
        self._messages = 0

    async def say(self, messages: Sequence[Said]) -> Heard:
        """Send a burst and hear what comes back."""
        burst = tuple(map(self._message, messages))
        turn = TurnInput(
            tenant=TENANT,
            messages=burst,
            history=tuple(self._history),
            contact=self._contact,
            memory=self._memory,
            now=self._now,
            conversation_id=_CONVERSATION if self._contact else 0,
            channel=_CHANNEL if self._contact else "",
        )
        reply = await self._responder.respond(turn)
        self._memory = reply.memory
        self._history += [HistoryLine(speaker="customer", text=each.text, at=each.at) for each in burst]
        if reply.text:
            self._history.append(HistoryLine(speaker="assistant", text=reply.text, at=self._now))
        return self._heard(reply)

    def _message(self, said: Said) -> CustomerMessage:
        self._messages += 1
        recording = Attachment(id=self._messages, kind="audio", transcribed_text=said.voice)
        return CustomerMessage(
            message_id=self._messages,
            text=said.text,
            at=self._now,
            attachments=(recording,) if said.voice else (),
        )

    def _heard(self, reply: Reply) -> Heard:
        proof = check(
            reply.text, reply.facts, self._now, locale=reply.memory.language or TENANT.locale, timezone=TENANT.timezone
        )
        return Heard(
            action=_action(reply),
            text=reply.text,
            reason=reply.hand_off_reason,
            sources=tuple(f"{each.kind}/{each.id}" for each in reply.sources),
            language=reply.memory.language,
            unproved=tuple(verdict.claim for verdict in proof.refused),
        )


def _action(reply: Reply) -> Action:
    if reply.outcome == "handed_off":
        return "hand_off"
    if reply.outcome == "answered":
        return "ask" if reply.asked else "answer"
    return "ignore"
