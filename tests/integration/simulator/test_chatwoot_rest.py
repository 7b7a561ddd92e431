from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import httpx
import jsonschema
import pytest
from support.simulated import World

from simulator.chatwoot.drafts import FLOOD_LIMIT
from simulator.state import NewAccount

SCHEMAS = json.loads((Path(__file__).parents[2] / "unit/simulator/data/chatwoot_rest_schemas.json").read_text())


def conforms(name: str, body: Any) -> None:
    schema = {**SCHEMAS["responses"][name], "components": SCHEMAS["components"]}
    jsonschema.validate(body, schema)


async def test_answers_are_as_the_published_schema_says(world: World) -> None:
    conversation = await world.write("Oi")
    one = f"/conversations/{conversation}"
    await world.user.post(f"{one}/assignments", json={"assignee_id": (await world.user.get("/agents")).json()[0]["id"]})
    await world.bot.post(f"{one}/messages", json={"content": "Olá"})
    contact = (await world.control.transcript(conversation)).customer_id
    answers = {
        "show_conversation": await world.bot.get(one),
        "list_conversations": await world.user.get("/conversations", params={"status": "all"}),
        "create_message": await world.bot.post(f"{one}/messages", json={"content": "Tudo bem?"}),
        "toggle_status": await world.user.post(f"{one}/toggle_status", json={"status": "resolved"}),
        "list_labels": await world.bot.get(f"{one}/labels"),
        "set_labels": await world.bot.post(f"{one}/labels", json={"labels": ["vip"]}),
        "custom_attributes": await world.bot.post(f"{one}/custom_attributes", json={"custom_attributes": {"a": 1}}),
        "assignments": await world.user.post(f"{one}/assignments", json={"assignee_id": 3}),
        "update_conversation": await world.bot.patch(one, json={"priority": "high"}),
        "list_agent_bots": await world.user.get("/agent_bots"),
        "list_inboxes": await world.user.get("/inboxes"),
        "list_agents": await world.user.get("/agents"),
        "show_contact": await world.user.get(f"/contacts/{contact}"),
    }

    for name, answer in answers.items():
        assert answer.status_code == 200, name
        conforms(name, answer.json())


async def test_list_of_messages_conforms_but_for_the_null_that_chatwoot_really_sends(world: World) -> None:
    conversation = await world.write("Oi")
    body = (await world.user.get(f"/conversations/{conversation}/messages")).json()

    # The published schema calls a contact's e-mail a string; Chatwoot sends null for a contact without one.
    assert body["meta"]["contact"]["email"] is None
    body["meta"]["contact"]["email"] = "x@example.com"
    conforms("list_messages", body)


async def test_created_message_has_the_keys_of_chatwoot_in_order(world: World) -> None:
    conversation = await world.write("Oi")
    stamp = {"odoo_ai": {"command_id": "t1:0", "turn_id": "t1"}}
    answer = await world.bot.post(
        f"/conversations/{conversation}/messages", json={"content": "Olá", "content_attributes": stamp}
    )

    assert list(answer.json()) == [
        "id",
        "content",
        "inbox_id",
        "conversation_id",
        "message_type",
        "content_type",
        "status",
        "content_attributes",
        "created_at",
        "private",
        "source_id",
        "sender",
    ]
    assert answer.json()["content_attributes"] == stamp
    assert answer.json()["sender"]["type"] == "agent_bot"
    listed = (await world.user.get(f"/conversations/{conversation}/messages")).json()["payload"]
    assert listed[-1]["content_attributes"] == stamp
    assert (await world.control.counters())["stored_per_command"] == {"t1:0": 1}


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        ({}, {"errors": ["You need to sign in or sign up before continuing."]}),
        ({"api_access_token": "wrong"}, {"error": "Invalid Access Token"}),
        (
            {"Authorization": "Bearer token-of-the-bot"},
            {"errors": ["You need to sign in or sign up before continuing."]},
        ),
    ],
)
async def test_callers_without_a_token_are_refused(world: World, headers: dict[str, str], body: dict[str, Any]) -> None:
    async with httpx.AsyncClient() as client:
        answer = await client.get(f"{world.simulator.url}/chatwoot/api/v1/accounts/1/inboxes", headers=headers)

    assert (answer.status_code, answer.json()) == (401, body)


@pytest.mark.parametrize(
    "path",
    [
        "/conversations",
        "/conversations/1/messages",
        "/inboxes",
        "/agents",
        "/webhooks",
        "/contacts/search",
        "/agent_bots",
    ],
)
async def test_bot_may_not_read_lists(world: World, path: str) -> None:
    await world.write("Oi")
    answer = await world.bot.get(path)

    assert answer.status_code == 401
    assert answer.json() == {"error": "Access to this endpoint is not authorized for bots"}


