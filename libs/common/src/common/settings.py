"""What every service reads from its environment, once, at start."""

from __future__ import annotations

import os
import socket
from pathlib import Path
from typing import Any, TypeVar

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from common.errors import ConfigurationError

_SECRET_VARIABLES = ("NATS_NKEY_SEED",)


def _instance_id() -> str:
    return f"{socket.gethostname()}-{os.getpid()}"


class ServiceSettings(BaseSettings):
    """Settings common to all services. Each field is the environment variable of the same name in capitals.

    `<NAME>_FILE` may name a file that holds the value instead: the way container runtimes hand over secrets.
    """

    model_config = SettingsConfigDict(frozen=True, extra="ignore", env_file=None, case_sensitive=False)

    nats_url: str = "nats://127.0.0.1:4222"
    nats_nkey_seed: SecretStr | None = None
    nats_connect_seconds: float = 60.0
    """How long to wait for the broker at start before giving up with an error."""
    config_dir: Path = Field(default=Path("config"), validation_alias="ODOO_AI_CONFIG")
    data_dir: Path = Field(default=Path("data"), validation_alias="ODOO_AI_DATA")
    log_dir: Path | None = Path("logs")
    log_level: str = "INFO"
    log_stdout: bool = True
    service_host: str = "127.0.0.1"
    instance_id: str = Field(default_factory=_instance_id)

    @field_validator("log_dir", mode="before")
    @classmethod
    def _empty_means_no_files(cls, value: Any) -> Any:
        # In a container the files would die with it: `LOG_DIR=` leaves stdout alone.
        return None if value == "" else value

    @model_validator(mode="before")
    @classmethod
    def _read_files(cls, values: Any) -> Any:
        if not isinstance(values, dict):
            return values
        return {**secrets_from_files(dict(os.environ), _SECRET_VARIABLES), **values}


S = TypeVar("S", bound=ServiceSettings)


def secrets_from_files(environ: dict[str, str], names: tuple[str, ...]) -> dict[str, str]:
    """Read the variables that are given as `<NAME>_FILE`.

    Raises:
        ConfigurationError: the named file cannot be read.
    """
    found: dict[str, str] = {}
    for name in names:
        path = environ.get(f"{name}_FILE")
        if path and not environ.get(name):
            found[name.lower()] = read_secret_file(Path(path), key=f"{name}_FILE")
    return found


def read_secret_file(path: Path, *, key: str) -> str:
    """Read a one-value secret file, without its last line break.

    Raises:
        ConfigurationError: it cannot be read; names the key, and never shows what is in it.
    """
    try:
        return path.read_text().rstrip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"cannot read the secret file {path}: {error.__class__.__name__}", key=key) from error


def load_settings(kind: type[S], **overrides: Any) -> S:
    """Read settings from the environment.

    Raises:
        ConfigurationError: names the variable and what is wrong with it.
    """
    try:
        return kind(**overrides)
    except ValidationError as error:
        first = error.errors()[0]
        raise ConfigurationError(first["msg"], key="_".join(map(str, first["loc"])).upper() or None) from error
