"""`odoo-ai` as users run it: real processes on free ports, in a folder of the test's own."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil
from click.testing import CliRunner

from cli.__main__ import odoo_ai as entry_point

ODOO_AI = [sys.executable, "-m", "cli"]
_START_SECONDS = 60.0

TENANT = """\
tenant: {name}
chatwoot:
  base_url: http://127.0.0.1:1
  account_id: {account}
  bot_token: ${{ACME_BOT_TOKEN}}
  webhook_secret: ${{ACME_WEBHOOK_SECRET}}
"""
TENANT_SECRETS = {"ACME_BOT_TOKEN": "bot-token-of-acme", "ACME_WEBHOOK_SECRET": "webhook-secret-of-acme"}


def environment(folder: Path, **more: str) -> dict[str, str]:
    """An environment in which nothing of this machine's own configuration counts."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "VIRTUAL_ENV") if name in os.environ}
    ours = {
        "ODOO_AI_CONFIG": str(folder / "config"),
        "ODOO_AI_DATA": str(folder / "data"),
        "LOG_DIR": str(folder / "logs"),
        "SERVER_PORT": "0",
        "WEBHOOK_PORT": "0",
        "ODOO_API_PORT": "0",
        "HUB_PORT": "0",
        "SIMULATOR_PORT": "0",
        "NATS_PORT": "0",
    }
    return {**kept, **ours, **TENANT_SECRETS, **more}


def write_tenant(folder: Path, name: str, text: str | None = None, *, account: int = 1) -> None:
    """Write a tenant file."""
    tenants = folder / "config" / "tenants"
    tenants.mkdir(parents=True, exist_ok=True)
    (tenants / f"{name}.yaml").write_text(text or TENANT.format(name=name, account=account))


@dataclass(frozen=True)
class Finished:
    """A command that ran to its end."""

    returncode: int
    stdout: str
    stderr: str


def odoo_ai(folder: Path, *arguments: str, env: Mapping[str, str] | None = None, stdin: str | None = None) -> Finished:
    """Run one short command in this process, which saves a second of imports each time."""
    result = CliRunner().invoke(
        entry_point, arguments, input=stdin, env=environment(folder, **(env or {})), catch_exceptions=False
    )
    return Finished(result.exit_code, result.stdout, result.stderr)


def odoo_ai_process(
    folder: Path, *arguments: str, timeout: float = 60, env: Mapping[str, str] | None = None
) -> Finished:
    """Run one command in a process of its own."""
    done = subprocess.run(
        [*ODOO_AI, *arguments],
        cwd=folder,
        env=environment(folder, **(env or {})),
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
    )
    return Finished(done.returncode, done.stdout, done.stderr)


class RunningUp:
    """A running `odoo-ai up` or `odoo-ai demo`, with what it printed so far."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self.lines: list[str] = []
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    @property
    def output(self) -> str:
        return "\n".join(self.lines)

    @property
    def url(self) -> str:
        found = re.search(r"^gateway +(http://\S+)$", self.output, re.MULTILINE)
        assert found, self.output
        return found[1]

    def wait_for(self, text: str, seconds: float = _START_SECONDS) -> None:
        deadline = time.monotonic() + seconds
        while text not in self.output:
            assert self.process.poll() is None, f"it ended with {self.process.returncode}:\n{self.output}"
            assert time.monotonic() < deadline, f"{text!r} was not printed:\n{self.output}"
            time.sleep(0.05)

    def children(self, name: str) -> list[psutil.Process]:
        """Its processes by what they run: a program's name, or a Python module."""
        found = []
        for child in psutil.Process(self.process.pid).children():
            command: list[str] = []
            with contextlib.suppress(psutil.Error):  # it died a moment ago
                command = child.cmdline()
            if command and (Path(command[0]).name == name or command[1:3] == ["-m", name]):
                found.append(child)
        return found

    def stop(self, number: signal.Signals = signal.SIGINT, seconds: float = 40.0) -> int:
        if self.process.poll() is None:
            self.process.send_signal(number)
        code = self.process.wait(seconds)
        self._reader.join(5)
        return code

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.append(line.rstrip("\n"))


@contextmanager
def started(folder: Path, *arguments: str, env: Mapping[str, str] | None = None) -> Iterator[RunningUp]:
    """Start `odoo-ai <arguments>`; whatever the test does, it is stopped at the end."""
    process = subprocess.Popen(
        [*ODOO_AI, *arguments],
        cwd=folder,
        env=environment(folder, **(env or {})),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    running = RunningUp(process)
    try:
        yield running
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()  # its children go with it
                process.wait()
        assert process.stdout is not None
        running._reader.join(5)
        process.stdout.close()
