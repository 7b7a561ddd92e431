"""What the `odoo-ai` command reads from its environment."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

from dotenv import dotenv_values
from pydantic import Field, SecretStr
from pydantic_settings import SettingsConfigDict

from common.settings import ServiceSettings, load_settings, secrets_from_files

REPOSITORY = Path(__file__).resolve().parents[4]

Port = Annotated[int, Field(ge=0, le=65535)]


class CliSettings(ServiceSettings):
    """Settings of the command line; each is the environment variable of the same name in capitals."""

    # An empty value, in .env or from a compose file, means "not set".
    model_config = SettingsConfigDict(env_ignore_empty=True)

    server_host: str = "127.0.0.1"
    server_port: Port = 8000
    gateway_site: str = "http://"
    """`https://<host name>` makes the gateway get a certificate for it; SERVER_PORT is 443 then."""
    gateway_config: Path = REPOSITORY / "deploy" / "gateway" / "Caddyfile"
    webhook_port: Port = 8001
    odoo_api_port: Port = 8002
    hub_port: Port = 8003
    simulator_port: Port = 8004
    nats_port: Port | None = None
    """The embedded server's port; unset: 4222 when it is free, else any free one."""
    nats_keys_dir: Path | None = None
    """Holds `<user>/<user>.seed` for each user of an external broker, as `odoo-ai nats-config` writes them."""
    public_url: str | None = None
    """The public address, when something else than ngrok brings it here."""
    ngrok_auth_token: SecretStr | None = None
    ngrok_domain: str | None = None

    @property
    def has_external_nats(self) -> bool:
        """Whether a broker is given; else `odoo-ai up` starts one."""
        return self.is_set("nats_url")

    @property
    def has_own_site(self) -> bool:
        """Whether the gateway serves a host name of its own, with a certificate."""
        return self.gateway_site.startswith("https://")

    @property
    def reachable_host(self) -> str:
        """Where this machine finds what listens on SERVER_HOST."""
        return "127.0.0.1" if self.server_host in ("0.0.0.0", "::") else self.server_host  # noqa: S104 - compared

    def is_set(self, name: str) -> bool:
        """Whether the environment names a value, rather than leaving the default."""
        return name in self.model_fields_set


def read_dotenv(path: Path) -> None:
    """Put what a `.env` file holds into the environment; what is set already stays."""
    for name, value in dotenv_values(path).items():
        if value is not None:
            os.environ.setdefault(name, value)


def environment() -> dict[str, str]:
    """The environment, for tenant files and child processes."""
    return dict(os.environ)


def load_cli_settings(**overrides: object) -> CliSettings:
    """Read the settings.

    Raises:
        ConfigurationError: names the variable and what is wrong with it.
    """
    secrets = secrets_from_files(dict(os.environ), ("NGROK_AUTH_TOKEN",))
    return load_settings(CliSettings, **secrets, **overrides)
