"""Says so when an Odoo refuses a tenant's API key: Odoo tells nobody that a key is about to expire."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime

import structlog

from common.metrics import ODOO_KEY_REFUSED
from common.tenants import OdooConnection

log = structlog.get_logger(__name__)

WARN_DAYS = 14


class KeyAlarm:
    """Remembers which tenants' keys are refused now. Its notes inform; they do not make the service unready."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._refused: dict[str, datetime] = {}
        self._worked: set[str] = set()

    def watch(self, tenant: str) -> Callable[[bool], None]:
        """What a client of the tenant calls with every verdict on its key."""

        def tell(accepted: bool) -> None:
            if accepted:
                self._worked.add(tenant)
                self.forget(tenant)
            elif tenant not in self._refused:
                self._refused[tenant] = self._now()
                ODOO_KEY_REFUSED.labels(tenant).set(1)
                log.error("odoo_key_refused", tenant=tenant, worked_before=tenant in self._worked)

        return tell

    def forget(self, tenant: str) -> None:
        """The tenant's key works, or was replaced."""
        if self._refused.pop(tenant, None) is not None:
            log.info("odoo_key_accepted_again", tenant=tenant)
        ODOO_KEY_REFUSED.labels(tenant).set(0)

    def notes(self) -> Mapping[str, str]:
        """For the health report: by tenant, since when its Odoo answers nothing until somebody makes a new key."""
        return {
            f"odoo_key.{tenant}": f"Odoo refuses the API key since {since:%Y-%m-%d %H:%M} UTC: make a new one"
            for tenant, since in self._refused.items()
        }


def days_left(connection: OdooConnection, today: date) -> int | None:
    """Days until the key expires; None when nobody wrote down the day."""
    return None if connection.key_expires_on is None else (connection.key_expires_on - today).days
