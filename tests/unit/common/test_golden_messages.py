"""Messages as published. These files are never edited: a message on a disk somewhere looks like them.

`Name.v1.json` is the first shape of version 1; a field added since then has its own file `Name.v1.1.json`, and so on.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson
import pytest

from common.commands import CHATWOOT_COMMANDS
from common.events import CHATWOOT_EVENTS
from common.knowledge import KNOWLEDGE_MESSAGES
from common.message import MessageRegistry
from common.odoo_commands import ODOO_COMMANDS, ODOO_RESULTS
from common.queries import QUERIES
from common.query_answers import ANSWERS
from common.sending import SENDING_MESSAGES
from common.turns import TURN_MESSAGES

GOLDEN = Path(__file__).parents[2] / "golden"
REGISTRIES: tuple[MessageRegistry[Any], ...] = (
    CHATWOOT_EVENTS,
    CHATWOOT_COMMANDS,
    KNOWLEDGE_MESSAGES,
    TURN_MESSAGES,
    SENDING_MESSAGES,
    QUERIES,
    ANSWERS,
    ODOO_COMMANDS,
    ODOO_RESULTS,
)
TYPES = [(registry, name) for registry in REGISTRIES for name in registry.types]


def golden_files(name: str) -> list[Path]:
    return sorted(GOLDEN.glob(f"{name}.v*.json"), key=version)


def version(file: Path) -> tuple[int, ...]:
    return tuple(map(int, file.stem.partition(".v")[2].split(".")))


@pytest.mark.parametrize(("registry", "name"), TYPES, ids=[name for _, name in TYPES])
def test_every_message_type_has_a_golden_file_that_still_decodes(registry: MessageRegistry[Any], name: str) -> None:
    files = golden_files(name)

    assert files, f"add tests/golden/{name}.v{registry.types[name].VERSION}.json"
    for file in files:
        assert registry.decode(file.read_bytes()).type_name() == name


@pytest.mark.parametrize(("registry", "name"), TYPES, ids=[name for _, name in TYPES])
def test_the_newest_golden_file_is_what_is_published_today(registry: MessageRegistry[Any], name: str) -> None:
    newest = golden_files(name)[-1]
    golden = newest.read_bytes()

    assert version(newest)[0] == registry.types[name].VERSION
    assert orjson.loads(registry.decode(golden).encode()) == orjson.loads(golden)
