"""Scripted conversations with a hub over a real broker: what came before travels with each question."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from support.responder_shop import TENANT, ShopOdoo, usual_knowledge

from cli.evaluation.conversations import measure_conversations
from cli.evaluation.running_system import RunningSystem
from cli.evaluation.script import parse_suite
from common.errors import QueryFailed
from common.nats.connection import NatsConnection
from common.nats.requests import ask
from common.queries import AnswerQuery
from common.query_answers import Answer
from common.subjects import hub_query
from common.tenants import TenantProfile
from hub.query_service import QueryService
from hub.responder import BuiltInResponder

pytestmark = pytest.mark.broker

NOW = datetime(2026, 11, 24, 13, 30, tzinfo=UTC)
PROFILE = TenantProfile(tenant=TENANT, chatwoot_account_id=1, has_odoo=True)
SUITE = """
conversations:
  - name: a follow-up needs what was said before
    steps:
      - {say: ["oi", "tem máscara de argan?"], do: answer, sources: [product/mascara]}
      - {say: "quanto custa?", do: answer, must: ["R$ 45,00"]}
  - name: another conversation knows nothing of it
    steps:
      - {say: "quanto custa?", do: ask, must_not: ["R$"]}
  - name: a wrong expectation is told
    steps:
      - {say: "tem garantia?", do: hand_off}
"""


class Directory:
    def get(self, tenant: str) -> TenantProfile | None:
        return PROFILE if tenant == TENANT else None


async def test_a_running_system_is_measured_by_conversations(hub: NatsConnection, odoo_api: NatsConnection) -> None:
    knowledge = usual_knowledge()
    service = QueryService(hub.nc, knowledge, BuiltInResponder(knowledge, ShopOdoo()), Directory(), now=lambda: NOW)
    await service.start()

    measures, failed = await measure_conversations(
        RunningSystem(odoo_api.nc, PROFILE), [parse_suite(SUITE, "suite.yaml")]
    )
    await service.stop()

    assert [(each.case, each.why) for each in failed] == [
        ("a wrong expectation is told #1", "did answer instead of hand_off")
    ]
    assert {each.name: each.value for each in measures} == {
        "right actions": 0.75,
        "right steps": 0.75,
        "right conversations": pytest.approx(2 / 3),
    }


async def test_a_state_that_is_none_of_ours_is_refused(hub: NatsConnection, odoo_api: NatsConnection) -> None:
    knowledge = usual_knowledge()
    service = QueryService(hub.nc, knowledge, BuiltInResponder(knowledge, ShopOdoo()), Directory())
    await service.start()
    query = AnswerQuery(tenant=TENANT, question="oi", state="{made up")

    with pytest.raises(QueryFailed, match="state") as caught:
        await ask(odoo_api.nc, hub_query("answer"), query, timeout=20, expect=Answer)
    await service.stop()

    assert caught.value.code == "validation"
