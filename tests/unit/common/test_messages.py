from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, ClassVar

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.commands import CHATWOOT_COMMANDS, SendMessage
from common.errors import UnreadableMessage
from common.message import Message, MessageRegistry, Upcaster
from common.subjects import knowledge, token, untoken

COMMAND = SendMessage(
    command_id="t1:0",
    turn_id="t1",
    tenant="acme",
    account_id=1,
    conversation_id=25,
    issued_at=datetime(2026, 11, 24, tzinfo=UTC),
    text="Olá!",
)


def test_a_message_survives_the_wire() -> None:
    assert CHATWOOT_COMMANDS.decode(COMMAND.encode()) == COMMAND


def test_keys_of_a_newer_producer_are_ignored() -> None:
    body = orjson.loads(COMMAND.encode()) | {"sparkles": True}

    assert CHATWOOT_COMMANDS.decode(orjson.dumps(body)) == COMMAND


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{",
        b"\xff\xfe",
        b"[]",
        b"null",
        b'{"type": "Nonsense", "schema_version": 1}',
        b'{"type": "SendMessage"}',
        b'{"type": "SendMessage", "schema_version": true}',
        b'{"type": "SendMessage", "schema_version": 99}',
        b'{"type": "SendMessage", "schema_version": 1}',
    ],
)
def test_unreadable_bytes_are_named_as_such(data: bytes) -> None:
    with pytest.raises(UnreadableMessage):
        CHATWOOT_COMMANDS.decode(data)


def test_an_unreadable_message_does_not_show_what_it_holds() -> None:
    body = orjson.loads(COMMAND.encode()) | {"conversation_id": "+55 11 99999-0000"}

    with pytest.raises(UnreadableMessage) as caught:
        CHATWOOT_COMMANDS.decode(orjson.dumps(body))

    assert "conversation_id" in str(caught.value)
    assert "99999" not in str(caught.value)


def test_an_old_version_is_brought_up_step_by_step() -> None:
    class Renamed(Message):
        VERSION: ClassVar[int] = 3
        UPCASTERS: ClassVar[dict[int, Upcaster]] = {
            1: lambda body: {**body, "middle": body["old"]},
            2: lambda body: {**body, "new": body["middle"] + "!"},
        }
        new: str

    registry: MessageRegistry[Renamed] = MessageRegistry("test", Renamed)
    old: dict[str, Any] = {"type": "Renamed", "schema_version": 1, "old": "x"}

    assert registry.decode(orjson.dumps(old)).new == "x!"


@given(st.text(min_size=1, max_size=150).filter(lambda text: text.isprintable()))
def test_any_id_becomes_one_subject_token_and_back(text: str) -> None:
    encoded = token(text)

    assert untoken(encoded) == text
    assert not set(encoded) & set(".*> \t\r\n")


def test_two_ids_never_share_a_subject() -> None:
    plain_looking = token("a.b")

    assert knowledge("acme", "rule", "a.b") != knowledge("acme", "rule", plain_looking)
