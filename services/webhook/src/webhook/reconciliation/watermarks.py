"""How far each conversation was read, and what has to be read next. Pure.

Times are Chatwoot's clock, in epoch seconds: ours may differ as it likes.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, TypeAlias

from common.message import Frozen
from webhook.reconciliation.rows import ConversationRow, MessageRow

SETTLE_SECONDS: Final = 5.0
"""A webhook of a message that is younger may still be under way."""

REFUSAL_SECONDS: Final = 15 * 60.0
"""For so long a reply that was handed to the channel is watched: it may yet be refused."""

FORM_SECONDS: Final = 24 * 3600.0
"""For so long a form is watched for its answer."""

_WATCHED_KEPT: Final = 20


class Watched(Frozen):
    """A message of ours that may still change in a way that matters."""

    id: int
    until: float


class Watermark(Frozen):
    """What was known of a conversation when it was looked at last.

    `fingerprint` is empty when something was left for the next look.
    """

    fingerprint: str
    newest_id: int
    place: str
    watched: tuple[Watched, ...] = ()
    unread: int = 0
    """How many unread messages of the customer Chatwoot counted then."""


@dataclass(frozen=True)
class Skip:
    """Nothing has changed, or nothing that a request could tell more about."""


@dataclass(frozen=True)
class FromRow:
    """The list tells all: at most the last message and the conversation itself have changed."""


@dataclass(frozen=True)
class ReadAfter:
    """Read the messages behind this id."""

    after: int


@dataclass(frozen=True)
class ReadSince:
    """Read backwards from the newest message to this time: the conversation is new to us, and may be long."""

    since: float


Look: TypeAlias = Skip | FromRow | ReadAfter | ReadSince


def look(row: ConversationRow, mark: Watermark | None, *, since: float) -> Look:
    """Decide how to look at a listed conversation.

    Args:
        row: As listed now.
        mark: What is known of it.
        since: From when on a conversation that is not known counts: everything before was swept already.
    """
    if mark is None:
        return ReadAfter(0) if row.created_at >= since else ReadSince(since)
    if mark.fingerprint == row.fingerprint:
        return Skip()
    last = row.last.id if row.last else 0
    if last <= mark.newest_id and all(each.id == last for each in mark.watched):
        return FromRow()
    return ReadAfter(min([mark.newest_id, *(each.id - 1 for each in mark.watched)]))


def settled(messages: Iterable[MessageRow], now: float) -> list[MessageRow]:
    """The messages, up to the first one whose webhook may still be under way."""
    found: list[MessageRow] = []
    for each in messages:
        if each.created_at > now - SETTLE_SECONDS:
            break
        found.append(each)
    return found


def after_reading(
    row: ConversationRow, mark: Watermark | None, taken: list[MessageRow], *, behind: int, complete: bool, now: float
) -> Watermark:
    """The watermark after everything in `taken` was passed on.

    `behind`: up to this id nothing is left; `complete`: there is nothing behind `taken`, else the conversation is
    looked at again.
    """
    kept = {each.id: each for each in (mark.watched if mark else ()) if each.until > now}
    for each in taken:
        kept.pop(each.id, None)
        until = _watched_until(each)
        if until > now:
            kept[each.id] = Watched(id=each.id, until=until)
    watched = sorted(kept.values(), key=lambda each: each.id)
    return Watermark(
        fingerprint=row.fingerprint if complete else "",
        newest_id=max([behind, *(each.id for each in taken)]),
        place=row.place,
        watched=tuple(watched[-_WATCHED_KEPT:]),
        unread=row.unread if complete else mark.unread if mark else 0,
    )


def _watched_until(message: MessageRow) -> float:
    if message.open_form:
        return message.created_at + FORM_SECONDS
    return message.created_at + REFUSAL_SECONDS if message.on_its_way else 0.0
