"""`python -m benchmarks.dropped_webhooks`: webhooks are lost on purpose, and every customer is answered all the same.

The whole real system (`--processes`: of webhook and hub each); Chatwoot and WhatsApp are the simulator, which throws a
share of all its webhooks away. Every customer begins a conversation with one message or a burst of two. Afterwards each
message must have ended exactly once, each conversation must have its reply, no reply may be there twice, and what was
lost must have been answered within one sweep. Exit code 1 when one of these does not hold.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import re
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

import httpx
import orjson

from benchmarks import RESULTS, ROOT
from benchmarks.chaos.gather import Records, gather
from benchmarks.chaos.history import Evidence, Violation, check
from benchmarks.chaos.talk import Said, Talk
from benchmarks.chaos.watch import Watch
from benchmarks.installation import Installation, Wanted, installed
from benchmarks.report import percentile

DEBOUNCE_SECONDS = 1.0
SLACK_SECONDS = 12.0
"""On top of one sweep: a message rests 5 s before a sweep takes it for lost, then comes the turn."""

_SHARE_OF_BURSTS = 0.2
_GAP_SECONDS = 0.2
_SHOWN = 10
_QUESTIONS = (
    "Vocês entregam em BH?",
    "Qual o horário de vocês?",
    "Posso trocar um produto?",
    "Aceitam pix?",
    "Onde fica a loja?",
)
_METRIC = re.compile(r"^(odoo_ai_sweep_\w+_total)(?:\{([^}]*)\})? (\S+)$", re.MULTILINE)


@dataclass(frozen=True)
class Run:
    """What is asked for. `rate`: conversations a second; `share`: of the webhooks that are thrown away."""

    seconds: float
    rate: float
    share: float
    sweep_seconds: float
    requests_per_second: float
    processes: int
    seed: int
    data_dir: Path


@dataclass(frozen=True)
class Waits:
    """Seconds from a customer's last message to the first reply after it."""

    told: tuple[float, ...]
    """Of those whose webhooks all arrived."""
    lost: tuple[float, ...]
    """Of those of whom a webhook with a message was thrown away."""
    unanswered: int


@dataclass(frozen=True)
class Outcome:
    """What came of it."""

    counts: dict[str, object]
    waits: Waits
    violations: Sequence[Violation] = field(default_factory=tuple)


async def drop(run: Run) -> Outcome:
    """One run from start to verdict."""
    wanted = Wanted(
        scale={"webhook": run.processes, "hub": run.processes},
        debounce_seconds=DEBOUNCE_SECONDS,
        reconcile_seconds=run.sweep_seconds,
        environ={
            # Chatwoot's ten workers would be the queue that is measured.
            "SIMULATOR_WEBHOOK_THREADS": "64",
            "RECONCILE_REQUESTS_PER_SECOND": f"{run.requests_per_second:g}",
        },
    )
    async with installed(run.data_dir, wanted) as system:
        await system.teach_the_company()
        talk, watch = Talk(system.chat, random.Random(run.seed), run.rate), Watch(system.chat)
        records = Records(system.admin.nc)
        await records.start()
        enough = asyncio.Event()
        watcher = asyncio.create_task(watch.run(enough))
        try:
            await _write(run, talk)
            drained = await _until_ended(run, records, talk.said)
            enough.set()
            await watcher
            evidence, counters = await gather(system, talk, watch, records, frozenset())
            swept = await _swept(system)
        finally:
            watcher.cancel()
            await records.stop()
    waits = _waits(evidence, watch)
    return Outcome(
        _counts(run, evidence, watch, waits, counters["webhooks"], swept, drained), waits, _judge(run, evidence, waits)
    )


async def _write(run: Run, talk: Talk) -> None:
    """New customers at a steady rate."""
    number = max(1, round(run.rate * run.seconds))
    customers = [await talk.chat.create_customer(f"Cliente {index}") for index in range(number)]
    await talk.chat.set_fault("webhook", "drop", probability=run.share)
    began = time.monotonic()
    async with asyncio.TaskGroup() as group:
        for index, customer in enumerate(customers):
            await asyncio.sleep(max(0.0, began + index / run.rate - time.monotonic()))
            group.create_task(_say(talk, customer))


async def _say(talk: Talk, customer: int) -> None:
    texts = talk.chance.sample(_QUESTIONS, 2 if talk.chance.random() < _SHARE_OF_BURSTS else 1)
    conversation, ids = await talk.chat.send(customer, *texts, gap_seconds=_GAP_SECONDS)
    talk.said += [Said(each, conversation) for each in ids]


async def _until_ended(run: Run, records: Records, said: Sequence[Said]) -> float:
    """Wait until every message has ended; seconds it took. Two sweeps are more than it may take."""
    began = time.monotonic()
    patience = 2 * run.sweep_seconds + SLACK_SECONDS
    while records.missing([each.message_id for each in said]) and time.monotonic() - began < patience:
        await asyncio.sleep(0.5)
    took = time.monotonic() - began
    # The last replies are decided; let them be posted, and duplicates show themselves.
    await asyncio.sleep(5.0)
    return took


