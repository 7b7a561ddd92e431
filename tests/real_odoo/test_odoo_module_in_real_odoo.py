"""The Odoo module in a real Odoo 19, connected to the running system: gateway, services and broker.

Skipped unless `REAL_ODOO_TOOL` and the variables of `scripts/with_real_odoo.sh` are set. Its own tests run with
`scripts/show_real_odoo.sh`.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator

import pytest
from support.odoo_contract import lead
from support.odoo_module import Assistant, RealOdoo, System, until
from support.real_odoo import RealWorld

from odoo_api.odoo.drafts import create_lead

pytestmark = [pytest.mark.real_odoo, pytest.mark.e2e]


@pytest.fixture(scope="module")
def system(tmp_path_factory: pytest.TempPathFactory) -> System:
    return System(tmp_path_factory.mktemp("system"))


@pytest.fixture(scope="module")
def assistant(system: System, installed_module: RealOdoo | None) -> Iterator[Assistant]:
    if installed_module is None:
        pytest.skip("REAL_ODOO_TOOL, REAL_ODOO_URL and REAL_ODOO_KEY are not all set")
    with system.running():
        assistant = Assistant.connected(installed_module, system.url, system.new_key())
    yield assistant
    assistant.forget()


def test_what_is_written_in_odoo_is_answered_seconds_later(system: System, assistant: Assistant) -> None:
    with system.running():
        steps = assistant.test()
        assert [step["ok"] for step in steps] == [True] * 4, steps

        rule = assistant.rule(
            "Prazo de troca", "Você pode trocar qualquer produto em até 30 dias.", category="exchange"
        )
        counts = assistant.synchronise()
        assert counts["rule"]["rejected"] == 0
        assert counts["rule"]["indexed"]
        assert assistant.state(rule) == "synced"
        assert "30 dias" in assistant.ask("Qual é o prazo de troca?")["answer"]

        assistant.odoo.call("odoo.ai.rule", "write", [rule], vals={"text": "Você pode trocar em até 45 dias."})
        took = until(lambda: "45 dias" in assistant.ask("Qual é o prazo de troca?")["answer"], 30, "the new text")
        assert took < 15

        again = assistant.synchronise()
        assert [counts[each] for counts in again.values() for each in ("created", "updated", "removed")] == [0] * 18


def test_a_dead_gateway_loses_no_edit(system: System, assistant: Assistant) -> None:
    rules = [assistant.rule(f"Regra {number}", "Antes.") for number in range(10)]
    with system.running():
        assistant.synchronise()

    # The gateway is gone: edits go on, some rules are deleted, some are new.
    for round_number in range(3):
        for rule in rules[:8]:
            assistant.odoo.call(
                "odoo.ai.rule", "write", [rule], vals={"text": f"Edição {round_number} da regra {rule}."}
            )
    assistant.odoo.call("odoo.ai.rule", "unlink", rules[8:])
    new = assistant.rule("Regra nova", "Depois.")
    until(lambda: assistant.health()["health"] == "failing", 30, "the failure shows")
    assert assistant.health()["waiting"] > 0
    assert assistant.state(rules[0]) == "waiting"

    with system.running():
        assistant.odoo.call("odoo.ai.connection", "action_deliver_now", [assistant.connection])
        until(lambda: assistant.health()["waiting"] == 0, 60, "everything is sent")
        health = assistant.health()
        assert (health["health"], health["refused"], health["failures"]) == ("ok", 0, 0)
        assert assistant.state(new) == "synced"
        # What the gateway holds is what Odoo has: nothing is left for a full synchronisation to do.
        counts = assistant.synchronise()["rule"]
        assert (counts["created"], counts["updated"], counts["removed"]) == (0, 0, 0)


async def test_a_lead_has_the_conversation_and_the_summary_in_fields_of_their_own(
    installed_module: RealOdoo | None, world: RealWorld
) -> None:
    if installed_module is None:
        pytest.skip("REAL_ODOO_TOOL is not set")
    link = "https://chat.example/app/accounts/1/conversations/42"
    command = lead(uuid.uuid4().hex, description="Quer 40 camisas.", conversation_link=link)

    created = await create_lead(world.connect(), command)

    fields = ["odoo_ai_conversation_url", "odoo_ai_summary"]
    row = (await world.rows("crm.lead", [["id", "=", created.record_id]], fields))[0]
    assert row["odoo_ai_conversation_url"] == link
    assert row["odoo_ai_summary"] == "Quer 40 camisas."
