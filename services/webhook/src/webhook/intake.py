"""Chatwoot's webhooks over HTTP: proved, translated, stored, and only then answered with 200.

What cannot be stored is answered 500: Chatwoot tries an AgentBot's webhook again for 429 and 500 only, and takes any
other error as final.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

import structlog
from aiohttp import web
from opentelemetry.trace import Span, SpanKind

from common import metrics
from common.errors import PublishFailed
from common.events import ChatwootEvent, CustomerMessageReceived, DeliveryKind, HumanReplied, OtherBotReplied
from common.health import Health
from common.legacy_modules import push_family
from common.nats.publisher import Publisher
from common.nats.topology import CHATWOOT_EVENTS
from common.subjects import chatwoot_event
from common.telemetry import extract, tracer
from common.tenants import TenantProfile
from webhook.admission import Tenants, by_address, by_path, proof_of, unauthorised
from webhook.arrival import Arrival, Ignored
from webhook.clock import Clock
from webhook.errors import UnreadableWebhook, WrongAccount
from webhook.module_push import ModulePushes
from webhook.reconciliation.arrivals import ArrivedMessage, Note
from webhook.request_body import Refusal, parse, read_body
from webhook.translation import Translation, translate

PUBLISH_ATTEMPT_SECONDS: Final = 1.0
PUBLISH_TOTAL_SECONDS: Final = 4.0
"""Chatwoot waits 5 s."""

_SPOKEN = (CustomerMessageReceived, HumanReplied, OtherBotReplied)
_AGENT_BOT_ONLY = frozenset({"conversation_opened", "conversation_resolved"})

Answer = Mapping[str, Any]
log = structlog.get_logger(__name__)
_tracer = tracer("webhook")


class Intake:
    """The routes for webhooks."""

    def __init__(
        self, tenants: Tenants, publisher: Publisher, pushes: ModulePushes, health: Health, *, now: Clock, note: Note
    ) -> None:
        """`note`: is told of each message of a customer or a person that is durable."""
        self._tenants = tenants
        self._pushes = pushes
        self._publisher = publisher
        self._health = health
        self._now = now
        self._note = note

    def routes(self) -> list[web.RouteDef]:
        """The preferred path per tenant, and the paths of the system before this one."""
        tenant, legacy = self._observed(self._by_tenant), self._observed(self._legacy)
        return [
            web.post("/webhook/chatwoot/{tenant}", tenant),
            web.post("/webhook/chatwoot/{tenant}/{path_token}", tenant),
            web.post("/webhook", legacy),
            web.post("/webhook/", legacy),
            web.post("/webhook/webhook", legacy),
            web.get("/webhook/", self._online),
            web.get("/webhook/health", self._healthy),
        ]

    async def _by_tenant(self, request: web.Request, span: Span) -> Answer:
        body = await read_body(request)
        proof = proof_of(request, legacy=False)
        now = self._now()
        admitted = by_path(self._tenants, request.match_info["tenant"], proof, body, now.timestamp())
        parsed = parse(body)
        unnamed: DeliveryKind = "agent_bot" if parsed.get("event") in _AGENT_BOT_ONLY else "account_webhook"
        arrival = Arrival(tenant=admitted.tenant, delivery=admitted.kind or unnamed, received_at=now)
        return await self._kept(_translated(parsed, arrival), admitted.tenant, span)

    async def _legacy(self, request: web.Request, span: Span) -> Answer:
        body = await read_body(request)
        parsed = parse(body)
        family = push_family(parsed)
        if family is not None:
            answer = await self._pushes.answer(family, parsed, request)
            metrics.WEBHOOKS.labels("checked", family).inc()
            return answer
        proof = proof_of(request, legacy=True)
        now = self._now()
        admitted = by_address(self._tenants, parsed, proof, body, now.timestamp())
        profile = admitted.tenant
        outcome = _translated(parsed, Arrival(tenant=profile, delivery=admitted.kind or "legacy", received_at=now))
        return _legacy_answer(await self._kept(outcome, profile, span), profile, outcome)

    async def _kept(self, outcome: Translation, profile: TenantProfile, span: Span) -> Answer:
        """Make the outcome durable. Only after this may the request be answered with 200."""
        span.set_attribute("odoo_ai.tenant", profile.tenant)
        if isinstance(outcome, Ignored):
            metrics.WEBHOOKS.labels("ignored", outcome.reason).inc()
            log.debug("webhook_ignored", tenant=profile.tenant, reason=outcome.reason)
            return {"status": "ignored", "reason": outcome.reason}
        try:
            ack = await self._publisher.publish(
                chatwoot_event(outcome.tenant, outcome.conversation_id),
                outcome,
                stream=CHATWOOT_EVENTS,
                msg_id=outcome.event_id,
                attempt_timeout=PUBLISH_ATTEMPT_SECONDS,
                total_timeout=PUBLISH_TOTAL_SECONDS,
            )
        except PublishFailed as error:
            log.error("webhook_not_stored", event_id=outcome.event_id, tenant=profile.tenant, reason=str(error))
            raise Refusal(500, "the event could not be stored; send it again", "not_stored") from error
        if isinstance(outcome, _SPOKEN):
            of_customer = isinstance(outcome, CustomerMessageReceived)
            self._note(ArrivedMessage(outcome.tenant, outcome.conversation_id, outcome.message_id, of_customer))
        status = "duplicate" if ack.duplicate else "stored"
        metrics.WEBHOOKS.labels(status, outcome.type_name()).inc()
        log.info(
            "webhook_accepted", outcome=status, event_id=outcome.event_id, tenant=profile.tenant, sequence=ack.sequence
        )
        return {"status": status}

    def _observed(
        self, handle: Callable[[web.Request, Span], Awaitable[Answer]]
    ) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        """Span, metrics and error answers around a handler. The span has the route, never the path or the query."""

        async def observed(request: web.Request) -> web.StreamResponse:
            started = time.perf_counter()
            resource = request.match_info.route.resource
            route = resource.canonical if resource else "unknown"
            with _tracer.start_as_current_span(
                f"POST {route}", context=extract(request.headers), kind=SpanKind.SERVER
            ) as span:
                span.set_attribute("http.request.method", "POST")
                span.set_attribute("http.route", route)
                try:
                    response: web.StreamResponse = web.json_response(await handle(request, span))
                except Refusal as refusal:
                    response = await _refused(request, refusal)
                span.set_attribute("http.response.status_code", response.status)
            metrics.WEBHOOK_SECONDS.observe(time.perf_counter() - started)
            return response

        return observed

    async def _online(self, _: web.Request) -> web.Response:
        return web.json_response(
            {"status": "online", "message": "Sistema Integrado Odoo-AI", "timestamp": self._now().timestamp()}
        )

    async def _healthy(self, _: web.Request) -> web.Response:
        ready = (await self._health.report())["status"] == "ok"
        body = {"status": "healthy" if ready else "unavailable", "timestamp": self._now().timestamp()}
        return web.json_response(body, status=200 if ready else 503)


def _translated(parsed: Mapping[str, Any], arrival: Arrival) -> Translation:
    try:
        return translate(parsed, arrival)
    except UnreadableWebhook as error:
        raise Refusal(400, str(error), "unreadable") from None
    except WrongAccount:
        raise unauthorised("wrong_account") from None


def _legacy_answer(answer: Answer, profile: TenantProfile, outcome: Translation) -> Answer:
    """What callers of the old system read: `processed` or `ignored`. The reply comes later, by Chatwoot's API."""
    ignored = isinstance(outcome, Ignored)
    return {
        **answer,
        "status": "ignored" if ignored else "processed",
        "account_id": profile.chatwoot_account_id,
        "conversation_id": outcome.conversation_id if isinstance(outcome, ChatwootEvent) else None,
        "has_response": False,
    }


async def _refused(request: web.Request, refusal: Refusal) -> web.StreamResponse:
    outcome = "failed" if refusal.status >= 500 else "refused"
    metrics.WEBHOOKS.labels(outcome, refusal.reason).inc()
    log.warning("webhook_refused", status=refusal.status, reason=refusal.reason)
    response = web.json_response({"error": refusal.message}, status=refusal.status)
    if refusal.reason == "compressed":
        # aiohttp would read the rest of the body to keep the connection, and decompress it on the way.
        await response.prepare(request)
        await response.write_eof()
        request.protocol.force_close()
    return response
