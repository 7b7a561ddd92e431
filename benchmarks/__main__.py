"""`python -m benchmarks`: measures every aim and prints one table."""

from __future__ import annotations

import argparse
import asyncio
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

from benchmarks import RESULTS, ROOT, catalogue_sync, hubs, idle_memory, intake, replies, search_50k
from benchmarks.report import Finding, Options, save, table

Bench = Callable[[Options], Awaitable[list[Finding]]]
BENCHES: dict[str, Bench] = {
    "intake": intake.run,
    "replies": replies.run,
    "hubs": hubs.run,
    "sync": catalogue_sync.run,
    "search": search_50k.run,
    "memory": idle_memory.run,
}


async def _measure(names: list[str], options: Options) -> tuple[list[Finding], list[str]]:
    findings: list[Finding] = []
    failed: list[str] = []
    for name in names:
        began = time.monotonic()
        options.say(f"{name} ...")
        try:
            findings += await BENCHES[name](options)
        except Exception as error:  # noqa: BLE001 - one failed measurement must not cost the others
            options.say(f"{name} FAILED: {type(error).__name__}: {error}")
            failed.append(name)
        options.say(f"{name}: {time.monotonic() - began:.0f} s")
    return findings, failed


def main() -> int:
    """Measure; exit 1 when a measurement failed. An aim that is not met is a result, not a failure."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("only", nargs="*", metavar="BENCH", help=f"of {', '.join(BENCHES)}; all without")
    parser.add_argument("--quick", action="store_true", help="short rounds, to try the benchmarks themselves")
    parser.add_argument("--data", type=Path, default=ROOT / "data" / "bench", help="an empty folder on a real disk")
    parser.add_argument("--fastapi", type=Path, metavar="FOLDER", help="compare with FastAPI as installed there, too")
    parser.add_argument("--out", type=Path, default=RESULTS / "latest.json")
    arguments = parser.parse_args()
    unknown = set(arguments.only) - set(BENCHES)
    if unknown:
        parser.error(f"no such benchmark: {', '.join(sorted(unknown))}")
    options = Options(arguments.data.resolve(), arguments.quick, arguments.fastapi)
    findings, failed = asyncio.run(_measure(arguments.only or list(BENCHES), options))
    print()
    print(table(findings))
    save(arguments.out, findings, quick=arguments.quick, failed=failed)
    print(f"\nwritten: {arguments.out}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
