"""Aim: what `odoo-ai up` takes when nothing happens.

The real command with one tenant file; half a minute after everything is ready the memory of all its processes is
added up: resident memory (RSS), which counts what processes share once for each, and beside it the proportional share
(PSS), which is what the machine really gives. The rival is the same without our code: broker and gateway, and as many
Python processes that only import the libraries we build on.
"""

from __future__ import annotations

import asyncio
import shutil
import signal
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import httpx
import psutil
from support.nats_server import free_port

from benchmarks import ROOT
from benchmarks.installation import clean_environment
from benchmarks.report import Finding, Options

_MIB = 1024 * 1024
_LIBRARIES = "aiohttp, httpx, nats, orjson, pydantic, pydantic_settings, structlog, uvloop, opentelemetry.sdk.trace"
_TENANT = """
tenant: bench
chatwoot:
  base_url: http://127.0.0.1:9
  account_id: 1
  bot_token: bot
  webhook_secret: secret
"""


async def run(options: Options) -> list[Finding]:
    """Start, wait, count."""
    shutil.rmtree(options.data_dir, ignore_errors=True)
    tenants = options.data_dir / "config" / "tenants"
    tenants.mkdir(parents=True)
    (tenants / "bench.yaml").write_text(_TENANT)
    port = free_port()
    environment = {
        **clean_environment(),
        **{f"{name}_PORT": str(free_port()) for name in ("NATS", "WEBHOOK", "ODOO_API", "HUB")},
        "SERVER_PORT": str(port),
        "ODOO_AI_CONFIG": str(options.data_dir / "config"),
        "ODOO_AI_DATA": str(options.data_dir),
        "LOG_DIR": str(options.data_dir / "logs"),
    }
    up = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "cli", "up", env=environment, stdout=asyncio.subprocess.DEVNULL
    )
    try:
        await _healthy(f"http://127.0.0.1:{port}/health")
        await asyncio.sleep(options.pick(30, 5))
        processes = [psutil.Process(up.pid), *psutil.Process(up.pid).children(recursive=True)]
        rss, pss = _memory(processes)
        with _bare_pythons(sum(_is_python(each) for each in processes)) as bare:
            await asyncio.sleep(3)
            others = [each for each in processes if not _is_python(each)]
            rival_rss, rival_pss = _memory([*others, *bare])
    finally:
        up.send_signal(signal.SIGTERM)
        await up.wait()
    total, rival = sum(rss.values()), sum(rival_rss.values())
    return [
        Finding(
            "idle memory of `odoo-ai up`",
            "< 450 MB",
            f"{total:.0f} MB RSS ({sum(pss.values()):.0f} MB PSS), {len(processes)} processes",
            f"libraries, broker, gateway {rival:.0f} MB RSS ({sum(rival_pss.values()):.0f} MB PSS)",
            total / rival,
            total < 450,
            {"rss_mb": rss, "pss_mb": pss},
        )
    ]


def _memory(processes: Sequence[psutil.Process]) -> tuple[dict[str, float], dict[str, float]]:
    found = [(_name(each), each.memory_full_info()) for each in processes]
    rss = {f"{name}": info.rss / _MIB for name, info in found}
    return rss, {f"{name}": info.pss / _MIB for name, info in found}


def _name(process: psutil.Process) -> str:
    words = process.cmdline()
    return f"{' '.join(Path(word).name for word in words[:3])} ({process.pid})"


def _is_python(process: psutil.Process) -> bool:
    return "python" in process.name()


@contextmanager
def _bare_pythons(number: int) -> Iterator[Sequence[psutil.Process]]:
    code = f"import {_LIBRARIES}, time; time.sleep(600)"
    started = [psutil.Popen([sys.executable, "-c", code], cwd=ROOT) for _ in range(number)]
    try:
        yield started
    finally:
        for each in started:
            each.kill()
            each.wait()


async def _healthy(url: str, *, seconds: float = 90.0) -> None:
    deadline = time.monotonic() + seconds
    async with httpx.AsyncClient(timeout=5, trust_env=False) as client:
        while True:
            try:
                if (await client.get(url)).status_code == httpx.codes.OK:
                    return
            except httpx.HTTPError:
                pass
            if time.monotonic() > deadline:
                raise RuntimeError(f"not healthy after {seconds:g} s")
            await asyncio.sleep(0.3)
