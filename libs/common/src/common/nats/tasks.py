"""Ending tasks that use nats-py: one cancellation is not enough.

Its `request` waits by `asyncio.wait_for`, which before Python 3.12 swallows a cancellation that meets the result, and
its `publish` swallows one while its flush queue is full. A loop that was cancelled at such a moment goes on for ever.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any

_AGAIN_SECONDS = 0.05


async def cancel(*tasks: asyncio.Task[Any]) -> None:
    """Cancel tasks until they have ended, however they end."""
    pending = {each for each in tasks if not each.done()}
    while pending:
        for each in pending:
            each.cancel()
        _, pending = await asyncio.wait(pending, timeout=_AGAIN_SECONDS)
    for each in tasks:
        if not each.cancelled():
            # Read, so that asyncio does not complain of an error nobody looked at.
            each.exception()


async def within(seconds: float, work: Coroutine[Any, Any, Any]) -> bool:
    """Run something for so long at most; False: it was not ready and has been cancelled. Its errors are raised."""
    task = asyncio.create_task(work)
    try:
        await asyncio.wait([task], timeout=seconds)
    finally:
        ready = task.done()
        await cancel(task)
    if ready:
        task.result()
    return ready
