"""The answering side put together: knowledge that follows its stream, live reads, the responder, the queries."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

from nats.aio.client import Client

from common.health import Check
from common.nats.bucket import Bucket
from common.nats.topology import BUCKET_BUDGETS, BUCKET_CONTACTS, BUCKET_CONVERSATIONS
from common.tenants import Embeddings, ModelProviders, TenantProfile
from hub.answering import Responder
from hub.budget import Budget
from hub.contact_pace import ContactPace
from hub.customer_care import Care
from hub.front import ClosableResponder, FrontResponder
from hub.identity import IdentityDesk
from hub.knowledge_feed import KnowledgeFeed
from hub.odoo_customers import OdooCustomers
from hub.odoo_reads import OdooReads
from hub.ports import Tenants, utc_now
from hub.query_service import QueryService
from hub.responder import BuiltInResponder
from hub.retrieval import KnowledgeBase
from hub.retrieval.meaning.embedder import HttpEmbedder
from hub.retrieval.meaning.endpoint import Endpoint, endpoint_of
from hub.retrieval.meaning.keeper import Keeper
from hub.retrieval.meaning.paid import PaidEmbedder
from hub.retrieval.meaning.search import MeaningSearch
from hub.settings import HubSettings
from hub.still_wanted import StillWanted


class Part(Protocol):
    """Something that runs beside the core."""

    async def start(self) -> None:
        """Start; return when it can be relied on."""
        ...

    async def stop(self) -> None:
        """Stop. Safe to call when it was not started."""
        ...


@dataclass(frozen=True)
class AnsweringSide:
    """The responder, and what has to run for it, in the order of their start."""

    responder: Responder
    parts: tuple[Part, ...] = ()
    checks: dict[str, Check] = field(default_factory=dict)


class TenantsAndModels(Tenants, Protocol):
    """The part of `common.tenant_directory.TenantDirectory` that answering needs."""

    def all(self) -> list[TenantProfile]:
        """Every tenant."""
        ...

    def models(self, tenant: str) -> ModelProviders | None:
        """How the tenant's model providers are reached; None: as the environment says."""
        ...


def answering_side(nc: Client, tenants: TenantsAndModels, settings: HubSettings) -> AnsweringSide:
    """What answers when nothing else is asked for: the built-in responder, or the models of a tenant that has some."""
    knowledge = KnowledgeBase(settings.hub_items_in_memory)
    feed = KnowledgeFeed(nc, knowledge, settings.instance_id)
    live = OdooReads(nc)
    business = OdooCustomers(nc)
    identity = IdentityDesk(Bucket(nc, BUCKET_CONTACTS), business)
    budget = Budget(Bucket(nc, BUCKET_BUDGETS))
    meanings = meaning_search(knowledge, tenants, settings, budget)
    built_in = BuiltInResponder(knowledge, live, Care(identity, business), meanings)

    def with_models() -> ClosableResponder:
        # Only when a tenant has a model: it costs half a second and 50 MB.
        from hub.agent.responder import AgentPolicy, AgentPorts, ModelResponder

        ports = AgentPorts(
            knowledge=knowledge,
            live=live,
            budget=budget,
            still_wanted=StillWanted(Bucket(nc, BUCKET_CONVERSATIONS)),
            providers=tenants.models,
            may_ask=ContactPace(Bucket(nc, BUCKET_CONTACTS)).may_ask,
            identity=identity,
            business=business,
            meanings=meanings,
        )
        return ModelResponder(ports, built_in, AgentPolicy(settings.hub_model_seconds, settings.hub_answer_seconds))

    def models_in_use() -> bool:
        return any(each.assistant.models for each in tenants.all())

    responder = FrontResponder(built_in, with_models, models_in_use, identity.awaits_code)
    queries = QueryService(nc, knowledge, responder, tenants, meanings=meanings)
    return AnsweringSide(responder, parts=(feed, meanings, queries, responder), checks={"knowledge": feed.check})


def meaning_search(
    knowledge: KnowledgeBase, tenants: TenantsAndModels, settings: HubSettings, budget: Budget
) -> MeaningSearch:
    """Search by meaning for the tenants that have embeddings; it costs nothing while none has."""
    openai_key = settings.openai_api_key.get_secret_value() if settings.openai_api_key else None

    def find_endpoint(tenant: str, embeddings: Embeddings) -> Endpoint:
        return endpoint_of(tenant, embeddings, tenants.models(tenant), openai_key, settings.openai_base_url)

    embedder = PaidEmbedder(HttpEmbedder(), budget, tenants, utc_now)
    keeper = Keeper(
        knowledge,
        tenants,
        embedder,
        find_endpoint,
        folder=settings.data_dir / "vectors",
        most_bytes=settings.hub_vector_megabytes * 1_000_000,
    )
    return MeaningSearch(keeper, embedder)
