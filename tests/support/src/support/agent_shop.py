"""The little shop of `responder_shop` with a model: the real agent, gate and knowledge, and a scripted provider."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from pydantic import HttpUrl, SecretStr
from support.responder_shop import TENANT, TUESDAY_MORNING, ShopOdoo, usual_knowledge

from common.errors import QueryFailed
from common.events import Contact
from common.health import serve_app
from common.odoo_answers import IdentityVerdict, Order, OrderLine, OrderStatuses, QuoteLine, QuotePreview
from common.odoo_commands import CreateQuotation, OdooCommand, OdooCommandResult
from common.queries import QuoteRequestLine
from common.tenants import Assistant, ModelPrice, ModelProvider, ModelProviders, TenantProfile
from hub.agent.responder import AgentPolicy, AgentPorts, ModelResponder
from hub.answering import CustomerMessage, HistoryLine, Memory, Reply, TurnInput
from hub.budget import Reservation, Spending, reserve, settle
from hub.front import FrontResponder
from hub.identity import Customer, ProofOutcome
from hub.responder import BuiltInResponder
from hub.retrieval import Meanings
from hub.retrieval.knowledge_base import KnowledgeBase
from simulator.faults import FaultBoard, FaultSpec
from simulator.model.answers import Scripted
from simulator.model.server import ModelServer, build

Json = dict[str, Any]
FIRST, SECOND = "stand-in:first", "other:second"
MARIA = Contact(id=7, name="Maria Alves", phone="+5511912345678")
CPF = "529.982.247-25"


def final(text: str, *sources: str, **more: Any) -> Json:
    """An answer of the model, as its call of the output tool."""
    arguments = {"action": "answer", "intent": "product", "confidence": 0.9, **more}
    if text:
        arguments["parts"] = [{"text": text, "sources": list(sources)}]
    return {"tool_calls": [{"name": "final_result", "arguments": arguments}]}


def calls(name: str, **arguments: Any) -> Json:
    """A tool that the model wants."""
    return {"tool_calls": [{"name": name, "arguments": arguments}]}


@dataclass
class Purse:
    """A budget in memory, by the rules of `hub.budget`."""

    limit: Decimal = Decimal(50)
    spending: Spending = field(default_factory=lambda: Spending(tenant=TENANT, month="2026-11"))

    async def reserve(self, tenant: TenantProfile, call: str, usd: Decimal, now: datetime) -> bool:
        booked = reserve(self.spending, call, usd, self.limit, now)
        self.spending = booked or self.spending
        return booked is not None

    async def settle(self, tenant: TenantProfile, call: str, usd: Decimal, now: datetime) -> None:
        self.spending = settle(self.spending, call, usd)

    async def share(self, tenant: TenantProfile, now: datetime) -> Decimal:
        return self.spending.committed / self.limit if self.limit else Decimal(1)

    @property
    def open_reservations(self) -> dict[str, Reservation]:
        return self.spending.reserved


def order(reference: str, total: str = "59.80", **more: Any) -> Order:
    """An order of the shop."""
    fields: Json = {
        "order_id": int(reference[1:]),
        "reference": reference,
        "state": "confirmed",
        "delivery": "pending",
        "invoicing": "to_invoice",
        "ordered_at": datetime(2026, 11, 20, 15, tzinfo=UTC),
        "untaxed": total,
        "taxes": "0",
        "total": total,
        "currency": "BRL",
        "lines": (
            OrderLine(
                product_id=1, name="Shampoo Hidratante Karité 300ml", quantity=2, delivered_quantity=0, total=total
            ),
        ),
    }
    return Order.model_validate(fields | more)


@dataclass
class ShopBusiness:
    """Two customers' orders, a cart priced by the shop's prices, and whatever is ordered."""

    orders_of: dict[int, list[Order]] = field(
        default_factory=lambda: {70: [order("S00042")], 99: [order("S00077", "999.00")]}
    )
    ordered: list[OdooCommand] = field(default_factory=list)
    asked_for: list[tuple[int, str | None]] = field(default_factory=list)
    failure: str | None = None

    async def orders(self, turn: TurnInput, customer: Customer, reference: str | None) -> OrderStatuses:
        self.asked_for.append((customer.partner_id, reference))
        if self.failure:
            raise QueryFailed(self.failure, "scripted")
        own = self.orders_of.get(customer.partner_id, [])
        found = tuple(each for each in own if reference in (None, each.reference))
        return OrderStatuses(orders=found, read_at=TUESDAY_MORNING)

    async def quote(
        self, turn: TurnInput, lines: Sequence[QuoteRequestLine], customer: Customer | None
    ) -> QuotePreview:
        prices = ShopOdoo().prices_by_id
        priced = tuple(
            QuoteLine(
                product_id=line.product_id,
                quantity=line.quantity,
                unit_price=prices[line.product_id],
                subtotal=prices[line.product_id] * line.quantity,
                taxes=Decimal(0),
                total=prices[line.product_id] * line.quantity,
            )
            for line in lines
        )
        total = sum((line.total for line in priced), Decimal(0))
        return QuotePreview(
            lines=priced, untaxed=total, taxes=Decimal(0), total=total, currency="BRL", read_at=TUESDAY_MORNING
        )

    async def order(self, command: OdooCommand) -> OdooCommandResult | None:
        if command.key not in {each.key for each in self.ordered}:
            self.ordered.append(command)
        quotation = isinstance(command, CreateQuotation)
        return OdooCommandResult(
            tenant=command.tenant,
            key=command.key,
            command=command.type_name(),
            outcome="done",
            finished_at=TUESDAY_MORNING,
            reference="S00100" if quotation else "Lead",
            total=Decimal("59.80") if quotation else None,
            currency="BRL",
        )


@dataclass
class ShopIdentity:
    """Maria is partner 70, proved by her CPF; three failures lock."""

    proved: bool = False
    claims: list[str] = field(default_factory=list)

    async def customer(self, turn: TurnInput) -> Customer | None:
        return Customer(partner_id=70, customer_id=70) if self.proved else None

    async def prove(self, turn: TurnInput, claim: str, order_reference: str | None = None) -> ProofOutcome:
        self.claims.append(claim)
        if "@" in claim:
            return "code_asked"
        if len(self.claims) > 3:
            return "locked"
        self.proved = "52998224725" in claim
        return IdentityVerdict(outcome="verified" if self.proved else "no_match").outcome


@dataclass
class AgentShop:
    """A conversation with the agent, and the provider it asks."""

    server: ModelServer
    url: str
    purse: Purse = field(default_factory=Purse)
    odoo: ShopOdoo = field(default_factory=ShopOdoo)
    business: ShopBusiness = field(default_factory=ShopBusiness)
    identity: ShopIdentity = field(default_factory=ShopIdentity)
    knowledge: KnowledgeBase = field(default_factory=usual_knowledge)
    meanings: Meanings | None = None
    awaits_code: Callable[[TurnInput], Awaitable[bool]] | None = None
    policy: AgentPolicy = field(default_factory=lambda: AgentPolicy(call_seconds=5.0, turn_seconds=15.0))
    assistant: Assistant = field(
        default_factory=lambda: Assistant(
            name="Lia",
            model=(FIRST, SECOND),
            model_prices={FIRST: ModelPrice(input=1.0, output=8.0), SECOND: ModelPrice(input=0.1, output=0.4)},
        )
    )
    wanted_for: int = 1000
    """How many more times the answer is still wanted."""
    memory: Memory = field(default_factory=Memory)
    history: list[HistoryLine] = field(default_factory=list)
    turns: int = 0
    _responder: FrontResponder | None = None

    def script(self, *answers: Json, key: str = "key-of-first") -> None:
        """What the model says next."""
        self.server.script(key, [Scripted.model_validate(each) for each in answers])

    def fault(self, kind: str, key: str | None = "key-of-first", **more: Any) -> None:
        """What goes wrong at the provider."""
        self.server.faults.set(FaultSpec.model_validate({"surface": "model", "kind": kind, "scope": key, **more}))

    @property
    def asked(self) -> list[Json]:
        """The requests the provider got."""
        return [each["body"] for each in self.server.requests]

    @property
    def told_to_models(self) -> str:
        """Everything any model was told."""
        return str(self.asked)

    def tools_offered(self, request: int = -1) -> set[str]:
        """The names of the tools in a request."""
        return {each["function"]["name"] for each in self.asked[request]["tools"]} - {"final_result"}

    async def say(self, *texts: str, **more: Any) -> Reply:
        """Send a burst and get the reply; state is kept as the turn engine keeps it."""
        self.turns += 1
        messages = tuple(
            CustomerMessage(message_id=self.turns * 10 + number, text=text, at=TUESDAY_MORNING)
            for number, text in enumerate(texts)
        )
        fields: Json = {
            "tenant": self.profile,
            "messages": messages,
            "history": tuple(self.history),
            "contact": MARIA,
            "memory": self.memory,
            "now": TUESDAY_MORNING,
            "conversation_id": 25,
            "channel": "Channel::Whatsapp",
            "turn_id": f"{TENANT}.25.{self.turns}",
            "lease_token": f"attempt-{self.turns}",
        }
        reply = await self.responder.respond(TurnInput.model_validate(fields | more))
        self.memory = reply.memory
        self.history += [HistoryLine(speaker="customer", text=each.text, at=each.at) for each in messages]
        if reply.text:
            self.history.append(HistoryLine(speaker="assistant", text=reply.text, at=TUESDAY_MORNING))
        return reply

    @property
    def profile(self) -> TenantProfile:
        """The shop as a tenant."""
        return TenantProfile(tenant=TENANT, chatwoot_account_id=1, has_odoo=True, assistant=self.assistant)

    @property
    def responder(self) -> FrontResponder:
        """The responder as the hub puts it together."""
        if self._responder is None:
            built_in = BuiltInResponder(self.knowledge, self.odoo)
            ports = AgentPorts(
                knowledge=self.knowledge,
                live=self.odoo,
                budget=self.purse,
                still_wanted=self._still_wanted,
                providers=self._providers,
                identity=self.identity,
                business=self.business,
                meanings=self.meanings,
            )
            self._responder = FrontResponder(
                built_in, lambda: ModelResponder(ports, built_in, self.policy), awaits_code=self.awaits_code
            )
        return self._responder

    async def _still_wanted(self, turn: TurnInput) -> bool:
        self.wanted_for -= 1
        return self.wanted_for >= 0

    def _providers(self, tenant: str) -> ModelProviders:
        def provider(key: str) -> ModelProvider:
            return ModelProvider(api_key=SecretStr(key), base_url=HttpUrl(self.url))

        return ModelProviders(providers={"stand-in": provider("key-of-first"), "other": provider("key-of-second")})


@asynccontextmanager
async def agent_shop(**more: Any) -> AsyncIterator[AgentShop]:
    """A shop and its provider on loopback."""
    server = ModelServer(FaultBoard())
    served = await serve_app(build(server), "127.0.0.1", 0, shutdown_seconds=0.1)
    shop = AgentShop(server, f"http://127.0.0.1:{served.port}", **more)
    try:
        yield shop
    finally:
        await shop.responder.stop()
        await served.stop()
