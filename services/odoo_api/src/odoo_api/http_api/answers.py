"""Success answers."""

from __future__ import annotations

from typing import Any

import orjson
from aiohttp import web
from pydantic import BaseModel


def answer(model: BaseModel) -> web.Response:
    """A model as JSON."""
    return plain_answer(model.model_dump(mode="json"))


def plain_answer(data: Any) -> web.Response:
    """JSON that is already plain."""
    return web.Response(body=orjson.dumps(data), content_type="application/json")
