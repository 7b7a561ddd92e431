"""What each fault of Chatwoot does to replies: posted exactly once, in order, and the neighbours do not notice.

`python -m benchmarks.sender_faults` prints the table. Two processes of the webhook service send through the real broker
to the simulator's Chatwoot, a process of its own. For every fault a number of conversations meet it once, in the middle
of three replies, while many others get theirs; the same load without a fault is measured right before and after.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks import ROOT
from benchmarks.installation import TENANT, Installation, Wanted, installed
from benchmarks.report import percentile
from common.commands import SendMessage
from common.events import CHATWOOT_EVENTS, CommandGivenUp
from common.nats.api import call, stored_message
from common.nats.bucket import Bucket
from common.nats.publisher import Publisher
from common.nats.topology import BUCKET_PARKED, CHATWOOT_COMMANDS, DEAD_LETTERS
from common.nats.topology import CHATWOOT_EVENTS as EVENTS_STREAM
from common.subjects import chatwoot_command

REPLIES_EACH = 3
NEIGHBOURS = 40
RATE = 30.0
"""Replies a second to neighbours."""
_PATIENCE_SECONDS = 90.0
_WORSE_AT_MOST = 1.2
# Under this a difference is the noise of a machine that runs everything at once.
_NOISE_SECONDS = 0.005

FAULTS: Mapping[str, dict[str, Any]] = {
    "429 with Retry-After 1": {"kind": "status", "status": 429, "retry_after": 1},
    "500": {"kind": "status", "status": 500},
    "503": {"kind": "status", "status": 503},
    "500 after storing": {"kind": "applied_then_status", "status": 500},
    "502 after storing": {"kind": "applied_then_status", "status": 502},
    "time-out before storing": {"kind": "timeout"},
    "time-out after storing": {"kind": "applied_then_timeout"},
    "reset before storing": {"kind": "reset"},
    "reset after storing": {"kind": "applied_then_reset"},
    "200 with HTML": {"kind": "html"},
    "redirect": {"kind": "redirect"},
    "200 with half a JSON": {"kind": "garbage"},
    "slow, 3 s": {"kind": "slow", "delay": 3.0},
    "external_error later": {"surface": "whatsapp", "kind": "fail", "endpoint": "send"},
    "closed window": {},
}
_LIMIT = "429 with Retry-After 1"
_WINDOW = "closed window"


@dataclass(frozen=True)
class Row:
    """One line of the table."""

    fault: str
    times: int
    exactly_once: int
    in_order: int
    wanted: int
    calm: float
    troubled: float
    longest: float
    dead: int
    note: str = ""

    @property
    def good(self) -> bool:
        """Whether nothing was lost, doubled or reordered, and the neighbours' p95 is within the aim."""
        # After a 429 the whole tenant pauses, because the limit is the whole tenant's.
        near = (
            self.fault == _LIMIT
            or self.troubled <= self.calm * _WORSE_AT_MOST
            or self.troubled - self.calm <= _NOISE_SECONDS
        )
        return self.exactly_once == self.in_order == self.wanted and not self.dead and near

    def cells(self) -> tuple[str, ...]:
        """As text."""
        ratio = self.troubled / self.calm if self.calm else float("nan")
        return (
            self.fault,
            str(self.times),
            f"{self.exactly_once}/{self.wanted}",
            f"{self.in_order}/{self.wanted}",
            f"{self.calm * 1e3:.0f}",
            f"{self.troubled * 1e3:.0f}",
            f"{ratio:.2f}",
            f"{self.longest:.1f}",
            ("yes" if self.good else "NO") + (f" ({self.note})" if self.note else ""),
        )


HEADS = (
    "fault", "times", "exactly once", "in order", "p95 calm, ms", "p95, ms", "ratio", "longest, s", "good",
)  # fmt: skip


