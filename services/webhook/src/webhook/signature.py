"""Whether a webhook really comes from the tenant's Chatwoot.

Chatwoot signs `<timestamp>.<raw body>`, so the bytes are checked as they came: parsing and writing them again would
change them. A Chatwoot too old to sign proves itself by the secret part of its webhook's path.

Each kind of delivery has a secret of its own, and more than one while it is being renewed. All of them are tried, also
after one has fitted; the one that fits tells the kind.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from dataclasses import dataclass
from typing import Final, Literal

from common.tenants import ChatwootConnection
from common.webhook_secrets import SIGNED_KINDS, SignedKind

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
class Judgement:
    """Whether a request is genuine, and which kind of delivery its secret belongs to (None: not told)."""

    verdict: Verdict
    kind: SignedKind | None = None


@dataclass(frozen=True)
class Guard:
    """What a tenant demands."""

    secrets: tuple[tuple[SignedKind | None, str], ...]
    """Every secret that counts, with its kind."""
    path_token: str | None
    may_be_unsigned: bool = False
    """Some kind of delivery has no secret: it may prove itself by the token in its path alone."""

    @classmethod
    def of(cls, connection: ChatwootConnection | None) -> Guard:
        """A tenant's guard; for no tenant one that costs the same time and admits nobody."""
        if connection is None:
            return cls(((None, _DECOY_SECRET),), None)
        secrets, token = connection.webhook_secret, connection.webhook_path_token
        return cls(
            secrets=tuple((kind, each.get_secret_value()) for kind, each in secrets.pairs()) if secrets else (),
            path_token=token.get_secret_value() if token else None,
            may_be_unsigned=secrets is None or not all(secrets.covers(kind) for kind in SIGNED_KINDS),
        )

    def judge(self, proof: Proof, body: bytes, now: float) -> Judgement:
        """Judge one request; the work done does not depend on which part is wrong.

        With a secret the signature decides, and a token in the path must be right as well if there is one. Without a
        secret the token decides, from the path or from where an old forwarding proxy can put it. A tenant of which
        some kinds have a secret and some have none takes an unsigned request with the right token in its path.
        """
        signed = _signed(self.secrets or ((None, _DECOY_SECRET),), proof, body, now)
        token = proof.path_token if self.secrets else proof.path_token or proof.legacy_token
        token_is_right = _equal(self.path_token, token)
        if not self.secrets or (self.may_be_unsigned and signed.verdict == "unsigned" and token_is_right):
            return Judgement("genuine" if token_is_right else "wrong_token")
        if signed.verdict == "genuine" and proof.path_token is not None and not token_is_right:
            return Judgement("wrong_token")
        return signed


def _signed(secrets: tuple[tuple[SignedKind | None, str], ...], proof: Proof, body: bytes, now: float) -> Judgement:
    given = _SIGNATURE.fullmatch(proof.signature or "")
    timestamp = _TIMESTAMP.fullmatch(proof.timestamp or "")
    stamp = timestamp.group() if timestamp else "0"
    digest = given.group(1) if given else "0" * 64
    fitting = [kind for kind, secret in secrets if _fits(secret, stamp, body, digest)]
    if proof.signature is None or proof.timestamp is None:
        return Judgement("unsigned")
    if given is None or timestamp is None:
        return Judgement("malformed_signature")
    if abs(now - int(stamp)) > WINDOW_SECONDS:
        return Judgement("stale")
    return Judgement("genuine", fitting[0]) if fitting else Judgement("wrong_signature")


def _fits(secret: str, stamp: str, body: bytes, digest: str) -> bool:
    expected = hmac.new(secret.encode(), stamp.encode() + b"." + body, hashlib.sha256).hexdigest()
    return hmac.compare_digest(expected, digest)


def _equal(expected: str | None, given: str | None) -> bool:
    # Digests are compared, so that neither length nor content of the token shows in the time.
    left = hashlib.sha256((expected or "").encode()).digest()
    right = hashlib.sha256((given or "")[:_TOKEN_LIMIT].encode(errors="surrogatepass")).digest()
    return hmac.compare_digest(left, right) and bool(expected) and bool(given)
