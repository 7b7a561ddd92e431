"""Webhooks over HTTP, stored in a real broker: every status of the contract."""

from __future__ import annotations

import asyncio
import gzip
import json
from collections.abc import Callable
from typing import Any

import pytest
from support.chatwoot_bodies import BY_AGENT, INCOMING, STATUS_CHANGED, fixture
from support.webhook_bench import AT, SECRET, TOKEN, WebhookBench

from common.events import CustomerMessageReceived

pytestmark = pytest.mark.broker

TENANT = "/webhook/chatwoot/acme"


def encoded(name: str = INCOMING, **changes: Any) -> bytes:
    return json.dumps(fixture(name, **changes)).encode()


async def test_a_signed_message_is_stored_before_it_is_answered(bench: WebhookBench) -> None:
    bench.clock = lambda: AT
    await bench.start()
    body = encoded()

    status, answer = await bench.post(TENANT, body, headers=bench.signed(body))

    assert (status, answer) == (200, {"status": "stored"})
    (event,) = await bench.events()
    assert isinstance(event, CustomerMessageReceived)
    assert event.received_at == AT


async def test_the_stored_event_names_its_type_and_subject(bench: WebhookBench) -> None:
    await bench.start()
    body = encoded()

    await bench.post(TENANT, body, headers=bench.signed(body))

    (stored,) = await bench.stored("CHATWOOT_EVENTS")
    assert stored.headers["X-Event-Type"] == "CustomerMessageReceived"
    assert stored.headers["Nats-Msg-Id"] == "cw:acme:message_created:17547"
    assert stored.subject.endswith(".acme.25")


async def test_the_trace_of_the_caller_goes_on(bench: WebhookBench) -> None:
    await bench.start()
    body = encoded()
    trace_id = "4bf92f3577b34da6a3ce929d0e0e4736"
    headers = bench.signed(body) | {"traceparent": f"00-{trace_id}-00f067aa0ba902b7-01"}

    await bench.post(TENANT, body, headers=headers)

    (stored,) = await bench.stored("CHATWOOT_EVENTS")
    assert stored.headers["traceparent"].split("-")[1] == trace_id


async def test_the_same_message_three_times_at_once_is_stored_once(bench: WebhookBench) -> None:
    await bench.start()
    body = encoded()

    answers = await asyncio.gather(*(bench.post(TENANT, body, headers=bench.signed(body)) for _ in range(3)))

    assert sorted(answer["status"] for _, answer in answers) == ["duplicate", "duplicate", "stored"]
    assert len(await bench.events()) == 1


Request = dict[str, Any]


def bad_signature(bench: WebhookBench) -> Request:
    return {"body": encoded(), "headers": bench.signed(encoded(), secret="wrong")}


def no_signature(_: WebhookBench) -> Request:
    return {"body": encoded(), "headers": {"Content-Type": "application/json"}}


def stale(bench: WebhookBench) -> Request:
    return {"body": encoded(), "headers": bench.signed(encoded(), age=301)}


def from_the_future(bench: WebhookBench) -> Request:
    return {"body": encoded(), "headers": bench.signed(encoded(), age=-301)}


def changed_after_signing(bench: WebhookBench) -> Request:
    return {"body": encoded() + b" ", "headers": bench.signed(encoded())}


def unknown_tenant(bench: WebhookBench) -> Request:
    return {"path": "/webhook/chatwoot/nobody", "body": encoded(), "headers": bench.signed(encoded())}


def tenant_that_is_no_name(bench: WebhookBench) -> Request:
    return {"path": "/webhook/chatwoot/a.b%3E%2A", "body": encoded(), "headers": bench.signed(encoded())}


def wrong_path_token(bench: WebhookBench) -> Request:
    return {"path": f"{TENANT}/{TOKEN}", "body": encoded(), "headers": bench.signed(encoded())}


def other_account(bench: WebhookBench) -> Request:
    body = encoded(account={"id": 2, "name": "x"})
    return {"body": body, "headers": bench.signed(body)}


def cut_json(bench: WebhookBench) -> Request:
    body = encoded()[:-20]
    return {"body": body, "headers": bench.signed(body)}


def bad_utf8(bench: WebhookBench) -> Request:
    body = encoded().replace(b"Jane", b"J\xff\xfe")
    return {"body": body, "headers": bench.signed(body)}