@dataclass
class Talk:
    """Publishes replies as the hub does, and knows when."""

    system: Installation
    sent: dict[str, float]
    round: int = 0

    async def reply(self, conversation: int, number: int) -> str:
        """Order one reply; returns its command's id."""
        turn_id = f"{TENANT}.{conversation}.{self.round}.{number}"
        command = SendMessage(
            command_id=f"{turn_id}:1",
            turn_id=turn_id,
            tenant=TENANT,
            account_id=1,
            conversation_id=conversation,
            issued_at=datetime.now(UTC),
            text=f"Resposta {number}",
        )
        self.sent[command.command_id] = time.time()
        await Publisher(self.system.admin.nc).publish(
            chatwoot_command(TENANT, conversation), command, stream=CHATWOOT_COMMANDS, msg_id=command.command_id
        )
        return command.command_id

    async def steadily(self, conversations: list[int], seconds: float) -> list[str]:
        """Neighbours get replies at the rate, one after the other."""
        ids, began = [], time.monotonic()
        for index in range(int(RATE * seconds)):
            await asyncio.sleep(max(0.0, began + index / RATE - time.monotonic()))
            ids.append(await self.reply(conversations[index % len(conversations)], index))
        return ids

    async def in_threes(self, conversations: Iterable[int], gap: float) -> list[str]:
        """Every victim gets three replies at once; the victims come one after the other."""
        ids = []
        for conversation in conversations:
            ids += [await self.reply(conversation, number) for number in range(1, REPLIES_EACH + 1)]
            await asyncio.sleep(gap)
        return ids


async def measure(data_dir: Path, times: int, only: list[str]) -> list[Row]:
    """All rows."""
    wanted = Wanted(
        scale={"webhook": 2, "hub": 1},
        environ={
            "CHATWOOT_REQUEST_SECONDS": "2",
            "WEBHOOK_SETTLE_SECONDS": "3",
            "SIMULATOR_WEBHOOK_THREADS": "64",
            "SENDER_LONGEST_DELAY_SECONDS": "5",
        },
    )
    async with installed(data_dir, wanted) as system:
        # The sender alone: nobody else speaks, and reports stay where they can be counted.
        await system.stop("hub", "odoo_api", "gateway")
        await system.chat.change_account(1, bot_webhook_url=None)
        neighbours = [await _conversation(system, f"Vizinho {number}") for number in range(NEIGHBOURS)]
        talk = Talk(system, {})
        await _settled(system, await talk.steadily(neighbours, 1.5))
        return [await _row(talk, neighbours, name, times) for name in only or list(FAULTS)]


