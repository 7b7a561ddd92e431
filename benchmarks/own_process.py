"""Measuring parts run in processes of their own, so that they share no event loop with what they measure."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import orjson

from benchmarks import ROOT


async def run(module: str, plan: Any) -> Any:
    """Run a module with a plan on its standard input (a command line is no place for a key); it prints JSON."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", module, cwd=ROOT, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
    )
    output, _ = await process.communicate(orjson.dumps(plan))
    if process.returncode:
        raise RuntimeError(f"{module} ended with code {process.returncode}")
    return orjson.loads(output)


@asynccontextmanager
async def serving(module: str, *arguments: str) -> AsyncIterator[int]:
    """A server that prints a line when it is ready, as long as the block lasts; gives its process id."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", module, *arguments, cwd=ROOT, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    try:
        if not await asyncio.wait_for(process.stdout.readline(), 20):
            raise RuntimeError(f"{module} did not start")
        yield process.pid
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()
