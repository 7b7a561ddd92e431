"""Who is writing: the step-up before anybody hears of an order. Decided by code, never by what a model was told.

A phone that the channel vouches for finds the customer; digits of the tax id prove it, or a code that Odoo sends to
the e-mail on file (the e-mail itself, where the company has no codes sent). Odoo compares; here attempts are counted,
of whatever kind. Three that fail within an hour close the door for an hour, for the contact and not for the
conversation: a new one opens nothing. What was proved holds in its conversation for an hour.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Final, Literal, Protocol, TypeAlias

from common.message import Frozen, Message, MessageRegistry
from common.nats.bucket import Bucket, Entry, update_with
from common.odoo_answers import IdentityOutcome, IdentityVerdict
from hub.answering import TurnInput
from hub.identity_code import (
    CODES_ALLOWED,
    CODES_WITHIN,
    PendingCode,
    asked,
    code_in,
    email_digest,
    names_only_an_email,
    without_email,
)

ATTEMPTS_ALLOWED: Final = 3
ATTEMPTS_WITHIN: Final = timedelta(hours=1)
LOCKED_FOR: Final = timedelta(hours=1)
PROVED_FOR: Final = timedelta(hours=1)
_WRITES: Final = 10

ProofOutcome: TypeAlias = IdentityOutcome | Literal["locked", "not_possible", "code_asked", "code_expired"]
"""`locked`: too many failed attempts, or codes; `not_possible`: there is no contact, or nothing may be changed (a
rehearsal); `code_asked`: if the e-mail is on file, a code is on its way; `code_expired`: it came too late."""
_SENDING_FAILED_FOR: Final = timedelta(minutes=5)


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
    code: PendingCode | None = None
    """A code that was asked for and not used yet."""
    codes_asked: tuple[datetime, ...] = ()
    """When codes were asked for, within the last hour."""
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
            "code": None,
            "proved": Customer(partner_id=verdict.partner_id, customer_id=verdict.customer_id),
            "proved_in": conversation_id,
            "proved_until": at + PROVED_FOR,
        }
    return record.model_copy(update=changes)


def with_code(record: ContactRecord, new: PendingCode) -> ContactRecord | None:
    """The record after a code was asked for; None: this contact has had enough of them.

    Whether the e-mail is on file is not known here, so it makes no difference.
    """
    pending = asked(record.code, new)
    if pending == record.code:
        return record
    recent = tuple(each for each in record.codes_asked if new.asked_at - each <= CODES_WITHIN)
    if len(recent) >= CODES_ALLOWED:
        return None
    return record.model_copy(update={"code": pending, "codes_asked": (*recent, new.asked_at)})


class VerifiesIdentity(Protocol):
    """What compares a claim with Odoo."""

    async def verify_identity(self, turn: TurnInput, claim: str, order_reference: str | None) -> IdentityVerdict:
        """Compare.

        Raises:
            QueryFailed: Odoo could not be asked.
        """
        ...

    async def send_code(self, turn: TurnInput, email: str, code: PendingCode) -> None:
        """Have a code sent, whenever Odoo can; the same code again is harmless.

        Raises:
            PublishFailed: nobody knows whether it will be sent.
        """
        ...

    async def verify_code(self, turn: TurnInput, key: str, code: str) -> IdentityVerdict:
        """Compare a code.

        Raises:
            QueryFailed: Odoo could not be asked.
        """
        ...


class IdentityDesk:
    """Remembers on the broker who proved what, and counts."""

    def __init__(self, bucket: Bucket, odoo: VerifiesIdentity) -> None:
        self._bucket = bucket
        self._odoo = odoo
        self._cannot_send: dict[str, datetime] = {}
        """Tenants whose Odoo could not send a code, and until when people get those who name an e-mail."""

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
        if not turn.tenant.email_codes:
            return await self._attempted(key, turn, lambda: self._odoo.verify_identity(turn, claim, order_reference))
        record = _record(await self._bucket.get(key), turn)
        code = code_in(claim)
        if record.code is not None and code and record.code.conversation_id == turn.conversation_id:
            return await self._prove_by_code(key, turn, record.code, code)
        email = names_only_an_email(claim)
        if email and is_locked(record, turn.now):
            return "locked"
        if email:
            return await self._ask_for_code(key, turn, email) if self._can_send(turn) else "nothing_on_file"
        # With codes an e-mail alone proves nothing: many people know it.
        digits = without_email(claim)
        return await self._attempted(key, turn, lambda: self._odoo.verify_identity(turn, digits, order_reference))

    async def awaits_code(self, turn: TurnInput) -> bool:
        """Whether what the customer wrote may be a code that was sent: it is for nobody else to read.

        Raises:
            BrokerUnavailable: nobody knows.
        """
        key = _key(turn)
        if key is None or not turn.tenant.email_codes or code_in(turn.text) is None:
            return False
        pending = _record(await self._bucket.get(key), turn).code
        return pending is not None and pending.conversation_id == turn.conversation_id

    def _can_send(self, turn: TurnInput) -> bool:
        waits = self._cannot_send.get(turn.tenant.tenant)
        return waits is None or turn.now >= waits

    async def _prove_by_code(self, key: str, turn: TurnInput, pending: PendingCode, code: str) -> ProofOutcome:
        if turn.now >= pending.expires_at:
            return "code_expired"
        outcome = await self._attempted(key, turn, lambda: self._odoo.verify_code(turn, pending.key, code))
        if outcome == "nothing_on_file":
            self._cannot_send[turn.tenant.tenant] = turn.now + _SENDING_FAILED_FOR
        return outcome

    async def _ask_for_code(self, key: str, turn: TurnInput, email: str) -> ProofOutcome:
        new = PendingCode(
            key=f"{turn.turn_id}:identity-code",
            conversation_id=turn.conversation_id,
            email_digest=email_digest(email, key),
            asked_at=turn.now,
        )
        pending: PendingCode | None = None

        def change(value: bytes | None) -> bytes | None:
            nonlocal pending
            before = _decoded(value, turn)
            after = with_code(before, new)
            pending = after.code if after else None
            return after.encode() if after is not None and after != before else None

        await update_with(self._bucket, key, change, _WRITES)
        if pending is None:
            return "locked"
        await self._odoo.send_code(turn, email, pending)
        return "code_asked"

    async def _attempted(
        self, key: str, turn: TurnInput, ask: Callable[[], Awaitable[IdentityVerdict]]
    ) -> ProofOutcome:
        """One attempt, counted before it is made."""
        if not await self._counted(key, turn):
            return "locked"
        verdict = IdentityVerdict(outcome="unreadable")
        try:
            verdict = await ask()
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