async def test_agent_may_not_administer(world: World) -> None:
    users = (await world.control.call("GET", "/accounts"))["accounts"][0]["users"]
    token = next(each["token"] for each in users if each["role"] == "agent")
    answer = await world.user.get("/webhooks", headers={"api_access_token": token})

    assert (answer.status_code, answer.json()["error"]) == (401, "You are not authorized to do this action")


async def test_unknown_things_are_not_found(world: World) -> None:
    for answer in (
        await world.bot.get("/conversations/999"),
        await world.bot.post("/conversations/999/messages", json={"content": "x"}),
        await world.user.get("/conversations/abc/messages"),
    ):
        assert (answer.status_code, answer.json()) == (404, {"error": "Resource could not be found"})


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ({"content": "x" * 150_001}, "Validation failed: Content is too long (maximum is 150000 characters)"),
        ({"content": "x", "message_type": "incoming"}, "Incoming messages are only allowed in Api inboxes"),
        (
            {"content": "x", "content_type": "input_select", "content_attributes": {"items": []}},
            "Validation failed: Content attributes At least one item is required.",
        ),
        (
            {
                "content": "x",
                "content_type": "input_select",
                "content_attributes": {"items": [{"title": "a", "value": "b", "id": 1}]},
            },
            "Validation failed: Content attributes contains invalid keys for items : [:id]",
        ),
    ],
)
async def test_messages_against_the_rules_are_refused(world: World, body: dict[str, Any], error: str) -> None:
    conversation = await world.write("Oi")
    answer = await world.bot.post(f"/conversations/{conversation}/messages", json=body)

    assert (answer.status_code, answer.json()) == (422, {"error": error})
    assert len((await world.control.transcript(conversation)).lines) == 1


async def test_flood_is_refused_within_a_minute(world: World) -> None:
    conversation = await world.write("Oi")
    path = f"/conversations/{conversation}/messages"
    for _ in range(FLOOD_LIMIT):
        assert (await world.bot.post(path, json={"content": "x", "private": True})).status_code == 200

    refused = await world.bot.post(path, json={"content": "x"})
    await world.control.advance(60)

    assert (refused.status_code, refused.json()["error"]) == (422, "Validation failed: Too many messages")
    assert (await world.bot.post(path, json={"content": "x"})).status_code == 200


async def test_liquid_runs_on_what_is_posted(world: World) -> None:
    conversation = await world.write("Oi")
    answer = await world.bot.post(
        f"/conversations/{conversation}/messages", json={"content": "Oi {{contact.name}}{{x}}"}
    )

    assert answer.json()["content"] == "Oi Mariana"


async def test_message_with_a_source_id_never_reaches_the_phone(world: World) -> None:
    conversation = await world.write("Oi")
    path = f"/conversations/{conversation}/messages"
    await world.bot.post(path, json={"content": "perdida", "source_id": "meu-id"})
    await world.bot.post(path, json={"content": "**chega**"})
    found = await world.control.wait_for(conversation, lambda each: each.lines[-1].status == "delivered")

    assert [each.on_phone_text for each in found.lines[1:]] == [None, "*chega*"]


async def test_history_is_paged_by_message_ids(world: World) -> None:
    customer = await world.control.create_customer("Rui", "+5531995550107")
    conversation, ids = await world.control.send(customer, *[f"m{each}" for each in range(150)])
    path = f"/conversations/{conversation}/messages"

    async def listed(**query: int) -> list[int]:
        return [each["id"] for each in (await world.user.get(path, params=query)).json()["payload"]]

    assert await listed() == ids[-20:]
    assert await listed(before=ids[50]) == ids[30:50]
    assert await listed(after=ids[9]) == ids[10:110]
    assert await listed(after=ids[10], before=ids[140]) == ids[10:140]


async def test_internal_messages_can_be_left_out(world: World) -> None:
    conversation = await world.write("Oi")
    await world.control.act(conversation, "note", "interna")
    await world.control.act(conversation, "resolve")
    path = f"/conversations/{conversation}/messages"

    everything = (await world.user.get(path)).json()["payload"]
    public = (await world.user.get(path, params={"filter_internal_messages": "true"})).json()["payload"]

    assert [each["message_type"] for each in everything] == [0, 1, 2]
    assert [each["message_type"] for each in public] == [0]


async def test_bot_that_opens_its_conversation_hands_off(world: World) -> None:
    conversation = await world.write("Quero uma pessoa")
    answer = await world.bot.post(f"/conversations/{conversation}/toggle_status", json={"status": "open"})
    found = await world.control.transcript(conversation)

    assert answer.json()["payload"] == {
        "success": None,
        "conversation_id": conversation,
        "current_status": "open",
        "snoozed_until": None,
    }
    assert (found.status, found.assignee_kind) == ("open", None)


async def test_unknown_status_breaks_chatwoot(world: World) -> None:
    conversation = await world.write("Oi")
    answer = await world.bot.post(f"/conversations/{conversation}/toggle_status", json={"status": "closed"})

    assert answer.status_code == 500


