"""Typed, versioned messages: what may pass between services, and how old ones still decode."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar, Generic, TypeVar

import orjson
from pydantic import BaseModel, ConfigDict, ValidationError

from common.errors import UnreadableMessage

Upcaster = Callable[[dict[str, Any]], dict[str, Any]]
"""Turns the body of version n into the body of version n + 1."""


class Frozen(BaseModel):
    """A value: immutable, and tolerant of keys a newer producer may add."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Message(Frozen):
    """Base of everything that travels on a subject.

    The body carries `type` and `schema_version`, so a dead letter or a dump explains itself without headers.
    A change that old readers cannot ignore raises `VERSION` and adds an upcaster for the version before it.
    """

    VERSION: ClassVar[int] = 1
    UPCASTERS: ClassVar[Mapping[int, Upcaster]] = {}

    @classmethod
    def type_name(cls) -> str:
        """The name on the wire: the class name."""
        return cls.__name__

    def encode(self) -> bytes:
        """Serialise with `type` and `schema_version` first."""
        body: dict[str, Any] = {"type": self.type_name(), "schema_version": self.VERSION}
        body.update(self.model_dump(mode="json"))
        return orjson.dumps(body)


M = TypeVar("M", bound=Message)


class MessageRegistry(Generic[M]):
    """The closed set of message types of one subject space, with its decoder."""

    def __init__(self, name: str, *types: type[M]) -> None:
        self.name = name
        self.types: dict[str, type[M]] = {each.type_name(): each for each in types}

    def decode(self, data: bytes) -> M:
        """Decode a body of any version we know.

        Raises:
            UnreadableMessage: not JSON, not an object, an unknown type, a newer version, or fields that do not fit.
        """
        body = _load_object(data)
        message_type = self.types.get(str(body.get("type")))
        if message_type is None:
            raise UnreadableMessage(f"{self.name}: unknown message type {body.get('type')!r}")
        return _validate(message_type, _upcast(message_type, body))


def _load_object(data: bytes) -> dict[str, Any]:
    try:
        body = orjson.loads(data)
    except orjson.JSONDecodeError as error:
        raise UnreadableMessage(f"not JSON: {error}") from error
    if not isinstance(body, dict):
        raise UnreadableMessage(f"a JSON {type(body).__name__} instead of an object")
    return body


def _upcast(message_type: type[M], body: dict[str, Any]) -> dict[str, Any]:
    version = body.get("schema_version")
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        raise UnreadableMessage(f"{message_type.type_name()}: no usable schema_version")
    if version > message_type.VERSION:
        raise UnreadableMessage(
            f"{message_type.type_name()}: version {version} is newer than {message_type.VERSION}, the newest known here"
        )
    while version < message_type.VERSION:
        body = message_type.UPCASTERS[version](body)
        version += 1
    return body


def _validate(message_type: type[M], body: dict[str, Any]) -> M:
    try:
        return message_type.model_validate(body)
    except ValidationError as error:
        # The values may be personal data: name the fields, not what they hold.
        fields = ", ".join(".".join(map(str, each["loc"])) + " " + each["type"] for each in error.errors()[:5])
        raise UnreadableMessage(f"{message_type.type_name()}: {fields}") from error
