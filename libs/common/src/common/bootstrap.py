"""What a service makes sure of before it starts work: streams exist, and at least one tenant is applied.

With `odoo-ai up` and in compose a provisioner has done this. A service that is started alone against a bare broker
does it itself if its user may, so that `NATS_URL=... python -m hub` is all it takes.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Mapping
from pathlib import Path

import structlog
from nats.aio.client import Client

from common.errors import ConfigurationError, NotReady, OdooAiError
from common.nats.bucket import Bucket
from common.nats.provision import provision
from common.nats.topology import BUCKET_TENANTS
from common.settings import ServiceSettings
from common.tenant_directory import apply_tenants
from common.tenant_files import load_tenant_files

RETRY_SECONDS = 2.0

log = structlog.get_logger(__name__)


async def ensure_ready(nc: Client, settings: ServiceSettings) -> None:
    """Return when streams and buckets exist; apply the tenant files if no tenant was ever applied.

    A service with a user of its own (an nkey) leaves both to the provisioner and waits for it.

    Raises:
        NotReady: the streams did not appear within `nats_connect_seconds`.
    """
    provisions = settings.nats_nkey_seed is None
    if provisions:
        await provision(nc)
    await _wait_for_streams(nc, settings.nats_connect_seconds)
    if provisions:
        # The settings module is where the environment is read; this is the tenant files' part of it.
        await _apply_files_once(nc, settings.config_dir, dict(os.environ))  # noqa: TID251


async def _wait_for_streams(nc: Client, seconds: float) -> None:
    deadline = asyncio.get_running_loop().time() + seconds
    while True:
        try:
            await Bucket(nc, BUCKET_TENANTS).last_sequence()
            return
        except OdooAiError as error:
            if asyncio.get_running_loop().time() > deadline:
                raise NotReady("the streams do not exist: run `odoo-ai provision` against this broker") from error
            log.info("waiting_for_streams", hint="odoo-ai provision")
        await asyncio.sleep(RETRY_SECONDS)


async def _apply_files_once(nc: Client, config_dir: Path, environ: Mapping[str, str]) -> None:
    if not (config_dir / "tenants").is_dir() or await Bucket(nc, BUCKET_TENANTS).last_sequence() > 0:
        return
    try:
        tenants = load_tenant_files(config_dir, environ)
    except ConfigurationError as error:
        # The secrets may be at hand elsewhere: another service or `odoo-ai tenant apply` brings the tenants.
        log.error("tenant_files_not_applied", reason=str(error))
        return
    result = await apply_tenants(nc, tenants)
    log.info("tenant_files_applied", created=list(result.created))
