"""The error tree that every service shares.

    OdooAiError
    ├── ConfigurationError      settings or a tenant file are wrong; names the file and the key
    ├── UnreadableMessage       bytes that are no message of ours, or of a version we do not know
    ├── PublishFailed           a message could not be made durable within the time allowed
    ├── RevisionConflict        a compare-and-set lost: somebody wrote first
    ├── QueryFailed             a request to another service was answered with an error, or not at all
    ├── NotReady                something this process needs at start is not there yet
    └── instructions to the consumer runtime
        ├── RetryLater          transient: deliver this message again after a delay
        ├── Reject              permanent: copy it to the dead letters with this reason
        └── StopConsuming       this process cannot go on with any message; stop the consumer and alarm

A handler returns (done) or raises one of the three instructions. Anything else it raises is a fault: the runtime
retries it with backoff and dead-letters it when its deliveries are used up.
"""

from __future__ import annotations


class OdooAiError(Exception):
    """The root of every error this system raises on purpose."""


class ConfigurationError(OdooAiError):
    """Settings or a tenant file are wrong. Nothing was changed."""

    def __init__(self, message: str, *, file: str | None = None, key: str | None = None) -> None:
        self.file = file
        self.key = key
        place = ": ".join(part for part in (file, key) if part)
        super().__init__(f"{place}: {message}" if place else message)


class UnreadableMessage(OdooAiError):
    """The bytes on a subject are not a message this version understands."""


class PublishFailed(OdooAiError):
    """A message could not be made durable in time. The caller must not report success."""


class RevisionConflict(OdooAiError):
    """A compare-and-set found a newer revision. Read again and decide again."""


class QueryFailed(OdooAiError):
    """A request-reply query failed. `code` is one of `common.query_answers.QueryErrorCode`."""

    def __init__(self, code: str, message: str) -> None:
        self.code = code
        super().__init__(f"{code}: {message}")


class NotReady(OdooAiError):
    """A stream, bucket or file that this process needs is not there (yet)."""


class RetryLater(OdooAiError):
    """Transient trouble: the message is delivered again after `delay` seconds (None: the runtime's backoff)."""

    def __init__(self, reason: str, *, delay: float | None = None) -> None:
        self.delay = delay
        super().__init__(reason)


class Reject(OdooAiError):
    """The message can never succeed: it goes to the dead letters with this reason."""


class StopConsuming(OdooAiError):
    """No message can succeed (for example a revoked credential of ours): stop, stay visible, alarm."""
