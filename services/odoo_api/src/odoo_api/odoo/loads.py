"""Creating a record once: Odoo's `load` under an external id, whose uniqueness decides between two writers.

As measured: the loser of a race gets HTTP 200 with `ids: false` and a message about serialization, never a double. A
second `load` of the same external id would write the values again, over what a person changed since, so it is asked
first whether the record is there.
"""

from __future__ import annotations

import asyncio
import hashlib
import random
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from odoo_api.odoo.client import OdooClient
from odoo_api.odoo.errors import OdooAccessDenied, OdooConflict, OdooError, OdooNotJson, OdooRefused
from odoo_api.odoo.permits import Purpose

MODULE: Final = "__odoo_ai__"
"""Double underscores keep it out of the way of a module's update, which removes ids of that module it does not know."""

_ATTEMPTS: Final = 4
_PAUSE_SECONDS: Final = 0.15
_SHOWN: Final = 150
# PostgreSQL's own words, in the languages it may be set to here.
_CONFLICT: Final = re.compile(r"seriali[sz]|concurren|concorren|deadlock", re.IGNORECASE)
_PERSONAL: Final = re.compile(r"\S+@\S+|[\d.\-/() +]*\d[\d.\-/() +]{4,}")
# Odoo itself retries a conflict up to five times with growing pauses.
WRITE_SECONDS: Final = 30.0


Find: TypeAlias = Callable[[], Awaitable[int | None]]


@dataclass(frozen=True)
class Columns:
    """What to load: the columns without `id`, and one row per record or per line of it."""

    names: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    @classmethod
    def of(cls, values: Mapping[str, object]) -> Columns:
        """One row; None and False are empty. `partner_id/.id` is a database id, `subtype_id/id` an external one."""
        return cls(tuple(values), (tuple(_cell(each) for each in values.values()),))


def _cell(value: object) -> str:
    return "" if value is None or value is False else str(value)


def external_id(kind: str, tenant: str, key: str) -> str:
    """The external id of what a command creates."""
    digest = hashlib.sha256(f"{tenant}\0{key}".encode()).hexdigest()[:32]
    return f"{MODULE}.{kind}_{digest}"


async def load_once(
    client: OdooClient, purpose: Purpose, model: str, xml_id: str, columns: Columns, find: Find | None = None
) -> int:
    """Create the record unless it exists; answers its id.

    `find` looks for it; without it a `load` of the external id alone does. An ordinary user may not read external ids,
    and that finds a record without changing it, but only where an empty one cannot be created: where the model has a
    field that must be filled in.

    Raises:
        OdooRefused: Odoo does not take a value; names the field.
        OdooConflict: other transactions were in the way each time.
        OdooError: Odoo could not be asked; whether the record exists is unknown then, and the next call finds out.
    """
    messages: list[Any] = []
    for attempt in range(_ATTEMPTS):
        if attempt:
            await asyncio.sleep(_PAUSE_SECONDS * attempt * random.uniform(0.5, 1.5))  # noqa: S311 - jitter
        found = await (find() if find else _by_external_id(client, purpose, model, xml_id))
        if found is None:
            rows = [[xml_id if index == 0 else "", *row] for index, row in enumerate(columns.rows)]
            found, messages = await _load(client, purpose, model, ["id", *columns.names], rows)
        if found is not None:
            return found
        if not _may_be_a_conflict(messages):
            break
    raise await _why(client, purpose, model, messages)


async def _by_external_id(client: OdooClient, purpose: Purpose, model: str, xml_id: str) -> int | None:
    return (await _load(client, purpose, model, ["id"], [[xml_id]]))[0]


async def _load(
    client: OdooClient, purpose: Purpose, model: str, fields: Sequence[str], data: Sequence[Sequence[str]]
) -> tuple[int | None, list[Any]]:
    answer = await client.call(
        model, "load", purpose=purpose, timeout=WRITE_SECONDS, fields=list(fields), data=[list(row) for row in data]
    )
    if not isinstance(answer, dict):
        raise OdooNotJson("Odoo's answer to a load is not one")
    ids, messages = answer.get("ids"), answer.get("messages") or []
    return (int(ids[0]) if isinstance(ids, list) and ids else None), messages


def _may_be_a_conflict(messages: Sequence[Any]) -> bool:
    """A message about a field is about the values; one about none may be a conflict, in whatever language."""
    return not any(isinstance(each, dict) and each.get("field") for each in messages)


async def _why(client: OdooClient, purpose: Purpose, model: str, messages: Sequence[Any]) -> OdooError:
    """Access errors look like all others in the messages of a load, so the rights are asked for."""
    told = next((each for each in messages if isinstance(each, dict)), {})
    if told.get("field"):
        return OdooRefused(f"{model}: Odoo does not take the value of {told['field']}")
    text = str(told.get("message") or "")
    if _CONFLICT.search(text):
        return OdooConflict(f"{model}: another transaction was in the way {_ATTEMPTS} times")
    # Odoo 18 and later; an older one answers that there is no such method.
    if not await client.call(model, "has_access", purpose=purpose, ids=[], operation="create"):
        return OdooAccessDenied(f"the API key's user may not create a {model} in Odoo")
    return OdooRefused(f"{model}: Odoo does not create it: {without_personal_data(text)}")


def without_personal_data(text: str) -> str:
    """The first line of a message of Odoo's, for people who look into a failure; it may quote what was sent."""
    lines = text.strip().splitlines()
    return _PERSONAL.sub("...", lines[0])[:_SHOWN] if lines else "no reason given"
