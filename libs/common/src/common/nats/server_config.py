"""The nats-server configuration: one text for the embedded server, compose and tests."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from common.nats.access import ACCESS, Access

MAX_PAYLOAD = 1024 * 1024


@dataclass(frozen=True)
class ServerConfig:
    """What differs between installations. Sizes in bytes.

    `public_keys` maps users of `access.ACCESS` to their public nkeys; None lets anybody do anything (tests only).
    `max_file` is what JetStream may reserve on disk: streams share it by `provision`.
    """

    store_dir: Path
    public_keys: Mapping[str, str] | None
    host: str = "127.0.0.1"
    port: int = 4222
    max_file: int = 16 * 1024**3
    max_memory: int = 64 * 1024**2
    monitoring_port: int | None = None
    monitoring_host: str = "127.0.0.1"
    server_name: str = "odoo-ai"
    tls_cert_file: Path | None = None
    tls_key_file: Path | None = None
    pid_file: Path | None = None


def render_server_config(config: ServerConfig) -> str:
    """The complete configuration text.

    `sync_interval: always`: the default of two minutes lost every acked message of a simulated power cut.
    `js_ack_fc_v2`: the newer ack format kills the read loop of nats-py 2.16 and changes the subjects of permissions.
    """
    lines = [
        f"listen: {_text(f'{config.host}:{config.port}')}",
        f"server_name: {_text(config.server_name)}",
        f"max_payload: {MAX_PAYLOAD}",
        'ping_interval: "20s"',
        "ping_max: 2",
        'write_deadline: "10s"',
        'lame_duck_grace_period: "2s"',
        'lame_duck_duration: "60s"',
        "feature_flags { js_ack_fc_v2: false }",
        "jetstream {",
        f"  store_dir: {_text(str(config.store_dir))}",
        "  sync_interval: always",
        f"  max_file: {config.max_file}",
        f"  max_mem: {config.max_memory}",
        "}",
    ]
    if config.monitoring_port is not None:
        lines.append(f"http: {_text(f'{config.monitoring_host}:{config.monitoring_port}')}")
    if config.pid_file:
        lines.append(f"pid_file: {_text(str(config.pid_file))}")
    if config.tls_cert_file and config.tls_key_file:
        lines.append(
            f"tls {{ cert_file: {_text(str(config.tls_cert_file))}, key_file: {_text(str(config.tls_key_file))} }}"
        )
    if config.public_keys is not None:
        lines += _accounts(config.public_keys, config)
    return "\n".join(lines) + "\n"


def _accounts(public_keys: Mapping[str, str], config: ServerConfig) -> list[str]:
    # The account's limit is what clients can see: the provisioner sizes the streams by it.
    return [
        "accounts {",
        "  ODOO_AI {",
        f"    jetstream: {{ max_file: {config.max_file}, max_mem: {config.max_memory} }}",
        "    users: [",
        *(line for user, key in public_keys.items() for line in _user(key, ACCESS[user])),
        "    ]",
        "  }",
        "  SYS {}",
        "}",
        "system_account: SYS",
    ]


def _user(public_key: str, access: Access) -> list[str]:
    answers = 'allow_responses: { max: 1, expires: "2m" }' if access.answers else ""
    return [
        f"      {{ nkey: {public_key}, permissions: {{",
        f"        publish: {{ allow: {_list(access.publish)} }}",
        f"        subscribe: {{ allow: {_list(access.subscribe)} }}",
        *([f"        {answers}"] if answers else []),
        "      } }",
    ]


def _list(subjects: tuple[str, ...]) -> str:
    return "[" + ", ".join(_text(each) for each in dict.fromkeys(subjects)) + "]"


def _text(value: str) -> str:
    return json.dumps(value)
