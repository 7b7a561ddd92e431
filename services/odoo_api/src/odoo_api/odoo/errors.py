"""What can go wrong with Odoo, in the vocabulary that may leave this service.

    OdooError
    ├── OdooAuthFailed      key wrong, expired or scoped; no login for JSON-RPC
    ├── OdooAccessDenied    the key's user may not do this
    ├── OdooMissing         no such record, model, method or database
    ├── OdooRefused         Odoo refused the values, or does not know a field
    ├── OdooConflict        concurrent writers; worth another try
    ├── OdooUnavailable     time-out, refused, breaker open, 5xx without an Odoo error, address not permitted
    └── OdooNotJson         something else answered: a login page, a proxy, a compressed or oversized body

An error keeps Odoo's exception name and a one-line message that is ours or is safe to show. The `debug` traceback that
Odoo sends along is never read into one, and neither are access messages: they name users and records.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from common.errors import OdooAiError
from common.query_answers import QueryErrorCode

_SHOWN_CHARACTERS = 200


class OdooError(OdooAiError):
    """Root of what a call to Odoo may raise. `exception` is Odoo's own class name, when it told one."""

    code: ClassVar[QueryErrorCode] = "unavailable"

    def __init__(self, message: str, *, exception: str = "") -> None:
        self.exception = exception
        super().__init__(message)


class OdooAuthFailed(OdooError):
    """The API key is wrong, expired or of the wrong scope, or the login that JSON-RPC needs is missing."""

    code = "auth"


class OdooAccessDenied(OdooError):
    """The key's user may not do this in Odoo."""

    code = "access"


class OdooMissing(OdooError):
    """The record, model, method or database does not exist."""

    code = "missing"

    @property
    def is_record(self) -> bool:
        """Whether it is a record that is missing, not what was asked of it."""
        return self.exception == "odoo.exceptions.MissingError"


class OdooRefused(OdooError):
    """Odoo refused the arguments: a user error, a missing argument, an unknown field."""

    code = "validation"


class OdooConflict(OdooError):
    """Another transaction was in the way."""

    code = "conflict"


class OdooUnavailable(OdooError):
    """Odoo did not answer, or not in time, or is not asked because it failed just now."""

    code = "unavailable"

    @property
    def is_outage(self) -> bool:
        """Whether the server or its database cannot be reached; a fault in one method is no outage."""
        return not self.exception or self.exception.startswith("psycopg2.")


class OdooNotJson(OdooError):
    """An answer that is not Odoo's: HTML, a redirect to the login page, too large, compressed."""

    code = "not_json"


_BY_EXCEPTION: Mapping[str, type[OdooError]] = {
    "werkzeug.exceptions.Unauthorized": OdooAuthFailed,
    "odoo.exceptions.AccessDenied": OdooAuthFailed,
    "odoo.http.SessionExpiredException": OdooAuthFailed,
    "werkzeug.exceptions.Forbidden": OdooAccessDenied,
    "odoo.exceptions.AccessError": OdooAccessDenied,
    "werkzeug.exceptions.NotFound": OdooMissing,
    "odoo.exceptions.MissingError": OdooMissing,
    "odoo.exceptions.UserError": OdooRefused,
    "odoo.exceptions.ValidationError": OdooRefused,
    "odoo.exceptions.RedirectWarning": OdooRefused,
    "werkzeug.exceptions.UnprocessableEntity": OdooRefused,
    "werkzeug.exceptions.BadRequest": OdooRefused,
    "builtins.ValueError": OdooRefused,
    "builtins.TypeError": OdooRefused,
    "builtins.KeyError": OdooRefused,
    "builtins.IndexError": OdooRefused,
    "odoo.exceptions.LockError": OdooConflict,
    "odoo.exceptions.ConcurrencyError": OdooConflict,
    "psycopg2.errors.SerializationFailure": OdooConflict,
    "psycopg2.errors.DeadlockDetected": OdooConflict,
    "psycopg2.errors.LockNotAvailable": OdooConflict,
    "psycopg2.errors.UniqueViolation": OdooConflict,
}
_BY_STATUS: Mapping[int, type[OdooError]] = {
    400: OdooRefused,
    401: OdooAuthFailed,
    403: OdooAccessDenied,
    404: OdooMissing,
    409: OdooConflict,
    413: OdooRefused,
    422: OdooRefused,
}
_MISSING_MODEL = "doesn't exist"


def odoo_error(error: Mapping[str, Any], *, status: int | None = None, database: str = "") -> OdooError:
    """Map an error object that Odoo sent as JSON; the exception name decides, then the HTTP status.

    Only `name` and `message` are looked at.
    """
    name = str(error.get("name") or "")
    message = str(error.get("message") or "")
    kind = _kind(name, message, status, database)
    return kind(_shown(kind, name, message), exception=name)


def _kind(name: str, message: str, status: int | None, database: str) -> type[OdooError]:
    if name == "psycopg2.OperationalError":
        # The only sign of a wrong database over JSON-RPC; PostgreSQL's text may be in any language, the name stays.
        return OdooMissing if database and f'"{database}"' in message else OdooUnavailable
    if name == "builtins.AttributeError":
        return OdooMissing if message.startswith("The method ") else OdooUnavailable
    if name == "odoo.exceptions.UserError" and message.startswith("Object ") and message.endswith(_MISSING_MODEL):
        return OdooMissing
    if name in _BY_EXCEPTION:
        return _BY_EXCEPTION[name]
    return _BY_STATUS.get(status or 0, OdooUnavailable)


def _shown(kind: type[OdooError], name: str, message: str) -> str:
    if kind is OdooRefused or (kind is OdooMissing and name != "psycopg2.OperationalError"):
        lines = message.strip().splitlines()
        return (lines[0] if lines else name)[:_SHOWN_CHARACTERS]
    texts: Mapping[type[OdooError], str] = {
        OdooAuthFailed: "Odoo refused the API key (wrong, expired, or not of the global scope)",
        OdooAccessDenied: "the API key's user may not do this in Odoo",
        OdooMissing: "Odoo does not know this database",
        OdooConflict: "another transaction was in the way",
    }
    return texts.get(kind, f"Odoo failed with {name or 'an unnamed error'}")
