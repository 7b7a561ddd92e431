from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from pydantic import SecretStr
from support.cli import odoo_ai
from support.gateway import free_port
from support.nats_server import free_port as another_port

from cli.binaries import find_binary
from cli.embedded_nats import greets
from common.errors import NotReady
from common.nats.connection import connect
from common.settings import ServiceSettings

pytestmark = pytest.mark.broker


async def test_a_server_with_this_configuration_knows_its_users_and_nobody_else(tmp_path: Path) -> None:
    port, monitor = free_port(), another_port()
    arguments = ["--keys", tmp_path / "keys", "--output", tmp_path / "nats.conf", "--store", tmp_path / "store"]
    where = ["--listen", f"127.0.0.1:{port}", "--monitor", f"127.0.0.1:{monitor}"]
    first = odoo_ai(tmp_path, "nats-config", *map(str, arguments), *where)
    written = (tmp_path / "nats.conf").read_text()
    again = odoo_ai(tmp_path, "nats-config", *map(str, arguments), *where)
    assert (first.returncode, again.returncode) == (0, 0)
    assert (tmp_path / "nats.conf").read_text() == written
    with subprocess.Popen(
        [str(find_binary("nats-server")), "-c", str(tmp_path / "nats.conf")], stderr=subprocess.DEVNULL
    ) as server:
        try:
            while not await greets(port):
                assert server.poll() is None
            url = f"nats://127.0.0.1:{port}"
            for user in ("webhook", "odoo_api", "hub", "admin"):
                seed = SecretStr((tmp_path / "keys" / user / f"{user}.seed").read_text())
                connection = await connect(ServiceSettings(nats_url=url, nats_nkey_seed=seed), user)
                assert await connection.check() is None
                await connection.close()
            with pytest.raises(NotReady):
                await connect(ServiceSettings(nats_url=url, nats_connect_seconds=1), "hub")
        finally:
            server.kill()


def test_a_wrong_address_is_named(tmp_path: Path) -> None:
    arguments = ["--keys", tmp_path, "--output", tmp_path / "nats.conf", "--store", tmp_path, "--listen", "4222"]
    refused = odoo_ai(tmp_path, "nats-config", *map(str, arguments))

    assert refused.returncode == 2
    assert "--listen" in refused.stderr
    assert not (tmp_path / "nats.conf").exists()
