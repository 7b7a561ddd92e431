"""Whom a sweep looks at first. Pure.

A list of a busy minute has more conversations than may be read in that minute. Where a customer's message is missing,
somebody waits; where all that is known has arrived, reading only makes sure.
"""

from __future__ import annotations

from enum import IntEnum
from typing import Final, Protocol

from webhook.reconciliation.rows import ConversationRow
from webhook.reconciliation.watermarks import Watermark

MOST_COUNTED: Final = 10
"""Chatwoot counts no more unread messages than that."""


class Urgency(IntEnum):
    """The smaller, the sooner."""

    WAITING = 0
    """The customer spoke last, and that message is not known to have arrived."""
    MISSING = 1
    """Chatwoot counts more messages of the customer than are known to have arrived, or a person spoke unheard."""
    USUAL = 2
    """Changed, and nothing seems to be missing."""


class Known(Protocol):
    """The part of `arrivals.TenantArrivals` that is needed here."""

    def has(self, conversation: int, message: int) -> bool: ...
    def behind(self, conversation: int, message: int) -> int: ...


def urgency(row: ConversationRow, mark: Watermark | None, known: Known) -> Urgency:
    """How soon a conversation that changed has to be looked at.

    Chatwoot counts the customer's messages since a person last looked at the conversation, up to ten. A count that fell
    says nothing of what came before; one that stands at ten says nothing at all.
    """
    if row.last is not None and not row.last.private and not row.last.ours and not known.has(row.number, row.last.id):
        return Urgency.WAITING if row.customer_waits else Urgency.MISSING
    seen_before = mark.unread if mark is not None and mark.unread <= row.unread else 0
    arrived = known.behind(row.number, mark.newest_id if mark else 0)
    return Urgency.MISSING if row.unread - seen_before > min(arrived, MOST_COUNTED) else Urgency.USUAL