async def _swept(system: Installation) -> Counter[str]:
    """What the webhook processes' metrics tell of their sweeps."""
    found: Counter[str] = Counter()
    async with httpx.AsyncClient(trust_env=False) as http:
        for index in range(len(system.processes("webhook"))):
            text = (await http.get(f"http://127.0.0.1:{system.port('webhook', index)}/metrics")).text
            for name, labels, value in _METRIC.findall(text):
                event = re.search(r'event="(\w+)"', labels)
                found[event[1] if event else name] += round(float(value))
    return found


def _waits(evidence: Evidence, watch: Watch) -> Waits:
    told: list[float] = []
    lost: list[float] = []
    unanswered = 0
    for transcript in evidence.transcripts.values():
        written = [each for each in transcript.lines if each.who == "customer"]
        replies = transcript.public_replies(written[-1].id)
        if not replies:
            unanswered += 1
            continue
        arrived = all(each.id in watch.accepted_at for each in written)
        (told if arrived else lost).append(replies[0].at - written[-1].at)
    return Waits(tuple(told), tuple(lost), unanswered)


def _judge(run: Run, evidence: Evidence, waits: Waits) -> list[Violation]:
    # Whether its webhook arrived or not: every message has to end.
    demanded = {each.message_id: evidence.accepted_at.get(each.message_id, 0.0) for each in evidence.said}
    violations = check(replace(evidence, accepted_at=demanded))
    if waits.unanswered:
        violations.append(Violation("answer", f"{waits.unanswered} conversations without a reply"))
    late = [each for each in waits.lost if each > run.sweep_seconds + SLACK_SECONDS]
    if late:
        violations.append(
            Violation("sweep", f"{len(late)} lost messages answered later than one sweep, {max(late):.0f} s")
        )
    return violations


def _counts(
    run: Run,
    evidence: Evidence,
    watch: Watch,
    waits: Waits,
    webhooks: dict[str, int],
    swept: Counter[str],
    drained: float,
) -> dict[str, object]:
    said = [each.message_id for each in evidence.said]
    dropped = webhooks.get("dropped", 0)
    requests = swept["odoo_ai_sweep_requests_total"]
    return {
        "conversations": len(evidence.transcripts),
        "customer messages": len(said),
        "webhooks thrown away": dropped,
        "messages whose webhook was thrown away": sum(each not in watch.accepted_at for each in said),
        "customer messages found by sweeps": swept["CustomerMessageReceived"],
        "conversations answered": len(waits.told) + len(waits.lost),
        "conversations unanswered": waits.unanswered,
        "wait when told, s (p50, p95, max)": _spread(waits.told),
        "wait when lost, s (p50, p95, max)": _spread(waits.lost),
        "all messages ended after, s": round(drained, 1),
        "requests of sweeps to Chatwoot": requests,
        "requests of sweeps per minute": round(requests / max(run.seconds + drained, 1.0) * 60),
    }


def _spread(values: Sequence[float]) -> str:
    if not values:
        return "none"
    return ", ".join(f"{each:.2f}" for each in (percentile(values, 0.5), percentile(values, 0.95), max(values)))


def main() -> int:
    """Read the options, run, tell."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.dropped_webhooks", description=__doc__)
    parser.add_argument("--seconds", type=float, default=120.0, help="how long customers write (120)")
    parser.add_argument("--rate", type=float, default=50.0, help="conversations begun per second (50)")
    parser.add_argument("--share", type=float, default=0.2, help="of the webhooks that are thrown away (0.2)")
    parser.add_argument("--sweep", type=float, default=60.0, help="seconds between two sweeps (60)")
    parser.add_argument("--requests", type=float, default=50.0, help="a sweep may make per second (50)")
    parser.add_argument("--processes", type=int, default=2, help="of the webhook service and of the hub, each (2)")
    parser.add_argument("--seed", type=int, default=1, help="what customers write (1)")
    parser.add_argument("--data", type=Path, default=ROOT / "data" / "dropped", help="an empty folder on a real disk")
    parser.add_argument("--out", type=Path, default=RESULTS / "dropped_webhooks.json")
    options = parser.parse_args()
    run = Run(
        options.seconds,
        options.rate,
        options.share,
        options.sweep,
        options.requests,
        options.processes,
        options.seed,
        options.data.resolve(),
    )
    outcome = asyncio.run(drop(run))
    width = max(map(len, outcome.counts))
    for name, value in outcome.counts.items():
        print(f"| {name:<{width}} | {value!s:>20} |")
    for each in outcome.violations[:_SHOWN]:
        print(f"{each.invariant}: {each.what}")
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_bytes(
        orjson.dumps({"run": asdict(run), **asdict(outcome)}, option=orjson.OPT_INDENT_2, default=str)
    )
    verdict = "every customer was answered" if not outcome.violations else f"{len(outcome.violations)} violations"
    print(f"{verdict}; written: {options.out}; logs: {run.data_dir / 'logs'}")
    return 1 if outcome.violations else 0


if __name__ == "__main__":
    sys.exit(main())
