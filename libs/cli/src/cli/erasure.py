"""Erasing a customer's data, with a receipt. What is left holds ids of messages and nothing of the person."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any, Final

from nats.aio.client import Client

from cli.contact_data import Holdings, Wanted, filters_of, find_holdings
from common.errors import NotReady, QueryFailed, RevisionConflict
from common.nats.api import need
from common.nats.bucket import Bucket
from common.nats.requests import ask_all
from common.nats.topology import (
    BUCKET_CONTACTS,
    BUCKET_CONVERSATIONS,
    BUCKET_ODOO_RESULTS,
    BUCKET_PARKED,
    DEAD_LETTERS,
    ODOO_COMMANDS,
)
from common.odoo_commands import result_key
from common.queries import ForgetQuery
from common.subjects import conversation_key, hub_query
from hub.conversation import ConversationState
from hub.store import ConversationStore

_ATTEMPTS: Final = 20
_AT_ONCE: Final = 1_000
_HUB_SECONDS: Final = 0.5
ELSEWHERE: Final = (
    "Chatwoot: delete the contact there first; a sweep would find its messages again",
    "Odoo: leads, quotations and partners are records of the company",
    "logs, traces and metrics never held personal data",
    "backups of the broker's store, until they run out",
)


async def erase(nc: Client, tenant: str, wanted: Wanted, at: datetime) -> dict[str, Any]:
    """Erase, then look again; the answer is the receipt.

    Raises:
        NotReady: the broker could not be read or written; running it again finishes it.
    """
    held = await find_holdings(nc, tenant, wanted)
    for number in sorted(held.conversations):
        await _forget(nc, tenant, number)
        for stream, filters in filters_of(tenant, number).items():
            for each in filters:
                await need(nc, f"STREAM.PURGE.{stream}", {"filter": each})
        await Bucket(nc, BUCKET_PARKED).delete(conversation_key(tenant, number))
    await _delete_messages(nc, held)
    for key in held.keys.get(BUCKET_CONTACTS, {}):
        await Bucket(nc, BUCKET_CONTACTS).delete(key)
    await _forget_in_memory(nc, tenant, sorted(held.conversations))
    left = await find_holdings(nc, tenant, wanted)
    return receipt(held, left, wanted, at)


async def _forget_in_memory(nc: Client, tenant: str, conversations: list[int]) -> None:
    """Have running hubs drop their copies; one that does not run has none."""
    for start in range(0, len(conversations), _AT_ONCE):
        query = ForgetQuery(tenant=tenant, conversation_ids=tuple(conversations[start : start + _AT_ONCE]))
        try:
            await ask_all(nc, hub_query("forget"), query, _HUB_SECONDS)
        except QueryFailed as error:
            raise NotReady("the running hubs could not be told to forget") from error


async def _forget(nc: Client, tenant: str, number: int) -> None:
    """Take the person out of a conversation's state. Ids of messages stay, or old ones would be answered again."""
    store = ConversationStore(Bucket(nc, BUCKET_CONVERSATIONS))
    for _ in range(_ATTEMPTS):
        stored = await store.load(tenant, number)
        if stored is None:
            return
        try:
            await store.save(without_person(stored.state), stored.revision)
        except RevisionConflict:
            continue
        return
    raise RevisionConflict(f"{tenant}.{number}: written by others all the time")


def without_person(state: ConversationState) -> ConversationState:
    """A conversation's state without anything of the customer."""
    blank = ConversationState(
        tenant=state.tenant,
        conversation_id=state.conversation_id,
        account_id=state.account_id,
        inbox_id=state.inbox_id,
    )
    return state.model_copy(
        update={
            "contact": None,
            "pending": blank.pending,
            "history": blank.history,
            "summary": blank.summary,
            "memory": blank.memory,
            "timer": None,
            "lease": None,
            "outbox": blank.outbox,
        }
    )


async def _delete_messages(nc: Client, held: Holdings) -> None:
    """Messages that share their subject's stream with other people's."""
    for stream in (ODOO_COMMANDS, DEAD_LETTERS):
        for sequence, _, body in held.messages.get(stream, []):
            await need(nc, f"STREAM.MSG.DELETE.{stream}", {"seq": sequence})
            if stream == ODOO_COMMANDS and isinstance(body, dict):
                await Bucket(nc, BUCKET_ODOO_RESULTS).delete(result_key(held.tenant, str(body.get("key"))))


def receipt(held: Holdings, left: Holdings, wanted: Wanted, at: datetime) -> dict[str, Any]:
    """What was erased, provable without the person's data."""
    asked_for = f"{wanted.contact_id or ''}{wanted.phone}{wanted.email}"
    return {
        "tenant": held.tenant,
        "contact_sha256": hashlib.sha256(f"{held.tenant}:{asked_for}".encode()).hexdigest(),
        "erased_at": at.isoformat(timespec="seconds"),
        "conversations": sorted(held.conversations),
        "erased": held.counts,
        "left": left.counts,
        "complete": not left.counts,
        "not_held_here": list(ELSEWHERE),
    }
