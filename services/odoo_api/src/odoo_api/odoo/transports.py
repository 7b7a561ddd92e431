"""The two ways to call a method of a model: JSON-2 (Odoo 19 and later) and JSON-RPC (18)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol
from urllib.parse import quote

from common.tenants import OdooConnection
from odoo_api.odoo.errors import OdooAuthFailed, OdooMissing, OdooNotJson, OdooUnavailable, odoo_error
from odoo_api.odoo.http import HttpAnswer, JsonHttp


@dataclass(frozen=True)
class OdooCall:
    """One method call. Everything but ids and context is a named argument."""

    model: str
    method: str
    ids: tuple[int, ...] | None = None
    context: Mapping[str, Any] = field(default_factory=dict)
    arguments: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        model: str,
        method: str,
        ids: Sequence[int] | None,
        context: Mapping[str, Any] | None,
        arguments: Mapping[str, Any],
    ) -> OdooCall:
        """Build one from what a caller has."""
        return cls(model, method, None if ids is None else tuple(ids), context or {}, arguments)


class Transport(Protocol):
    """Carries a call to Odoo and its result back."""

    async def call(self, call: OdooCall, timeout: float | None) -> Any:
        """Do the call in one transaction of Odoo's.

        Raises:
            OdooError: what went wrong, mapped.
        """
        ...


class Json2:
    """`POST /json/2/<model>/<method>` with named arguments and real HTTP statuses."""

    def __init__(self, http: JsonHttp, connection: OdooConnection) -> None:
        self._http = http
        self._headers = {
            "Authorization": f"bearer {connection.api_key.get_secret_value()}",
            "X-Odoo-Database": connection.database,
        }

    async def call(self, call: OdooCall, timeout: float | None) -> Any:
        """Do the call."""
        body: dict[str, Any] = dict(call.arguments)
        if call.ids is not None:
            body["ids"] = list(call.ids)
        if call.context:
            body["context"] = dict(call.context)
        path = f"/json/2/{quote(call.model, safe='')}/{quote(call.method, safe='')}"
        return self._result(await self._http.request("POST", path, body, headers=self._headers, timeout=timeout))

    @staticmethod
    def _result(answer: HttpAnswer) -> Any:
        if not answer.is_json:
            if answer.status == 404:
                raise OdooMissing("Odoo does not know this database, or nothing of Odoo's is at this address")
            raise _foreign(answer.status)
        if 200 <= answer.status < 300:
            return answer.json
        error = answer.json if isinstance(answer.json, dict) else {}
        raise odoo_error(error, status=answer.status)


class JsonRpc:
    """`POST /jsonrpc`, `object.execute_kw`. Errors come inside HTTP 200; the login is turned into a user id once."""

    def __init__(self, http: JsonHttp, connection: OdooConnection) -> None:
        self._http = http
        self._database = connection.database
        self._login = connection.login
        self._key = connection.api_key
        self._user_id: int | None = None

    async def call(self, call: OdooCall, timeout: float | None) -> Any:
        """Do the call, logging in first when that was not done yet."""
        user_id = await self._authenticated(timeout)
        positional, named = json_rpc_arguments(call)
        parameters = [self._database, user_id, self._key.get_secret_value(), call.model, call.method, positional, named]
        return await self._rpc("object", "execute_kw", parameters, timeout)

    async def _authenticated(self, timeout: float | None) -> int:
        if self._user_id is None:
            if not self._login:
                raise OdooAuthFailed("this Odoo speaks JSON-RPC only, which needs `odoo.login` in the tenant's file")
            parameters = [self._database, self._login, self._key.get_secret_value(), {}]
            found = await self._rpc("common", "authenticate", parameters, timeout)
            if not isinstance(found, int) or isinstance(found, bool):
                raise OdooAuthFailed("Odoo refused the login and API key")
            self._user_id = found
        return self._user_id

    async def _rpc(self, service: str, method: str, parameters: list[Any], timeout: float | None) -> Any:
        request = {
            "jsonrpc": "2.0",
            "method": "call",
            "params": {"service": service, "method": method, "args": parameters},
            "id": 1,
        }
        answer = await self._http.request("POST", "/jsonrpc", request, timeout=timeout)
        if not answer.is_json or not isinstance(answer.json, dict) or answer.status != 200:
            raise _foreign(answer.status)
        error = answer.json.get("error")
        if error is None:
            return answer.json.get("result")
        data = error.get("data") if isinstance(error, dict) else None
        raise odoo_error(data if isinstance(data, dict) else {}, database=self._database)


def json_rpc_arguments(call: OdooCall) -> tuple[list[Any], dict[str, Any]]:
    """Positional and named arguments that mean the same on 18 and 19.

    Only `create` must be positional: 18 fails on `vals_list=`.
    """
    named = dict(call.arguments)
    positional: list[Any] = [] if call.ids is None else [list(call.ids)]
    if call.method == "create" and "vals_list" in named:
        positional = [named.pop("vals_list")]
    if call.context:
        named["context"] = dict(call.context)
    return positional, named


def _foreign(status: int) -> OdooNotJson | OdooUnavailable:
    if status in (429, 502, 503, 504):
        return OdooUnavailable(f"the server in front of Odoo answered HTTP {status}")
    return OdooNotJson(f"the answer is not Odoo's JSON (HTTP {status})")
