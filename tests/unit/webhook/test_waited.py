"""Waiting for Chatwoot is told apart from waiting for ourselves."""

from __future__ import annotations

import asyncio

from webhook.waited import Waited, waiting_for_chatwoot


class Hand:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


async def test_only_requests_count_and_those_under_way_do_too() -> None:
    clock = Hand()
    waited = Waited(clock)
    reached, go_on = asyncio.Event(), asyncio.Event()

    async def attempt() -> None:
        clock.now += 5.0  # the broker
        with waiting_for_chatwoot():
            clock.now += 0.2
        clock.now += 5.0
        with waiting_for_chatwoot():
            reached.set()
            await go_on.wait()

    task = asyncio.create_task(attempt(), context=waited.context())
    await reached.wait()
    clock.now += 0.5
    assert round(waited.seconds, 3) == 0.7

    go_on.set()
    await task
    clock.now += 9.0
    assert round(waited.seconds, 3) == 0.7


async def test_requests_of_others_are_nobodys_concern() -> None:
    clock = Hand()
    waited = Waited(clock)

    with waiting_for_chatwoot():
        clock.now += 1.0

    assert waited.seconds == 0.0
