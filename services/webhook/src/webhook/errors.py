"""What can be wrong with a webhook, and what Chatwoot's API can answer.

OdooAiError
├── UnreadableWebhook       the body is no webhook of Chatwoot (answered 400)
├── WrongAccount            a genuine body of an account that is not the tenant's (answered 401)
└── ChatwootError           Chatwoot did not do what was asked
    ├── Unauthorised        401, 403: the token is wrong or may not do this
    ├── NotFound            404: no such conversation or account
    ├── Refused             422: the request is understood and refused
    ├── RateLimited         429, or the flood guard of one conversation: nothing was done
    └── Unavailable         no usable answer: time-out, reset, 5xx, redirect, something that is not JSON

RetryLater
└── NotNow                  a command was not carried out, and is worth another attempt

Each of them says what is known of the effect, because a message must never be posted twice.
"""

from __future__ import annotations

from typing import Literal

from common.errors import OdooAiError, RetryLater

Applied = Literal["no", "unknown", "in_flight"]
"""Whether a request without a usable answer took effect.

`no`: it never reached Chatwoot. `unknown`: Chatwoot has finished with it, so a look will tell. `in_flight`: Chatwoot
may still be working on it, so what a look does not find may yet appear.
"""


class UnreadableWebhook(OdooAiError):
    """The body is no webhook this version can read. The text names fields, never values."""


class WrongAccount(OdooAiError):
    """The body belongs to an account that is not the tenant's."""


class NoConnection(OdooAiError):
    """Nobody applied this tenant, or this process has not heard of it yet."""


class ChatwootError(OdooAiError):
    """Base of every failure of a call to Chatwoot. The text holds statuses and reasons, never what was sent."""


class Unauthorised(ChatwootError):
    """The access token is wrong, revoked, or may not do this."""


class NotFound(ChatwootError):
    """The conversation or account does not exist, or not for this token."""


class Refused(ChatwootError):
    """Chatwoot refused the content. `maybe_stored`: it failed after its own validation, possibly behind the save."""

    def __init__(self, message: str, *, maybe_stored: bool) -> None:
        self.maybe_stored = maybe_stored
        super().__init__(message)


class RateLimited(ChatwootError):
    """Too many requests. Nothing was done. `retry_after` is in seconds when Chatwoot named it.

    `one_conversation`: its flood guard, which stops nobody else.
    """

    def __init__(self, message: str, *, retry_after: float | None = None, one_conversation: bool = False) -> None:
        self.retry_after = retry_after
        self.one_conversation = one_conversation
        super().__init__(message)


class Unavailable(ChatwootError):
    """No usable answer. `applied` says what is known of the effect."""

    def __init__(self, message: str, *, applied: Applied) -> None:
        self.applied = applied
        super().__init__(message)


class NotNow(RetryLater):
    """A command was not carried out, and is worth another attempt.

    `scope` tells whom it concerns. `conversation`: nobody else. `limit`: the whole tenant, for `delay` seconds.
    `outage`: perhaps the whole tenant, if others fail as well.
    """

    def __init__(
        self, reason: str, *, delay: float | None = None, scope: Literal["conversation", "limit", "outage"]
    ) -> None:
        self.scope = scope
        super().__init__(reason, delay=delay)
