"""What the demo does on a running system: teach the sample company, play the conversation, say how it went."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime

import httpx

from cli.broker import connected
from cli.console import Console
from cli.demo_world import TENANT
from cli.output import FAILED, OK
from cli.settings import CliSettings
from common.errors import NotReady
from common.nats.bucket import Bucket
from odoo_api.api_keys import BUCKET, create_key, list_keys, revoke_key
from simulator.client import SimulatorClient
from simulator.scenario import StepResult, play

_READY_SECONDS = 60.0
_KEY_NAME = "demo"


class Stage:
    """The play. `admin` is the operator's way to the broker, to make the company's API key."""

    def __init__(self, console: Console, *, once: bool) -> None:
        self._console = console
        self._once = once
        self._began = time.monotonic()

    async def play(self, url: str, admin: CliSettings) -> int | None:
        """Teach the company, play the conversation, show the page; the exit code, or None to stay.

        Raises:
            NotReady: the system does not become healthy, or refuses the company's knowledge.
        """
        await _wait_until_healthy(url)
        self._say(f"ready after {time.monotonic() - self._began:.1f} s")
        async with SimulatorClient(url) as simulator:
            await self._teach(url, admin, simulator)
            self._say("\nA customer writes on WhatsApp ...\n")
            played = await play(simulator, on_step=self._show_step)
        self._say("\n" + played.transcript.render() + "\n")
        for trouble in played.troubles:
            self._say(f"  FAIL  {trouble}")
        self._say("Every message ended as it should." if played.ok else "Not every message ended as it should.")
        if self._once:
            return OK if played.ok else FAILED
        self._say(f"\nWrite as a customer yourself: {url}/simulator\n")
        return None

    async def _teach(self, url: str, admin: CliSettings, simulator: SimulatorClient) -> None:
        """Send the sample company's knowledge the way the Odoo module does: over the public API."""
        headers = {"Authorization": f"Bearer {await _new_key(admin)}"}
        began, total = time.monotonic(), 0
        async with httpx.AsyncClient(base_url=url, headers=headers, timeout=60, trust_env=False) as client:
            knowledge = await simulator.knowledge()
            for kind, items in knowledge.items():
                # The hubs read one stream in order: who has the last kind has all of them.
                wait = {"wait": "indexed"} if kind == list(knowledge)[-1] else {}
                answer = await client.put(f"/api/v1/knowledge/{kind}", params=wait, json={"items": items})
                if answer.status_code != httpx.codes.OK or answer.json()["rejected"]:
                    raise NotReady(f"the {kind} items were not accepted: {answer.status_code} {answer.text[:500]}")
                total += len(items)
        self._say(f"taught {total} items of the sample company in {time.monotonic() - began:.1f} s")

    def _show_step(self, result: StepResult) -> None:
        took = f"{result.seconds:.2f} s" if result.seconds is not None else "no answer"
        self._say(f"  {'ok  ' if not result.troubles else 'FAIL'}  {result.step.title} ({took})")
        for trouble in result.troubles:
            self._say(f"        {trouble}")

    def _say(self, text: str) -> None:
        self._console.say(text)


async def _new_key(admin: CliSettings) -> str:
    async with connected(admin, connect_seconds=10) as connection:
        keys, now = Bucket(connection.nc, BUCKET), datetime.now(UTC)
        # A demo on a system that runs already may have been there before; its key was shown to nobody.
        for each in await list_keys(keys, TENANT):
            if each.name == _KEY_NAME:
                await revoke_key(keys, TENANT, each.key_id, now=now)
        return (await create_key(keys, TENANT, now=now, name=_KEY_NAME)).key


async def _wait_until_healthy(url: str) -> None:
    deadline = time.monotonic() + _READY_SECONDS
    async with httpx.AsyncClient(timeout=5, trust_env=False) as client:
        while True:
            try:
                answer = await client.get(f"{url}/health")
                if answer.status_code == httpx.codes.OK:
                    return
                state = answer.text
            except httpx.HTTPError as error:
                state = type(error).__name__
            if time.monotonic() > deadline:
                raise NotReady(f"the system is not ready after {_READY_SECONDS:g} s: {state}")
            await asyncio.sleep(0.2)
