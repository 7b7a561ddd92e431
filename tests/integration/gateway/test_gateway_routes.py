from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from support.gateway import Gateway, Upstream, running_gateway

from cli.gateway_process import Upstreams

KIB = 1024
MIB = 1024 * KIB


@dataclass
class System:
    gateway: Gateway
    webhook: Upstream
    odoo_api: Upstream
    simulator: Upstream
    client: httpx.AsyncClient


@pytest.fixture
async def system(tmp_path: Path) -> AsyncIterator[System]:
    webhook, odoo_api, simulator = Upstream(), Upstream(), Upstream()
    for each in (webhook, odoo_api, simulator):
        await each.start()
    upstreams = Upstreams([webhook.address], [odoo_api.address])
    async with (
        running_gateway(upstreams, tmp_path) as gateway,
        httpx.AsyncClient(base_url=gateway.url, timeout=15) as client,
    ):
        yield System(gateway, webhook, odoo_api, simulator, client)
    for each in (webhook, odoo_api, simulator):
        await each.stop()


@pytest.mark.parametrize("path", ["/webhook", "/webhook/", "/webhook/webhook", "/webhook/chatwoot/acme/token"])
async def test_every_webhook_path_reaches_the_webhook_service(system: System, path: str) -> None:
    answer = await system.client.post(path, content=b"{}")

    assert answer.status_code == 200
    assert [each.path for each in system.webhook.received] == [path]


@pytest.mark.parametrize(
    "target",
    [
        "/webhook?token=a%2Fb&x=1",
        "/webhook/chatwoot/acme?account_id=1",
        "/webhook/chatwoot/acme/to-ken_1.2~%20x?a=1",
        "/api/v1/knowledge/document/a%2Fb%20%C3%A9?q=%C3%A9&empty=",
    ],
)
async def test_paths_and_queries_reach_the_service_as_they_were_sent(system: System, target: str) -> None:
    await system.client.post(target, content=b"{}")

    received = [*system.webhook.received, *system.odoo_api.received]
    assert [each.raw_path for each in received] == [target]


@pytest.mark.parametrize("path", ["/api/v1/health", "/api/docs", "/api/v1/knowledge/rule", "/api/v1/assistant/answer"])
async def test_every_api_path_reaches_odoo_api(system: System, path: str) -> None:
    answer = await system.client.get(path)

    assert answer.status_code == 200
    assert [each.path for each in system.odoo_api.received] == [path]


@pytest.mark.parametrize(
    ("path", "reaches"),
    [
        ("/odoo-webhook/", "/odoo-webhook/"),
        ("/odoo-webhook", "/odoo-webhook"),
        ("/configs/account_1/default/config", "/configs/account_1/default/config"),
        ("/mapping/", "/mapping/"),
        ("/company-services/account_1/metadata", "/company-services/account_1/metadata"),
        ("/tools/generate_product_description", "/tools/generate_product_description"),
        ("/api/v1/business-rules/sync", "/api/v1/business-rules/sync"),
        ("/webhook/api/v1/business-rules/sync", "/api/v1/business-rules/sync"),
    ],
)
async def test_the_paths_of_old_odoo_modules_reach_odoo_api(system: System, path: str, reaches: str) -> None:
    answer = await system.client.post(path, content=b"{}")

    assert answer.status_code == 200
    assert [each.path for each in system.odoo_api.received] == [reaches]
    assert system.webhook.received == []


async def test_health_of_the_system_is_asked_of_odoo_api(system: System) -> None:
    answer = await system.client.get("/health")

    assert answer.status_code == 200
    assert [each.path for each in system.odoo_api.received] == ["/health/system"]


@pytest.mark.parametrize("path", ["/", "/console", "/simulator", "/simulator/page", "/metrics", "/live", "/webhooks"])
async def test_nothing_else_is_public(system: System, path: str) -> None:
    answer = await system.client.get(path)

    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json() == {"type": "about:blank", "title": "Not Found", "status": 404}
    assert "server" not in answer.headers


async def test_the_simulator_is_served_when_it_has_an_upstream(tmp_path: Path) -> None:
    simulator = Upstream()
    await simulator.start()
    upstreams = Upstreams(["127.0.0.1:1"], ["127.0.0.1:1"], simulator.address)
    async with running_gateway(upstreams, tmp_path) as gateway, httpx.AsyncClient(base_url=gateway.url) as client:
        assert (await client.get("/simulator")).status_code == 200
        assert (await client.get("/simulator/api/messages")).status_code == 200
        assert (await client.get("/chatwoot/api/v1/accounts/1")).status_code == 404
    await simulator.stop()


@pytest.mark.parametrize("path", ["/webhook", "/api/v1/knowledge/rule", "/health", "/elsewhere"])
@pytest.mark.parametrize("coding", ["gzip", "br", "deflate"])
async def test_a_compressed_body_is_refused_before_anything_else(system: System, path: str, coding: str) -> None:
    answer = await system.client.post(path, content=b"\x1f\x8b not read", headers={"Content-Encoding": coding})

    assert answer.status_code == 415
    assert answer.json()["title"] == "Unsupported Media Type"
    assert system.webhook.received == []
    assert system.odoo_api.received == []


