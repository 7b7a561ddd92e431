"""What came of a write, before it is recorded."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class Outcome:
    """The record that a command created or wrote to; the fields are those of `OdooCommandResult`."""

    model: str
    record_id: int
    reference: str = ""
    link: str = ""
    portal_link: str = ""
    partner_id: int | None = None
    total: Decimal | None = None
    currency: str = ""
