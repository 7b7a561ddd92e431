"""How patient the sender is: pure decisions on when a command is tried again, and when no more."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from common.commands import ChatwootCommand, SendMessage
from common.errors import OdooAiError, Reject, RetryLater
from common.nats.retry import DeadLetter, RetryPolicy, backoff, next_step
from webhook.errors import ChatwootError, NotNow, RateLimited, Unavailable

DAY: Final = 86400.0


@dataclass(frozen=True)
class SendingPolicy:
    """Times in seconds."""

    patience: float = 0.3
    """How long a partition waits for one command."""
    unattended: float = 20.0
    """After that long somebody looks after an attempt whose process may have died."""
    first_delay: float = 0.5
    longest_delay: float = 30.0
    reply_age: float = 15 * 60
    """A reply older than this is no longer an answer."""
    other_age: float = DAY
    """A note or a hand-off is worth something for longer."""

    def retry_of(self, command: ChatwootCommand) -> RetryPolicy:
        """When a command is tried again, and when no more."""
        age = self.reply_age if isinstance(command, SendMessage) else self.other_age
        return RetryPolicy(first_delay=self.first_delay, max_delay=self.longest_delay, give_up_after=age)


@dataclass(frozen=True)
class Wait:
    """When to try again, and why not now. `failed`: an attempt was made."""

    seconds: float
    reason: str
    failed: bool = True


def after_failure(error: Exception, attempt: int, age: float, policy: RetryPolicy, rand: float) -> Wait | DeadLetter:
    """Decide what follows a failed attempt.

    Args:
        error: What the attempt raised.
        attempt: Its number, from 1.
        age: Of the command, in seconds.
        policy: The limits for this kind of command.
        rand: A random number in [0, 1).
    """
    if not isinstance(error, OdooAiError):
        # Unforeseen: patience costs nothing here, because nobody else waits. Its text may quote a customer.
        error = RetryLater(f"fault: {type(error).__name__}")
    step = next_step(error, attempt, age, policy, rand)
    if isinstance(step, DeadLetter):
        return step
    asked = error.delay if isinstance(error, RetryLater) else None
    return Wait(max(asked or 0.0, backoff(attempt, rand, policy)), str(error))


def jittered(seconds: float, rand: float) -> float:
    """A bit longer: what waits for the same thing must not come back in the same moment."""
    return seconds + rand * min(max(seconds, 0.2), 2.0)


def instruction(error: ChatwootError) -> NotNow | Reject:
    """What an answer of Chatwoot means for the command."""
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
