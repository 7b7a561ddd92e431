"""What the Odoo modules of the unified server send, as far as two services must know it alike."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Any, Final, Literal, TypeAlias

PushFamily: TypeAlias = Literal["credentials", "mapping"]
"""What a module's `Synchronise` button pushes beside knowledge: how to reach Odoo, or whose inbox is whose."""

SIGNATURE_HEADER: Final = "X-Webhook-Signature"

_FAMILIES: Final[Mapping[str, PushFamily]] = {
    "credentials": "credentials",
    "credentials_sync": "credentials",
    "channel_mapping": "mapping",
    "mapping_sync": "mapping",
}


def push_family(body: Mapping[str, Any]) -> PushFamily | None:
    """Which push a body is, by `source` or `event`; None: none of them."""
    for name in ("source", "event", "event_type"):
        value = body.get(name)
        if isinstance(value, str) and value in _FAMILIES:
            return _FAMILIES[value]
    return None


def module_signature(secret: str, body: Any) -> str:
    """The signature of a body, as the modules make it.

    They sign the body with sorted keys and Python's default separators, and send it in another order: the verifier has
    to write it again in the same way.
    """
    canonical = json.dumps(body, sort_keys=True).encode()
    return hmac.new(secret.encode(), canonical, hashlib.sha256).hexdigest()


def is_signed(secret: str, body: Any, given: str) -> bool:
    """Whether a signature fits; takes the same time for any wrong one."""
    try:
        expected = module_signature(secret, body).encode()
    except RecursionError:
        # No module nests a body a thousand levels deep.
        return False
    return hmac.compare_digest(expected, given.strip().lower().removeprefix("sha256=").encode(errors="replace"))
