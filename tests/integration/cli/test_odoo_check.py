"""`odoo-ai odoo check` against the simulator's Odoo."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from support.cli import TENANT, odoo_ai, write_tenant
from support.simulated_odoo import KEY, SimulatedWorld, simulated_world

from cli.findings import Finding
from cli.odoo_check import check_odoo
from common.tenants import Locale, TenantConfig

TODAY = date(2026, 11, 26)


@pytest.fixture(params=[19, 18])
async def world(request: pytest.FixtureRequest) -> AsyncIterator[SimulatedWorld]:
    async with simulated_world(request.param) as world:
        yield world


async def check(world: SimulatedWorld, locale: Locale = "en", **changes: Any) -> dict[str, Finding]:
    chatwoot = {"base_url": "http://127.0.0.1:1", "account_id": 1, "bot_token": "t", "webhook_secret": "s"}
    odoo = {**world.section, "key_expires_on": TODAY + timedelta(days=80), **changes}
    config = TenantConfig.model_validate({"tenant": "loja", "chatwoot": chatwoot, "odoo": odoo})
    return {f"{each.subject}: {each.detail}": each for each in await check_odoo(config, locale, TODAY)}


def troubles(findings: dict[str, Finding]) -> dict[str, str]:
    return {text: each.status for text, each in findings.items() if each.status != "ok"}


async def test_a_complete_odoo_has_nothing_to_mend(world: SimulatedWorld) -> None:
    findings = await check(world)

    way = "JSON-2" if world.server.series == 19 else "JSON-RPC"
    assert f"loja Odoo version: {world.server.series}.0, asked over {way}" in findings
    assert "loja Odoo key: works, and for another 80 day(s)" in findings
    assert "loja Odoo fields: deliveries have no tracking number (field carrier_tracking_ref)" in findings
    assert troubles(findings) == {}


@pytest.mark.parametrize(
    ("days", "status", "text"),
    [(-1, "failed", "expired 1 day(s) ago"), (14, "warning", "expires in 14 day(s)"), (15, "ok", "another 15 day(s)")],
)
async def test_a_key_that_ends_is_told_in_time(world: SimulatedWorld, days: int, status: str, text: str) -> None:
    findings = await check(world, key_expires_on=TODAY + timedelta(days=days))

    key = next(each for each in findings.values() if each.subject == "loja Odoo key")
    assert (key.status, text in key.detail) == (status, True)
    assert bool(key.mend) is (status != "ok")


async def test_a_right_that_lacks_is_named_with_the_groups_that_give_it(world: SimulatedWorld) -> None:
    world.database.users[KEY].denied_writes = {"crm.lead"}
    world.database.users[KEY].denied = {"sale.order"}

    findings = await check(world)

    assert troubles(findings).items() >= {
        ("loja Odoo rights: crm.lead: the key's user may not create", "warning"),
        ("loja Odoo rights: sale.order: the key's user may not read", "failed"),
    }
    assert "Sales" in findings["loja Odoo rights: crm.lead: the key's user may not create"].mend


async def test_what_is_wrong_with_the_connection_is_told_apart(world: SimulatedWorld) -> None:
    refused = await check(world, "pt-BR", api_key="wrong")
    no_database = await check(world, "pt-BR", database="nope")
    nobody = await check(world, "pt-BR", base_url="http://127.0.0.1:9")

    assert any("recusa a chave" in each for each in troubles(refused))
    assert next(each.mend for each in no_database.values() if each.status == "failed") == "confira odoo.database"
    assert "odoo.base_url" in next(each.mend for each in nobody.values() if each.status == "failed")


async def test_the_command_speaks_the_tenants_language_and_exits_1_on_failure(
    world: SimulatedWorld, tmp_path: Path
) -> None:
    odoo = "\n".join(f"  {name}: {value}" for name, value in {**world.section, "api_key": "wrong"}.items())
    write_tenant(tmp_path, "loja", f"{TENANT.format(name='loja', account=1)}odoo:\n{odoo}\n")

    failed = await asyncio.to_thread(odoo_ai, tmp_path, "odoo", "check", "loja", "--json")
    unknown = await asyncio.to_thread(odoo_ai, tmp_path, "odoo", "check", "nobody")

    found = json.loads(failed.stdout)
    assert (failed.returncode, found["ok"]) == (1, False)
    assert any("recusa a chave" in each["detail"] for each in found["checks"])
    assert unknown.returncode == 1
    assert "nobody.yaml" in unknown.stderr


async def test_codes_by_email_need_the_right_to_make_a_template(world: SimulatedWorld) -> None:
    world.database.users[KEY].denied_writes = {"mail.template"}

    wanted = troubles(await check(world, email_codes=True))
    unwanted = troubles(await check(world))

    assert [(text, status) for text, status in wanted.items() if "mail.template" in text] == [
        ("loja Odoo rights: mail.template: the key's user may not create", "failed")
    ]
    assert unwanted == {}
