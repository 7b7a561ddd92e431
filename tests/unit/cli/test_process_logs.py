from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from cli.process_logs import gateway_sink, nats_line, nats_sink, service_sink

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


def lines(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


@pytest.mark.parametrize(
    ("line", "event", "level"),
    [
        (b"[7] 2026/11/24 03:45:34.123456 [INF] Server is ready", "Server is ready", "info"),
        (b"[7] 2026/11/24 03:45:34.123456 [WRN] JetStream is slow", "JetStream is slow", "warning"),
        (b"[7] 2026/11/24 03:45:34.123456 [FTL] no space left", "no space left", "critical"),
        (b"panic: runtime error", "panic: runtime error", "info"),
        (b"\xff not utf-8", "\\xff not utf-8", "info"),
    ],
)
def test_a_line_of_the_broker_gets_the_shape_of_all_others(line: bytes, event: str, level: str) -> None:
    record = json.loads(nats_line(line, NOW))

    assert record == {"service": "nats", "event": event, "level": level, "timestamp": NOW.isoformat()}


def test_the_gateways_json_only_gets_its_name(tmp_path: Path) -> None:
    sink = gateway_sink(tmp_path)
    sink(b'{"level":"info","msg":"handled request","status":200}')
    sink(b"panic: not json")

    found = lines(tmp_path / "gateway.log")
    assert found[0] == {"service": "gateway", "level": "info", "msg": "handled request", "status": 200}
    assert found[1]["event"] == "panic: not json"


def test_lines_go_to_the_dated_file_of_all_services_too(tmp_path: Path) -> None:
    gateway_sink(tmp_path)(b'{"a":1}')
    nats_sink(tmp_path)(b"ready")

    unified = next(path for path in tmp_path.iterdir() if path.name.endswith("_unified_server.log"))
    assert [each["service"] for each in lines(unified)] == ["gateway", "nats"]


def test_what_a_service_logged_itself_is_not_written_twice(tmp_path: Path) -> None:
    echoed: list[bytes] = []
    sink = service_sink(tmp_path, "hub", echoed.append)
    sink(b'{"service":"hub","event":"hub_serving"}')
    sink(b"Traceback (most recent call last):")

    assert [each["event"] for each in lines(tmp_path / "hub.log")] == ["Traceback (most recent call last):"]
    assert len(echoed) == 2


def test_without_a_folder_nothing_is_written(tmp_path: Path) -> None:
    gateway_sink(None)(b"{}")

    assert list(tmp_path.iterdir()) == []
