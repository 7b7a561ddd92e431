"""The Odoo module in a real Odoo: installed by the tool that starts that Odoo, driven over JSON-2."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from support.cli import TENANT, odoo_ai_process, started, write_tenant

from cli.ports import Ports

ROOT = Path(__file__).parents[4]
MODULE = ROOT / "addons" / "odoo_ai"
_DIGEST_PARAMETER = "odoo_ai.installed_digest"


@dataclass(frozen=True)
class RealOdoo:
    """A real Odoo, as an administrator."""

    url: str
    key: str
    database: str = "odoo"
    http: httpx.Client = field(default_factory=lambda: httpx.Client(timeout=120, trust_env=False))

    def call(self, model: str, method: str, ids: list[int] | None = None, **named: Any) -> Any:
        """Call a method over JSON-2.

        Raises:
            AssertionError: Odoo answered with an error.
        """
        headers = {"Authorization": f"bearer {self.key}", "X-Odoo-Database": self.database}
        body = {**({"ids": ids} if ids is not None else {}), **named}
        answer = self.http.post(f"{self.url}/json/2/{model}/{method}", json=body, headers=headers)
        assert answer.status_code == 200, f"{model}.{method}: {answer.status_code} {answer.text[:500]}"
        return answer.json()

    def create(self, model: str, **values: Any) -> int:
        """Create one record."""
        return int(self.call(model, "create", vals_list=[values])[0])

    def read(self, model: str, record: int, *fields: str) -> dict[str, Any]:
        """Fields of one record."""
        found: dict[str, Any] = self.call(model, "read", [record], fields=list(fields))[0]
        return found

    def answers(self) -> bool:
        """Whether it is up."""
        try:
            return self.http.get(f"{self.url}/web/version", timeout=5).status_code == 200
        except httpx.HTTPError:
            return False


def until(condition: Callable[[], Any], seconds: float, what: str) -> float:
    """Wait for a condition; answers how long it took.

    Raises:
        AssertionError: it did not come true in time.
    """
    began = time.monotonic()
    while not condition():
        assert time.monotonic() - began < seconds, f"not within {seconds:g} s: {what}"
        time.sleep(0.1)
    return time.monotonic() - began


def module_digest() -> str:
    """Identify the module's code and data; its tests are not installed."""
    digest = hashlib.sha256()
    for path in sorted(MODULE.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts and "tests" not in path.relative_to(MODULE).parts:
            digest.update(str(path.relative_to(MODULE)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def tool(*arguments: str, seconds: float = 300) -> str:
    """Run the program that manages the real Odoo (`REAL_ODOO_TOOL`)."""
    env = {**os.environ, "ODOO_ADDONS": str(ROOT / "addons")}
    command = [os.environ["REAL_ODOO_TOOL"], *arguments]
    done = subprocess.run(
        command, cwd=ROOT, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=seconds
    )
    assert done.returncode == 0, done.stdout[-3000:]
    return done.stdout


def install_module(odoo: RealOdoo) -> bool:
    """Install the module, or upgrade it when its code changed; answers whether anything was to be done."""
    wanted = module_digest()
    parameters = [["key", "=", _DIGEST_PARAMETER]]
    found = odoo.call("ir.config_parameter", "search_read", domain=parameters, fields=["value"])
    if found and found[0]["value"] == wanted:
        return False
    tool("install", "odoo_ai")
    # Odoo keeps the code of a module that it has loaded once: only a new process has the new one.
    tool("stop")
    until(lambda: not odoo.answers(), 60, "the old Odoo stops")
    tool("start")
    until(odoo.answers, 60, "Odoo is up again")
    odoo.call("ir.config_parameter", "set_param", key=_DIGEST_PARAMETER, value=wanted)
    return True


@dataclass(frozen=True)
class Assistant:
    """The module of one company, connected to a gateway."""

    odoo: RealOdoo
    connection: int

    @classmethod
    def connected(cls, odoo: RealOdoo, gateway: str, key: str) -> Assistant:
        """Connect the main company, without what a run that was ended halfway left in that Odoo."""
        found = odoo.call("odoo.ai.connection", "search", domain=[["company_id", "=", 1]])
        connection = found[0] if found else odoo.create("odoo.ai.connection", company_id=1)
        assistant = cls(odoo, connection)
        assistant.forget()
        odoo.call("odoo.ai.connection", "write", [connection], vals={"url": gateway, "new_key": key})
        return assistant

    def forget(self) -> None:
        """Disconnect, and delete every rule: nothing of this stays in that Odoo."""
        self.odoo.call("odoo.ai.connection", "action_forget_key", [self.connection])
        rules = self.odoo.call("odoo.ai.rule", "search", domain=[], context={"active_test": False})
        self.odoo.call("odoo.ai.rule", "unlink", rules)
        rows = self.odoo.call("odoo.ai.outbox", "search", domain=[["state", "in", ["pending", "dead"]]])
        self.odoo.call("odoo.ai.outbox", "action_drop", rows)

    def rule(self, name: str, text: str, **more: Any) -> int:
        """Write a rule."""
        return self.odoo.create("odoo.ai.rule", name=name, text=text, **more)

    def state(self, rule: int) -> str:
        """The state that the rule shows."""
        return str(self.odoo.read("odoo.ai.rule", rule, "odoo_ai_state")["odoo_ai_state"])

    def health(self) -> dict[str, Any]:
        """The health panel."""
        names = ("health", "waiting", "refused", "failures", "last_error", "synced_items", "last_delivery_at")
        return self.odoo.read("odoo.ai.connection", self.connection, *names)

    def test(self) -> list[dict[str, Any]]:
        """Press Test; answers its steps."""
        action = self.odoo.call("odoo.ai.connection", "action_test", [self.connection])
        lines = self.odoo.read("odoo.ai.check", action["res_id"], "line_ids")["line_ids"]
        steps: list[dict[str, Any]] = self.odoo.call(
            "odoo.ai.check.line", "read", lines, fields=["name", "ok", "detail"]
        )
        return steps

    def synchronise(self) -> dict[str, dict[str, int]]:
        """Press Synchronise; answers the counts by kind."""
        action = self.odoo.call("odoo.ai.connection", "action_synchronise", [self.connection])
        result = self.odoo.read("odoo.ai.sync.result", action["res_id"], "line_ids", "outcome", "error")
        assert result["outcome"] in ("done", "rejected"), result
        counts = ["kind", "created", "updated", "unchanged", "removed", "rejected", "indexed"]
        lines = self.odoo.call("odoo.ai.sync.result.line", "read", result["line_ids"], fields=counts)
        return {line["kind"]: {name: line[name] for name in counts[1:]} for line in lines}

    def ask(self, question: str) -> dict[str, Any]:
        """Ask in the box “Test the assistant”."""
        ask = self.odoo.create("odoo.ai.ask", question=question)
        self.odoo.call("odoo.ai.ask", "action_ask", [ask])
        return self.odoo.read("odoo.ai.ask", ask, "answer", "outcome", "source_ids", "verdict_ids")


class System:
    """The system of one tenant on one port, which can be stopped and started again with its data."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._port = Ports().take(0)
        self.url = f"http://127.0.0.1:{self._port}"
        tenant = TENANT.format(name="loja", account=1)
        write_tenant(folder, "loja", f"{tenant}locale: pt-BR\ntimezone: America/Sao_Paulo\n")

    @contextmanager
    def running(self) -> Iterator[None]:
        """It runs meanwhile."""
        with started(self._folder, "up", env={"SERVER_PORT": str(self._port)}) as up:
            up.wait_for("Everything runs")
            yield

    def new_key(self) -> str:
        """A key for the module."""
        done = odoo_ai_process(self._folder, "key", "create", "loja", "--json")
        assert done.returncode == 0, done.stderr
        return str(json.loads(done.stdout)["key"])
