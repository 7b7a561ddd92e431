from typing import Any

import pytest

from common.legacy_modules import is_signed, module_signature, push_family

# HMAC-SHA256 of `{"a": "\u00e9", "b": [1, 8.5, false]}`, written by hand.
BODY = {"b": [1, 8.5, False], "a": "é"}
SIGNATURE = "b6af43483ac42b47ba5b945dbfc5992f24e308e72ee2aaaa6e7cdf1c82e6fed4"


def test_the_signature_is_that_of_the_modules_whatever_the_order_of_the_body() -> None:
    assert module_signature("secret", BODY) == SIGNATURE
    assert is_signed("secret", dict(reversed(BODY.items())), SIGNATURE.upper())
    assert is_signed("secret", BODY, f"sha256={SIGNATURE}")


@pytest.mark.parametrize("given", ["", "é", SIGNATURE[:-1], "0" * 64])
def test_a_wrong_signature_does_not_fit(given: str) -> None:
    assert not is_signed("secret", BODY, given)


def test_a_body_too_deep_to_be_written_again_is_not_signed() -> None:
    deep: Any = []
    for _ in range(5000):
        deep = [deep]

    assert not is_signed("secret", {"deep": deep}, SIGNATURE)


@pytest.mark.parametrize(
    ("body", "family"),
    [
        ({"source": "credentials"}, "credentials"),
        ({"event": "credentials_sync"}, "credentials"),
        ({"source": "channel_mapping", "event": "x"}, "mapping"),
        ({"event_type": "mapping_sync"}, "mapping"),
        ({"event": "message_created"}, None),
        ({"event": ["credentials_sync"]}, None),
        ({}, None),
    ],
)
def test_pushes_are_told_from_webhooks_by_source_or_event(body: dict[str, Any], family: str | None) -> None:
    assert push_family(body) == family
