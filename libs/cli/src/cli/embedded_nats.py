"""The nats-server that `odoo-ai up` brings along: its keys, its configuration, its process."""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import dataclass
from pathlib import Path

import orjson

from cli.binaries import find_binary
from cli.nats_keys import ensure_credentials
from cli.process import ProcessSpec
from cli.process_logs import LineSink
from common.nats.server_config import ServerConfig, render_server_config

_LOOPBACK = "127.0.0.1"


@dataclass(frozen=True)
class EmbeddedNats:
    """A prepared server: everything is on disk, nothing runs yet."""

    url: str
    keys_dir: Path
    config_file: Path
    run_file: Path
    port: int

    def announce(self) -> None:
        """Tell other commands on this machine where the broker is."""
        self.run_file.parent.mkdir(parents=True, exist_ok=True)
        draft = self.run_file.with_suffix(".tmp")
        draft.write_bytes(orjson.dumps({"url": self.url, "keys": str(self.keys_dir)}))
        draft.replace(self.run_file)

    def withdraw(self) -> None:
        """It runs no more."""
        self.run_file.unlink(missing_ok=True)


def prepare(data_dir: Path, port: int) -> EmbeddedNats:
    """Make keys and configuration under `<data>/nats`.

    Raises:
        ConfigurationError: a key is unusable.
    """
    home = (data_dir / "nats").resolve()
    home.mkdir(parents=True, exist_ok=True)
    credentials = ensure_credentials(home / "keys")
    config = ServerConfig(
        store_dir=home / "store",
        public_keys={user: each.public_key for user, each in credentials.items()},
        host=_LOOPBACK,
        port=port,
    )
    config_file = home / "nats-server.conf"
    config_file.write_text(render_server_config(config))
    return EmbeddedNats(
        url=f"nats://{_LOOPBACK}:{port}",
        keys_dir=home / "keys",
        config_file=config_file,
        run_file=data_dir / "run" / "nats.json",
        port=port,
    )


def process_spec(nats: EmbeddedNats, output: LineSink) -> ProcessSpec:
    """How to run the server.

    Raises:
        ConfigurationError: the program is not installed.
    """
    return ProcessSpec(
        name="nats",
        command=[str(find_binary("nats-server")), "--config", str(nats.config_file)],
        environment={},
        output=output,
        ready=lambda: greets(nats.port),
        stop_seconds=15.0,
    )


async def greets(port: int) -> bool:
    """Whether a NATS server answers on a port."""
    try:
        async with asyncio.timeout(1.0):
            reader, writer = await asyncio.open_connection(_LOOPBACK, port)
            try:
                return (await reader.readline()).startswith(b"INFO ")
            finally:
                writer.close()
                with contextlib.suppress(OSError):
                    await writer.wait_closed()
    except (OSError, TimeoutError):
        return False
