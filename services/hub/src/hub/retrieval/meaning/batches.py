"""Many texts become vectors in batches that the server takes; a text that it refuses is left out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from hub.retrieval.meaning.embedder import Embedded, Embedder, EmbeddingFailed, Vector
from hub.retrieval.meaning.endpoint import Endpoint

BATCH: Final = 64
_SECONDS: Final = 30.0


async def embed_all(embedder: Embedder, endpoint: Endpoint, texts: Sequence[str]) -> tuple[list[Vector | None], int]:
    """The vector of each text (None: the server refuses that one), and how many tokens they took.

    A server may take fewer texts at once than we send, or not one that is too long: a refused batch is halved. When it
    refuses even the shortest text alone, something else is wrong.

    Raises:
        EmbeddingFailed: the server answers with no vectors at all, or is not there.
    """
    try:
        done = await embedder.embed(endpoint, texts, _SECONDS)
    except EmbeddingFailed as failure:
        if failure.reason != "refused":
            raise
        await embedder.embed(endpoint, [min(texts, key=len)], _SECONDS)
        return await _halved(embedder, endpoint, texts)
    return _whole(done)


async def _halved(embedder: Embedder, endpoint: Endpoint, texts: Sequence[str]) -> tuple[list[Vector | None], int]:
    if len(texts) == 1:
        return [None], 0
    vectors: list[Vector | None] = []
    tokens = 0
    middle = len(texts) // 2
    for half in (texts[:middle], texts[middle:]):
        try:
            some, used = _whole(await embedder.embed(endpoint, half, _SECONDS))
        except EmbeddingFailed as failure:
            if failure.reason != "refused":
                raise
            some, used = await _halved(embedder, endpoint, half)
        vectors += some
        tokens += used
    return vectors, tokens


def _whole(done: Embedded) -> tuple[list[Vector | None], int]:
    return list(done.vectors), done.tokens
