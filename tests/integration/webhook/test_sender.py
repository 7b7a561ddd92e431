"""Commands carried out in a fake Chatwoot that fails on demand: once each, and in order."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from support.chatwoot_server import Fault
from support.webhook_bench import AT, WebhookBench, say, until

from common.commands import (
    ChatwootCommand,
    Choice,
    HandOff,
    SendMessage,
    SendPrivateNote,
    SetLabels,
    SetStatus,
    SetTyping,
)
from common.nats.bucket import Bucket
from common.nats.topology import BUCKET_DELIVERIES
from webhook.clock import utc_now
from webhook.deliveries import Deliveries, DeliveryRecord, Known, delivery_key

pytestmark = pytest.mark.broker

OUR_BOT = {"assignee": {"id": 5, "name": "Acme Bot", "type": "agent_bot"}, "assignee_type": "AgentBot"}
COMMON = {"turn_id": "turn-1", "tenant": "acme", "account_id": 1, "conversation_id": 25, "issued_at": AT}


async def test_a_reply_reaches_the_customer_with_its_stamp(bench: WebhookBench) -> None:
    await bench.start()

    await bench.command(say(1, "Olá {{contact.name}}", choices=(Choice(title="Sim", value="y"),)))
    await bench.idle()

    (message,) = bench.chatwoot.messages[25]
    assert message["content"] == "Olá {\\{contact.name}}"
    assert message["content_attributes"]["odoo_ai"] == {"command_id": "turn-1:1", "turn_id": "turn-1"}
    assert message["source_id"] is None
    assert await bench.dead() == []


async def test_a_note_stays_among_the_people(bench: WebhookBench) -> None:
    await bench.start()

    await bench.command(SendPrivateNote(command_id="turn-1:1", text="resumo", **COMMON))
    await bench.idle()

    assert bench.chatwoot.texts() == []
    assert [each["private"] for each in bench.chatwoot.messages[25]] == [True]


RECOVERED: list[Fault] = [
    "hang",
    "apply_then_hang",
    "apply_late",
    "reset",
    "apply_then_reset",
    "500",
    "apply_then_500",
    "502",
    "429",
    "429_plain",
    "html",
    "redirect",
    "404_page",
    "broken_json",
    "no_id",
]


@pytest.mark.parametrize("fault", RECOVERED)
async def test_after_a_fault_each_message_is_there_once_and_in_order(bench: WebhookBench, fault: Fault) -> None:
    await bench.start()
    bench.chatwoot.faults.append(fault)

    await bench.command(say(1), say(2), say(3))
    await bench.idle()

    assert bench.chatwoot.texts() == ["reply 1", "reply 2", "reply 3"]
    assert await bench.dead() == []


async def test_many_faults_in_a_row_change_nothing(bench: WebhookBench) -> None:
    await bench.start()
    bench.chatwoot.faults.extend(["500", "apply_then_500", "reset", "429", "apply_then_hang"])

    await bench.command(*(say(number) for number in range(1, 5)))
    await bench.idle(30)

    assert bench.chatwoot.texts() == [f"reply {number}" for number in range(1, 5)]


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        ("401", "Unauthorised: status 401: Invalid Access Token"),
        ("404", "NotFound: status 404: Resource could not be found"),
        ("422", "Refused: status 422: Validation failed"),
        ("422_after_save", "Refused: status 422"),
    ],
)
async def test_what_chatwoot_refuses_is_a_dead_letter_and_holds_up_nobody(
    bench: WebhookBench, fault: Fault, reason: str
) -> None:
    await bench.start()
    bench.chatwoot.faults.append(fault)

    await bench.command(say(1), say(2))
    await bench.idle()

    assert bench.chatwoot.texts()[-1] == "reply 2"
    (dead,) = await bench.dead()
    assert reason in str(dead.headers)
    assert "undefined method" not in str(dead.headers)


async def test_a_refused_message_can_be_replayed(bench: WebhookBench) -> None:
    await bench.start()
    bench.chatwoot.faults.append("401")
    await bench.command(say(1))
    await bench.idle()

    await bench.command(say(1), replay=True)
    await bench.idle()

    assert bench.chatwoot.texts() == ["reply 1"]


async def test_a_replay_of_what_was_saved_after_all_finds_it(bench: WebhookBench) -> None:
    await bench.start()
    bench.chatwoot.faults.append("422_after_save")
    await bench.command(say(1))
    await bench.idle()

    await bench.command(say(1), replay=True)
    await bench.idle()

    assert bench.chatwoot.texts() == ["reply 1"]


async def test_a_command_that_comes_again_is_not_carried_out_again(bench: WebhookBench) -> None:
    await bench.start()
    hand_off = HandOff(command_id="turn-1:2", reason="customer_request", **COMMON)
    await bench.command(say(1), hand_off)
    await bench.idle()
    bench.chatwoot.statuses[25] = "resolved"

    await bench.command(say(1), hand_off, again=True)
    await bench.idle()

    assert bench.chatwoot.texts() == ["reply 1"]
    assert bench.chatwoot.statuses[25] == "resolved"


async def test_the_next_reply_does_not_wait_for_the_record_of_the_last_and_none_is_left_out_at_the_end(
    bench: WebhookBench, monkeypatch: pytest.MonkeyPatch
) -> None:
    may_write, write = asyncio.Event(), Deliveries.write

    async def write_when_allowed(
        self: Deliveries, command: ChatwootCommand, record: DeliveryRecord, after: Known | None
    ) -> Known:
        if record.state == "done":
            await may_write.wait()
        return await write(self, command, record, after)

    monkeypatch.setattr(Deliveries, "write", write_when_allowed)
    service = await bench.start()
    await bench.command(say(1), say(2))
    await bench.idle()
    assert bench.chatwoot.texts() == ["reply 1", "reply 2"]

    stopping = asyncio.create_task(bench.stop(service))
    asyncio.get_running_loop().call_later(0.2, may_write.set)
    await stopping

    records = [await Deliveries(Bucket(bench.nc, BUCKET_DELIVERIES)).get(say(number)) for number in (1, 2)]
    assert [each.record.state for each in records if each] == ["done", "done"]


async def attempted(bench: WebhookBench, number: int, settles_in: float = 0.5) -> None:
    """As if a process had died between the intent of a command and its result."""
    record = DeliveryRecord(state="attempting", settles_at=utc_now() + timedelta(seconds=settles_in))
    await Deliveries(Bucket(bench.nc, BUCKET_DELIVERIES)).write(say(number), record, None)


async def test_after_a_crash_behind_the_request_the_message_is_found(bench: WebhookBench) -> None:
    await attempted(bench, 1)
    stamp = {"odoo_ai": {"command_id": "turn-1:1", "turn_id": "turn-1"}}
    bench.chatwoot.add_message(25, "reply 1", content_attributes=stamp)
    await bench.start()

    await bench.command(say(1), say(2))
    await bench.idle()

    assert bench.chatwoot.texts() == ["reply 1", "reply 2"]


async def test_after_a_crash_before_the_request_the_message_is_posted_when_it_is_sure(bench: WebhookBench) -> None:
    await attempted(bench, 1)
    await bench.start()
    began = asyncio.get_running_loop().time()

    await bench.command(say(1))
    await bench.idle()

    assert bench.chatwoot.texts() == ["reply 1"]
    assert asyncio.get_running_loop().time() - began > 0.4


async def test_without_a_user_token_the_last_message_tells(bench: WebhookBench) -> None:
    await bench.apply(bench.acme(user_token=None))
    await bench.start()
    customer = bench.chatwoot.add_message(25, "oi", message_type=0)
    bench.chatwoot.faults.extend(["apply_then_hang"])

    await bench.command(say(1, after_message_id=customer))
    await bench.idle()
    newest = bench.chatwoot.messages[25][-1]["id"]
    bench.chatwoot.faults.extend(["500"])
    await bench.command(say(2, after_message_id=newest))
    await bench.idle()

    assert bench.chatwoot.texts() == ["oi", "reply 1", "reply 2"]
    assert await bench.dead() == []


@pytest.mark.parametrize("bots_may_look", [True, False])
async def test_without_a_user_token_doubt_is_a_dead_letter(bench: WebhookBench, bots_may_look: bool) -> None:
    await bench.apply(bench.acme(user_token=None))
    bench.chatwoot.bots_may_look = bots_may_look
    await bench.start()
    customer = bench.chatwoot.add_message(25, "oi", message_type=0)
    bench.chatwoot.faults.append("500")
    bench.chatwoot.add_message(25, "a person wrote this")

    await bench.command(say(1, after_message_id=customer))
    await bench.idle()

    assert bench.chatwoot.texts() == ["oi", "a person wrote this"]
    (dead,) = await bench.dead()
    assert "outcome unknown and no user_token to read back" in str(dead.headers)


async def test_a_hand_off_opens_the_conversation_after_what_was_said(bench: WebhookBench) -> None:
    await bench.start()

    await bench.command(say(1), HandOff(command_id="turn-1:2", reason="customer_request", **COMMON))
    await bench.idle()

    assert [what for method, what, _ in bench.chatwoot.requests if method == "POST"] == ["messages", "toggle_status"]
    assert bench.chatwoot.statuses[25] == "open"
    assert bench.chatwoot.headers[-1]["Api-Access-Token"] == "bot-token"


@pytest.mark.parametrize("fault", ["500", "apply_then_500", "apply_then_hang"])
async def test_an_open_conversation_is_a_hand_off_that_is_done(bench: WebhookBench, fault: Fault) -> None:
    await bench.start()
    bench.chatwoot.fail_on = "toggle_status"
    bench.chatwoot.faults.append(fault)

    note = SendPrivateNote(command_id="turn-1:2", text="resumo", **COMMON)
    await bench.command(HandOff(command_id="turn-1:1", reason="customer_request", **COMMON), note)
    await bench.idle()

    assert bench.chatwoot.statuses[25] == "open"
    assert len(bench.chatwoot.posts("toggle_status")) == (2 if fault == "500" else 1)
    assert [each["private"] for each in bench.chatwoot.messages[25]] == [True]


async def test_typing_that_fails_is_forgotten(bench: WebhookBench) -> None:
    await bench.start(sender_patience_seconds=5)
    bench.chatwoot.channel = "Channel::WebWidget"
    bench.chatwoot.fail_on = "toggle_typing_status"
    bench.chatwoot.faults.append("401")

    await bench.command(SetTyping(command_id="turn-1:1", on=True, **COMMON), say(2))
    await bench.idle()

    assert len(bench.chatwoot.posts("toggle_typing_status")) == 1
    assert bench.chatwoot.texts() == ["reply 2"]
    assert await bench.dead() == []


async def test_labels_and_status_are_set(bench: WebhookBench) -> None:
    bench.chatwoot.labels[25] = ["vip"]
    bench.chatwoot.statuses[25] = "open"
    bench.chatwoot.assignees[25] = OUR_BOT
    await bench.start()

    await bench.command(
        SetLabels(command_id="turn-1:1", add=("orçamento",), **COMMON),
        SetStatus(command_id="turn-1:2", status="pending", **COMMON),
    )
    await bench.idle()

    assert bench.chatwoot.labels[25] == ["vip", "orçamento"]
    assert bench.chatwoot.posts("toggle_status") == [{"status": "pending"}]


async def test_a_command_for_another_account_is_refused(bench: WebhookBench) -> None:
    await bench.start()

    await bench.command(say(1, account_id=7))
    await bench.idle()

    assert bench.chatwoot.requests == []
    assert "account is 1 now" in str((await bench.dead())[0].headers)


async def test_a_tenant_nobody_knows_is_waited_for_and_then_refused(bench: WebhookBench) -> None:
    await bench.start()
    stranger = say(1, tenant="stranger")

    await bench.command(stranger)
    await asyncio.sleep(0.3)
    assert await bench.dead() == []
    bench.clock = lambda: utc_now() + timedelta(minutes=1)
    await bench.idle()

    assert len(await bench.dead()) == 1


async def test_a_note_beyond_chatwoots_limit_is_stored_in_parts(bench: WebhookBench) -> None:
    await bench.start()

    await bench.command(SendPrivateNote(command_id="turn-1:1", text="palavra " * 20_000, **COMMON), say(2))
    await bench.idle()

    lengths = [len(each["content"]) for each in bench.chatwoot.messages[25] if each["private"]]
    assert len(lengths) == 2
    assert sum(lengths) == 20_000 * 8 - 2
    assert bench.chatwoot.texts() == ["reply 2"]


async def test_a_record_nobody_can_read_stops_its_command_only(bench: WebhookBench) -> None:
    await Bucket(bench.nc, BUCKET_DELIVERIES).put(delivery_key(say(1)), b"{}")
    await bench.start()

    await bench.command(say(1), say(2))
    await bench.idle()

    assert bench.chatwoot.texts() == ["reply 2"]
    assert len(await bench.dead()) == 1


async def test_two_copies_share_the_work_in_order(bench: WebhookBench) -> None:
    await bench.start()
    await bench.start()
    conversations = range(1, 13)

    for number in range(1, 6):
        await asyncio.gather(*(bench.command(reply(conversation, number)) for conversation in conversations))
    await bench.idle()

    for conversation in conversations:
        assert bench.chatwoot.texts(conversation) == [f"reply {number}" for number in range(1, 6)]


def reply(conversation: int, number: int) -> SendMessage:
    command_id = f"turn-{conversation}-{number}:1"
    return say(number, conversation=conversation, command_id=command_id, turn_id=f"turn-{conversation}-{number}")


async def test_a_broker_that_dies_in_the_middle_costs_no_message_and_repeats_none(bench: WebhookBench) -> None:
    await bench.start()
    for number in range(1, 9):
        await bench.command(*(reply(conversation, number) for conversation in range(1, 9)))
    await until(lambda: enough(bench, 12))

    bench.broker.kill()
    await asyncio.sleep(0.3)
    await bench.broker.start()
    await bench.idle(40)

    for conversation in range(1, 9):
        assert bench.chatwoot.texts(conversation) == [f"reply {number}" for number in range(1, 9)]


async def enough(bench: WebhookBench, count: int) -> bool:
    return sum(map(len, bench.chatwoot.messages.values())) >= count


async def test_stopping_finishes_the_command_at_hand(bench: WebhookBench) -> None:
    first = await bench.start()
    bench.chatwoot.faults.append("apply_then_hang")
    await bench.command(say(1), say(2))
    await until(lambda: posted(bench, 1))

    await bench.stop(first)
    await bench.start()
    await bench.idle()

    assert bench.chatwoot.texts() == ["reply 1", "reply 2"]


async def posted(bench: WebhookBench, count: int) -> bool:
    return len(bench.chatwoot.posts()) >= count


async def test_a_changed_connection_is_used_without_a_restart(bench: WebhookBench) -> None:
    await bench.apply(bench.acme(bot_token="revoked", user_token=None))
    await bench.start()
    await bench.command(say(1))
    await bench.idle()
    assert len(await bench.dead()) == 1

    await bench.apply(bench.acme())
    await asyncio.sleep(1.5)
    await bench.command(say(2))
    await bench.idle()

    assert bench.chatwoot.texts() == ["reply 2"]
