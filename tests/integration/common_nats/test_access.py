from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.errors import Error as NatsError
from nats.errors import NoRespondersError
from support.nats_server import NatsServer, connected

from common.errors import NotReady
from common.nats.access import USERS
from common.nats.connection import NatsConnection, connect
from common.nats.provision import provision

pytestmark = pytest.mark.broker

_CREATE = b'{"stream_name":"KNOWLEDGE","config":{"name":"x","filter_subject":"knowledge.>","ack_policy":"none"}}'
_PULL = b'{"batch":1,"no_wait":true}'

ALLOWED = [
    ("webhook", "chatwoot.event.acme.1", b"{}"),
    ("webhook", "$JS.API.STREAM.INFO.CHATWOOT_EVENTS", b""),
    ("webhook", "$JS.API.CONSUMER.MSG.NEXT.CHATWOOT_COMMANDS.sender-03", _PULL),
    ("webhook", "$JS.API.CONSUMER.INFO.CHATWOOT_COMMANDS.sender-03", b""),
    ("webhook", "dead.CHATWOOT_COMMANDS.sender", b"{}"),
    ("webhook", "$JS.API.STREAM.MSG.GET.CHATWOOT_COMMANDS", b'{"seq":1}'),
    ("webhook", "schedule.sending.acme.1", b"{}"),
    ("webhook", "$JS.API.CONSUMER.MSG.NEXT.SCHEDULES.sender-retries", _PULL),
    ("webhook", "dead.SCHEDULES.sender-retries", b"{}"),
    ("webhook", "$KV.deliveries.acme.1", b"{}"),
    ("webhook", "$KV.parked.acme.1", b"{}"),
    ("webhook", "$JS.API.STREAM.MSG.GET.KV_deliveries", b'{"seq":1}'),
    ("webhook", "$JS.API.STREAM.MSG.GET.KV_tenant-chatwoot", b'{"seq":1}'),
    ("webhook", "$JS.API.STREAM.INFO.KV_tenants", b'{"subjects_filter":">"}'),
    ("odoo_api", "knowledge.acme.rule.1", b"{}"),
    ("odoo_api", "$JS.API.CONSUMER.CREATE.KNOWLEDGE.x.knowledge.>", _CREATE),
    ("odoo_api", "$JS.API.STREAM.MSG.GET.KNOWLEDGE", b'{"last_by_subj":"knowledge.acme.rule.1"}'),
    ("odoo_api", "$JS.API.STREAM.MSG.GET.KV_tenant-odoo", b'{"seq":1}'),
    ("odoo_api", "$KV.api-keys.acme", b"{}"),
    ("odoo_api", "$KV.idempotency.acme.1", b"{}"),
    ("odoo_api", "$JS.API.CONSUMER.MSG.NEXT.ODOO_COMMANDS.odoo-writer", _PULL),
    ("odoo_api", "dead.ODOO_COMMANDS.odoo-writer", b"{}"),
    ("odoo_api", "$KV.odoo-results.acme.1", b"{}"),
    ("odoo_api", "$KV.odoo-pull.acme", b"{}"),
    ("hub", "$JS.API.STREAM.MSG.GET.KV_odoo-results", b'{"seq":1}'),
    ("hub", "chatwoot.command.acme.1", b"{}"),
    ("hub", "odoo.command.acme.1", b"{}"),
    ("hub", "turn.acme.1", b"{}"),
    ("hub", "schedule.turn.acme.1", b"{}"),
    ("hub", "$JS.API.CONSUMER.MSG.NEXT.CHATWOOT_EVENTS.hub-events-63", _PULL),
    ("hub", "$JS.API.CONSUMER.MSG.NEXT.SCHEDULES.hub-turns", _PULL),
    ("hub", "$JS.API.CONSUMER.CREATE.KNOWLEDGE.x.knowledge.>", _CREATE),
    ("hub", "dead.CHATWOOT_EVENTS.hub-events", b"{}"),
    ("hub", "$KV.conversations.acme.1", b"{}"),
    ("monitor", "$JS.API.STREAM.INFO.CHATWOOT_EVENTS", b""),
    ("monitor", "$JS.API.CONSUMER.INFO.CHATWOOT_EVENTS.hub-events-00", b""),
    ("monitor", "$JS.API.STREAM.LIST", b""),
    ("admin", "$JS.API.STREAM.MSG.GET.KV_tenant-odoo", b'{"seq":1}'),
    ("admin", "$KV.tenant-odoo.acme", b"{}"),
]

