"""Chatwoot's administration over REST, as far as `check`, `chatwoot setup` and `tunnel` need it."""

from __future__ import annotations

from dataclasses import dataclass
from types import TracebackType
from typing import Any

import httpx

from common.errors import OdooAiError
from common.tenants import ChatwootConnection

_TIMEOUT_SECONDS = 10.0
_SAID_LENGTH = 160


class ChatwootRefused(OdooAiError):
    """Chatwoot did not do or tell what was asked. `status` is 0 when it did not answer at all."""

    def __init__(self, message: str, status: int = 0) -> None:
        self.status = status
        super().__init__(message)


@dataclass(frozen=True)
class Bot:
    """An AgentBot as an administrator sees it."""

    id: int
    name: str
    outgoing_url: str
    token: str
    secret: str


@dataclass(frozen=True)
class InboxName:
    """An inbox, as far as one must know which it is."""

    id: int
    name: str
    channel: str


@dataclass(frozen=True)
class Webhook:
    """An account webhook. Its secret is its own, made by Chatwoot."""

    id: int
    name: str
    url: str
    secret: str
    subscriptions: tuple[str, ...]


class ChatwootAdmin:
    """One account, asked with the tenant's own tokens."""

    def __init__(self, connection: ChatwootConnection) -> None:
        self._connection = connection
        self._http = httpx.AsyncClient(base_url=connection.url, timeout=_TIMEOUT_SECONDS)
        self._account = f"/api/v1/accounts/{connection.account_id}"

    async def __aenter__(self) -> ChatwootAdmin:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._http.aclose()

    async def version(self) -> str:
        """The server's version, which it tells anybody.

        Raises:
            ChatwootRefused: whatever answers is no Chatwoot.
        """
        answer = await self._ask("GET", "/api", None)
        if not isinstance(answer, dict) or "version" not in answer:
            raise ChatwootRefused("what answers at this address is not Chatwoot")
        return str(answer["version"])

    async def bot_token_works(self) -> bool:
        """Whether the bot's token is accepted for this account: no conversation has the number 0.

        Raises:
            ChatwootRefused: Chatwoot does not answer as it should.
        """
        try:
            await self._ask("GET", f"{self._account}/conversations/0", self._connection.bot_token.get_secret_value())
        except ChatwootRefused as refused:
            if refused.status in (401, 404):
                return refused.status == 404
            raise
        return True

    async def role(self) -> str | None:
        """The role of the user token's owner in this account, None when it has none there.

        Raises:
            ChatwootRefused: the token is refused.
        """
        profile = await self._ask("GET", "/api/v1/profile", self._user_token())
        roles = {each["id"]: each.get("role") for each in profile.get("accounts", [])}
        role = roles.get(self._connection.account_id)
        return None if role is None else str(role)

    async def inbox_ids(self) -> set[int]:
        """The inboxes the user token may see."""
        return {each.id for each in await self.inboxes()}

    async def inboxes(self) -> list[InboxName]:
        """The inboxes the user token may see, with their names."""
        answer = await self._ask("GET", f"{self._account}/inboxes", self._user_token())
        rows = answer.get("payload") if isinstance(answer, dict) else None
        if not isinstance(rows, list):
            raise ChatwootRefused("the list of inboxes has an unknown shape")
        return [
            InboxName(int(each["id"]), str(each.get("name") or ""), str(each.get("channel_type") or ""))
            for each in rows
        ]

    async def inbox_bot_id(self, inbox_id: int) -> int | None:
        """The bot that is connected with an inbox."""
        answer = await self._ask("GET", f"{self._account}/inboxes/{inbox_id}/agent_bot", self._user_token())
        bot = (answer.get("agent_bot") if isinstance(answer, dict) else None) or {}
        return int(bot["id"]) if "id" in bot else None

    async def set_inbox_bot(self, inbox_id: int, bot_id: int) -> bool:
        """Connect an inbox with a bot; whether Chatwoot says afterwards that it is."""
        path = f"{self._account}/inboxes/{inbox_id}/set_agent_bot"
        await self._ask("POST", path, self._user_token(), {"agent_bot": bot_id})
        return await self.inbox_bot_id(inbox_id) == bot_id

    async def bots(self) -> list[Bot]:
        """The account's bots; their tokens and secrets are shown to administrators only."""
        answer = await self._ask("GET", f"{self._account}/agent_bots", self._user_token())
        if not isinstance(answer, list):
            raise ChatwootRefused("the list of bots has an unknown shape")
        return [_bot(each) for each in answer]

    async def own_bot(self) -> Bot | None:
        """The bot whose token the tenant file has; None when the user is no administrator, or it is not there."""
        token = self._connection.bot_token.get_secret_value()
        return next((each for each in await self.bots() if each.token == token), None)

    async def create_bot(self, name: str, description: str, url: str) -> Bot | None:
        """Add a bot; Chatwoot makes its token and secret. None when it is not there afterwards."""
        body = {"name": name, "description": description, "outgoing_url": url, "bot_type": 0}
        before = {each.id for each in await self.bots()}
        await self._ask("POST", f"{self._account}/agent_bots", self._user_token(), body)
        return next((each for each in await self.bots() if each.id not in before), None)

    async def set_bot_url(self, bot_id: int, url: str) -> Bot:
        """Change where a bot's webhooks go, and return the bot as it is then."""
        await self._ask("PATCH", f"{self._account}/agent_bots/{bot_id}", self._user_token(), {"outgoing_url": url})
        found = next((each for each in await self.bots() if each.id == bot_id), None)
        if found is None:
            raise ChatwootRefused(f"bot {bot_id} is gone", 404)
        return found

    async def webhooks(self) -> list[Webhook]:
        """The account's webhooks."""
        answer = await self._ask("GET", f"{self._account}/webhooks", self._user_token())
        return [_webhook(each) for each in _inside(answer, "webhooks")]

    async def create_webhook(self, name: str, url: str, subscriptions: tuple[str, ...]) -> Webhook:
        """Add a webhook; Chatwoot makes a new secret for it."""
        body = {"name": name, "url": url, "subscriptions": list(subscriptions)}
        answer = await self._ask("POST", f"{self._account}/webhooks", self._user_token(), {"webhook": body, **body})
        return _webhook(_inside(answer, "webhook"))

    async def update_webhook(self, webhook: Webhook, url: str) -> Webhook:
        """Change a webhook's address, and return it as it is then: some versions ignore a new address silently."""
        body = {"name": webhook.name, "url": url, "subscriptions": list(webhook.subscriptions)}
        path = f"{self._account}/webhooks/{webhook.id}"
        await self._ask("PATCH", path, self._user_token(), {"webhook": body, **body})
        found = next((each for each in await self.webhooks() if each.id == webhook.id), None)
        if found is None:
            raise ChatwootRefused(f"webhook {webhook.id} is gone", 404)
        return found

    async def delete_webhook(self, webhook_id: int) -> None:
        """Remove a webhook."""
        await self._ask("DELETE", f"{self._account}/webhooks/{webhook_id}", self._user_token())

    def _user_token(self) -> str:
        token = self._connection.user_token
        if token is None:
            raise ChatwootRefused("the tenant file has no chatwoot.user_token: an administrator's token is needed", 401)
        return token.get_secret_value()

    async def _ask(self, method: str, path: str, token: str | None, body: dict[str, Any] | None = None) -> Any:
        headers = {"Api-Access-Token": token} if token else {}
        try:
            answer = await self._http.request(method, path, headers=headers, json=body)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise ChatwootRefused(f"{self._connection.url} does not answer: {type(error).__name__}") from error
        if not answer.is_success:
            raise ChatwootRefused(
                f"{method} {path}: status {answer.status_code}{_said(answer)}".rstrip(), answer.status_code
            )
        try:
            return answer.json() if answer.content.strip() else None
        except ValueError as error:
            raise ChatwootRefused(f"{method} {path}: the answer is not JSON", answer.status_code) from error


