"""An event nobody can read waits in the dead letters, and the command line brings it back."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from pathlib import Path
from typing import Any

import orjson
import pytest
from support.nats_server import connected
from support.shop import TENANT, Shop, open_shop, until

from common.nats.publisher import Publisher
from common.nats.topology import CHATWOOT_EVENTS
from common.subjects import chatwoot_event

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(120)]


async def odoo_ai(shop: Shop, *arguments: str) -> Any:
    """Run the command against the running broker, as an operator does."""
    seed = shop.system.directory / "admin.seed"
    seed.write_text(shop.system.nats.seed("admin").get_secret_value())
    environment = {**os.environ, "NATS_URL": shop.system.nats.url, "NATS_NKEY_SEED_FILE": str(seed)}
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "cli",
        *arguments,
        "--json",
        env=environment,
        cwd=shop.system.directory,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    output, errors = await process.communicate()
    assert process.returncode == 0, errors.decode()
    return json.loads(output)


async def publish_from_the_future(shop: Shop, conversation: int, text: str) -> bytes:
    """An event as a newer webhook service would write it; returns the body in today's version."""
    event = {
        "type": "CustomerMessageReceived",
        "schema_version": 1,
        "event_id": f"cw:{TENANT}:message_created:999001",
        "tenant": TENANT,
        "account_id": shop.account.id,
        "inbox_id": 1,
        "conversation_id": conversation,
        "occurred_at": "2026-11-24T12:00:00Z",
        "received_at": "2026-11-24T12:00:00Z",
        "delivery": "agent_bot",
        "snapshot": {
            "status": "pending",
            "assignee": {"kind": "our_bot"},
            "updated_at": 4_000_000_000.0,
            "channel": "Channel::Whatsapp",
        },
        "message_id": 99_000_001,
        "text": text,
        "contact": {"id": 1, "name": "Marina"},
    }
    async with connected(shop.system.nats) as admin:
        await Publisher(admin.nc).publish(
            chatwoot_event(TENANT, conversation),
            orjson.dumps(event | {"schema_version": 99}),
            stream=CHATWOOT_EVENTS,
            msg_id="from-the-future",
        )
    return orjson.dumps(event)


async def test_an_unreadable_event_is_kept_and_brought_back_by_replay(tmp_path: Path) -> None:
    async with open_shop(tmp_path, copies=1) as shop:
        customer = shop.customer()
        said = shop.says(customer, "Oi!")
        await shop.reply(customer, said)
        conversation = customer.conversations[-1].id
        mended = tmp_path / "mended.json"

        mended.write_bytes(await publish_from_the_future(shop, conversation, "Vocês aceitam pix?"))
        await wait_for_dead_letters(shop, 1)
        (letter,) = await odoo_ai(shop, "dead-letters", "list")
        neighbour = shop.says(shop.customer(), "Oi")

        assert "newer" in letter["reason"]
        assert letter["stream"] == CHATWOOT_EVENTS
        await odoo_ai(shop, "dead-letters", "replay", str(letter["sequence"]), "--body", str(mended))
        await until(lambda: len(shop.transcript(customer).public_replies(said.id)) == 2)
        assert await odoo_ai(shop, "dead-letters", "list") == []
        assert neighbour.id in await shop.records()


async def test_a_replay_of_what_is_still_unreadable_comes_back_and_is_not_lost(tmp_path: Path) -> None:
    async with open_shop(tmp_path, copies=1) as shop:
        await publish_from_the_future(shop, 4242, "Oi")
        await wait_for_dead_letters(shop, 1)
        (letter,) = await odoo_ai(shop, "dead-letters", "list")

        await odoo_ai(shop, "dead-letters", "replay", str(letter["sequence"]))
        await asyncio.sleep(1)
        await wait_for_dead_letters(shop, 1)

        (again,) = await odoo_ai(shop, "dead-letters", "list")
        assert again["sequence"] > letter["sequence"]


async def wait_for_dead_letters(shop: Shop, number: int) -> None:
    for _ in range(40):
        if len(await odoo_ai(shop, "dead-letters", "list")) == number:
            return
        await asyncio.sleep(0.25)
    raise AssertionError(f"not {number} dead letters")
