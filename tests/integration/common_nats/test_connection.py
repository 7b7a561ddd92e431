from __future__ import annotations

import asyncio
import socket
import time

import pytest
from nats.aio.transport import TcpTransport
from support.nats_server import NatsServer, connected

from common.errors import NotReady
from common.nats import connection as connection_module
from common.nats.connection import NatsConnection, connect

pytestmark = pytest.mark.broker


def _user_timeout(connection: NatsConnection) -> int:
    transport = connection.nc._transport
    assert isinstance(transport, TcpTransport)
    assert transport._io_writer is not None
    sock = transport._io_writer.get_extra_info("socket")
    return int(sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT))


async def _until_connected(connection: NatsConnection) -> None:
    async with asyncio.timeout(10):
        while not connection.nc.is_connected:
            await asyncio.sleep(0.02)
        await connection.nc.flush()


async def test_unacknowledged_bytes_are_given_up_on_in_seconds_also_after_a_reconnect(
    server: NatsServer, connection: NatsConnection
) -> None:
    assert _user_timeout(connection) == 4000

    await server.restart()
    await _until_connected(connection)
    await asyncio.sleep(0.05)

    assert _user_timeout(connection) == 4000


async def test_it_waits_for_a_broker_that_starts_later(server: NatsServer) -> None:
    server.kill()
    connecting = asyncio.create_task(connect(server.settings(), "hub"))
    await asyncio.sleep(0.7)
    assert not connecting.done()

    await server.start()
    connection = await connecting

    assert await connection.check() is None
    await connection.close()


async def test_it_gives_up_waiting_after_the_time_allowed(server: NatsServer) -> None:
    server.kill()
    started = time.monotonic()

    with pytest.raises(NotReady, match="no connection to NATS"):
        await connect(server.settings(connect_seconds=1), "hub")

    assert time.monotonic() - started < 4


async def test_a_password_in_the_url_is_not_shown(server: NatsServer) -> None:
    server.kill()
    settings = server.settings(connect_seconds=0.2)
    secret = settings.model_copy(update={"nats_url": f"nats://me:hunter2@127.0.0.1:{server.port}"})

    with pytest.raises(NotReady) as failure:
        await connect(secret, "hub")

    assert "hunter2" not in str(failure.value)


async def test_health_follows_the_connection(server: NatsServer, connection: NatsConnection) -> None:
    assert await connection.check() is None

    server.kill()
    await asyncio.sleep(0.1)
    assert await connection.check() == "not connected to NATS"
    await server.start()
    await _until_connected(connection)
    assert await connection.check() is None

    server.pause()
    assert await connection.check() == "NATS does not answer"
    server.resume()


async def test_each_connection_has_its_name_and_its_own_inboxes(server: NatsServer) -> None:
    async with connected(server, "webhook") as connection:
        assert connection.nc.new_inbox().startswith("_INBOX_webhook.")
        assert str(connection.nc.options["name"]).startswith("webhook/")


async def test_a_connection_that_stays_silent_is_reported_lost(
    server: NatsServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection_module, "PROBE_INTERVAL", 0.1)
    monkeypatch.setattr(connection_module, "PROBE_TIMEOUT", 1)
    lost: list[str] = []
    connection = await connect(server.settings(), "hub", on_lost=lost.append)
    await asyncio.sleep(0.5)
    assert lost == []

    server.pause()
    async with asyncio.timeout(10):
        while not lost:
            await asyncio.sleep(0.05)

    assert lost == ["the broker does not answer on an open connection"]
    server.resume()
    await connection.close()


async def test_a_dead_read_loop_is_noticed_although_the_client_calls_itself_connected(
    server: NatsServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection_module, "PROBE_INTERVAL", 0.05)
    monkeypatch.setattr(connection_module, "PROBE_TIMEOUT", 1)
    lost: list[str] = []
    connection = await connect(server.settings(), "hub", on_lost=lost.append)

    assert connection.nc._reading_task is not None
    connection.nc._reading_task.cancel()
    await asyncio.sleep(0.1)
    assert connection.nc.is_connected
    async with asyncio.timeout(10):
        while not lost:
            await asyncio.sleep(0.05)

    await connection.close()


async def test_a_connection_closed_by_us_is_not_lost(server: NatsServer) -> None:
    lost: list[str] = []
    connection = await connect(server.settings(), "hub", on_lost=lost.append)
    await connection.close()
    await connection.close()

    assert connection.nc.is_closed
    assert lost == []


async def test_close_does_not_hang_while_the_broker_is_away(server: NatsServer, connection: NatsConnection) -> None:
    server.kill()
    await asyncio.sleep(0.1)
    started = time.monotonic()

    await connection.close()

    assert time.monotonic() - started < 4
