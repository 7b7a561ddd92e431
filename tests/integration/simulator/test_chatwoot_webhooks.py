from __future__ import annotations

import asyncio
from typing import Any

import pytest
from support.simulated import ACCOUNT_SECRET, BOT_SECRET, World, receiver, simulator

from simulator.chatwoot.channel import WINDOW_CLOSED
from simulator.client import SimulatorClient
from simulator.state import NewAccount, NewInbox


async def test_customer_message_reaches_bot_and_account_webhook_signed(world: World) -> None:
    await world.write("Oi, <tudo> bem & você?")
    await world.receiver.until(lambda: bool(world.receiver.at_bot() and world.receiver.at_account("message_created")))

    at_bot = world.receiver.at_bot("message_created")[0]
    at_account = world.receiver.at_account("message_created")[0]

    assert at_bot.body["content"] == "Oi, <tudo> bem & você?"
    assert b"\\u003ctudo\\u003e bem \\u0026" in at_bot.raw
    assert at_bot.signed_with(BOT_SECRET)
    assert at_account.signed_with(ACCOUNT_SECRET)
    assert at_bot.headers["X-Chatwoot-Delivery"] != at_account.headers["X-Chatwoot-Delivery"]
    assert at_bot.body["conversation"]["status"] == "pending"
    assert at_bot.body["conversation"]["meta"]["assignee_type"] == "AgentBot"


async def test_bot_gets_its_seven_events_and_no_others(world: World) -> None:
    conversation = await world.write("Oi")
    await world.bot.post(f"/conversations/{conversation}/messages", json={"content": "Olá!"})
    await world.control.act(conversation, "resolve")
    await world.control.act(conversation, "open")
    await asyncio.sleep(0.1)
    await world.control.wait_webhooks_sent()

    seen = {each.event for each in world.receiver.at_bot()}

    assert seen == {
        "message_created",
        "message_updated",
        "conversation_updated",
        "conversation_status_changed",
        "conversation_opened",
        "conversation_resolved",
    }
    assert {"conversation_created", "contact_created", "contact_updated"} <= {
        each.event for each in world.receiver.at_account()
    }
    assert not {"conversation_opened", "conversation_resolved"} & {each.event for each in world.receiver.at_account()}


async def test_changed_attributes_are_null_on_status_changes_and_listed_on_updates(world: World) -> None:
    conversation = await world.write("Oi")
    await world.control.act(conversation, "resolve")
    await world.control.wait_webhooks_sent()

    changed = world.receiver.at_bot("conversation_status_changed")[-1].body
    updated = next(
        each.body
        for each in world.receiver.at_bot("conversation_updated")
        if any("status" in change for change in each.body["changed_attributes"])
    )

    assert changed["changed_attributes"] is None
    assert {"status": {"previous_value": "pending", "current_value": "resolved"}} in updated["changed_attributes"]


async def test_answer_is_followed_by_source_id_delivered_and_cleared_waiting(world: World) -> None:
    conversation = await world.write("Oi")
    created = (await world.bot.post(f"/conversations/{conversation}/messages", json={"content": "Olá!"})).json()
    await world.receiver.until(lambda: len(world.receiver.at_bot("message_updated")) == 2)

    updates = [each.body for each in world.receiver.at_bot("message_updated")]
    waiting = [
        change["waiting_since"]["current_value"]
        for each in world.receiver.at_bot("conversation_updated")
        for change in each.body["changed_attributes"]
        if "waiting_since" in change
    ]

    assert created["source_id"] is None
    assert all(each["source_id"].startswith("wamid.") for each in updates)
    assert all("status" not in each for each in updates)
    assert {each["conversation"]["messages"][0]["status"] for each in updates} == {"sent", "delivered"}
    assert waiting == [None]


@pytest.mark.parametrize("status", [429, 500])
async def test_bot_delivery_is_tried_three_times_with_one_id_and_the_same_body(world: World, status: int) -> None:
    world.receiver.statuses = [status, status]

    conversation = await world.write("Oi")
    await world.receiver.until(lambda: len(world.receiver.at_bot("message_created")) >= 2)
    await world.control.wait_webhooks_sent()

    tries: dict[str, list[Any]] = {}
    for each in world.receiver.webhooks:
        tries.setdefault(each.headers["X-Chatwoot-Delivery"], []).append(each)
    retried = [each for each in tries.values() if len(each) > 1]

    assert retried
    assert all(len({one.raw for one in each}) == 1 and each[0].path == "/bot" for each in retried)
    assert all(one.signed_with(BOT_SECRET) for each in retried for one in each)
    assert (await world.control.transcript(conversation)).status == "pending"


