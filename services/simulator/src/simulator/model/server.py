"""The OpenAI-compatible HTTP API: `/chat/completions` (whole or streamed), `/embeddings` and `/models`."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from itertools import count
from typing import Any

import orjson
from aiohttp import web

from simulator.faults import FaultBoard, answer_with_fault
from simulator.model.answers import Scripted, improvise
from simulator.model.embeddings import DIMENSIONS, LONGEST, embed

Json = dict[str, Any]
MODEL = "simulator-mini"
_REMEMBERED = 200


class ModelServer:
    """The scripts of every caller, and what they asked. Callers are told apart by their bearer key."""

    def __init__(self, faults: FaultBoard) -> None:
        self.faults = faults
        self.requests: deque[Json] = deque(maxlen=_REMEMBERED)
        self.embedded: deque[Json] = deque(maxlen=_REMEMBERED)
        """Requests for embeddings."""
        self.most_texts = 2_048
        """How many texts it takes in one request."""
        self.answered = 0
        self.default_delay = 0.0
        self._scripts: dict[str, deque[Scripted]] = {}
        self._ids = count(1)

    def script(self, key: str, answers: list[Scripted]) -> None:
        """Queue answers for a key; `*` is for every key without a script of its own."""
        self._scripts.setdefault(key, deque()).extend(answers)

    def clear(self) -> None:
        """Forget scripts and requests."""
        self._scripts.clear()
        self.requests.clear()
        self.embedded.clear()

    def next_answer(self, key: str, request: Json) -> Scripted:
        """The next scripted answer, or an improvised one."""
        self.answered += 1
        for name in (key, "*"):
            if self._scripts.get(name):
                answer = self._scripts[name][0]
                if not answer.repeat:
                    self._scripts[name].popleft()
                return answer
        return improvise(request)

    def next_id(self) -> str:
        """An id for an answer."""
        return f"chatcmpl-{next(self._ids)}"


SERVER = web.AppKey("model", ModelServer)


def build(server: ModelServer) -> web.Application:
    """The application to mount at the provider's base address."""
    app = web.Application(client_max_size=16 * 1024 * 1024)
    app[SERVER] = server
    app.add_routes(
        [
            web.get("/models", models),
            web.post("/chat/completions", chat_completions),
            web.post("/embeddings", embeddings),
        ]
    )
    return app


def _key(request: web.Request) -> str:
    return request.headers.get("Authorization", "").partition(" ")[2].strip()


async def _asked(request: web.Request, log: deque[Json]) -> Json | None:
    """The body, noted for the tests to see; None: it is no JSON."""
    try:
        asked: Json = orjson.loads(await request.read())
    except orjson.JSONDecodeError:
        return None
    log.append({"at": time.time(), "key": _key(request), "body": asked})
    return asked


def _error_body(status: int) -> Json:
    kind = "server_error" if status >= 500 else "invalid_request_error"
    return {"error": {"message": f"simulated {status}", "type": kind, "param": None, "code": None}}


async def models(request: web.Request) -> web.StreamResponse:
    """The one model there is."""
    server = request.app[SERVER]

    async def answer() -> web.StreamResponse:
        row = {"id": MODEL, "object": "model", "created": 0, "owned_by": "simulator"}
        return web.json_response({"object": "list", "data": [row]})

    return await answer_with_fault(request, server.faults.take("model", _key(request), "models"), answer, _error_body)


async def chat_completions(request: web.Request) -> web.StreamResponse:
    """One answer."""
    server, key = request.app[SERVER], _key(request)
    asked = await _asked(request, server.requests)
    if asked is None:
        return web.json_response(_error_body(400), status=400)
    spec = server.faults.take("model", key, "chat_completions")

    async def answer() -> web.StreamResponse:
        scripted = server.next_answer(key, asked)
        await asyncio.sleep(scripted.delay or server.default_delay)
        completion = _completion(server, asked, scripted)
        return await _stream(request, asked, completion) if asked.get("stream") else web.json_response(completion)

    return await answer_with_fault(request, spec, answer, _error_body)


