"""How a tenant's Odoo is right now, in a word that an operator can act on."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict

from common.errors import QueryFailed
from odoo_api.connections import OdooConnections
from odoo_api.odoo.errors import OdooError

_SECONDS: Final = 3.0

OdooStateName = Literal["ok", "not_configured", "auth", "access", "unavailable", "not_json", "other"]


class OdooState(BaseModel):
    """`ok`: it answered a call with the tenant's key. `detail` says what is wrong, without a secret."""

    model_config = ConfigDict(frozen=True)

    state: OdooStateName
    version: str = ""
    detail: str = ""
    checked_at: datetime


class OdooStates:
    """Asks a tenant's Odoo for as little as possible."""

    def __init__(self, connections: OdooConnections, now: Callable[[], datetime]) -> None:
        self._connections = connections
        self._now = now

    async def of(self, tenant: str) -> OdooState:
        """The state of the tenant's Odoo, within three seconds."""
        try:
            async with asyncio.timeout(_SECONDS):
                return await self._asked(tenant)
        except QueryFailed as error:
            return self._state("not_configured", detail=str(error))
        except OdooError as error:
            named: dict[str, OdooStateName] = {
                "auth": "auth", "access": "access", "unavailable": "unavailable", "not_json": "not_json",
            }  # fmt: skip
            return self._state(named.get(error.code, "other"), detail=str(error))
        except TimeoutError:
            return self._state("unavailable", detail=f"no answer within {_SECONDS:g} s")

    async def _asked(self, tenant: str) -> OdooState:
        client = self._connections.client(tenant)
        version = await client.version()
        await client.call("res.users", "context_get", purpose="check")
        return self._state("ok", version=version.text)

    def _state(self, state: OdooStateName, *, version: str = "", detail: str = "") -> OdooState:
        return OdooState(state=state, version=version, detail=detail, checked_at=self._now())
