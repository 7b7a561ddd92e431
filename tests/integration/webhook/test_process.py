"""`python -m webhook` as its own process, with no more rights on the broker than it needs."""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from support.chatwoot_bodies import INCOMING, fixture, signed
from support.chatwoot_server import ChatwootServer
from support.nats_server import NatsServer
from support.webhook_bench import SECRET, WebhookBench, say, until

from common.commands import SendMessage
from common.health import serve_app
from common.nats.access import ADMIN, WEBHOOK
from common.nats.bucket import Bucket
from common.nats.topology import BUCKET_PARKED
from webhook.clock import utc_now

pytestmark = [pytest.mark.broker, pytest.mark.timeout(150)]


@pytest.fixture
async def bench(tmp_path: Path, chatwoot: ChatwootServer) -> AsyncIterator[WebhookBench]:
    """The bench's own connection is the administrator's; the process has the user of the service."""
    async with NatsServer.with_users(tmp_path / "nats", provisioned=True) as broker:
        async with WebhookBench(broker, chatwoot, tmp_path, nats_nkey_seed=broker.seed(ADMIN)) as bench:
            yield bench


class WebhookProcess:
    """One copy of the service."""

    def __init__(self, bench: WebhookBench, tmp_path: Path, name: str = "webhook", **environ: str) -> None:
        self._log = tmp_path / f"{name}.out"
        self._environ = {
            "PATH": os.environ["PATH"],
            "NATS_URL": bench.broker.url,
            "NATS_NKEY_SEED": bench.broker.seed(WEBHOOK).get_secret_value(),
            "ODOO_AI_CONFIG": str(tmp_path / "config"),
            "LOG_DIR": str(tmp_path / "logs"),
            "WEBHOOK_PORT": "0",
            "WEBHOOK_SETTLE_SECONDS": "1",
            "DRAIN_SECONDS": "0.5",
            **environ,
        }

    async def __aenter__(self) -> WebhookProcess:
        with self._log.open("wb") as out:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "webhook"], env=self._environ, stdout=out, stderr=out
            )
        await until(self._serves, 20)
        return self

    async def __aexit__(self, *_: object) -> None:
        self.process.kill()
        self.process.wait()

    async def _serves(self) -> bool:
        assert self.process.poll() is None, self._log.read_text()
        return "webhook_serving" in self._log.read_text()

    @property
    def url(self) -> str:
        found = re.search(r'"port": ?(\d+)', self.output)
        assert found
        return f"http://127.0.0.1:{found.group(1)}"

    @property
    def output(self) -> str:
        return self._log.read_text()

    async def post(self, http: aiohttp.ClientSession, body: bytes) -> int:
        headers = signed(SECRET, body, int(utc_now().timestamp()))
        async with http.post(f"{self.url}/webhook/chatwoot/acme", data=body, headers=headers) as response:
            return response.status


async def test_the_rights_of_the_service_are_enough_for_its_work(bench: WebhookBench, tmp_path: Path) -> None:
    bench.chatwoot.faults.append("500")
    async with WebhookProcess(bench, tmp_path) as webhook, aiohttp.ClientSession() as http:
        status = await webhook.post(http, json.dumps(fixture(INCOMING)).encode())
        await bench.command(say(1), say(2, account_id=9))
        await bench.idle()

        assert status == 200
        assert [each.type_name() for each in await bench.events()] == ["CustomerMessageReceived", "CommandGivenUp"]
        assert bench.chatwoot.texts() == ["reply 1"]
        assert len(await bench.dead()) == 1
        assert len(bench.chatwoot.posts()) == 2, "the conversation was not parked"
        assert "nats_permission_refused" not in webhook.output


async def test_a_reply_is_posted_once_when_the_process_is_killed_behind_the_request(
    bench: WebhookBench, tmp_path: Path
) -> None:
    bench.chatwoot.faults.append("apply_then_hang")
    async with WebhookProcess(bench, tmp_path) as webhook:
        await bench.command(say(1), say(2))
        await until(lambda: posted(bench))
        webhook.process.kill()

    async with WebhookProcess(bench, tmp_path, "again"):
        await bench.idle(40)

    assert bench.chatwoot.texts() == ["reply 1", "reply 2"]


async def posted(bench: WebhookBench) -> bool:
    return bool(bench.chatwoot.posts())


async def test_a_frozen_process_does_not_repeat_what_another_one_did(bench: WebhookBench, tmp_path: Path) -> None:
    bench.chatwoot.faults.append("hang")
    async with WebhookProcess(bench, tmp_path) as frozen:
        await bench.command(say(1), say(2))
        await until(lambda: posted(bench))
        os.kill(frozen.process.pid, signal.SIGSTOP)

        async with WebhookProcess(bench, tmp_path, "second"):
            await until(lambda: said(bench, 2), 60)
            os.kill(frozen.process.pid, signal.SIGCONT)
            await bench.idle(20)
            await asyncio.sleep(1)

    assert bench.chatwoot.texts() == ["reply 1", "reply 2"]


async def said(bench: WebhookBench, count: int) -> bool:
    return len(bench.chatwoot.texts()) >= count


async def test_a_rolling_restart_refuses_no_webhook(bench: WebhookBench, tmp_path: Path) -> None:
    async with WebhookProcess(bench, tmp_path) as webhook, aiohttp.ClientSession() as http:
        statuses: list[int] = []
        posting = asyncio.create_task(keep_posting(webhook, http, statuses))
        await until(lambda: reached(statuses, 5))
        webhook.process.send_signal(signal.SIGTERM)
        await until(lambda: health_is(webhook, http, "draining"))
        before = len(statuses)
        await until(lambda: reached(statuses, before + 5))
        posting.cancel()

        await asyncio.to_thread(webhook.process.wait, 15)

        assert webhook.process.returncode == 0
        assert set(statuses) == {200}
        assert "service_stopped" in webhook.output


