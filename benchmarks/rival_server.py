"""The rival in memory: one process that checks the signature, parses, puts the work into a queue and answers 200.

The shape of the system before this one (a single FastAPI process), on bare aiohttp with uvloop and orjson, which is
faster than FastAPI: whoever keeps up with this keeps up with that. It loses everything it has when it stops, keeps no
order, knows no duplicates and writes no log.

With `--reply` it also answers: after the debounce one POST to Chatwoot, the least that any bot has to do.
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import hmac
import sys
from collections.abc import Mapping
from typing import Any

import aiohttp
import orjson
import uvloop
from aiohttp import web


class Rival:
    """Takes webhooks; with a Chatwoot to reply to, replies."""

    def __init__(self, secret: str, reply_to: str, token: str, debounce: float) -> None:
        self._secret = secret.encode()
        self._reply_to = reply_to
        self._token = token
        self._debounce = debounce
        self._work: asyncio.Queue[Mapping[str, Any]] = asyncio.Queue()
        self._waiting: dict[int, asyncio.TimerHandle] = {}
        self._posting: set[asyncio.Task[None]] = set()
        self._http: aiohttp.ClientSession | None = None

    async def take(self, request: web.Request) -> web.Response:
        """Check, parse, queue."""
        body = await request.read()
        stamp = request.headers["X-Chatwoot-Timestamp"].encode()
        expected = hmac.new(self._secret, stamp + b"." + body, hashlib.sha256).hexdigest()
        if not hmac.compare_digest(f"sha256={expected}", request.headers["X-Chatwoot-Signature"]):
            return web.Response(status=401)
        self._work.put_nowait(orjson.loads(body))
        return web.json_response({"status": "queued"})

    async def work(self) -> None:
        """Take everything off the queue."""
        if self._reply_to:
            self._http = aiohttp.ClientSession(headers={"api_access_token": self._token})
        while True:
            event = await self._work.get()
            is_message = event.get("event") == "message_created" and event.get("message_type") == "incoming"
            if self._http is not None and is_message:
                self._start_timer(int(event["conversation"]["id"]))

    def _start_timer(self, conversation: int) -> None:
        earlier = self._waiting.pop(conversation, None)
        if earlier is not None:
            earlier.cancel()
        later = asyncio.get_running_loop().call_later
        self._waiting[conversation] = later(self._debounce, self._due, conversation)

    def _due(self, conversation: int) -> None:
        del self._waiting[conversation]
        task = asyncio.create_task(self._post(conversation))
        self._posting.add(task)
        task.add_done_callback(self._posting.discard)

    async def _post(self, conversation: int) -> None:
        assert self._http is not None
        url = f"{self._reply_to}/conversations/{conversation}/messages"
        stamp = {"odoo_ai": {"command_id": f"rival.{conversation}", "turn_id": f"rival.{conversation}"}}
        async with self._http.post(url, json={"content": "Olá!", "content_attributes": stamp}) as answer:
            await answer.read()


async def _serve(arguments: argparse.Namespace) -> None:
    rival = Rival(arguments.secret, arguments.reply, arguments.token, arguments.debounce)
    app = web.Application()
    app.add_routes([web.post("/webhook", rival.take)])
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", arguments.port).start()
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    await rival.work()


def main() -> None:
    """`python -m benchmarks.rival_server`."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--secret", required=True)
    parser.add_argument("--reply", default="", help="the account's address in Chatwoot's API")
    parser.add_argument("--token", default="")
    parser.add_argument("--debounce", type=float, default=0.0)
    uvloop.run(_serve(parser.parse_args()))


if __name__ == "__main__":
    main()
