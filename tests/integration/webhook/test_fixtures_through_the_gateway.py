"""Chatwoot's bodies and signatures through the running gateway into the running service and a real broker."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest
from support.chatwoot_bodies import EXPECTED, FIXTURES, fixture, fixture_names
from support.gateway import Upstream, running_gateway
from support.special_messages import SPECIAL, csat, special
from support.webhook_bench import SECRET, WebhookBench

from cli.gateway_process import Upstreams
from common.events import CustomerMessageReceived, SurveyAnswered

pytestmark = pytest.mark.broker

TENANT = "/webhook/chatwoot/acme"
VECTORS: list[dict[str, Any]] = json.loads((FIXTURES / "signature_vectors.json").read_text())


@pytest.fixture
async def gateway(bench: WebhookBench, tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    await bench.apply(bench.acme(webhook_secret=[SECRET, *(each["secret"] for each in VECTORS)]))
    service, odoo_api = await bench.start(), Upstream()
    await odoo_api.start()
    upstreams = Upstreams([f"127.0.0.1:{service.port}"], [odoo_api.address])
    async with (
        running_gateway(upstreams, tmp_path / "gateway") as running,
        httpx.AsyncClient(base_url=running.url, timeout=15, trust_env=False) as client,
    ):
        yield client
    await odoo_api.stop()


async def post(gateway: httpx.AsyncClient, bench: WebhookBench, body: dict[str, Any]) -> dict[str, Any]:
    raw = json.dumps(body).encode()
    answer = await gateway.post(TENANT, content=raw, headers=bench.signed(raw, SECRET))
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_every_body_of_chatwoot_passes_with_its_outcome(gateway: httpx.AsyncClient, bench: WebhookBench) -> None:
    answers = {name: await post(gateway, bench, fixture(name)) for name in fixture_names()}

    ignored = {name: answer["reason"] for name, answer in answers.items() if answer["status"] == "ignored"}
    stored = {event.event_id: type(event) for event in await bench.events()}
    assert ignored == {name: reason for name, (reason, _) in EXPECTED.items() if isinstance(reason, str)}
    assert stored == {event_id: kind for kind, event_id in EXPECTED.values() if not isinstance(kind, str)}
    # The same fact as `conversation_status_changed`, told to a bot in other words.
    assert [name for name, answer in answers.items() if answer["status"] == "duplicate"] == [
        "33_conversation_opened_agent_bot_only"
    ]


async def test_every_special_message_passes_and_every_answered_survey(
    gateway: httpx.AsyncClient, bench: WebhookBench
) -> None:
    for name in SPECIAL:
        assert await post(gateway, bench, special(name)) == {"status": "stored"}
    assert await post(gateway, bench, csat(5)) == {"status": "stored"}

    kinds = [type(each) for each in await bench.events()]
    assert kinds == [CustomerMessageReceived] * len(SPECIAL) + [SurveyAnswered]


async def test_every_signature_vector_passes_in_its_time_and_no_other(
    gateway: httpx.AsyncClient, bench: WebhookBench
) -> None:
    for vector in VECTORS:
        headers = {"Content-Type": "application/json", **vector["headers"]}
        body = (FIXTURES / vector["raw_body_file"]).read_bytes()
        sent_at = int(vector["headers"]["X-Chatwoot-Timestamp"])
        statuses = []
        for sent, late in ((body, 2), (body, 301), (body, -301), (body.replace(b'"event"', b'"Event"'), 2)):
            bench.clock = partial(datetime.fromtimestamp, sent_at + late, UTC)
            statuses.append((await gateway.post(TENANT, content=sent, headers=headers)).status_code)

        assert statuses == [200, 401, 401, 401], vector["fixture"]
    assert len(await bench.events()) == len(VECTORS)