async def _row(talk: Talk, neighbours: list[int], name: str, times: int) -> Row:
    system = talk.system
    victims, spared = [[await _conversation(system, f"{name} {number}") for number in range(times)] for _ in range(2)]
    first, second = spared[: times // 2], spared[times // 2 :]
    seconds = max(3.0, times * 0.2 + 1.5)
    talk.round += 1
    await system.chat.clear_counters()
    calm = await _calm(talk, neighbours, first, seconds / 2)
    dead = await _dead(system)
    await _prepare(system, name, victims)
    near, hit = await asyncio.gather(talk.steadily(neighbours, seconds), talk.in_threes(victims, 0.2))
    await _settled(system, near if name == _WINDOW else [*near, *hit])
    troubled = await _latencies(talk, near)
    times_of = await _latencies_by_id(talk, hit)
    once, ordered, expected = await _evidence(system, victims, hit, closed=name == _WINDOW)
    calm += await _calm(talk, neighbours, second, seconds / 2)
    notes = {_LIMIT: "the pause is the whole tenant's, as the limit is", _WINDOW: "none posted, each told to the hub"}
    return Row(
        name, times, once, ordered, expected,
        percentile(calm, 0.95), percentile(troubled, 0.95), max(times_of.values(), default=0.0),
        await _dead(system) - dead, notes.get(name, ""),
    )  # fmt: skip


async def _calm(talk: Talk, neighbours: list[int], spared: list[int], seconds: float) -> list[float]:
    """The neighbours' times under the same load, when nobody meets a fault."""
    talk.round += 1
    await talk.system.chat.clear_counters()
    near, _ = await asyncio.gather(talk.steadily(neighbours, seconds), talk.in_threes(spared, 0.2))
    found = await _latencies(talk, near)
    talk.round += 1
    await talk.system.chat.clear_counters()
    return found


async def _prepare(system: Installation, name: str, victims: list[int]) -> None:
    if name == _WINDOW:
        for victim in victims:
            await system.chat.act(victim, "close_window")
        return
    spec = {"surface": "chatwoot", "endpoint": "create_message", **FAULTS[name]}
    for victim in victims:
        # The first reply gets through, the second meets the fault, the third waits behind it.
        await system.chat.set_fault(**spec, conversation=victim, count=1, skip=1)


async def _conversation(system: Installation, name: str) -> int:
    customer = await system.chat.create_customer(name)
    conversation, _ = await system.chat.send(customer, "oi")
    return conversation


async def _settled(system: Installation, ids: list[str]) -> None:
    """Wait until all is stored and nothing waits."""
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < deadline:
        stored = (await system.chat.counters())["stored_per_command"]
        if all(each in stored for each in ids) and not await Bucket(system.admin.nc, BUCKET_PARKED).keys():
            return
        await asyncio.sleep(0.25)


async def _latencies(talk: Talk, ids: list[str]) -> list[float]:
    await _settled(talk.system, ids)
    return list((await _latencies_by_id(talk, ids)).values())


async def _latencies_by_id(talk: Talk, ids: list[str]) -> dict[str, float]:
    """From the order to the last POST of each reply."""
    wanted, last = set(ids), dict[str, float]()
    for each in await talk.system.chat.arrivals():
        if each["command_id"] in wanted:
            last[each["command_id"]] = each["at"] - talk.sent[each["command_id"]]
    return last


async def _evidence(system: Installation, victims: list[int], ids: list[str], *, closed: bool) -> tuple[int, int, int]:
    stored = (await system.chat.counters())["stored_per_command"]
    if closed:
        none = sum(1 for each in await _told(system) & set(ids) if each not in stored)
        return none, none, len(ids)
    once = sum(1 for each in ids if stored.get(each) == 1)
    ordered = 0
    for victim in victims:
        texts = [line.text for line in (await system.chat.transcript(victim)).lines if line.who != "customer"]
        ordered += REPLIES_EACH if texts == [f"Resposta {number}" for number in range(1, REPLIES_EACH + 1)] else 0
    return once, ordered, len(ids)


async def _told(system: Installation) -> set[str]:
    """The commands of which the hub was told that the window is closed."""
    nc, told, sequence = system.admin.nc, set[str](), 0
    query = {"next_by_subj": "events.*.*.*"}
    while message := await stored_message(nc, EVENTS_STREAM, {**query, "seq": sequence + 1}):
        sequence = message.sequence
        event = CHATWOOT_EVENTS.decode(message.data)
        if isinstance(event, CommandGivenUp) and event.reason == "window_closed":
            told.add(event.command_id)
    return told


async def _dead(system: Installation) -> int:
    state = (await call(system.admin.nc, f"STREAM.INFO.{DEAD_LETTERS}"))["state"]
    return int(state["messages"])


def rendered(rows: list[Row]) -> str:
    """The table as Markdown."""
    lines = [HEADS, *(row.cells() for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(HEADS))]
    text = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) + " |" for line in lines
    ]
    text.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return "\n".join(text)


def main() -> int:
    """Measure and print; exit 1 when a row is not as it should be."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.sender_faults", description=__doc__)
    parser.add_argument("only", nargs="*", metavar="FAULT", help=f"of: {'; '.join(FAULTS)}. All without")
    parser.add_argument("--times", type=int, default=20, help="how often each fault happens (20)")
    parser.add_argument("--data", type=Path, default=ROOT / "data" / "sender-faults", help="an empty folder on a disk")
    arguments = parser.parse_args()
    unknown = set(arguments.only) - set(FAULTS)
    if unknown:
        parser.error(f"no such fault: {', '.join(sorted(unknown))}")
    rows = asyncio.run(measure(arguments.data.resolve(), arguments.times, arguments.only))
    print(rendered(rows))
    return 0 if all(row.good for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
