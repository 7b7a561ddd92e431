"""Carries out `odoo.command.*`: once per key, with a record of what came of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from typing import Final, cast

import structlog

from common.errors import QueryFailed, Reject, RetryLater, RevisionConflict
from common.metrics import ODOO_COMMANDS_DONE
from common.nats.bucket import Bucket
from common.nats.delivery import Delivery
from common.nats.retry import RetryPolicy
from common.odoo_commands import (
    ODOO_RESULTS,
    AddNote,
    CreateLead,
    CreateQuotation,
    OdooCommand,
    OdooCommandResult,
    Record,
    ScheduleActivity,
    SendIdentityCode,
    result_key,
)
from common.query_answers import QueryErrorCode
from odoo_api.code_limit import CodeLimit
from odoo_api.connections import OdooConnections
from odoo_api.odoo.client import OdooClient
from odoo_api.odoo.drafts import create_lead, create_quotation
from odoo_api.odoo.errors import OdooError
from odoo_api.odoo.follow_ups import add_note, schedule_activity
from odoo_api.odoo.identity_code import send_code
from odoo_api.odoo.outcome import Outcome

log = structlog.get_logger(__name__)

CONCURRENCY: Final = 8
# A promise to a customer outlives a night without Odoo.
RETRIES: Final = RetryPolicy(first_delay=1.0, max_delay=60.0, give_up_after=24 * 3600.0)
# The key will be renewed, the server will be back: worth waiting for. All else needs a person first.
_PASSING: Final = frozenset({"auth", "unavailable", "not_json", "conflict"})


class OdooCommands:
    """The handler of the consumer `odoo-writer`."""

    def __init__(
        self, connections: OdooConnections, results: Bucket, codes: CodeLimit, now: Callable[[], datetime]
    ) -> None:
        self._connections = connections
        self._results = results
        self._codes = codes
        self._now = now

    async def handle(self, command: OdooCommand, delivery: Delivery) -> None:
        """Carry out a command that was not carried out yet.

        Raises:
            Reject: Odoo refuses it, or the tenant has no Odoo; the result says so too.
            RetryLater: Odoo is away or its key is refused, or the record it is about does not exist yet.
        """
        if await self._is_done(command):
            return
        try:
            outcome = await self._carry_out(command)
        except OdooError as error:
            await self._failed(command, error.code, str(error))
        except QueryFailed as error:
            await self._failed(command, cast(QueryErrorCode, error.code), str(error).partition(": ")[2])
        else:
            await self._store(command, self._result(command, outcome))

    async def _is_done(self, command: OdooCommand) -> bool:
        result = await self._result_of(command.tenant, command.key)
        return result is not None and result.outcome == "done"

    async def _result_of(self, tenant: str, key: str) -> OdooCommandResult | None:
        entry = await self._results.get(result_key(tenant, key))
        return ODOO_RESULTS.decode(entry.value) if entry else None

    async def _carry_out(self, command: OdooCommand) -> Outcome | None:
        client = self._connections.client(command.tenant)
        match command:
            case CreateLead():
                return await create_lead(client, command)
            case CreateQuotation():
                return await create_quotation(client, command)
            case AddNote():
                return await self._add_note(client, command)
            case ScheduleActivity():
                record = await self._record_id(command.tenant, command.record)
                return await schedule_activity(client, command, record)
            case SendIdentityCode():
                return await self._send_code(client, command)
        raise Reject(f"{command.type_name()} is not carried out in Odoo")

    async def _send_code(self, client: OdooClient, command: SendIdentityCode) -> Outcome | None:
        if self._now() >= command.expires_at:
            raise QueryFailed("validation", "the code expired before Odoo could send it")
        # Counted before anybody looks whether the e-mail is on file: both cases must look the same.
        allowed = await self._codes.allowed(client, command, self._now())
        return await send_code(client, command) if allowed else None

    async def _add_note(self, client: OdooClient, command: AddNote) -> Outcome:
        record = await self._record_id(command.tenant, command.record)
        return await add_note(client, command.record.model, record, command.text, command.tenant, command.key)

    async def _record_id(self, tenant: str, record: Record) -> int:
        if record.id is not None:
            return record.id
        result = await self._result_of(tenant, record.key or "")
        if result is None or result.outcome == "failed":
            raise RetryLater("the record it is about does not exist yet")
        if result.model != record.model or result.record_id is None:
            raise Reject(f"the command it refers to made no {record.model}")
        return result.record_id

    def _result(self, command: OdooCommand, outcome: Outcome | None) -> OdooCommandResult:
        return OdooCommandResult(
            tenant=command.tenant,
            key=command.key,
            command=command.type_name(),
            outcome="done",
            finished_at=self._now(),
            **(asdict(outcome) if outcome else {}),
        )

    async def _failed(self, command: OdooCommand, code: QueryErrorCode, message: str) -> None:
        """Try again later, or say that it failed and give up."""
        ODOO_COMMANDS_DONE.labels(command.type_name(), code).inc()
        if code in _PASSING:
            raise RetryLater(f"{code}: {message}")
        result = OdooCommandResult(
            tenant=command.tenant,
            key=command.key,
            command=command.type_name(),
            outcome="failed",
            finished_at=self._now(),
            error=code,
            message=message,
        )
        await self._store(command, result)
        raise Reject(f"{code}: {message}")

    async def _store(self, command: OdooCommand, result: OdooCommandResult) -> None:
        key = command.result_key
        entry = await self._results.get(key)
        if entry is not None and ODOO_RESULTS.decode(entry.value).outcome == "done":
            return
        # Losing this race means that another process has just said the same, or better.
        try:
            await self._results.update(key, result.encode(), entry.revision if entry else 0)
        except RevisionConflict:
            if result.outcome == "done" and not await self._is_done(command):
                raise
        if result.outcome == "done":
            ODOO_COMMANDS_DONE.labels(command.type_name(), "done").inc()
            log.info("odoo_command_done", command=result.command, tenant=command.tenant, record=result.record_id)
