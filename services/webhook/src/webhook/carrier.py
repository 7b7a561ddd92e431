"""Carries one command of the hub out in Chatwoot: one attempt, and never twice with effect.

Chatwoot has no idempotency key, so every message carries the id of its command. The intent is on record before the
request and the result after it; an intent without a result means that the outcome is unknown, and then Chatwoot is
asked for a message with that id before anything is posted again.
"""

from __future__ import annotations

import contextlib
import time
from datetime import timedelta
from typing import Final

from common import metrics
from common.commands import ChatwootCommand, HandOff, SendMessage, SendPrivateNote, SetLabels, SetStatus, SetTyping
from common.errors import PublishFailed, Reject, RevisionConflict
from webhook.chatwoot_client import CONTENT_LIMIT, ChatwootClient, Draft
from webhook.chatwoot_pool import ChatwootPool
from webhook.clock import Clock
from webhook.deliveries import Deliveries, DeliveryRecord, Known
from webhook.errors import ChatwootError, NotNow, RateLimited, Refused, Unauthorised, Unavailable
from webhook.stamp import Stamp
from webhook.texts import without_liquid

LATEST_START_SECONDS: Final = 2.0
"""A process that was frozen between its intent and its request must not post: another one may have taken over."""

_LOOK_AGAIN_SECONDS = 2.0
_UNDER_WAY = "an earlier request may still be under way"
_NO_WAY_TO_LOOK = "outcome unknown and no user_token to read back"


class Carrier:
    """Does in Chatwoot what a command asks for, unless it is on record as done."""

    def __init__(self, pool: ChatwootPool, deliveries: Deliveries, *, now: Clock, settle: timedelta) -> None:
        """`settle`: how long Chatwoot may still be working on a request that nobody waits for any more."""
        self._pool = pool
        self._deliveries = deliveries
        self._now = now
        self._settle = settle

    async def carry_out(self, command: ChatwootCommand, *, replayed: bool = False) -> str:
        """Make one attempt; returns what became of it.

        Args:
            command: What to do.
            replayed: An operator wants a command tried again that was given up.

        Raises:
            NotNow: Chatwoot is away, limits us, or may still be working on an earlier request.
            Reject: Chatwoot will never accept it, or nobody can tell whether it already did.
            NoConnection: no such tenant is known here.
            RevisionConflict: another process is at it.
            PublishFailed: what was done could not be recorded.
        """
        async with self._pool.client(command.tenant) as client:
            return await self._carry_out(client, command, replayed)

    async def give_up(self, command: ChatwootCommand, reason: str) -> None:
        """Put on record that a command is not to be tried again."""
        # A record that nobody can read says as much by itself.
        with contextlib.suppress(Reject):
            known = await self._deliveries.get(command)
            record = known.record if known else DeliveryRecord(state="not_applied", settles_at=self._now())
            await self._deliveries.write(command, record.model_copy(update={"given_up": reason}), known)

    async def _carry_out(self, client: ChatwootClient, command: ChatwootCommand, replayed: bool) -> str:
        _refuse_hopeless(client, command)
        if isinstance(command, SetTyping):
            return await self._type(client, command)
        known = await self._deliveries.get(command)
        if known and known.record.state == "done":
            return "already_done"
        if known and known.record.given_up and not replayed:
            raise Reject(known.record.given_up)
        if known and known.record.state == "attempting":
            found = await self._look(client, command, known)
            if found is not None:
                await self._deliveries.write(command, _done(known.record, found), known)
                return "found"
        await self._attempt(client, command, known)
        return "done"

    async def _type(self, client: ChatwootClient, command: SetTyping) -> str:
        # Cosmetic: not worth a record, and never worth holding up the reply behind it.
        try:
            await client.set_typing(command.conversation_id, on=command.on)
        except ChatwootError:
            return "forgotten"
        return "done"

    async def _attempt(self, client: ChatwootClient, command: ChatwootCommand, known: Known | None) -> None:
        began = time.monotonic()
        intent = DeliveryRecord(state="attempting", settles_at=self._now() + self._settle)
        known = await self._deliveries.write(command, intent, known)
        if time.monotonic() - began > LATEST_START_SECONDS:
            raise NotNow("the intent took too long to write", scope="conversation")
        try:
            message_id = await _perform(client, command)
        except ChatwootError as error:
            await self._note_failure(command, known, error)
            raise _instruction(error) from error
        await self._deliveries.write(command, _done(intent, message_id), known)

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

    async def _look(self, client: ChatwootClient, command: ChatwootCommand, known: Known) -> int | None:
        """Find out what an attempt without a result did. 0: done, by something that is no message; None: not done."""
        try:
            if isinstance(command, SendMessage | SendPrivateNote):
                found = await _find_message(client, command)
            elif isinstance(command, HandOff):
                found = await _find_hand_off(client, command)
            else:
                return None
        except ChatwootError as error:
            raise _instruction(error) from error
        metrics.READ_BACKS.labels("yes" if found is not None else "no").inc()
        left = (known.record.settles_at - self._now()).total_seconds()
        if found is None and left > 0:
            raise NotNow(_UNDER_WAY, delay=min(left, _LOOK_AGAIN_SECONDS), scope="conversation")
        return found


