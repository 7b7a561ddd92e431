"""Who may publish and subscribe what: least privilege per service, and the nats-server configuration made of it.

A refused publish shows as a time-out at the caller and as `nats_permission_refused` in its log.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

import nkeys  # type: ignore[import-untyped]

from common.errors import ConfigurationError
from common.nats.topology import (
    BUCKET_API_KEYS,
    BUCKET_BUDGETS,
    BUCKET_CONTACTS,
    BUCKET_CONVERSATIONS,
    BUCKET_DELIVERIES,
    BUCKET_IDEMPOTENCY,
    BUCKET_KNOWLEDGE_SYNCS,
    BUCKET_ODOO_PULL,
    BUCKET_ODOO_RESULTS,
    BUCKET_PARKED,
    BUCKET_RECONCILIATION,
    BUCKET_TENANT_CHATWOOT,
    BUCKET_TENANT_LEGACY,
    BUCKET_TENANT_MODELS,
    BUCKET_TENANT_ODOO,
    BUCKET_TENANTS,
    CHATWOOT_COMMANDS,
    CHATWOOT_EVENTS,
    HUB_TURNS,
    KNOWLEDGE,
    ODOO_COMMANDS,
    SCHEDULES,
    SENDER_RETRIES,
    TURNS,
    bucket_stream,
)
from common.subjects import WEBHOOK_ARRIVALS

WEBHOOK: Final = "webhook"
ODOO_API: Final = "odoo_api"
HUB: Final = "hub"
ADMIN: Final = "admin"
MONITOR: Final = "monitor"


@dataclass(frozen=True)
class Access:
    """What one user may do. `answers`: it may reply to requests it received."""

    publish: tuple[str, ...]
    subscribe: tuple[str, ...]
    answers: bool = False


def inbox_prefix(user: str) -> str:
    """The user's own inbox space: nobody else may read the answers it gets."""
    return f"_INBOX_{user}"


def _inbox(user: str) -> str:
    return f"{inbox_prefix(user)}.>"


# A wildcard stands for a whole token: `hub-*` would be a literal name.
def _info(stream: str) -> tuple[str, ...]:
    return (f"$JS.API.STREAM.INFO.{stream}",)


def _consume(stream: str, consumer: str = "*") -> tuple[str, ...]:
    return (
        *_info(stream),
        f"$JS.API.CONSUMER.INFO.{stream}.{consumer}",
        f"$JS.API.CONSUMER.MSG.NEXT.{stream}.{consumer}",
        f"$JS.ACK.{stream}.{consumer}.>",
        f"dead.{stream}.*",
    )


def _read(bucket: str) -> tuple[str, ...]:
    stream = bucket_stream(bucket)
    return (*_info(stream), f"$JS.API.STREAM.MSG.GET.{stream}")


def _write(bucket: str) -> tuple[str, ...]:
    return (*_read(bucket), f"$KV.{bucket}.>")


def _follow(stream: str, filter_subject: str) -> tuple[str, ...]:
    # Consumers of a followed stream are all ephemeral, so any name may be created, but only with this filter.
    return (
        *_info(stream),
        f"$JS.API.CONSUMER.CREATE.{stream}.*.{filter_subject}",
        f"$JS.API.CONSUMER.MSG.NEXT.{stream}.*",
    )


