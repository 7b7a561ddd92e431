from __future__ import annotations

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
from support.gateway import Gateway, Upstream, running_gateway

from cli.gateway_process import Upstreams, answers


@asynccontextmanager
async def gateway_before(tmp_path: Path, *webhooks: Upstream) -> AsyncIterator[tuple[Gateway, httpx.AsyncClient]]:
    for each in webhooks:
        await each.start()
    upstreams = Upstreams([each.address for each in webhooks], ["127.0.0.1:1"])
    async with (
        running_gateway(upstreams, tmp_path) as gateway,
        httpx.AsyncClient(base_url=gateway.url, timeout=15) as client,
    ):
        yield gateway, client
    for each in webhooks:
        await each.stop()


async def post_numbered(
    url: str, count: int, per_second: float, begun: dict[int, float] | None = None
) -> dict[int, int]:
    """Post numbered bodies at a steady pace, each on a connection of its own, never again; answers by number.

    `begun` is filled with the time at which each of them was begun.
    """
    answers: dict[int, int] = {}
    limits = httpx.Limits(max_connections=None, max_keepalive_connections=0)
    async with httpx.AsyncClient(timeout=15, limits=limits) as client:

        async def post(number: int) -> None:
            if begun is not None:
                begun[number] = time.monotonic()
            try:
                answers[number] = (await client.post(f"{url}/webhook", content=str(number))).status_code
            except httpx.TransportError:
                answers[number] = 0

        started = time.monotonic()
        tasks = []
        for number in range(count):
            await asyncio.sleep(max(0.0, started + number / per_second - time.monotonic()))
            tasks.append(asyncio.create_task(post(number)))
        await asyncio.gather(*tasks)
    return answers


async def test_posts_wait_through_three_seconds_without_any_upstream(tmp_path: Path) -> None:
    webhook = Upstream(delay=0.05)
    async with gateway_before(tmp_path, webhook) as (gateway, _):
        posting = asyncio.create_task(post_numbered(gateway.url, 240, per_second=50))
        await asyncio.sleep(1)
        await webhook.stop()  # requests in its hands are cut off as well
        await asyncio.sleep(3)
        await webhook.start()
        answers = await posting

    assert set(answers.values()) == {200}
    assert {int(each.body) for each in webhook.received} == set(range(240))


async def test_posts_move_to_the_other_instance_when_one_dies(tmp_path: Path) -> None:
    first, second = Upstream(delay=0.05), Upstream(delay=0.05)
    async with gateway_before(tmp_path, first, second) as (gateway, _):
        posting = asyncio.create_task(post_numbered(gateway.url, 100, per_second=50))
        await asyncio.sleep(0.7)
        await first.stop()
        answers = await posting

    assert set(answers.values()) == {200}
    assert {int(each.body) for each in [*first.received, *second.received]} == set(range(100))


async def test_an_instance_that_drains_gets_nothing_new(tmp_path: Path) -> None:
    draining, other = Upstream(), Upstream()
    async with gateway_before(tmp_path, draining, other) as (gateway, _):
        draining.health_status = 503
        await asyncio.sleep(1.5)
        draining.received.clear()
        answers = await post_numbered(gateway.url, 20, per_second=100)

    assert set(answers.values()) == {200}
    assert draining.received == []


async def test_chatwoot_is_told_500_when_no_upstream_comes_back(tmp_path: Path) -> None:
    webhook = Upstream()
    async with gateway_before(tmp_path, webhook) as (_, client):
        await webhook.stop()
        started = time.monotonic()
        answer = await client.post("/webhook/chatwoot/acme", content=b"{}")
        waited = time.monotonic() - started

    assert answer.status_code == 500
    assert answer.headers["content-type"] == "application/problem+json"
    assert 4.0 < waited < 5.0


async def test_an_api_request_is_told_503_soon_when_no_odoo_api_comes_back(tmp_path: Path) -> None:
    webhook = Upstream()
    async with gateway_before(tmp_path, webhook) as (_, client):
        started = time.monotonic()
        answer = await client.put("/api/v1/knowledge/rule", content=b"{}")
        waited = time.monotonic() - started

    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "2"
    assert 2.0 < waited < 4.0


async def test_an_api_write_waits_through_a_restart_of_odoo_api(tmp_path: Path) -> None:
    odoo_api = Upstream()
    await odoo_api.start()
    upstreams = Upstreams(["127.0.0.1:1"], [odoo_api.address])
    async with running_gateway(upstreams, tmp_path) as gateway, httpx.AsyncClient(timeout=15) as client:
        await odoo_api.stop()
        writing = asyncio.create_task(client.put(f"{gateway.url}/api/v1/knowledge/rule", content=b"once"))
        await asyncio.sleep(1)
        await odoo_api.start()
        answer = await writing
    await odoo_api.stop()

    assert answer.status_code == 200
    assert [each.body for each in odoo_api.received] == [b"once"]


async def test_one_late_health_answer_refuses_no_api_request(tmp_path: Path) -> None:
    odoo_api = Upstream()
    await odoo_api.start()
    upstreams = Upstreams(["127.0.0.1:1"], [odoo_api.address])
    async with running_gateway(upstreams, tmp_path) as gateway, httpx.AsyncClient(timeout=15) as client:
        odoo_api.health_status = 503
        await asyncio.sleep(1.5)
        asking = asyncio.create_task(client.get(f"{gateway.url}/api/v1/knowledge/rule"))
        await asyncio.sleep(0.2)
        odoo_api.health_status = 200
        answer = await asking
    await odoo_api.stop()

    assert answer.status_code == 200


async def test_an_api_write_that_reached_a_service_is_not_sent_twice(tmp_path: Path) -> None:
    odoo_api = Upstream(delay=0.5)
    await odoo_api.start()
    upstreams = Upstreams(["127.0.0.1:1"], [odoo_api.address])
    async with running_gateway(upstreams, tmp_path) as gateway, httpx.AsyncClient(timeout=15) as client:
        writing = asyncio.create_task(client.post(f"{gateway.url}/api/v1/sync", content=b"once"))
        await asyncio.sleep(0.2)
        await odoo_api.stop()
        await odoo_api.start()
        answer = await writing
    await odoo_api.stop()

    assert answer.status_code == 503
    assert [each.body for each in odoo_api.received] == [b"once"]


async def test_killing_the_gateway_costs_only_what_it_had_in_its_hands(tmp_path: Path) -> None:
    webhook = Upstream()
    kills: list[float] = []
    begun: dict[int, float] = {}
    async with gateway_before(tmp_path, webhook) as (gateway, _):
        posting = asyncio.create_task(post_numbered(gateway.url, 200, per_second=80, begun=begun))
        for count in range(2):
            await asyncio.sleep(0.5)
            assert gateway.process.pid is not None
            os.kill(gateway.process.pid, signal.SIGKILL)
            kills.append(time.monotonic())
            while gateway.process.restarts == count or not await answers(gateway.url):
                await asyncio.sleep(0.01)
        statuses = await posting

    refused = {number for number, status in statuses.items() if status != 200}
    in_its_hands = {number for number, at in begun.items() if any(kill - 1 < at < kill for kill in kills)}
    assert gateway.process.restarts == len(kills)
    assert refused <= in_its_hands
    assert {int(each.body) for each in webhook.received} >= statuses.keys() - refused
