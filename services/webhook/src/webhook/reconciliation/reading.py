"""Reads of one conversation what a sweep has to tell: behind what is known, or back to a time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Protocol

from webhook.reconciliation.rows import ConversationRow, MessageRow
from webhook.reconciliation.watermarks import FromRow, ReadAfter, ReadSince, Skip, Watermark, look

_PAGES: Final = 20


class Messages(Protocol):
    """The part of `history.ChatwootHistory` that is needed here."""

    async def messages_after(
        self, conversation: int, after: int, *, calm: bool = False
    ) -> tuple[list[MessageRow], bool]: ...
    async def newest_messages(
        self, conversation: int, before: int | None = None, *, calm: bool = False
    ) -> tuple[list[MessageRow], bool]: ...


@dataclass(frozen=True)
class Read:
    """The messages to be told of, oldest first. `behind`: up to this id nothing is; `complete`: these are all."""

    messages: list[MessageRow]
    behind: int
    complete: bool


async def read(history: Messages, row: ConversationRow, mark: Watermark | None, *, since: float, calm: bool) -> Read:
    """Read one conversation.

    Args:
        history: Where it is read.
        row: As listed.
        mark: What is known of it.
        since: From when on it counts, if nothing is known of it.
        calm: Nobody waits for it.

    Raises:
        ChatwootError: Chatwoot cannot be asked.
    """
    behind = mark.newest_id if mark else 0
    match look(row, mark, since=since):
        case Skip():
            return Read([], behind, complete=True)
        case FromRow():
            watched = mark is not None and bool(mark.watched)
            return Read([row.last] if row.last and watched else [], behind, complete=True)
        case ReadAfter(after):
            return await _read_after(history, row.number, after, behind, calm=calm)
        case ReadSince(start):
            return await _read_since(history, row.number, start, calm=calm)


async def _read_after(history: Messages, conversation: int, after: int, behind: int, *, calm: bool) -> Read:
    found: list[MessageRow] = []
    for _ in range(_PAGES):
        page, more = await history.messages_after(conversation, after, calm=calm)
        found += page
        if not more or not page:
            return Read(found, behind, complete=True)
        after = page[-1].id
    return Read(found, behind, complete=False)


async def _read_since(history: Messages, conversation: int, since: float, *, calm: bool) -> Read:
    found: list[MessageRow] = []
    before: int | None = None
    for _ in range(_PAGES):
        page, more = await history.newest_messages(conversation, before, calm=calm)
        older = [each.id for each in page if each.created_at < since]
        found = [*(each for each in page if each.created_at >= since), *found]
        if older or not more or not page:
            return Read(found, max(older, default=0), complete=True)
        before = page[0].id
    return Read(found, found[0].id - 1, complete=True)
