"""Streams, consumers and buckets as data: what the provisioner creates and everybody else names.

Sizes are reserved on the broker when a stream is created, so they are modest; `provision` scales them to the account.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, Literal

from common.subjects import COMMAND_PARTITIONS, EVENT_PARTITIONS

CHATWOOT_EVENTS: Final = "CHATWOOT_EVENTS"
CHATWOOT_COMMANDS: Final = "CHATWOOT_COMMANDS"
KNOWLEDGE: Final = "KNOWLEDGE"
ODOO_COMMANDS: Final = "ODOO_COMMANDS"
SCHEDULES: Final = "SCHEDULES"
DEAD_LETTERS: Final = "DEAD_LETTERS"
TURNS: Final = "TURNS"

HUB_EVENTS: Final = "hub-events"
HUB_TURNS: Final = "hub-turns"
SENDER: Final = "sender"
SENDER_RETRIES: Final = "sender-retries"
ODOO_WRITER: Final = "odoo-writer"

BUCKET_TENANTS: Final = "tenants"
BUCKET_TENANT_CHATWOOT: Final = "tenant-chatwoot"
BUCKET_TENANT_ODOO: Final = "tenant-odoo"
BUCKET_TENANT_MODELS: Final = "tenant-models"
BUCKET_TENANT_LEGACY: Final = "tenant-legacy"
BUCKET_CONTACTS: Final = "contacts"
BUCKET_BUDGETS: Final = "budgets"
BUCKET_CONVERSATIONS: Final = "conversations"
BUCKET_DELIVERIES: Final = "deliveries"
BUCKET_PARKED: Final = "parked"
BUCKET_RECONCILIATION: Final = "reconciliation"
BUCKET_API_KEYS: Final = "api-keys"
BUCKET_IDEMPOTENCY: Final = "idempotency"
BUCKET_KNOWLEDGE_SYNCS: Final = "knowledge-syncs"
BUCKET_ODOO_RESULTS: Final = "odoo-results"
BUCKET_ODOO_PULL: Final = "odoo-pull"

MIB: Final = 1024 * 1024
GIB: Final = 1024 * MIB
MINUTE: Final = 60.0
HOUR: Final = 60 * MINUTE
DAY: Final = 24 * HOUR

ODOO_COMMAND_PARTITIONS: Final = 16


def nanoseconds(seconds: float) -> int:
    """The unit of every duration in the JetStream API."""
    return round(seconds * 1_000_000_000)


@dataclass(frozen=True)
class Partitioning:
    """A subject transform that stores `<source>.<a>.<b>` as `<stored>.<partition>.<a>.<b>`.

    Producers never see partition numbers. Changing `count` moves keys between partitions: drain all of them first.
    """

    source: str
    stored: str
    count: int

    def transform(self) -> dict[str, str]:
        """The transform as the server wants it."""
        return {
            "src": f"{self.source}.*.*",
            "dest": f"{self.stored}.{{{{partition({self.count},1,2)}}}}.{{{{wildcard(1)}}}}.{{{{wildcard(2)}}}}",
        }

    def input_subject(self, stored_subject: str) -> str:
        """The subject a stored message was published on."""
        if not stored_subject.startswith(f"{self.stored}."):
            return stored_subject
        _, _, rest = stored_subject.removeprefix(f"{self.stored}.").partition(".")
        return f"{self.source}.{rest}"


@dataclass(frozen=True)
class StreamSpec:
    """One stream. Times in seconds; 0 means no limit."""

    name: str
    description: str
    subjects: tuple[str, ...]
    max_bytes: int
    partitioning: Partitioning | None = None
    discard: Literal["new", "old"] = "new"
    max_age: float = 0
    duplicate_window: float = 2 * MINUTE
    max_msgs_per_subject: int = -1
    allow_direct: bool = True
    allow_msg_ttl: bool = False
    allow_rollup: bool = False
    allow_msg_schedules: bool = False
    allow_atomic: bool = False

    def config(self, *, replicas: int = 1, size_factor: float = 1.0) -> dict[str, Any]:
        """The configuration as the JetStream API wants it."""
        config: dict[str, Any] = {
            "name": self.name,
            "description": self.description,
            "subjects": list(self.subjects),
            "retention": "limits",
            "storage": "file",
            "discard": self.discard,
            "num_replicas": replicas,
            "max_bytes": max(MIB, int(self.max_bytes * size_factor)),
            "max_age": nanoseconds(self.max_age),
            "max_msgs": -1,
            "max_msg_size": -1,
            "max_consumers": -1,
            "max_msgs_per_subject": self.max_msgs_per_subject,
            "duplicate_window": nanoseconds(self.duplicate_window),
            "allow_direct": self.allow_direct,
            "allow_msg_ttl": self.allow_msg_ttl,
            "allow_rollup_hdrs": self.allow_rollup,
            "allow_msg_schedules": self.allow_msg_schedules,
            "allow_atomic": self.allow_atomic,
        }
        if self.partitioning:
            config["subject_transform"] = self.partitioning.transform()
        return config

    def input_subject(self, stored_subject: str) -> str:
        """The subject on which to publish again what is stored under `stored_subject`."""
        return self.partitioning.input_subject(stored_subject) if self.partitioning else stored_subject


@dataclass(frozen=True)
class ConsumerSpec:
    """One durable pull consumer with explicit acks.

    `group` is the name shared by the consumers of all partitions: metrics, dead letters and permissions use it.
    `max_deliver` is always unlimited: a limit on the server would skip a message silently.
    """

    stream: str
    name: str
    group: str
    filter_subject: str
    max_ack_pending: int = 1
    ack_wait: float = 10.0
    max_waiting: int = 128

    def config(self, *, replicas: int = 0) -> dict[str, Any]:
        """The configuration as the JetStream API wants it. Replicas 0: those of the stream."""
        return {
            "name": self.name,
            "durable_name": self.name,
            "description": f"{self.group} of {self.stream}",
            "deliver_policy": "all",
            "ack_policy": "explicit",
            "replay_policy": "instant",
            "filter_subject": self.filter_subject,
            "ack_wait": nanoseconds(self.ack_wait),
            "max_ack_pending": self.max_ack_pending,
            "max_deliver": -1,
            "max_waiting": self.max_waiting,
            "num_replicas": replicas,
        }


@dataclass(frozen=True)
class BucketSpec:
    """One key-value bucket: the unit of read permission. `ttl` in seconds; 0 keeps values for ever."""

    name: str
    description: str
    max_bytes: int
    ttl: float = 0
    history: int = 1

    @property
    def stream(self) -> str:
        """The stream that holds the bucket."""
        return bucket_stream(self.name)

    def config(self, *, replicas: int = 1, size_factor: float = 1.0) -> dict[str, Any]:
        """The configuration of the bucket's stream. No direct reads: they can be stale on a cluster."""
        return {
            "name": self.stream,
            "description": self.description,
            "subjects": [f"$KV.{self.name}.>"],
            "retention": "limits",
            "storage": "file",
            "discard": "new",
            "num_replicas": replicas,
            "max_bytes": max(MIB, int(self.max_bytes * size_factor)),
            "max_age": nanoseconds(self.ttl),
            "max_msgs": -1,
            "max_msg_size": -1,
            "max_consumers": -1,
            "max_msgs_per_subject": self.history,
            "duplicate_window": nanoseconds(min(2 * MINUTE, self.ttl or 2 * MINUTE)),
            "allow_direct": False,
            "allow_msg_ttl": True,
            "allow_rollup_hdrs": True,
            "deny_delete": True,
        }


