"""API keys: made once, shown once, kept as a hash.

A key is `oai_<key id>_<secret>`. The id finds the record, the secret is 256 random bits, so a plain SHA-256 is enough:
there is nothing to guess that a slow hash would protect. A tenant may have any number of live keys; rotation is create,
replace, revoke.

The command line imports this module and uses an admin connection; the service only reads, and notes the last use.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Final, Literal, TypeAlias, get_args

import orjson
from pydantic import BaseModel, ConfigDict

from common.nats.bucket import Bucket, update_with
from common.nats.topology import BUCKET_API_KEYS

Scope: TypeAlias = Literal["knowledge:read", "knowledge:write", "assistant:ask"]
ALL_SCOPES: Final[tuple[Scope, ...]] = get_args(Scope)

BUCKET: Final = BUCKET_API_KEYS
LAST_USED_EVERY: Final = timedelta(minutes=1)

_ALPHABET: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_ID_LENGTH: Final = 10
_SECRET_LENGTH: Final = 43  # 62 ** 43 > 2 ** 256
_KEY: Final = re.compile(r"oai_([0-9A-Za-z]{10})_([0-9A-Za-z]{32,64})")
_NO_HASH: Final = "0" * 64


class ApiKey(BaseModel):
    """The record of a key. The key itself is nowhere."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    key_id: str
    tenant: str
    name: str = ""
    key_hash: str
    scopes: tuple[Scope, ...] = ALL_SCOPES
    created_at: datetime
    last_used_at: datetime | None = None
    revoked_at: datetime | None = None

    def encode(self) -> bytes:
        """As stored."""
        return orjson.dumps(self.model_dump(mode="json"))

    @classmethod
    def decode(cls, data: bytes) -> ApiKey:
        """From what is stored."""
        return cls.model_validate_json(data)


class CreatedKey(BaseModel):
    """A new key: the only time it is seen whole."""

    model_config = ConfigDict(frozen=True)

    key: str
    record: ApiKey


# --- pure decisions -------------------------------------------------------------------------------------------------


def new_key(
    tenant: str,
    *,
    now: datetime,
    name: str = "",
    scopes: Sequence[Scope] = ALL_SCOPES,
    choose: Callable[[str], str] = secrets.choice,
) -> CreatedKey:
    """Make a key for a tenant."""
    key_id = "".join(choose(_ALPHABET) for _ in range(_ID_LENGTH))
    key = f"oai_{key_id}_" + "".join(choose(_ALPHABET) for _ in range(_SECRET_LENGTH))
    record = ApiKey(
        key_id=key_id, tenant=tenant, name=name, key_hash=hash_key(key), scopes=tuple(scopes), created_at=now
    )
    return CreatedKey(key=key, record=record)


def key_id_of(presented: str) -> str | None:
    """The id in something presented as a key; None when it cannot be one."""
    found = _KEY.fullmatch(presented)
    return found.group(1) if found else None


def hash_key(key: str) -> str:
    """What is stored of a key."""
    return hashlib.sha256(key.encode()).hexdigest()


def is_valid(record: ApiKey | None, presented: str) -> bool:
    """Whether the presented key is this record's and not revoked. Takes the same time for a key that does not exist."""
    same = hmac.compare_digest(record.key_hash if record else _NO_HASH, hash_key(presented))
    return same and record is not None and record.revoked_at is None


def noted_use(record: ApiKey, now: datetime) -> ApiKey | None:
    """The record with its last use noted; None when that was done less than a minute ago or the key is revoked."""
    recent = record.last_used_at is not None and now - record.last_used_at < LAST_USED_EVERY
    return None if recent or record.revoked_at else record.model_copy(update={"last_used_at": now})


# --- the bucket -----------------------------------------------------------------------------------------------------


async def create_key(
    bucket: Bucket, tenant: str, *, now: datetime, name: str = "", scopes: Sequence[Scope] = ALL_SCOPES
) -> CreatedKey:
    """Make and store a key. The caller shows it once.

    Raises:
        RevisionConflict: the random id exists already (once in 10 ** 17).
    """
    created = new_key(tenant, now=now, name=name, scopes=scopes)
    await bucket.create(created.record.key_id, created.record.encode())
    return created


async def list_keys(bucket: Bucket, tenant: str | None = None) -> list[ApiKey]:
    """All keys of a tenant, or of all tenants, oldest first; revoked ones too."""
    records = [ApiKey.decode(entry.value) for entry in (await bucket.entries()).values()]
    return sorted((each for each in records if tenant in (None, each.tenant)), key=lambda each: each.created_at)


async def revoke_key(bucket: Bucket, tenant: str, key_id: str, *, now: datetime) -> ApiKey | None:
    """Revoke a key; it stays listed. Services notice within two seconds.

    Returns:
        The revoked record, or None when the tenant has no such key.

    Raises:
        RevisionConflict: others wrote at the same moment, again and again.
    """

    def change(value: bytes | None) -> bytes | None:
        record = ApiKey.decode(value) if value is not None else None
        if record is None or record.tenant != tenant or record.revoked_at is not None:
            return None
        return record.model_copy(update={"revoked_at": now}).encode()

    entry = await update_with(bucket, key_id, change)
    record = ApiKey.decode(entry.value) if entry else None
    return record if record is not None and record.tenant == tenant else None


async def note_use(bucket: Bucket, key_id: str, *, now: datetime) -> None:
    """Store the time of a key's last use, unless another process did within the minute."""

    def change(value: bytes | None) -> bytes | None:
        noted = noted_use(ApiKey.decode(value), now) if value is not None else None
        return noted.encode() if noted else None

    await update_with(bucket, key_id, change)
