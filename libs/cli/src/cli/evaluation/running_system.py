"""The running system, asked as the API asks it: nothing is sent to a customer, nothing changes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final

from nats.aio.client import Client

from cli.evaluation.conversations import Talk
from cli.evaluation.judging import Heard, action_of
from cli.evaluation.script import Said, Script
from common.nats.requests import ask
from common.queries import AnswerQuery
from common.query_answers import Answer
from common.subjects import hub_query
from common.tenants import TenantProfile
from hub.truth_gate import check

_TIMEOUT_SECONDS: Final = 90.0
"""A model with its tools and a second try may take long."""


class RunningSystem:
    """A tenant's assistant as it is configured, with its model if it has one.

    It answers at the time it is: the times and outages of scripts are for the sample company.
    """

    def __init__(self, nc: Client, tenant: TenantProfile) -> None:
        self._nc = nc
        self._tenant = tenant

    def talk(self, script: Script | None = None) -> Talk:
        """Begin a conversation."""
        contact = script.contact.model_dump(exclude_none=True) if script and script.contact else None
        return _Asked(self._nc, self._tenant, contact)


class _Asked:
    """One conversation; what came before travels with each question."""

    def __init__(self, nc: Client, tenant: TenantProfile, contact: dict[str, str] | None) -> None:
        self._nc = nc
        self._tenant = tenant
        self._contact = contact
        self._state = ""

    async def say(self, messages: Sequence[Said]) -> Heard:
        """Send a burst and hear what comes back.

        Raises:
            QueryFailed: the hub refused the question, or nobody answers.
        """
        texts = [each.text or each.voice for each in messages]
        query = AnswerQuery(
            tenant=self._tenant.tenant,
            question=texts[0],
            more=tuple(texts[1:]),
            contact=self._contact,
            state=self._state,
        )
        answer = await ask(self._nc, hub_query("answer"), query, timeout=_TIMEOUT_SECONDS, expect=Answer)
        self._state = answer.state
        return self._heard(answer)

    def _heard(self, answer: Answer) -> Heard:
        locale = answer.language or self._tenant.locale
        now = datetime.now(UTC)
        proof = check(answer.answer, answer.facts, now, locale=locale, timezone=self._tenant.timezone)
        return Heard.model_validate(
            {
                "action": action_of(answer),
                "text": answer.answer,
                "reason": answer.hand_off_reason,
                "sources": tuple(f"{each.kind}/{each.id}" for each in answer.sources),
                "language": answer.language,
                "unproved": tuple(verdict.claim for verdict in proof.refused),
            }
        )
