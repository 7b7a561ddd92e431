"""Faults on demand: what goes wrong, where, how often, for how long.

surface    scope            endpoints
chatwoot   account id       route names of its REST API, for example `create_message`, `list_messages`
odoo       database         `<model>/<method>`, or `version`, `authenticate`
model      bearer key       `chat_completions`, `embeddings`, `models`
webhook    account id       event names, for example `message_created` (what Chatwoot sends, not what it answers)
whatsapp   account id       `send` (what the channel does with a stored message)
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from itertools import count
from typing import Any, Literal, TypeAlias, get_args

from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field, model_validator

Surface: TypeAlias = Literal["chatwoot", "odoo", "model", "webhook", "whatsapp"]
RequestFault: TypeAlias = Literal[
    "status",  # answer with `status` (and Retry-After) without doing anything
    "applied_then_status",  # do it, then answer with `status` all the same
    "applied_then_timeout",  # do it, then never answer
    "applied_then_reset",  # do it, then cut the connection
    "timeout",  # never answer, do nothing
    "reset",  # cut the connection, do nothing
    "html",  # a login page with status 200
    "redirect",  # 303 to a login page
    "garbage",  # JSON that stops in the middle
    "ignored",  # 200 and an empty object, and nothing done: some versions accept a change and forget it
    "slow",  # wait `delay` seconds, then do it properly
]
DeliveryFault: TypeAlias = Literal[
    "drop",  # never sent, as when a worker is killed
    "duplicate",  # sent `copies` times at once
    "reorder",  # held back for a random time, so that later ones overtake it
    "slow",  # held back `delay` seconds
    "bad_signature",  # signed with another secret
    "stale",  # signed with a timestamp one hour old
]
ChannelFault: TypeAlias = Literal[
    "fail",  # refused, with `message` as the external error
    "stuck",  # stays "sent": no source id, no receipt
    "slow",  # takes `delay` seconds longer
]
_REQUEST_FAULTS = frozenset(get_args(RequestFault))
_KNOWN: dict[Surface, frozenset[str]] = {
    "chatwoot": _REQUEST_FAULTS,
    "odoo": _REQUEST_FAULTS,
    "model": _REQUEST_FAULTS,
    "webhook": frozenset(get_args(DeliveryFault)),
    "whatsapp": frozenset(get_args(ChannelFault)),
}


def surfaces() -> tuple[Surface, ...]:
    """Where faults can be set."""
    return tuple(_KNOWN)


# Longer than any client of ours waits.
_FOREVER = 120.0
_POLL = 0.05


class FaultSpec(BaseModel):
    """One fault. Without `count` and `for_seconds` it stays until it is removed."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    surface: Surface
    kind: RequestFault | DeliveryFault | ChannelFault
    scope: str | None = None
    conversation: int | None = None
    """Only in this conversation of Chatwoot or WhatsApp."""
    endpoint: str = "*"
    """A shell pattern."""
    count: int | None = Field(default=None, ge=1)
    for_seconds: float | None = Field(default=None, gt=0)
    skip: int = Field(default=0, ge=0)
    """Let this many matching calls pass first."""
    probability: float = Field(default=1.0, gt=0, le=1)
    status: int = Field(default=500, ge=100, le=599)
    retry_after: float | None = None
    delay: float = Field(default=1.0, ge=0)
    copies: int = Field(default=3, ge=2, le=100)
    same_delivery_id: bool = True
    message: str = "(#131000) Something went wrong"

    @model_validator(mode="after")
    def _fits_the_surface(self) -> FaultSpec:
        known = _KNOWN[self.surface]
        if self.kind not in known:
            raise ValueError(f"{self.kind} is no fault of {self.surface}; choose one of {', '.join(sorted(known))}")
        return self


@dataclass(slots=True)
class ActiveFault:
    """A fault that is set, with what is left of it."""

    id: int
    spec: FaultSpec
    left: int | None
    to_skip: int
    until: float | None
    hits: int = 0

    def matches(self, surface: Surface, scope: str, endpoint: str, conversation: str) -> bool:
        """Whether it concerns this call."""
        spec = self.spec
        return (
            spec.surface == surface
            and (spec.scope is None or spec.scope == scope)
            and (spec.conversation is None or str(spec.conversation) == conversation)
            and fnmatchcase(endpoint, spec.endpoint)
        )


