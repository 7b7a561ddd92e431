"""The agent's tools: thin, typed, authorised by code. Each use is kept for the turn's record."""

from __future__ import annotations

import functools
import inspect
import time
from collections.abc import Awaitable, Callable
from decimal import Decimal
from typing import Annotated, Any, Final, ParamSpec

from pydantic import BaseModel, Field
from pydantic_ai import RunContext, Tool
from pydantic_ai.tools import ToolDefinition

from common.facts import ToolUse
from hub.agent import look_up, orders, sales
from hub.agent.context import AgentTurn
from hub.personal_data import redact

P = ParamSpec("P")
Words = Annotated[str, Field(max_length=300)]
_RECORDED_CHARACTERS: Final = 300


class CartLine(BaseModel):
    """A product and how many of it."""

    product: Annotated[str, Field(max_length=200, description="id in [brackets], e.g. product:abc")]
    quantity: Annotated[Decimal, Field(gt=0)] = Decimal(1)


async def search_products(ctx: RunContext[AgentTurn], words: Words) -> str:
    """Find products by name, kind, size, colour, code; with price and stock as they are now."""
    return await look_up.search_products(ctx.deps.evidence, words)


async def search_knowledge(ctx: RunContext[AgentTurn], words: Words) -> str:
    """Find the company's rules, promotions in force, services and documents. Portuguese words find most."""
    return await look_up.search_knowledge(ctx.deps.evidence, words)


async def opening_hours(ctx: RunContext[AgentTurn], when: Words = "agora") -> str:
    """Opening hours now or on a day ("amanhã", "sábado", "25/12")."""
    return look_up.opening_hours(ctx.deps.evidence, when)


async def verify_identity(ctx: RunContext[AgentTurn], claim: Words, order_number: str | None = None) -> str:
    """Check who the customer is, with the CPF, CNPJ (or its last digits) or e-mail that the customer wrote."""
    restored = ctx.deps.masking.restore(claim)
    return await orders.prove_identity(ctx.deps, str(restored), order_number)


async def order_status(ctx: RunContext[AgentTurn], order_number: str | None = None) -> str:
    """The customer's own orders, newest first, or one of them. Only after verify_identity."""
    return await orders.show_orders(ctx.deps, order_number)


async def propose_quotation(
    ctx: RunContext[AgentTurn], lines: Annotated[list[CartLine], Field(min_length=1, max_length=20)]
) -> str:
    """Have a cart priced, to propose it to the customer. Creates nothing."""
    return await sales.propose_quotation(ctx.deps, [(line.product, line.quantity) for line in lines])


async def propose_lead(ctx: RunContext[AgentTurn], title: Annotated[str, Field(min_length=3, max_length=200)]) -> str:
    """Offer to register the customer's wish for the sales team. Creates nothing."""
    return sales.propose_lead(ctx.deps, title)


async def confirm_proposal(ctx: RunContext[AgentTurn]) -> str:
    """Create what was proposed in an earlier message, when the customer has now said yes."""
    return await sales.confirm(ctx.deps)


_ALL: Final[tuple[Callable[..., Awaitable[str]], ...]] = (
    search_products,
    search_knowledge,
    opening_hours,
    verify_identity,
    order_status,
    propose_quotation,
    propose_lead,
    confirm_proposal,
)
DESCRIBED: Final = "\n".join(f"{each.__name__}: {each.__doc__}" for each in _ALL)
"""What models are told of the tools: a part of the prompt's version."""


def tools() -> list[Tool[AgentTurn]]:
    """All of them; a run sees those that its turn offers."""
    return [Tool(_recorded(each), takes_ctx=True, prepare=_if_offered, max_retries=1) for each in _ALL]


async def _if_offered(ctx: RunContext[AgentTurn], definition: ToolDefinition) -> ToolDefinition | None:
    return definition if definition.name in ctx.deps.offered else None


def _recorded(function: Callable[..., Awaitable[str]]) -> Callable[..., Awaitable[str]]:
    """Note the use of a tool, whatever comes of it."""
    name = function.__name__

    @functools.wraps(function)
    async def wrapper(ctx: RunContext[AgentTurn], *args: Any, **kwargs: Any) -> str:
        started = time.perf_counter()
        outcome = "failed"
        try:
            if name not in ctx.deps.offered:
                # A model can ask for a tool that it was not shown.
                outcome = "refused"
                return "Refused: this tool is not available here."
            answer = await function(ctx, *args, **kwargs)
            outcome = "refused" if answer.startswith("Refused") else "ok"
            return answer
        finally:
            arguments = {key: _shown(value) for key, value in kwargs.items()}
            seconds = round(time.perf_counter() - started, 3)
            ctx.deps.uses.append(ToolUse(name=name, arguments=arguments, outcome=outcome, seconds=seconds))

    wrapper.__signature__ = inspect.signature(function)  # type: ignore[attr-defined]
    return wrapper


def _shown(value: Any) -> Any:
    if isinstance(value, list):
        return [_shown(each) for each in value]
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json")
    return redact(str(value))[:_RECORDED_CHARACTERS]
