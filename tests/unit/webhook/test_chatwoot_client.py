"""The client against a real HTTP server: what it sends, and what each failure means."""

from __future__ import annotations

import inspect
from collections.abc import AsyncIterator, Mapping
from typing import Any

import aiohttp
import httpx
import pytest
from support.chatwoot_server import BOT_TOKEN, USER_TOKEN, ChatwootServer, Fault

from common.commands import Choice
from common.tenants import ChatwootConnection
from webhook.chatwoot_client import ChatwootClient, Draft
from webhook.chatwoot_http import applied_after, interpreted
from webhook.chatwoot_pool import ChatwootPool
from webhook.chatwoot_transport import error_of
from webhook.errors import (
    ChatwootError,
    NoConnection,
    NotFound,
    RateLimited,
    Refused,
    Unauthorised,
    Unavailable,
)
from webhook.stamp import Stamp

STAMP = Stamp(command_id="t1:1", turn_id="t1")
DRAFT = Draft(text="Olá", stamp=STAMP)


def connection(url: str, **changes: Any) -> ChatwootConnection:
    values = {
        "base_url": url,
        "account_id": 1,
        "bot_token": BOT_TOKEN,
        "user_token": USER_TOKEN,
        "webhook_secret": "secret",
        **changes,
    }
    return ChatwootConnection(**values)


@pytest.fixture
async def chatwoot() -> AsyncIterator[ChatwootServer]:
    async with ChatwootServer() as server:
        yield server


@pytest.fixture
async def client(chatwoot: ChatwootServer) -> AsyncIterator[ChatwootClient]:
    made = ChatwootClient(connection(chatwoot.url), request_seconds=0.3)
    yield made
    await made.close()


async def test_a_message_carries_its_stamp_and_no_source_id(client: ChatwootClient, chatwoot: ChatwootServer) -> None:
    message_id = await client.create_message(25, DRAFT)

    assert message_id == chatwoot.messages[25][0]["id"]
    assert chatwoot.posts() == [
        {
            "content": "Olá",
            "message_type": "outgoing",
            "private": False,
            "content_type": "text",
            "content_attributes": {"odoo_ai": {"command_id": "t1:1", "turn_id": "t1"}},
        }
    ]


async def test_choices_are_sent_as_something_to_pick(client: ChatwootClient, chatwoot: ChatwootServer) -> None:
    await client.create_message(25, DRAFT.model_copy(update={"choices": (Choice(title="Azul", value="7"),)}))

    (body,) = chatwoot.posts()
    assert body["content_type"] == "input_select"
    assert body["content_attributes"]["items"] == [{"title": "Azul", "value": "7"}]


async def test_the_token_travels_in_a_header_that_proxies_keep(
    client: ChatwootClient, chatwoot: ChatwootServer
) -> None:
    await client.create_message(25, DRAFT)

    assert chatwoot.headers[0]["Api-Access-Token"] == BOT_TOKEN


@pytest.mark.parametrize(
    ("fault", "kind", "applied"),
    [
        ("hang", Unavailable, "in_flight"),
        ("apply_then_hang", Unavailable, "in_flight"),
        ("reset", Unavailable, "in_flight"),
        ("502", Unavailable, "in_flight"),
        ("500", Unavailable, "unknown"),
        ("html", Unavailable, "unknown"),
        ("redirect", Unavailable, "unknown"),
        ("404_page", Unavailable, "unknown"),
        ("broken_json", Unavailable, "unknown"),
        ("no_id", Unavailable, "unknown"),
        ("401", Unauthorised, None),
        ("404", NotFound, None),
        ("422", Refused, None),
        ("422_after_save", Refused, None),
        ("429", RateLimited, None),
        ("429_plain", RateLimited, None),
        ("flood", RateLimited, None),
    ],
)
async def test_each_failure_has_its_name(
    client: ChatwootClient, chatwoot: ChatwootServer, fault: Fault, kind: type[ChatwootError], applied: str | None
) -> None:
    chatwoot.faults.append(fault)

    with pytest.raises(kind) as raised:
        await client.create_message(25, DRAFT)

    assert getattr(raised.value, "applied", None) == applied
    assert "Olá" not in str(raised.value)


async def test_a_refused_connection_certainly_had_no_effect() -> None:
    client = ChatwootClient(connection("http://127.0.0.1:9"))

    with pytest.raises(Unavailable) as raised:
        await client.create_message(25, DRAFT)

    assert raised.value.applied == "no"
    await client.close()


@pytest.mark.parametrize(("fault", "seconds"), [("429", 1.0), ("429_plain", None), ("flood", 15.0)])
async def test_a_limit_says_when_to_try_again(
    client: ChatwootClient, chatwoot: ChatwootServer, fault: Fault, seconds: float | None
) -> None:
    chatwoot.faults.append(fault)

    with pytest.raises(RateLimited) as raised:
        await client.create_message(25, DRAFT)

    assert raised.value.retry_after == seconds


@pytest.mark.parametrize(
    ("value", "seconds"),
    [("7", 7.0), ("999999", 300.0), ("Thu, 01 Jan 1970 00:00:00 GMT", 0.0), ("soon", None), ("-3", None), ("", None)],
)
def test_retry_after_is_read_and_bounded(value: str, seconds: float | None) -> None:
    with pytest.raises(RateLimited) as raised:
        interpreted(429, {"Retry-After": value}, b"Retry later")

    assert raised.value.retry_after == seconds