class FaultBoard:
    """The faults that are set now. Costs nothing while there are none."""

    def __init__(self, seed: int | None = None) -> None:
        self._faults: dict[int, ActiveFault] = {}
        self._ids = count(1)
        # Chaos must be repeatable, not unpredictable.
        self.random = random.Random(seed)  # noqa: S311

    def set(self, spec: FaultSpec) -> int:
        """Add a fault; the answer removes it."""
        number = next(self._ids)
        until = None if spec.for_seconds is None else asyncio.get_running_loop().time() + spec.for_seconds
        self._faults[number] = ActiveFault(number, spec, spec.count, spec.skip, until)
        return number

    def remove(self, number: int) -> bool:
        """Remove one fault."""
        return self._faults.pop(number, None) is not None

    def clear(self, surface: Surface | None = None, scope: str | None = None) -> None:
        """Remove all faults, or those of a surface and scope."""
        for number, fault in list(self._faults.items()):
            if surface in (None, fault.spec.surface) and scope in (None, fault.spec.scope):
                del self._faults[number]

    def active(self) -> list[ActiveFault]:
        """What is set, oldest first."""
        self._drop_expired()
        return list(self._faults.values())

    def take(self, surface: Surface, scope: str, endpoint: str, conversation: str = "") -> FaultSpec | None:
        """The fault this call meets, if any; counts it."""
        if not self._faults:
            return None
        self._drop_expired()
        for fault in list(self._faults.values()):
            if fault.matches(surface, scope, endpoint, conversation) and self._hits(fault):
                return fault.spec
        return None

    def _hits(self, fault: ActiveFault) -> bool:
        if fault.to_skip:
            fault.to_skip -= 1
            return False
        if fault.spec.probability < 1 and self.random.random() >= fault.spec.probability:
            return False
        fault.hits += 1
        if fault.left is not None:
            fault.left -= 1
            if fault.left == 0:
                del self._faults[fault.id]
        return True

    def _drop_expired(self) -> None:
        now = asyncio.get_running_loop().time()
        for number, fault in list(self._faults.items()):
            if fault.until is not None and now >= fault.until:
                del self._faults[number]


Answer: TypeAlias = Callable[[], Awaitable[web.StreamResponse]]

ErrorBody: TypeAlias = Callable[[int], dict[str, Any]]


def _plain_error(status: int) -> dict[str, Any]:
    return {"error": "Internal Server Error" if status >= 500 else f"simulated {status}"}


_LOGIN_PAGE = "<!DOCTYPE html><html><head><title>Login</title></head><body><form>Login</form></body></html>"


async def answer_with_fault(
    request: web.Request, spec: FaultSpec | None, answer: Answer, error_body: ErrorBody = _plain_error
) -> web.StreamResponse:
    """Answer a request, or fail the way the fault says; `error_body` is how this vendor words an error."""
    if spec is None:
        return await answer()
    if spec.kind == "slow":
        await asyncio.sleep(spec.delay)
        return await answer()
    if spec.kind.startswith("applied_then_"):
        await answer()
    kind = spec.kind.removeprefix("applied_then_")
    if kind == "timeout":
        await _hold(request)
    if kind in ("timeout", "reset"):
        return _cut(request)
    return _wrong_answer(spec, kind, error_body)


def _wrong_answer(spec: FaultSpec, kind: str, error_body: ErrorBody) -> web.Response:
    if kind == "html":
        return web.Response(text=_LOGIN_PAGE, content_type="text/html")
    if kind == "redirect":
        return web.Response(status=303, text=_LOGIN_PAGE, content_type="text/html", headers={"Location": "/web/login"})
    if kind == "ignored":
        return web.json_response({})
    if kind == "garbage":
        return web.Response(text='{"id": 1, "payload": [{"con', content_type="application/json")
    headers = {} if spec.retry_after is None else {"Retry-After": f"{spec.retry_after:g}"}
    if spec.status == 429:
        return web.Response(status=429, text="Retry later\n", headers=headers)
    return web.json_response(error_body(spec.status), status=spec.status, headers=headers)


async def _hold(request: web.Request) -> None:
    """Say nothing until the client gives up."""
    waited = 0.0
    while waited < _FOREVER and request.transport is not None and not request.transport.is_closing():
        await asyncio.sleep(_POLL)
        waited += _POLL


def _cut(request: web.Request) -> web.Response:
    if request.transport is not None:
        request.transport.abort()
    return web.Response()
