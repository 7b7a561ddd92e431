"""The answering side put together: knowledge that follows its stream, live reads, the responder, the queries."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

from nats.aio.client import Client

from common.health import Check
from hub.answering import Responder
from hub.knowledge_feed import KnowledgeFeed
from hub.odoo_reads import OdooReads
from hub.ports import Tenants
from hub.query_service import QueryService
from hub.responder import BuiltInResponder
from hub.retrieval import KnowledgeBase


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


def answering_side(nc: Client, tenants: Tenants, hub_id: str) -> AnsweringSide:
    """What answers when nothing else is asked for: the built-in responder."""
    knowledge = KnowledgeBase()
    feed = KnowledgeFeed(nc, knowledge, hub_id)
    responder = BuiltInResponder(knowledge, OdooReads(nc))
    queries = QueryService(nc, knowledge, responder, tenants)
    return AnsweringSide(responder, parts=(feed, queries), checks={"knowledge": feed.check})