@pytest.mark.parametrize(("fault", "maybe"), [("422", False), ("422_after_save", True)])
async def test_only_a_validation_is_sure_to_precede_the_save(
    client: ChatwootClient, chatwoot: ChatwootServer, fault: Fault, maybe: bool
) -> None:
    chatwoot.faults.append(fault)

    with pytest.raises(Refused) as raised:
        await client.create_message(25, DRAFT)

    assert raised.value.maybe_stored is maybe


@pytest.mark.parametrize("headers", [{}, {"Content-Type": "text/html"}])
def test_what_is_not_json_was_not_said_by_chatwoot(headers: Mapping[str, str]) -> None:
    for status in (200, 401, 404, 422):
        with pytest.raises(Unavailable):
            interpreted(status, headers, b"<html>")


def test_every_error_of_httpx_has_a_meaning() -> None:
    errors = [each for _, each in inspect.getmembers(httpx, inspect.isclass) if issubclass(each, httpx.HTTPError)]

    assert {applied_after(each("x")) for each in errors if each is not httpx.HTTPStatusError} == {
        "no",
        "unknown",
        "in_flight",
    }
    assert applied_after(httpx.ConnectTimeout("x")) == "no"
    assert applied_after(httpx.ReadTimeout("x")) == "in_flight"
    assert applied_after(httpx.WriteError("x")) == "in_flight"


def test_only_what_failed_while_connecting_never_arrived() -> None:
    errors = [each for _, each in inspect.getmembers(aiohttp, inspect.isclass) if issubclass(each, aiohttp.ClientError)]
    never = {each for each in errors if applied_after(meaning_of(each)) == "no"}

    assert {each for each in errors if applied_after(meaning_of(each)) == "in_flight"} == set(errors) - never
    assert all(
        issubclass(
            each,
            (
                aiohttp.ClientConnectorError,
                aiohttp.ConnectionTimeoutError,
                aiohttp.InvalidURL,
                aiohttp.NonHttpUrlClientError,
            ),
        )
        for each in never
    )
    for broken in (aiohttp.ServerDisconnectedError, aiohttp.ClientOSError, aiohttp.SocketTimeoutError, OSError):
        assert applied_after(meaning_of(broken)) == "in_flight"
    for unmade in (aiohttp.ClientConnectorDNSError, aiohttp.ClientConnectorSSLError, aiohttp.ConnectionTimeoutError):
        assert applied_after(meaning_of(unmade)) == "no"


def meaning_of(error: type[Exception]) -> httpx.TransportError:
    ours = error_of(error.__new__(error))
    assert ours is not None, error
    return ours("x")


async def test_a_connection_that_chatwoot_closed_meanwhile_is_replaced(
    client: ChatwootClient, chatwoot: ChatwootServer
) -> None:
    await client.create_message(25, DRAFT)
    await chatwoot.close_idle_connections()

    await client.create_message(25, DRAFT)

    assert len(chatwoot.posts()) == 2


async def test_a_message_is_found_by_its_stamp_on_a_later_page(
    client: ChatwootClient, chatwoot: ChatwootServer
) -> None:
    first = chatwoot.add_message(25)
    for _ in range(130):
        chatwoot.add_message(25)
    ours = chatwoot.add_message(25, content_attributes=STAMP.attributes())

    assert await client.find_stamped(25, STAMP, after=first) == ours
    assert await client.find_stamped(25, Stamp(command_id="t1:2", turn_id="t1"), after=first) is None
    assert await client.find_stamped(25, STAMP, after=ours) is None


async def test_labels_are_added_to_those_that_are_there(client: ChatwootClient, chatwoot: ChatwootServer) -> None:
    chatwoot.labels[25] = ["vip"]

    await client.add_labels(25, ("orçamento", "vip"))
    await client.add_labels(25, ("vip",))

    assert chatwoot.labels[25] == ["vip", "orçamento"]
    assert len(chatwoot.posts("labels")) == 1


async def test_status_and_typing_are_set(client: ChatwootClient, chatwoot: ChatwootServer) -> None:
    await client.set_status(25, "open")
    await client.set_typing(25, on=True)

    assert chatwoot.posts("toggle_status") == [{"status": "open"}]
    assert chatwoot.posts("toggle_typing_status") == [{"typing_status": "on", "is_private": False}]
    assert (await client.conversation(25)).snapshot.status == "open"


async def test_a_changed_connection_gets_a_new_client_and_the_old_one_ends_its_work(chatwoot: ChatwootServer) -> None:
    connections = {"acme": connection(chatwoot.url)}
    pool = ChatwootPool(connections.get)

    async with pool.client("acme") as before, pool.client("acme") as same:
        assert before is same
        connections["acme"] = connection(chatwoot.url, bot_token="new")
        async with pool.client("acme") as after:
            assert after is not before
        await before.create_message(25, DRAFT)
    with pytest.raises(RuntimeError):
        await before.create_message(25, DRAFT)
    await pool.close()


async def test_a_tenant_that_is_gone_has_no_client(chatwoot: ChatwootServer) -> None:
    connections = {"acme": connection(chatwoot.url)}
    pool = ChatwootPool(connections.get)
    async with pool.client("acme"):
        pass

    del connections["acme"]

    with pytest.raises(NoConnection):
        async with pool.client("acme"):
            pass
    await pool.close()
