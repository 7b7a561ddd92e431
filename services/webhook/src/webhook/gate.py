"""The look at a conversation immediately before something is said or done in it: once per reply, not per command."""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import structlog

from common.commands import ChatwootCommand, SetStatus
from common.events import HumanReplied, WithheldReason
from common.tenants import TenantProfile
from webhook.arrival import Arrival
from webhook.chatwoot_client import ChatwootClient
from webhook.clearance import SPEAKING, is_news, is_on_its_way, withheld_because
from webhook.clock import Clock
from webhook.conversation_now import ConversationNow, MessageNow
from webhook.errors import Unauthorised, UnreadableWebhook
from webhook.message_events import created_message

log = structlog.get_logger(__name__)

FRESH_SECONDS: Final = 1.0
"""So long a look serves the following commands of the same turn."""
BLIND_SECONDS: Final = 600.0
"""After so long it is asked again whether a tenant's tokens may look."""

_LOOK_AGAIN_SECONDS = (0.1, 0.3)
"""The first time and from then on."""
_KEPT = 2000


class Withheld(Exception):
    """The command must not be carried out. `person`: what somebody wrote meanwhile, if that is why."""

    def __init__(self, reason: WithheldReason, now: ConversationNow, person: HumanReplied | None = None) -> None:
        self.reason = reason
        self.now = now
        self.person = person
        super().__init__(reason)


@dataclass(frozen=True)
class _Look:
    now: ConversationNow
    turn_id: str
    at: float
    said: bool = False


class Gate:
    """Looks, waits for what is still on its way, and says no."""

    def __init__(self, *, now: Clock, spacing: float) -> None:
        """`spacing`: how long one message waits for the one before it to reach the channel, in seconds."""
        self._now = now
        self._spacing = spacing
        self._looks: OrderedDict[tuple[str, int], _Look] = OrderedDict()
        self._blind_until: dict[str, float] = {}

    async def ask(
        self, client: ChatwootClient, command: ChatwootCommand, will_wait: Callable[[], None]
    ) -> ConversationNow | None:
        """The conversation as it is now; None: neither token may look (bots may from 4.14.2 on).

        `will_wait` is called before it waits for a message that is still on its way.

        Raises:
            Withheld: the bot may not.
            ChatwootError: Chatwoot could not be asked.
        """
        deadline = time.monotonic() + self._spacing
        pause, later = _LOOK_AGAIN_SECONDS
        while True:
            now = await self._look(client, command)
            if now is None:
                return None
            await self._check(client, command, now)
            waits = isinstance(command, SPEAKING) and is_on_its_way(now, self._now())
            if not waits or time.monotonic() >= deadline:
                return now
            will_wait()
            await asyncio.sleep(pause)
            pause = later
            self.forget(command)

    async def glance(self, client: ChatwootClient, command: ChatwootCommand) -> None:
        """Look already, while whoever will ask still has other things to find out.

        Raises:
            ChatwootError: Chatwoot could not be asked.
        """
        await self._look(client, command)

    def said(self, command: ChatwootCommand) -> None:
        """A message of ours is there now: the next one needs a look of its own, what else the turn does does not."""
        key = (command.tenant, command.conversation_id)
        known = self._looks.get(key)
        if known:
            self._looks[key] = _Look(known.now, known.turn_id, known.at, said=True)

    def forget(self, command: ChatwootCommand) -> None:
        """The next command needs a look of its own."""
        self._looks.pop((command.tenant, command.conversation_id), None)

    async def channel_of(self, client: ChatwootClient, command: ChatwootCommand) -> str:
        """The channel of a conversation; it never changes. Empty: nobody may look."""
        known = self._looks.get((command.tenant, command.conversation_id))
        now = known.now if known else await self._look(client, command)
        return now.snapshot.channel if now else ""

    async def _look(self, client: ChatwootClient, command: ChatwootCommand) -> ConversationNow | None:
        key, clock = (command.tenant, command.conversation_id), time.monotonic()
        known = self._looks.get(key)
        if known and _serves(known, command, clock):
            return known.now
        if self._blind_until.get(command.tenant, 0.0) > clock:
            return None
        try:
            now = await client.conversation(command.conversation_id)
        except Unauthorised as error:
            log.warning("conversation_cannot_be_looked_at", tenant=command.tenant, reason=str(error))
            self._blind_until[command.tenant] = clock + BLIND_SECONDS
            return None
        self._looks[key] = _Look(now, command.turn_id, clock)
        self._looks.move_to_end(key)
        if len(self._looks) > _KEPT:
            self._looks.popitem(last=False)
        return now

    async def _check(self, client: ChatwootClient, command: ChatwootCommand, now: ConversationNow) -> None:
        reason = withheld_because(command, now.snapshot)
        if reason:
            raise Withheld(reason, now)
        if isinstance(command, (*SPEAKING, SetStatus)) and command.after_message_id:
            person = await _person_since(client, command, command.after_message_id, now)
            if person:
                raise Withheld("person_replied", now, person)


def _serves(look: _Look, command: ChatwootCommand, clock: float) -> bool:
    if look.turn_id != command.turn_id or clock - look.at >= FRESH_SECONDS:
        return False
    return not (look.said and isinstance(command, SPEAKING))


async def _person_since(
    client: ChatwootClient, command: ChatwootCommand, after: int, now: ConversationNow
) -> HumanReplied | None:
    """What a person wrote to the customer after the messages that the reply knows of.

    A pending conversation stays pending when a person answers in it, so that only the message itself tells. Behind a
    newer message that is not ours more could be hidden: then the list is read, where a token may.
    """
    newest = now.newest
    if newest is None or newest.id <= after:
        return None
    found = _person_in(now.messages, command, after, now)
    if found or newest.stamp or not client.reads_history:
        return found
    return _person_in(await client.messages_after(command.conversation_id, after), command, after, now)


def _person_in(
    messages: tuple[MessageNow, ...] | list[MessageNow], command: ChatwootCommand, after: int, now: ConversationNow
) -> HumanReplied | None:
    for each in messages:
        event = _event_of(each, command, now) if each.id > after and each.outgoing and not each.stamp else None
        if isinstance(event, HumanReplied) and is_news(event, command):
            return event
    return None


def _event_of(message: MessageNow, command: ChatwootCommand, now: ConversationNow) -> object:
    """What the intake makes of a message: one place decides who wrote it."""
    profile = TenantProfile(tenant=command.tenant, chatwoot_account_id=command.account_id)
    arrival = Arrival(tenant=profile, delivery="sender", received_at=command.issued_at)
    try:
        return created_message(now.body_of(message), arrival)
    except UnreadableWebhook:
        return None
