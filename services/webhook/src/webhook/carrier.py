"""Carries one command of the hub out in Chatwoot: one attempt, and never twice with effect.

Chatwoot has no idempotency key, so every message carries the id of its command. The intent is on record before the
request and the result after it; an intent without a result means that the outcome is unknown, and then Chatwoot is
asked for a message with that id before anything is posted again.

Immediately before anything is said or handed over the conversation is looked at once more: see `gate`. What has to be
known before that is found out at the same time: whoever waits for the next command waits for each request in turn.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

from common import metrics
from common.commands import ChatwootCommand, HandOff, SendMessage, SetLabels, SetStatus, SetTyping
from common.errors import PublishFailed, Reject, RevisionConflict
from common.events import GivenUpReason
from common.nats.tasks import cancel
from webhook.channel_rules import Part, rules_of
from webhook.chatwoot_client import ChatwootClient
from webhook.chatwoot_pool import ChatwootPool
from webhook.clearance import SPEAKING, is_done_already, needs_a_look
from webhook.clock import Clock
from webhook.conversation_now import ConversationNow
from webhook.deliveries import Deliveries, DeliveryRecord, Known
from webhook.errors import ChatwootError, NotNow, Refused, Unavailable
from webhook.gate import Gate, Withheld
from webhook.read_back import find_hand_off, find_message
from webhook.reports import Reports
from webhook.sending_policy import instruction
from webhook.speech import Speech, draft_of, parts_to_say, stamp_of
from webhook.typing_sign import TypingSign

LATEST_START_SECONDS: Final = 2.0
"""A process that was frozen between its intent and its request must not post: another one may have taken over."""

PART_SECONDS: Final = 1.0
"""Between two messages of one reply where nothing tells that the channel has taken the first."""

_LOOK_AGAIN_SECONDS = 2.0
_UNDER_WAY = "an earlier request may still be under way"


@dataclass(frozen=True)
class Tools:
    """What carrying out takes besides Chatwoot itself."""

    deliveries: Deliveries
    gate: Gate
    reports: Reports
    typing: TypingSign


@dataclass(frozen=True)
class _Visit:
    """What one attempt has at hand. `look`: at the conversation, begun before anybody knew whether it is needed."""

    client: ChatwootClient
    look: asyncio.Task[None] | None
    will_wait: Callable[[], None]


class Carrier:
    """Does in Chatwoot what a command asks for, unless it is on record as done."""

    def __init__(
        self, pool: ChatwootPool, tools: Tools, *, now: Clock, settle: timedelta, part_seconds: float = PART_SECONDS
    ) -> None:
        """`settle`: how long Chatwoot may still be working on a request that nobody waits for any more."""
        self._pool = pool
        self._deliveries, self._gate, self._reports = tools.deliveries, tools.gate, tools.reports
        self._typing = tools.typing
        self._now = now
        self._settle = settle
        self._part_seconds = part_seconds
        self._finishing: set[asyncio.Task[None]] = set()

    async def stop(self) -> None:
        """Put on record what is done and not on record yet."""
        if self._finishing:
            await asyncio.wait(self._finishing)

    async def carry_out(
        self,
        command: ChatwootCommand,
        *,
        replayed: bool = False,
        may_go: Callable[[], Awaitable[None]] | None = None,
        will_wait: Callable[[], None] = lambda: None,
    ) -> str:
        """Make one attempt; returns what became of it.

        Args:
            command: What to do.
            replayed: An operator wants a command tried again that was given up.
            may_go: Awaited before anything is written or done; the conversation is looked at meanwhile. None: at once.
            will_wait: Called before it waits on purpose, so that messages reach the phone in order.

        Raises:
            NotNow: Chatwoot is away, limits us, or may still be working on an earlier request.
            Reject: Chatwoot will never accept it, or nobody can tell whether it already did.
            NoConnection: no such tenant is known here.
            RevisionConflict: another process is at it.
            PublishFailed: what was done could not be recorded.
        """
        async with self._pool.client(command.tenant) as client:
            if client.connection.account_id != command.account_id:
                raise Reject(f"the tenant's Chatwoot account is {client.connection.account_id} now")
            if isinstance(command, SetTyping):
                return await self._typing.set(client, command)
            look = self._look_ahead(client, command) if may_go else None
            try:
                known = await self._deliveries.get(command)
                if may_go:
                    await may_go()
                if known and known.record.state == "done":
                    return "already_done"
                if known and known.record.given_up and not replayed:
                    raise Reject(known.record.given_up)
                return await self._do(_Visit(client, look, will_wait), command, known)
            finally:
                if look:
                    await cancel(look)

    async def _do(self, visit: _Visit, command: ChatwootCommand, known: Known | None) -> str:
        try:
            if isinstance(command, Speech):
                return await self._speak(visit, command, known)
            return await self._act(visit, command, known)
        except Withheld as no:
            return await self._withhold(command, no)
        except ChatwootError as error:
            raise instruction(error) from error

    def _look_ahead(self, client: ChatwootClient, command: ChatwootCommand) -> asyncio.Task[None] | None:
        """A look at the conversation that is under way while other things are found out."""
        if not needs_a_look(command):
            return None
        return asyncio.create_task(self._gate.glance(client, command), name="look")

    async def give_up(self, command: ChatwootCommand, why: str, reason: GivenUpReason) -> None:
        """Tell the hub, so that a person gets the conversation, and put on record that it is not to be tried again."""
        await self._reports.given_up(command, reason)
        # A record that nobody can read says as much by itself.
        with contextlib.suppress(Reject):
            known = await self._deliveries.get(command)
            record = known.record if known else self._first_record()
            await self._deliveries.write(command, record.model_copy(update={"given_up": why}), known)

    async def _speak(self, visit: _Visit, command: Speech, known: Known | None) -> str:
        """Say it, in as many messages as the channel needs; an attempt goes on where the last one ended."""
        found = known is not None and known.record.state == "attempting"
        if known and found and not await self._is_there(visit.client, command, known):
            found = False
        while True:
            record = known.record if known else self._first_record()
            seen = None if found else await self._clearance(visit, command)
            if seen and isinstance(command, SendMessage) and not seen.snapshot.can_reply:
                return await self._window_closed(command, known, seen)
            channel = record.channel or (seen.snapshot.channel if seen else "")
            parts, number = parts_to_say(command, channel), record.part
            if not found:
                record = record.model_copy(update={"channel": channel})
                known = await self._post(visit.client, command, parts[number - 1], record, known)
            if number >= len(parts):
                await self._typing.hide(visit.client, command.tenant, command.conversation_id)
                self._finish_meanwhile(command, known)
                return "found" if found else "done"
            known = await self._next_part(command, known)
            if seen is None or not rules_of(channel).reports_hand_over:
                visit.will_wait()
                await asyncio.sleep(self._part_seconds)
            found = False

    async def _clearance(self, visit: _Visit, command: ChatwootCommand) -> ConversationNow | None:
        if not needs_a_look(command):
            return None
        if visit.look:
            await visit.look
        return await self._gate.ask(visit.client, command, visit.will_wait)

    async def _post(
        self, client: ChatwootClient, command: Speech, part: Part, record: DeliveryRecord, known: Known | None
    ) -> Known:
        """Create one message; its result is on record when this returns."""
        known = await self._intend(command, record, known)
        try:
            message_id = await client.create_message(command.conversation_id, draft_of(command, part, record.part))
        except ChatwootError as error:
            await self._note_failure(command, known, error)
            raise
        if isinstance(command, SPEAKING):
            self._gate.said(command)
        return replace(known, record=known.record.model_copy(update={"message_id": message_id}))

    async def _act(self, visit: _Visit, command: ChatwootCommand, known: Known | None) -> str:
        """Do what is no message."""
        if known and known.record.state == "attempting" and isinstance(command, HandOff):
            if await find_hand_off(visit.client, command):
                await self._finish(command, known)
                return "found"
            self._wait_until_settled(known)
        seen = await self._clearance(visit, command)
        if seen and is_done_already(command, seen.snapshot):
            await self._finish(command, known)
            return "not_needed"
        known = await self._intend(command, known.record if known else self._first_record(), known)
        try:
            await _perform(visit.client, command)
        except ChatwootError as error:
            await self._note_failure(command, known, error)
            raise
        self._gate.forget(command)
        await self._finish(command, known)
        return "done"

    async def _is_there(self, client: ChatwootClient, command: Speech, known: Known) -> bool:
        """Find out what an attempt without a result did.

        Raises:
            NotNow: it may not have ended yet.
            Reject: nobody can tell.
        """
        stamp = stamp_of(command, known.record.part)
        message_id = await find_message(client, command, stamp)
        metrics.READ_BACKS.labels("yes" if message_id is not None else "no").inc()
        if message_id is None:
            self._wait_until_settled(known)
        return message_id is not None

    def _wait_until_settled(self, known: Known) -> None:
        left = (known.record.settles_at - self._now()).total_seconds()
        if left > 0:
            raise NotNow(_UNDER_WAY, delay=min(left, _LOOK_AGAIN_SECONDS), scope="conversation")

    def _first_record(self) -> DeliveryRecord:
        return DeliveryRecord(state="not_applied", settles_at=self._now())

    async def _intend(self, command: ChatwootCommand, record: DeliveryRecord, known: Known | None) -> Known:
        began = time.monotonic()
        intent = record.model_copy(update={"state": "attempting", "settles_at": self._now() + self._settle})
        known = await self._deliveries.write(command, intent, known)
        if time.monotonic() - began > LATEST_START_SECONDS:
            raise NotNow("the intent took too long to write", scope="conversation")
        return known

    async def _note_failure(self, command: ChatwootCommand, known: Known, error: ChatwootError) -> None:
        """Keep what the failure tells, so that the next attempt need not look, or need not wait before it looks."""
        record = known.record
        if isinstance(error, Unavailable) and error.applied == "in_flight":
            return
        if isinstance(error, Unavailable) and error.applied == "unknown":
            record = record.model_copy(update={"settles_at": self._now()})
        elif not (isinstance(error, Refused) and error.maybe_stored):
            record = record.model_copy(update={"state": "not_applied"})
        # Without this note the next attempt is only slower.
        with contextlib.suppress(PublishFailed, RevisionConflict):
            await self._deliveries.write(command, record, known)

    async def _next_part(self, command: Speech, known: Known | None) -> Known:
        record = known.record if known else self._first_record()
        return await self._deliveries.write(
            command, record.model_copy(update={"state": "not_applied", "part": record.part + 1}), known
        )

    async def _finish(self, command: ChatwootCommand, known: Known | None) -> None:
        record = known.record if known else self._first_record()
        await self._deliveries.write(command, record.model_copy(update={"state": "done"}), known)

    def _finish_meanwhile(self, command: Speech, known: Known | None) -> None:
        """Put on record that it was said, while the next command goes on.

        Without that the command is said once all the same: if it comes again, the message is looked for.
        """
        task = asyncio.create_task(self._finish_quietly(command, known), name="finish")
        self._finishing.add(task)
        task.add_done_callback(self._finishing.discard)

    async def _finish_quietly(self, command: Speech, known: Known | None) -> None:
        with contextlib.suppress(PublishFailed, RevisionConflict):
            await self._finish(command, known)

    async def _withhold(self, command: ChatwootCommand, no: Withheld) -> str:
        await self._reports.withheld(command, no.reason, no.now, no.person)
        await self._finish(command, await self._deliveries.get(command))
        return "withheld"

    async def _window_closed(self, command: SendMessage, known: Known | None, seen: ConversationNow) -> str:
        """Chatwoot would store the message and find out later that the channel takes no free text."""
        await self._reports.given_up(command, "window_closed", seen)
        await self._finish(command, known)
        return "window_closed"


async def _perform(client: ChatwootClient, command: ChatwootCommand) -> None:
    """Make the request of a command that is no message."""
    conversation = command.conversation_id
    match command:
        case HandOff():
            await client.set_status(conversation, "open")
        case SetStatus():
            await client.set_status(conversation, command.status)
        case SetLabels():
            await client.add_labels(conversation, command.add)
        case _:
            raise Reject(f"this version cannot carry out {command.type_name()}")