def _refuse_hopeless(client: ChatwootClient, command: ChatwootCommand) -> None:
    """Turn away what no attempt can carry out, before an intent is on record."""
    if client.connection.account_id != command.account_id:
        raise Reject(f"the tenant's Chatwoot account is {client.connection.account_id} now")
    if isinstance(command, SendMessage | SendPrivateNote) and len(command.text) > CONTENT_LIMIT:
        raise Reject(f"{len(command.text)} characters; Chatwoot takes {CONTENT_LIMIT}")


async def _perform(client: ChatwootClient, command: ChatwootCommand) -> int:
    """Make the request of a command; returns the id of the message it created, 0 for none."""
    conversation = command.conversation_id
    match command:
        case SendMessage() | SendPrivateNote():
            return await client.create_message(conversation, _draft(command))
        case HandOff():
            await client.set_status(conversation, "open")
        case SetStatus():
            await client.set_status(conversation, command.status)
        case SetLabels():
            await client.add_labels(conversation, command.add)
        case _:
            raise Reject(f"this version cannot carry out {command.type_name()}")
    return 0


def _draft(command: SendMessage | SendPrivateNote) -> Draft:
    return Draft(
        text=without_liquid(command.text),
        stamp=Stamp(command_id=command.command_id, turn_id=command.turn_id),
        private=isinstance(command, SendPrivateNote),
        choices=command.choices if isinstance(command, SendMessage) else (),
    )


async def _find_message(client: ChatwootClient, command: SendMessage | SendPrivateNote) -> int | None:
    conversation, after = command.conversation_id, command.after_message_id
    if client.reads_history:
        return await client.find_stamped(conversation, command.command_id, after=after)
    try:
        now = await client.conversation(conversation)
    except Unauthorised as error:
        # Bots may look at conversations only from 4.14.2 on.
        raise Reject(_NO_WAY_TO_LOOK) from error
    for each in now.last_messages:
        if each.stamp and each.stamp.command_id == command.command_id:
            return each.id
    newest = max((each.id for each in now.last_messages), default=None)
    if newest is None or newest > after:
        # Something was written since, and what is behind the last message cannot be seen.
        raise Reject(_NO_WAY_TO_LOOK)
    return None


async def _find_hand_off(client: ChatwootClient, command: HandOff) -> int | None:
    try:
        now = await client.conversation(command.conversation_id)
    except Unauthorised:
        # Not allowed to look: opening an open conversation once more does no harm.
        return None
    return None if now.status == "pending" else 0


def _done(record: DeliveryRecord, message_id: int) -> DeliveryRecord:
    return record.model_copy(update={"state": "done", "message_id": message_id or None})


def _instruction(error: ChatwootError) -> NotNow | Reject:
    reason = f"{type(error).__name__}: {error}"
    match error:
        case RateLimited(one_conversation=True):
            return NotNow(reason, delay=error.retry_after, scope="conversation")
        case RateLimited():
            return NotNow(reason, delay=error.retry_after, scope="limit")
        case Unavailable():
            return NotNow(reason, scope="outage")
        case _:
            return Reject(reason)
