"""A small shop in pt-BR with an Odoo of its own, for conversations with the built-in responder."""

# Sentences stand on one line, as customers read them.
# ruff: noqa: E501
from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from decimal import Decimal
from functools import cache
from typing import Any

from support.knowledge_items import changed

from common.errors import QueryFailed
from common.events import Attachment, Contact
from common.knowledge import (
    Company,
    Document,
    Holiday,
    Item,
    KnowledgeKind,
    Link,
    OpeningHours,
    Product,
    Promotion,
    Rule,
    Schedule,
    ScheduleWindow,
)
from common.query_answers import Price, Stock
from common.tenants import Assistant, Embeddings, Locale, TenantProfile
from hub.answering import CustomerMessage, HistoryLine, Memory, Reply, TurnInput
from hub.responder import BuiltInResponder, CustomerCare
from hub.retrieval import Meanings
from hub.retrieval.knowledge_base import KnowledgeBase

TENANT = "flora"
TUESDAY_MORNING = datetime(2026, 11, 24, 13, 30, tzinfo=UTC)
"""10:30 in São Paulo, the shop is open."""


def shirt(number: int, colour: str, size: str) -> Product:
    """A variant of the one T-shirt."""
    return Product(
        id=f"camiseta-{colour}-{size}".lower(),
        name=f"Camiseta Básica {colour} {size}",
        sku=f"CAM-{colour[:2].upper()}-{size}",
        category="Camisetas",
        attributes={"Cor": colour, "Tamanho": size},
        variant_of="camiseta-basica",
        odoo_id=number,
        list_price=Decimal("1.00"),
    )


PRODUCTS: tuple[Product, ...] = (
    Product(
        id="sh-hid-300", name="Shampoo Hidratante Karité 300ml", sku="SHP-300-KA", barcode="7891000000017",
        category="Cabelos", odoo_id=1, list_price=Decimal("1.00"), variant_of="sh-hid",
        attributes={"Volume": "300ml"}, description="Limpa com suavidade. Indicado para cabelos secos e com química.",
    ),
    Product(
        id="sh-hid-1l", name="Shampoo Hidratante Karité 1L", sku="SHP-1000-KA", category="Cabelos", odoo_id=2,
        list_price=Decimal("1.00"), variant_of="sh-hid", attributes={"Volume": "1L"},
    ),
    Product(
        id="cond-hid-300", name="Condicionador Hidratante Karité 300ml", sku="CND-300-KA", category="Cabelos",
        odoo_id=3, list_price=Decimal("1.00"), attributes={"Volume": "300ml"},
    ),
    Product(id="mascara", name="Máscara Capilar Argan 250g", sku="MSC-250-AR", category="Cabelos", odoo_id=4),
    Product(id="perfume", name="Perfume Flor de Laranjeira 50ml", sku="PRF-50-FL", category="Perfumes", odoo_id=5),
    Product(id="sabonete", name="Sabonete Artesanal de Lavanda 90g", sku="SAB-90-LV", category="Banho", odoo_id=6),
    Product(id="kit", name="Kit Presente Banho 3 Peças", sku="KIT-BANHO-3", category="Presentes", odoo_id=7),
    Product(id="consultoria", name="Consultoria de Fragrâncias", category="Serviços", odoo_id=8),
    *(shirt(20 + n, colour, size) for n, (colour, size) in enumerate(
        (colour, size) for colour in ("Azul", "Preta", "Branca") for size in ("P", "M", "G"))),
    Product(id="boneca", name="Boneca de Pano Artesanal", sku="BON-01", category="Presentes"),
)  # fmt: skip

