from datetime import UTC, datetime, timedelta

import pytest

from common.errors import ConfigurationError
from common.key_format import hash_key, key_id_of
from odoo_api.api_keys import (
    ALL_SCOPES,
    ApiKey,
    TooManyKeys,
    check_room,
    imported_key,
    is_valid,
    new_key,
    noted_use,
)

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


def test_a_new_key_is_found_by_its_id_and_kept_only_as_a_hash() -> None:
    created = new_key("acme", now=NOW)

    assert key_id_of(created.key) == created.record.key_id
    assert created.record.key_hash == hash_key(created.key)
    assert created.key not in created.record.model_dump_json()
    assert created.key.rpartition("_")[2] not in created.record.encode().decode()
    assert created.record.scopes == ALL_SCOPES


def test_two_keys_differ_in_id_and_secret() -> None:
    first, second = new_key("acme", now=NOW), new_key("acme", now=NOW)

    assert first.record.key_id != second.record.key_id
    assert len(set(first.key.split("_")[2]) | set(second.key.split("_")[2])) > 20
    assert len(first.key.split("_")[2]) == 43


def test_what_cannot_be_a_key_has_no_id() -> None:
    good = new_key("acme", now=NOW).key

    for wrong in ("", "oai_", good[:-12], good + "-", f" {good}", good + "\n", "é" * 60):
        assert key_id_of(wrong) is None


def test_only_the_whole_key_is_valid() -> None:
    created = new_key("acme", now=NOW)
    other = new_key("acme", now=NOW)

    assert is_valid(created.record, created.key)
    assert not is_valid(created.record, other.key)
    assert not is_valid(created.record, created.key[:-1] + ("0" if created.key[-1] != "0" else "1"))
    assert not is_valid(None, created.key)


def test_a_revoked_key_is_invalid_and_its_use_is_not_noted() -> None:
    created = new_key("acme", now=NOW)
    revoked = created.record.model_copy(update={"revoked_at": NOW})

    assert not is_valid(revoked, created.key)
    assert noted_use(revoked, NOW) is None


def test_last_use_is_noted_at_most_once_a_minute() -> None:
    record = new_key("acme", now=NOW).record

    first = noted_use(record, NOW)

    assert first is not None
    assert first.last_used_at == NOW
    assert noted_use(first, NOW + timedelta(seconds=59)) is None
    assert noted_use(first, NOW + timedelta(seconds=60)) is not None


def test_a_record_survives_storage() -> None:
    record = new_key("acme", now=NOW, name="Odoo", scopes=("knowledge:read",)).record

    assert ApiKey.decode(record.encode()) == record


def test_a_third_live_key_is_refused_and_says_which_ones_are_live() -> None:
    first, second, third = (new_key("acme", now=NOW, name=name).record for name in ("production", "", "new"))
    revoked = first.model_copy(update={"revoked_at": NOW})

    check_room([first], second)
    check_room([revoked, second], third)
    with pytest.raises(TooManyKeys) as caught:
        check_room([first, second], third)

    assert all(part in str(caught.value) for part in (first.key_id, second.key_id, "production", "key revoke acme"))


def test_the_token_of_an_old_module_is_kept_as_a_hash_and_opens_the_old_paths_only() -> None:
    token = "account_1-0a1b2c3d"

    record = imported_key("acme", token, now=NOW)

    assert record.key_id == key_id_of(token)
    assert token not in record.model_dump_json()
    assert record.scopes == ("legacy",)
    assert is_valid(record, token)
    assert not is_valid(record, "account_1-0a1b2c3e")


def test_imported_tokens_take_no_place_of_a_key() -> None:
    keys = [new_key("acme", now=NOW).record for _ in range(2)]

    check_room(keys, imported_key("acme", "account_1-0a1b2c3d", now=NOW))


@pytest.mark.parametrize(
    "token", ["", "short", "with a blank in it", "é" * 20, "x" * 201, f"oai_0123456789_{'a' * 43}"]
)
def test_what_is_no_token_of_an_old_module_is_not_imported(token: str) -> None:
    with pytest.raises(ConfigurationError):
        imported_key("acme", token, now=NOW)
