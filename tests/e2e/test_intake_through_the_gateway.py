"""What the gateway and the intake answer to bad input, and that nothing of it gets further."""

from __future__ import annotations

import gzip
import hashlib
import hmac
import json
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from support.nats_server import connected
from support.shop import TENANT, Shop, open_shop

from common.nats.api import call
from common.nats.topology import CHATWOOT_EVENTS

pytestmark = [pytest.mark.e2e, pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(120)]
PATH = f"/webhook/chatwoot/{TENANT}"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shop(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Shop]:
    directory: Path = tmp_path_factory.mktemp("intake")
    async with open_shop(directory, copies=1) as opened:
        yield opened


def message(message_id: int, **changes: Any) -> bytes:
    """A body in the shape of Chatwoot's, for a conversation of its own."""
    conversation = {
        "id": message_id,
        "inbox_id": 1,
        "channel": "Channel::Whatsapp",
        "can_reply": True,
        "status": "pending",
        "updated_at": time.time(),
        "labels": [],
        "meta": {"sender": {"id": 9, "name": "Marina"}, "assignee": None, "assignee_type": None},
    }
    body = {
        "account": {"id": 1, "name": "Casa"},
        "content": "Oi",
        "content_type": "text",
        "content_attributes": {},
        "conversation": conversation,
        "created_at": "2026-11-23T14:03:11.482Z",
        "id": message_id,
        "inbox": {"id": 1, "name": "WhatsApp"},
        "message_type": "incoming",
        "private": False,
        "sender": {"id": 9, "name": "Marina", "phone_number": "+5531999990000"},
        "source_id": f"wamid.{message_id}",
        "event": "message_created",
    }
    return json.dumps(body | changes).encode()


def headers(shop: Shop, body: bytes, *, at: float | None = None, secret: str | None = None) -> dict[str, str]:
    own = shop.tenant.chatwoot.webhook_secret
    assert own is not None
    stamp = str(int(time.time() if at is None else at))
    key = (secret or own.any[0].get_secret_value()).encode()
    signature = hmac.new(key, stamp.encode() + b"." + body, hashlib.sha256).hexdigest()
    return {
        "Content-Type": "application/json",
        "X-Chatwoot-Timestamp": stamp,
        "X-Chatwoot-Signature": f"sha256={signature}",
        "X-Chatwoot-Delivery": "0b6f1a52-2f3c-4d0e-9c55-6f1f5f0c1a01",
    }


async def stored_events(shop: Shop) -> int:
    async with connected(shop.system.nats) as admin:
        info = await call(admin.nc, f"STREAM.INFO.{CHATWOOT_EVENTS}")
    return int(info["state"]["last_seq"])


GOOD = message(900_001)


@pytest.mark.parametrize(
    ("case", "body", "change", "status"),
    [
        ("wrong secret", GOOD, {"secret": "somebody else's"}, 401),
        ("timestamp from yesterday", GOOD, {"at": 86_400.0}, 401),
        ("cut JSON", GOOD[:200], {}, 400),
        ("bad UTF-8", b'{"event": "message_created", "content": "\xff\xfe"}', {}, 400),
        ("not an object", b"[1, 2]", {}, 400),
        ("no message id", message(900_002, id=None), {}, 400),
        ("300 KB", message(900_003, content="x" * 300_000), {}, 413),
    ],
)
async def test_a_bad_body_gets_its_status_and_goes_no_further(
    shop: Shop, case: str, body: bytes, change: dict[str, Any], status: int
) -> None:
    before = await stored_events(shop)
    if "at" in change:
        change = {"at": time.time() - change["at"]}

    answer = await shop.system.http.post(PATH, content=body, headers=headers(shop, body, **change))

    assert answer.status_code == status, f"{case}: {answer.status_code} {answer.text}"
    assert await stored_events(shop) == before


async def test_an_unsigned_body_is_refused(shop: Shop) -> None:
    answer = await shop.system.http.post(PATH, content=GOOD, headers={"Content-Type": "application/json"})

    assert answer.status_code == 401


async def test_a_compressed_body_is_refused_before_it_is_unpacked(shop: Shop) -> None:
    body = gzip.compress(GOOD)

    answer = await shop.system.http.post(
        PATH, content=body, headers={**headers(shop, body), "Content-Encoding": "gzip"}
    )

    assert answer.status_code == 415


async def test_an_unknown_tenant_is_not_found(shop: Shop) -> None:
    answer = await shop.system.http.post("/webhook/chatwoot/nobody", content=GOOD, headers=headers(shop, GOOD))

    assert answer.status_code == 404


@pytest.mark.parametrize("path", ["/webhook", "/webhook/", "/webhook/webhook"])
async def test_the_unified_servers_paths_find_the_tenant_by_account(shop: Shop, path: str) -> None:
    body = message(910_000 + len(path))
    before = await stored_events(shop)

    answer = await shop.system.http.post(path, content=body, headers=headers(shop, body))

    assert answer.status_code == 200, answer.text
    assert await stored_events(shop) == before + 1


async def test_an_account_nobody_has_is_not_found_on_the_old_paths(shop: Shop) -> None:
    body = message(920_001, account={"id": 77, "name": "Other"})

    answer = await shop.system.http.post("/webhook", content=body, headers=headers(shop, body))

    assert answer.status_code == 404


async def test_the_health_of_the_whole_names_every_service(shop: Shop) -> None:
    answer = await shop.system.http.get("/health")

    assert answer.status_code == 200, answer.text
    assert {"webhook", "odoo_api", "hub"} <= set(json.dumps(answer.json()).replace('"', " ").split())


async def test_nothing_else_is_public(shop: Shop) -> None:
    for path in ("/", "/metrics", "/live", "/simulator", "/console", "/webhook/../metrics"):
        assert (await shop.system.http.get(path)).status_code == 404, path


async def test_no_log_holds_what_a_customer_wrote_or_a_secret(shop: Shop) -> None:
    body = message(930_001, content="minha senha secreta do teste zwolfuhr")
    answer = await shop.system.http.post(f"{PATH}?token=very-secret-token", content=body, headers=headers(shop, body))
    assert answer.status_code == 200
    await shop.settle()

    for file in shop.system.log_dir.iterdir():
        text = file.read_text()
        for secret in ("zwolfuhr", "very-secret-token", "+5531999990000", "simulated-bot-token", shop.api_key):
            assert secret not in text, f"{secret} in {file.name}"