async def test_account_delivery_is_never_tried_again(world: World) -> None:
    await world.control.change_account(1, bot_webhook_url="")
    world.receiver.statuses = [500] * 50

    conversation = await world.write("Oi")
    await world.control.wait_webhooks_sent()

    assert len(world.receiver.at_account("message_created")) == 1
    assert (await world.control.transcript(conversation)).status == "pending"


@pytest.mark.parametrize("statuses", [[503], [404], [500, 500, 500]], ids=["503", "404", "500 three times"])
async def test_failed_bot_delivery_opens_the_conversation_and_keeps_the_bot(world: World, statuses: list[int]) -> None:
    await world.control.change_account(1, account_webhook_url="")
    world.receiver.statuses = statuses

    conversation = await world.write("Oi")
    found = await world.control.wait_for(conversation, lambda each: each.status == "open")

    assert found.lines[-1].text == "Conversation was marked open by system due to an error with the agent bot."
    assert found.lines[-1].who == "system"
    assert (found.assignee_kind, found.assignee) == ("AgentBot", "Lia")


async def test_slow_receiver_costs_the_bot_the_conversation() -> None:
    async with receiver() as hooks, simulator(hooks, simulator_webhook_timeout=0.2) as started:
        hooks.delay = 1.0
        async with SimulatorClient(started.url) as control:
            customer = await control.create_customer("Rui", "+5531995550199")
            conversation, _ = await control.send(customer, "Oi")

            await control.wait_for(conversation, lambda each: each.status == "open", timeout=5)


async def test_pending_is_kept_when_the_account_says_so(world: World) -> None:
    await world.control.change_account(1, keep_pending_on_bot_failure=True)
    world.receiver.statuses = [503] * 20

    conversation = await world.write("Oi")
    await world.control.wait_webhooks_sent()

    assert (await world.control.transcript(conversation)).status == "pending"


async def test_frozen_bot_body_and_late_account_body(world: World) -> None:
    await world.control.set_fault("webhook", "slow", endpoint="message_created", delay=0.3)

    conversation = await world.write("primeira", "segunda")
    await world.control.wait_webhooks_sent()

    def last_shown(hooks: list[Any]) -> list[str]:
        return sorted(each.body["conversation"]["messages"][0]["content"] for each in hooks)

    assert conversation == 1
    assert last_shown(world.receiver.at_bot("message_created")) == ["primeira", "segunda"]
    assert last_shown(world.receiver.at_account("message_created")) == ["segunda", "segunda"]


async def test_resolved_goes_back_to_the_bot_open_stays_open_snoozed_opens(world: World) -> None:
    conversation = await world.write("Oi")
    await world.control.act(conversation, "snooze")
    await world.write("voltei")
    assert (await world.control.transcript(conversation)).status == "open"

    await world.write("de novo")
    assert (await world.control.transcript(conversation)).status == "open"

    await world.control.act(conversation, "resolve")
    second = await world.write("outro assunto")

    assert second != conversation
    assert (await world.control.transcript(second)).status == "pending"


async def test_phone_echo_is_an_outgoing_message_without_sender(world: World) -> None:
    conversation = await world.write("Oi")
    found = await world.control.act(conversation, "phone_reply", "Oi Mariana, é a Ana!")
    await world.control.wait_webhooks_sent()

    body = world.receiver.at_bot("message_created")[-1].body

    assert (body["message_type"], body["sender"]) == ("outgoing", None)
    assert body["content_attributes"] == {"external_echo": True}
    assert found.lines[-1].who == "phone"
    assert found.status == "pending"


async def test_private_note_is_sent_to_the_bot_and_activity_is_not(world: World) -> None:
    conversation = await world.write("Oi")
    await world.control.act(conversation, "note", "cliente antiga")
    await world.control.act(conversation, "assign")
    await world.control.wait_webhooks_sent()

    messages = [each.body for each in world.receiver.at_bot("message_created")]

    assert [(each["content"], each["private"]) for each in messages] == [("Oi", False), ("cliente antiga", True)]
    assert "Assigned to Ana Beatriz Moura" in [
        each.text for each in (await world.control.transcript(conversation)).lines if each.who == "system"
    ]


async def test_assigning_a_person_opens_and_handing_back_makes_it_pending(world: World) -> None:
    conversation = await world.write("Oi")

    taken = await world.control.act(conversation, "assign")
    back = await world.control.act(conversation, "hand_back")

    assert (taken.status, taken.assignee_kind) == ("open", "User")
    assert (back.status, back.assignee_kind) == ("pending", "AgentBot")


