"""A run as people read it, and kept for the next one to be compared with."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from pydantic import ValidationError

from cli.evaluation.measures import Failed, Measure, Run
from cli.output import table

_COLUMNS = ("suite", "measure", "part", "cases", "value", "aim", "", "since the last run")
_SAME = 5e-4


def shown(run: Run, last: Run | None) -> str:
    """The measures as a table, with what changed since the last run."""
    before = {measure.key: measure.value for measure in last.measures} if last else {}
    return table(_COLUMNS, [_row(measure, before.get(measure.key)) for measure in run.measures])


def _row(measure: Measure, before: float | None) -> Sequence[object]:
    return (
        measure.suite,
        measure.name,
        measure.split,
        measure.cases,
        f"{measure.value:.3f}",
        _aim(measure) if measure.split == "test" else "",
        _verdict(measure),
        _change(measure.value, before),
    )


def _aim(measure: Measure) -> str:
    if measure.least is not None:
        return f">= {measure.least:.2f}"
    return f"<= {measure.most:.2f}" if measure.most is not None else ""


def _verdict(measure: Measure) -> str:
    if measure.split != "test" or (measure.least is None and measure.most is None):
        return ""
    return "ok" if measure.reached else "MISSED"


def _change(value: float, before: float | None) -> str:
    if before is None:
        return "new"
    return "" if abs(value - before) < _SAME else f"{value - before:+.3f}"


def failures(failed: Sequence[Failed]) -> str:
    """The cases that did not go as they should, one a line."""
    return "\n".join(f"{each.suite} [{each.split}] {each.case}\n    {each.why}" for each in failed)


def last_run(folder: Path, what: str) -> Run | None:
    """What was kept of the run before; None when there was none or it cannot be read any more."""
    try:
        return Run.model_validate_json((folder / f"{what}.json").read_bytes())
    except (OSError, ValidationError):
        return None


def keep(folder: Path, run: Run) -> None:
    """Keep a run for the next one. Measures only: failed cases of a tenant's suite may hold customers' words."""
    folder.mkdir(parents=True, exist_ok=True)
    kept = run.model_copy(update={"failed": ()})
    target = folder / f"{run.what}.json"
    if previous := last_run(folder, run.what):
        known = {measure.key for measure in kept.measures}
        others = tuple(measure for measure in previous.measures if measure.key not in known)
        kept = kept.model_copy(update={"measures": (*kept.measures, *others)})
    target.write_text(kept.model_dump_json(indent=2) + "\n", "utf-8")
