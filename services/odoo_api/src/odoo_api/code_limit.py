"""How many codes one e-mail gets: nobody's mailbox is filled by somebody who types it into a chat."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from pydantic import BaseModel, ConfigDict

from common.nats.bucket import Bucket, update_with
from common.odoo_commands import SendIdentityCode
from odoo_api.odoo.client import OdooClient
from odoo_api.odoo.identity import email_of
from odoo_api.odoo.identity_code import fingerprint

CODES_ALLOWED: Final = 3
CODES_WITHIN: Final = timedelta(hours=1)
_WRITES: Final = 10


class CodesAsked(BaseModel):
    """The codes that were asked for an e-mail within the last hour, by command."""

    model_config = ConfigDict(frozen=True)

    by_key: dict[str, datetime] = {}


def counted(asked: CodesAsked, key: str, now: datetime) -> CodesAsked | None:
    """The record with one more; None: it would be too many. A command that comes again counts once."""
    recent = {each: at for each, at in asked.by_key.items() if now - at <= CODES_WITHIN}
    if key in recent:
        return CodesAsked(by_key=recent)
    return CodesAsked(by_key={**recent, key: now}) if len(recent) < CODES_ALLOWED else None


class CodeLimit:
    """Counts on the broker, for all processes; the e-mail stands there as a keyed hash, for a day."""

    def __init__(self, bucket: Bucket) -> None:
        self._bucket = bucket

    async def allowed(self, client: OdooClient, command: SendIdentityCode, now: datetime) -> bool:
        """Count a code, unless its e-mail has had enough of them.

        Raises:
            BrokerUnavailable: nobody knows.
            RevisionConflict: others count for this e-mail all the time.
        """
        allowed = True

        def change(value: bytes | None) -> bytes | None:
            nonlocal allowed
            before = CodesAsked.model_validate_json(value) if value else CodesAsked()
            after = counted(before, command.key, now)
            allowed = after is not None
            return after.model_dump_json().encode() if after is not None and after != before else None

        name = fingerprint(client.connection, email_of(command.email))
        await update_with(self._bucket, f"{command.tenant}.identity-code-{name}", change, _WRITES)
        return allowed
