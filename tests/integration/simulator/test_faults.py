from __future__ import annotations

import asyncio
import json
import time
from typing import Any

import httpx
import pytest
from support.simulated import BOT_SECRET, World

from simulator.client import SimulatorFailed


def _post(world: World, conversation: int, command: str, timeout: float = 5.0) -> Any:
    body = {"content": "Olá", "content_attributes": {"odoo_ai": {"command_id": command, "turn_id": "t"}}}
    return world.bot.post(f"/conversations/{conversation}/messages", json=body, timeout=timeout)


async def _stored(world: World, conversation: int) -> int:
    return len((await world.control.transcript(conversation)).public_replies())


@pytest.mark.parametrize("status", [429, 500, 503])
async def test_status_fault_answers_without_doing_anything(world: World, status: int) -> None:
    conversation = await world.write("Oi")
    await world.control.set_fault(
        "chatwoot", "status", endpoint="create_message", status=status, retry_after=7, count=1
    )

    first, second = await _post(world, conversation, "c:1"), await _post(world, conversation, "c:1")

    assert (first.status_code, first.headers["Retry-After"]) == (status, "7")
    assert second.status_code == 200
    counters = await world.control.counters()
    assert counters["posts_per_command"] == {"c:1": 2}
    assert counters["stored_per_command"] == {"c:1": 1}
    assert counters["duplicates"] == {}


async def test_rate_limit_answer_is_not_json(world: World) -> None:
    await world.control.set_fault("chatwoot", "status", status=429)

    answer = await world.user.get("/inboxes")

    assert answer.headers["content-type"].startswith("text/plain")
    assert answer.text == "Retry later\n"


@pytest.mark.parametrize(
    ("kind", "error"), [("applied_then_timeout", httpx.ReadTimeout), ("applied_then_reset", httpx.RemoteProtocolError)]
)
async def test_applied_fault_stores_the_message_and_hides_it(world: World, kind: str, error: type[Exception]) -> None:
    conversation = await world.write("Oi")
    await world.control.set_fault("chatwoot", kind, endpoint="create_message", count=1)

    with pytest.raises((error, httpx.ReadError)):
        await _post(world, conversation, "c:1", timeout=0.3)

    assert await _stored(world, conversation) == 1


@pytest.mark.parametrize("kind", ["timeout", "reset"])
async def test_lost_request_stores_nothing(world: World, kind: str) -> None:
    conversation = await world.write("Oi")
    await world.control.set_fault("chatwoot", kind, endpoint="create_message", count=1)

    with pytest.raises(httpx.TransportError):
        await _post(world, conversation, "c:1", timeout=0.3)

    assert await _stored(world, conversation) == 0


@pytest.mark.parametrize(
    ("kind", "status", "content_type"),
    [("html", 200, "text/html"), ("redirect", 303, "text/html"), ("garbage", 200, "application/json")],
)
async def test_answers_that_are_not_the_api(world: World, kind: str, status: int, content_type: str) -> None:
    await world.control.set_fault("chatwoot", kind, endpoint="list_inboxes")

    answer = await world.user.get("/inboxes")

    assert answer.status_code == status
    assert answer.headers["content-type"].startswith(content_type)
    with pytest.raises(json.JSONDecodeError):
        answer.json()


async def test_stored_and_answered_with_500(world: World) -> None:
    conversation = await world.write("Oi")
    await world.control.set_fault("chatwoot", "applied_then_status", endpoint="create_message", status=500, count=1)

    answer = await _post(world, conversation, "c:1")

    assert answer.status_code == 500
    assert await _stored(world, conversation) == 1


async def test_fault_ends_after_its_time_and_lets_the_first_ones_pass(world: World) -> None:
    await world.control.set_fault("chatwoot", "status", endpoint="list_inboxes", skip=2, for_seconds=0.3)

    statuses = [(await world.user.get("/inboxes")).status_code for _ in range(4)]
    await asyncio.sleep(0.35)

    assert statuses == [200, 200, 500, 500]
    assert (await world.user.get("/inboxes")).status_code == 200
    assert await world.control.faults() == []


async def test_fault_of_one_account_leaves_the_others_alone(world: World) -> None:
    await world.control.set_fault("chatwoot", "status", scope="2")

    assert (await world.user.get("/inboxes")).status_code == 200


async def test_dropped_webhooks_never_arrive(world: World) -> None:
    await world.control.set_fault("webhook", "drop", endpoint="message_created")
    conversation = await world.write("Oi")
    await world.control.wait_webhooks_sent()

    assert world.receiver.at_bot("message_created") == []
    assert (await world.control.transcript(conversation)).status == "pending"
    assert (await world.control.counters())["webhooks"]["dropped"] == 2


@pytest.mark.parametrize(("same", "ids"), [(True, 1), (False, 3)])
async def test_duplicated_deliveries_come_at_once(world: World, same: bool, ids: int) -> None:
    await world.control.change_account(1, account_webhook_url="")
    await world.control.set_fault("webhook", "duplicate", endpoint="message_created", same_delivery_id=same)
    await world.write("Oi")
    await world.receiver.until(lambda: len(world.receiver.at_bot("message_created")) == 3)

    copies = world.receiver.at_bot("message_created")

    assert len({each.raw for each in copies}) == 1
    assert len({each.headers["X-Chatwoot-Delivery"] for each in copies}) == ids


async def test_reordered_deliveries_overtake_each_other(world: World) -> None:
    await world.control.change_account(1, account_webhook_url="")
    await world.control.set_fault("webhook", "reorder", endpoint="message_created", delay=0.3)
    await world.write(*[str(each) for each in range(20)])
    await world.receiver.until(lambda: len(world.receiver.at_bot("message_created")) == 20)

    arrived = [int(each.body["content"]) for each in world.receiver.at_bot("message_created")]

    assert sorted(arrived) == list(range(20))
    assert arrived != list(range(20))


async def test_badly_signed_and_stale_deliveries(world: World) -> None:
    await world.control.change_account(1, account_webhook_url="")
    await world.control.set_fault("webhook", "bad_signature", endpoint="message_created", count=1)
    await world.control.set_fault("webhook", "stale", endpoint="message_created", count=1)
    await world.write("Oi", "tudo bem?")
    await world.receiver.until(lambda: len(world.receiver.at_bot("message_created")) == 2)

    forged, stale = sorted(world.receiver.at_bot("message_created"), key=lambda each: each.signed_with(BOT_SECRET))

    assert not forged.signed_with(BOT_SECRET)
    assert stale.signed_with(BOT_SECRET)
    assert time.time() - int(stale.headers["X-Chatwoot-Timestamp"]) > 3000


async def test_channel_can_refuse_or_forget_a_message(world: World) -> None:
    conversation = await world.write("Oi")
    await world.control.set_fault("whatsapp", "fail", count=1, message="(#131026) Message undeliverable")
    await world.control.set_fault("whatsapp", "stuck", count=1)
    await _post(world, conversation, "c:1")
    await _post(world, conversation, "c:2")
    await _post(world, conversation, "c:3")
    found = await world.control.wait_for(conversation, lambda each: each.lines[-1].status == "delivered")

    assert [each.status for each in found.lines[1:]] == ["failed", "sent", "delivered"]
    assert found.lines[1].error == "(#131026) Message undeliverable"


async def test_fault_that_does_not_exist_is_refused_with_the_list(world: World) -> None:
    with pytest.raises(SimulatorFailed, match="no fault of webhook; choose one of bad_signature"):
        await world.control.call("POST", "/faults", {"surface": "webhook", "kind": "html"})
