"""Carries out what a module pushes, with the knowledge sync that everybody uses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ValidationError

from common.knowledge import KnowledgeKind
from odoo_api.http_api.problems import Problem
from odoo_api.knowledge.mirror import KnowledgeMirror
from odoo_api.knowledge.plan import FieldError, Rejection, field_errors
from odoo_api.knowledge.sync import KnowledgeSync, SyncOutcome
from odoo_api.legacy.company import COMPANY_ID, company_item, company_push
from odoo_api.legacy.ids import PREFIX, Origin
from odoo_api.legacy.items import document_items, rule_items, schedule_items
from odoo_api.legacy.shapes import CompanyPush, DocumentPush, RulesPush, SchedulingPush

S = TypeVar("S", bound=BaseModel)


@dataclass(frozen=True)
class RulesDone:
    """The counts that the modules show to their user."""

    permanent: int
    temporary: int
    vectorized: int
    removed: int


@dataclass(frozen=True)
class DocumentsDone:
    """`synced`: the ids as the module sent them."""

    synced: tuple[str, ...]
    removed: int


@dataclass(frozen=True)
class LegacyPushes:
    """Every method stores what is right of a push, and raises a `Problem` when something in it was wrong."""

    sync: KnowledgeSync
    mirror: KnowledgeMirror

    async def rules(self, tenant: str, zone: ZoneInfo, body: Mapping[str, Any]) -> RulesDone:
        """All rules of a record: what it does not name any more goes."""
        inner = body["rules"] if isinstance(body.get("rules"), dict) else body
        if "permanent_rules" not in inner and "temporary_rules" not in inner:
            raise _missing("permanent_rules")
        push, origin = _fit(RulesPush, inner), _origin(body)
        try:
            items = rule_items(push.permanent_rules, push.temporary_rules, origin, zone)
        except ValueError as error:
            raise _wrong("date_end", f"a date that is none: {error}") from error
        if isinstance(inner.get("basic_info"), dict):
            await self._company(tenant, push.basic_info)
        rules = await self._replace(tenant, "rule", items.rules, origin)
        promotions = await self._replace(tenant, "promotion", items.promotions, origin, wait=True)
        _check((*rules.rejected, *promotions.rejected))
        stored = len(items.rules) + len(items.promotions)
        removed = len(rules.removed) + len(promotions.removed)
        return RulesDone(len(push.permanent_rules), len(push.temporary_rules), stored, removed)

    async def company(self, tenant: str, body: Mapping[str, Any]) -> CompanyPush:
        """The company profile."""
        try:
            push = company_push(body)
        except ValidationError as error:
            raise Problem("invalid-request", errors=field_errors(error)) from error
        if not await self._company(tenant, push, wait=True):
            raise _wrong("company_name", "the company has no name yet: send one")
        return push

    async def schedules(self, tenant: str, body: Mapping[str, Any]) -> tuple[int, int]:
        """All services: how many are stored and how many went."""
        rows, origin = _rows(SchedulingPush, body, "scheduling_rules"), _origin(body)
        outcome = await self._replace(tenant, "schedule", schedule_items(rows, origin), origin, wait=True)
        _check(outcome.rejected)
        return outcome.received, len(outcome.removed)

    async def documents(self, tenant: str, body: Mapping[str, Any]) -> DocumentsDone:
        """Some documents: one button pushes all of a record, another one a single one, and they look alike.

        So what is not sent stays. A document that is archived or hidden goes; an empty list clears all.
        """
        rows = _rows(DocumentPush, body, "documents")
        if not rows:
            return DocumentsDone((), await self.clear_documents(tenant))
        shown, hidden = document_items(rows, Origin())
        outcome = await self.sync.patch(tenant, "document", shown, hidden, wait=True)
        _check(outcome.rejected)
        synced = tuple(dict.fromkeys(row.id for row in rows if row.id and row.active and row.visible_in_ai))
        return DocumentsDone(synced, len(outcome.removed))

    async def clear_documents(self, tenant: str) -> int:
        """Remove every document that an old module pushed; others stay."""
        known = await self.mirror.current(tenant, "document")
        ours = [each for each in known.items if each.startswith(PREFIX)]
        return len((await self.sync.patch(tenant, "document", [], ours, wait=True)).removed)

    async def _company(self, tenant: str, push: CompanyPush, *, wait: bool = False) -> bool:
        stored = await self.mirror.item(tenant, "company", COMPANY_ID)
        try:
            item = company_item(push, stored.item if stored is not None else {})
        except ValidationError as error:
            raise Problem("invalid-request", errors=field_errors(error)) from error
        if item is None:
            return False
        outcome = await self.sync.patch(tenant, "company", [item], [], wait=wait)
        _check(outcome.rejected)
        return True

    async def _replace(
        self, tenant: str, kind: KnowledgeKind, items: Sequence[Any], origin: Origin, *, wait: bool = False
    ) -> SyncOutcome:
        return await self.sync.replace(tenant, kind, items, wait=wait, owns=origin.owns)


def _origin(body: Mapping[str, Any]) -> Origin:
    record = body.get("business_rule_id")
    return Origin(str(record)) if isinstance(record, int | str) and record not in (False, "") else Origin()


def _rows(shape: type[S], body: Mapping[str, Any], name: str) -> list[S]:
    rows = body.get(name)
    if rows is False:
        return []
    if not isinstance(rows, list):
        raise _missing(name)
    found: list[S] = []
    for index, row in enumerate(rows):
        try:
            found.append(shape.model_validate(row))
        except ValidationError as error:
            named = [
                FieldError(field=f"{name}.{index}.{e.field}", type=e.type, message=e.message)
                for e in field_errors(error)
            ]
            raise Problem("invalid-request", errors=named) from error
    return found


def _fit(shape: type[S], data: Any) -> S:
    try:
        return shape.model_validate(data)
    except ValidationError as error:
        raise Problem("invalid-request", errors=field_errors(error)) from error


def _check(rejected: Sequence[Rejection]) -> None:
    """Raise what was wrong with single items. The right ones are stored; the module must not show `synchronised`."""
    if rejected:
        errors = [
            FieldError(field=f"{each.id or each.index}.{error.field}", type=error.type, message=error.message)
            for each in rejected
            for error in each.errors
        ]
        raise Problem("invalid-request", f"{len(rejected)} of the items were not taken", errors=errors[:20])


def _missing(name: str) -> Problem:
    return _wrong(name, "this list is missing from the body")


def _wrong(name: str, message: str) -> Problem:
    return Problem("invalid-request", errors=(FieldError(field=name, type="value_error", message=message),))
