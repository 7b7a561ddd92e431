"""Whatever a body holds, translation ends in an event, a reason, or a refusal."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from support.chatwoot_bodies import fixture, fixture_names, profile

from common.events import CHATWOOT_EVENTS, ChatwootEvent
from webhook.arrival import Arrival, Ignored
from webhook.errors import UnreadableWebhook, WrongAccount
from webhook.translation import translate

ARRIVAL = Arrival(tenant=profile(), delivery="legacy", received_at=datetime(2026, 11, 23, tzinfo=UTC))
EVENTS = [*{fixture(name)["event"] for name in fixture_names()}, "message_updated", "conversation_updated", "x"]

json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64 - 1)
    | st.floats(allow_nan=False)
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    found = [path] if path else []
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        found += places(inner, (*path, key))
    return found


@st.composite
def damaged_bodies(draw: st.DrawFn) -> dict[str, Any]:
    body = fixture(draw(st.sampled_from(fixture_names())))
    for path in draw(st.lists(st.sampled_from(places(body)), min_size=1, max_size=4)):
        damage(body, path, draw(json_values))
    body["event"] = draw(st.sampled_from([body.get("event"), *EVENTS]))
    return body


def damage(body: Any, path: tuple[Any, ...], value: Any) -> None:
    for key in path[:-1]:
        try:
            body = body[key]
        except (KeyError, IndexError, TypeError):
            return
    if isinstance(body, dict | list) and (not isinstance(body, list) or path[-1] in range(len(body))):
        body[path[-1]] = value


def ends_well(body: dict[str, Any]) -> None:
    try:
        outcome = translate(body, ARRIVAL)
    except (UnreadableWebhook, WrongAccount):
        return
    if isinstance(outcome, ChatwootEvent):
        assert CHATWOOT_EVENTS.decode(outcome.encode()) == outcome
        assert outcome.event_id.isascii()
        assert 0 < len(outcome.event_id) < 300
    else:
        assert isinstance(outcome, Ignored)


@settings(max_examples=400, deadline=None)
@given(damaged_bodies())
def test_a_damaged_body_never_breaks_translation(body: dict[str, Any]) -> None:
    ends_well(body)


@settings(max_examples=150, deadline=None)
@given(st.dictionaries(st.sampled_from(list(fixture("01_message_created_incoming_whatsapp_text"))), json_values))
def test_a_made_up_body_never_breaks_translation(body: dict[str, Any]) -> None:
    ends_well(body | {"event": json.loads(json.dumps(body.get("event", "message_created")))})
