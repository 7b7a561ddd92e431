"""Aim: search in 50,000 products, p99 < 10 ms, hub < 300 MB, recall@5 >= 0.95 as customers write.

A process of its own takes the KNOWLEDGE messages in as a hub does and answers the questions, so that its memory is the
hub's and not that of the catalogue's maker. The rival, in the same process afterwards, is plain SQLite FTS5 over the
raw names (`unicode61 remove_diacritics 2`, any of the words, bm25): what one gets without a front end. Other work on
the machine shows in wall time; CPU time of the searching thread is measured beside it.

    python -m benchmarks.search_50k [--size 50000]
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import re
import resource
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import orjson
from support.catalogue import STYLES, Question, catalogue, questions, recall_at

from benchmarks import ROOT
from benchmarks.report import Finding, Options, percentile, table
from common.knowledge import KNOWLEDGE_MESSAGES, KnowledgeItemChanged
from hub.retrieval import KnowledgeBase

_TENANT = "bench"
_TODAY = date(2026, 11, 24)
_UPDATES = 200
_CODES = ("sku", "barcode")
_MIB = 1024 * 1024


async def run(options: Options) -> list[Finding]:
    """Measure in a process of its own."""
    size, per_style = int(options.pick(50_000, 5_000)), int(options.pick(120, 30))
    return await asyncio.to_thread(_findings, size, per_style)


def _findings(size: int, per_style: int) -> list[Finding]:
    with tempfile.TemporaryDirectory() as folder:
        asked = _write(Path(folder), size, per_style)
        command = [sys.executable, "-m", "benchmarks.search_50k", "--inside", folder]
        done = subprocess.run(command, stdout=subprocess.PIPE, check=True, cwd=ROOT)
    measured: dict[str, Any] = orjson.loads(done.stdout)
    ours, rival = _recall(asked, measured["found"]), _recall(asked, measured["rival"]["found"])
    wall, cpu = measured["wall_ms"], measured["cpu_ms"]
    theirs = measured["rival"]
    return [
        Finding(
            f"search in {size} products",
            "p99 < 10 ms",
            f"p50 {percentile(wall, 0.5):.1f}, p99 {percentile(wall, 0.99):.1f} ms, "
            f"CPU p99 {percentile(cpu, 0.99):.1f} ms",
            f"raw FTS5: p50 {percentile(theirs['wall_ms'], 0.5):.1f}, p99 {percentile(theirs['wall_ms'], 0.99):.1f} ms",
            percentile(theirs["wall_ms"], 0.99) / percentile(wall, 0.99),
            percentile(wall, 0.99) < 10,
        ),
        Finding(
            "recall@5, ten styles of writing",
            ">= 0.95",
            f"{ours['spoken']:.3f}",
            f"raw FTS5: {rival['spoken']:.3f}",
            ours["spoken"] / rival["spoken"],
            ours["spoken"] >= 0.95,
            {"by_style": ours, "rival_by_style": rival},
        ),
        Finding(
            f"memory of a process with {size} products",
            "< 300 MB",
            f"{measured['rss_mib']:.0f} MiB, {measured['rss_mib'] - measured['rss_before_mib']:.0f} of it the index",
            met=measured["rss_mib"] < 300,
        ),
        Finding(
            f"index of {size} products from messages",
            "part of the 30 s of a sync",
            f"{measured['build_seconds']:.1f} s",
            f"raw FTS5: {theirs['build_seconds']:.1f} s",
            met=measured["build_seconds"] < 30,
        ),
        Finding(
            "one product changed",
            "< 500 ms until searchable",
            f"p50 {percentile(measured['update_ms'], 0.5):.2f}, p99 {percentile(measured['update_ms'], 0.99):.2f} ms",
            met=percentile(measured["update_ms"], 0.99) < 500,
        ),
    ]


def _write(folder: Path, size: int, per_style: int) -> list[Question]:
    stock = catalogue(size)
    now = datetime(2026, 11, 24, tzinfo=UTC)
    with (folder / "messages").open("wb") as out:
        for each in stock:
            message = KnowledgeItemChanged(
                tenant=_TENANT,
                kind="product",
                item_id=each.item.id,
                content_hash=each.item.content_hash(),
                changed_at=now,
                item=each.item.model_dump(mode="json"),
            )
            out.write(message.encode() + b"\n")
    asked = list(questions(stock, per_style, seed=20_261_124))
    (folder / "questions").write_bytes(orjson.dumps([question.text for question in asked]))
    return asked


def _recall(asked: Sequence[Question], found: Sequence[list[str]]) -> dict[str, float]:
    by_style: defaultdict[str, list[float]] = defaultdict(list)
    for question, ids in zip(asked, found, strict=True):
        by_style[question.style].append(recall_at(ids, question.relevant))
    means = {style: sum(by_style[style]) / len(by_style[style]) for style in STYLES}
    spoken = [value for style, values in by_style.items() if style not in _CODES for value in values]
    return means | {"spoken": sum(spoken) / len(spoken)}


def _inside(folder: Path) -> None:
    """What the process of its own does: take in, answer, update, then the rival."""
    texts: list[str] = orjson.loads((folder / "questions").read_bytes())
    base = KnowledgeBase()
    base.apply(_message(next(_lines(folder))), 1)
    gc.collect()
    before = _rss()
    began = time.perf_counter()
    for sequence, line in enumerate(_lines(folder), start=1):
        base.apply(_message(line), sequence)
    build = time.perf_counter() - began
    view = base.tenant(_TENANT)
    view.products("aquecimento", today=_TODAY)
    found, wall, cpu = _ask(texts, lambda text: [hit.item.id for hit in view.products(text, today=_TODAY)])
    result = {
        "found": found,
        "wall_ms": wall,
        "cpu_ms": cpu,
        "build_seconds": build,
        "rss_before_mib": before,
        "rss_mib": _rss(),
        "update_ms": _updates(base, folder),
        "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "rival": _rival(folder, texts),
    }
    sys.stdout.buffer.write(orjson.dumps(result))


def _ask(texts: Iterable[str], search: Callable[[str], list[str]]) -> tuple[list[list[str]], list[float], list[float]]:
    found, wall, cpu = [], [], []
    for text in texts:
        began, began_cpu = time.perf_counter(), time.thread_time()
        found.append(search(text))
        cpu.append((time.thread_time() - began_cpu) * 1000)
        wall.append((time.perf_counter() - began) * 1000)
    return found, wall, cpu


def _updates(base: KnowledgeBase, folder: Path) -> list[float]:
    """Change a product's name and find it by the new one."""
    took = []
    for number, line in zip(range(_UPDATES), _lines(folder), strict=False):
        message = _message(line)
        item = message.item | {"name": f"Novidade{number} {message.item['name']}"}
        changed = message.model_copy(update={"item": item, "content_hash": f"changed{number}"})
        began = time.perf_counter()
        base.apply(changed, base.sequence + 1)
        hits = base.tenant(_TENANT).products(f"novidade{number}", 1, today=_TODAY)
        took.append((time.perf_counter() - began) * 1000)
        if [hit.item.id for hit in hits] != [message.item_id]:
            raise RuntimeError(f"update {number} is not searchable")
    return took


