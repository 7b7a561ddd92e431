"""What the credentials module pushes to the webhook's path: two real services, one broker."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from support.legacy_bodies import ACCOUNT, TOKEN, credentials, mapping
from support.odoo_api_bench import OdooApiBench

from common.legacy_modules import module_signature
from odoo_api import api_keys
from webhook.app import build
from webhook.settings import WebhookSettings

pytestmark = pytest.mark.broker

SECRET = "the-modules-webhook-secret"


@pytest.fixture
async def webhook(bench: OdooApiBench) -> AsyncIterator[str]:
    legacy = {"account_id": ACCOUNT, "webhook_secret": SECRET}
    await bench.apply("acme", 1, odoo=bench.odoo_section(), legacy=legacy)
    await api_keys.import_key(bench.keys, "acme", TOKEN, now=datetime.now(UTC))
    await bench.start()
    settings = WebhookSettings(
        nats_url=bench.broker.url,
        nats_nkey_seed=bench.broker.seed("webhook"),
        webhook_port=0,
        drain_seconds=0.0,
        log_dir=None,
    )
    service = await build(settings)
    yield f"http://127.0.0.1:{service.port}/webhook"
    await service.stop()


async def push(bench: OdooApiBench, url: str, body: Any, *, signature: str | None = None) -> tuple[int, Any]:
    headers = {"X-Webhook-Signature": signature} if signature is not None else {}
    async with bench.http.post(url, json=body, headers=headers) as response:
        return response.status, await response.json()


async def test_credentials_are_confirmed_and_stored_nowhere(bench: OdooApiBench, webhook: str, tmp_path: Path) -> None:
    body = credentials()

    status, answer = await push(bench, webhook, body, signature=module_signature(SECRET, body))
    unsigned, _ = await push(bench, webhook, body)

    on_disk = b"".join(file.read_bytes() for file in tmp_path.rglob("*") if file.is_file())
    assert (status, unsigned) == (200, 200)
    assert (answer["success"], answer["account_id"]) == (True, ACCOUNT)
    assert answer["config_path"] == answer["credentials_path"] == "tenants/acme.yaml"
    for secret in (b"the-odoo-password", b"the-facebook-secret", TOKEN.encode()):
        assert secret not in json.dumps(answer).encode()
        assert secret not in on_disk
    assert b"api-keys" in on_disk, "this is where the broker stores"
    assert bench.odoo.calls == []


async def test_a_mapping_is_confirmed_when_it_is_in_force_and_refused_when_it_is_not(
    bench: OdooApiBench, webhook: str
) -> None:
    right = await push(bench, webhook + "/", mapping(account=1))
    inbox = await push(bench, webhook, mapping(account=1, inbox=3))
    other = await push(bench, webhook, mapping(account=7))

    assert (right[0], inbox[0], other[0]) == (200, 200, 409)
    assert (right[1]["success"], right[1]["mapping_path"]) == (True, "tenants/acme.yaml")
    assert "chatwoot.account_id" in other[1]["error"]


async def test_pushes_that_are_not_proved_are_refused(bench: OdooApiBench, webhook: str) -> None:
    differing = credentials(token=TOKEN[:-1] + "e")
    foreign = {**credentials(), "account_id": "account_2"}
    unknown = mapping(token="account_1-ffffffff")
    cases = {
        "no token": (mapping(token=False), None, 401),
        "two tokens": (differing, None, 401),
        "unknown token": (unknown, None, 401),
        "another account": (foreign, None, 403),
        "wrong signature": (credentials(), "0" * 64, 401),
    }

    found = {name: (await push(bench, webhook, body, signature=sign))[0] for name, (body, sign, _) in cases.items()}

    assert found == {name: status for name, (_, _, status) in cases.items()}


async def test_without_odoo_api_the_module_is_told_to_try_again(bench: OdooApiBench, webhook: str) -> None:
    await bench.stop(0)

    status, answer = await push(bench, webhook, credentials())

    assert (status, list(answer)) == (500, ["error"])
