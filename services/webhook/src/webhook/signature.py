"""Whether a webhook really comes from the tenant's Chatwoot.

Chatwoot signs `<timestamp>.<raw body>`, so the bytes are checked as they came: parsing and writing them again would
change them. A Chatwoot too old to sign proves itself by the secret part of its webhook's path.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from dataclasses import dataclass
from typing import Final, Literal

from common.tenants import ChatwootConnection

WINDOW_SECONDS: Final = 300
"""Each retry of Chatwoot is signed anew, so a short window costs no delivery."""

_SIGNATURE = re.compile(r"sha256=([0-9a-f]{64})", re.ASCII)
_TIMESTAMP = re.compile(r"[0-9]{1,12}", re.ASCII)
_DECOY_SECRET = hashlib.sha256(b"no tenant has this secret").hexdigest()
_TOKEN_LIMIT = 512

Verdict = Literal["genuine", "unsigned", "malformed_signature", "stale", "wrong_signature", "wrong_token"]


@dataclass(frozen=True)
class Proof:
    """What a request brings to prove where it comes from."""

    timestamp: str | None = None
    signature: str | None = None
    path_token: str | None = None
    """The last part of the URL's path."""
    legacy_token: str | None = None
    """`?token=` or a bearer token: all that a forwarding proxy of the old system can send."""


@dataclass(frozen=True)
class Guard:
    """What a tenant demands."""

    secret: str | None
    path_token: str | None

    @classmethod
    def of(cls, connection: ChatwootConnection | None) -> Guard:
        """A tenant's guard; for no tenant one that costs the same time and admits nobody."""
        if connection is None:
            return cls(_DECOY_SECRET, None)
        return cls(
            connection.webhook_secret.get_secret_value() if connection.webhook_secret else None,
            connection.webhook_path_token.get_secret_value() if connection.webhook_path_token else None,
        )

    def verdict(self, proof: Proof, body: bytes, now: float) -> Verdict:
        """Judge one request; the work done does not depend on which part is wrong.

        With a secret the signature decides, and a token in the path must be right as well if there is one. Without a
        secret the token decides, from the path or from where an old forwarding proxy can put it.
        """
        signature = _signature_verdict(self.secret or _DECOY_SECRET, proof, body, now)
        token = proof.path_token if self.secret is not None else proof.path_token or proof.legacy_token
        token_is_right = _equal(self.path_token, token)
        if self.secret is None:
            return "genuine" if token_is_right else "wrong_token"
        if signature == "genuine" and proof.path_token is not None and not token_is_right:
            return "wrong_token"
        return signature


def _signature_verdict(secret: str, proof: Proof, body: bytes, now: float) -> Verdict:
    given = _SIGNATURE.fullmatch(proof.signature or "")
    timestamp = _TIMESTAMP.fullmatch(proof.timestamp or "")
    stamp = timestamp.group() if timestamp else "0"
    expected = hmac.new(secret.encode(), stamp.encode() + b"." + body, hashlib.sha256).hexdigest()
    matches = hmac.compare_digest(expected, given.group(1) if given else "0" * 64)
    if proof.signature is None or proof.timestamp is None:
        return "unsigned"
    if given is None or timestamp is None:
        return "malformed_signature"
    if abs(now - int(stamp)) > WINDOW_SECONDS:
        return "stale"
    return "genuine" if matches else "wrong_signature"


def _equal(expected: str | None, given: str | None) -> bool:
    # Digests are compared, so that neither length nor content of the token shows in the time.
    left = hashlib.sha256((expected or "").encode()).digest()
    right = hashlib.sha256((given or "")[:_TOKEN_LIMIT].encode(errors="surrogatepass")).digest()
    return hmac.compare_digest(left, right) and bool(expected) and bool(given)