def bucket_stream(bucket: str) -> str:
    """The name of the stream that holds a bucket."""
    return f"KV_{bucket}"


_EVENTS = Partitioning("chatwoot.event", "events", EVENT_PARTITIONS)
_COMMANDS = Partitioning("chatwoot.command", "commands", COMMAND_PARTITIONS)
_ODOO_COMMANDS = Partitioning("odoo.command", "odoo-commands", ODOO_COMMAND_PARTITIONS)

STREAMS: Final[tuple[StreamSpec, ...]] = (
    StreamSpec(
        CHATWOOT_EVENTS,
        "What happened in Chatwoot, partitioned by conversation",
        ("chatwoot.event.*.*",),
        2 * GIB,
        partitioning=_EVENTS,
        max_age=30 * DAY,
        duplicate_window=DAY,
    ),
    StreamSpec(
        CHATWOOT_COMMANDS,
        "What to do in Chatwoot, partitioned by conversation",
        ("chatwoot.command.*.*",),
        GIB,
        partitioning=_COMMANDS,
        max_age=30 * DAY,
        duplicate_window=DAY,
    ),
    StreamSpec(
        KNOWLEDGE,
        "The newest state of every knowledge item",
        ("knowledge.*.*.*",),
        2 * GIB,
        max_msgs_per_subject=1,
        # A catalogue is written in batches: one fsync for hundreds of items.
        allow_atomic=True,
    ),
    StreamSpec(
        ODOO_COMMANDS,
        "Idempotent writes to Odoo, partitioned by key",
        ("odoo.command.*.*",),
        GIB // 2,
        partitioning=_ODOO_COMMANDS,
        max_age=30 * DAY,
        duplicate_window=DAY,
    ),
    # The server refuses schedules in a stream that discards new messages.
    StreamSpec(
        SCHEDULES,
        "Timers kept by the broker, and what they produced",
        ("schedule.>", "due.>"),
        GIB // 2,
        discard="old",
        allow_msg_ttl=True,
        allow_rollup=True,  # the server sets it for schedules anyway
        allow_msg_schedules=True,
    ),
    StreamSpec(
        DEAD_LETTERS,
        "Messages no consumer could handle, with the reason",
        ("dead.*.*",),
        GIB // 2,
        max_age=90 * DAY,
        duplicate_window=DAY,
    ),
    StreamSpec(
        TURNS,
        "One record per finished turn",
        ("turn.*.*",),
        GIB,
        max_age=90 * DAY,
        duplicate_window=DAY,
    ),
)

