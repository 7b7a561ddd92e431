from __future__ import annotations

from collections import Counter

import pytest

from common.nats import topology
from common.nats.topology import (
    BUCKETS,
    CONSUMERS,
    GIB,
    STREAMS,
    BucketSpec,
    StreamSpec,
    consumer_spec,
    consumers_of,
    stream_spec,
)
from common.subjects import COMMAND_PARTITIONS, EVENT_PARTITIONS

SPECS: tuple[StreamSpec | BucketSpec, ...] = (*STREAMS, *BUCKETS)


def test_each_partition_of_events_and_commands_has_one_consumer() -> None:
    filters = Counter(each.filter_subject for each in CONSUMERS)

    assert max(filters.values()) == 1
    assert [each.name for each in consumers_of("hub-events")] == [
        f"hub-events-{n:02d}" for n in range(EVENT_PARTITIONS)
    ]
    assert [each.filter_subject for each in consumers_of("sender")] == [
        f"commands.{n}.*.*" for n in range(COMMAND_PARTITIONS)
    ]


def test_partition_consumers_handle_one_message_at_a_time_and_never_skip_one() -> None:
    for each in (*consumers_of("hub-events"), *consumers_of("sender")):
        config = each.config()
        assert config["max_ack_pending"] == 1
        assert config["max_deliver"] == -1
        assert config["ack_policy"] == "explicit"


@pytest.mark.parametrize(
    ("stream", "stored", "published"),
    [
        ("CHATWOOT_EVENTS", "events.58.acme.7", "chatwoot.event.acme.7"),
        ("CHATWOOT_COMMANDS", "commands.3.acme.7", "chatwoot.command.acme.7"),
        ("ODOO_COMMANDS", "odoo-commands.0.acme.=YS5i", "odoo.command.acme.=YS5i"),
        ("SCHEDULES", "due.turn.acme.7", "due.turn.acme.7"),
        ("KNOWLEDGE", "knowledge.acme.rule.1", "knowledge.acme.rule.1"),
    ],
)
def test_the_subject_a_message_came_in_on_can_be_told_from_the_stored_one(
    stream: str, stored: str, published: str
) -> None:
    spec = stream_spec(stream)

    assert spec is not None
    assert spec.input_subject(stored) == published


def test_sizes_are_scaled_and_stay_modest() -> None:
    assert sum(each.max_bytes for each in STREAMS) + sum(each.max_bytes for each in BUCKETS) <= 16 * GIB
    for each in SPECS:
        assert each.config(size_factor=0.5)["max_bytes"] == each.max_bytes // 2
        assert each.config(size_factor=0)["max_bytes"] == topology.MIB


def test_no_duplicate_window_is_longer_than_the_messages_live() -> None:
    for each in SPECS:
        config = each.config()
        assert not config["max_age"] or config["duplicate_window"] <= config["max_age"]


def test_unknown_names_are_refused() -> None:
    assert stream_spec("NOPE") is None
    with pytest.raises(LookupError, match="nope"):
        consumers_of("nope")
    with pytest.raises(LookupError, match="nope"):
        consumer_spec("nope")
    assert consumer_spec("hub-turns").max_ack_pending > 1
