"""The typing sign: only where a customer can see it, and always taken away again."""

from __future__ import annotations

import asyncio
from typing import Final

from common.commands import SetTyping
from webhook.capability_probe import CapabilityProbe
from webhook.channel_rules import rules_of
from webhook.chatwoot_client import ChatwootClient
from webhook.chatwoot_pool import ChatwootPool
from webhook.errors import ChatwootError, NoConnection, Unavailable
from webhook.gate import Gate

LONGEST_SECONDS: Final = 25.0
"""Chatwoot's widget shows the sign until it is told otherwise, also when whoever set it has died."""


class TypingSign:
    """Shows and hides it. Cosmetic: a failure is forgotten."""

    def __init__(
        self,
        pool: ChatwootPool,
        gate: Gate,
        capabilities: CapabilityProbe,
        *,
        longest_seconds: float = LONGEST_SECONDS,
    ) -> None:
        self._pool = pool
        self._gate = gate
        self._capabilities = capabilities
        self._longest = longest_seconds
        self._shown: dict[tuple[str, int], asyncio.TimerHandle] = {}
        self._hiding: set[asyncio.Task[None]] = set()

    async def set(self, client: ChatwootClient, command: SetTyping) -> str:
        """Do what a command asks for; returns what became of it."""
        try:
            if not rules_of(await self._gate.channel_of(client, command)).typing:
                return "not_shown"
            if not (await self._capabilities.of(command.tenant)).bot_types:
                return "not_shown"
            if not command.on:
                self._forget((command.tenant, command.conversation_id))
            elif not self._promise_to_hide(command.tenant, command.conversation_id):
                return "already_shown"
            await client.set_typing(command.conversation_id, on=command.on)
        except ChatwootError as error:
            if command.on and not (isinstance(error, Unavailable) and error.applied != "no"):
                self._forget((command.tenant, command.conversation_id))
            return "forgotten"
        return "done"

    async def hide(self, client: ChatwootClient, tenant: str, conversation: int) -> None:
        """What it announced has been said."""
        if self._forget((tenant, conversation)):
            try:
                await client.set_typing(conversation, on=False)
            except ChatwootError:
                self._promise_to_hide(tenant, conversation)

    async def stop(self) -> None:
        """Take away every sign."""
        for tenant, conversation in list(self._shown):
            self._time_out(tenant, conversation)
        if self._hiding:
            await asyncio.wait(self._hiding)

    def _promise_to_hide(self, tenant: str, conversation: int) -> bool:
        key = (tenant, conversation)
        if key in self._shown:
            return False
        self._shown[key] = asyncio.get_running_loop().call_later(self._longest, self._time_out, *key)
        return True

    def _forget(self, key: tuple[str, int]) -> bool:
        timer = self._shown.pop(key, None)
        if timer is not None:
            timer.cancel()
        return timer is not None

    def _time_out(self, tenant: str, conversation: int) -> None:
        self._forget((tenant, conversation))
        task = asyncio.create_task(self._hide_late(tenant, conversation), name="hide-typing")
        self._hiding.add(task)
        task.add_done_callback(self._hiding.discard)

    async def _hide_late(self, tenant: str, conversation: int) -> None:
        try:
            async with self._pool.client(tenant) as client:
                await client.set_typing(conversation, on=False)
        except (ChatwootError, NoConnection):
            return