def not_an_object(bench: WebhookBench) -> Request:
    return {"body": b"[]", "headers": bench.signed(b"[]")}


def empty(bench: WebhookBench) -> Request:
    return {"body": b"", "headers": bench.signed(b"")}


def too_deep(bench: WebhookBench) -> Request:
    body = b"[" * 100_000
    return {"body": body, "headers": bench.signed(body)}


def huge_number(bench: WebhookBench) -> Request:
    body = b'{"event":' + b"9" * 4301 + b"}"
    return {"body": body, "headers": bench.signed(body)}


def no_fields(bench: WebhookBench) -> Request:
    body = b'{"event":"message_created"}'
    return {"body": body, "headers": bench.signed(body)}


def no_event(bench: WebhookBench) -> Request:
    return {"body": b"{}", "headers": bench.signed(b"{}")}


def large(bench: WebhookBench) -> Request:
    body = encoded(content="x" * 300_000)
    return {"body": body, "headers": bench.signed(body)}


def large_without_length(bench: WebhookBench) -> Request:
    body = encoded(content="x" * 300_000)

    async def chunks() -> Any:
        yield body

    return {"body": chunks(), "headers": bench.signed(body)}


def compressed(bench: WebhookBench) -> Request:
    body = gzip.compress(encoded())
    return {"body": body, "headers": bench.signed(body) | {"Content-Encoding": "gzip"}}


def not_really_compressed(bench: WebhookBench) -> Request:
    return {"body": b"nonsense", "headers": bench.signed(b"nonsense") | {"Content-Encoding": "gzip"}}


def old_without_token(_: WebhookBench) -> Request:
    headers = {"Content-Type": "application/json"}
    return {"path": "/webhook/chatwoot/velho", "body": encoded(account={"id": 2}), "headers": headers}


def old_with_legacy_token_on_the_new_path(_: WebhookBench) -> Request:
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {TOKEN}"}
    return {"path": f"/webhook/chatwoot/velho?token={TOKEN}", "body": encoded(account={"id": 2}), "headers": headers}


def legacy_of_nobody(bench: WebhookBench) -> Request:
    body = encoded(account={"id": 99})
    return {"path": "/webhook", "body": body, "headers": bench.signed(body)}


def legacy_unsigned(_: WebhookBench) -> Request:
    return {"path": "/webhook", "body": encoded(), "headers": {"Content-Type": "application/json"}}


def legacy_credentials(_: WebhookBench) -> Request:
    body = json.dumps({"source": "credentials", "event": "credentials_sync", "account_id": "account_1"}).encode()
    return {"path": "/webhook", "body": body, "headers": {"Content-Type": "application/json"}}


def legacy_mapping(_: WebhookBench) -> Request:
    body = json.dumps({"source": "channel_mapping", "event": "mapping_sync"}).encode()
    return {"path": "/webhook/", "body": body, "headers": {"Content-Type": "application/json"}}


@pytest.mark.parametrize(
    ("make", "expected"),
    [
        (bad_signature, 401),
        (no_signature, 401),
        (stale, 401),
        (from_the_future, 401),
        (changed_after_signing, 401),
        (wrong_path_token, 401),
        (other_account, 401),
        (old_without_token, 401),
        (old_with_legacy_token_on_the_new_path, 401),
        (legacy_unsigned, 401),
        (unknown_tenant, 404),
        (tenant_that_is_no_name, 404),
        (legacy_of_nobody, 404),
        (cut_json, 400),
        (bad_utf8, 400),
        (not_an_object, 400),
        (empty, 400),
        (too_deep, 400),
        (huge_number, 400),
        (no_fields, 400),
        (no_event, 400),
        (legacy_credentials, 401),
        (legacy_mapping, 401),
        (large, 413),
        (large_without_length, 413),
        (compressed, 415),
        (not_really_compressed, 415),
    ],
)
async def test_what_is_wrong_gets_its_status_and_reaches_nobody(
    bench: WebhookBench, make: Callable[[WebhookBench], Request], expected: int
) -> None:
    await bench.start()
    request = make(bench)

    status, answer = await bench.post(request.get("path", TENANT), request["body"], headers=request["headers"])

    assert status == expected
    assert list(answer) == ["error"]
    if expected == 401:
        assert answer == {"error": "unauthorized"}
    assert await bench.events() == []


