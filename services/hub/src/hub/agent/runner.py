"""One run of the agent over one turn."""

from __future__ import annotations

from functools import cache
from typing import Final

from pydantic_ai import Agent, ModelRetry, RunContext
from pydantic_ai.capabilities import Instrumentation
from pydantic_ai.models import Model
from pydantic_ai.models.instrumented import InstrumentationSettings
from pydantic_ai.output import ToolOutput
from pydantic_ai.settings import CacheConfig, ModelSettings
from pydantic_ai.usage import UsageLimits

from hub.agent.chain import OUTPUT_TOKENS
from hub.agent.checks import dressed, objections
from hub.agent.context import AgentTurn
from hub.agent.decision import Decision
from hub.agent.prompt import history
from hub.agent.tools import tools

REGENERATIONS: Final = 1
LIMITS: Final = UsageLimits(request_limit=6, tool_calls_limit=8, total_tokens_limit=40_000)


class NotProved(Exception):
    """The model's answer was refused, and so was its second one."""


@cache
def _agent() -> Agent[AgentTurn, Decision]:
    agent: Agent[AgentTurn, Decision] = Agent(
        name="assistant",
        deps_type=AgentTurn,
        output_type=ToolOutput(Decision, name="final_result", description="The answer to the customer."),
        tools=tools(),
        retries={"tools": 1, "output": 1 + REGENERATIONS},
        capabilities=[Instrumentation(InstrumentationSettings(include_content=False, version=5))],
    )
    agent.output_validator(_proved)
    return agent


async def run(context: AgentTurn, model: Model, instructions: str, prompt: str) -> Decision:
    """Ask the model until it gives an answer that stands.

    Raises:
        NotProved: it gave none.
        NotWanted: the turn is stale.
        pydantic_ai.exceptions.AgentRunError: no model could answer, or the limits of a turn were reached.
    """
    result = await _agent().run(
        prompt,
        deps=context,
        model=model,
        message_history=history(context),
        instructions=instructions,
        usage_limits=LIMITS,
        model_settings=ModelSettings(max_tokens=OUTPUT_TOKENS, max_retries=0, cache=CacheConfig(messages=False)),
    )
    return result.output


async def _proved(ctx: RunContext[AgentTurn], decision: Decision) -> Decision:
    """Let an answer pass, or send it back once with the reasons."""
    context = ctx.deps
    if decision.action == "hand_off":
        # Its words are checked when the reply is made: without them the hand-off stands all the same.
        return decision
    refused, verdicts = objections(context, decision, dressed(context, decision.text))
    if not refused:
        context.accepted = verdicts
        return decision
    context.refusals += 1
    context.verdicts += [verdict for verdict in verdicts if not verdict.passed]
    if context.refusals > REGENERATIONS:
        raise NotProved("; ".join(refused))
    raise ModelRetry(
        "This answer may not be sent:\n- "
        + "\n- ".join(refused)
        + "\nAnswer again with facts only, look something up, ask, or hand off."
    )
