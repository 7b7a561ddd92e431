"""Scripted conversations: what the customer says, and what has to happen at each step."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, Final, Literal, TypeAlias

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from cli.evaluation.measures import Split
from common.commands import HandOffReason
from common.errors import ConfigurationError
from common.tenants import Locale

Action: TypeAlias = Literal["answer", "ask", "hand_off", "ignore"]
"""What may happen: an answer, a question back, a hand-off to people, nothing."""

USUAL_NOW: Final = datetime(2026, 11, 24, 13, 30, tzinfo=UTC)
"""When the shipped conversations happen, unless they say otherwise: Tuesday, 10:30 in São Paulo."""


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Said(_Part):
    """One message of the customer: written, or a recording with its transcript."""

    text: str = ""
    voice: str = ""


def _messages(value: Any) -> Any:
    return [_message(each) for each in (value if isinstance(value, list) else [value])]


def _message(value: Any) -> Any:
    return {"text": value} if isinstance(value, str) else value


def _several(value: Any) -> Any:
    return value if isinstance(value, list) else [value]


class Step(_Part):
    """One burst of messages and what it has to lead to."""

    say: Annotated[tuple[Said, ...], BeforeValidator(_messages), Field(min_length=1)]
    do: Annotated[tuple[Action, ...], BeforeValidator(_several), Field(min_length=1)]
    """The action; one of them when several would do."""
    reason: HandOffReason | None = None
    sources: tuple[str, ...] = ()
    """Items the reply has to stand on, as `kind/id`."""
    any_source: bool = False
    """One of `sources` is enough."""
    must: tuple[str, ...] = ()
    """Words the reply has to contain, whatever the case of letters."""
    must_not: tuple[str, ...] = ()
    language: Locale | None = None


class Person(_Part):
    """Who writes, as the channel knows them."""

    name: str | None = None
    phone: str | None = None
    email: str | None = None


class Script(_Part):
    """One conversation."""

    name: str
    about: tuple[str, ...] = ()
    now: datetime = USUAL_NOW
    odoo: Literal["up", "down"] = "up"
    contact: Person | None = None
    steps: Annotated[tuple[Step, ...], Field(min_length=1)]


class ConversationSuite(_Part):
    """One file of conversations."""

    split: Split = "test"
    conversations: Annotated[tuple[Script, ...], Field(min_length=1)]


def read_suite(path: Path) -> ConversationSuite:
    """Read a suite file.

    Raises:
        ConfigurationError: names the file and everything that is wrong in it.
    """
    try:
        return parse_suite(path.read_text("utf-8"), str(path))
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{path} cannot be read: {error}", key=str(path)) from error


def parse_suite(text: str, name: str) -> ConversationSuite:
    """Read a suite; `name` is for errors.

    Raises:
        ConfigurationError: names what is wrong.
    """
    try:
        return ConversationSuite.model_validate(yaml.safe_load(text))
    except yaml.YAMLError as error:
        raise ConfigurationError(f"{name} is no YAML: {error}", key=name) from error
    except ValidationError as error:
        wrong = "; ".join(f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in error.errors()[:10])
        raise ConfigurationError(f"{name}: {wrong}", key=name) from error
