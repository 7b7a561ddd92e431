"""`python -m benchmarks.chaos`: break, heal, drain, check; exit code 1 when a promise was broken."""

from __future__ import annotations

import argparse
import asyncio
import random
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import orjson

from benchmarks import RESULTS, ROOT
from benchmarks.chaos.faults import Faults
from benchmarks.chaos.gather import Records, gather, unsettled
from benchmarks.chaos.history import Evidence, Violation, check, outcomes
from benchmarks.chaos.talk import Talk
from benchmarks.chaos.watch import Watch
from benchmarks.installation import Installation, Wanted, installed
from common.errors import OdooAiError

SCALE = {"webhook": 2, "hub": 2, "odoo_api": 2}
_BEFORE_SECONDS = 3.0
_AFTER_SECONDS = 5.0
_LATE_SECONDS = 6.0
_SHARE_DUPLICATED = 0.1
_SHOWN = 10


@dataclass(frozen=True)
class Run:
    """What is asked for."""

    seconds: float
    seed: int
    rate: float
    drain_seconds: float
    data_dir: Path


@dataclass(frozen=True)
class Outcome:
    """What came of it."""

    faults: dict[str, int]
    counts: dict[str, Any]
    violations: Sequence[Violation]


async def chaos(run: Run) -> Outcome:
    """One run from start to verdict."""
    async with installed(run.data_dir, Wanted(scale=SCALE)) as system:
        await system.teach_the_company()
        await system.chat.set_fault("webhook", "duplicate", probability=_SHARE_DUPLICATED, copies=2)
        talk = Talk(system.chat, random.Random(run.seed), run.rate)
        faults = Faults(system, random.Random(run.seed + 1))
        watch, records = Watch(system.chat), Records(system.admin.nc)
        await records.start()
        watching = asyncio.Event()
        watcher = asyncio.create_task(watch.run(watching))
        try:
            await _break(run.seconds, talk, faults)
            drained = await _drain(system, watch, records, talk, run.drain_seconds)
            await asyncio.sleep(_LATE_SECONDS)
            watching.set()
            await watcher
            evidence, counters = await gather(system, talk, watch, records, frozenset(faults.poison))
        finally:
            watcher.cancel()
            await records.stop()
        violations = check(evidence)
        if drained is None:
            violations.append(Violation("I6", f"not drained within {run.drain_seconds:g} s: {await _left(system)}"))
        if watch.missed:
            violations.append(Violation("harness", f"{watch.missed} gaps in the log of deliveries"))
        return Outcome(dict(faults.done), _counts(evidence, watch, counters, system, drained), violations)


async def _break(seconds: float, talk: Talk, faults: Faults) -> None:
    """Customers write all the time; things break from a little after the start to a little before the end."""
    no_more_faults, silence = asyncio.Event(), asyncio.Event()
    talking = asyncio.create_task(talk.run(silence))
    await asyncio.sleep(_BEFORE_SECONDS)
    breaking = asyncio.create_task(faults.run(no_more_faults))
    done, _ = await asyncio.wait((talking, breaking), timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    no_more_faults.set()
    await breaking
    if talking not in done:
        await asyncio.sleep(_AFTER_SECONDS)
    silence.set()
    await talking


async def _drain(system: Installation, watch: Watch, records: Records, talk: Talk, within: float) -> float | None:
    """Wait until nothing is left to be done; seconds it took, None when it did not end."""
    began, quiet = time.monotonic(), 0
    while quiet < 3:
        if time.monotonic() - began > within:
            return None
        await asyncio.sleep(0.5)
        try:
            waiting = (await system.chat.counters())["webhooks_waiting"]
            left = await unsettled(system.admin.nc)
        except OdooAiError:
            continue  # the broker is just coming back
        accepted = [each.message_id for each in talk.said if each.message_id in watch.accepted_at]
        quiet = 0 if waiting or left or records.missing(accepted) else quiet + 1
    return time.monotonic() - began


async def _left(system: Installation) -> str:
    waiting = (await system.chat.counters())["webhooks_waiting"]
    return f"{await unsettled(system.admin.nc)} messages in streams, {waiting} webhooks"


def _counts(
    evidence: Evidence, watch: Watch, counters: dict[str, Any], system: Installation, drained: float | None
) -> dict[str, Any]:
    said = [each.message_id for each in evidence.said]
    accepted = sum(each in watch.accepted_at for each in said)
    handled = sum(each not in watch.accepted_at and each in evidence.records for each in said)
    return {
        "customer messages": len(said),
        "conversations": len(evidence.transcripts),
        "accepted": accepted,
        "never accepted": len(said) - accepted,
        "never accepted, handled all the same": handled,
        **{f"ended: {name}": number for name, number in sorted(outcomes(evidence).items())},
        "take-overs by a person": len(evidence.taken_over),
        "webhook deliveries": watch.attempts,
        "webhook deliveries not accepted": watch.attempts
        - sum(number for status, number in watch.statuses.items() if 200 <= status < 300),
        "messages delivered again": watch.duplicates,
        "slowest accepted delivery, s": round(watch.slowest, 2),
        "POSTs of messages to Chatwoot": counters["posts"],
        "messages stored there": sum(counters["stored_per_command"].values()),
        "dead letters": len(evidence.dead_letters),
        "process deaths": len(system.deaths),
        "drained after, s": None if drained is None else round(drained, 1),
    }


def _print(outcome: Outcome) -> None:
    rows = [
        *((f"fault: {name}", number) for name, number in sorted(outcome.faults.items())),
        ("faults", sum(outcome.faults.values())),
        *outcome.counts.items(),
    ]
    width = max(len(name) for name, _ in rows)
    for name, number in rows:
        print(f"| {name:<{width}} | {number!s:>9} |")
    broken = Counter(each.invariant for each in outcome.violations)
    for invariant in ("I1", "I2", "I3", "I4", "I5", "I6"):
        print(f"| {f'violations of {invariant}':<{width}} | {broken[invariant]:>9} |")
    for each in outcome.violations[:_SHOWN]:
        print(f"{each.invariant}: {each.what}")
    if len(outcome.violations) > _SHOWN:
        print(f"... and {len(outcome.violations) - _SHOWN} more")


def main() -> int:
    """Read the options, run, tell."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.chaos", description=__doc__)
    parser.add_argument("--seconds", type=float, default=150.0, help="how long things break (150)")
    parser.add_argument("--seed", type=int, default=1, help="which faults, when, and what customers write (1)")
    parser.add_argument("--rate", type=float, default=20.0, help="customer messages per second (20)")
    parser.add_argument("--drain", type=float, default=90.0, help="how long it may take to drain (90)")
    parser.add_argument("--data", type=Path, default=ROOT / "data" / "chaos", help="an empty folder on a real disk")
    parser.add_argument("--out", type=Path, default=RESULTS / "chaos.json")
    options = parser.parse_args()
    run = Run(options.seconds, options.seed, options.rate, options.drain, options.data.resolve())
    outcome = asyncio.run(chaos(run))
    _print(outcome)
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_bytes(
        orjson.dumps({"run": asdict(run), **asdict(outcome)}, option=orjson.OPT_INDENT_2, default=str)
    )
    verdict = "every promise was kept" if not outcome.violations else f"{len(outcome.violations)} violations"
    print(f"seed {run.seed}: {verdict}; written: {options.out}; logs: {run.data_dir / 'logs'}")
    return 1 if outcome.violations else 0


if __name__ == "__main__":
    sys.exit(main())
