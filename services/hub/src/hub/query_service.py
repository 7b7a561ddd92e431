"""What other services may ask the hub: a search, and an answer without a conversation."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final, Protocol
from zoneinfo import ZoneInfo

from nats.aio.client import Client
from pydantic import ValidationError

from common.errors import QueryFailed
from common.events import Contact
from common.nats.requests import Service, serve
from common.queries import QUERIES, AnswerQuery, SearchQuery
from common.query_answers import Answer, SearchHits
from common.subjects import hub_query
from common.tenants import TenantProfile
from hub.answering import CustomerMessage, Responder, TurnInput
from hub.query_state import read_state
from hub.retrieval import Knowledge, Meanings
from hub.retrieval.port import NOTHING_NEAR

_QUEUE: Final = "hub"
_MOST_RESULTS: Final = 50


class Tenants(Protocol):
    """The part of `common.tenant_directory.TenantDirectory` that is needed here."""

    def get(self, tenant: str) -> TenantProfile | None:
        """The profile; None: nobody applied that tenant."""
        ...


class QueryService:
    """Serves `hub.query.search` and `hub.query.answer`; running hubs share the queries."""

    def __init__(
        self,
        nc: Client,
        knowledge: Knowledge,
        responder: Responder,
        tenants: Tenants,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        meanings: Meanings | None = None,
    ) -> None:
        self._nc = nc
        self._knowledge = knowledge
        self._responder = responder
        self._tenants = tenants
        self._now = now
        self._meanings = meanings
        self._services: list[Service] = []

    async def start(self) -> None:
        """Begin to answer."""
        self._services = [
            await serve(self._nc, hub_query("search"), _QUEUE, QUERIES, self.search),
            await serve(self._nc, hub_query("answer"), _QUEUE, QUERIES, self.answer),
        ]

    async def stop(self) -> None:
        """Take no more queries and finish those at work."""
        services, self._services = self._services, []
        for service in services:
            await service.stop()

    async def search(self, query: SearchQuery) -> SearchHits:
        """Search as the assistant does.

        Raises:
            QueryFailed: `unknown_tenant`.
        """
        profile = self._profile(query.tenant)
        today = self._now().astimezone(ZoneInfo(profile.timezone)).date()
        limit = max(1, min(query.limit, _MOST_RESULTS))
        found = await self._meanings.near(profile, [query.text]) if self._meanings else {}
        near = found.get(query.text, NOTHING_NEAR)
        results = self._knowledge.tenant(query.tenant).search(query.text, query.kind, limit, today=today, near=near)
        return SearchHits(results=tuple(results), indexed_sequence=self._knowledge.sequence)

    async def answer(self, query: AnswerQuery) -> Answer:
        """Answer a question as if a customer had asked it; nothing is sent and nothing remembered here.

        Raises:
            QueryFailed: `unknown_tenant`, or `validation` for an empty question, an unusable contact or state.
        """
        profile = self._profile(query.tenant)
        if not query.question.strip():
            raise QueryFailed("validation", "the question is empty")
        now, before = query.at or self._now(), read_state(query.state)
        messages = tuple(
            CustomerMessage(message_id=number, text=text, at=now)
            for number, text in enumerate((query.question, *query.more), start=1)
        )
        turn = TurnInput(
            tenant=profile,
            messages=messages,
            history=before.history,
            memory=before.memory,
            contact=_contact(query),
            now=now,
            summary=before.summary,
            rehearsal=True,
        )
        reply = await self._responder.respond(turn)
        return Answer(
            answer=reply.text,
            outcome=reply.outcome,
            reason=reply.reason,
            hand_off_reason=reply.hand_off_reason,
            sources=reply.sources,
            facts=reply.facts,
            verdicts=reply.verdicts,
            asked=reply.asked,
            language=reply.memory.language,
            state=before.after(messages, reply, now).model_dump_json(),
            responder=reply.responder,
            why_not_model=reply.why_not_model,
            prompt_version=reply.prompt_version,
            intent=reply.intent,
            confidence=reply.confidence,
            tools=reply.tools,
            input_tokens=reply.input_tokens,
            cached_tokens=reply.cached_tokens,
            output_tokens=reply.output_tokens,
            cost_usd=reply.cost_usd,
        )

    def _profile(self, tenant: str) -> TenantProfile:
        profile = self._tenants.get(tenant)
        if profile is None:
            raise QueryFailed("unknown_tenant", f"no tenant {tenant!r} here")
        return profile


def _contact(query: AnswerQuery) -> Contact | None:
    if query.contact is None:
        return None
    try:
        return Contact.model_validate({"id": 0, **query.contact})
    except ValidationError as error:
        fields = ", ".join(".".join(map(str, each["loc"])) for each in error.errors()[:5])
        raise QueryFailed("validation", f"contact: {fields}") from error