async def test_answer_outside_the_24_hours_fails_later(world: World) -> None:
    conversation = await world.write("Oi")
    await world.control.advance(25 * 3600)

    answer = await world.bot.post(f"/conversations/{conversation}/messages", json={"content": "Desculpe a demora"})
    found = await world.control.wait_for(conversation, lambda each: each.lines[-1].status == "failed")
    await world.control.wait_webhooks_sent()

    assert answer.status_code == 200
    assert found.lines[-1].error == WINDOW_CLOSED
    assert found.can_reply is False
    body = world.receiver.at_bot("message_updated")[-1].body
    assert body["content_attributes"]["external_error"] == WINDOW_CLOSED
    assert body["conversation"]["can_reply"] is False


async def test_burst_keeps_its_order_of_ids_and_meets_one_conversation(world: World) -> None:
    customer = await world.control.create_customer("Rui", "+5531995550107")
    conversation, ids = await world.control.send(customer, *[f"mensagem {each}" for each in range(30)])

    found = await world.control.transcript(conversation)

    assert ids == sorted(ids)
    assert [each.text for each in found.lines] == [f"mensagem {each}" for each in range(30)]


async def test_voice_message_brings_a_link_that_opens_without_login(world: World) -> None:
    customer = await world.control.create_customer("Rui", "+5531995550108")
    voice = {"file_type": "audio", "content_type": "audio/ogg", "file_name": "voz.ogg", "data": "T2dnUw=="}
    await world.control.send(customer, None, attachments=[voice])
    await world.receiver.until(lambda: bool(world.receiver.at_bot("message_created")))

    body = world.receiver.at_bot("message_created")[0].body
    attachment = body["attachments"][0]
    fetched = await world.bot.get(attachment["data_url"], headers={"api_access_token": ""})

    assert body["content"] is None
    assert attachment["data_url"].endswith("voz.ogg?disposition=inline")
    assert attachment["transcribed_text"] == ""
    assert fetched.content == b"OggS"


async def test_tapped_button_comes_back_as_its_title_in_reply_to_the_question(world: World) -> None:
    conversation = await world.write("Oi")
    items = [{"title": "Ver preços", "value": "p"}, {"title": "Falar com alguém", "value": "h"}]
    question = (
        await world.bot.post(
            f"/conversations/{conversation}/messages",
            json={
                "content": "Como posso ajudar?",
                "content_type": "input_select",
                "content_attributes": {"items": items},
            },
        )
    ).json()
    customer = (await world.control.transcript(conversation)).customer_id
    await world.control.send(customer, "Ver preços", in_reply_to=question["id"])
    await world.control.wait_webhooks_sent()

    body = next(each.body for each in world.receiver.at_bot() if each.body.get("content") == "Ver preços")

    assert body["content_attributes"]["in_reply_to"] == question["id"]
    assert "value" not in str(body["content_attributes"])


async def test_blocked_contact_starts_resolved(world: World) -> None:
    created = await world.control.call(
        "POST", "/accounts/1/customers", {"name": "Spam", "phone": "+5531995550666", "blocked": True}
    )
    conversation, _ = await world.control.send(created["id"], "ganhe dinheiro")

    assert (await world.control.transcript(conversation)).status == "resolved"


async def test_api_inbox_has_its_own_signed_webhook_and_marks_failures(world: World) -> None:
    hook = f"{world.receiver.url}/inbox"
    inbox = NewInbox(id=5, channel="Channel::Api", with_bot=False, webhook_url=hook, webhook_secret="own")
    await world.control.create_account(NewAccount(id=2, inboxes=(inbox,)))
    customer = await world.control.create_customer("Rui", account_id=2)
    conversation, _ = await world.control.send(customer, "Oi", account_id=2)
    await world.receiver.until(lambda: any(each.path == "/inbox" for each in world.receiver.webhooks))
    await world.control.wait_webhooks_sent(2)
    world.receiver.statuses = [502]
    await world.control.act(conversation, "reply", "Olá", account_id=2)

    found = await world.control.wait_for(conversation, lambda each: each.lines[-1].status == "failed", account_id=2)

    assert all(each.signed_with("own") for each in world.receiver.webhooks if each.path == "/inbox")
    assert "502" in found.lines[-1].error


async def test_two_accounts_keep_apart(world: World) -> None:
    created = await world.control.create_account(NewAccount(id=9, bot_webhook_url=f"{world.receiver.url}/nine"))
    customer = await world.control.create_customer("Rui", "+5531995550107", account_id=9)
    await world.control.send(customer, "Oi", account_id=9)
    await world.receiver.until(lambda: any(each.path == "/nine" for each in world.receiver.webhooks))

    assert {each.body["account"]["id"] for each in world.receiver.webhooks} == {9}
    token = created["bots"][0]["token"]
    answer = await world.bot.post(
        "/conversations/1/messages", json={"content": "Oi"}, headers={"api_access_token": token}
    )
    assert answer.json() == {"error": "Bot is not authorized to access this account"}
