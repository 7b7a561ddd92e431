"""What a Chatwoot can do by its version, and how often it is asked for it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from support.chatwoot_server import BOT_TOKEN, USER_TOKEN, ChatwootServer

from common.tenants import ChatwootConnection
from webhook.capabilities import UNKNOWN, capabilities_of, missing_gates, version_numbers
from webhook.capability_probe import ASK_AGAIN_SECONDS, REMEMBER_SECONDS, CapabilityProbe
from webhook.chatwoot_pool import ChatwootPool
from webhook.errors import NoConnection


@pytest.mark.parametrize(
    ("before", "since", "feature"),
    [
        ("4.1.9", "4.2.0", "bot_sets_custom_attributes"),
        ("4.6.9", "4.7.0", "opens_on_bot_failure"),
        ("4.7.9", "4.8.0", "assigns_bots"),
        ("4.10.9", "4.11.0", "can_keep_pending_on_bot_failure"),
        ("4.11.1", "4.11.2", "signs_account_webhooks"),
        ("4.11.2", "4.12.0", "bot_types"),
        ("4.11.2", "4.12.0", "retries_bot_webhooks"),
        ("4.12.1", "4.13.0", "signs_bot_webhooks"),
        ("4.12.1", "4.13.0", "signs_api_inbox_webhooks"),
        ("4.12.1", "4.13.0", "bot_hears_conversation_changes"),
        ("4.13.9", "4.14.0", "refuses_private_addresses"),
        ("4.14.0", "4.14.1", "can_allow_private_addresses"),
        ("4.14.1", "4.14.2", "bot_reads_conversations"),
        ("4.14.1", "4.14.2", "bot_sets_labels"),
        ("4.16.0", "4.16.1", "explains_closed_window"),
        ("4.16.1", "4.16.2", "assigns_new_conversations_to_bot"),
        ("4.16.2", "4.17.0", "merges_custom_attributes"),
        ("4.16.2", "4.17.0", "assigning_bot_sets_pending"),
        ("4.16.2", "4.17.0", "locks_composer_while_pending"),
        ("4.16.2", "4.17.0", "lists_message_templates"),
        ("4.16.2", "4.17.0", "renders_raw_templates"),
    ],
)
def test_a_feature_is_there_from_its_first_version_on(before: str, since: str, feature: str) -> None:
    assert not getattr(capabilities_of(before), feature)
    assert getattr(capabilities_of(since), feature)
    assert getattr(capabilities_of("5.0"), feature)


def test_one_release_alone_has_broken_tokens() -> None:
    broken = [each for each in ("4.15.9", "4.16.0", "4.16.1") if capabilities_of(each).bot_token_endpoints_are_broken]

    assert broken == ["4.16.0"]


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("4.16.2", (4, 16, 2)),
        ("v4.18.0-ce", (4, 18, 0)),
        (" 4.17", (4, 17, 0)),
        ("4.16.2-fork.3", (4, 16, 2)),
        ("develop", None),
        ("", None),
        ("٤.١٧.٠", None),
    ],
)
def test_a_version_is_read_from_what_forks_and_releases_call_themselves(
    text: str, numbers: tuple[int, int, int] | None
) -> None:
    assert version_numbers(text) == numbers


def test_nothing_is_relied_on_when_the_version_is_unknown() -> None:
    assert capabilities_of("develop") == UNKNOWN
    assert not any(value for name, value in UNKNOWN.model_dump().items() if name != "version")


def test_what_is_missing_is_named_with_the_version_that_has_it() -> None:
    missing = missing_gates(capabilities_of("4.16.2"))

    assert ("merges_custom_attributes", (4, 17, 0)) in missing
    assert {since for _, since in missing} == {(4, 17, 0)}
    assert missing_gates(capabilities_of("4.17.0")) == ()


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
async def chatwoot() -> AsyncIterator[ChatwootServer]:
    async with ChatwootServer() as server:
        yield server


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def probe(chatwoot: ChatwootServer, clock: Clock) -> AsyncIterator[CapabilityProbe]:
    connection = ChatwootConnection.model_validate(
        {
            "base_url": chatwoot.url,
            "account_id": 1,
            "bot_token": BOT_TOKEN,
            "user_token": USER_TOKEN,
            "webhook_secret": "secret",
        }
    )
    pool = ChatwootPool({"acme": connection, "globex": connection}.get, request_seconds=0.5)
    yield CapabilityProbe(pool, monotonic=clock)
    await pool.close()


async def test_a_server_is_asked_once_for_all_its_tenants_and_again_after_a_while(
    probe: CapabilityProbe, chatwoot: ChatwootServer, clock: Clock
) -> None:
    found = await asyncio.gather(probe.of("acme"), probe.of("globex"), probe.of("acme"))
    asked_at_first = chatwoot.asked_for_version
    chatwoot.version = "4.18.0"
    clock.now += REMEMBER_SECONDS

    assert {each.version for each in found} == {(4, 17, 0)}
    assert asked_at_first == 1
    assert (await probe.of("acme")).version == (4, 18, 0)


async def test_a_server_that_does_not_answer_keeps_what_it_was_known_for(
    probe: CapabilityProbe, chatwoot: ChatwootServer, clock: Clock
) -> None:
    await probe.of("acme")
    chatwoot.version = None
    clock.now += REMEMBER_SECONDS

    assert (await probe.of("acme")).version == (4, 17, 0)


async def test_a_server_that_never_answered_is_unknown_and_asked_again_soon(
    probe: CapabilityProbe, chatwoot: ChatwootServer, clock: Clock
) -> None:
    chatwoot.version = None
    first = await probe.of("acme")
    again_at_once = await probe.of("acme")
    chatwoot.version = "4.14.2"
    clock.now += ASK_AGAIN_SECONDS

    assert first == again_at_once == UNKNOWN
    assert (await probe.of("acme")).bot_sets_labels
    assert chatwoot.asked_for_version == 2


async def test_a_tenant_nobody_applied_has_no_capabilities(probe: CapabilityProbe) -> None:
    with pytest.raises(NoConnection):
        await probe.of("nobody")