REFUSED = [
    ("webhook", "chatwoot.command.acme.1", b"{}"),
    ("webhook", "knowledge.acme.rule.1", b"{}"),
    ("webhook", "$JS.API.STREAM.MSG.GET.CHATWOOT_EVENTS", b'{"seq":1}'),
    ("webhook", "schedule.turn.acme.1", b"{}"),
    ("webhook", "$JS.API.CONSUMER.MSG.NEXT.SCHEDULES.hub-turns", _PULL),
    ("webhook", "$JS.API.STREAM.DELETE.CHATWOOT_EVENTS", b""),
    ("webhook", "$JS.API.CONSUMER.MSG.NEXT.CHATWOOT_EVENTS.hub-events-00", _PULL),
    ("webhook", "$JS.API.STREAM.MSG.GET.KV_tenant-odoo", b'{"seq":1}'),
    ("webhook", "$KV.tenant-chatwoot.acme", b"{}"),
    ("webhook", "$JS.API.STREAM.MSG.GET.KV_conversations", b'{"seq":1}'),
    ("webhook", "odoo.query.price", b"{}"),
    ("odoo_api", "$JS.API.STREAM.MSG.GET.KV_tenant-chatwoot", b'{"seq":1}'),
    ("odoo_api", "chatwoot.command.acme.1", b"{}"),
    ("odoo_api", "$JS.API.CONSUMER.CREATE.CHATWOOT_EVENTS.x.events.>", b"{}"),
    ("odoo_api", "$JS.API.STREAM.PURGE.KNOWLEDGE", b""),
    ("hub", "$JS.API.STREAM.MSG.GET.KV_tenant-chatwoot", b'{"seq":1}'),
    ("hub", "$JS.API.STREAM.MSG.GET.KV_tenant-odoo", b'{"seq":1}'),
    ("hub", "$JS.API.STREAM.MSG.GET.KV_api-keys", b'{"seq":1}'),
    ("hub", "chatwoot.event.acme.1", b"{}"),
    ("hub", "due.turn.acme.1", b"{}"),
    ("hub", "knowledge.acme.rule.1", b"{}"),
    ("hub", "$JS.API.CONSUMER.CREATE.KV_tenant-odoo.x.>", b"{}"),
    ("hub", "$KV.tenants.acme", b"{}"),
    ("hub", "$KV.odoo-results.acme.1", b"{}"),
    ("hub", "$JS.API.CONSUMER.MSG.NEXT.ODOO_COMMANDS.odoo-writer", _PULL),
    ("webhook", "$JS.API.STREAM.MSG.GET.KV_odoo-results", b'{"seq":1}'),
    ("monitor", "$JS.API.CONSUMER.DELETE.CHATWOOT_EVENTS.hub-events-00", b""),
    ("monitor", "$JS.API.STREAM.MSG.GET.CHATWOOT_EVENTS", b'{"seq":1}'),
]


@pytest.fixture
async def secured(tmp_path: Path) -> AsyncIterator[NatsServer]:
    async with NatsServer.with_users(tmp_path / "nats") as server:
        async with connected(server, "admin") as admin:
            await provision(admin.nc)
        yield server


async def _refused(connection: NatsConnection, subject: str, body: bytes) -> bool:
    """Whether the broker refused to take the message; an answer of any kind means that it was let through."""
    before = connection.refusals
    request = asyncio.create_task(connection.nc.request(subject, body, timeout=2))
    while not request.done() and connection.refusals == before:
        await asyncio.sleep(0.005)
    if connection.refusals > before:
        request.cancel()
        await asyncio.gather(request, return_exceptions=True)
        return True
    await request
    return False


async def test_each_service_may_do_what_it_needs_and_nothing_else(secured: NatsServer) -> None:
    async with AsyncExitStack() as stack:
        users = {user: await stack.enter_async_context(connected(secured, user)) for user in USERS}

        wrongly_refused = [case[:2] for case in ALLOWED if await _refused(users[case[0]], *case[1:])]
        wrongly_allowed = [case[:2] for case in REFUSED if not await _refused(users[case[0]], *case[1:])]

    assert not wrongly_refused
    assert not wrongly_allowed


@pytest.mark.parametrize(
    ("user", "subject", "refused"),
    [
        ("hub", "_INBOX_hub.>", False),
        ("hub", "hub.query.answer", False),
        ("hub", "_INBOX_webhook.>", True),
        ("hub", "_INBOX.>", True),
        ("hub", "odoo.query.price", True),
        ("odoo_api", "odoo.query.price", False),
        ("odoo_api", "hub.query.answer", True),
        ("webhook", "webhook.arrivals", False),
        ("webhook", "chatwoot.event.>", True),
        ("hub", "webhook.arrivals", True),
        ("webhook", ">", True),
        ("monitor", "$JS.EVENT.ADVISORY.>", False),
        ("monitor", "chatwoot.event.>", True),
    ],
)
async def test_nobody_listens_where_it_should_not(tmp_path: Path, user: str, subject: str, refused: bool) -> None:
    async with NatsServer.with_users(tmp_path / "nats") as server, connected(server, user) as connection:
        await connection.nc.subscribe(subject)
        await connection.nc.flush()
        await asyncio.sleep(0.05)

        assert (connection.refusals > 0) is refused


async def test_a_service_answers_the_queries_it_serves_and_no_others(secured: NatsServer) -> None:
    async with connected(secured, "hub") as hub, connected(secured, "odoo_api") as odoo_api:

        async def answer(message: Msg) -> None:
            await message.respond(b"pong")

        await odoo_api.nc.subscribe("odoo.query.price", cb=answer)
        await hub.nc.subscribe("hub.query.answer", cb=answer)
        await odoo_api.nc.flush()
        await hub.nc.flush()

        assert (await hub.nc.request("odoo.query.price", b"ping")).data == b"pong"
        assert (await odoo_api.nc.request("hub.query.answer", b"ping")).data == b"pong"
        await odoo_api.nc.publish("_INBOX_hub.forged", b"unasked")
        await odoo_api.nc.flush()
        await asyncio.sleep(0.05)
        assert odoo_api.refusals == 1
        with pytest.raises(NoRespondersError):
            await hub.nc.request("odoo.query.stock", b"ping")


async def test_without_the_right_key_nobody_gets_in(secured: NatsServer) -> None:
    anonymous = Client()
    with pytest.raises(NatsError, match="Authorization"):
        await anonymous.connect(secured.url, allow_reconnect=False)
    await anonymous.close()
    with pytest.raises(NotReady, match="Authorization"):
        await connect(secured.settings("stranger", connect_seconds=1), "hub")