BUCKETS: Final[tuple[BucketSpec, ...]] = (
    BucketSpec(BUCKET_TENANTS, "Tenant profiles without credentials", 32 * MIB),
    BucketSpec(BUCKET_TENANT_CHATWOOT, "Chatwoot credentials; the webhook service alone reads them", 32 * MIB),
    BucketSpec(BUCKET_TENANT_ODOO, "Odoo credentials; odoo_api alone reads them", 32 * MIB),
    BucketSpec(BUCKET_TENANT_LEGACY, "What old Odoo modules call a tenant and sign with", 32 * MIB),
    BucketSpec(BUCKET_TENANT_MODELS, "Credentials of model providers; the hub alone reads them", 32 * MIB),
    BucketSpec(BUCKET_CONTACTS, "Who proved who they are, and who writes how often", GIB // 8, ttl=30 * DAY),
    BucketSpec(BUCKET_BUDGETS, "What models have cost, by tenant and month", 32 * MIB, ttl=400 * DAY),
    BucketSpec(BUCKET_CONVERSATIONS, "Conversation states, written by compare-and-set", GIB),
    BucketSpec(BUCKET_DELIVERIES, "What the sender has tried and done", GIB // 2, ttl=30 * DAY),
    BucketSpec(BUCKET_PARKED, "Conversations whose commands wait, and from which one on", 64 * MIB, ttl=30 * DAY),
    BucketSpec(
        BUCKET_RECONCILIATION, "How far Chatwoot was swept for lost webhooks, and by whom", GIB // 8, ttl=7 * DAY
    ),
    BucketSpec(BUCKET_API_KEYS, "Hashes of API keys", 32 * MIB),
    BucketSpec(BUCKET_KNOWLEDGE_SYNCS, "When each kind of a tenant's knowledge was last synchronised", 32 * MIB),
    BucketSpec(BUCKET_IDEMPOTENCY, "Answers already given, by idempotency key", GIB // 4, ttl=DAY),
    # Longer than a command can come again from its stream.
    BucketSpec(BUCKET_ODOO_RESULTS, "What came of each Odoo command", GIB // 4, ttl=40 * DAY),
    BucketSpec(BUCKET_ODOO_PULL, "How far products were read from each Odoo, and by whom", 32 * MIB),
)


def _partition_consumers(stream: str, group: str, partitioning: Partitioning) -> tuple[ConsumerSpec, ...]:
    return tuple(
        ConsumerSpec(stream, f"{group}-{number:02d}", group, f"{partitioning.stored}.{number}.*.*")
        for number in range(partitioning.count)
    )


CONSUMERS: Final[tuple[ConsumerSpec, ...]] = (
    *_partition_consumers(CHATWOOT_EVENTS, HUB_EVENTS, _EVENTS),
    *_partition_consumers(CHATWOOT_COMMANDS, SENDER, _COMMANDS),
    ConsumerSpec(SCHEDULES, HUB_TURNS, HUB_TURNS, "due.turn.*.*", max_ack_pending=256),
    ConsumerSpec(SCHEDULES, SENDER_RETRIES, SENDER_RETRIES, "due.sending.*.*", max_ack_pending=256),
    # One for all partitions: keys need no order among each other, and a company whose Odoo is away must not hold up
    # the others.
    ConsumerSpec(
        ODOO_COMMANDS, ODOO_WRITER, ODOO_WRITER, f"{_ODOO_COMMANDS.stored}.*.*.*", max_ack_pending=1000, ack_wait=30.0
    ),
)


def stream_spec(name: str) -> StreamSpec | None:
    """The stream of that name; None: not one of ours (a bucket's, or a test's)."""
    return next((each for each in STREAMS if each.name == name), None)


def consumers_of(group: str) -> tuple[ConsumerSpec, ...]:
    """All consumers of a group: the partitions of `hub-events` or `sender`, or the one of that name (`hub-turns`)."""
    found = tuple(each for each in CONSUMERS if each.group == group)
    if not found:
        raise LookupError(f"no consumer group {group!r}")
    return found


def consumer_spec(name: str) -> ConsumerSpec:
    """The consumer of that name."""
    for each in CONSUMERS:
        if each.name == name:
            return each
    raise LookupError(f"no consumer {name!r}")
