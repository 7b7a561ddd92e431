"""Who is writing: the step-up before anybody hears of an order. Decided by code, never by what a model was told.

A phone that the channel vouches for finds the customer; digits of the tax id or the e-mail on file prove it. Odoo
compares; here attempts are counted. Three that fail within an hour close the door for an hour, for the contact and not
for the conversation: a new one opens nothing. What was proved holds in its conversation for an hour.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final, Literal, Protocol, TypeAlias

from common.message import Frozen, Message, MessageRegistry
from common.nats.bucket import Bucket, Entry, update_with
from common.odoo_answers import IdentityOutcome, IdentityVerdict
from hub.answering import TurnInput

ATTEMPTS_ALLOWED: Final = 3
ATTEMPTS_WITHIN: Final = timedelta(hours=1)
LOCKED_FOR: Final = timedelta(hours=1)
PROVED_FOR: Final = timedelta(hours=1)
_WRITES: Final = 10

ProofOutcome: TypeAlias = IdentityOutcome | Literal["locked", "not_possible"]
"""`locked`: too many failed attempts; `not_possible`: there is no contact, or nothing may be changed (a rehearsal)."""


class Customer(Frozen):
    """A customer who proved it."""

    partner_id: int
    customer_id: int


class ContactRecord(Message):
    """What is kept of a contact beside its conversations."""

    tenant: str
    contact_id: int
    attempts: tuple[datetime, ...] = ()
    """Attempts to prove an identity that failed, or whose end is unknown."""
    locked_until: datetime | None = None
    proved: Customer | None = None
    proved_in: int = 0
    proved_until: datetime | None = None
    model_turns: tuple[datetime, ...] = ()
    """When turns of this contact asked a model, within the last hour."""


CONTACTS: Final[MessageRegistry[ContactRecord]] = MessageRegistry("contact", ContactRecord)


def is_locked(record: ContactRecord, now: datetime) -> bool:
    """Whether the contact has to wait."""
    return record.locked_until is not None and now < record.locked_until


def customer_of(record: ContactRecord, conversation_id: int, now: datetime) -> Customer | None:
    """Who the contact proved to be in this conversation, if that still holds."""
    holds = record.proved_until is not None and now < record.proved_until
    return record.proved if holds and record.proved_in == conversation_id else None


def attempt(record: ContactRecord, now: datetime) -> ContactRecord:
    """Count an attempt before it is made: a crash in between must not give one away."""
    recent = (*(each for each in record.attempts if now - each <= ATTEMPTS_WITHIN), now)
    locked = now + LOCKED_FOR if len(recent) >= ATTEMPTS_ALLOWED else record.locked_until
    return record.model_copy(update={"attempts": recent, "locked_until": locked})


def concluded(record: ContactRecord, verdict: IdentityVerdict, at: datetime, conversation_id: int) -> ContactRecord:
    """The record after an attempt's end: only one that compared something and failed stays counted."""
    if verdict.outcome == "no_match":
        return record
    changes: dict[str, object] = {"attempts": tuple(each for each in record.attempts if each != at)}
    if len(record.attempts) >= ATTEMPTS_ALLOWED:
        changes["locked_until"] = None
    if verdict.verified and verdict.partner_id is not None and verdict.customer_id is not None:
        changes |= {
            "attempts": (),
            "proved": Customer(partner_id=verdict.partner_id, customer_id=verdict.customer_id),
            "proved_in": conversation_id,
            "proved_until": at + PROVED_FOR,
        }
    return record.model_copy(update=changes)


class VerifiesIdentity(Protocol):
    """What compares a claim with Odoo."""

    async def verify_identity(self, turn: TurnInput, claim: str, order_reference: str | None) -> IdentityVerdict:
        """Compare.

        Raises:
            QueryFailed: Odoo could not be asked.
        """
        ...


class IdentityDesk:
    """Remembers on the broker who proved what, and counts."""

    def __init__(self, bucket: Bucket, odoo: VerifiesIdentity) -> None:
        self._bucket = bucket
        self._odoo = odoo

    async def customer(self, turn: TurnInput) -> Customer | None:
        """Who writes, if that was proved in this conversation within the last hour.

        Raises:
            BrokerUnavailable: nobody knows.
        """
        key = _key(turn)
        if key is None:
            return None
        return customer_of(_record(await self._bucket.get(key), turn), turn.conversation_id, turn.now)

    async def prove(self, turn: TurnInput, claim: str, order_reference: str | None = None) -> ProofOutcome:
        """Try to prove an identity with the customer's words.

        Raises:
            QueryFailed: Odoo could not be asked; the attempt does not count.
            RevisionConflict: the contact writes in several conversations at once; nothing was asked.
        """
        key = _key(turn)
        if key is None or turn.rehearsal:
            return "not_possible"
        if not await self._counted(key, turn):
            return "locked"
        verdict = IdentityVerdict(outcome="unreadable")
        try:
            verdict = await self._odoo.verify_identity(turn, claim, order_reference)
        finally:
            await self._conclude(key, turn, verdict)
        return verdict.outcome

    async def _counted(self, key: str, turn: TurnInput) -> bool:
        allowed = True

        def change(value: bytes | None) -> bytes | None:
            nonlocal allowed
            record = _decoded(value, turn)
            allowed = not is_locked(record, turn.now)
            return attempt(record, turn.now).encode() if allowed else None

        await update_with(self._bucket, key, change, _WRITES)
        return allowed

    async def _conclude(self, key: str, turn: TurnInput, verdict: IdentityVerdict) -> None:
        def change(value: bytes | None) -> bytes | None:
            before = _decoded(value, turn)
            after = concluded(before, verdict, turn.now, turn.conversation_id)
            return after.encode() if after != before else None

        await update_with(self._bucket, key, change, _WRITES)


def contact_key(tenant: str, contact_id: int) -> str:
    """Key of a contact in the `contacts` bucket."""
    return f"{tenant}.{contact_id}"


def _key(turn: TurnInput) -> str | None:
    if turn.contact is None or not turn.conversation_id:
        return None
    return contact_key(turn.tenant.tenant, turn.contact.id)


def _record(entry: Entry | None, turn: TurnInput) -> ContactRecord:
    return _decoded(entry.value if entry else None, turn)


def _decoded(value: bytes | None, turn: TurnInput) -> ContactRecord:
    if value is not None:
        return CONTACTS.decode(value)
    return ContactRecord(tenant=turn.tenant.tenant, contact_id=turn.contact.id if turn.contact else 0)
