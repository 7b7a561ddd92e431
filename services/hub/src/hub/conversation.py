"""The state of one conversation: a frozen value, stored as JSON, small by construction.

Every list in it has a limit, because it is read and written with every event of the conversation. What it must never
forget is bounded by nature: messages that wait for an answer, and commands that are decided but perhaps not published.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Final, Self

from common.events import ChatwootEvent, Contact
from common.message import Frozen, Message, MessageRegistry
from common.query_answers import TurnOutcome
from hub.answering import CustomerMessage, HistoryLine, Memory
from hub.ownership import Ownership

SEEN_KEPT: Final = 256
OUTCOMES_KEPT: Final = 64
HISTORY_LINES: Final = 30
HISTORY_BYTES: Final = 12_000
LINE_BYTES: Final = 3_000
SUMMARY_BYTES: Final = 2_000
SUMMARY_LINE_BYTES: Final = 120
PENDING_KEPT: Final = 100
PENDING_BYTES: Final = 20_000
MESSAGE_BYTES: Final = 8_000
ATTACHMENTS_KEPT: Final = 10


class Timer(Frozen):
    """The debounce of the messages that wait. `sequence`: the event that set it last."""

    first_pending_at: datetime
    due_at: datetime
    sequence: int
    scheduled_by: int = 0
    """The event of this burst that had the broker's timer set last."""
    scheduled_for: datetime | None = None
    """When that one fires."""


class Lease(Frozen):
    """The one turn that may answer now. Whatever makes its answer wrong removes it, so that it cannot commit."""

    token: str
    """New for every attempt: a process that was frozen does not take somebody else's lease for its own."""
    turn_id: str
    owner: str
    until: datetime
    taken_at: datetime
    message_ids: tuple[int, ...]


class MessageOutcome(Frozen):
    """How a customer message ended. `sequence`: the event that decided it; 0: a turn did."""

    message_id: int
    outcome: TurnOutcome
    reason: str
    turn_id: str
    sequence: int
    at: datetime


class Outgoing(Frozen):
    """A message that is decided and not known to be published yet."""

    stream: str
    subject: str
    message_id: str
    body: str


class ConversationState(Message):
    """All the hub knows of a conversation."""

    tenant: str
    conversation_id: int
    account_id: int
    inbox_id: int
    applied_sequence: int = 0
    """The newest event of the stream that changed this state."""
    ownership: Ownership = Ownership()
    contact: Contact | None = None
    seen_message_ids: tuple[int, ...] = ()
    """The newest message ids applied, rising. When the list is full, older ids count as seen."""
    newest_customer_message_id: int = 0
    pending: tuple[CustomerMessage, ...] = ()
    history: tuple[HistoryLine, ...] = ()
    summary: str = ""
    """What the lines that the history forgot were about."""
    memory: Memory = Memory()
    timer: Timer | None = None
    lease: Lease | None = None
    turns: int = 0
    """Turns committed so far."""
    recent_turns: tuple[datetime, ...] = ()
    window_template_at: datetime | None = None
    """When a template was last sent because the channel takes no free text."""
    outbox: tuple[Outgoing, ...] = ()
    outcomes: tuple[MessageOutcome, ...] = ()

    @classmethod
    def first(cls, event: ChatwootEvent) -> Self:
        """The state before the first event that we see of a conversation."""
        return cls(
            tenant=event.tenant,
            conversation_id=event.conversation_id,
            account_id=event.account_id,
            inbox_id=event.inbox_id,
        )

    def has_seen(self, message_id: int) -> bool:
        """Whether a message was applied before."""
        seen = self.seen_message_ids
        return message_id in seen or (len(seen) >= SEEN_KEPT and message_id < seen[0])

    @property
    def newest_message_id(self) -> int:
        """Of all messages applied, whoever wrote them."""
        return self.seen_message_ids[-1] if self.seen_message_ids else 0

    def saw(self, message_id: int) -> Self:
        """Remember a message id."""
        seen = sorted({*self.seen_message_ids, message_id})
        return self.model_copy(update={"seen_message_ids": tuple(seen[-SEEN_KEPT:])})

    def said(self, lines: Iterable[HistoryLine]) -> Self:
        """Add to the history. Its oldest lines are forgotten but for their beginnings, in the summary."""
        known = (*self.history, *map(_shortened, lines))
        kept: list[HistoryLine] = []
        room = HISTORY_BYTES
        for line in reversed(known):
            room -= len(line.text.encode())
            if room < 0 or len(kept) == HISTORY_LINES:
                break
            kept.append(line)
        forgotten = known[: len(known) - len(kept)]
        return self.model_copy(
            update={"history": tuple(reversed(kept)), "summary": _summed_up(self.summary, forgotten)}
        )

    def waiting(self, message: CustomerMessage) -> Self:
        """Put a message among those that wait for an answer, in the order in which the customer wrote them.

        A flood keeps every id, but only the newest texts.
        """
        pending = sorted((*self.pending, _bounded(message)), key=lambda each: each.message_id)
        room = PENDING_BYTES
        kept: list[CustomerMessage] = []
        for each in reversed(pending):
            room -= _weight(each)
            kept.append(each if room >= 0 else _emptied(each))
        return self.model_copy(update={"pending": tuple(reversed(kept))})

    def ended(self, messages: Iterable[CustomerMessage], outcome: MessageOutcome) -> Self:
        """Give messages their one outcome, and take them off those that wait."""
        ids = {each.message_id for each in messages}
        new = tuple(outcome.model_copy(update={"message_id": message_id}) for message_id in sorted(ids))
        return self.model_copy(
            update={
                "pending": tuple(each for each in self.pending if each.message_id not in ids),
                "outcomes": (*self.outcomes, *new)[-OUTCOMES_KEPT:],
            }
        )


STATES: Final[MessageRegistry[ConversationState]] = MessageRegistry("conversation state", ConversationState)


def shortened(text: str, limit: int) -> str:
    """Cut a text to a number of UTF-8 bytes, never through a character."""
    data = text.encode()
    return text if len(data) <= limit else data[:limit].decode(errors="ignore")


def _summed_up(summary: str, forgotten: Iterable[HistoryLine]) -> str:
    """Lines by their first words, the newest last; what no longer fits falls off at the front."""
    lines = [*summary.splitlines(), *(f"{each.speaker}: {_first_words(each.text)}" for each in forgotten)]
    kept: list[str] = []
    room = SUMMARY_BYTES
    for line in reversed(lines):
        room -= len(line.encode()) + 1
        if room < 0:
            break
        kept.append(line)
    return "\n".join(reversed(kept))


def _first_words(text: str) -> str:
    return shortened(" ".join(text.split()), SUMMARY_LINE_BYTES)


def _shortened(line: HistoryLine) -> HistoryLine:
    return line.model_copy(update={"text": shortened(line.text, LINE_BYTES)})


def _bounded(message: CustomerMessage) -> CustomerMessage:
    return message.model_copy(
        update={
            "text": shortened(message.text, MESSAGE_BYTES),
            "attachments": message.attachments[:ATTACHMENTS_KEPT],
        }
    )


def _weight(message: CustomerMessage) -> int:
    files = sum(
        len((each.url or "").encode()) + len((each.transcribed_text or "").encode()) for each in message.attachments
    )
    about = message.referral.model_dump().values() if message.referral else ()
    return files + sum(len(each.encode()) for each in (message.text, message.quoted, message.subject, *about))


def _emptied(message: CustomerMessage) -> CustomerMessage:
    nothing = {"text": "", "attachments": (), "quoted": "", "subject": "", "referral": None, "story": None}
    return message.model_copy(update=nothing)
