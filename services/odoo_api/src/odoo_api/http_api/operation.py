"""One operation of the API as data: the router and the OpenAPI document are both made of it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from aiohttp import web
from pydantic import BaseModel

from odoo_api.api_keys import Scope
from odoo_api.http_api.models import NoQuery


@dataclass(frozen=True)
class Caller:
    """Who asks, by the API key alone."""

    tenant: str
    key_id: str


Handler = Callable[[web.Request, Caller], Awaitable[web.Response]]


@dataclass(frozen=True)
class Operation:
    """What a method of a path takes and gives."""

    method: Literal["GET", "PUT", "PATCH", "POST"]
    path: str
    name: str
    tag: str
    summary: str
    handler: Handler
    response: type[BaseModel]
    description: str = ""
    scope: Scope | None = None
    """None: no key is asked for."""
    query: type[BaseModel] = NoQuery
    body: type[BaseModel] | None = None
    form: Mapping[str, Any] | None = None
    """The JSON schema of a multipart form, instead of `body`."""
    idempotent: bool = False
    problems: tuple[str, ...] = ()
    path_fields: Mapping[str, str] = field(default_factory=dict)
    """Path parameters and what they are."""
    other_answers: Mapping[int, str] = field(default_factory=dict)
    """Further statuses with the same body as a success."""
