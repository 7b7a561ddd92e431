from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import SecretStr

from cli.commands.tenant import without_secrets
from cli.nats_keys import SERVICE_USERS, ensure_credentials, seed_file
from cli.services import base_environment
from cli.settings import load_cli_settings, read_dotenv
from cli.tunnel import NgrokTunnel, StaticTunnel, choose_tunnel
from common.errors import ConfigurationError

TENANT = "chatwoot: {bot_token: '${ACME_TOKEN}', webhook_secret: '${ACME_SECRET}'}"


@pytest.fixture(autouse=True)
def clean(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("NATS_URL", "SERVER_PORT", "NGROK_AUTH_TOKEN", "NGROK_AUTH_TOKEN_FILE", "PUBLIC_URL", "NATS_PORT"):
        monkeypatch.delenv(name, raising=False)


def test_what_tenant_files_name_is_kept_from_child_processes(tmp_path: Path) -> None:
    (tmp_path / "tenants").mkdir()
    (tmp_path / "tenants" / "acme.yaml").write_text(TENANT)
    environ = {"ACME_TOKEN": "t", "ACME_SECRET_FILE": "/run/secrets/s", "OPENAI_API_KEY": "k", "PATH": "/bin"}

    assert base_environment(environ, tmp_path, keep_broker_key=False) == {"OPENAI_API_KEY": "k", "PATH": "/bin"}


def test_the_operators_own_secrets_are_kept_from_child_processes(tmp_path: Path) -> None:
    environ = {"NGROK_AUTH_TOKEN": "n", "NATS_NKEY_SEED": "S", "INSTANCE_ID": "me", "LANG": "C"}

    assert base_environment(environ, tmp_path, keep_broker_key=False) == {"LANG": "C"}
    assert base_environment(environ, tmp_path, keep_broker_key=True) == {"NATS_NKEY_SEED": "S", "LANG": "C"}


def test_dotenv_fills_in_what_is_not_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".env").write_text("SERVER_PORT=9001\nNATS_URL=\nSERVER_HOST=0.0.0.0\n")
    monkeypatch.setenv("SERVER_HOST", "127.0.0.9")
    monkeypatch.setenv("SERVER_PORT", "")
    monkeypatch.delenv("SERVER_PORT")

    read_dotenv(tmp_path / ".env")
    settings = load_cli_settings()

    assert settings.server_port == 9001
    assert settings.server_host == "127.0.0.9"
    assert settings.is_set("server_port")
    assert not settings.has_external_nats
    for name in ("SERVER_PORT", "NATS_URL"):
        monkeypatch.delenv(name)


def test_a_wrong_setting_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SERVER_PORT", "eight thousand")

    with pytest.raises(ConfigurationError, match="SERVER_PORT"):
        load_cli_settings()


def test_keys_are_made_once_and_belong_to_their_owner(tmp_path: Path) -> None:
    first = ensure_credentials(tmp_path)
    again = ensure_credentials(tmp_path)

    assert first == again
    assert len({each.public_key for each in first.values()}) == len(SERVICE_USERS)
    assert {seed_file(tmp_path, user).stat().st_mode & 0o777 for user in SERVICE_USERS} == {0o600}


def test_an_unusable_key_is_named_without_showing_it(tmp_path: Path) -> None:
    seed_file(tmp_path, "hub").parent.mkdir(parents=True)
    seed_file(tmp_path, "hub").write_text("SUSECRETBUTBROKEN")

    with pytest.raises(ConfigurationError, match=r"hub\.seed") as error:
        ensure_credentials(tmp_path)

    assert "SUSECRETBUTBROKEN" not in str(error.value)


def test_secrets_are_not_shown() -> None:
    shown = without_secrets({"a": SecretStr("x"), "b": {"c": [SecretStr("y"), 1]}, "d": None})

    assert shown == {"a": "(set)", "b": {"c": ["(set)", 1]}, "d": None}


def test_a_tunnel_needs_a_token_or_an_address(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ConfigurationError, match=r"NGROK_AUTH_TOKEN.*--url"):
        choose_tunnel(load_cli_settings())

    monkeypatch.setenv("NGROK_AUTH_TOKEN", "token")
    assert isinstance(choose_tunnel(load_cli_settings()), NgrokTunnel)
    assert isinstance(choose_tunnel(load_cli_settings(), url="https://a.example"), StaticTunnel)
    with pytest.raises(ConfigurationError, match="--url"):
        choose_tunnel(load_cli_settings(), url="a.example")


async def test_a_static_tunnel_gives_its_address_without_a_slash_at_the_end() -> None:
    tunnel = StaticTunnel("https://a.example/")

    assert await tunnel.start() == "https://a.example"
    await tunnel.close()
