"""The chain of models of one turn. Before each call: is the answer still wanted, is the model well, is there budget?"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Final, Protocol

import orjson
import structlog
from pydantic_ai.exceptions import ModelAPIError, UnexpectedModelBehavior
from pydantic_ai.messages import ModelMessage, ModelMessagesTypeAdapter, ModelResponse
from pydantic_ai.models import Model, ModelRequestParameters
from pydantic_ai.models.fallback import FallbackModel
from pydantic_ai.models.wrapper import WrapperModel
from pydantic_ai.settings import ModelSettings

from common import metrics
from common.tenants import TenantProfile
from hub.agent.breaker import Breakers
from hub.agent.context import StillWanted
from hub.answering import NotWanted, TurnInput
from hub.budget import LOW, Pays
from hub.prices import cost

log = structlog.get_logger(__name__)

OUTPUT_TOKENS: Final = 1200
_BYTES_PER_TOKEN: Final = 3
_TOOL_TOKENS: Final = 1500
"""About what the tools' descriptions and the answer's schema take."""
_NOT_ASKED: Final = {
    "failed repeatedly": "not_asked_breaker",
    "no time left": "not_asked_time",
    "budget": "not_asked_budget",
}
"""Outcomes for metrics; a call that was made is counted where it fails."""


class Spends(Pays, Protocol):
    """The tenant's budget (`hub.budget.Budget`)."""

    async def share(self, tenant: TenantProfile, now: datetime) -> Decimal:
        """How much of the month's budget is gone."""
        ...


class Skipped(ModelAPIError):
    """A model was not asked; `why` in one word."""

    def __init__(self, model: str, why: str) -> None:
        self.why = why
        super().__init__(model, f"{model} was not asked: {why}")


@dataclass
class Meter:
    """What a turn's model calls have used, and how long they may still take."""

    turn: TurnInput
    budget: Spends
    still_wanted: StillWanted
    ends_at: float
    """When the model has to be done, by the monotonic clock."""
    input_tokens: int = 0
    cached_tokens: int = 0
    output_tokens: int = 0
    usd: Decimal = Decimal(0)
    calls: int = 0
    answered_by: str = ""
    skipped: dict[str, str] = field(default_factory=dict)
    """Models that were not asked or failed, with the reason."""

    @property
    def seconds_left(self) -> float:
        """How long a call may take."""
        return self.ends_at - time.monotonic()


