"""A black-holed link: packets dropped both ways, in a network namespace of its own, so that nothing else notices."""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import orjson
import pytest
from support.nats_server import NatsServer, connected

from common.errors import PublishFailed
from common.nats.consumer import Consumer, Delivery
from common.nats.provision import provision
from common.nats.publisher import Publisher
from common.nats.topology import MIB, ConsumerSpec, StreamSpec
from support import nats_server

pytestmark = pytest.mark.broker

WORK = StreamSpec("WORK", "for tests", ("work.*",), 64 * MIB)
ONE = ConsumerSpec("WORK", "one", "one", "work.*", ack_wait=4.0)
PARTITION_SECONDS = 8.0

_ALONE = ["unshare", "--map-root-user", "--net", "sh", "-c", 'ip link set lo up && exec "$@"', "sh"]


def _can_partition() -> bool:
    if not all(map(shutil.which, ("unshare", "ip", "iptables"))):
        return False
    return subprocess.run([*_ALONE, "iptables", "-L", "INPUT"], capture_output=True, check=False).returncode == 0


def test_work_goes_on_within_seconds_after_a_partition_heals(tmp_path: Path) -> None:
    if not _can_partition():
        pytest.skip("needs unshare, ip and iptables, and the right to make a network namespace")
    environ = os.environ | {"PYTHONPATH": str(Path(nats_server.__file__).parents[1])}

    run = subprocess.run(
        [*_ALONE, sys.executable, __file__, str(tmp_path)], capture_output=True, check=False, env=environ, timeout=50
    )

    assert run.returncode == 0, run.stderr.decode()
    seen = orjson.loads(run.stdout.splitlines()[-1])
    assert seen["failed_meanwhile"] >= 1
    # The acknowledgement of the first message may have been lost in the partition: then it comes twice.
    assert list(dict.fromkeys(seen["handled"])) == ["before", "after"]
    # Without a limit on unacknowledged bytes nats-py waits for them first, tens of seconds after a long partition.
    assert seen["stored_after"] < 3
    assert seen["handled_after"] < 4


async def _scenario(directory: Path) -> dict[str, object]:
    handled: list[str] = []

    async def handler(data: bytes, delivery: Delivery) -> None:
        handled.append(data.decode())

    async with NatsServer(directory) as server, connected(server) as connection:
        await provision(connection.nc, streams=[WORK], buckets=[], consumers=[ONE])
        publisher = Publisher(connection.nc)
        consumer = Consumer(connection.nc, publisher, ONE, bytes, handler)
        await consumer.start()
        await publisher.publish("work.a", b"before", stream="WORK", msg_id="before")

        for side in ("--dport", "--sport"):
            _iptables("-A", "INPUT", "-p", "tcp", side, str(server.port), "-j", "DROP")
        publishing = asyncio.create_task(_insist(publisher))
        await asyncio.sleep(PARTITION_SECONDS)
        _iptables("-F", "INPUT")
        healed = time.monotonic()

        failed = await publishing
        stored_after = time.monotonic() - healed
        while "after" not in handled:
            await asyncio.sleep(0.01)
        handled_after = time.monotonic() - healed
        await consumer.stop()
    return {
        "failed_meanwhile": failed,
        "stored_after": stored_after,
        "handled_after": handled_after,
        "handled": handled,
    }


async def _insist(publisher: Publisher) -> int:
    """Publish until it is stored; how often it failed."""
    failed = 0
    while True:
        try:
            await publisher.publish("work.a", b"after", stream="WORK", msg_id="after")
        except PublishFailed:
            failed += 1
        else:
            return failed


def _iptables(*arguments: str) -> None:
    subprocess.run(["iptables", *arguments], check=True)


if __name__ == "__main__":
    sys.stdout.buffer.write(orjson.dumps(asyncio.run(_scenario(Path(sys.argv[1])))) + b"\n")
