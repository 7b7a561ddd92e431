"""The client's contract against the simulator's Odoo, as 19 over JSON-2 and as 18 over JSON-RPC."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from support.odoo_contract import OdooContract, lead
from support.odoo_identity_contract import IdentityCodeContract
from support.simulated_odoo import SimulatedWorld, simulated_world

from odoo_api.odoo.drafts import create_lead
from odoo_api.odoo.errors import OdooConflict


@pytest.fixture(params=[19, 18])
async def world(request: pytest.FixtureRequest) -> AsyncIterator[SimulatedWorld]:
    async with simulated_world(request.param) as world:
        yield world


class TestSimulatedOdoo(OdooContract, IdentityCodeContract):
    async def test_a_lost_race_is_run_again(self, world: SimulatedWorld, key: str) -> None:
        # The question whether the lead is there and the load itself both lose, once.
        world.database.load_conflicts = 2

        created = await create_lead(world.connect(), lead(key))

        assert created.record_id in world.database.rows["crm.lead"]

    async def test_a_race_that_is_always_lost_is_a_conflict(self, world: SimulatedWorld, key: str) -> None:
        world.database.load_conflicts = 100

        with pytest.raises(OdooConflict):
            await create_lead(world.connect(), lead(key))
