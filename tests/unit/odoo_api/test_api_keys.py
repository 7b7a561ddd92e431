from datetime import UTC, datetime, timedelta

from odoo_api.api_keys import ALL_SCOPES, ApiKey, hash_key, is_valid, key_id_of, new_key, noted_use

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

    for wrong in ("", "oai_", good[:-12], good + "-", f" {good}", good.replace("oai_", "xai_"), good + "\n", "é" * 60):
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
