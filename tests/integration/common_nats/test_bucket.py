from __future__ import annotations

import asyncio
from functools import partial

import pytest
from support.nats_server import NatsServer, connected

from common.errors import RevisionConflict
from common.nats.api import BrokerUnavailable, call
from common.nats.bucket import Bucket, Entry, update_with
from common.nats.connection import NatsConnection
from common.nats.provision import provision
from common.nats.topology import MIB, BucketSpec

pytestmark = pytest.mark.broker


def _replace(value: bytes, _: bytes | None) -> bytes:
    return value


@pytest.fixture
async def bucket(connection: NatsConnection) -> Bucket:
    await provision(connection.nc, streams=[], buckets=[BucketSpec("box", "for tests", 16 * MIB)], consumers=[])
    return Bucket(connection.nc, "box")


async def test_a_value_is_read_with_the_revision_it_was_written_at(bucket: Bucket) -> None:
    assert await bucket.get("a.1") is None

    revision = await bucket.create("a.1", b"one")

    assert await bucket.get("a.1") == Entry(b"one", revision)


async def test_create_refuses_a_key_that_has_a_value(bucket: Bucket) -> None:
    await bucket.create("a", b"one")

    with pytest.raises(RevisionConflict):
        await bucket.create("a", b"two")
    assert (await bucket.get("a") or Entry(b"", 0)).value == b"one"


async def test_update_needs_the_newest_revision(bucket: Bucket) -> None:
    first = await bucket.update("a", b"one", 0)
    second = await bucket.update("a", b"two", first)

    with pytest.raises(RevisionConflict):
        await bucket.update("a", b"three", first)
    assert await bucket.get("a") == Entry(b"two", second)


async def test_a_deleted_key_is_absent_and_can_be_created_again(bucket: Bucket) -> None:
    revision = await bucket.create("a", b"one")
    with pytest.raises(RevisionConflict):
        await bucket.delete("a", revision + 5)
    await bucket.delete("a", revision)

    assert await bucket.get("a") is None
    assert await bucket.keys() == []
    await bucket.create("a", b"two")
    assert await bucket.keys() == ["a"]


async def test_keys_are_listed_by_whole_tokens(bucket: Bucket) -> None:
    for key in ("acme.1", "acme.2", "acme2.1", "acme"):
        await bucket.put(key, key.encode())

    assert await bucket.keys("acme") == ["acme", "acme.1", "acme.2"]
    assert await bucket.keys() == ["acme", "acme.1", "acme.2", "acme2.1"]
    assert {key: entry.value for key, entry in (await bucket.entries("acme2")).items()} == {"acme2.1": b"acme2.1"}


async def test_a_value_with_a_lifetime_expires_and_the_key_is_free_again(bucket: Bucket) -> None:
    await bucket.create("lease", b"me", ttl=1)
    with pytest.raises(RevisionConflict):
        await bucket.create("lease", b"you")

    await asyncio.sleep(1.4)
    assert await bucket.get("lease") is None
    await bucket.create("lease", b"you")


async def test_last_sequence_rises_with_every_write(bucket: Bucket) -> None:
    before = await bucket.last_sequence()
    await bucket.put("a", b"1")
    written = await bucket.last_sequence()
    await bucket.delete("a")

    assert before < written < await bucket.last_sequence()


async def test_concurrent_changes_are_all_applied(bucket: Bucket) -> None:
    def add_one(value: bytes | None) -> bytes:
        return str(int(value or b"0") + 1).encode()

    await asyncio.gather(*(update_with(bucket, "count", add_one, attempts=50) for _ in range(20)))

    assert (await bucket.get("count") or Entry(b"", 0)).value == b"20"


async def test_a_change_that_never_wins_says_so(bucket: Bucket, connection: NatsConnection) -> None:
    class Raced(Bucket):
        async def get(self, key: str) -> Entry | None:
            entry = await super().get(key)
            await bucket.put(key, b"rival")
            return entry

    with pytest.raises(RevisionConflict):
        await update_with(Raced(connection.nc, "box"), "a", lambda value: b"mine", attempts=3)
    assert await bucket.get("a") == Entry(b"rival", 3)


async def test_a_change_that_wants_nothing_writes_nothing(bucket: Bucket) -> None:
    assert await update_with(bucket, "a", lambda value: None) is None
    revision = await bucket.put("a", b"1")
    assert await update_with(bucket, "a", lambda value: None) == Entry(b"1", revision)


async def test_an_own_write_whose_confirmation_was_lost_is_no_conflict(server: NatsServer, bucket: Bucket) -> None:
    """The write arrives while nobody confirms it; the retry meets it as a conflict, and recognises itself."""
    first = await bucket.put("a", b"one")
    server.pause()
    asyncio.get_running_loop().call_later(1.6, server.resume)

    second = await bucket.update("a", b"two", first)

    assert await bucket.get("a") == Entry(b"two", second)
    assert (await call(bucket._nc, "STREAM.INFO.KV_box"))["state"]["last_seq"] == second


async def test_a_read_waits_for_a_broker_that_restarts(server: NatsServer, bucket: Bucket) -> None:
    revision = await bucket.put("a", b"1")
    server.kill()
    reading = asyncio.create_task(bucket.get("a"))
    await asyncio.sleep(0.5)
    await server.start()

    assert await reading == Entry(b"1", revision)


async def test_without_a_broker_a_read_fails_in_time(server: NatsServer, connection: NatsConnection) -> None:
    server.kill()
    await asyncio.sleep(0.1)

    with pytest.raises(BrokerUnavailable, match="not connected"):
        await Bucket(connection.nc, "box", timeout=0.5).get("a")


async def test_writes_through_a_killed_broker_are_each_applied_once(server: NatsServer, bucket: Bucket) -> None:
    async def count_up() -> None:
        for number in range(100):
            value = str(number).encode()
            await update_with(bucket, "n", partial(_replace, value))
            await asyncio.sleep(0.01)

    counting = asyncio.create_task(count_up())
    await asyncio.sleep(0.5)
    await server.restart()
    await counting

    async with connected(server) as fresh:
        info = await call(fresh.nc, "STREAM.INFO.KV_box")
    assert info["state"]["last_seq"] == 100
