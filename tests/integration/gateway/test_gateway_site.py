from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from support.gateway import CADDYFILE

from cli.binaries import find_binary
from cli.gateway_process import Upstreams, gateway_environment, site_address


def adapted(environment: dict[str, str]) -> dict[str, Any]:
    command = [str(find_binary("caddy")), "adapt", "--config", str(CADDYFILE), "--adapter", "caddyfile"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def server(config: dict[str, Any]) -> dict[str, Any]:
    (found,) = config["apps"]["http"]["servers"].values()
    return dict(found)


def test_without_any_setting_it_listens_on_loopback_only_without_a_config_api() -> None:
    config = adapted({})

    assert server(config)["listen"] == ["127.0.0.1:8000"]
    assert config["admin"] == {"disabled": True, "config": {"persist": False}}
    assert "127.0.0.1:8001" in json.dumps(config)
    assert "127.0.0.1:8002" in json.dumps(config)


def test_a_host_name_is_served_with_a_certificate(tmp_path: Path) -> None:
    address = site_address("https://assistant.example.com", "0.0.0.0", 443)
    config = adapted(gateway_environment({}, address, Upstreams(["webhook:8001"], ["odoo_api:8002"]), tmp_path))

    found = server(config)
    assert found["listen"] == ["0.0.0.0:443"]
    assert found["routes"][0]["match"] == [{"host": ["assistant.example.com"]}]
    assert "automatic_https" not in found


def test_several_upstreams_are_separated_by_blanks() -> None:
    config = json.dumps(adapted({"WEBHOOK_UPSTREAMS": "a:1 b:2 c:3"}))

    assert '{"dial": "a:1"}, {"dial": "b:2"}, {"dial": "c:3"}' in config


@pytest.mark.parametrize("endpoint", ["", "http://collector:4318"])
def test_spans_are_exported_only_when_somebody_collects_them(tmp_path: Path, endpoint: str) -> None:
    base = {"OTEL_EXPORTER_OTLP_ENDPOINT": endpoint} if endpoint else {}
    environment = gateway_environment(base, {}, Upstreams([], []), tmp_path)

    assert environment.get("OTEL_TRACES_EXPORTER") == (None if endpoint else "none")
    assert environment.get("OTEL_EXPORTER_OTLP_PROTOCOL") == ("http/protobuf" if endpoint else None)
