"""When to read what from an Odoo: pure.

Odoo's `write_date` is when a transaction began, so a long one appears behind what was read already; 18 compares it with
microseconds it does not tell, 19 in whole seconds. So every window begins well before the last one ended, with `>=`;
what comes twice is unchanged and costs nothing. A deleted record leaves no trace, and neither does a renamed category:
everything is read again each night.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict

OVERLAP: Final = timedelta(minutes=15)
CLOCKS_APART: Final = timedelta(minutes=10)
"""How far Odoo's clock may be behind ours without a change being missed until the night."""
NIGHT: Final = time(3, 0)
LEASE: Final = timedelta(minutes=3)


class PullState(BaseModel):
    """Where the reading of one tenant's products stands. `read_until` is in Odoo's time as far as it is known."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    read_until: datetime | None = None
    complete_at: datetime | None = None
    """When everything was last read."""
    next_at: datetime | None = None
    holder: str = ""
    held_until: datetime | None = None
    products: int = 0
    """How many were on sale when everything was last read."""
    unpublished: int = 0
    trouble: str = ""

    def is_free(self, holder: str, now: datetime) -> bool:
        """Whether this process may read: nobody does, or the one who did is gone."""
        return self.holder in ("", holder) or self.held_until is None or self.held_until <= now

    def is_due(self, now: datetime) -> bool:
        """Whether it is time to read."""
        return self.next_at is None or self.next_at <= now


def everything_is_due(state: PullState, now: datetime, zone: str) -> bool:
    """Whether all products are to be read: the first time, and once after three in the morning."""
    if state.complete_at is None or state.read_until is None:
        return True
    local = now.astimezone(ZoneInfo(zone))
    night = local.replace(hour=NIGHT.hour, minute=NIGHT.minute, second=0, microsecond=0)
    if night > local:
        night -= timedelta(days=1)
    return state.complete_at < night


def window_start(read_until: datetime) -> str:
    """The lower bound of the next window, as Odoo writes times."""
    return f"{read_until - OVERLAP:%Y-%m-%d %H:%M:%S}"


def read_until(before: datetime | None, newest: datetime | None, began_at: datetime) -> datetime:
    """How far a pass that began at `began_at` and met `newest` as the latest change has read."""
    candidates = [each for each in (before, newest, began_at - CLOCKS_APART) if each is not None]
    return max(candidates)
