"""What came of asking a responder: its reply, an apology, or nothing because nobody wants it any more."""

from __future__ import annotations

import asyncio
import traceback

import structlog

from hub.answering import NotWanted, Reply, Responder, TurnInput
from hub.apology import apology
from hub.conversation import Lease

log = structlog.get_logger(__name__)


async def respond(responder: Responder, turn: TurnInput) -> Reply:
    """Ask a responder; a coroutine of our own, so that it can be a task whatever the responder is."""
    return await responder.respond(turn)


def judged(work: asyncio.Task[Reply], turn: TurnInput, lease: Lease) -> Reply | None:
    """What the responder said; an apology when it failed. Never silent: then a person gets the conversation.

    None: the responder itself found that the answer is not wanted any more.
    """
    error = asyncio.CancelledError() if work.cancelled() else work.exception()
    if isinstance(error, NotWanted):
        return None
    if error is None:
        reply = work.result()
        if reply.outcome != "answered" or reply.text.strip():
            return reply
        log.error("responder_said_nothing", turn_id=lease.turn_id, responder=reply.responder)
        return apology(turn, "empty answer")
    if not isinstance(error, (Exception, asyncio.CancelledError)):
        raise error
    # Where and of which type, not its text: that may quote the customer.
    log.error("responder_failed", turn_id=lease.turn_id, error=type(error).__name__, where=_where(error))
    return apology(turn, type(error).__name__)


def _where(error: BaseException) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    return f"{frames[-1].name}:{frames[-1].lineno}" if frames else ""