async def test_the_signature_counts_and_not_the_content_type(bench: WebhookBench) -> None:
    await bench.start()
    headers = bench.signed(encoded()) | {"Content-Type": "text/plain"}

    status, _ = await bench.post(TENANT, encoded(), headers=headers)

    assert status == 200


@pytest.mark.parametrize("path", ["/webhook", "/webhook/", "/webhook/webhook"])
async def test_the_legacy_paths_find_the_tenant_by_account(bench: WebhookBench, path: str) -> None:
    await bench.start()
    body = encoded()

    status, answer = await bench.post(path, body, headers=bench.signed(body))

    assert (status, answer) == (
        200,
        {"status": "processed", "account_id": 1, "conversation_id": 25, "has_response": False},
    )
    assert [each.delivery for each in await bench.events()] == ["legacy"]


@pytest.mark.parametrize(
    ("path", "headers"),
    [
        (f"/webhook/chatwoot/velho/{TOKEN}", {}),
        (f"/webhook?token={TOKEN}", {}),
        ("/webhook/webhook", {"Authorization": f"Bearer {TOKEN}"}),
    ],
)
async def test_an_old_chatwoot_proves_itself_by_its_token(
    bench: WebhookBench, path: str, headers: dict[str, str]
) -> None:
    await bench.start()
    body = encoded(account={"id": 2, "name": "Velho"})

    status, _ = await bench.post(path, body, headers={"Content-Type": "application/json", **headers})

    assert status == 200
    assert [each.tenant for each in await bench.events()] == ["velho"]


async def test_of_two_chatwoots_with_the_same_account_id_the_secret_tells(bench: WebhookBench) -> None:
    await bench.apply(bench.acme(), bench.velho().model_copy(update={"tenant": "zeta"}))
    twin = bench.acme(webhook_secret="another", bot_token="x").model_copy(update={"tenant": "aaa"})
    await bench.apply(twin)
    await bench.start()
    body = encoded()

    await bench.post("/webhook", body, headers=bench.signed(body))
    await bench.post("/webhook", body, headers=bench.signed(body, secret="another"))

    assert [each.tenant for each in await bench.events()] == ["acme", "aaa"]


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (encoded("05_message_created_private_note_by_agent"), "private_note"),
        (encoded("35_conversation_typing_on_by_contact"), "typing"),
        (encoded("43_inbox_created"), "inbox_event"),
    ],
)
async def test_what_is_ignored_is_accepted_with_its_reason(bench: WebhookBench, body: bytes, reason: str) -> None:
    await bench.start()

    assert await bench.post(TENANT, body, headers=bench.signed(body)) == (
        200,
        {"status": "ignored", "reason": reason},
    )
    status, legacy = await bench.post("/webhook", body, headers=bench.signed(body))
    assert (status, legacy["status"], legacy["reason"]) == (200, "ignored", reason)
    assert await bench.events() == []


async def test_other_inboxes_of_an_account_are_accepted_and_ignored(bench: WebhookBench) -> None:
    await bench.apply(bench.acme(inbox_ids=[3]))
    await bench.start()
    body = encoded()

    for path in (TENANT, "/webhook"):
        _, answer = await bench.post(path, body, headers=bench.signed(body))
        assert answer["reason"] == "other_inbox"


async def test_an_applied_change_counts_without_a_restart(bench: WebhookBench) -> None:
    await bench.start()
    body = encoded()
    await bench.apply(bench.acme(webhook_secret="rotated"))

    async with asyncio.timeout(5):
        while (await bench.post(TENANT, body, headers=bench.signed(body, secret="rotated")))[0] != 200:
            await asyncio.sleep(0.1)

    assert (await bench.post(TENANT, body, headers=bench.signed(body, secret=SECRET)))[0] == 401


async def test_while_a_secret_is_renewed_the_old_and_the_new_one_count_and_no_third(bench: WebhookBench) -> None:
    await bench.apply(bench.acme(webhook_secret=["new", "old"]))
    await bench.start()
    bodies = {secret: encoded(id=number) for number, secret in enumerate(("new", "old", "third"), start=1)}

    answers = [await bench.post(TENANT, body, headers=bench.signed(body, each)) for each, body in bodies.items()]

    assert [status for status, _ in answers] == [200, 200, 401]
    assert len(await bench.events()) == 2


KINDS = {"agent_bot": ["bot-new", "bot-old"], "account_webhook": "hook", "api_inbox": "inbox"}


