"""What Odoo answers when a call fails: the exception's name, a message, and a traceback that nobody should show."""

from __future__ import annotations

from typing import Any


class OdooError(Exception):
    """A failed call, with the HTTP status JSON-2 gives it."""

    def __init__(self, status: int, name: str, message: str) -> None:
        self.status = status
        self.name = name
        self.message = message
        super().__init__(message)

    def body(self) -> dict[str, Any]:
        """The JSON body (the inside of `data` in JSON-RPC)."""
        debug = f'Traceback (most recent call last):\n  File "/opt/odoo/http.py", line 1\n{self.name}: {self.message}\n'
        return {
            "name": self.name,
            "message": self.message,
            "arguments": [self.message],
            "context": {},
            "debug": debug,
        }


def unauthorized(message: str) -> OdooError:
    """No key, or one that does not open anything."""
    return OdooError(401, "werkzeug.exceptions.Unauthorized", message)


def not_found(message: str) -> OdooError:
    """No such model or method."""
    return OdooError(404, "werkzeug.exceptions.NotFound", message)


def access_error(message: str) -> OdooError:
    """The user may not do this."""
    return OdooError(403, "odoo.exceptions.AccessError", message)


def bad_arguments(message: str) -> OdooError:
    """The arguments do not fit the method."""
    return OdooError(422, "werkzeug.exceptions.UnprocessableEntity", message)


def user_error(message: str) -> OdooError:
    """Odoo refuses the values."""
    return OdooError(422, "odoo.exceptions.UserError", message)


def value_error(message: str) -> OdooError:
    """A Python error in Odoo: unknown fields end like this."""
    return OdooError(500, "builtins.ValueError", message)


def missing_error(model: str, record_id: object) -> OdooError:
    """The record was deleted, or never was."""
    text = f"Record does not exist or has been deleted.\n(Record: {model}({record_id},), User: 2)"
    return OdooError(404, "odoo.exceptions.MissingError", text)


def bad_request(message: str) -> OdooError:
    """The request is no JSON object."""
    return OdooError(400, "werkzeug.exceptions.BadRequest", message)
