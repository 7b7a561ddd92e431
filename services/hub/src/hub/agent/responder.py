"""The responder with a model: an agent over typed tools, a chain of models, and the built-in responder behind it."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

import structlog
from pydantic_ai.exceptions import AgentRunError, UserError
from pydantic_ai.models import Model

from common.errors import ConfigurationError, OdooAiError
from common.metrics import MODEL_FALLBACKS
from common.tenants import ModelProviders, TenantProfile
from hub.agent import replies
from hub.agent.breaker import Breakers
from hub.agent.chain import Meter, Spends, affordable, chain
from hub.agent.context import AgentTurn, CustomerBusiness, Identity, StillWanted
from hub.agent.evidence import Evidence
from hub.agent.look_up import before_the_model
from hub.agent.offered import offered_tools
from hub.agent.prompt import instructions_for, user_prompt, version_of
from hub.agent.providers import Models
from hub.agent.runner import NotProved, run
from hub.agent.tools import DESCRIBED
from hub.answering import Reply, Responder, TurnInput
from hub.identity import Customer
from hub.personal_data import Masking
from hub.responder.language import detect
from hub.responder.parts import Turn
from hub.responder.ports import LiveReads
from hub.retrieval.port import Knowledge, Meanings

log = structlog.get_logger(__name__)

_FOR_THE_REST: Final = 4.0
"""Seconds that are left to the built-in responder when the models took too long."""


@dataclass(frozen=True)
class AgentPorts:
    """What the agent needs from outside."""

    knowledge: Knowledge
    live: LiveReads | None
    budget: Spends
    still_wanted: StillWanted
    providers: Callable[[str], ModelProviders | None]
    may_ask: Callable[[TurnInput], Awaitable[bool]] | None = None
    """Whether the contact may have another answer of a model; None: always."""
    identity: Identity | None = None
    business: CustomerBusiness | None = None
    meanings: Meanings | None = None


@dataclass(frozen=True)
class AgentPolicy:
    """Time limits in seconds."""

    call_seconds: float = 10.0
    """One call of one model; then the next model is asked."""
    turn_seconds: float = 25.0
    """All of the turn, as the engine allows it; models get it without what the built-in responder needs."""


class ModelResponder:
    """Answers with a tenant's models. Whatever fails, the built-in responder answers, or people do."""

    def __init__(self, ports: AgentPorts, built_in: Responder, policy: AgentPolicy | None = None) -> None:
        self._ports = ports
        self._built_in = built_in
        self._policy = policy or AgentPolicy()
        self._models = Models()
        self._breakers = Breakers()

    async def respond(self, turn: TurnInput) -> Reply:
        """Decide what to say (see `hub.answering.Responder`).

        Raises:
            NotWanted: the turn is stale; nothing was sent and nothing ordered.
        """
        if self._ports.may_ask is not None and not await self._ports.may_ask(turn):
            reply = await self._built_in.respond(turn)
            return reply.model_copy(update={"why_not_model": "too many turns of this contact"})
        policy = self._policy
        ends_at = time.monotonic() + max(policy.turn_seconds - _FOR_THE_REST, policy.turn_seconds / 2)
        meter = Meter(turn, self._ports.budget, self._ports.still_wanted, ends_at)
        context = await self._context(turn)
        try:
            found = await before_the_model(context.evidence)
            context.evidence.subjects.add("company")
            text = instructions_for(turn.tenant, context.view.company)
            models = await self._chain(
                turn.tenant, affordable(turn.tenant, await self._ports.budget.share(turn.tenant, turn.now))
            )
            model = chain(models, meter, self._breakers, policy.call_seconds)
            decision = await run(context, model, text, user_prompt(context, found))
            if meter.answered_by != turn.tenant.assistant.models[0]:
                _fell_back(turn, "next_model")
            return replies.reply_of(context, decision, meter, version_of(text, DESCRIBED))
        except NotProved:
            log.warning("model_answer_refused", turn_id=turn.turn_id, model=meter.answered_by)
            return self._given_up(context, meter)
        except (AgentRunError, UserError, ConfigurationError, ExceptionGroup) as error:
            log.warning("model_gave_no_answer", turn_id=turn.turn_id, error=type(error).__name__)
            return await self._instead(context, meter, error)

    async def close(self) -> None:
        """Close the connections to the providers."""
        await self._models.close()

    def _given_up(self, context: AgentTurn, meter: Meter) -> Reply:
        """The model's answers could not be proved: people get the conversation."""
        reply = replies.handed_off(context, "low_confidence", None, why="not_proved")
        return replies.metered(reply, meter).model_copy(update={"tools": tuple(context.uses)})

    async def _instead(self, context: AgentTurn, meter: Meter, error: Exception) -> Reply:
        """No model answered: the built-in responder does; what has been done already is told to people."""
        why = _why(error, meter)
        _fell_back(context.turn, "people" if context.done else "built_in")
        if context.done:
            reply = replies.handed_off(context, "tool_failure", None, why="done_but_not_told")
            note = f"{reply.note}\n\n{', '.join(context.done)}: Odoo"
            reply = reply.model_copy(update={"note": note, "responder": "built_in"})
        else:
            reply = await self._built_in.respond(context.turn)
        return replies.metered(reply, meter).model_copy(update={"why_not_model": why, "tools": tuple(context.uses)})

    async def _context(self, turn: TurnInput) -> AgentTurn:
        words = " ".join(message.words for message in turn.messages)
        view = Turn(
            input=turn,
            language=detect(words, turn.memory.language, turn.tenant.locale),
            knowledge=self._ports.knowledge.tenant(turn.tenant.tenant),
            odoo=self._ports.live,
            product_ids=turn.memory.product_ids,
            meanings=self._ports.meanings,
        )
        return AgentTurn(
            view=view,
            evidence=Evidence(view),
            masking=Masking(_public(view)),
            offered=offered_tools(turn),
            still_wanted=self._ports.still_wanted,
            identity=self._ports.identity,
            business=self._ports.business,
            customer=await self._known_customer(turn),
        )

    async def _known_customer(self, turn: TurnInput) -> Customer | None:
        if self._ports.identity is None:
            return None
        try:
            return await self._ports.identity.customer(turn)
        except OdooAiError as error:
            log.info("identity_unknown", turn_id=turn.turn_id, error=type(error).__name__)
            return None

    async def _chain(self, tenant: TenantProfile, names: tuple[str, ...]) -> list[tuple[str, Model]]:
        """The models that can be made; one that is set up wrongly does not keep the others from answering."""
        providers = self._ports.providers(tenant.tenant)
        made: list[tuple[str, Model]] = []
        problem: ConfigurationError | None = None
        for name in names:
            try:
                made.append((name, await self._models.model(name, providers)))
            except ConfigurationError as error:
                log.error("model_not_usable", tenant=tenant.tenant, model=name)
                problem = error
        if not made:
            raise problem or ConfigurationError("no model", key="assistant.model")
        return made


def _public(view: Turn) -> list[str]:
    company = view.company
    return [company.phone, company.email] if company else []


def _fell_back(turn: TurnInput, answered_by: str) -> None:
    MODEL_FALLBACKS.labels(turn.tenant.tenant, turn.tenant.assistant.models[0], answered_by).inc()


def _why(error: Exception, meter: Meter) -> str:
    reasons = ", ".join(f"{model} {why}" for model, why in meter.skipped.items())
    return reasons or type(error).__name__