def _rival(folder: Path, texts: list[str]) -> dict[str, Any]:
    database = sqlite3.connect(":memory:")
    database.execute(
        "CREATE VIRTUAL TABLE raw USING fts5(id UNINDEXED, name, tokenize='unicode61 remove_diacritics 2')"
    )
    began = time.perf_counter()
    items = (_message(line).item for line in _lines(folder))
    database.executemany("INSERT INTO raw VALUES (?, ?)", ((item["id"], item["name"]) for item in items))
    build = time.perf_counter() - began

    def search(text: str) -> list[str]:
        query = " OR ".join(f'"{word}"' for word in re.findall(r"\w+", text))
        rows = database.execute("SELECT id FROM raw WHERE raw MATCH ? ORDER BY rank LIMIT 5", (query,))
        return [identity for (identity,) in rows]

    found, wall, _ = _ask(texts, search)
    return {"found": found, "wall_ms": wall, "build_seconds": build}


def _lines(folder: Path) -> Iterator[bytes]:
    with (folder / "messages").open("rb") as lines:
        yield from lines


def _message(line: bytes) -> KnowledgeItemChanged:
    message = KNOWLEDGE_MESSAGES.decode(line)
    if not isinstance(message, KnowledgeItemChanged):
        raise TypeError(type(message))
    return message


def _rss() -> float:
    resident_pages = int(Path("/proc/self/statm").read_text().split()[1])
    return resident_pages * resource.getpagesize() / _MIB


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.search_50k")
    parser.add_argument("--size", type=int, default=50_000)
    parser.add_argument("--questions", type=int, default=120, help="per style")
    parser.add_argument("--inside", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.inside:
        _inside(arguments.inside)
        return
    findings = _findings(arguments.size, arguments.questions)
    print(table(findings))
    for each in findings:
        for name, values in each.details.items():
            print(name, " ".join(f"{style}={value:.3f}" for style, value in values.items()))


if __name__ == "__main__":
    main()