async def keep_posting(webhook: WebhookProcess, http: aiohttp.ClientSession, statuses: list[int]) -> None:
    for number in range(10_000):
        statuses.append(await webhook.post(http, json.dumps(fixture(INCOMING, id=number + 1)).encode()))


async def reached(statuses: list[int], count: int) -> bool:
    return len(statuses) >= count


async def health_is(webhook: WebhookProcess, http: aiohttp.ClientSession, expected: str) -> bool:
    async with http.get(f"{webhook.url}/health") as response:
        report: dict[str, Any] = await response.json()
    return bool(report["status"] == expected)


async def test_no_text_phone_or_secret_gets_into_the_logs(bench: WebhookBench, tmp_path: Path) -> None:
    bench.chatwoot.faults.extend(["422", "500"])
    async with WebhookProcess(bench, tmp_path, LOG_LEVEL="DEBUG") as webhook, aiohttp.ClientSession() as http:
        await webhook.post(http, json.dumps(fixture(INCOMING)).encode())
        await webhook.post(http, json.dumps(fixture(INCOMING, id="Jane Roe")).encode())
        async with http.post(f"{webhook.url}/webhook?token=path-secret", data=b"{}") as response:
            assert response.status == 404
        await bench.command(say(1, "um texto particular"), say(2, "um texto particular"))
        await bench.idle()
        output = webhook.output + "".join(path.read_text() for path in (tmp_path / "logs").iterdir())

    for private in ("particular", "S0042", "Jane", "15550100001", "bot-token", "user-token", SECRET, "path-secret"):
        assert private not in output


async def test_spans_show_the_way_and_nothing_private(bench: WebhookBench, tmp_path: Path) -> None:
    received: list[bytes] = []

    async def traces(request: web.Request) -> web.Response:
        received.append(await request.read())
        return web.Response(content_type="application/x-protobuf")

    collector = web.Application()
    collector.router.add_post("/v1/traces", traces)
    served = await serve_app(collector, "127.0.0.1", 0)
    otlp = {"OTEL_EXPORTER_OTLP_ENDPOINT": f"http://127.0.0.1:{served.port}"}
    async with WebhookProcess(bench, tmp_path, **otlp) as webhook, aiohttp.ClientSession() as http:
        await webhook.post(http, json.dumps(fixture(INCOMING)).encode())
        body = json.dumps(fixture(INCOMING, id="Jane Roe")).encode()
        async with http.post(f"{webhook.url}/webhook?token=path-secret", data=body):
            pass
        async with http.post(f"{webhook.url}/webhook/chatwoot/acme/path-secret", data=body):
            pass
        bench.chatwoot.faults.append("500")
        await bench.command(say(1, "um texto particular"))
        await bench.idle()
        webhook.process.terminate()
        await asyncio.to_thread(webhook.process.wait, 15)
    await served.stop()

    spans = b"".join(received)
    for name in (
        b"POST /webhook/chatwoot/{tenant}",
        b"send CHATWOOT_EVENTS",
        b"process CHATWOOT_COMMANDS",
        b"POST /api/v1/accounts/{account}/conversations/{conversation}/messages",
        b"GET /api/v1/accounts/{account}/conversations/{conversation}/messages",
    ):
        assert name in spans
    for private in ("particular", "S0042", "Jane", "15550100001", "bot-token", SECRET, "path-secret", "url.query"):
        assert private.encode() not in spans


async def test_wrong_settings_end_the_process_with_their_name(tmp_path: Path) -> None:
    environ = {"PATH": os.environ["PATH"], "WEBHOOK_PORT": "eight", "LOG_DIR": str(tmp_path)}

    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "webhook", env=environ, stderr=subprocess.PIPE, stdout=subprocess.PIPE
    )
    _, stderr = await process.communicate()

    assert process.returncode == 2
    assert b"WEBHOOK_PORT" in stderr


async def test_a_killed_process_with_parked_conversations_loses_and_repeats_nothing(
    bench: WebhookBench, tmp_path: Path
) -> None:
    conversations = range(1, 13)
    bench.chatwoot.broken[None] = "apply_then_500"
    limits = {"SENDER_BREAKER_FAILURES": "30", "CHATWOOT_REQUEST_SECONDS": "0.5"}
    async with WebhookProcess(bench, tmp_path, "first", **limits) as first:
        for number in range(1, 4):
            await bench.command(*(one_of(conversation, number) for conversation in conversations))
        await until(lambda: all_parked(bench, len(conversations)), 20)
        bench.chatwoot.broken[None] = "black_hole"
        await asyncio.sleep(0.7)
        first.process.kill()
    bench.chatwoot.broken.clear()

    async with WebhookProcess(bench, tmp_path, "second"), WebhookProcess(bench, tmp_path, "third"):
        await bench.idle(60)

    for conversation in conversations:
        assert bench.chatwoot.texts(conversation) == ["reply 1", "reply 2", "reply 3"]
    assert await bench.dead() == []


def one_of(conversation: int, number: int) -> SendMessage:
    turn_id = f"turn-{conversation}-{number}"
    return say(number, conversation=conversation, command_id=f"{turn_id}:1", turn_id=turn_id)


async def all_parked(bench: WebhookBench, count: int) -> bool:
    return len(await Bucket(bench.nc, BUCKET_PARKED).keys()) == count
