"""What the assistant does in Chatwoot, for one tenant: speak, note, hand off, label, look.

Two tokens: the bot's speaks and hands off (only it makes Chatwoot count a hand-off), a user's reads, where there is
one. What a bot may do grew over the versions, so reads prefer the user's token.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final, Literal

import httpx

from common.commands import Choice
from common.events import ConversationStatus
from common.message import Frozen
from common.tenants import ChatwootConnection
from webhook.chatwoot_http import Call, Exchange
from webhook.chatwoot_transport import AiohttpTransport
from webhook.conversation_now import ConversationNow, MessageNow, conversation_now, messages_now
from webhook.errors import Unauthorised, Unavailable
from webhook.stamp import Stamp

REQUEST_SECONDS: Final = 4.0
"""Well under the consumer's ack_wait of 10 s, and nothing is gained by waiting longer: the outcome is read back."""

PAGE: Final = 100
"""`messages?after=` returns up to this many, oldest first."""

_CONNECT_SECONDS = 1.5
_CONNECTIONS = 32
_PAGES = 20
_CONVERSATION = "/api/v1/accounts/{account}/conversations/{conversation}"


class Template(Frozen):
    """An approved template and what to fill in."""

    name: str
    language: str
    category: str
    body: dict[str, str]

    def params(self) -> dict[str, Any]:
        """Chatwoot's `template_params`."""
        filled = {"processed_params": {"body": self.body}} if self.body else {"processed_params": {}}
        return {"name": self.name, "language": self.language, "category": self.category, **filled}


class Draft(Frozen):
    """A message to be created."""

    text: str
    stamp: Stamp
    private: bool = False
    choices: tuple[Choice, ...] = ()
    template: Template | None = None

    def body(self) -> dict[str, Any]:
        """The request body."""
        attributes = self.stamp.attributes()
        if self.choices:
            attributes["items"] = [{"title": each.title, "value": each.value} for each in self.choices]
        body = {
            "content": self.text,
            "message_type": "outgoing",
            "private": self.private,
            "content_type": "input_select" if self.choices else "text",
            "content_attributes": attributes,
        }
        return body | {"template_params": self.template.params()} if self.template else body


class ChatwootClient:
    """Calls to one tenant's Chatwoot. Every method may raise any kind of `ChatwootError`."""

    def __init__(self, connection: ChatwootConnection, *, request_seconds: float = REQUEST_SECONDS) -> None:
        self.connection = connection
        self._http = httpx.AsyncClient(
            base_url=connection.url,
            timeout=httpx.Timeout(request_seconds, connect=min(request_seconds, _CONNECT_SECONDS)),
            transport=AiohttpTransport(connections=_CONNECTIONS),
            headers={"Accept": "application/json", "Accept-Encoding": "identity"},
            follow_redirects=False,
            trust_env=False,
        )
        self._exchange = Exchange(self._http, total_seconds=request_seconds)
        self._bot_token = connection.bot_token.get_secret_value()
        self._user_token = connection.user_token.get_secret_value() if connection.user_token else None

    @property
    def reads_history(self) -> bool:
        """Whether there is a token that may list messages."""
        return self._user_token is not None

    async def close(self) -> None:
        """Give the connections back."""
        await self._http.aclose()

    async def create_message(self, conversation: int, draft: Draft) -> int:
        """Store a message and return its id. Stored is not delivered: that is reported later, by webhook."""
        answer = await self._post(conversation, "/messages", draft.body())
        message_id = answer.get("id") if isinstance(answer, dict) else None
        if not isinstance(message_id, int):
            raise Unavailable("a created message without an id", applied="unknown")
        return message_id

    async def set_status(self, conversation: int, status: ConversationStatus) -> None:
        """Set the status. `open` with the bot's token on a pending conversation is a hand-off."""
        await self._post(conversation, "/toggle_status", {"status": status})

    async def set_typing(self, conversation: int, *, on: bool) -> None:
        """Show or hide the typing sign."""
        body = {"typing_status": "on" if on else "off", "is_private": False}
        call = self._call("POST", conversation, "/toggle_typing_status", self._bot_token)
        await self._exchange.send(replace(call, json=body, expects_json=False))

    async def add_labels(self, conversation: int, labels: tuple[str, ...]) -> None:
        """Add labels; Chatwoot replaces the whole set, so the ones that are there are read first."""
        answer = await self._get(conversation, "/labels")
        present = answer.get("payload") if isinstance(answer, dict) else None
        if not isinstance(present, list):
            raise Unavailable("labels of an unknown shape", applied="no")
        union = list(dict.fromkeys([*map(str, present), *labels]))
        if union != present:
            call = self._call("POST", conversation, "/labels", self._user_token or self._bot_token)
            await self._exchange.send(replace(call, json={"labels": union}))

    async def version(self) -> str:
        """The version of the server, which it tells anybody."""
        answer = await self._exchange.send(Call("GET", "/api", {}, None))
        version = answer.get("version") if isinstance(answer, dict) else None
        if not isinstance(version, str):
            raise Unavailable("an answer without a version", applied="no")
        return version

    async def conversation(self, conversation: int) -> ConversationNow:
        """The conversation as it is now."""
        try:
            answer = await self._get(conversation, "")
        except Unauthorised:
            # A user's token that was revoked, or may not see this inbox. From 4.14.2 on bots may look, too.
            if self._user_token is None:
                raise
            answer = await self._exchange.send(self._call("GET", conversation, "", self._bot_token))
        return conversation_now(answer)

    async def messages_after(self, conversation: int, after: int) -> list[MessageNow]:
        """Up to 100 messages behind an id, oldest first; needs `reads_history`."""
        answer = await self._get(conversation, "/messages", {"after": after})
        page = answer.get("payload") if isinstance(answer, dict) else None
        if not isinstance(page, list):
            raise Unavailable("messages of an unknown shape", applied="no")
        return messages_now(page)

    async def find_stamped(self, conversation: int, stamp: Stamp, *, after: int) -> int | None:
        """The id of the message that carries a stamp, among those newer than `after`; needs `reads_history`."""
        for _ in range(_PAGES):
            rows = await self.messages_after(conversation, after)
            for each in rows:
                if each.stamp == stamp:
                    return each.id
            newest = max((each.id for each in rows), default=after)
            if len(rows) < PAGE or newest <= after:
                return None
            after = newest
        raise Unavailable(f"more than {PAGE * _PAGES} messages to look through", applied="no")

    async def _post(self, conversation: int, path: str, body: dict[str, Any]) -> Any:
        return await self._exchange.send(replace(self._call("POST", conversation, path, self._bot_token), json=body))

    async def _get(self, conversation: int, path: str, params: dict[str, int] | None = None) -> Any:
        token = self._user_token or self._bot_token
        return await self._exchange.send(replace(self._call("GET", conversation, path, token), params=params))

    def _call(self, method: Literal["GET", "POST"], conversation: int, path: str, token: str) -> Call:
        place = {"account": self.connection.account_id, "conversation": conversation}
        return Call(method, _CONVERSATION + path, place, token)
