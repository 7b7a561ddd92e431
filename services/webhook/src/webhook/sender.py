"""Sends: the hub's commands in order per conversation, each exactly once, and none in the way of another conversation.

A command comes through its partition, which waits for it. So it gets a short while there, and what can be found out at
the same time is. What takes longer, fails, or meets a Chatwoot that is known to be away is parked (see `parking`) and
leaves the partition; an attempt that is under way goes on meanwhile. From then on the conversation is worked off by its
own schedule.

What can finally not be carried out is a dead letter, with its reason on record.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
import time
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

import structlog

from common import metrics
from common.commands import CHATWOOT_COMMANDS, ChatwootCommand, SetTyping
from common.errors import OdooAiError, Reject, UnreadableMessage
from common.nats.dead_letters import publish_dead_letter
from common.nats.delivery import Delivery
from common.nats.publisher import Publisher
from common.nats.retry import DeadLetter
from common.nats.tasks import cancel
from common.nats.topology import SENDER
from common.sending import SendingDue
from webhook.attempts import Attempt, Attempts, count
from webhook.carrier import Carrier
from webhook.circuit import Circuits
from webhook.clock import Clock
from webhook.errors import NotNow
from webhook.parking import Parked, ParkingLot, Place
from webhook.reports import reason_of
from webhook.sending_policy import SendingPolicy, Wait, after_failure, jittered

log = structlog.get_logger(__name__)

_LOOK_AFTER = timedelta(seconds=2)
"""When to look whether somebody who is at work on a conversation has finished."""
_EARLY_SECONDS = 0.5
"""Clocks of the broker and of the processes differ; so much too early is due."""


class Sender:
    """The handler of the command consumers (`handle`) and of the schedules of parked conversations (`resume`)."""

    def __init__(
        self,
        carrier: Carrier,
        circuits: Circuits,
        lot: ParkingLot,
        publisher: Publisher,
        *,
        now: Clock,
        policy: SendingPolicy | None = None,
    ) -> None:
        self._carrier = carrier
        self._attempts = Attempts(carrier, circuits, now=now)
        self._circuits = circuits
        self._lot = lot
        self._publisher = publisher
        self._now = now
        self._policy = policy or SendingPolicy()
        self._at_work: Counter[tuple[str, int]] = Counter()
        self._following: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        """Set the schedules of everything that waits once more: one could have been lost with the broker's store."""
        for parked in await self._lot.everything():
            await self._lot.remind(parked, parked.due_at)

    async def stop(self, grace: float = 5.0) -> None:
        """Finish the attempts that are under way; what is not finished in time is taken up by another process."""
        if self._following:
            await asyncio.wait(self._following, timeout=grace)
        await cancel(*self._following)
        await self._carrier.stop()

    async def handle(self, command: ChatwootCommand, delivery: Delivery) -> None:
        """Carry out one command, or let it wait; return when one of the two is durable.

        Raises:
            Reject: it can never be carried out.
        """
        if isinstance(command, SetTyping):
            await self._type(command)
        else:
            await self._first_attempt(command, delivery)

    async def resume(self, due: SendingDue, delivery: Delivery) -> None:
        """Work off what waits in a conversation, as far as it goes."""
        del delivery
        place = await self._lot.find(due.tenant, due.conversation_id)
        if place is None:
            return
        left = (place.parked.due_at - self._now()).total_seconds()
        if left > _EARLY_SECONDS:
            await self._lot.remind(place.parked, place.parked.due_at)
            return
        if self._is_at_work(place.parked):
            await self._lot.remind(place.parked, self._now() + _LOOK_AFTER)
            return
        with self._working_on(place.parked):
            await self._drain(place)

    async def _type(self, command: SetTyping) -> None:
        """Cosmetic: not worth a record, and never worth holding up the reply behind it."""
        circuit = self._circuits.of(command.tenant)
        parked = await self._lot.find(command.tenant, command.conversation_id)
        outcome = "forgotten"
        if parked is None and not circuit.wait(time.monotonic()):
            with contextlib.suppress(OdooAiError, TimeoutError):
                async with asyncio.timeout(self._policy.patience):
                    outcome = await self._carrier.carry_out(command)
        count(command, outcome)

    async def _first_attempt(self, command: ChatwootCommand, delivery: Delivery) -> None:
        circuit = self._circuits.of(command.tenant)
        wait = circuit.wait(time.monotonic())
        # Of a Chatwoot in trouble nothing is asked that need not be.
        if (wait or circuit.troubled) and await self._joins(command, delivery):
            return
        if wait:
            await self._park(command, delivery, jittered(wait, _chance()), "busy", attempts=0)
            return
        attempt = Attempt()
        task = asyncio.create_task(self._attempts.make(command, delivery, attempt), name="send")
        try:
            if await self._joins(command, delivery):
                await cancel(task)
                return
            attempt.go()
            patience = 0 if circuit.sluggish else self._policy.patience
            await asyncio.wait({task, attempt.courtesy}, timeout=patience, return_when=asyncio.FIRST_COMPLETED)
        except BaseException:
            await cancel(task)
            raise
        if task.done():
            await self._settle(task, command, delivery)
            return
        if not attempt.courtesy.done():
            circuit.watch(task)
        await self._leave_behind(task, command, delivery)

    async def _joins(self, command: ChatwootCommand, delivery: Delivery) -> bool:
        """Whether its conversation waits, and now this command with it."""
        place = await self._lot.find(command.tenant, command.conversation_id)
        return place is not None and await self._lot.join(place, delivery)

    async def _settle(self, task: asyncio.Task[None], command: ChatwootCommand, delivery: Delivery) -> None:
        """Park what failed and is worth another attempt."""
        try:
            task.result()
        except NotNow as error:
            step = await self._after(error, command, delivery, attempt=1)
            if step is not None:
                await self._park(command, delivery, step.seconds, "trouble", attempts=1)
        except Reject as error:
            await self._carrier.give_up(command, str(error), reason_of(error))
            raise

    async def _leave_behind(self, task: asyncio.Task[None], command: ChatwootCommand, delivery: Delivery) -> None:
        """The partition goes on; the attempt does, too, and after it what has come meanwhile."""
        try:
            place = await self._park(command, delivery, self._policy.unattended, "slow", attempts=0)
        except BaseException:
            # The command comes again, and its record knows of the attempt.
            await cancel(task)
            raise
        follow_up = asyncio.create_task(self._follow_up(task, place, delivery), name="send-on")
        self._following.add(follow_up)
        follow_up.add_done_callback(self._following.discard)

    async def _follow_up(self, task: asyncio.Task[None], place: Place, delivery: Delivery) -> None:
        try:
            with self._working_on(place.parked):
                await asyncio.wait({task})
                await self._drain(place, known={delivery.sequence: task})
        except asyncio.CancelledError:
            await cancel(task)
            raise
        except (OdooAiError, TimeoutError) as error:
            # The broker is away. The schedule is set, and does the rest.
            log.warning("parked_conversation_left_to_its_schedule", error=type(error).__name__)

    async def _drain(self, place: Place, known: dict[int, asyncio.Task[None]] | None = None) -> None:
        """Carry out what waits, in order, until it is done or something has to wait on.

        `known`: attempts that were made already.
        """
        head, attempts = place.parked.head, place.parked.attempts
        found: Place | None = place
        while found is not None:
            delivery = await self._lot.next_command(found.parked, head)
            if delivery is None:
                head = found.parked.last + 1
                found = await self._lot.clear(found)
                head = max(head, found.parked.head) if found else head
                continue
            wait = await self._work_on(delivery, attempts + 1, (known or {}).pop(delivery.sequence, None))
            if wait is not None:
                failed = attempts + (1 if wait.failed else 0)
                due_at = self._now() + timedelta(seconds=wait.seconds)
                await self._lot.postpone(found, delivery.sequence, failed, due_at, wait.reason)
                return
            head, attempts = delivery.sequence + 1, 0

    async def _work_on(self, delivery: Delivery, attempt: int, made: asyncio.Task[None] | None) -> Wait | None:
        """Settle one waiting command; what to wait for when that is not possible now."""
        try:
            command = CHATWOOT_COMMANDS.decode(delivery.data)
        except UnreadableMessage as error:
            await self._bury(delivery, DeadLetter(str(error), "unreadable"))
            return None
        wait = 0.0 if made else self._circuits.of(command.tenant).wait(time.monotonic())
        if wait:
            return Wait(jittered(wait, _chance()), "busy", failed=False)
        try:
            await (made or self._attempts.make(command, delivery))
            return None
        except Exception as error:  # noqa: BLE001 - nothing may keep a parked conversation from its next attempt
            return await self._after(error, command, delivery, attempt)

    async def _after(self, error: Exception, command: ChatwootCommand, delivery: Delivery, attempt: int) -> Wait | None:
        if not isinstance(error, OdooAiError):
            log.error("sending_fault", exc_info=error, command=command.type_name())
        age = (self._now() - delivery.stored_at).total_seconds()
        step = after_failure(error, attempt, age, self._policy.retry_of(command), _chance())
        if isinstance(step, DeadLetter):
            await self._carrier.give_up(command, step.reason, reason_of(error, step))
            await self._bury(delivery, step)
            return None
        return step

    @contextlib.contextmanager
    def _working_on(self, parked: Parked) -> Iterator[None]:
        key = (parked.tenant, parked.conversation_id)
        self._at_work[key] += 1
        try:
            yield
        finally:
            self._at_work[key] -= 1
            if not self._at_work[key]:
                del self._at_work[key]

    def _is_at_work(self, parked: Parked) -> bool:
        return (parked.tenant, parked.conversation_id) in self._at_work

    async def _park(
        self, command: ChatwootCommand, delivery: Delivery, delay: float, reason: str, *, attempts: int
    ) -> Place:
        now = self._now()
        parked = Parked(
            tenant=command.tenant,
            conversation_id=command.conversation_id,
            subject=delivery.subject,
            head=delivery.sequence,
            last=delivery.sequence,
            attempts=attempts,
            due_at=now + timedelta(seconds=delay),
            parked_at=now,
            reason=reason,
        )
        metrics.PARKINGS.labels(reason).inc()
        return await self._lot.park(command, delivery, parked)

    async def _bury(self, delivery: Delivery, grave: DeadLetter) -> None:
        await publish_dead_letter(self._publisher, delivery, SENDER, reason=grave.reason, kind=grave.kind)
        metrics.DEAD_LETTERS.labels(delivery.stream).inc()
        log.warning("parked_command_dead_lettered", kind=grave.kind, reason=grave.reason, sequence=delivery.sequence)


def _chance() -> float:
    return random.random()  # noqa: S311 - jitter
