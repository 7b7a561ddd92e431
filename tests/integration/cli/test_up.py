from __future__ import annotations

import asyncio
import json
import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest
from pydantic import SecretStr
from support.cli import TENANT, TENANT_SECRETS, RunningUp, odoo_ai, odoo_ai_process, started, write_tenant

from cli.broker import running_broker
from common.nats.connection import connect
from common.settings import ServiceSettings

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(180)]


def until(condition: Callable[[], bool], seconds: float = 20.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("up")
    write_tenant(folder, "acme")
    return folder


@pytest.fixture(scope="module")
def up(folder: Path) -> Iterator[RunningUp]:
    with started(folder, "up", "--scale", "hub=2") as running:
        running.wait_for("Everything runs")
        yield running


def health(up: RunningUp) -> httpx.Response:
    return httpx.get(f"{up.url}/health", timeout=10)


def test_every_service_is_ready_behind_one_port(up: RunningUp) -> None:
    until(lambda: health(up).status_code == 200)

    services = health(up).json()["services"]
    assert {name: each["instances"] for name, each in services.items()} == {"webhook": 1, "odoo_api": 1, "hub": 2}


def test_a_secret_of_a_tenant_is_in_no_childs_environment(up: RunningUp) -> None:
    children = psutil.Process(up.process.pid).children()

    assert len(children) == 6
    for child in children:
        text = "\n".join(child.environ().values())
        assert not [secret for secret in TENANT_SECRETS.values() if secret in text]


def test_each_service_gets_its_own_key_of_the_broker_and_no_other(up: RunningUp) -> None:
    for name in ("webhook", "odoo_api", "hub"):
        seed = Path(up.children(name)[0].environ()["NATS_NKEY_SEED_FILE"])
        assert seed.name == f"{name}.seed"
        assert seed.stat().st_mode & 0o777 == 0o600
        assert "NATS_NKEY_SEED" not in up.children(name)[0].environ()


@pytest.mark.parametrize("name", ["hub", "webhook", "odoo_api", "nats-server", "caddy"])
def test_whatever_is_killed_comes_back_and_the_system_is_ready_again(up: RunningUp, name: str) -> None:
    until(lambda: health(up).status_code == 200)
    before = [each.pid for each in up.children(name)]
    victim = before[0]

    os.kill(victim, signal.SIGKILL)

    until(lambda: len({each.pid for each in up.children(name)} - {victim}) == len(before), 3)
    until(lambda: not psutil.pid_exists(victim))
    until(lambda: health(up).status_code == 200, 30)
    assert f"(pid {victim}) was killed by signal 9" in up.output


def test_a_second_stack_on_the_same_data_is_refused(up: RunningUp, folder: Path) -> None:
    second = odoo_ai_process(folder, "up")

    assert second.returncode == 2
    assert "another `odoo-ai` runs on" in second.stderr
    assert "ODOO_AI_DATA" in second.stderr


def test_tenants_are_applied_without_a_restart_and_only_those_that_changed(up: RunningUp, folder: Path) -> None:
    write_tenant(folder, "borba", account=2)
    try:
        applied = odoo_ai(folder, "tenant", "apply", "--json")
        listed = odoo_ai(folder, "tenant", "list", "--json")
    finally:
        (folder / "config" / "tenants" / "borba.yaml").unlink()
    pruned = odoo_ai(folder, "tenant", "apply", "--prune", "--json")

    assert json.loads(applied.stdout) == {"created": ["borba"], "updated": [], "unchanged": ["acme"], "removed": []}
    assert [(each["tenant"], each["state"]) for each in json.loads(listed.stdout)] == [
        ("acme", "applied"),
        ("borba", "applied"),
    ]
    assert json.loads(pruned.stdout)["removed"] == ["borba"]


@pytest.mark.parametrize(
    ("text", "key"),
    [
        (TENANT.format(name="zeta", account=3).replace("bot_token", "bot_tokn"), "chatwoot.bot_tok"),
        (TENANT.format(name="zeta", account="none"), "chatwoot.account_id"),
        (TENANT.format(name="zeta", account=3).replace("ACME_BOT_TOKEN", "NOT_SET"), "chatwoot.bot_token"),
        ("tenant: [", "YAML"),
    ],
)
def test_a_wrong_tenant_file_names_file_and_key_and_changes_nothing(
    up: RunningUp, folder: Path, text: str, key: str
) -> None:
    write_tenant(folder, "acme", TENANT.format(name="acme", account=77))
    write_tenant(folder, "zeta", text)
    try:
        applied = odoo_ai(folder, "tenant", "apply")
        listed = json.loads(odoo_ai(folder, "tenant", "list", "--json").stdout)
    finally:
        (folder / "config" / "tenants" / "zeta.yaml").unlink()
        write_tenant(folder, "acme")

    assert applied.returncode == 2
    assert "zeta.yaml" in applied.stderr
    assert key in applied.stderr
    assert "Traceback" not in applied.stderr
    assert [each.get("account") for each in listed if each["tenant"] == "acme"] == [1]


def test_a_tenant_is_shown_without_its_secrets(folder: Path) -> None:
    shown = odoo_ai(folder, "tenant", "show", "acme", "--json")

    assert json.loads(shown.stdout)["chatwoot"]["bot_token"] == "(set)"
    assert "bot-token-of-acme" not in shown.stdout
    assert odoo_ai(folder, "tenant", "show", "nobody").returncode == 1


def test_a_key_opens_the_api_until_it_is_revoked(up: RunningUp, folder: Path) -> None:
    created = json.loads(odoo_ai(folder, "key", "create", "acme", "--name", "test", "--json").stdout)
    headers = {"Authorization": f"Bearer {created['key']}"}
    url = f"{up.url}/api/v1/knowledge/rule"

    opened = httpx.get(url, headers=headers, timeout=10)
    assert opened.status_code == 200, opened.text
    listed = odoo_ai(folder, "key", "list", "acme", "--json")
    assert created["key"] not in listed.stdout
    assert [each["state"] for each in json.loads(listed.stdout) if each["key_id"] == created["key_id"]] == ["live"]

    assert odoo_ai(folder, "key", "revoke", "acme", created["key_id"]).returncode == 0
    until(lambda: httpx.get(url, headers=headers, timeout=10).status_code == 401)
    assert odoo_ai(folder, "key", "revoke", "acme", "no-such-id").returncode == 1
    assert odoo_ai(folder, "key", "create", "nobody").returncode == 2


def test_a_third_live_key_is_refused_and_the_live_ones_are_named(up: RunningUp, folder: Path) -> None:
    ids = [json.loads(odoo_ai(folder, "key", "create", "acme", "--json").stdout)["key_id"] for _ in range(2)]

    third = odoo_ai(folder, "key", "create", "acme")

    assert third.returncode == 2
    assert all(each in third.stderr for each in ids)
    assert "odoo-ai key revoke acme" in third.stderr
    for each in ids:
        assert odoo_ai(folder, "key", "revoke", "acme", each).returncode == 0


def test_the_token_of_an_old_module_opens_the_old_paths(up: RunningUp, folder: Path) -> None:
    token = "account_1-0a1b2c3d"
    headers = {"Authorization": f"Bearer {token}"}
    url = f"{up.url}/api/v1/business-rules/active"

    imported = odoo_ai(folder, "key", "import", "acme", "--name", "old module", stdin=f"{token}\n")
    old = httpx.get(url, params={"account_id": "account_1"}, headers=headers, timeout=10)
    new = httpx.get(f"{up.url}/api/v1/knowledge/rule", headers=headers, timeout=10)

    assert imported.returncode == 0
    assert token not in imported.stdout + odoo_ai(folder, "key", "list", "acme").stdout
    assert (old.status_code, old.json()["success"]) == (200, True)
    assert new.status_code == 401
    assert odoo_ai(folder, "key", "import", "acme", stdin=f"{token}\n").returncode == 2
    assert odoo_ai(folder, "key", "import", "acme", stdin="short\n").returncode == 2


def test_provisioning_again_changes_nothing(up: RunningUp, folder: Path) -> None:
    counts = json.loads(odoo_ai(folder, "provision", "--json").stdout)

    assert (counts["created"], counts["updated"]) == (0, 0)
    assert counts["unchanged"] > 20


def test_dead_letters_are_empty_and_unknown_ones_are_told(up: RunningUp, folder: Path) -> None:
    assert json.loads(odoo_ai(folder, "dead-letters", "list", "--json").stdout) == []
    assert odoo_ai(folder, "dead-letters", "show", "4711").returncode == 1
    assert odoo_ai(folder, "dead-letters", "replay", "4711").returncode == 1
    assert odoo_ai(folder, "dead-letters", "drop", "4711").returncode == 1
    assert odoo_ai(folder, "dead-letters", "replay").returncode == 2


def test_every_process_has_its_log_and_all_share_the_dated_one(up: RunningUp, folder: Path) -> None:
    health(up)
    httpx.get(f"{up.url}/webhook/health?token=SECRET", timeout=10)
    until(lambda: b'"uri":"/webhook/health"' in (folder / "logs" / "gateway.log").read_bytes())

    names = {path.name for path in (folder / "logs").iterdir()}
    assert {"webhook.log", "hub.log", "odoo_api.log", "gateway.log", "nats.log", "supervisor.log"} <= names
    unified = next(path for path in (folder / "logs").iterdir() if path.name.endswith("_unified_server.log"))
    services = {json.loads(line)["service"] for line in unified.read_text().splitlines()}
    assert {"webhook", "hub", "odoo_api", "gateway", "nats", "supervisor"} <= services
    assert "SECRET" not in unified.read_text()


def test_an_unreadable_event_is_listed_shown_mended_and_replayed(up: RunningUp, folder: Path) -> None:
    until(lambda: health(up).status_code == 200)
    asyncio.run(publish_as_admin(folder, "chatwoot.event.acme.4711", b"this is no event"))
    until(lambda: len(letters(folder)) == 1)

    (letter,) = letters(folder)
    number = str(letter["sequence"])
    shown = json.loads(odoo_ai(folder, "dead-letters", "show", number, "--json").stdout)
    mended = folder / "mended.json"
    mended.write_text('{"still": "no event"}')
    replayed = odoo_ai(folder, "dead-letters", "replay", number, "--body", str(mended), "--json")

    assert (letter["stream"], letter["subject"]) == ("CHATWOOT_EVENTS", "chatwoot.event.acme.4711")
    assert shown["body"] == "this is no event"
    assert json.loads(replayed.stdout) == {"replayed": [int(number)]}
    # It went back to where it came in: the hub read it again, and did not like the new body either.
    until(lambda: [each["sequence"] for each in letters(folder)] not in ([], [int(number)]))
    again = str(letters(folder)[0]["sequence"])
    assert odoo_ai(folder, "dead-letters", "drop", again).returncode == 0
    assert letters(folder) == []


def letters(folder: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(odoo_ai(folder, "dead-letters", "list", "--json").stdout)
    return found


async def publish_as_admin(folder: Path, subject: str, data: bytes) -> None:
    url, keys = running_broker(folder / "data")
    seed = SecretStr((keys / "admin" / "admin.seed").read_text())
    connection = await connect(ServiceSettings(nats_url=url, nats_nkey_seed=seed), "admin")
    await connection.js.publish(subject, data)
    await connection.close()


def test_one_interrupt_stops_everything_in_order(tmp_path: Path) -> None:
    write_tenant(tmp_path, "acme")
    with started(tmp_path, "up") as running:
        running.wait_for("Everything runs")
        children = psutil.Process(running.process.pid).children()
        port = int(running.url.rsplit(":", 1)[1])

        code = running.stop()

        assert code == 0
        assert running.lines[-2:] == ["stopping ...", "stopped"]
        assert not [each for each in children if each.is_running() and each.status() != psutil.STATUS_ZOMBIE]
        assert not (tmp_path / "data" / "run" / "nats.json").exists()
        with pytest.raises(httpx.ConnectError):
            httpx.get(f"http://127.0.0.1:{port}/health")
    assert odoo_ai(tmp_path, "tenant", "list").returncode == 2


def test_a_second_interrupt_kills_what_does_not_stop(tmp_path: Path) -> None:
    with started(tmp_path, "up") as running:
        running.wait_for("Everything runs")
        frozen = running.children("hub")[0]
        frozen.send_signal(signal.SIGSTOP)
        running.process.send_signal(signal.SIGINT)
        running.wait_for("stopping")
        time.sleep(0.5)
        started_at = time.monotonic()

        running.stop()

        assert time.monotonic() - started_at < 5
        assert not psutil.pid_exists(frozen.pid)


def test_a_taken_port_is_an_error_that_names_the_setting(up: RunningUp, tmp_path: Path) -> None:
    refused = odoo_ai_process(tmp_path, "up", env={"SERVER_PORT": up.url.rsplit(":", 1)[1]})

    assert refused.returncode == 2
    assert "SERVER_PORT" in refused.stderr


def test_a_service_that_refuses_its_settings_ends_the_start_with_its_name(tmp_path: Path) -> None:
    refused = odoo_ai_process(tmp_path, "up", env={"ODOO_CONCURRENCY": "many"})

    assert refused.returncode in (1, 2)
    assert "odoo_api" in refused.stdout + refused.stderr
    assert "ODOO_CONCURRENCY" in refused.stdout + refused.stderr
