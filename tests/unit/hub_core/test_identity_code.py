from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from hub.identity import ContactRecord, with_code
from hub.identity_code import PendingCode, code_in, email_in, names_only_an_email, without_codes

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("123456", "123456"),
        ("o código é 123 456, ok?", "123456"),
        ("012-345", "012345"),
        ("12345", None),
        ("1234567", None),
        ("123456 ou 654321", None),
        ("pedido 123456789", None),
        ("cpf 529.982.247-25", None),
        ("R$ 123456,78", None),
        ("cep 30140-131", None),
        ("ana123456@exemplo.example", None),
        ("quero um shampoo", None),
    ],
)
def test_a_code_is_read_where_it_is_one(text: str, code: str | None) -> None:
    assert code_in(text) == code


def test_what_could_be_a_code_is_not_kept() -> None:
    assert without_codes("o código é 123 456!") == "o código é […]!"
    assert without_codes("são 2 unidades a 30140-131") == "são 2 unidades a 30140-131"


def test_an_email_has_a_code_sent_only_where_nothing_better_is_named() -> None:
    assert names_only_an_email("meu e-mail é Ana@Exemplo.example") == "ana@exemplo.example"
    assert names_only_an_email("ana@exemplo.example, cpf final 4725") is None
    assert names_only_an_email("ana1990@exemplo.example") == "ana1990@exemplo.example"
    assert email_in("a@exemplo.example ou b@exemplo.example") is None


def code(minutes: float, email: str = "a") -> PendingCode:
    at = NOW + timedelta(minutes=minutes)
    return PendingCode(key=f"turn-{minutes}", conversation_id=25, email_digest=email, asked_at=at)


def test_three_codes_within_an_hour_are_enough_for_a_contact() -> None:
    record: ContactRecord | None = ContactRecord(tenant="acme", contact_id=1)
    for minutes in (0, 5, 10):
        assert record is not None
        record = with_code(record, code(minutes))

    assert record is not None
    assert with_code(record, code(59)) is None
    assert with_code(record, code(61)) is not None


def test_the_same_email_a_moment_later_is_the_same_code() -> None:
    first = with_code(ContactRecord(tenant="acme", contact_id=1), code(0))
    assert first is not None

    assert with_code(first, code(0.9)) == first
    another = with_code(first, code(0.9, email="b"))
    assert another is not None
    assert another.code == code(0.9, email="b")
