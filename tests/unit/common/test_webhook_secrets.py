"""The secrets of a tenant's webhooks: what may stand in the file, and what travels."""

from __future__ import annotations

from typing import Any

import pytest

from common.tenants import ChatwootConnection
from common.webhook_secrets import SECRETS_KEPT, WebhookSecrets


def connection(secret: Any) -> ChatwootConnection:
    return ChatwootConnection(base_url="https://chat.example.com", account_id=1, bot_token="b", webhook_secret=secret)


def pairs(secrets: WebhookSecrets | None) -> list[tuple[str | None, str]]:
    return [(kind, each.get_secret_value()) for kind, each in secrets.pairs()] if secrets else []


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("s", [(None, "s")]),
        (["new", "old"], [(None, "new"), (None, "old")]),
        ({"agent_bot": "b"}, [("agent_bot", "b")]),
        (
            {"agent_bot": ["new", "old"], "account_webhook": "h", "api_inbox": "i", "any": "x"},
            [("agent_bot", "new"), ("agent_bot", "old"), ("account_webhook", "h"), ("api_inbox", "i"), (None, "x")],
        ),
    ],
)
def test_what_is_written_means_the_same_after_it_was_stored(written: Any, meant: list[tuple[str | None, str]]) -> None:
    stored = ChatwootConnection.model_validate_json(connection(written).model_dump_json())

    assert pairs(connection(written).webhook_secret) == meant
    assert pairs(stored.webhook_secret) == meant


def test_one_secret_is_stored_as_it_always_was() -> None:
    assert '"webhook_secret":"s"' in connection("s").model_dump_json()


def test_a_secret_never_shows() -> None:
    assert "s3cret" not in repr(connection({"agent_bot": "s3cret"}))
    assert "s3cret" not in str(connection("s3cret").model_dump())


def test_a_kind_knows_its_own_secrets_and_those_of_no_kind() -> None:
    secrets = WebhookSecrets.model_validate({"agent_bot": ["new", "old"], "any": "shared"})

    assert [secrets.knows("agent_bot", each) for each in ("new", "old", "shared", "other")] == [True, True, True, False]
    assert [secrets.knows("api_inbox", each) for each in ("new", "shared")] == [False, True]


def test_a_new_secret_counts_beside_the_old_and_the_oldest_give_way() -> None:
    secrets = WebhookSecrets.model_validate({"agent_bot": "0"})
    for number in range(1, SECRETS_KEPT + 2):
        secrets = secrets.adding("agent_bot", str(number))

    assert [each.get_secret_value() for each in secrets.agent_bot] == [str(each) for each in range(9, 1, -1)]
    assert secrets.adding("agent_bot", "5") is secrets
