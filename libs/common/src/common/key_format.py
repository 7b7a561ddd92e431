"""What an API key looks like, and what of it may be stored or sent: its id and its hash."""

from __future__ import annotations

import hashlib
import re
from typing import Final

_KEY: Final = re.compile(r"oai_([0-9A-Za-z]{10})_([0-9A-Za-z]{32,64})")
_MODULE_TOKEN: Final = re.compile(r"[\x21-\x7e]{12,200}")
IMPORTED_ID: Final = "legacy-"
"""How the ids of imported tokens begin."""


def key_id_of(presented: str) -> str | None:
    """The id of something presented as a key; None when it cannot be one.

    A token of an old module has no id in it, so its id is made of its hash.
    """
    found = _KEY.fullmatch(presented)
    if found:
        return found.group(1)
    return IMPORTED_ID + hash_key(presented)[:24] if is_module_token(presented) else None


def is_module_token(presented: str) -> bool:
    """Whether this can be the token of an old module, e.g. `account_1-0a1b2c3d`."""
    return _MODULE_TOKEN.fullmatch(presented) is not None and not presented.startswith("oai_")


def hash_key(key: str) -> str:
    """What is stored of a key."""
    return hashlib.sha256(key.encode()).hexdigest()
