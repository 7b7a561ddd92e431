"""Skipped unless `REAL_ODOO_URL` and `REAL_ODOO_KEY` are set: `scripts/with_real_odoo.sh pytest tests/real_odoo`."""

from __future__ import annotations

import fcntl
import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from support.odoo_module import RealOdoo, install_module
from support.real_odoo import KEY, URL, Admin, RealWorld, ShopKeeper

_INSTALL_SECONDS = 300
_HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The first test of a run waits until the module is installed."""
    for item in items:
        if item.path.parent == _HERE:
            item.add_marker(pytest.mark.timeout(_INSTALL_SECONDS))


@pytest.fixture(scope="session", autouse=True)
def installed_module(tmp_path_factory: pytest.TempPathFactory) -> RealOdoo | None:
    """The real Odoo with the module of this tree in it.

    Installing restarts that Odoo, so it happens before any test uses it, whichever process comes first.
    """
    if not (URL and KEY and os.environ.get("REAL_ODOO_TOOL")):
        return None
    odoo = RealOdoo(URL, KEY, os.environ.get("REAL_ODOO_DATABASE", "odoo"))
    with (tmp_path_factory.getbasetemp().parent / "real-odoo-module.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        install_module(odoo)
    return odoo


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
