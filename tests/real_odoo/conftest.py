"""Skipped unless `REAL_ODOO_URL` and `REAL_ODOO_KEY` are set: `scripts/with_real_odoo.sh pytest tests/real_odoo`."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest
from support.real_odoo import KEY, URL, Admin, RealWorld, ShopKeeper


@pytest.fixture(scope="session")
def admin() -> Iterator[Admin]:
    if not (URL and KEY):
        pytest.skip("REAL_ODOO_URL and REAL_ODOO_KEY are not set")
    admin = Admin()
    yield admin
    admin.close()


@pytest.fixture(scope="session")
def keeper(admin: Admin) -> Iterator[ShopKeeper]:
    keeper = ShopKeeper(admin)
    yield keeper
    keeper.close()


@pytest.fixture(params=["json2", "jsonrpc"])
async def world(request: pytest.FixtureRequest, admin: Admin, keeper: ShopKeeper) -> AsyncIterator[RealWorld]:
    world = RealWorld(admin, keeper.shop, request.param)
    yield world
    for client in world.clients:
        await client.close()
