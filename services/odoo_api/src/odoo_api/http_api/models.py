"""What goes in and out of the HTTP API. The OpenAPI document is made of these models."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, create_model, field_validator

from common.commands import HandOffReason
from common.facts import Fact, Source, Verdict
from common.knowledge import ITEM_TYPES, KNOWLEDGE_KINDS, ItemId, KnowledgeKind
from common.query_answers import SearchHit, TurnOutcome
from odoo_api.knowledge.plan import Rejection

_DEEPEST_CONTACT = 6


class _In(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class _Out(BaseModel):
    model_config = ConfigDict(frozen=True)


class ReplaceBody(_In):
    """All items of a kind. Items are validated one by one, so that a wrong one does not stop the others."""

    items: list[Any]


class PatchBody(_In):
    """Some items of a kind, and ids to delete."""

    upsert: list[Any] = []
    delete: list[ItemId] = []


class SyncResult(_Out):
    """What a knowledge write did. `unchanged` items cost nothing; a rejected item keeps its stored version."""

    received: int
    created: int
    updated: int
    unchanged: int
    removed: int
    rejected: tuple[Rejection, ...]
    indexed: bool = Field(description="Every running hub has it. False also when `wait=indexed` was not asked for.")


class UploadResult(SyncResult):
    """What became of an uploaded document."""

    id: str
    title: str
    characters: int


class SearchResults(_Out):
    """Best first; `score` is comparable within one answer only."""

    results: tuple[SearchHit, ...]


def _as_text(value: Any) -> Any:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


ConversationId = Annotated[
    str,
    Field(max_length=200),
    BeforeValidator(_as_text, json_schema_input_type=Annotated[str, Field(max_length=200)] | int),
]
"""Chatwoot's ids are numbers, others have texts."""


class AnswerBody(_In):
    """A question as a customer would ask it."""

    question: Annotated[str, Field(min_length=1, max_length=4000)]
    conversation: ConversationId | None = None
    contact: dict[str, Any] | None = None

    @field_validator("contact")
    @classmethod
    def _is_shallow(cls, value: dict[str, Any] | None) -> dict[str, Any] | None:
        if _depth(value) > _DEEPEST_CONTACT:
            raise ValueError(f"nested deeper than {_DEEPEST_CONTACT} levels")
        return value


class AnswerResult(_Out):
    """What the assistant would have said. Nothing was sent."""

    answer: str
    outcome: TurnOutcome
    reason: str
    hand_off_reason: HandOffReason | None
    sources: tuple[Source, ...]
    facts: tuple[Fact, ...]
    verdicts: tuple[Verdict, ...]


class HealthReport(_Out):
    """Readiness of this service. Anybody may ask, so the reasons stand in `/health` on the private port only."""

    status: Literal["ok", "draining", "unavailable"]
    service: str
    version: str


class WriteQuery(_In):
    """Parameters of a knowledge write."""

    wait: Literal["indexed"] | None = Field(
        None, description="Answer only when every running hub has indexed the change, or after the waiting limit."
    )


class ListQuery(_In):
    """Parameters of a listing."""

    limit: Annotated[int, Field(ge=1, le=500, description="Items per page.")] = 100
    after: Annotated[str, Field(max_length=200, description="`next` of the page before.")] = ""


class SearchQueryString(_In):
    """Parameters of a search."""

    q: Annotated[str, Field(min_length=1, max_length=500, description="What a customer might write.")]
    kind: KnowledgeKind | None = Field(None, description="Only this kind.")
    limit: Annotated[int, Field(ge=1, le=50, description="Most results.")] = 5


class NoQuery(_In):
    """No parameters."""


def _depth(value: Any) -> int:
    deepest, level = 0, [value]
    while level and deepest <= _DEEPEST_CONTACT:
        level = [
            inner
            for each in level
            if isinstance(each, dict | list)
            for inner in (each.values() if isinstance(each, dict) else each)
        ]
        deepest += 1
    return deepest


def _described(kind: KnowledgeKind) -> tuple[type[BaseModel], type[BaseModel], type[BaseModel]]:
    item = ITEM_TYPES[kind]
    name = item.__name__
    # Only described with the item's type: requests are validated item by item, so that a wrong one stops no other.
    replace = create_model(f"{name}Replace", __base__=_In, items=(list[item], ...))  # type: ignore[valid-type]
    patch = create_model(
        f"{name}Patch",
        __base__=_In,
        upsert=(list[item], []),  # type: ignore[valid-type]
        delete=(list[ItemId], []),
    )
    page = create_model(f"{name}Page", items=(list[item], ...), next=(str | None, ...), total=(int, ...))  # type: ignore[valid-type]
    return replace, patch, page


DESCRIBED = {kind: _described(kind) for kind in KNOWLEDGE_KINDS}
"""By kind: the bodies of PUT and PATCH and the page of GET, with the kind's own item type, for the OpenAPI document."""
