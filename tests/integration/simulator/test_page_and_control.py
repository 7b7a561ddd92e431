from __future__ import annotations

import asyncio
import json
import re
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from support.simulated import World, simulator, until

from common.knowledge import KNOWLEDGE_KINDS, parse_item
from simulator.client import NotInTime, SimulatorClient, SimulatorFailed
from simulator.state import NewAccount


async def test_page_needs_nothing_from_elsewhere_and_only_relative_addresses() -> None:
    async with simulator() as started, httpx.AsyncClient(base_url=started.url) as http:
        moved = await http.get("/simulator")
        page = await http.get("/simulator/")
        linked = re.findall(r'(?:src|href)="([^"]+)"', page.text)
        files = [await http.get(f"/simulator/{each}") for each in set(linked)]

    assert (moved.status_code, moved.headers["location"]) == (302, "simulator/")
    assert page.headers["content-type"].startswith("text/html")
    assert len(files) == 4
    assert all(each.status_code == 200 and each.content for each in files)
    scripts = "".join(each.text for each in files)
    assert not [each for each in linked if each.startswith(("/", "http"))]
    assert not re.findall(r"""["'`(]/(?:simulator|api|static)""", scripts)


async def test_every_word_of_the_page_is_there_in_three_languages() -> None:
    async with simulator() as started, httpx.AsyncClient(base_url=started.url) as http:
        page = (await http.get("/simulator/")).text
        script = (await http.get("/simulator/static/page.js")).text
        words = (await http.get("/simulator/static/words.js")).text

    used = set(re.findall(r'data-[tp]="([^"]+)"', page)) | set(re.findall(r'\bt\("([a-z_A-Z]+)"\)', script))
    used |= set(re.findall(r'\["(f_[a-z_0-9]+)"', script))
    for language in ("pt", "es", "en"):
        part = words.split(f"\n  {language}: {{", 1)[1].split("\n  },", 1)[0]
        assert used <= set(re.findall(r"\b([a-zA-Z_0-9]+): \"", part)), language


async def test_watcher_is_told_of_changes_and_sent_away_at_the_end() -> None:
    async with simulator() as started, SimulatorClient(started.url) as control:
        customer = await control.create_customer("Rui", "+5531995550107")
        async with httpx.AsyncClient() as http:
            async with http.stream("GET", f"{started.url}/simulator/api/accounts/1/events") as stream:
                lines = stream.aiter_lines()
                assert await anext(lines) == ": connected"
                conversation, _ = await control.send(customer, "Oi")
                data = [line async for line in _until_event(lines, "message_created")]
                stopping = asyncio.get_running_loop().time()

                started.state.chatwoot.live.close()
                rest = [line async for line in lines]

    assert json.loads(data[-1].removeprefix("data: ")) == {"event": "message_created", "conversation_id": conversation}
    assert asyncio.get_running_loop().time() - stopping < 3
    assert all("message" not in line or line.startswith("data: ") for line in rest)


async def _until_event(lines: AsyncIterator[str], name: str) -> AsyncIterator[str]:
    async for line in lines:
        if line.startswith("data: "):
            yield line
            if name in line:
                return


async def test_knowledge_is_served_as_the_knowledge_api_takes_it() -> None:
    async with simulator() as started, SimulatorClient(started.url) as control:
        knowledge = await control.knowledge()

    assert set(knowledge) == set(KNOWLEDGE_KINDS)
    for kind in KNOWLEDGE_KINDS:
        assert all(parse_item(kind, each) for each in knowledge[kind])


@pytest.mark.parametrize(
    ("method", "path", "body", "reason"),
    [
        ("POST", "/accounts/1/customers", {"name": "Rui", "phone": "31"}, "422"),
        ("POST", "/accounts/1/customers", {"nome": "Rui"}, "422"),
        ("POST", "/accounts/7/customers", {"name": "Rui"}, "no such account"),
        ("POST", "/accounts/1/customers/99/messages", {"texts": ["Oi"]}, "no such customer"),
        ("POST", "/accounts/1/conversations/99/actions", {"action": "resolve"}, "no such conversation"),
        ("GET", "/odoo/databases/demo/products/NOPE", None, "no such product"),
        ("GET", "/odoo/databases/nope/products", None, "no such database"),
        ("DELETE", "/faults/99", None, "no such fault"),
    ],
)
async def test_wrong_control_calls_say_what_is_wrong(
    world: World, method: str, path: str, body: object, reason: str
) -> None:
    with pytest.raises(SimulatorFailed, match=reason):
        await world.control.call(method, path, body)


async def test_account_cannot_be_made_twice(world: World) -> None:
    with pytest.raises(SimulatorFailed, match="409"):
        await world.control.create_account(NewAccount(id=1))


async def test_waiting_in_vain_shows_the_conversation(world: World) -> None:
    conversation = await world.write("alguém aí?")

    with pytest.raises(NotInTime, match=r"a reply was not seen within 0\.1 s(.|\n)*alguém aí"):
        await world.control.wait_for(conversation, lambda _: False, timeout=0.1, what="a reply")


async def test_health_tells_that_it_runs() -> None:
    async with simulator() as started, httpx.AsyncClient(base_url=started.url) as http:
        assert (await http.get("/health")).json()["service"] == "simulator"


async def test_process_starts_alone_and_stops_cleanly(tmp_path: Path) -> None:
    environment = {"SIMULATOR_PORT": "0", "LOG_DIR": str(tmp_path), "LOG_LEVEL": "INFO", "PATH": "/usr/bin:/bin"}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "simulator", env=environment, stdout=asyncio.subprocess.PIPE, cwd=tmp_path
    )
    assert process.stdout is not None
    url = ""
    while not url:
        line = json.loads(await asyncio.wait_for(process.stdout.readline(), 20))
        url = line.get("url", "")
    async with SimulatorClient(url) as control:
        assert (await control.wait_ready())["odoo"]["databases"] == ["demo"]
    process.send_signal(signal.SIGTERM)
    await process.communicate()

    assert process.returncode == 0
    assert (tmp_path / "simulator.log").exists()


async def test_many_conversations_come_through_and_every_reply_is_stored_once(world: World) -> None:
    """What end-to-end tests ask of it: many conversations at once, each message to the bot, each reply to the phone."""
    await world.control.change_account(1, account_webhook_url="")
    customers = await asyncio.gather(
        *(world.control.create_customer(f"C{each}", f"+553199{each:07d}") for each in range(150))
    )
    gate = asyncio.Semaphore(20)

    async def talk(customer: int) -> int:
        async with gate:
            conversation, _ = await world.control.send(customer, "Oi")
            stamp = {"odoo_ai": {"command_id": f"c{customer}:0", "turn_id": f"c{customer}"}}
            body = {"content": "Olá!", "content_attributes": stamp}
            answer = await world.bot.post(f"/conversations/{conversation}/messages", json=body)
            assert answer.status_code == 200
            return conversation

    conversations = await asyncio.gather(*map(talk, customers))
    await world.control.wait_webhooks_sent()

    counters = await world.control.counters()
    assert len(set(conversations)) == 150
    assert len(counters["stored_per_command"]) == 150
    assert counters["duplicates"] == {}
    await until(lambda: len(world.receiver.at_bot("message_created")) == 300, 20)
