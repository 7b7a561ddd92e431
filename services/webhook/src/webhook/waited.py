"""How long one attempt has waited for Chatwoot, told apart from what our own broker and processor cost.

A partition loses patience with a Chatwoot that is slow. When we ourselves are slow, leaving an attempt behind helps
nobody: the parking costs more of what is scarce.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import Context, ContextVar, copy_context


class Waited:
    """Counts the seconds between the sending of requests and their answers; requests under way count, too."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._seconds = 0.0
        self._since: float | None = None

    @property
    def seconds(self) -> float:
        """So far."""
        return self._seconds + (self._clock() - self._since if self._since is not None else 0.0)

    @contextmanager
    def counting(self) -> Iterator[None]:
        """Around one request; an attempt makes one after the other."""
        self._since = self._clock()
        try:
            yield
        finally:
            self._seconds, self._since = self.seconds, None

    def context(self) -> Context:
        """A context for a task whose requests are counted here."""
        found = copy_context()
        found.run(_CURRENT.set, self)
        return found


_CURRENT: ContextVar[Waited | None] = ContextVar("waited", default=None)


@contextmanager
def waiting_for_chatwoot() -> Iterator[None]:
    """Around a request: counted for the attempt that makes it, if somebody wants to know."""
    current = _CURRENT.get()
    if current is None:
        yield
    else:
        with current.counting():
            yield
