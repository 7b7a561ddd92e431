"""Outgoing text."""

from __future__ import annotations

import pytest

from webhook.texts import without_liquid


@pytest.mark.parametrize(
    ("text", "harmless"),
    [
        ("Olá {{contact.email}}", "Olá { {contact.email}}"),
        ("{% if a %}b{% endif %}", "{ % if a %}b{ % endif %}"),
        ("{{{{", "{ { { {"),
        ("{{%", "{ { %"),
        ("custa R$ 10 {promo}", "custa R$ 10 {promo}"),
        ("", ""),
    ],
)
def test_liquid_is_not_left_for_chatwoot_to_run(text: str, harmless: str) -> None:
    assert without_liquid(text) == harmless
    assert "{{" not in without_liquid(text)
    assert "{%" not in without_liquid(text)