async def test_every_kind_of_delivery_has_its_secret_which_names_it(bench: WebhookBench) -> None:
    await bench.apply(bench.acme(webhook_secret=KINDS))
    await bench.start()
    bodies = {secret: encoded(id=number) for number, secret in enumerate(("bot-old", "hook", "inbox"), start=1)}

    for path in (TENANT, "/webhook"):
        for secret, body in bodies.items():
            assert (await bench.post(path, body, headers=bench.signed(body, secret)))[0] == 200

    deliveries = [each.delivery for each in await bench.events()]
    assert deliveries == ["agent_bot", "account_webhook", "api_inbox"]


async def test_one_message_by_every_kind_of_delivery_is_one_event(bench: WebhookBench) -> None:
    await bench.apply(bench.acme(webhook_secret=KINDS))
    await bench.start()
    body = encoded()

    answers = [
        await bench.post(TENANT, body, headers=bench.signed(body, secret))
        for secret in ("hook", "bot-new", "inbox", "bot-old")
    ]

    assert [answer["status"] for _, answer in answers] == ["stored", "duplicate", "duplicate", "duplicate"]
    assert len(await bench.events()) == 1


async def test_a_bot_too_old_to_sign_beside_an_account_webhook_that_signs(bench: WebhookBench) -> None:
    await bench.apply(bench.acme(webhook_secret={"account_webhook": "hook"}, webhook_path_token=TOKEN))
    await bench.start()
    first, second = encoded(id=1), encoded(id=2)
    unsigned = {"Content-Type": "application/json"}

    statuses = [
        (await bench.post(TENANT, first, headers=bench.signed(first, "hook")))[0],
        (await bench.post(f"{TENANT}/{TOKEN}", second, headers=unsigned))[0],
        (await bench.post(TENANT, second, headers=unsigned))[0],
        (await bench.post(f"{TENANT}/{TOKEN}x", second, headers=unsigned))[0],
    ]

    assert statuses == [200, 200, 401, 401]


async def test_events_of_one_conversation_keep_their_order(bench: WebhookBench) -> None:
    await bench.start()
    names = [INCOMING, BY_AGENT, STATUS_CHANGED]

    for name in names:
        body = encoded(name)
        await bench.post(TENANT, body, headers=bench.signed(body))

    kinds = [type(each).__name__ for each in await bench.events()]
    assert kinds == ["CustomerMessageReceived", "HumanReplied", "ConversationStatusChanged"]


async def test_without_a_broker_the_answer_is_500_within_chatwoots_patience(bench: WebhookBench) -> None:
    await bench.start()
    body = encoded()
    bench.broker.kill()
    began = asyncio.get_running_loop().time()

    status, answer = await bench.post(TENANT, body, headers=bench.signed(body))

    assert status == 500
    assert list(answer) == ["error"]
    assert 3.5 < asyncio.get_running_loop().time() - began < 4.8
    assert (await bench.get("/health"))[0] == 503
    assert (await bench.get("/webhook/health"))[0] == 503
    await bench.broker.start()
    assert (await bench.post(TENANT, body, headers=bench.signed(body)))[0] == 200


async def test_a_broker_that_restarts_is_waited_for(bench: WebhookBench) -> None:
    await bench.start()
    body = encoded()
    bench.broker.kill()

    posting = asyncio.create_task(bench.post(TENANT, body, headers=bench.signed(body)))
    await asyncio.sleep(0.5)
    await bench.broker.start()

    assert (await posting)[0] == 200
    assert len(await bench.events()) == 1


async def test_health_and_the_old_status_pages(bench: WebhookBench) -> None:
    await bench.start()

    status, health = await bench.get("/health")
    assert (status, health["status"], health["service"]) == (200, "ok", "webhook")
    assert (await bench.get("/live"))[0] == 200
    assert (await bench.get("/webhook/"))[1]["status"] == "online"
    assert (await bench.get("/webhook/health"))[1]["status"] == "healthy"


async def test_draining_says_so_while_webhooks_are_still_taken(bench: WebhookBench) -> None:
    service = await bench.start(drain_seconds=0.5)
    body = encoded()
    stopping = asyncio.create_task(bench.stop(service))
    await asyncio.sleep(0.1)

    health = await bench.get("/health")
    status, _ = await bench.post(TENANT, body, headers=bench.signed(body))
    await stopping

    assert (health[0], health[1]["status"]) == (503, "draining")
    assert status == 200
    assert len(await bench.events()) == 1
