"""API keys: made once, shown once, kept as a hash.

A key is `oai_<key id>_<secret>`. The id finds the record, the secret is 256 random bits, so a plain SHA-256 is enough:
there is nothing to guess that a slow hash would protect. A tenant has at most two live keys; rotation is create,
replace, revoke.

The token of an old Odoo module can be imported: it opens the old module's paths and nothing else, because it is made
of a known name and 32 random bits.

The command line imports this module and uses an admin connection; the service only reads, and notes the last use.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Final, Literal, TypeAlias, get_args

import orjson
from pydantic import BaseModel, ConfigDict

from common.errors import ConfigurationError, RevisionConflict
from common.key_format import IMPORTED_ID, hash_key, is_module_token, key_id_of
from common.nats.bucket import Bucket, update_with
from common.nats.topology import BUCKET_API_KEYS

Scope: TypeAlias = Literal["knowledge:read", "knowledge:write", "assistant:ask", "legacy"]
"""`legacy`: the paths of the Odoo modules that were written for the unified server."""
ALL_SCOPES: Final[tuple[Scope, ...]] = get_args(Scope)

BUCKET: Final = BUCKET_API_KEYS
LAST_USED_EVERY: Final = timedelta(minutes=1)
MOST_LIVE_KEYS: Final = 2
"""Per tenant, and as many imported tokens: the old and the new one of a rotation."""

_ALPHABET: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_ID_LENGTH: Final = 10
_SECRET_LENGTH: Final = 43  # 62 ** 43 > 2 ** 256
_NO_HASH: Final = "0" * 64


class TooManyKeys(ConfigurationError):
    """The tenant has all the live keys it may have."""


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

    @property
    def is_imported(self) -> bool:
        """Whether it is the token of an old module."""
        return self.key_id.startswith(IMPORTED_ID)

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


def imported_key(tenant: str, token: str, *, now: datetime, name: str = "") -> ApiKey:
    """The record of an old module's token.

    Raises:
        ConfigurationError: it is too short, too long or no plain text, or it is one of our own keys.
    """
    key_id = key_id_of(token)
    if key_id is None or not is_module_token(token):
        raise ConfigurationError(
            "a token to import has 12 to 200 characters without blanks, e.g. account_1-0a1b2c3d, and is no oai_ key"
        )
    return ApiKey(key_id=key_id, tenant=tenant, name=name, key_hash=hash_key(token), scopes=("legacy",), created_at=now)


def is_valid(record: ApiKey | None, presented: str) -> bool:
    """Whether the presented key is this record's and not revoked. Takes the same time for a key that does not exist."""
    return has_hash(record, hash_key(presented))


def has_hash(record: ApiKey | None, key_hash: str) -> bool:
    """Whether the key of this hash is this record's and not revoked; in the same time for no record."""
    same = hmac.compare_digest(record.key_hash if record else _NO_HASH, key_hash)
    return same and record is not None and record.revoked_at is None


def check_room(records: Sequence[ApiKey], new: ApiKey) -> None:
    """Whether a tenant may have one more live key of this sort.

    Raises:
        TooManyKeys: says which ones are live and how to make room.
    """
    live = [each for each in records if each.revoked_at is None and each.is_imported == new.is_imported]
    if len(live) >= MOST_LIVE_KEYS:
        ids = " and ".join(f"{each.key_id} ({each.name or 'no name'})" for each in live)
        raise TooManyKeys(
            f"tenant {new.tenant!r} already has {len(live)} live keys: {ids}. "
            f"Revoke one first: odoo-ai key revoke {new.tenant} <key id>"
        )


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
        TooManyKeys: two are live.
        RevisionConflict: the random id exists already (once in 10 ** 17).
    """
    created = new_key(tenant, now=now, name=name, scopes=scopes)
    check_room(await list_keys(bucket, tenant), created.record)
    await bucket.create(created.record.key_id, created.record.encode())
    return created


async def import_key(bucket: Bucket, tenant: str, token: str, *, now: datetime, name: str = "") -> ApiKey:
    """Store the hash of an old module's token.

    Raises:
        ConfigurationError: it cannot be a token, two are live, or a tenant has it already.
    """
    record = imported_key(tenant, token, now=now, name=name)
    check_room(await list_keys(bucket, tenant), record)
    try:
        await bucket.create(record.key_id, record.encode())
    except RevisionConflict as error:
        raise ConfigurationError("this token was imported before; a revoked one cannot come back") from error
    return record


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
