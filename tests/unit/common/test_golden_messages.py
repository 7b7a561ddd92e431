"""Messages as first published. These files are never edited: a message on a disk somewhere looks like them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson
import pytest

from common.commands import CHATWOOT_COMMANDS
from common.events import CHATWOOT_EVENTS
from common.knowledge import KNOWLEDGE_MESSAGES
from common.message import MessageRegistry
from common.queries import ANSWERS, QUERIES
from common.turns import TURN_MESSAGES

GOLDEN = Path(__file__).parents[2] / "golden"
REGISTRIES: tuple[MessageRegistry[Any], ...] = (
    CHATWOOT_EVENTS,
    CHATWOOT_COMMANDS,
    KNOWLEDGE_MESSAGES,
    TURN_MESSAGES,
    QUERIES,
    ANSWERS,
)
TYPES = [(registry, name) for registry in REGISTRIES for name in registry.types]


@pytest.mark.parametrize(("registry", "name"), TYPES, ids=[name for _, name in TYPES])
def test_every_message_type_has_a_golden_file_that_still_decodes(registry: MessageRegistry[Any], name: str) -> None:
    files = sorted(GOLDEN.glob(f"{name}.v*.json"))

    assert files, f"add tests/golden/{name}.v{registry.types[name].VERSION}.json"
    for file in files:
        assert registry.decode(file.read_bytes()).type_name() == name


@pytest.mark.parametrize(("registry", "name"), TYPES, ids=[name for _, name in TYPES])
def test_the_newest_golden_file_is_what_is_published_today(registry: MessageRegistry[Any], name: str) -> None:
    golden = (GOLDEN / f"{name}.v{registry.types[name].VERSION}.json").read_bytes()

    assert orjson.loads(registry.decode(golden).encode()) == orjson.loads(golden)
