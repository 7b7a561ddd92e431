"""What a sync request changes: pure decisions over what was sent and what is known."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from pydantic import BaseModel, ConfigDict, ValidationError

from common.knowledge import Item, KnowledgeKind, hash_content, parse_item

# A message on the broker has at most 1 MB, envelope included.
MOST_ITEM_BYTES: Final = 900_000
_MOST_ERRORS: Final = 20


@dataclass(frozen=True, slots=True)
class Known:
    """The content an item has on the stream, and the sequence of that message."""

    content_hash: str
    sequence: int


class FieldError(BaseModel):
    """What is wrong with one field. `field` is its path, empty for the item itself."""

    model_config = ConfigDict(frozen=True)

    field: str
    type: str
    message: str


class Rejection(BaseModel):
    """An item that was not taken. Its stored version, if there is one, stays as it is."""

    model_config = ConfigDict(frozen=True)

    index: int
    """Its place in the list that was sent."""
    id: str | None
    errors: tuple[FieldError, ...]


@dataclass(frozen=True)
class Sent:
    """One list of a request after validation."""

    accepted: Mapping[str, tuple[Item, str]] = field(default_factory=dict)
    """By id: the item and its content hash."""
    rejected: tuple[Rejection, ...] = ()


@dataclass(frozen=True)
class Plan:
    """What is to be published. Everything else is unchanged and costs nothing."""

    created: tuple[str, ...]
    updated: tuple[str, ...]
    unchanged: int
    removed: tuple[str, ...]


def field_errors(error: ValidationError) -> tuple[FieldError, ...]:
    """The errors of a validation, without the values: those may be anything."""
    return tuple(
        FieldError(field=".".join(map(str, each["loc"])), type=each["type"], message=each["msg"])
        for each in error.errors(include_url=False, include_input=False, include_context=False)[:_MOST_ERRORS]
    )


def raw_id(raw: Any) -> str | None:
    """The id that an item claims, readable or not: a number is somebody's slip, and still says which item is meant."""
    claimed = raw.get("id") if isinstance(raw, dict) else None
    return str(claimed) if isinstance(claimed, str | int) and not isinstance(claimed, bool) and claimed != "" else None


def repeated_ids(raws: Iterable[Any]) -> frozenset[str]:
    """Ids that occur more than once in a request: which of them is meant cannot be known, so none is taken."""
    counts = Counter(each for each in map(raw_id, raws) if each is not None)
    return frozenset(each for each, count in counts.items() if count > 1)


def check_item(kind: KnowledgeKind, raw: Any, index: int, repeated: frozenset[str]) -> tuple[Item, str] | Rejection:
    """Validate one item and hash its content."""
    claimed = raw_id(raw)
    if claimed in repeated:
        return _rejection(index, claimed, "id", "duplicate", "this id is sent more than once in the request")
    try:
        item = parse_item(kind, raw)
    except ValidationError as error:
        return Rejection(index=index, id=claimed, errors=field_errors(error))
    content = item.content()
    return (item, hash_content(content)) if len(content) <= MOST_ITEM_BYTES else too_large(index, item.id, len(content))


def too_large(index: int, item_id: str, size: int) -> Rejection:
    """The rejection of an item that no message can carry."""
    message = f"the item has {size} bytes as JSON; at most {MOST_ITEM_BYTES} can be stored"
    return _rejection(index, item_id, "", "too_large", message)


def _rejection(index: int, item_id: str | None, name: str, kind: str, message: str) -> Rejection:
    return Rejection(index=index, id=item_id, errors=(FieldError(field=name, type=kind, message=message),))


def _everything(_: str) -> bool:
    return True


def plan_replace(known: Mapping[str, Known], sent: Sent, owns: Callable[[str], bool] = _everything) -> Plan:
    """Replace all items of a kind, or those whose ids the sender `owns`.

    What was not sent is removed; what was sent and rejected is not. A rejected item without a readable id could be any
    stored one, so such a request removes nothing.
    """
    nameless = any(each.id is None for each in sent.rejected)
    kept = sent.accepted.keys() | {each.id for each in sent.rejected}
    removed = () if nameless else tuple(each for each in known if each not in kept and owns(each))
    return _plan(known, sent.accepted, removed)


def plan_patch(known: Mapping[str, Known], sent: Sent, deletions: Sequence[str]) -> Plan:
    """Add or replace some items and remove others; ids that are not stored need no removal."""
    removed = tuple(each for each in dict.fromkeys(deletions) if each in known and each not in sent.accepted)
    return _plan(known, sent.accepted, removed)


def _plan(known: Mapping[str, Known], accepted: Mapping[str, tuple[Item, str]], removed: tuple[str, ...]) -> Plan:
    created = tuple(each for each in accepted if each not in known)
    updated = tuple(
        item_id
        for item_id, (_, digest) in accepted.items()
        if item_id in known and known[item_id].content_hash != digest
    )
    return Plan(created, updated, len(accepted) - len(created) - len(updated), removed)
