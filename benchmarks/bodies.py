"""Signed webhook requests in Chatwoot's shape, all different, made faster than anybody can take them."""

from __future__ import annotations

import hashlib
import hmac
import time

import orjson
from support.chatwoot_bodies import INCOMING, fixture

_MESSAGE, _CONVERSATION = 900_000_001, 900_000_002
_FIRST_MESSAGE = 1_000_000


class Requests:
    """Makes the HTTP request of the n-th customer message; the conversations take turns."""

    def __init__(self, host: str, path: str, secret: str, conversations: int = 500) -> None:
        self._conversations = conversations
        self._secret = secret.encode()
        # Filled in by replacing: a serialiser per request would be half of the load generator's work.
        self._template = orjson.dumps(fixture(INCOMING, id=_MESSAGE, conversation__id=_CONVERSATION, account__id=1))
        self._head = (
            f"POST {path} HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\nAccept: application/json\r\n"
            "X-Chatwoot-Delivery: 0b6f1a52-2f3c-4d0e-9c55-6f1f5f0c1a01\r\n"
        ).encode()

    def make(self, number: int) -> bytes:
        """The whole request, signed now."""
        body = self._template.replace(b"%d" % _MESSAGE, b"%d" % (_FIRST_MESSAGE + number))
        body = body.replace(b"%d" % _CONVERSATION, b"%d" % (1 + number % self._conversations))
        stamp = b"%d" % int(time.time())
        digest = hmac.new(self._secret, stamp + b"." + body, hashlib.sha256).hexdigest().encode()
        return b"%bX-Chatwoot-Timestamp: %b\r\nX-Chatwoot-Signature: sha256=%b\r\nContent-Length: %d\r\n\r\n%b" % (
            self._head,
            stamp,
            digest,
            len(body),
            body,
        )
