"""Chatwoot's signature: the vectors, and every way to be wrong."""

from __future__ import annotations

import hashlib
import hmac
import json
from typing import Any

import pytest
from support.chatwoot_bodies import FIXTURES, signed

from common.tenants import ChatwootConnection
from webhook.signature import WINDOW_SECONDS, Guard, Proof

VECTORS: list[dict[str, Any]] = json.loads((FIXTURES / "signature_vectors.json").read_text())
TOKEN = "path-token-of-16-characters-or-more"
BODY = b'{"event": "message_created"}'
NOW = 1795442600
SIGNED = Guard(((None, "s3cret"),), path_token=None)
OLD = Guard((), path_token=TOKEN, may_be_unsigned=True)
BOTH = Guard(((None, "s3cret"),), path_token=TOKEN)
RENEWED = Guard(((None, "new"), (None, "s3cret")), path_token=None)
BY_KIND = Guard((("agent_bot", "bot"), ("account_webhook", "hook"), ("api_inbox", "inbox")), path_token=TOKEN)
HOOK_ONLY = Guard((("account_webhook", "hook"),), path_token=TOKEN, may_be_unsigned=True)


def proof(secret: str = "s3cret", body: bytes = BODY, at: int = NOW, **changes: Any) -> Proof:
    headers = signed(secret, body, at)
    brought: dict[str, Any] = {
        "timestamp": headers["X-Chatwoot-Timestamp"],
        "signature": headers["X-Chatwoot-Signature"],
        **changes,
    }
    return Proof(**brought)


def judged(secret: str, brought: Proof, body: bytes) -> str:
    return Guard(((None, secret),), None).judge(brought, body, now=1795442600).verdict


@pytest.mark.parametrize("vector", VECTORS, ids=lambda each: each["fixture"])
def test_a_body_that_chatwoot_signed_is_genuine(vector: dict[str, Any]) -> None:
    body = (FIXTURES / vector["raw_body_file"]).read_bytes()
    headers = vector["headers"]
    brought = Proof(timestamp=headers["X-Chatwoot-Timestamp"], signature=headers["X-Chatwoot-Signature"])
    guard = Guard(((None, vector["secret"]),), path_token=None)

    assert guard.judge(brought, body, now=float(headers["X-Chatwoot-Timestamp"]) + 2).verdict == "genuine"


@pytest.mark.parametrize("vector", VECTORS, ids=lambda each: each["fixture"])
def test_an_hmac_over_the_body_alone_is_wrong(vector: dict[str, Any]) -> None:
    body = (FIXTURES / vector["raw_body_file"]).read_bytes()
    digest = hmac.new(vector["secret"].encode(), body, hashlib.sha256).hexdigest()
    brought = Proof(timestamp=vector["headers"]["X-Chatwoot-Timestamp"], signature=f"sha256={digest}")

    assert judged(vector["secret"], brought, body) == "wrong_signature"


@pytest.mark.parametrize("vector", VECTORS, ids=lambda each: each["fixture"])
def test_a_body_written_again_is_wrong(vector: dict[str, Any]) -> None:
    body = (FIXTURES / vector["raw_body_file"]).read_bytes()
    headers = vector["headers"]
    brought = Proof(timestamp=headers["X-Chatwoot-Timestamp"], signature=headers["X-Chatwoot-Signature"])

    assert judged(vector["secret"], brought, body + b" ") == "wrong_signature"


