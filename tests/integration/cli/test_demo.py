from __future__ import annotations

import contextlib
import signal
import socket
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from support.cli import odoo_ai_process, started

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(240)]


def test_the_demo_plays_its_conversation_and_says_whether_all_went_well(tmp_path: Path) -> None:
    played = odoo_ai_process(tmp_path, "demo", "--once", timeout=200)

    assert played.returncode == 0, played.stdout + played.stderr
    assert "Every message ended as it should." in played.stdout
    assert "FAIL" not in played.stdout
    assert "Mariana Alves" in played.stdout
    assert "/simulator" not in played.stdout
    assert not (tmp_path / "data" / "nats").exists(), "the demo keeps to its own folder"


@pytest.fixture
def port_8000_is_taken() -> Iterator[None]:
    with socket.socket() as other, contextlib.suppress(OSError):  # somebody else may have it: just as well
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        other.bind(("127.0.0.1", 8000))
        other.listen()
        yield
        return
    yield


@pytest.mark.usefixtures("port_8000_is_taken")
def test_the_demo_finds_a_free_port_and_stays_up_with_its_page(tmp_path: Path) -> None:
    with started(tmp_path, "demo", env={"SERVER_PORT": ""}) as running:
        running.wait_for("Write as a customer yourself", 200)
        page = httpx.get(f"{running.url}/simulator", timeout=10, follow_redirects=True)
        health = httpx.get(f"{running.url}/health", timeout=10)
        simulators = running.children("simulator")
        code = running.stop(signal.SIGTERM)

    assert "port 8000 is taken: using" in running.output
    assert f"{running.url}/simulator" in running.output
    assert page.status_code == 200
    assert "text/html" in page.headers["content-type"]
    assert health.json()["status"] == "ok"
    assert len(simulators) == 1
    assert code == 0
