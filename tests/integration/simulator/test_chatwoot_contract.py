"""What our clients ask of Chatwoot, and what the simulator answers them, is what Chatwoot's own description says."""

from __future__ import annotations

from support.chatwoot_contract import Contract
from support.simulated import BOT_TOKEN, USER_TOKEN, World

from cli.chatwoot_admin import ChatwootAdmin
from common.commands import Choice, SendMessage, SendPrivateNote, SendTemplate
from common.tenants import ChatwootConnection
from simulator.clock import Clock
from webhook.chatwoot_client import ChatwootClient
from webhook.clock import utc_now
from webhook.reconciliation.history import ChatwootHistory
from webhook.reconciliation.pace import Pace
from webhook.speech import Speech, draft_of, parts_to_say
from webhook.stamp import Stamp

KNOWN_TO_BE_WRONG = {
    # A contact without an e-mail has null there, and the description says string.
    "GET /api/v1/accounts/{account_id}/conversations/{conversation_id}/messages answer: meta.contact.email",
    # A bot's hand-off never sets it (`@status` is unset on that path), and the description says boolean.
    "POST /api/v1/accounts/{account_id}/conversations/{conversation_id}/toggle_status answer: payload.success",
    # The rows stand in `payload.webhooks`, and the description says that they are the whole answer.
    "GET /api/v1/accounts/{account_id}/webhooks answer: ",
}


def connection(world: World) -> ChatwootConnection:
    return ChatwootConnection.model_validate(
        {
            "base_url": f"{world.simulator.url}/chatwoot",
            "account_id": 1,
            "bot_token": BOT_TOKEN,
            "user_token": USER_TOKEN,
            "webhook_secret": "secret",
        }
    )


def sayings(conversation: int) -> list[Speech]:
    common = {
        "tenant": "acme", "account_id": 1, "conversation_id": conversation, "turn_id": "t", "issued_at": utc_now(),
    }  # fmt: skip
    menu = tuple(Choice(title=each, value=each) for each in ("Azul", "Verde"))
    return [
        SendMessage(**common, command_id="t:1", text="Olá **{{contact.name}}**"),
        SendMessage(**common, command_id="t:2", text="Qual?", choices=menu),
        SendMessage(**common, command_id="t:3", text="uma frase. " * 600),
        SendPrivateNote(**common, command_id="t:4", text="resumo"),
        SendTemplate(**common, command_id="t:5", text="Oi", name="retomar", language="pt_BR", params={"1": "Ana"}),
        SendTemplate(**common, command_id="t:6", text="Oi", name="retomar", language="pt_BR"),
    ]


async def test_the_sender_and_the_sweep_keep_to_chatwoots_description(world: World) -> None:
    conversation, contract = await world.write("Oi"), Contract()
    client = ChatwootClient(connection(world))
    history = ChatwootHistory(connection(world), Pace(1000))
    contract.watch(client._http)
    contract.watch(history._http)

    for command in sayings(conversation):
        for number, part in enumerate(parts_to_say(command, "Channel::Whatsapp"), start=1):
            await client.create_message(conversation, draft_of(command, part, number))
    await client.set_typing(conversation, on=True)
    await client.add_labels(conversation, ("vip",))
    await client.find_stamped(conversation, Stamp(command_id="t:3", turn_id="t", part=2), after=0)
    await client.set_status(conversation, "open")
    await client.conversation(conversation)
    await history.changed_within(60)
    await history.active_since(Clock().now() - 60)
    await history.newest_messages(conversation)
    await client.close()
    await history.close()

    assert list(contract.unexpected(KNOWN_TO_BE_WRONG)) == []
    assert len(contract.seen) == 8, sorted(contract.seen)


async def test_the_commands_that_set_chatwoot_up_keep_to_its_description(world: World) -> None:
    contract = Contract()
    async with ChatwootAdmin(connection(world)) as admin:
        contract.watch(admin._http)
        bot = await admin.create_bot("Lia", "Assistente", "https://assistente.example.com/webhook/chatwoot/acme")
        assert bot is not None
        await admin.set_bot_url(bot.id, "https://assistente.example.com/webhook/chatwoot/outra")
        (inbox,) = await admin.inboxes()
        await admin.set_inbox_bot(inbox.id, bot.id)
        webhook = await admin.create_webhook("Lia", "https://assistente.example.com/w", ("message_created",))
        await admin.update_webhook(webhook, "https://assistente.example.com/w2")
        await admin.delete_webhook(webhook.id)

    assert list(contract.unexpected(KNOWN_TO_BE_WRONG)) == []
    assert len(contract.seen) >= 8, sorted(contract.seen)


def test_the_check_sees_what_is_not_as_described() -> None:
    contract = Contract()
    path = "/api/v1/accounts/{account_id}/conversations/{conversation_id}/messages"
    schema = contract.description["paths"][path]["post"]["requestBody"]["content"]["application/json"]["schema"]

    contract._hold("request", schema, {"content": "Oi", "message_type": "sideways"})
    contract._hold("request", schema, {"private": False})

    assert len(contract.violations) == 2
