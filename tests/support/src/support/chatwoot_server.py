"""A small Chatwoot for tests of the webhook service: a real HTTP server that keeps messages and fails on demand."""

from __future__ import annotations

import asyncio
import json
import time
from collections import defaultdict, deque
from types import TracebackType
from typing import Any, Literal, Self

from aiohttp import web

BOT_TOKEN = "bot-token"
USER_TOKEN = "user-token"

Fault = Literal[
    "black_hole",  # no answer for as long as anybody waits
    "hang",  # nothing happens, and no answer
    "apply_then_hang",  # stored, and no answer
    "apply_late",  # stored only after the caller gave up
    "reset",  # the connection breaks, nothing happened
    "apply_then_reset",
    "500",  # nothing happened
    "apply_then_500",
    "502",
    "429",
    "429_plain",
    "flood",
    "html",  # 200 with a page, nothing happened
    "redirect",
    "401",
    "404",
    "404_page",
    "422",
    "422_after_save",
    "broken_json",
    "no_id",
]

HANG_SECONDS = 0.6
"""Longer than the clients of the tests wait."""

LATE_SECONDS = 0.85
"""Longer than their first look at what became of a message, and less than they wait before they post it again."""


class ChatwootServer:
    """Conversations of account 1. `faults` are used up by the next POSTs of messages (or of `fail_on`).

    `broken` conversations always fail so; None stands for all of them. `once`: the next time.
    """

    def __init__(self) -> None:
        self.messages: dict[int, list[dict[str, Any]]] = defaultdict(list)
        self.statuses: dict[int, str] = defaultdict(lambda: "pending")
        self.assignees: dict[int, dict[str, Any]] = {}
        self.channel = ""
        self.can_reply = True
        self.take_over_after: int | None = None
        """After so many messages a person takes every conversation."""
        self.hand_over_seconds: float | None = None
        """When the channel takes a message; None: never."""
        self.labels: dict[int, list[str]] = defaultdict(list)
        self.requests: list[tuple[str, str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.faults: deque[Fault] = deque()
        self.broken: dict[int | None, Fault] = {}
        self.once: dict[int, Fault] = {}
        self.slow_seconds = 0.0
        self.fail_on = "messages"
        self.bots_may_look = True
        self.version: str | None = "4.17.0"
        self.asked_for_version = 0
        self.page = 100
        self._next_id = 1000
        self._runner: web.AppRunner | None = None
        self._late: set[asyncio.Task[None]] = set()
        self.port = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def posts(self, path: str = "messages") -> list[Any]:
        """The bodies POSTed to a path, in order, whatever became of them."""
        return [body for method, what, body in self.requests if (method, what) == ("POST", path)]

    def texts(self, conversation: int = 25) -> list[str]:
        """What the customer of a conversation would have read."""
        return [each["content"] for each in self.messages[conversation] if not each["private"]]

    async def close_idle_connections(self) -> None:
        """Close them as a server does that has kept them long enough; the clients have seen it when this returns."""
        server = self._runner.server if self._runner else None
        for each in server.connections if server else ():
            each.force_close()
            if each.transport is not None:
                each.transport.close()
        await asyncio.sleep(0.05)

    def add_message(self, conversation: int, content: str = "", **fields: Any) -> int:
        """Store a message as Chatwoot would, and return its id."""
        self._next_id += 1
        message = {
            "id": self._next_id,
            "content": content,
            "inbox_id": 17,
            "conversation_id": conversation,
            "message_type": 1,
            "content_type": "text",
            "status": "sent",
            "content_attributes": {},
            "private": False,
            "source_id": None,
            "created_at": int(time.time()),
            "created_at_exactly": time.time(),
            **fields,
        }
        self.messages[conversation].append(message)
        return self._next_id

    async def __aenter__(self) -> Self:
        app = web.Application()
        base = "/api/v1/accounts/1/conversations/{conversation}"
        app.router.add_get("/api", self._version)
        app.router.add_get(base, self._show)
        app.router.add_get(base + "/messages", self._list)
        app.router.add_get(base + "/labels", self._get_labels)
        app.router.add_post(base + "/{what}", self._post)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.port = self._runner.addresses[0][1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._late:
            await asyncio.gather(*self._late)
        if self._runner:
            await self._runner.cleanup()

    async def _post(self, request: web.Request) -> web.StreamResponse:
        what, conversation = request.match_info["what"], int(request.match_info["conversation"])
        body = await request.json()
        self.requests.append(("POST", what, body))
        self.headers.append(dict(request.headers))
        if _token(request) not in (BOT_TOKEN, USER_TOKEN):
            return web.json_response({"error": "Invalid Access Token"}, status=401)
        broken = self.broken.get(conversation) or self.broken.get(None)
        if what == self.fail_on and conversation in self.once:
            return await self._fail(request, self.once.pop(conversation), conversation, what, body)
        if broken and what == self.fail_on:
            return await self._fail(request, broken, conversation, what, body)
        if self.faults and what == self.fail_on:
            return await self._fail(request, self.faults.popleft(), conversation, what, body)
        await asyncio.sleep(self.slow_seconds)
        return self._apply(conversation, what, body)

    def _apply(self, conversation: int, what: str, body: dict[str, Any]) -> web.Response:
        if what == "messages":
            message_id = self.add_message(conversation, **body)
            return web.json_response(self.messages[conversation][-1] | {"id": message_id})
        if what == "toggle_status":
            self.statuses[conversation] = body["status"]
            payload = {"success": None, "conversation_id": conversation, "current_status": body["status"]}
            return web.json_response({"meta": {}, "payload": payload})
        if what == "labels":
            self.labels[conversation] = list(body["labels"])
            return web.json_response({"payload": self.labels[conversation]})
        if what == "toggle_typing_status":
            return web.Response(status=200)
        return web.json_response({"error": "Resource could not be found"}, status=404)

    async def _fail(
        self, request: web.Request, fault: Fault, conversation: int, what: str, body: dict[str, Any]
    ) -> web.StreamResponse:
        if fault.startswith("apply_then_") or fault == "422_after_save":
            self._apply(conversation, what, body)
        if fault == "apply_late":
            late = asyncio.create_task(self._apply_late(conversation, what, body))
            self._late.add(late)
            late.add_done_callback(self._late.discard)
        while fault == "black_hole" and self.broken and request.transport and not request.transport.is_closing():
            await asyncio.sleep(0.02)
        if fault in ("hang", "apply_then_hang", "apply_late"):
            await asyncio.sleep(HANG_SECONDS)
        if fault in ("reset", "apply_then_reset"):
            assert request.transport is not None
            request.transport.abort()
        return _failure(fault)

    async def _apply_late(self, conversation: int, what: str, body: dict[str, Any]) -> None:
        await asyncio.sleep(LATE_SECONDS)
        self._apply(conversation, what, body)

    async def _list(self, request: web.Request) -> web.Response:
        self.requests.append(("GET", "messages", dict(request.query)))
        if _token(request) != USER_TOKEN:
            return web.json_response({"error": "Access to this endpoint is not authorized for bots"}, status=401)
        after = int(request.query["after"])
        newer = [each for each in self.messages[int(request.match_info["conversation"])] if each["id"] > after]
        return web.json_response({"meta": {}, "payload": newer[: self.page]})

    async def _version(self, request: web.Request) -> web.Response:
        self.asked_for_version += 1
        if self.version is None:
            return web.Response(status=502, text="<html>a page</html>", content_type="text/html")
        assert _token(request) is None
        return web.json_response({"version": self.version, "queue_services": "ok", "data_services": "ok"})

    async def _show(self, request: web.Request) -> web.Response:
        conversation = int(request.match_info["conversation"])
        self.requests.append(("GET", "", None))
        self._go_on(conversation)
        if _token(request) == BOT_TOKEN and not self.bots_may_look:
            return web.json_response({"error": "Access to this endpoint is not authorized for bots"}, status=401)
        last = self.messages[conversation][-1:]
        return web.json_response(
            {
                "id": conversation,
                "inbox_id": 17,
                "meta": {"channel": self.channel, **self.assignees.get(conversation, {})},
                "can_reply": self.can_reply,
                "updated_at": time.time(),
                "status": self.statuses[conversation],
                "messages": last,
                "last_non_activity_message": last[0] if last else None,
            }
        )

    def _go_on(self, conversation: int) -> None:
        """What happens in Chatwoot while nobody looks."""
        said = self.messages[conversation]
        if self.take_over_after is not None and len(said) >= self.take_over_after:
            self.assignees[conversation] = {"assignee": {"id": 3, "type": "user"}, "assignee_type": "User"}
        for each in said if self.hand_over_seconds is not None else ():
            if time.time() - each["created_at_exactly"] >= self.hand_over_seconds:
                each["source_id"] = f"wamid.{each['id']}"

    async def _get_labels(self, request: web.Request) -> web.Response:
        return web.json_response({"payload": self.labels[int(request.match_info["conversation"])]})


def _token(request: web.Request) -> str | None:
    return request.headers.get("Api-Access-Token")


def _failure(fault: Fault) -> web.Response:
    error = {
        "401": "Invalid Access Token",
        "404": "Resource could not be found",
        "422": "Validation failed: Content is too long (maximum is 150000 characters)",
        "422_after_save": "undefined method 'x' for nil",
        "flood": "Validation failed: Too many messages",
    }.get(fault)
    if error:
        status = 422 if fault == "flood" else int(fault[:3])
        return web.json_response({"error": error}, status=status)
    if fault in ("429", "429_plain"):
        headers = {"Retry-After": "1"} if fault == "429" else {}
        return web.Response(status=429, text="Retry later", headers=headers)
    if fault == "redirect":
        return web.Response(status=302, headers={"Location": "https://elsewhere.example.com/"})
    if fault == "no_id":
        return web.json_response({"ok": True})
    if fault == "broken_json":
        return web.Response(text=json.dumps({"id": 1})[:-2], content_type="application/json")
    status = {"html": 200, "404_page": 404, "502": 502}.get(fault, 500)
    return web.Response(status=status, text="<html>a page</html>", content_type="text/html")
