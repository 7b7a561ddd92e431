"""The operator's connection to the broker: the one `odoo-ai up` started here, or the one that NATS_URL names."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import orjson
from pydantic import SecretStr

from cli.nats_keys import seed_file
from cli.settings import CliSettings
from common.errors import ConfigurationError
from common.nats.access import ADMIN
from common.nats.connection import NatsConnection, connect
from common.settings import read_secret_file


def admin_settings(settings: CliSettings) -> CliSettings:
    """The settings with the broker's address and the operator's key filled in.

    Raises:
        ConfigurationError: no broker is known, or its key cannot be read.
    """
    if settings.has_external_nats:
        keys_dir = settings.nats_keys_dir
        if settings.nats_nkey_seed is not None or keys_dir is None:
            return settings
        return settings.model_copy(update={"nats_nkey_seed": _admin_seed(keys_dir)})
    return embedded_admin(settings, *running_broker(settings.data_dir))


def running_broker(data_dir: Path) -> tuple[str, Path]:
    """Address and keys of the broker that `odoo-ai up` of this data folder started.

    Raises:
        ConfigurationError: none is running.
    """
    try:
        found = orjson.loads((data_dir / "run" / "nats.json").read_bytes())
        return str(found["url"]), Path(found["keys"])
    except (OSError, ValueError, KeyError) as error:
        raise ConfigurationError(
            "no broker is known: start `odoo-ai up` in this folder, or set NATS_URL", key="NATS_URL"
        ) from error


def embedded_admin(settings: CliSettings, url: str, keys_dir: Path) -> CliSettings:
    """The settings for a broker that was started here.

    Raises:
        ConfigurationError: the operator's key cannot be read.
    """
    return settings.model_copy(update={"nats_url": url, "nats_nkey_seed": _admin_seed(keys_dir)})


@asynccontextmanager
async def admin_connection(settings: CliSettings, *, connect_seconds: float = 5.0) -> AsyncIterator[NatsConnection]:
    """Connect as the operator to the broker that the settings or a running `odoo-ai up` name.

    Raises:
        ConfigurationError: no broker is known.
        NotReady: it does not answer, or refuses us.
    """
    async with connected(admin_settings(settings), connect_seconds=connect_seconds) as connection:
        yield connection


@asynccontextmanager
async def connected(admin: CliSettings, *, connect_seconds: float) -> AsyncIterator[NatsConnection]:
    """Connect as the operator, with settings that are complete.

    Raises:
        NotReady: the broker does not answer, or refuses us.
    """
    connection = await connect(admin.model_copy(update={"nats_connect_seconds": connect_seconds}), ADMIN)
    try:
        yield connection
    finally:
        await connection.close()


def _admin_seed(keys_dir: Path) -> SecretStr:
    return SecretStr(read_secret_file(seed_file(keys_dir, ADMIN), key="NATS_KEYS_DIR"))
