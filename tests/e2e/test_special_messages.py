"""Everything a customer can send, through the whole running system: each ends once, and what is answered is useful."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from support.shop import TENANT, Shop, open_shop
from support.special_messages import AUDIO, SPECIAL, csat, special

from common.turns import TurnRecorded
from simulator.chatwoot.model import ContactInbox, Conversation

pytestmark = [pytest.mark.e2e, pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(120)]

WAIT_SECONDS = 5.0
IGNORED = {
    "sticker": "no_words",
    "emoji": "no_words",
    "nothing": "no_words",
    "deleted_before_it_came": "message_deleted",
    "automatic_email": "automatic_reply",
}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shop(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Shop]:
    directory: Path = tmp_path_factory.mktemp("special")
    async with open_shop(directory, copies=1) as opened:
        assistant = opened.tenant.assistant.model_copy(update={"transcript_wait_seconds": WAIT_SECONDS})
        await opened.system.apply(opened.tenant.model_copy(update={"assistant": assistant}))
        yield opened


async def greeted(shop: Shop, *names: str) -> dict[str, ContactInbox]:
    """Customers who have said hello and were answered, all at once."""
    customers = {name: shop.customer(name) for name in names}
    hellos = {name: shop.says(customer, "oi") for name, customer in customers.items()}
    await asyncio.gather(*(shop.reply(customers[name], hello, seconds=60) for name, hello in hellos.items()))
    return customers


def in_conversation(body: dict[str, Any], conversation: Conversation) -> dict[str, Any]:
    """The body as if it were of this conversation, now."""
    inbox = conversation.inbox
    nested = {**body["conversation"], "id": conversation.id, "inbox_id": inbox.id, "updated_at": time.time()}
    return {
        **body,
        "conversation": nested,
        "inbox": {"id": inbox.id, "name": inbox.name},
        "created_at": datetime.now(UTC).isoformat(),
    }


async def post(shop: Shop, body: dict[str, Any]) -> None:
    """Send a body as Chatwoot does."""
    secrets = shop.tenant.chatwoot.webhook_secret
    assert secrets is not None
    raw, stamp = json.dumps(body).encode(), str(int(time.time()))
    signature = hmac.new(secrets.any[0].get_secret_value().encode(), f"{stamp}.".encode() + raw, hashlib.sha256)
    headers = {
        "Content-Type": "application/json",
        "X-Chatwoot-Timestamp": stamp,
        "X-Chatwoot-Signature": f"sha256={signature.hexdigest()}",
    }
    answer = await shop.system.http.post(f"/webhook/chatwoot/{TENANT}", content=raw, headers=headers)
    assert answer.status_code == 200, answer.text


async def sent(shop: Shop, customer: ContactInbox, name: str, **changes: Any) -> int:
    """A customer sends something special; returns the message's id."""
    message_id = shop.simulator.state.chatwoot.world.next_message_id()
    conversation = customer.conversations[-1]
    await post(shop, in_conversation(special(name, message_id=message_id, **changes), conversation))
    return message_id


async def ended(shop: Shop, ids: set[int], *, seconds: float = 60.0) -> dict[int, list[TurnRecorded]]:
    """The records of these messages, once there is one for each."""
    deadline = time.monotonic() + seconds
    while True:
        records = await shop.records()
        if ids <= records.keys():
            return {each: records[each] for each in ids}
        assert time.monotonic() < deadline, f"no outcome for {sorted(ids - records.keys())}"
        await asyncio.sleep(0.5)


def replies(shop: Shop, customer: ContactInbox) -> list[str]:
    return [line.text for line in shop.transcript(customer).public_replies(0)]


async def test_each_special_message_ends_once_with_a_useful_text_or_a_reason(shop: Shop) -> None:
    customers = await greeted(shop, *SPECIAL)
    ids = {name: await sent(shop, customer, name) for name, customer in customers.items()}

    records = await ended(shop, set(ids.values()))
    await shop.settle()

    ends = {name: records[message_id] for name, message_id in ids.items()}
    assert {name: len(found) for name, found in ends.items()} == dict.fromkeys(SPECIAL, 1)
    assert {name: found[0].reason for name, found in ends.items() if found[0].outcome == "ignored"} == IGNORED
    told = {name: replies(shop, customer)[1:] for name, customer in customers.items()}
    assert {name for name, texts in told.items() if not texts} == set(IGNORED)
    assert all(len(texts) == 1 for name, texts in told.items() if name not in IGNORED), told
    assert "Chaleira Elétrica Garça" in told["advertisement"][0]
    assert "áudio" in told["audio"][0]


async def test_a_recording_is_answered_by_its_transcript_when_that_comes_in_time(shop: Shop) -> None:
    customer = (await greeted(shop, "Ana"))["Ana"]
    message_id = await sent(shop, customer, "audio")
    spoken = [{**AUDIO[0], "transcribed_text": "qual o horário de vocês?"}]

    update = special("audio", message_id=message_id, event="message_updated", attachments=spoken)
    await post(shop, in_conversation(update, customer.conversations[-1]))
    records = await ended(shop, {message_id})
    await shop.settle()

    assert [each.reason for each in records[message_id]] == ["hours"]
    assert len(replies(shop, customer)) == 2


async def test_an_answered_survey_is_on_record_and_not_answered(shop: Shop) -> None:
    customer = (await greeted(shop, "Bia"))["Bia"]
    survey_id = shop.simulator.state.chatwoot.world.next_message_id()

    await post(shop, in_conversation(csat(2, "Demorou", id=survey_id), customer.conversations[-1]))
    records = await ended(shop, {survey_id})
    await shop.settle()

    assert [(each.outcome, each.reason) for each in records[survey_id]] == [("ignored", "survey_answered")]
    assert len(replies(shop, customer)) == 1
