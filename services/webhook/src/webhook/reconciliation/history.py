"""Chatwoot's lists, read with a user's token, at the sweep's pace."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

import httpx

from common import metrics
from common.tenants import ChatwootConnection
from webhook.chatwoot_http import Call, Exchange
from webhook.chatwoot_transport import AiohttpTransport
from webhook.errors import RateLimited, Unauthorised, Unavailable
from webhook.reconciliation.pace import Pace
from webhook.reconciliation.rows import ConversationRow, MessageRow, conversation_rows, message_rows

REQUEST_SECONDS: Final = 20.0
"""A list of a thousand conversations takes Chatwoot some seconds, and no customer waits for this request."""

LIST_LIMIT: Final = 32 * 1024 * 1024
"""Bytes of a list that are read at once: some 8,000 conversations. A longer one is read page by page."""

NEWEST_PAGE: Final = 20
AFTER_PAGE: Final = 100
_CONNECTIONS = 4
_LISTED_PAGE = 25
_MOST_PAGES = 400

_CONVERSATIONS = "/api/v1/accounts/{account}/conversations"
_MESSAGES = "/api/v1/accounts/{account}/conversations/{conversation}/messages"


class ChatwootHistory:
    """What happened in one tenant's account. Every method may raise any kind of `ChatwootError`."""

    def __init__(self, connection: ChatwootConnection, pace: Pace) -> None:
        if connection.user_token is None:
            raise Unauthorised("no user_token is configured")
        self.requests = 0
        self._account = connection.account_id
        self._token = connection.user_token.get_secret_value()
        self._pace = pace
        self._http = httpx.AsyncClient(
            base_url=connection.url,
            timeout=httpx.Timeout(REQUEST_SECONDS, connect=3.0),
            transport=AiohttpTransport(connections=_CONNECTIONS),
            headers={"Accept": "application/json"},
            follow_redirects=False,
            trust_env=False,
        )
        self._exchange = Exchange(self._http, total_seconds=REQUEST_SECONDS, body_limit=LIST_LIMIT)

    async def close(self) -> None:
        """Give the connections back."""
        await self._http.aclose()

    def free(self, requests: int) -> bool:
        """Whether so many requests could be made without waiting."""
        return self._pace.wait_seconds(requests) == 0

    async def clock(self) -> float:
        """Chatwoot's own time, in epoch seconds: what its messages are dated by. A whole number."""
        answer = await self._get("/api", {})
        told = answer.get("timestamp") if isinstance(answer, dict) else None
        try:
            at = datetime.fromisoformat(str(told))
        except ValueError:
            raise Unavailable("a time of an unknown shape", applied="no") from None
        return (at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp()

    async def changed_within(self, seconds: float) -> list[ConversationRow]:
        """The conversations that changed in the last seconds, all in one answer."""
        params: dict[str, int | str] = {"status": "all", "updated_within": max(1, round(seconds))}
        return conversation_rows(_listed(await self._get(_CONVERSATIONS, params)))

    async def active_since(self, since: float) -> list[ConversationRow]:
        """The conversations with activity since a time, page by page: one answer could be too much."""
        found: dict[int, ConversationRow] = {}
        for page in range(1, _MOST_PAGES + 1):
            params: dict[str, int | str] = {"status": "all", "sort_by": "last_activity_at_desc", "page": page}
            page_of_rows = _listed(await self._get(_CONVERSATIONS, params))
            rows = conversation_rows(page_of_rows)
            # One that gets a message meanwhile moves to the front, and the others are seen twice.
            found |= {each.number: each for each in rows if each.number not in found}
            if len(page_of_rows) < _LISTED_PAGE or any(each.active_at < since for each in rows):
                return [each for each in found.values() if each.active_at >= since]
        raise Unavailable(f"more than {_MOST_PAGES * _LISTED_PAGE} conversations to look through", applied="no")

    async def messages_after(
        self, conversation: int, after: int, *, calm: bool = False
    ) -> tuple[list[MessageRow], bool]:
        """Up to 100 messages behind an id, oldest first; and whether there may be more."""
        rows = _messages(await self._get(_MESSAGES, {"after": after}, conversation, calm=calm))
        return message_rows(rows), len(rows) >= AFTER_PAGE

    async def newest_messages(
        self, conversation: int, before: int | None = None, *, calm: bool = False
    ) -> tuple[list[MessageRow], bool]:
        """The 20 newest messages (before an id), oldest first; and whether there may be older ones."""
        params = {} if before is None else {"before": before}
        rows = _messages(await self._get(_MESSAGES, params, conversation, calm=calm))
        return message_rows(rows), len(rows) >= NEWEST_PAGE

    async def _get(
        self, path: str, params: Mapping[str, int | str], conversation: int = 0, *, calm: bool = False
    ) -> Any:
        await self._pace.turn(calm=calm)
        self.requests += 1
        metrics.SWEEP_REQUESTS.inc()
        place = {"account": self._account, "conversation": conversation}
        try:
            answer = await self._exchange.send(Call("GET", path, place, self._token, params=params))
        except RateLimited as error:
            self._pace.too_fast(error.retry_after)
            raise
        self._pace.went_well()
        return answer


def _listed(answer: Any) -> list[Any]:
    data = answer.get("data") if isinstance(answer, dict) else None
    rows = data.get("payload") if isinstance(data, dict) else None
    if not isinstance(rows, list):
        raise Unavailable("conversations of an unknown shape", applied="no")
    return rows


def _messages(answer: Any) -> list[Any]:
    rows = answer.get("payload") if isinstance(answer, dict) else None
    if not isinstance(rows, list):
        raise Unavailable("messages of an unknown shape", applied="no")
    return rows
