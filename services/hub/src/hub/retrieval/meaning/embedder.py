"""The port to an embeddings endpoint, and its adapter for any server with OpenAI's `/embeddings`."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Sequence
from typing import Annotated, Any, Final, Literal, Protocol, TypeAlias

import httpx
from pydantic import BaseModel, Field, ValidationError

from common.errors import OdooAiError
from hub.retrieval.meaning.endpoint import Endpoint

Vector: TypeAlias = list[float]
Reason: TypeAlias = Literal[
    "timeout", "unreachable", "key_refused", "too_many", "refused", "failed", "unreadable", "budget"
]

_FEW: Final = 4
_TEXT_REFUSED: Final = frozenset({400, 413, 422})
"""What servers say to a text that is too long, or to more texts than they take at once."""
_BY_STATUS: Final[dict[int, Reason]] = {401: "key_refused", 403: "key_refused", 429: "too_many"}


class EmbeddingFailed(OdooAiError):
    """No vectors. `reason` is a closed vocabulary; what the server said may repeat a key and is never kept."""

    def __init__(self, reason: Reason) -> None:
        self.reason = reason
        super().__init__(reason)


class Embedded(BaseModel):
    """Vectors in the order of their texts, each with finite numbers and the same length."""

    vectors: list[Vector]
    tokens: int = 0


class Embedder(Protocol):
    """What turns texts into vectors."""

    async def embed(self, endpoint: Endpoint, texts: Sequence[str], seconds: float) -> Embedded:
        """One call for a few texts.

        Raises:
            EmbeddingFailed: no answer in time, or none that can be used.
        """
        ...

    async def close(self) -> None:
        """Close the connections."""
        ...


class _Row(BaseModel):
    index: Annotated[int, Field(ge=0)]
    embedding: Annotated[list[Annotated[float, Field(allow_inf_nan=False)]], Field(min_length=1, max_length=8192)]


class _Usage(BaseModel):
    total_tokens: int = 0


class _Body(BaseModel):
    data: list[_Row]
    usage: _Usage | None = None


class HttpEmbedder:
    """The adapter. One connection pool for all tenants; keys travel in the header of each call."""

    def __init__(self) -> None:
        self._http: httpx.AsyncClient | None = None

    async def embed(self, endpoint: Endpoint, texts: Sequence[str], seconds: float) -> Embedded:
        """See `Embedder`."""
        body: dict[str, Any] = {"model": endpoint.model, "input": list(texts), "encoding_format": "float"}
        if endpoint.dimensions is not None:
            body["dimensions"] = endpoint.dimensions
        headers = {"Authorization": f"Bearer {endpoint.api_key}"} if endpoint.api_key else {}
        try:
            response = await self._client().post(
                f"{endpoint.base_url}/embeddings", json=body, headers=headers, timeout=seconds
            )
        except httpx.TimeoutException:
            raise EmbeddingFailed("timeout") from None
        except (httpx.HTTPError, httpx.InvalidURL):
            raise EmbeddingFailed("unreachable") from None
        if response.status_code != httpx.codes.OK:
            raise EmbeddingFailed(_reason(response.status_code))
        if len(texts) <= _FEW:
            return _read(response.content, len(texts), endpoint.dimensions)
        # A batch is megabytes of numbers: not read in the thread that serves everybody.
        return await asyncio.to_thread(_read, response.content, len(texts), endpoint.dimensions)

    async def close(self) -> None:
        """Close the connections."""
        client, self._http = self._http, None
        if client is not None:
            await client.aclose()

    def _client(self) -> httpx.AsyncClient:
        # Made at the first call: it loads certificates, which a hub without embeddings should not wait for.
        self._http = self._http or httpx.AsyncClient(follow_redirects=False)
        return self._http


def _reason(status: int) -> Reason:
    return "refused" if status in _TEXT_REFUSED else _BY_STATUS.get(status, "failed")


def _read(content: bytes, wanted: int, dimensions: int | None) -> Embedded:
    try:
        body = _Body.model_validate_json(content)
    except ValidationError:
        raise EmbeddingFailed("unreadable") from None
    by_index = {row.index: row.embedding for row in body.data}
    vectors = [by_index[index] for index in range(wanted) if index in by_index]
    sizes = {len(vector) for vector in vectors}
    fits = len(vectors) == wanted and len(sizes) == 1 and sizes <= {dimensions or max(sizes)}
    if not fits or not all(math.hypot(*vector) for vector in vectors):
        raise EmbeddingFailed("unreadable")
    return Embedded(vectors=vectors, tokens=body.usage.total_tokens if body.usage else 0)
