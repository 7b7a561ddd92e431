"""A hub whose answers take as long as a slow model's: the real service, put together with another responder.

It reads the same environment as `python -m hub`; SLOW_HUB_SECONDS is how long an answer takes.
"""

from __future__ import annotations

import asyncio
import os
import sys
from functools import partial

from common.run import run_service
from common.settings import load_settings
from hub.answering import Reply, TurnInput
from hub.answering_side import AnsweringSide
from hub.app import SERVICE, build
from hub.settings import HubSettings


class SlowResponder:
    """Waits as for a model, without using the processor, and says something."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds

    async def respond(self, turn: TurnInput) -> Reply:
        """One answer for the whole burst."""
        await asyncio.sleep(self._seconds)
        return Reply(outcome="answered", reason="benchmark", text="Olá!", memory=turn.memory, responder="slow")


def _slow_side(seconds: float, *_: object) -> AnsweringSide:
    return AnsweringSide(SlowResponder(seconds))


async def _run(settings: HubSettings, seconds: float, stop: asyncio.Event) -> None:
    service = await build(settings, build_answering=partial(_slow_side, seconds))
    await stop.wait()
    await service.stop()


def main() -> int:
    """Run until told to stop."""
    settings, seconds = load_settings(HubSettings), float(os.environ["SLOW_HUB_SECONDS"])
    return run_service(SERVICE, settings, lambda stop: _run(settings, seconds, stop))


if __name__ == "__main__":
    sys.exit(main())
