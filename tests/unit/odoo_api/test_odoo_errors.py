import pytest

from odoo_api.odoo.errors import (
    OdooAccessDenied,
    OdooAuthFailed,
    OdooConflict,
    OdooError,
    OdooMissing,
    OdooRefused,
    OdooUnavailable,
    odoo_error,
)


@pytest.mark.parametrize(
    ("name", "message", "status", "kind"),
    [
        ("werkzeug.exceptions.Unauthorized", "Invalid apikey", 401, OdooAuthFailed),
        ("odoo.exceptions.AccessDenied", "Access Denied", None, OdooAuthFailed),
        ("odoo.exceptions.AccessError", "You may not, Maria", 403, OdooAccessDenied),
        ("werkzeug.exceptions.NotFound", "the model 'x' does not exist", 404, OdooMissing),
        ("odoo.exceptions.UserError", "Object nope doesn't exist", None, OdooMissing),
        ("builtins.AttributeError", "The method 'a.b' does not exist", None, OdooMissing),
        ("builtins.AttributeError", "'NoneType' object has no attribute 'id'", 500, OdooUnavailable),
        ("odoo.exceptions.MissingError", "Record does not exist", 404, OdooMissing),
        ("werkzeug.exceptions.UnprocessableEntity", "missing a required argument", 422, OdooRefused),
        ("builtins.ValueError", "Invalid field 'nope'", 500, OdooRefused),
        ("odoo.exceptions.UserError", "Invalid language code: xx", 422, OdooRefused),
        ("psycopg2.errors.SerializationFailure", "could not serialize", 500, OdooConflict),
        ("psycopg2.OperationalError", 'FATAL: database "loja" does not exist', None, OdooMissing),
        ("psycopg2.OperationalError", "FATAL: sorry, too many clients already", None, OdooUnavailable),
        ("some.custom.Failure", "x", 409, OdooConflict),
        ("some.custom.Failure", "x", 500, OdooUnavailable),
        ("", "", None, OdooUnavailable),
    ],
)
def test_odoo_errors_are_mapped_by_name_then_by_status(
    name: str, message: str, status: int | None, kind: type[OdooError]
) -> None:
    error = odoo_error({"name": name, "message": message, "debug": "Traceback"}, status=status, database="loja")

    assert type(error) is kind
    assert "Traceback" not in str(error)


def test_messages_that_may_name_people_or_servers_are_not_passed_on() -> None:
    denied = odoo_error({"name": "odoo.exceptions.AccessError", "message": "Sorry, Maria (id=7)"}, status=403)
    gone = odoo_error(
        {"name": "psycopg2.OperationalError", "message": 'server at "10.1.2.3" FATAL: database "x"'}, database="x"
    )

    assert "Maria" not in str(denied)
    assert "10.1.2.3" not in str(gone)


def test_only_the_first_line_of_a_refusal_is_kept() -> None:
    error = odoo_error({"name": "builtins.ValueError", "message": "Invalid field 'nope'\nmore\n" + "x" * 999})

    assert str(error) == "Invalid field 'nope'"


def test_a_fault_in_one_method_is_no_outage() -> None:
    fault = odoo_error({"name": "builtins.ZeroDivisionError", "message": "division by zero"}, status=500)
    database = odoo_error({"name": "psycopg2.OperationalError", "message": "server closed the connection"})

    assert isinstance(fault, OdooUnavailable)
    assert not fault.is_outage
    assert isinstance(database, OdooUnavailable)
    assert database.is_outage