RULES: tuple[Rule, ...] = (
    Rule(
        id="troca", title="Trocas e devoluções", category="exchange",
        text="Você pode trocar ou devolver em até 30 dias corridos depois do recebimento, com a nota fiscal e o produto sem uso.",
        questions=("posso trocar?", "como faço uma troca?", "qual o prazo para devolver?"),
    ),
    Rule(
        id="entrega", title="Prazo e valor da entrega", category="delivery",
        text="Entregamos em São Paulo em até 2 dias úteis por R$ 15,90. O frete é grátis em compras acima de R$ 199,00.",
        questions=("quanto é o frete?", "vocês entregam?", "qual o prazo de entrega?"),
    ),
    Rule(
        id="retirada", title="Retirada na loja", category="delivery",
        text="A retirada na loja é gratuita e fica pronta em 2 horas depois do pagamento.",
        questions=("posso retirar na loja?",),
    ),
    Rule(
        id="pagamento", title="Formas de pagamento", category="payment",
        text="Aceitamos Pix, boleto e cartão em até 6x sem juros (parcela mínima de R$ 30,00). No Pix há 5% de desconto.",
        questions=("quais as formas de pagamento?", "aceita cartão?", "parcela em quantas vezes?", "tem desconto no pix?"),
    ),
    Rule(
        id="garantia", title="Garantia", category="warranty",
        text="Todos os produtos têm garantia de 90 dias contra defeito de fabricação.",
        questions=("tem garantia?", "e se vier com defeito?"),
    ),
    Rule(
        id="presente", title="Embrulho para presente", category="service",
        text="Fazemos embrulho para presente por R$ 8,00 por peça.", questions=("embrulha para presente?",),
    ),
    Rule(id="interno", title="Comissão da equipe", category="general", text="A comissão é de 4%.", audience="staff"),
)  # fmt: skip

PROMOTIONS: tuple[Promotion, ...] = (
    Promotion(
        id="black", title="Semana Black Flora", text="20% de desconto em toda a linha Karité.",
        valid_from=date(2026, 11, 23), valid_until=date(2026, 11, 29), discount_percent=Decimal(20),
        product_ids=("sh-hid",), coupon="BLACK20",
    ),
    Promotion(
        id="natal", title="Natal Flora", text="Na compra de 2 perfumes, o terceiro sai com 50% de desconto.",
        valid_from=date(2026, 12, 10), valid_until=date(2026, 12, 24),
    ),
    Promotion(
        id="criancas", title="Dia das Crianças", text="Boneca de pano por R$ 49,90.",
        valid_from=date(2026, 10, 5), valid_until=date(2026, 10, 12),
    ),
)  # fmt: skip

COMPANY = Company(
    id="main", name="Flora & Cia", description="Cosméticos artesanais e presentes, feitos em São Paulo desde 2009.",
    address="Rua das Acácias, 120, Vila Mariana, São Paulo - SP, CEP 04101-300", phone="+55 11 3456-7890",
    email="oi@floraecia.example", greeting="Oi! 🌸 Eu sou a Lia, da Flora & Cia. Me conta, o que você procura?",
    sign_off="Um beijo da equipe Flora! 🌸",
    hours=(
        *(OpeningHours(weekday=d, opens=time(h), closes=time(c)) for d in range(5) for h, c in ((9, 12), (13, 18))),
        OpeningHours(weekday=5, opens=time(9), closes=time(13, 30)),
    ),
    holidays=(
        Holiday(day=date(2026, 12, 24), name="Véspera de Natal", opens=time(9), closes=time(12)),
        Holiday(day=date(2026, 12, 25), name="Natal"),
        Holiday(day=date(2026, 11, 30), name="Aniversário da loja"),
    ),
    links=(Link(title="Loja virtual", url="https://floraecia.example/loja"),
           Link(title="Instagram", url="https://instagram.com/floraecia")),
)  # fmt: skip

SCHEDULES = (
    Schedule(
        id="pele", service="Avaliação de pele", duration=40,
        windows=(ScheduleWindow(weekday=1, opens=time(14), closes=time(17)),
                 ScheduleWindow(weekday=3, opens=time(14), closes=time(17))),
        policies="Cancelamentos com 24 horas de antecedência.", required_information="nome completo e telefone",
    ),
)  # fmt: skip

DOCUMENTS = (
    Document(
        id="cuidados",
        title="Guia de cuidados com o sabonete artesanal",
        text="O sabonete artesanal dura mais em saboneteira ventilada. Não use em crianças menores de 3 anos.",
    ),
)

PRICES = {
    1: "29.90", 2: "79.90", 3: "32.50", 4: "45.00", 5: "129.00", 6: "12.50", 7: "89.90", 8: "150.00",
} | {20 + n: "59.90" for n in range(9)}  # fmt: skip
STOCKS = {1: 12, 2: 0, 3: 5, 4: 3, 5: 0, 6: 1, 7: 0, 20: 4, 21: 0, 22: 7, 23: 2, 24: 2, 25: 0, 26: 9, 27: 9, 28: 9}