@pytest.mark.parametrize(
    ("path", "limit"),
    [
        ("/webhook", 256 * KIB),
        ("/webhook/chatwoot/acme", 256 * KIB),
        ("/api/v1/knowledge/document/upload", 33 * MIB),
        ("/api/v1/assistant/answer", MIB),
    ],
)
async def test_a_body_may_be_as_large_as_the_limit_and_not_larger(system: System, path: str, limit: int) -> None:
    fitting = await system.client.post(path, content=b"x" * limit)
    too_large = await system.client.post(path, content=b"x" * (limit + 1))

    assert fitting.status_code == 200
    assert fitting.json()["size"] == limit
    assert too_large.status_code == 413
    assert too_large.json()["status"] == 413


async def _chunks(count: int) -> AsyncIterator[bytes]:
    for _ in range(count):
        yield b"x" * 64 * KIB


async def test_a_webhook_body_of_unknown_length_is_refused(system: System) -> None:
    answer = await system.client.post("/webhook", content=_chunks(1))

    assert answer.status_code == 411
    assert system.webhook.received == []


async def test_an_api_body_of_unknown_length_is_limited_as_well(system: System) -> None:
    fitting = await system.client.post("/api/v1/assistant/answer", content=_chunks(16))
    too_large = await system.client.post("/api/v1/assistant/answer", content=_chunks(17))

    assert fitting.status_code == 200
    assert too_large.status_code == 413


async def test_bad_bodies_do_not_keep_others_waiting(system: System) -> None:
    bad = [
        system.client.post("/webhook", content=b"x" * 300 * KIB),
        system.client.post("/webhook", content=_chunks(10)),
        system.client.post("/api/v1/assistant/answer", content=_chunks(40)),
        _cut_off(system.gateway.url, "/webhook"),
        _cut_off(system.gateway.url, "/api/v1/assistant/answer"),
    ]
    begun = [asyncio.ensure_future(each) for each in bad]
    await asyncio.sleep(0.2)
    started = time.monotonic()

    message = await system.client.post("/webhook", content=b"{}")
    question = await system.client.post("/api/v1/assistant/answer", content=b"{}")

    assert (message.status_code, question.status_code) == (200, 200)
    assert time.monotonic() - started < 1
    await asyncio.gather(*begun)
    assert time.monotonic() - started < 2


async def _cut_off(url: str, path: str) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", int(url.rsplit(":", 1)[1]))
    writer.write(f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nshort".encode())
    await writer.drain()
    writer.write_eof()
    await reader.read()
    writer.close()


async def test_headers_larger_than_the_limit_are_refused(system: System) -> None:
    answer = await system.client.get("/webhook", headers={"X-Bomb": "x" * 40_000})

    assert answer.status_code == 431
    assert system.webhook.received == []


async def test_an_answer_of_a_service_passes_unchanged(system: System) -> None:
    system.webhook.status = 401

    answer = await system.client.post("/webhook", content=b"{}")

    assert answer.status_code == 401
    assert answer.json()["path"] == "/webhook"


async def test_the_log_shows_the_trace_and_no_secret(system: System) -> None:
    trace_id = "0af7651916cd43dd8448eb211c80319c"
    headers = {
        "Authorization": "Bearer SECRET-KEY",
        "X-API-Key": "SECRET-KEY",
        "X-Chatwoot-Signature": "SECRET-SIGNATURE",
        "traceparent": f"00-{trace_id}-b7ad6b7169203331-01",
    }
    await system.client.post("/webhook?token=SECRET-QUERY", content=b"{}", headers=headers)
    await system.client.post("/webhook/chatwoot/acme/SECRET-PATH?a=b", content=b"{}", headers=headers)
    await system.client.get("/api/v1/rules?account_id=1&token=SECRET-QUERY", headers=headers)
    await _logged(system.gateway, 4)

    lines = system.gateway.access_log()
    requests = [each["request"] for each in lines]
    assert [each["uri"] for each in requests if isinstance(each, dict)][-3:] == [
        "/webhook",
        "/webhook/chatwoot/acme",
        "/api/v1/rules",
    ]
    assert {each.get("traceID") for each in lines[-3:]} == {trace_id}
    assert b"SECRET" not in b"\n".join(system.gateway.lines)


async def test_a_failed_request_is_logged_without_secrets_too(system: System) -> None:
    await system.odoo_api.stop()

    answer = await system.client.get("/api/v1/rules?token=SECRET-QUERY", headers={"X-API-Key": "SECRET-KEY"})
    await _logged(system.gateway, 2)

    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "2"
    assert b"/api/v1/rules" in b"\n".join(system.gateway.lines)
    assert b"SECRET" not in b"\n".join(system.gateway.lines)


async def test_no_collector_means_no_complaint(system: System) -> None:
    await system.client.post("/webhook", content=b"{}")
    await asyncio.sleep(1)

    assert [line for line in system.gateway.lines if b'"level":"error"' in line or b"otel" in line.lower()] == []


async def _logged(gateway: Gateway, count: int) -> None:
    for _ in range(100):
        if len(gateway.access_log()) >= count:
            return
        await asyncio.sleep(0.05)
