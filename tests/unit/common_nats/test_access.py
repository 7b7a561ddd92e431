from __future__ import annotations

import pytest

from common.nats.access import ACCESS, Access, credential_from_seed, inbox_prefix, new_credential

SERVICES = ("webhook", "odoo_api", "hub")


def _may(access: Access, subject: str) -> bool:
    """Whether a subject matches the table, by the server's own rules: `*` is one token, `>` the rest."""
    return any(_matches(pattern.split("."), subject.split(".")) for pattern in access.publish)


def _matches(pattern: list[str], subject: list[str]) -> bool:
    for index, token in enumerate(pattern):
        if token == ">":
            return len(subject) > index
        if index >= len(subject) or token not in ("*", subject[index]):
            return False
    return len(pattern) == len(subject)


@pytest.mark.parametrize(
    ("bucket", "readers"),
    [
        ("tenants", {"webhook", "odoo_api", "hub"}),
        ("tenant-chatwoot", {"webhook"}),
        ("tenant-odoo", {"odoo_api"}),
        ("conversations", {"hub"}),
        ("deliveries", {"webhook"}),
        ("api-keys", {"odoo_api"}),
        ("idempotency", {"odoo_api"}),
    ],
)
def test_a_bucket_is_read_by_its_services_only(bucket: str, readers: set[str]) -> None:
    assert {user for user in SERVICES if _may(ACCESS[user], f"$JS.API.STREAM.MSG.GET.KV_{bucket}")} == readers


@pytest.mark.parametrize(
    ("bucket", "writers"),
    [
        ("tenants", set()),
        ("tenant-chatwoot", set()),
        ("tenant-odoo", set()),
        ("conversations", {"hub"}),
        ("deliveries", {"webhook"}),
        ("api-keys", {"odoo_api"}),
        ("idempotency", {"odoo_api"}),
    ],
)
def test_a_bucket_is_written_by_its_owner_only(bucket: str, writers: set[str]) -> None:
    assert {user for user in SERVICES if _may(ACCESS[user], f"$KV.{bucket}.acme")} == writers


def test_wildcards_stand_for_whole_tokens() -> None:
    for access in ACCESS.values():
        for subject in (*access.publish, *access.subscribe):
            assert all(token in ("*", ">") or not set("*>") & set(token) for token in subject.split("."))


def test_no_service_may_change_streams_or_read_anothers_answers() -> None:
    for user in (*SERVICES, "monitor"):
        for verb in ("CREATE", "UPDATE", "DELETE", "PURGE"):
            assert not _may(ACCESS[user], f"$JS.API.STREAM.{verb}.CHATWOOT_EVENTS")
        inboxes = [each for each in ACCESS[user].subscribe if each.startswith("_INBOX")]
        assert inboxes == [f"{inbox_prefix(user)}.>"]


def test_a_credential_is_restored_from_its_seed_and_does_not_show_it() -> None:
    credential = new_credential("hub")

    assert credential_from_seed("hub", credential.seed + "\n") == credential
    assert credential.public_key.startswith("U")
    assert credential.seed not in repr(credential)
