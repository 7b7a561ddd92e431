from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest
from support.simulated import BOT_TOKEN, USER_TOKEN, World, receiver, simulator

from simulator.client import SimulatorClient


@pytest.fixture
async def world() -> AsyncIterator[World]:
    async with receiver() as hooks, simulator(hooks) as started, SimulatorClient(started.url) as control:
        base = f"{started.url}/chatwoot/api/v1/accounts/1"
        async with (
            httpx.AsyncClient(base_url=base, headers={"api_access_token": BOT_TOKEN}) as bot,
            httpx.AsyncClient(base_url=base, headers={"api_access_token": USER_TOKEN}) as user,
        ):
            yield World(started, hooks, control, bot, user)
