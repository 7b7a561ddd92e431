"""One attempt at a command: counted, logged, and learnt from."""

from __future__ import annotations

import asyncio
import time
from datetime import timedelta
from typing import Final

import structlog

from common import metrics
from common.commands import ChatwootCommand
from common.errors import Reject, RetryLater
from common.nats.delivery import Delivery
from webhook.carrier import Carrier
from webhook.circuit import Circuits
from webhook.clock import Clock
from webhook.errors import NoConnection, NotNow

log = structlog.get_logger(__name__)

NEW_TENANT_SECONDS: Final = 10.0
"""A tenant may be known to the rest of the system a moment before it is known here."""

_REPLAY_HEADER: Final = "X-Replay-Of"


class Attempt:
    """An attempt that is under way. It reads what it needs to know at once; nothing is written or done before `go`."""

    def __init__(self) -> None:
        self.courtesy: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        """Done when it waits on purpose: nobody should wait with it."""
        self._may_go = asyncio.Event()

    def go(self) -> None:
        """It may do what it is for."""
        self._may_go.set()

    async def may_go(self) -> None:
        """Wait for `go`."""
        await self._may_go.wait()

    def will_wait(self) -> None:
        """It waits on purpose now."""
        if not self.courtesy.done():
            self.courtesy.set_result(None)


class Attempts:
    """Makes attempts with the carrier, and tells the tenant's circuit what came of each."""

    def __init__(self, carrier: Carrier, circuits: Circuits, *, now: Clock) -> None:
        self._carrier = carrier
        self._circuits = circuits
        self._now = now

    async def make(self, command: ChatwootCommand, delivery: Delivery, attempt: Attempt | None = None) -> None:
        """Carry a command out, once. Without an `attempt` nobody waits for it, and nothing for anybody.

        Raises:
            NotNow: not now; it says when.
            Reject: never.
            RetryLater: the broker did not keep what has to be kept.
        """
        name = command.type_name()
        circuit = self._circuits.of(command.tenant)
        try:
            with circuit.attempt(command.conversation_id, time.monotonic):
                outcome = await self._carrier.carry_out(
                    command,
                    replayed=_REPLAY_HEADER in delivery.headers,
                    may_go=attempt.may_go if attempt else None,
                    will_wait=attempt.will_wait if attempt else _nobody_waits,
                )
        except NoConnection as error:
            if self._now() - delivery.stored_at < timedelta(seconds=NEW_TENANT_SECONDS):
                raise NotNow(str(error), delay=1.0, scope="conversation") from error
            raise Reject(str(error)) from error
        except RetryLater:
            metrics.COMMANDS_SENT.labels(name, "retry").inc()
            raise
        except Reject:
            metrics.COMMANDS_SENT.labels(name, "rejected").inc()
            raise
        if outcome != "already_done":
            circuit.answered()
        count(command, outcome)


def _nobody_waits() -> None:
    """Nobody has to be told."""


def count(command: ChatwootCommand, outcome: str) -> None:
    """What became of a command, in metrics and log."""
    name = command.type_name()
    metrics.COMMANDS_SENT.labels(name, outcome).inc()
    ids = {"command_id": command.command_id, "tenant": command.tenant, "conversation": command.conversation_id}
    log.info("command_carried_out", command=name, outcome=outcome, **ids)