class MeteredModel(WrapperModel):
    """A model that is asked only while that makes sense, and whose cost is booked whatever comes of the call."""

    def __init__(self, name: str, wrapped: Model, meter: Meter, breakers: Breakers, seconds: float) -> None:
        super().__init__(wrapped)
        self._name = name
        self._meter = meter
        self._breaker = breakers.of(meter.turn.tenant.tenant, name)
        self._seconds = seconds

    async def request(
        self,
        messages: list[ModelMessage],
        model_settings: ModelSettings | None,
        model_request_parameters: ModelRequestParameters,
    ) -> ModelResponse:
        """Ask the model.

        Raises:
            NotWanted: the answer is not wanted any more; nothing was asked.
            ModelAPIError: this model cannot answer now; the next one may.
        """
        meter = self._meter
        if self._breaker.is_open:
            raise self._skip("failed repeatedly")
        if meter.seconds_left <= 0:
            raise self._skip("no time left")
        if not await meter.still_wanted(meter.turn):
            raise NotWanted("a newer message, a person or another hub")
        tokens = _estimated_tokens(messages)
        most = self._cost(tokens, 0, OUTPUT_TOKENS)
        meter.calls += 1
        call = f"{meter.turn.turn_id or 'question'}-{id(meter):x}-{meter.calls}"
        if not await meter.budget.reserve(meter.turn.tenant, call, most, meter.turn.now):
            raise self._skip("budget")
        spent = most
        try:
            response = await self._ask(messages, model_settings, model_request_parameters)
            spent = self._used(response)
            return response
        except ModelAPIError:
            # Providers do not charge for what they refuse.
            spent = Decimal(0)
            raise
        except TimeoutError:
            raise self._skip("too slow") from None
        finally:
            meter.usd += spent
            metrics.MODEL_USD.labels(meter.turn.tenant.tenant).inc(float(spent))
            await asyncio.shield(meter.budget.settle(meter.turn.tenant, call, spent, meter.turn.now))

    async def _ask(
        self,
        messages: list[ModelMessage],
        model_settings: ModelSettings | None,
        model_request_parameters: ModelRequestParameters,
    ) -> ModelResponse:
        started = time.perf_counter()
        self._breaker.begins()
        try:
            async with asyncio.timeout(min(self._seconds, self._meter.seconds_left)):
                response = await self.wrapped.request(messages, model_settings, model_request_parameters)
        except (ModelAPIError, UnexpectedModelBehavior, TimeoutError) as error:
            self._breaker.failed()
            self._meter.skipped[self._name] = type(error).__name__
            metrics.MODEL_CALLS.labels(self._meter.turn.tenant.tenant, self._name, "failed").inc()
            log.warning("model_failed", model=self._name, error=type(error).__name__)
            if isinstance(error, UnexpectedModelBehavior):
                # A login page, half an answer: nothing that another try would mend.
                raise self._skip("unreadable answer") from error
            raise
        self._breaker.succeeded()
        metrics.MODEL_CALLS.labels(self._meter.turn.tenant.tenant, self._name, "answered").inc()
        metrics.MODEL_SECONDS.observe(time.perf_counter() - started)
        return response

    def _used(self, response: ModelResponse) -> Decimal:
        usage = response.usage
        self._meter.input_tokens += usage.input_tokens
        self._meter.cached_tokens += usage.cache_read_tokens
        self._meter.output_tokens += usage.output_tokens
        self._meter.answered_by = self._name
        counted = {"input": usage.input_tokens, "cached": usage.cache_read_tokens, "output": usage.output_tokens}
        for kind, count in counted.items():
            metrics.MODEL_TOKENS.labels(self._meter.turn.tenant.tenant, kind).inc(count)
        return self._cost(usage.input_tokens, usage.cache_read_tokens, usage.output_tokens)

    def _cost(self, input_tokens: int, cached_tokens: int, output_tokens: int) -> Decimal:
        return cost(self._meter.turn.tenant.assistant, self._name, input_tokens, cached_tokens, output_tokens)

    def _skip(self, why: str) -> Skipped:
        self._meter.skipped[self._name] = why
        if why in _NOT_ASKED:
            metrics.MODEL_CALLS.labels(self._meter.turn.tenant.tenant, self._name, _NOT_ASKED[why]).inc()
        return Skipped(self._name, why)


def chain(models: Sequence[tuple[str, Model]], meter: Meter, breakers: Breakers, seconds: float) -> Model:
    """The models in their order, each metered; the next one answers when one cannot."""
    metered = [MeteredModel(name, model, meter, breakers, seconds) for name, model in models]
    return metered[0] if len(metered) == 1 else FallbackModel(metered[0], *metered[1:])


def affordable(tenant: TenantProfile, share_gone: Decimal) -> tuple[str, ...]:
    """The models to ask: when most of the month's budget is gone, only those cheaper than the first."""
    names = tenant.assistant.models
    if share_gone < LOW or len(names) < 2:
        return names
    price = {name: cost(tenant.assistant, name, 3000, 0, 300) for name in names}
    return tuple(name for name in names if price[name] < price[names[0]]) or names


def _estimated_tokens(messages: list[ModelMessage]) -> int:
    size = len(orjson.dumps(ModelMessagesTypeAdapter.dump_python(messages, mode="json")))
    return size // _BYTES_PER_TOKEN + _TOOL_TOKENS
