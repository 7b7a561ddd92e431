"""The users of the broker: one nkey each, made once, readable by its owner only."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from common.errors import ConfigurationError
from common.nats.access import ADMIN, HUB, ODOO_API, WEBHOOK, Credential, credential_from_seed, new_credential

SERVICE_USERS = (WEBHOOK, ODOO_API, HUB, ADMIN)
"""Who works with the broker here. A monitoring user is made when somebody wants one."""


def seed_file(keys_dir: Path, user: str) -> Path:
    """Where a user's seed is: a folder each, so that a container can be given one and no other."""
    return keys_dir / user / f"{user}.seed"


def ensure_credentials(keys_dir: Path, users: Iterable[str] = SERVICE_USERS) -> dict[str, Credential]:
    """Read the users' keys, and make those that are missing.

    Raises:
        ConfigurationError: a seed cannot be read or written, or is none.
    """
    return {user: _ensure(seed_file(keys_dir, user), user) for user in users}


def _ensure(path: Path, user: str) -> Credential:
    try:
        if path.exists():
            return credential_from_seed(user, path.read_text())
        credential = new_credential(user)
        _write_secret(path, credential.seed)
    except (OSError, ConfigurationError) as error:
        raise ConfigurationError(str(error), file=str(path)) from error
    return credential


def _write_secret(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    # Created with its final mode: there is no moment in which others could read it.
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text + "\n")
