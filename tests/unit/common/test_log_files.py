from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from common.logs import AppendedFile

EVENING = datetime(2026, 11, 24, 23, 59, 59).astimezone()


def test_the_dated_file_changes_at_local_midnight(tmp_path: Path) -> None:
    file = AppendedFile(tmp_path, "unified_server", dated=True)

    file.append(b"before\n", EVENING.timestamp())
    file.append(b"after\n", (EVENING + timedelta(seconds=1)).timestamp())
    file.append(b"before again\n", EVENING.timestamp())

    assert (tmp_path / "20261124_unified_server.log").read_bytes() == b"before\nbefore again\n"
    assert (tmp_path / "20261125_unified_server.log").read_bytes() == b"after\n"


def test_two_processes_share_a_file_line_by_line(tmp_path: Path) -> None:
    first, second = (AppendedFile(tmp_path, "webhook", dated=False) for _ in range(2))

    for number in range(3):
        first.append(b"first %d\n" % number, 0)
        second.append(b"second %d\n" % number, 0)

    assert len((tmp_path / "webhook.log").read_text().splitlines()) == 6


def test_a_file_goes_on_after_it_was_closed(tmp_path: Path) -> None:
    file = AppendedFile(tmp_path, "hub", dated=False)
    file.append(b"one\n", 0)
    file.close()
    file.append(b"two\n", 0)

    assert (tmp_path / "hub.log").read_bytes() == b"one\ntwo\n"
