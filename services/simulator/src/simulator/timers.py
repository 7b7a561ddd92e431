"""Things to do a little later, all forgotten when the simulator stops."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TypeVarTuple, Unpack

Arguments = TypeVarTuple("Arguments")


class Timers:
    """Calls functions after a delay."""

    def __init__(self) -> None:
        self._handles: set[asyncio.TimerHandle] = set()

    def later(self, delay: float, call: Callable[[Unpack[Arguments]], None], *arguments: *Arguments) -> None:
        """Call after `delay` seconds, unless stopped before."""
        handle: asyncio.TimerHandle

        def fire() -> None:
            self._handles.discard(handle)
            call(*arguments)

        handle = asyncio.get_running_loop().call_later(delay, fire)
        self._handles.add(handle)

    def __len__(self) -> int:
        return len(self._handles)

    def stop(self) -> None:
        """Forget everything."""
        for handle in self._handles:
            handle.cancel()
        self._handles.clear()
