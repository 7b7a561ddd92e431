from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest
from aiohttp import web
from support.simulated import BOT_TOKEN, simulator_settings

from common.health import serve_app
from simulator.app import running
from simulator.client import SimulatorClient
from simulator.scenario import SCENARIO, Stage, play, reais


@dataclass
class Bot:
    """A bot with a debounce of its own. Each flag is a way to be wrong."""

    answers_each_message: bool = False
    price_from_memory: bool = False
    forgets_the_note: bool = False
    url: str = ""
    waiting: dict[int, list[str]] = field(default_factory=dict)
    timers: dict[int, asyncio.TimerHandle] = field(default_factory=dict)
    tasks: set[asyncio.Task[None]] = field(default_factory=set)
    turns: int = 0

    async def hear(self, request: web.Request) -> web.Response:
        body = await request.json()
        if body["event"] == "message_created" and body["message_type"] == "incoming":
            conversation = body["conversation"]["id"]
            self.waiting.setdefault(conversation, []).append(body["content"])
            if conversation in self.timers:
                self.timers[conversation].cancel()
            wait = 0 if self.answers_each_message else 0.4
            self.timers[conversation] = asyncio.get_running_loop().call_later(wait, self.start, conversation)
        return web.Response()

    def start(self, conversation: int) -> None:
        texts = self.waiting.pop(conversation, [])
        if texts:
            task = asyncio.create_task(self.answer(conversation, " ".join(texts).lower()))
            self.tasks.add(task)
            task.add_done_callback(self.tasks.discard)

    async def answer(self, conversation: int, text: str) -> None:
        self.turns += 1
        turn = f"t{self.turns}"
        base = f"{self.url}/chatwoot/api/v1/accounts/1/conversations/{conversation}"
        async with httpx.AsyncClient(headers={"api_access_token": BOT_TOKEN}) as http:

            async def post(number: int, **body: Any) -> None:
                stamp = {"odoo_ai": {"command_id": f"{turn}:{number}", "turn_id": turn}}
                (await http.post(f"{base}/messages", json={**body, "content_attributes": stamp})).raise_for_status()

            if "pessoa" in text:
                if not self.forgets_the_note:
                    await post(0, content="O cliente pediu uma pessoa.", private=True)
                await http.post(f"{base}/toggle_status", json={"status": "open"})
                return
            await post(0, content=await self.words(http, text))

    async def words(self, http: httpx.AsyncClient, text: str) -> str:
        if "liquidificador" in text:
            price, stock = (1.0, 14.0) if self.price_from_memory else await self.live(http)
            return f"Custa R$ {reais(price)} e temos {stock:g} unidades."
        if "troca" in text:
            return "Você pode trocar em até 30 dias."
        if any(word in text for word in ("entrega", "frete", "chega")):
            return "Entregamos em até 2 dias úteis."
        return "Olá!"

    async def live(self, http: httpx.AsyncClient) -> tuple[float, float]:
        headers = {"Authorization": "Bearer simulated-odoo-api-key"}
        path = f"{self.url}/odoo/json/2/product.product"
        price = await http.post(
            f"{path}/get_contextual_price", json={"ids": [101], "context": {"pricelist": 1}}, headers=headers
        )
        stock = await http.post(f"{path}/read", json={"ids": [101], "fields": ["free_qty"]}, headers=headers)
        return price.json(), stock.json()[0]["free_qty"]


@asynccontextmanager
async def shop(bot: Bot) -> AsyncIterator[SimulatorClient]:
    app = web.Application()
    app.router.add_post("/bot", bot.hear)
    served = await serve_app(app, "127.0.0.1", 0, shutdown_seconds=0.1)
    settings = simulator_settings(simulator_webhook_url=f"http://127.0.0.1:{served.port}/bot")
    try:
        async with running(settings) as simulator, SimulatorClient(simulator.url) as client:
            bot.url = simulator.url
            yield client
    finally:
        await served.stop()


STAGE = Stage(timeout=5, settle=0.3)


async def test_scenario_is_passed_by_a_good_bot_and_reads_well() -> None:
    seen = []
    async with shop(Bot()) as client:
        await client.change_product("LIQ-BF-VM-127", list_price=174.5, stock={1: (3, 0), 2: (4, 0)})
        played = await play(client, stage=STAGE, on_step=lambda result: seen.append(result.step.title))

    text = played.render()
    assert played.ok, text
    assert seen == [step.title for step in SCENARIO]
    assert "Custa R$ 174,50 e temos 7 unidades." in text
    assert "[private note]" in text
    assert text.count("  ok  ") == len(SCENARIO)


@pytest.mark.parametrize(
    ("bot", "step", "trouble"),
    [
        (Bot(answers_each_message=True), 1, "answered 3 times instead of once"),
        (Bot(price_from_memory=True), 2, "the live price 189,90 is not in the answer"),
        (Bot(forgets_the_note=True), 4, "0 private notes instead of one"),
    ],
    ids=["answers every message", "price from memory", "no note"],
)
async def test_scenario_is_failed_by_a_bad_bot(bot: Bot, step: int, trouble: str) -> None:
    async with shop(bot) as client:
        played = await play(client, steps=SCENARIO[step : step + 1], stage=Stage(timeout=2, settle=0.5))

    assert not played.ok
    assert trouble in played.render()


async def test_silent_bot_fails_without_hanging() -> None:
    async with running(simulator_settings()) as simulator, SimulatorClient(simulator.url) as client:
        played = await play(client, steps=SCENARIO[:1], stage=Stage(timeout=0.2, settle=0))

    assert played.results[0].troubles == ("nothing came within 0.2 s", "answered 0 times instead of once")
    assert "no answer" in played.render()
