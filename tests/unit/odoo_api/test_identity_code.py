from __future__ import annotations

from datetime import UTC, datetime, timedelta

from common.tenants import OdooConnection
from odoo_api.code_limit import CodesAsked, counted
from odoo_api.odoo.identity_code import code_of, fingerprint

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)


def connection(key: str = "secret") -> OdooConnection:
    return OdooConnection.model_validate({"base_url": "http://127.0.0.1:1", "database": "d", "api_key": key})


def test_a_code_has_six_digits_and_is_the_same_each_time() -> None:
    codes = {code_of(connection(), "acme", f"turn-{number}") for number in range(500)}

    assert all(len(code) == 6 and code.isdigit() for code in codes)
    assert len(codes) > 490
    assert code_of(connection(), "acme", "turn-1") == code_of(connection(), "acme", "turn-1")


def test_a_code_cannot_be_told_without_the_secret_nor_for_another_tenant_or_turn() -> None:
    code = code_of(connection(), "acme", "turn-1")

    assert code_of(connection("another"), "acme", "turn-1") != code
    assert code_of(connection(), "bravo", "turn-1") != code
    assert code_of(connection(), "acme", "turn-2") != code


def test_an_email_is_counted_without_being_told() -> None:
    assert "ana" not in fingerprint(connection(), "ana@exemplo.example")
    assert fingerprint(connection(), "ana@exemplo.example") != fingerprint(connection("b"), "ana@exemplo.example")


def test_an_email_gets_three_codes_in_an_hour_and_a_command_that_comes_again_counts_once() -> None:
    asked = CodesAsked()
    for number in (1, 2, 3):
        after = counted(asked, f"turn-{number}", NOW + timedelta(minutes=number))
        assert after is not None
        asked = after

    assert counted(asked, "turn-2", NOW + timedelta(minutes=4)) == asked
    assert counted(asked, "turn-4", NOW + timedelta(minutes=5)) is None
    later = counted(asked, "turn-4", NOW + timedelta(minutes=62))
    assert later is not None
    assert sorted(later.by_key) == ["turn-2", "turn-3", "turn-4"]
