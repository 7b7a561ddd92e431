"""What no webhook told is found in Chatwoot's lists: a real broker, the service, and a simulated Chatwoot over HTTP."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from support.cli import odoo_ai
from support.swept import Swept, swept

from common.events import ConversationStatusChanged, CustomerMessageReceived, HumanReplied, MessageFailed
from webhook.reconciliation.arrivals import TELL_SECONDS

pytestmark = pytest.mark.broker


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[Swept]:
    async with swept(tmp_path) as found:
        yield found


async def test_a_message_without_a_webhook_is_found_under_the_id_of_its_webhook(world: Swept) -> None:
    await world.start()
    conversation, (message,) = await world.customer(1, "vocês entregam?")

    report = await world.sweep()

    assert report.state == "done"
    assert report.found["CustomerMessageReceived"] == 1
    (found,) = [each for each in await world.events() if isinstance(each, CustomerMessageReceived)]
    assert found.event_id == f"cw:acme:message_created:{message}"
    assert (found.conversation_id, found.text, found.delivery) == (conversation, "vocês entregam?", "reconciliation")
    assert 5 <= found.age_seconds < 15
    assert found.snapshot.status == "pending"
    assert found.snapshot.channel == "Channel::Whatsapp"


async def test_what_was_found_once_is_not_found_again_and_costs_no_request(world: Swept) -> None:
    await world.start()
    for number in range(5):
        await world.customer(number)
    first = await world.sweep()
    second = await world.sweep()

    assert first.found["CustomerMessageReceived"] == 5
    assert second.found == {}
    assert second.requests == 2, "the clock and the list"
    assert second.looked_at == 0


async def test_a_message_whose_webhook_may_still_be_under_way_is_looked_at_again_in_the_same_sweep(
    world: Swept,
) -> None:
    await world.start()
    await world.customer()
    began = time.monotonic()

    report = await world.sweep(later=0)

    assert report.found["CustomerMessageReceived"] == 1
    assert report.requests == 3, "the clock, the list, and once its messages"
    assert 3 < time.monotonic() - began < 15


async def test_the_process_that_sweeps_knows_what_arrived_at_another(world: Swept) -> None:
    first, second = await world.start("webhook-a"), await world.start("webhook-b")
    await world.connect_webhooks(second if first.sweeps else first)
    await world.customer()
    await world.until_told("CustomerMessageReceived", 1)
    await asyncio.sleep(2 * TELL_SECONDS)

    began = time.monotonic()

    report = await world.sweep(later=0)

    assert report.found == {}
    assert time.monotonic() - began < 3, "it was not waited for until it is old enough"


async def test_answers_of_people_from_panel_and_phone_are_found(world: Swept) -> None:
    await world.start()
    conversation, _ = await world.customer()
    await world.sweep()
    await world.chat.act(conversation, "reply", "Aqui é a Ana.")
    await world.chat.act(conversation, "phone_reply", "Aqui é a Ana, do celular.")

    report = await world.sweep()

    assert report.found["HumanReplied"] == 2
    replies = [each for each in await world.events() if isinstance(each, HumanReplied)]
    assert [each.via for each in replies] == ["panel", "phone_echo"]


async def test_a_delivery_that_failed_after_it_was_seen_is_found(world: Swept) -> None:
    await world.start()
    conversation, _ = await world.customer()
    await world.chat.set_fault("whatsapp", "stuck")
    reply = world.bot_says(conversation, "Entregamos sim.")
    await world.sweep()
    world.chatwoot.channel.fail(reply, "131047: window closed")

    report = await world.sweep()

    assert report.found["MessageFailed"] == 1
    (failed,) = [each for each in await world.events() if isinstance(each, MessageFailed)]
    assert (failed.command_id, failed.reason) == ("turn-1:1", "131047: window closed")


async def test_a_hand_back_without_a_webhook_is_found(world: Swept) -> None:
    await world.start()
    conversation, _ = await world.customer()
    await world.chat.act(conversation, "open")
    await world.sweep()
    await world.chat.act(conversation, "hand_back")

    await world.sweep()

    states = [each.snapshot for each in await world.events() if isinstance(each, ConversationStatusChanged)]
    assert [(each.status, each.assignee.kind) for each in states] == [("open", "nobody"), ("pending", "our_bot")]


async def test_webhooks_that_arrived_are_not_found_again_and_lost_ones_are(world: Swept) -> None:
    service = await world.start()
    await world.connect_webhooks(service)
    await world.chat.set_fault("webhook", "drop", endpoint="message_created", probability=0.5)
    written = [message for number in range(12) for message in (await world.customer(number))[1]]
    await world.chat.wait_webhooks_sent()
    arrived = (await world.told())["CustomerMessageReceived"]

    report = await world.sweep()

    assert 0 < arrived < 12
    assert report.found["CustomerMessageReceived"] == 12 - arrived
    ids = [each.message_id for each in await world.events() if isinstance(each, CustomerMessageReceived)]
    assert sorted(ids) == sorted(written)


async def test_a_long_burst_is_read_page_by_page_in_order(world: Swept) -> None:
    await world.start()
    await world.customer(1, "primeira")
    await world.sweep()
    _, ids = await world.customer(1, *(f"mensagem {number}" for number in range(230)))

    report = await world.sweep()

    assert report.found["CustomerMessageReceived"] == 230
    found = [each.message_id for each in await world.events() if isinstance(each, CustomerMessageReceived)]
    assert found[1:] == ids
    assert report.requests <= 2 + 3


async def test_of_a_long_conversation_only_what_is_new_is_read(world: Swept) -> None:
    await world.customer(1, *(f"antiga {number}" for number in range(150)))
    await world.chat.advance(2 * 3600)
    await world.start()
    await world.sweep()
    _, ids = await world.customer(1, "nova")

    report = await world.sweep()

    assert report.found == {"CustomerMessageReceived": 1}
    assert [each.message_id for each in await world.events() if isinstance(each, CustomerMessageReceived)] == ids


@pytest.mark.parametrize("skew", [90 * 86400.0])
async def test_the_clock_of_chatwoot_may_be_any_other_than_ours(world: Swept, skew: float) -> None:
    await world.chat.advance(skew)
    await world.start()
    await world.customer()

    report = await world.sweep()

    (found,) = [each for each in await world.events() if isinstance(each, CustomerMessageReceived)]
    assert report.found["CustomerMessageReceived"] == 1
    assert found.age_seconds < 15


async def test_what_happened_while_nobody_swept_is_found_at_the_next_start(world: Swept) -> None:
    await world.customer(1)
    first = await world.start()
    await world.sweep()
    await world.stop(first)
    for number in range(2, 60):
        await world.customer(number)
    await world.chat.advance(3 * 3600)
    await world.start("webhook-b")

    await world.sweep(later=0)

    assert (await world.told())["CustomerMessageReceived"] == 59


async def test_two_processes_sweep_one_at_a_time_and_the_second_takes_over(world: Swept) -> None:
    first, second = await world.start("webhook-a"), await world.start("webhook-b")
    await world.customer(1)
    report = await world.sweep()
    assert report.found["CustomerMessageReceived"] == 1
    assert (first.sweeps, second.sweeps).count(True) == 1

    await world.stop(first if first.sweeps else second)
    at_its_start = await world.sweep(later=0)
    await world.customer(2)
    taken_over = await world.sweep()

    assert at_its_start.looked_at == 0, "the first conversation is known to the second process too"
    assert taken_over.found["CustomerMessageReceived"] == 1
    assert taken_over.looked_at == 1


async def test_conversations_that_did_not_change_cost_no_request(world: Swept) -> None:
    await world.start()
    world.fill(200)
    await world.sweep()

    quiet = await world.sweep()
    for number in range(20):
        await world.customer(number, "mais uma")
    busy = await world.sweep()

    assert (quiet.listed, quiet.requests, quiet.found) == (200, 2, {})
    assert busy.requests == 2 + 20
    assert busy.found["CustomerMessageReceived"] == 20


async def test_a_list_that_is_too_long_for_one_answer_is_read_page_by_page(
    world: Swept, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("webhook.reconciliation.history.LIST_LIMIT", 100_000)
    await world.start()
    world.fill(120)

    report = await world.sweep()

    assert report.found["CustomerMessageReceived"] == 120
    assert report.requests == 2 + 5 + 120, "the clock, the list that was too long, its pages, the conversations"


async def test_when_chatwoot_limits_us_the_sweep_waits_and_nothing_is_lost(world: Swept) -> None:
    await world.apply(reconcile_seconds=1)
    await world.start()
    await world.chat.set_fault("chatwoot", "status", endpoint="list_*", status=429, retry_after=1, count=2)
    await world.customer(1)

    report = await world.sweep()

    assert report.state in ("done", "failed")
    await world.until_told("CustomerMessageReceived", 1)


async def test_without_a_user_token_it_says_so_and_everything_else_works(world: Swept) -> None:
    await world.apply(user_token=None)
    service = await world.start()

    report = await world.sweep()

    assert report.state == "no_user_token"
    health = await service.health.report()
    assert health["status"] == "ok"
    assert health["notes"] == {"reconciliation acme": "no user_token: webhooks that get lost are not found"}


async def test_the_command_asks_the_service_that_sweeps_and_prints_what_it_found(world: Swept, tmp_path: Path) -> None:
    await world.start()
    await world.customer()
    await world.chat.advance(10)
    env = {"NATS_URL": world.broker.url}

    found = await asyncio.to_thread(odoo_ai, tmp_path, "reconcile", "acme", "--json", env=env)
    again = await asyncio.to_thread(odoo_ai, tmp_path, "reconcile", env=env)
    unknown = await asyncio.to_thread(odoo_ai, tmp_path, "reconcile", "nobody", env=env)

    (report,) = json.loads(found.stdout)
    assert found.returncode == 0, found.stderr
    assert (report["state"], report["found"]) == ("done", {"CustomerMessageReceived": 1})
    assert again.stdout.splitlines()[1].split()[:2] == ["acme", "done"]
    assert again.stdout.rstrip().endswith("nothing")
    assert unknown.returncode == 2
    assert "there is no tenant 'nobody'" in unknown.stderr


async def test_the_command_says_what_to_do_without_a_user_token(world: Swept, tmp_path: Path) -> None:
    await world.apply(user_token=None)
    await world.start()

    done = await asyncio.to_thread(odoo_ai, tmp_path, "reconcile", env={"NATS_URL": world.broker.url})

    assert done.returncode == 1
    assert "set chatwoot.user_token" in done.stderr
