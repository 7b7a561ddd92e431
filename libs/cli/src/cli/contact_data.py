"""Where a customer's data is: found by contact id, phone or e-mail, across streams and buckets."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final

import orjson
from nats.aio.client import Client

from cli.stored_messages import read_all
from common.errors import UnreadableMessage
from common.nats.bucket import Bucket
from common.nats.topology import (
    BUCKET_CONTACTS,
    BUCKET_CONVERSATIONS,
    CHATWOOT_COMMANDS,
    CHATWOOT_EVENTS,
    DEAD_LETTERS,
    ODOO_COMMANDS,
    SCHEDULES,
    TURNS,
)
from common.odoo_commands import ODOO_COMMANDS as ODOO
from common.subjects import conversation_key
from hub.identity import contact_key

_PHONE_DIGITS: Final = 8


@dataclass(frozen=True)
class Wanted:
    """Whose data is looked for: exactly one of the three."""

    contact_id: int | None = None
    phone: str = ""
    email: str = ""

    @classmethod
    def parse(cls, text: str) -> Wanted:
        """Read what was typed: `712`, `+5511912345678` or `maria@example.com`.

        Raises:
            ValueError: it is none of these.
        """
        said = text.strip()
        if "@" in said:
            return cls(email=said.lower())
        digits = re.sub(r"\D", "", said)
        if said.startswith("+") and len(digits) >= _PHONE_DIGITS:
            return cls(phone=digits)
        if said.isdigit() and int(said) > 0:
            return cls(contact_id=int(said))
        raise ValueError(f"{text!r} is no contact id, no phone with + and country, and no e-mail address")

    def is_(self, contact: dict[str, Any] | None) -> bool:
        """Whether a contact as Chatwoot told of it is the one."""
        if not contact:
            return False
        if self.contact_id is not None:
            return contact.get("id") == self.contact_id
        if self.email:
            return str(contact.get("email") or "").lower() == self.email
        return bool(self.phone) and re.sub(r"\D", "", str(contact.get("phone") or "")) == self.phone


@dataclass
class Holdings:
    """What is held of a customer, by place. Bodies are kept for an export only."""

    tenant: str
    conversations: set[int] = field(default_factory=set)
    contact_ids: set[int] = field(default_factory=set)
    messages: dict[str, list[tuple[int, str, Any]]] = field(default_factory=dict)
    """By stream: sequence, subject and body."""
    keys: dict[str, dict[str, Any]] = field(default_factory=dict)
    """By bucket: key and value."""

    def add(self, stream: str, subject: str, data: bytes, sequence: int) -> None:
        """Note a message."""
        self.messages.setdefault(stream, []).append((sequence, subject, _body(data)))

    @property
    def counts(self) -> dict[str, int]:
        """How many records there are in each place."""
        found = {stream: len(rows) for stream, rows in self.messages.items()}
        return found | {f"bucket {name}": len(keys) for name, keys in self.keys.items()}


async def find_holdings(nc: Client, tenant: str, wanted: Wanted) -> Holdings:
    """Everything that is held of a customer.

    Raises:
        NotReady: the broker could not be read.
    """
    held = Holdings(tenant)
    if wanted.contact_id is not None:
        held.contact_ids.add(wanted.contact_id)
    states = await Bucket(nc, BUCKET_CONVERSATIONS).entries(tenant)
    for key, entry in states.items():
        body = _body(entry.value)
        if isinstance(body, dict) and wanted.is_(body.get("contact")):
            held.conversations.add(int(key.rpartition(".")[2]))
            held.contact_ids.add(int(body["contact"]["id"]))
    await _conversations_of_events(nc, held, wanted)
    for number in sorted(held.conversations):
        key = conversation_key(tenant, number)
        if key in states:
            held.keys.setdefault(BUCKET_CONVERSATIONS, {})[key] = _body(states[key].value)
    await _messages(nc, held)
    await _contacts(nc, held)
    return held


async def _conversations_of_events(nc: Client, held: Holdings, wanted: Wanted) -> None:
    def look(_: str, data: bytes, __: int) -> None:
        body = _body(data)
        if isinstance(body, dict) and wanted.is_(body.get("contact")):
            held.conversations.add(int(body["conversation_id"]))
            held.contact_ids.add(int(body["contact"]["id"]))

    await read_all(nc, CHATWOOT_EVENTS, f"events.*.{held.tenant}.*", look)


async def _messages(nc: Client, held: Holdings) -> None:
    """The messages of the conversations in every stream that has them."""
    for number in sorted(held.conversations):
        for stream, filters in filters_of(held.tenant, number).items():
            for each in filters:
                await read_all(nc, stream, each, partial(held.add, stream))

    def look(subject: str, data: bytes, sequence: int) -> None:
        try:
            command = ODOO.decode(data)
        except UnreadableMessage:
            return
        if command.conversation_id in held.conversations:
            held.add(ODOO_COMMANDS, subject, data, sequence)

    await read_all(nc, ODOO_COMMANDS, f"odoo-commands.*.{held.tenant}.*", look)

    def look_at_letter(subject: str, data: bytes, sequence: int) -> None:
        body = _body(data)
        mine = isinstance(body, dict) and body.get("tenant") == held.tenant
        if mine and body.get("conversation_id") in held.conversations:
            held.add(DEAD_LETTERS, subject, data, sequence)

    await read_all(nc, DEAD_LETTERS, "dead.>", look_at_letter)


def filters_of(tenant: str, conversation_id: int) -> dict[str, tuple[str, ...]]:
    """Where a conversation's messages are stored, by stream."""
    place = f"{tenant}.{conversation_id}"
    return {
        CHATWOOT_EVENTS: (f"events.*.{place}",),
        CHATWOOT_COMMANDS: (f"commands.*.{place}",),
        TURNS: (f"turn.{place}",),
        SCHEDULES: (f"schedule.*.{place}", f"due.*.{place}"),
    }


async def _contacts(nc: Client, held: Holdings) -> None:
    bucket = Bucket(nc, BUCKET_CONTACTS)
    for number in sorted(held.contact_ids):
        key = contact_key(held.tenant, number)
        entry = await bucket.get(key)
        if entry is not None:
            held.keys.setdefault(BUCKET_CONTACTS, {})[key] = _body(entry.value)


def _body(data: bytes) -> Any:
    try:
        return orjson.loads(data)
    except orjson.JSONDecodeError:
        return data.decode(errors="backslashreplace")