@pytest.mark.parametrize(
    ("guard", "brought", "verdict"),
    [
        (SIGNED, proof(), "genuine"),
        (SIGNED, proof("another"), "wrong_signature"),
        (SIGNED, proof(body=b"{}"), "wrong_signature"),
        (SIGNED, proof(at=NOW - WINDOW_SECONDS), "genuine"),
        (SIGNED, proof(at=NOW - WINDOW_SECONDS - 1), "stale"),
        (SIGNED, proof(at=NOW + WINDOW_SECONDS + 1), "stale"),
        (SIGNED, Proof(), "unsigned"),
        (SIGNED, proof(timestamp=None), "unsigned"),
        (SIGNED, proof(signature=None), "unsigned"),
        (SIGNED, proof(signature="sha256="), "malformed_signature"),
        (SIGNED, proof(signature="sha1=" + "0" * 64), "malformed_signature"),
        (SIGNED, proof(signature="sha256=" + "A" * 64), "malformed_signature"),
        (SIGNED, proof(signature="sha256=" + "0" * 5000), "malformed_signature"),
        (SIGNED, proof(signature="sha256=é" + "0" * 63), "malformed_signature"),
        (SIGNED, proof(timestamp="1" * 13), "malformed_signature"),
        (SIGNED, proof(timestamp="-1795442600"), "malformed_signature"),
        (SIGNED, proof(timestamp="١٧٩٥٤٤٢٦٠٠"), "malformed_signature"),
        (SIGNED, proof(path_token="anything"), "wrong_token"),
        (SIGNED, proof(legacy_token="anything"), "genuine"),
        (SIGNED, Proof(path_token=TOKEN, legacy_token=TOKEN), "unsigned"),
        (BOTH, proof(), "genuine"),
        (BOTH, proof(path_token=TOKEN), "genuine"),
        (BOTH, proof(path_token=TOKEN + "x"), "wrong_token"),
        (BOTH, Proof(path_token=TOKEN), "unsigned"),
        (OLD, Proof(path_token=TOKEN), "genuine"),
        (OLD, Proof(legacy_token=TOKEN), "genuine"),
        (OLD, Proof(path_token="wrong", legacy_token=TOKEN), "wrong_token"),
        (OLD, proof(), "wrong_token"),
        (OLD, Proof(path_token=""), "wrong_token"),
        (OLD, Proof(path_token="é\udcff"), "wrong_token"),
        (Guard.of(None), proof(), "wrong_signature"),
        (Guard.of(None), Proof(path_token=TOKEN), "unsigned"),
        (Guard((), None), Proof(path_token=""), "wrong_token"),
        (RENEWED, proof("new"), "genuine"),
        (RENEWED, proof("s3cret"), "genuine"),
        (RENEWED, proof("a third"), "wrong_signature"),
        (BY_KIND, Proof(path_token=TOKEN), "unsigned"),
        (HOOK_ONLY, Proof(path_token=TOKEN), "genuine"),
        (HOOK_ONLY, Proof(legacy_token=TOKEN), "unsigned"),
        (HOOK_ONLY, Proof(path_token=TOKEN + "x"), "unsigned"),
        (HOOK_ONLY, proof("bot", path_token=TOKEN), "wrong_signature"),
    ],
)
def test_who_is_let_in(guard: Guard, brought: Proof, verdict: str) -> None:
    assert guard.judge(brought, BODY, now=NOW).verdict == verdict


@pytest.mark.parametrize(
    ("guard", "brought", "kind"),
    [
        (BY_KIND, proof("bot"), "agent_bot"),
        (BY_KIND, proof("hook"), "account_webhook"),
        (BY_KIND, proof("inbox"), "api_inbox"),
        (BY_KIND, proof("another"), None),
        (HOOK_ONLY, Proof(path_token=TOKEN), None),
        (SIGNED, proof(), None),
    ],
)
def test_the_secret_that_fits_tells_the_kind_of_delivery(guard: Guard, brought: Proof, kind: str | None) -> None:
    assert guard.judge(brought, BODY, now=NOW).kind == kind


@pytest.mark.parametrize(
    ("webhook_secret", "guard"),
    [
        ("s3cret", BOTH),
        (None, OLD),
        ({"account_webhook": "hook"}, HOOK_ONLY),
        ({"agent_bot": "bot", "account_webhook": ["hook"], "api_inbox": "inbox"}, BY_KIND),
    ],
)
def test_the_guard_of_a_tenant_holds_its_secrets(webhook_secret: Any, guard: Guard) -> None:
    connection = ChatwootConnection(
        base_url="https://chat.example.com",
        account_id=1,
        bot_token="b",
        webhook_secret=webhook_secret,
        webhook_path_token=TOKEN,
    )

    assert Guard.of(connection) == guard
