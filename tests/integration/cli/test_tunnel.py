from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from support.cli import ODOO_AI, environment, odoo_ai, write_tenant

from simulator.app import Simulator, running
from simulator.settings import SimulatorSettings

OLD = "https://old.example/webhook/chatwoot/acme"
PUBLIC = "https://public.example"
TENANT = """\
tenant: acme
chatwoot:
  base_url: {url}/chatwoot
  account_id: 1
  bot_token: simulated-bot-token
  user_token: simulated-user-token
  webhook_secret: simulated-bot-webhook-secret
"""


@pytest.fixture
async def simulator(tmp_path: Path) -> AsyncIterator[Simulator]:
    async with running(SimulatorSettings(simulator_port=0, simulator_webhook_url=OLD)) as simulator:
        write_tenant(tmp_path, "acme", TENANT.format(url=simulator.url))
        yield simulator


def bot_url(simulator: Simulator) -> str:
    (bot,) = simulator.state.chatwoot.world.accounts[1].bots.values()
    return bot.outgoing_url


async def begin(folder: Path, *arguments: str) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        *ODOO_AI,
        "tunnel",
        *arguments,
        cwd=folder,
        env=environment(folder),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )


async def test_chatwoot_is_pointed_here_while_the_tunnel_is_open_and_put_back_after(
    tmp_path: Path, simulator: Simulator
) -> None:
    process = await begin(tmp_path, "--url", PUBLIC, "--set-chatwoot", "acme")
    assert process.stdout is not None
    lines: list[str] = []
    while not lines or not lines[-1].startswith("Ctrl-C"):
        line = await process.stdout.readline()
        assert line, lines
        lines.append(line.decode().rstrip())
    during = bot_url(simulator)
    process.send_signal(signal.SIGINT)
    rest = (await process.stdout.read()).decode()

    assert lines[0] == f"PUBLIC_URL={PUBLIC}"
    assert during == f"{PUBLIC}/webhook/chatwoot/acme"
    assert await process.wait() == 0
    assert bot_url(simulator) == OLD
    assert f"put back to {OLD}" in rest


async def test_it_can_be_left_as_it_was_set(tmp_path: Path, simulator: Simulator) -> None:
    process = await begin(tmp_path, "--url", PUBLIC, "--set-chatwoot", "acme", "--leave")
    output, _ = await process.communicate()

    assert process.returncode == 0, output
    assert bot_url(simulator) == f"{PUBLIC}/webhook/chatwoot/acme"


async def test_a_refused_token_is_an_error_and_nothing_is_changed(tmp_path: Path, simulator: Simulator) -> None:
    write_tenant(tmp_path, "acme", TENANT.format(url=simulator.url).replace("simulated-user-token", "wrong"))
    process = await begin(tmp_path, "--url", PUBLIC, "--set-chatwoot", "acme")
    output, _ = await process.communicate()

    assert process.returncode == 1
    assert b"401" in output
    assert bot_url(simulator) == OLD


def test_without_token_and_address_it_says_what_to_do(tmp_path: Path) -> None:
    refused = odoo_ai(tmp_path, "tunnel", env={"NGROK_AUTH_TOKEN": "", "PUBLIC_URL": ""})

    assert refused.returncode == 2
    assert "NGROK_AUTH_TOKEN" in refused.stderr
    assert "--url" in refused.stderr


def test_an_unknown_tenant_is_refused_before_anything_is_opened(tmp_path: Path) -> None:
    refused = odoo_ai(tmp_path, "tunnel", "--url", PUBLIC, "--set-chatwoot", "nobody")

    assert refused.returncode == 2
    assert "PUBLIC_URL" not in refused.stdout


SCRIPTS = Path(__file__).parents[3] / "scripts"


@pytest.mark.parametrize(
    ("script", "says"), [("start_unified_server.py", "Usage: odoo-ai up"), ("start_ngrok_unified.py", "odoo-ai tunnel")]
)
def test_the_scripts_of_the_unified_server_go_on_as_the_command(tmp_path: Path, script: str, says: str) -> None:
    path = SCRIPTS / script
    done = subprocess.run(
        [sys.executable, str(path), "--help"], cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False
    )

    assert path.stat().st_mode & 0o111
    assert done.returncode == 0, done.stderr
    assert says in done.stdout
