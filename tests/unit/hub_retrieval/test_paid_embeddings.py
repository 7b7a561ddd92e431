"""What embeddings cost counts in the tenant's month, and without money words alone answer."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from common.tenants import Assistant, TenantProfile
from hub.retrieval.meaning.embedder import Embedded, EmbeddingFailed, Reason
from hub.retrieval.meaning.endpoint import Endpoint
from hub.retrieval.meaning.paid import PaidEmbedder

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
TEXTS = ("Vocês aceitam cartão?", "Tem vaga?")
BYTES = sum(len(each.encode()) for each in TEXTS)
MILLION = Decimal(1_000_000)


class Server:
    """Answers with so many tokens, or fails."""

    def __init__(self, tokens: int = 12, failure: Reason | None = None, *, hangs: bool = False) -> None:
        self.tokens, self.failure, self.hangs = tokens, failure, hangs
        self.asked = 0

    async def embed(self, endpoint: Endpoint, texts: Sequence[str], seconds: float) -> Embedded:
        del endpoint
        self.asked += 1
        if self.hangs:
            await asyncio.sleep(seconds)
        if self.failure:
            raise EmbeddingFailed(self.failure)
        return Embedded(vectors=[[1.0]] * len(texts), tokens=self.tokens)

    async def close(self) -> None:
        """Nothing is open."""


class Month:
    """A purse with so much in it."""

    def __init__(self, left: str = "10") -> None:
        self.left = Decimal(left)
        self.held: dict[str, Decimal] = {}
        self.spent: list[Decimal] = []

    async def reserve(self, _: TenantProfile, call: str, usd: Decimal, now: datetime) -> bool:
        assert now == NOW
        if usd > self.left:
            return False
        self.held[call] = usd
        return True

    async def settle(self, _: TenantProfile, call: str, usd: Decimal, now: datetime) -> None:
        assert now == NOW
        assert usd <= self.held.pop(call)
        self.spent.append(usd)


class Shop:
    def __init__(self, model: str, **assistant: Any) -> None:
        settings = Assistant.model_validate({"embeddings": {"model": model}, **assistant})
        self.profile = TenantProfile(tenant="acme", chatwoot_account_id=1, assistant=settings)

    def get(self, tenant: str) -> TenantProfile | None:
        return self.profile if tenant == "acme" else None


async def embed(server: Server, month: Month, shop: Shop, seconds: float = 1.0) -> Embedded:
    paid = PaidEmbedder(server, month, shop, lambda: NOW)
    return await paid.embed(Endpoint("http://127.0.0.1:9/v1", "m", tenant="acme"), TEXTS, seconds)


async def test_a_call_costs_its_tokens_at_the_listed_price() -> None:
    server, month = Server(tokens=12), Month()

    embedded = await embed(server, month, Shop("openai:text-embedding-3-small"))

    assert len(embedded.vectors) == 2
    assert month.spent == [Decimal("0.02") * 12 / MILLION]
    assert not month.held


async def test_a_price_of_ones_own_comes_first() -> None:
    prices = {"model_prices": {"openai:text-embedding-3-small": {"input": 3, "output": 0}}}
    month = Month()

    await embed(Server(tokens=10), month, Shop("openai:text-embedding-3-small", **prices))

    assert month.spent == [Decimal(30) / MILLION]


async def test_a_server_that_counts_no_tokens_costs_the_most_they_can_be() -> None:
    month = Month()

    await embed(Server(tokens=0), month, Shop("openai:text-embedding-3-small"))

    assert month.spent == [Decimal("0.02") * BYTES / MILLION]


async def test_what_the_month_has_no_money_for_is_not_asked() -> None:
    server = Server()

    with pytest.raises(EmbeddingFailed, match="budget"):
        await embed(server, Month("0"), Shop("openai:text-embedding-3-small"))

    assert server.asked == 0


async def test_ones_own_machines_are_not_asked_about() -> None:
    month = Month("0")

    assert (await embed(Server(), month, Shop("ollama:nomic-embed-text"))).vectors
    assert month.spent == []


@pytest.mark.parametrize(
    ("reason", "charged"), [("refused", False), ("too_many", False), ("timeout", True), ("unreadable", True)]
)
async def test_only_what_was_refused_costs_nothing(reason: Reason, charged: bool) -> None:
    month = Month()

    with pytest.raises(EmbeddingFailed, match=reason):
        await embed(Server(failure=reason), month, Shop("openai:text-embedding-3-small"))

    assert [each > 0 for each in month.spent] == [charged]
    assert not month.held


async def test_a_question_that_nobody_waits_for_any_more_is_booked() -> None:
    month = Month()

    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.02):
            await embed(Server(hangs=True), month, Shop("openai:text-embedding-3-small"))

    assert month.spent == [Decimal("0.02") * BYTES / MILLION]
    assert not month.held
