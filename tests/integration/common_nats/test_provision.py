from __future__ import annotations

import asyncio
import dataclasses
from pathlib import Path

import pytest
from support.nats_server import NatsServer, connected

from common.errors import NotReady
from common.nats.api import call
from common.nats.connection import NatsConnection
from common.nats.provision import missing, provision
from common.nats.topology import BUCKETS, CONSUMERS, GIB, MIB, STREAMS, ConsumerSpec, StreamSpec

pytestmark = pytest.mark.broker

WORK = StreamSpec("WORK", "for tests", ("work.*",), 64 * MIB)
ONE = ConsumerSpec("WORK", "one", "one", "work.*")


async def test_a_second_pass_changes_nothing(connection: NatsConnection) -> None:
    assert len(await missing(connection.nc)) == len(STREAMS) + len(BUCKETS)

    first = await provision(connection.nc)
    second = await provision(connection.nc)

    assert len(first.created) == len(STREAMS) + len(BUCKETS) + len(CONSUMERS)
    assert not second.changed
    assert second.unchanged == first.created
    assert await missing(connection.nc, consumers=CONSUMERS) == ()


async def test_services_that_start_together_may_all_provision(server: NatsServer) -> None:
    async with connected(server, "webhook") as one, connected(server, "odoo_api") as two, connected(server) as three:
        await asyncio.gather(*(provision(each.nc) for each in (one, two, three)))

        assert not (await provision(one.nc)).changed


async def test_what_differs_is_updated_and_nothing_is_lost(connection: NatsConnection) -> None:
    await provision(connection.nc, streams=[WORK], buckets=[], consumers=[ONE])
    await connection.js.publish("work.a", b"kept")

    longer = dataclasses.replace(WORK, max_age=3600)
    slower = dataclasses.replace(ONE, ack_wait=20)
    result = await provision(connection.nc, streams=[longer], buckets=[], consumers=[slower])

    assert result.updated == ("WORK", "one")
    info = await call(connection.nc, "STREAM.INFO.WORK")
    assert info["config"]["max_age"] == 3600 * 10**9
    assert info["state"]["messages"] == 1


async def test_streams_fit_into_what_the_account_may_store(tmp_path: Path) -> None:
    async with (
        NatsServer(tmp_path / "nats", users=["admin"], max_file=2 * GIB) as server,
        connected(server) as connection,
    ):
        await provision(connection.nc)
        second = await provision(connection.nc)

        account = await call(connection.nc, "INFO")
        events = await call(connection.nc, "STREAM.INFO.CHATWOOT_EVENTS")
    assert not second.changed
    assert account["reserved_storage"] <= 2 * GIB
    assert events["config"]["max_bytes"] > 200 * MIB


async def test_a_server_short_of_storage_gets_smaller_streams_and_keeps_them(tmp_path: Path) -> None:
    async with NatsServer(tmp_path / "nats", max_file=3 * GIB) as server, connected(server) as connection:
        await provision(connection.nc)
        second = await provision(connection.nc)

        assert not second.changed
        assert await missing(connection.nc) == ()


async def test_a_refusal_names_its_reason(connection: NatsConnection) -> None:
    wrong = StreamSpec("WORK", "for tests", ("work..a",), 64 * MIB)

    with pytest.raises(NotReady, match="invalid"):
        await provision(connection.nc, streams=[wrong], buckets=[], consumers=[])
