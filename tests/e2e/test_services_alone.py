"""Each service starts alone against a broker that knows nothing yet."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from pathlib import Path

import httpx
import pytest
from support.nats_server import NatsServer, free_port

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(90)]

TENANT = """
tenant: acme
chatwoot:
  base_url: http://127.0.0.1:9
  account_id: 1
  bot_token: ${ACME_BOT}
  webhook_secret: ${ACME_SECRET}
"""


@pytest.mark.parametrize(
    ("service", "variable"), [("webhook", "WEBHOOK_PORT"), ("odoo_api", "ODOO_API_PORT"), ("hub", "HUB_PORT")]
)
async def test_a_service_starts_alone_gets_ready_and_stops_cleanly(tmp_path: Path, service: str, variable: str) -> None:
    (tmp_path / "config" / "tenants").mkdir(parents=True)
    (tmp_path / "config" / "tenants" / "acme.yaml").write_text(TENANT)
    port = free_port()
    async with NatsServer(tmp_path / "nats") as nats:
        environment = {
            **os.environ,
            "NATS_URL": nats.url,
            "ODOO_AI_CONFIG": str(tmp_path / "config"),
            "LOG_DIR": str(tmp_path / "logs"),
            "ACME_BOT": "bot",
            "ACME_SECRET": "secret",
            variable: str(port),
        }
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", service, env=environment, cwd=tmp_path, stdout=asyncio.subprocess.PIPE
        )
        try:
            report = await healthy(port)
            assert report["service"] == service
            if service == "webhook":
                answer = httpx.post(f"http://127.0.0.1:{port}/webhook/chatwoot/acme", json={})
                assert answer.status_code in (400, 401), answer.text
        finally:
            process.send_signal(signal.SIGTERM)
            output, _ = await asyncio.wait_for(process.communicate(), 20)
        assert process.returncode == 0, output.decode()[-2000:]
        assert (tmp_path / "logs" / f"{service}.log").exists()
        assert list((tmp_path / "logs").glob("*_unified_server.log"))


async def healthy(port: int, *, seconds: float = 30.0) -> dict[str, str]:
    async with httpx.AsyncClient() as client:
        for _ in range(int(seconds * 10)):
            try:
                answer = await client.get(f"http://127.0.0.1:{port}/health")
            except httpx.HTTPError:
                answer = None
            if answer is not None and answer.status_code == 200:
                return dict(answer.json())
            await asyncio.sleep(0.1)
    raise AssertionError(f"not healthy within {seconds:g} s")