async def embeddings(request: web.Request) -> web.StreamResponse:
    """Vectors of some texts. Too many at once, an empty one, or one that is too long is refused, as by real servers."""
    server, key = request.app[SERVER], _key(request)
    asked = await _asked(request, server.embedded)
    if asked is None:
        return web.json_response(_error_body(400), status=400)
    given = asked.get("input")
    texts = [given] if isinstance(given, str) else given

    async def answer() -> web.StreamResponse:
        if not isinstance(texts, list) or not 1 <= len(texts) <= server.most_texts or not all(map(_embeddable, texts)):
            return web.json_response(_error_body(400), status=400)
        await asyncio.sleep(server.default_delay)
        size = asked.get("dimensions") or DIMENSIONS
        rows = [{"object": "embedding", "index": at, "embedding": embed(text, size)} for at, text in enumerate(texts)]
        tokens = sum(map(len, texts)) // 4
        usage = {"prompt_tokens": tokens, "total_tokens": tokens}
        return web.json_response({"object": "list", "data": rows, "model": asked.get("model"), "usage": usage})

    return await answer_with_fault(request, server.faults.take("model", key, "embeddings"), answer, _error_body)


def _embeddable(text: Any) -> bool:
    return isinstance(text, str) and 0 < len(text) <= LONGEST


def _completion(server: ModelServer, asked: Json, scripted: Scripted) -> Json:
    calls = [
        {
            "id": f"call_{server.next_id().rpartition('-')[2]}",
            "type": "function",
            "function": {"name": call.name, "arguments": _arguments(call.arguments)},
        }
        for call in scripted.tool_calls
    ]
    message: Json = {"role": "assistant", "content": scripted.text, "refusal": None}
    if calls:
        message["tool_calls"] = calls
    reason = scripted.finish_reason or ("tool_calls" if calls else "stop")
    return {
        "id": server.next_id(),
        "object": "chat.completion",
        "created": int(time.time()),
        "model": asked.get("model") or MODEL,
        "choices": [{"index": 0, "message": message, "logprobs": None, "finish_reason": reason}],
        "usage": _usage(asked, message, scripted),
    }


def _arguments(arguments: Json | str) -> str:
    return arguments if isinstance(arguments, str) else orjson.dumps(arguments).decode()


def _usage(asked: Json, message: Json, scripted: Scripted) -> Json:
    """Tokens, as scripted or by the rule of thumb of four characters each."""
    prompt, cached = len(orjson.dumps(asked.get("messages") or [])) // 4, 0
    completion = max(1, len(orjson.dumps(message)) // 4)
    if scripted.usage is not None:
        prompt, cached = scripted.usage.prompt_tokens, scripted.usage.cached_tokens
        completion = scripted.usage.completion_tokens
    return {
        "prompt_tokens": prompt,
        "completion_tokens": completion,
        "total_tokens": prompt + completion,
        "prompt_tokens_details": {"cached_tokens": cached},
    }


async def _stream(request: web.Request, asked: Json, completion: Json) -> web.StreamResponse:
    """The same answer in chunks, word by word."""
    response = web.StreamResponse(headers={"Content-Type": "text/event-stream", "Cache-Control": "no-cache"})
    await response.prepare(request)
    choice = completion["choices"][0]
    message = choice["message"]
    deltas: list[Json] = [{"role": "assistant", "content": ""}]
    deltas += [{"content": word} for word in (message["content"] or "").replace(" ", " \0").split("\0") if word]
    deltas += [{"tool_calls": [{"index": index, **call}]} for index, call in enumerate(message.get("tool_calls") or [])]
    base = {key: completion[key] for key in ("id", "created", "model")} | {"object": "chat.completion.chunk"}
    chunks = [{**base, "choices": [{"index": 0, "delta": delta, "finish_reason": None}]} for delta in deltas]
    chunks.append({**base, "choices": [{"index": 0, "delta": {}, "finish_reason": choice["finish_reason"]}]})
    if (asked.get("stream_options") or {}).get("include_usage"):
        chunks.append({**base, "choices": [], "usage": completion["usage"]})
    for chunk in chunks:
        await response.write(b"data: " + orjson.dumps(chunk) + b"\n\n")
    await response.write(b"data: [DONE]\n\n")
    return response