async def test_labels_are_replaced_and_attributes_merged_only_when_asked(world: World) -> None:
    conversation = await world.write("Oi")
    one = f"/conversations/{conversation}"
    await world.bot.post(f"{one}/labels", json={"labels": ["a", "b"]})
    await world.bot.post(f"{one}/labels", json={"labels": ["c"]})
    await world.bot.post(f"{one}/custom_attributes", json={"custom_attributes": {"a": 1}})
    merged = await world.bot.post(f"{one}/custom_attributes", json={"custom_attributes": {"b": 2}, "merge": True})
    replaced = await world.bot.post(f"{one}/custom_attributes", json={"custom_attributes": {"c": 3}})

    assert (await world.bot.get(f"{one}/labels")).json() == {"payload": ["c"]}
    assert merged.json() == {"custom_attributes": {"a": 1, "b": 2}}
    assert replaced.json() == {"custom_attributes": {"c": 3}}


async def test_unknown_assignee_silently_unassigns(world: World) -> None:
    conversation = await world.write("Oi")
    await world.control.act(conversation, "assign")
    answer = await world.bot.post(f"/conversations/{conversation}/assignments", json={"assignee_id": 12345})

    assert (answer.status_code, answer.json()) == (200, None)
    assert (await world.control.transcript(conversation)).assignee is None


async def test_conversations_can_be_swept_by_time_of_update(world: World) -> None:
    first = await world.write("Oi", phone="+5531995550111")
    await world.control.advance(600)
    second = await world.write("Olá", phone="+5531995550112")

    async def swept(seconds: int) -> set[int]:
        query: dict[str, str | int] = {"status": "all", "updated_within": seconds}
        body = (await world.user.get("/conversations", params=query)).json()
        return {each["id"] for each in body["data"]["payload"]}

    assert await swept(60) == {second}
    assert await swept(3600) == {first, second}


async def test_webhook_is_made_with_a_secret_and_can_be_moved(world: World) -> None:
    made = await world.user.post(
        "/webhooks", json={"url": "https://a.example/hook", "subscriptions": ["message_created"]}
    )
    hook = made.json()["payload"]["webhook"]
    moved = await world.user.patch(f"/webhooks/{hook['id']}", json={"url": "https://b.example/hook"})
    listed = (await world.user.get("/webhooks")).json()["payload"]["webhooks"]
    again = await world.user.post("/webhooks", json={"url": "https://b.example/hook"})

    assert len(hook["secret"]) == 24
    assert moved.json()["payload"]["webhook"] == {**hook, "url": "https://b.example/hook"}
    assert hook["id"] in [each["id"] for each in listed]
    assert (again.status_code, again.json()["message"]) == (422, "Url has already been taken")


async def test_bot_secret_is_shown_to_administrators_and_can_be_rotated(world: World) -> None:
    bot = (await world.user.get("/agent_bots")).json()[0]
    rotated = (await world.user.post(f"/agent_bots/{bot['id']}/reset_secret")).json()
    await world.write("Oi")
    await world.receiver.until(lambda: bool(world.receiver.at_bot()))

    assert rotated["secret"] != bot["secret"]
    assert world.receiver.at_bot()[0].signed_with(rotated["secret"])


async def test_inbox_without_bot_starts_open_and_tells_the_bot_nothing(world: World) -> None:
    assert (await world.user.post("/inboxes/1/set_agent_bot", json={"agent_bot": None})).status_code == 200
    conversation = await world.write("Oi")
    await world.control.wait_webhooks_sent()

    assert (await world.control.transcript(conversation)).status == "open"
    assert world.receiver.at_bot() == []


async def test_version_needs_no_login(world: World) -> None:
    async with httpx.AsyncClient() as client:
        answer = await client.get(f"{world.simulator.url}/chatwoot/api")

    assert answer.json()["version"] == "4.18.0"


async def test_multipart_message_keeps_its_stamp_and_its_file(world: World) -> None:
    conversation = await world.write("Oi")
    answer = await world.bot.post(
        f"/conversations/{conversation}/messages",
        data={"content": "segue", "private": "false", "content_attributes": '{"odoo_ai": {"command_id": "c:1"}}'},
        files={"attachments[]": ("nota.pdf", b"%PDF", "application/pdf")},
    )

    assert answer.json()["content_attributes"] == {"odoo_ai": {"command_id": "c:1"}}
    assert answer.json()["attachments"][0]["file_type"] == "file"


async def test_tokens_of_one_company_do_not_open_another(world: World) -> None:
    await world.control.create_account(NewAccount(id=2))
    answer = await world.user.get(f"{world.simulator.url}/chatwoot/api/v1/accounts/2/inboxes")

    assert (answer.status_code, answer.json()["error"]) == (401, "You are not authorized to access this account")