def _said(answer: httpx.Response) -> str:
    """Chatwoot's own words for what is wrong, shortened."""
    try:
        body = answer.json()
    except ValueError:
        return ""
    said = (body.get("message") or body.get("error") or "") if isinstance(body, dict) else ""
    return f" ({str(said)[:_SAID_LENGTH]})" if said else ""


def _inside(answer: Any, name: str) -> Any:
    """Chatwoot wraps these in `payload`, though its own API description shows them bare."""
    if isinstance(answer, dict) and "payload" in answer:
        answer = answer["payload"]
    return answer[name] if isinstance(answer, dict) and name in answer else answer


def _bot(fields: dict[str, Any]) -> Bot:
    return Bot(
        id=int(fields["id"]),
        name=str(fields.get("name") or ""),
        outgoing_url=str(fields.get("outgoing_url") or ""),
        token=str(fields.get("access_token") or ""),
        secret=str(fields.get("secret") or ""),
    )


def _webhook(fields: dict[str, Any]) -> Webhook:
    return Webhook(
        id=int(fields["id"]),
        name=str(fields.get("name") or ""),
        url=str(fields.get("url") or ""),
        secret=str(fields.get("secret") or ""),
        subscriptions=tuple(str(each) for each in fields.get("subscriptions") or ()),
    )
