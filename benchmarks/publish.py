"""The rival of durable intake: bare publishes to a stream of the same server, each acknowledged, and nothing else."""

from __future__ import annotations

import asyncio
import sys
import time
from dataclasses import asdict, dataclass

import nats
import orjson
import uvloop

from benchmarks import own_process
from benchmarks.load import LoadResult
from benchmarks.report import percentile


@dataclass(frozen=True)
class PublishPlan:
    """One measurement: `concurrency` publishes under way at once."""

    url: str
    seed: str
    subject: str
    size: int
    concurrency: int
    seconds: float
    warm_up_seconds: float = 1.0


async def measure(plan: PublishPlan) -> LoadResult:
    """Run a plan in a process of its own."""
    return LoadResult(**await own_process.run("benchmarks.publish", asdict(plan)))


async def _run(plan: PublishPlan) -> LoadResult:
    nc = await nats.connect(plan.url, nkeys_seed_str=plan.seed, inbox_prefix="_INBOX_admin")
    body = b"x" * plan.size
    begin = time.perf_counter() + plan.warm_up_seconds
    end = begin + plan.seconds
    times: list[float] = []

    async def publish() -> None:
        while (sent := time.perf_counter()) < end:
            ack = orjson.loads((await nc.request(plan.subject, body, timeout=5)).data)
            if "seq" not in ack:
                raise RuntimeError(str(ack))
            now = time.perf_counter()
            if begin <= now < end:
                times.append(now - sent)

    await asyncio.gather(*(publish() for _ in range(plan.concurrency)))
    await nc.close()
    return LoadResult(
        answers=len(times),
        per_second=len(times) / plan.seconds,
        p50_ms=percentile(times, 0.5) * 1e3,
        p99_ms=percentile(times, 0.99) * 1e3,
        max_ms=max(times, default=float("nan")) * 1e3,
    )


def main() -> None:
    """`python -m benchmarks.publish`, with the plan on the standard input."""
    plan = PublishPlan(**orjson.loads(sys.stdin.buffer.read()))
    sys.stdout.buffer.write(orjson.dumps(asdict(uvloop.run(_run(plan)))))


if __name__ == "__main__":
    main()
