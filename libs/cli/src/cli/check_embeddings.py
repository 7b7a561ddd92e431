"""Check of a tenant's embeddings: two texts are embedded, as the hub would do it."""

from __future__ import annotations

import os
import time
from typing import Final

from cli.findings import Finding, failed, fine, warning
from common.errors import ConfigurationError
from common.tenants import TenantConfig
from hub.retrieval.meaning.embedder import EmbeddingFailed, HttpEmbedder
from hub.retrieval.meaning.endpoint import endpoint_of
from hub.retrieval.meaning.search import QUESTION_SECONDS

_SECONDS: Final = 20.0
_WORDS: Final = ("Qual o horário de funcionamento?", "When are you open?")


async def check_embeddings(config: TenantConfig) -> list[Finding]:
    """One finding, for a tenant that has embeddings."""
    settings = config.assistant.embeddings
    if settings is None:
        return []
    subject = f"{config.tenant} embeddings {settings.model}"
    embedder = HttpEmbedder()
    try:
        environ = os.environ  # noqa: TID251 - as the hub, whose settings read the same two variables
        endpoint = endpoint_of(
            config.tenant, settings, config.models, environ.get("OPENAI_API_KEY"), environ.get("OPENAI_BASE_URL")
        )
        await embedder.embed(endpoint, _WORDS[:1], _SECONDS)
        started = time.monotonic()
        embedded = await embedder.embed(endpoint, _WORDS[1:], _SECONDS)
    except ConfigurationError as error:
        return [failed(subject, str(error), "set models.providers in the tenant file, or OPENAI_API_KEY in .env")]
    except EmbeddingFailed as failure:
        return [
            failed(
                subject,
                f"no vectors: {failure.reason}; words alone find",
                "check the model's name, `dimensions`, the key, and that this machine reaches the provider",
            )
        ]
    finally:
        await embedder.close()
    return [_timed(subject, len(embedded.vectors[0]), time.monotonic() - started)]


def _timed(subject: str, dimensions: int, seconds: float) -> Finding:
    said = f"it answers with {dimensions} dimensions in {seconds * 1000:.0f} ms"
    if seconds <= QUESTION_SECONDS:
        return fine(subject, said)
    return warning(
        subject,
        f"{said}, and a question waits {QUESTION_SECONDS * 1000:.0f} ms at most: words alone will often answer",
        "use a nearer or faster server",
    )