ACCESS: Final[Mapping[str, Access]] = {
    WEBHOOK: Access(
        publish=(
            "chatwoot.event.*.*",
            *_info(CHATWOOT_EVENTS),
            *_consume(CHATWOOT_COMMANDS),
            # What waits is read again from the stream.
            f"$JS.API.STREAM.MSG.GET.{CHATWOOT_COMMANDS}",
            "schedule.sending.*.*",
            *_consume(SCHEDULES, SENDER_RETRIES),
            *_write(BUCKET_DELIVERIES),
            *_write(BUCKET_PARKED),
            *_write(BUCKET_RECONCILIATION),
            *_read(BUCKET_TENANTS),
            *_read(BUCKET_TENANT_CHATWOOT),
            *_read(BUCKET_TENANT_LEGACY),
            "odoo.query.module-push",
            WEBHOOK_ARRIVALS,
        ),
        subscribe=(_inbox(WEBHOOK), "webhook.query.>", WEBHOOK_ARRIVALS, "health.ping"),
        answers=True,
    ),
    ODOO_API: Access(
        publish=(
            "knowledge.*.*.*",
            *_follow(KNOWLEDGE, "knowledge.>"),
            f"$JS.API.STREAM.MSG.GET.{KNOWLEDGE}",
            f"$JS.API.DIRECT.GET.{KNOWLEDGE}.knowledge.>",
            "hub.query.>",
            "health.ping",
            *_consume(ODOO_COMMANDS),
            *_write(BUCKET_API_KEYS),
            *_write(BUCKET_IDEMPOTENCY),
            *_write(BUCKET_KNOWLEDGE_SYNCS),
            *_write(BUCKET_ODOO_RESULTS),
            *_write(BUCKET_ODOO_PULL),
            *_read(BUCKET_TENANTS),
            *_read(BUCKET_TENANT_ODOO),
            *_read(BUCKET_TENANT_LEGACY),
        ),
        subscribe=(_inbox(ODOO_API), "odoo.query.>", "health.ping"),
        answers=True,
    ),
    HUB: Access(
        publish=(
            "chatwoot.command.*.*",
            *_info(CHATWOOT_COMMANDS),
            "odoo.command.*.*",
            *_info(ODOO_COMMANDS),
            "turn.*.*",
            *_info(TURNS),
            "schedule.>",
            *_consume(SCHEDULES, HUB_TURNS),
            *_consume(CHATWOOT_EVENTS),
            *_follow(KNOWLEDGE, "knowledge.>"),
            "odoo.query.>",
            *_write(BUCKET_CONVERSATIONS),
            *_read(BUCKET_ODOO_RESULTS),
            *_write(BUCKET_CONTACTS),
            *_write(BUCKET_BUDGETS),
            *_read(BUCKET_TENANTS),
            *_read(BUCKET_TENANT_MODELS),
        ),
        subscribe=(_inbox(HUB), "hub.query.>", "health.ping"),
        answers=True,
    ),
    ADMIN: Access(publish=(">",), subscribe=(">",)),
    MONITOR: Access(
        publish=(
            "$JS.API.INFO",
            "$JS.API.STREAM.NAMES",
            "$JS.API.STREAM.LIST",
            "$JS.API.STREAM.INFO.*",
            "$JS.API.CONSUMER.NAMES.*",
            "$JS.API.CONSUMER.LIST.*",
            "$JS.API.CONSUMER.INFO.*.*",
        ),
        subscribe=(_inbox(MONITOR), "$JS.EVENT.ADVISORY.>"),
    ),
}

USERS: Final[tuple[str, ...]] = tuple(ACCESS)


@dataclass(frozen=True)
class Credential:
    """An nkey of one user. The seed is the secret; the server only knows the public key."""

    user: str
    seed: str
    public_key: str

    def __repr__(self) -> str:
        return f"Credential(user={self.user!r}, public_key={self.public_key!r})"


def new_credential(user: str, random_bytes: Callable[[int], bytes] = os.urandom) -> Credential:
    """A fresh nkey for a user."""
    seed = nkeys.encode_seed(random_bytes(32), nkeys.PREFIX_BYTE_USER)
    return credential_from_seed(user, bytes(seed).decode())


def credential_from_seed(user: str, seed: str) -> Credential:
    """The credential that a stored seed stands for.

    Raises:
        ConfigurationError: it is no seed of an nkey; what it is instead is not shown.
    """
    try:
        pair = nkeys.from_seed(bytearray(seed.strip().encode()))
    except nkeys.NkeysError as error:
        raise ConfigurationError(f"the key of {user!r} is not an nkey seed (SU...)") from error
    return Credential(user=user, seed=seed.strip(), public_key=bytes(pair.public_key).decode())