class ShopOdoo:
    """Implements `LiveReads` over fixed values; `failure` makes every read fail with that code."""

    def __init__(self, failure: str | None = None) -> None:
        self.failure = failure
        self.prices_by_id = {key: Decimal(value) for key, value in PRICES.items()}
        self.stocks_by_id = {key: Decimal(value) for key, value in STOCKS.items()}
        self.reads = 0

    async def prices(self, tenant: str, product_ids: Sequence[int], quantity: Decimal = Decimal(1)) -> dict[int, Price]:
        self._read()
        return {
            key: Price(
                product_id=key,
                unit_price=self.prices_by_id[key],
                currency="BRL",
                quantity=quantity,
                read_at=TUESDAY_MORNING,
            )
            for key in product_ids
            if key in self.prices_by_id
        }

    async def stocks(self, tenant: str, product_ids: Sequence[int]) -> dict[int, Stock]:
        self._read()
        return {
            key: Stock(
                product_id=key,
                free_quantity=self.stocks_by_id.get(key, Decimal(0)),
                unlimited=key == 8,
                read_at=TUESDAY_MORNING,
            )
            for key in product_ids
        }

    def _read(self) -> None:
        self.reads += 1
        if self.failure:
            raise QueryFailed(self.failure, "scripted")


def shop_knowledge(items: Sequence[tuple[KnowledgeKind, Item]] | None = None) -> KnowledgeBase:
    """The shop's knowledge in the real index."""
    base = KnowledgeBase()
    for sequence, (kind, item) in enumerate(items if items is not None else all_items(), start=1):
        change = changed(kind, item, TENANT, at=TUESDAY_MORNING)
        base.apply(change, sequence)
    return base


@cache
def usual_knowledge() -> KnowledgeBase:
    """The shop's knowledge, shared by all who only read it."""
    return shop_knowledge()


def all_items() -> list[tuple[KnowledgeKind, Item]]:
    """Everything the shop knows."""
    items: list[tuple[KnowledgeKind, Item]] = [("company", COMPANY)]
    items += [("product", each) for each in PRODUCTS]
    items += [("rule", each) for each in RULES]
    items += [("promotion", each) for each in PROMOTIONS]
    items += [("schedule", each) for each in SCHEDULES]
    items += [("document", each) for each in DOCUMENTS]
    return items


class Chat:
    """A conversation with the responder: keeps memory and history as the turn engine would."""

    def __init__(
        self,
        *,
        odoo: ShopOdoo | None = None,
        knowledge: KnowledgeBase | None = None,
        now: datetime = TUESDAY_MORNING,
        locale: Locale = "pt-BR",
        has_odoo: bool = True,
        care: CustomerCare | None = None,
        meanings: Meanings | None = None,
        embeddings: Embeddings | None = None,
    ) -> None:
        self.odoo = odoo or ShopOdoo()
        self.responder = BuiltInResponder(knowledge or usual_knowledge(), self.odoo, care, meanings)
        self.now = now
        self.memory = Memory()
        self.history: list[HistoryLine] = []
        self.profile = TenantProfile(
            tenant=TENANT,
            locale=locale,
            timezone="America/Sao_Paulo",
            chatwoot_account_id=1,
            has_odoo=has_odoo,
            assistant=Assistant(name="Lia", embeddings=embeddings),
        )
        self._next_id = 1

    async def say(self, *texts: str, **more: Any) -> Reply:
        """Send a burst and get the reply."""
        return await self.send(*(self.message(text, **more) for text in texts))

    def message(self, text: str, **more: Any) -> CustomerMessage:
        """One customer message."""
        self._next_id += 1
        return CustomerMessage(message_id=self._next_id, text=text, at=self.now, **more)

    async def send(self, *messages: CustomerMessage) -> Reply:
        """Send ready-made messages and get the reply."""
        turn = TurnInput(
            tenant=self.profile,
            messages=messages,
            history=tuple(self.history),
            contact=Contact(id=7),
            memory=self.memory,
            conversation_id=25,
            now=self.now,
        )
        reply = await self.responder.respond(turn)
        self.memory = reply.memory
        self.history += [HistoryLine(speaker="customer", text=each.text, at=each.at) for each in messages]
        if reply.text:
            self.history.append(HistoryLine(speaker="assistant", text=reply.text, at=self.now))
        return reply


def picture(**more: Any) -> Attachment:
    """An attachment nobody here can look into."""
    return Attachment(**({"id": 1, "kind": "image"} | more))
