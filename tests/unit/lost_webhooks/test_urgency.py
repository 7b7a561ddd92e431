"""Whom a sweep looks at first, by what is known to have arrived."""

from __future__ import annotations

from typing import Any

import pytest

from webhook.reconciliation.arrivals import TenantArrivals
from webhook.reconciliation.rows import ConversationRow, conversation_rows
from webhook.reconciliation.urgency import Urgency, urgency
from webhook.reconciliation.watermarks import Watermark


def _row(last: int, *, incoming: bool, unread: Any, ours: bool = True) -> ConversationRow:
    stamp = {"odoo_ai": {"command_id": "t:1", "turn_id": "t"}} if ours and not incoming else {}
    message = {
        "id": last,
        "message_type": 0 if incoming else 1,
        "created_at": 1_795_000_000,
        "content_attributes": stamp,
    }
    (row,) = conversation_rows(
        [
            {
                "id": 7,
                "inbox_id": 1,
                "status": "pending",
                "meta": {},
                "updated_at": 1_795_000_000.5,
                "unread_count": unread,
                "last_non_activity_message": message,
            }
        ]
    )
    return row


def _arrived(*messages: int) -> TenantArrivals:
    known = TenantArrivals()
    for each in messages:
        known.note(7, each, of_customer=True)
    return known


def _mark(newest: int, unread: int) -> Watermark:
    return Watermark(fingerprint="f", newest_id=newest, place="pending", unread=unread)


def test_a_customer_who_spoke_last_and_was_not_heard_comes_first() -> None:
    assert urgency(_row(5, incoming=True, unread=1), None, _arrived()) is Urgency.WAITING
    assert urgency(_row(5, incoming=True, unread=1), None, _arrived(5)) is Urgency.USUAL


@pytest.mark.parametrize(
    ("mark", "unread", "arrived", "expected"),
    [
        (None, 2, (3,), Urgency.MISSING),
        (None, 2, (3, 4), Urgency.USUAL),
        (_mark(4, 2), 3, (3, 4), Urgency.MISSING),
        (_mark(4, 2), 3, (3, 4, 5), Urgency.USUAL),
        (_mark(4, 6), 1, (), Urgency.MISSING),
        (_mark(4, 6), 0, (), Urgency.USUAL),
        (_mark(4, 10), 10, (), Urgency.USUAL),
    ],
    ids=[
        "new, one missing",
        "new, all there",
        "known, one missing",
        "known, all there",
        "a person looked, then one came",
        "a person looked",
        "more than Chatwoot counts",
    ],
)
def test_chatwoot_counts_more_messages_than_arrived(
    mark: Watermark | None, unread: int, arrived: tuple[int, ...], expected: Urgency
) -> None:
    assert urgency(_row(9, incoming=False, unread=unread), mark, _arrived(*arrived)) is expected


def test_a_person_who_answered_unheard_is_looked_at_soon() -> None:
    known = _arrived(3)
    assert urgency(_row(5, incoming=False, unread=1, ours=False), None, known) is Urgency.MISSING

    known.note(7, 5, of_customer=False)

    assert urgency(_row(5, incoming=False, unread=1, ours=False), None, known) is Urgency.USUAL
    assert urgency(_row(5, incoming=False, unread=2, ours=False), None, known) is Urgency.MISSING, "it is no customer's"


@pytest.mark.parametrize("unread", [None, "many", {}])
def test_a_list_without_a_readable_count_is_no_reason_to_hurry(unread: Any) -> None:
    assert urgency(_row(9, incoming=False, unread=unread), None, _arrived()) is Urgency.USUAL


def test_what_arrived_is_known_until_the_next_listing_but_one() -> None:
    known = _arrived(5)
    known.listed()
    assert known.has(7, 5)
    assert known.behind(7, 4) == 1

    known.listed()

    assert not known.has(7, 5)
    assert known.behind(7, 4) == 0
