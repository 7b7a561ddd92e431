"""Another tenant's key sees and changes nothing, on every route there is: the list is the application's own."""

from __future__ import annotations

import re
from typing import Any, Final

import pytest
from support.legacy_bodies import DAYS, document
from support.odoo_api_bench import OdooApiBench

from common.health import Health
from common.knowledge import KNOWLEDGE_KINDS
from odoo_api.app import unconnected_api

pytestmark = pytest.mark.broker

MARK: Final = "segredo-da-acme"
ITEM_ID: Final = "legacy-main-document-3"
PUBLIC: Final = frozenset(
    {
        "/api/v1/health",
        "/api/v1/openapi.json",
        "/api/docs",
        "/api/docs/",
        "/health",
        "/live",
        "/metrics",
        *(
            f"/api/v1/business-rules/{view}"
            for view in (
                "view", "view-temporary-rules", "view-scheduling-rules", "view-support-documents",
                "view-company-metadata",
            )
        ),
    }
)  # fmt: skip
ITEMS: Final[dict[str, dict[str, Any]]] = {
    "company": {"name": MARK},
    "rule": {"title": MARK, "text": MARK},
    "promotion": {"title": MARK, "text": MARK},
    "schedule": {"service": MARK},
    "document": {"title": MARK, "text": MARK},
    "product": {"name": MARK},
}


def routes() -> list[tuple[str, str]]:
    router = unconnected_api().application(Health("odoo_api", "")).router
    found = {(each.method, each.resource.canonical) for each in router.routes() if each.resource is not None}
    return sorted(each for each in found if each[0] != "HEAD" and each[1] not in PUBLIC)


ROUTES: Final = routes()


def url(path: str, account: str) -> str:
    places = {
        "id": ITEM_ID,
        "account": account,
        "domain": "default",
        "config_type": "config",
        "product_id": "3",
        "document_id": "3",
    }
    return re.sub(r"\{(\w+)[^}]*\}", lambda found: places[found.group(1)], path)


def body(method: str, path: str) -> dict[str, Any]:
    """One that fits the route and asks for, or does away with, what the other tenant has."""
    if path.endswith("/upload"):
        return {}
    if path.startswith("/api/v1/knowledge/"):
        return {"items": []} if method == "PUT" else {"upsert": [], "delete": [ITEM_ID, "main"]}
    if path == "/api/v1/assistant/answer":
        return {"question": MARK[:7]}
    if path == "/api/v1/products/description":
        return {"product_id": ITEM_ID}
    return {
        "permanent_rules": [],
        "scheduling_rules": [],
        "documents": [],
        "company_name": "Beta",
        "days": DAYS,
        "query": "segredo",
        "product_id": 3,
        "yaml_content": "permanent_rules: []\nscheduling_rules: []\ncompany_name: Beta",
        "mapping_data": {"accounts": {}},
        "event_type": "credentials_sync",
    }


async def snapshot(bench: OdooApiBench) -> dict[str, Any]:
    return {
        kind: (await bench.ask("GET", f"/api/v1/knowledge/{kind}", key=bench.first_key))[1] for kind in KNOWLEDGE_KINDS
    }


async def tried(bench: OdooApiBench, key: str, account: str, method: str, path: str) -> tuple[int, str]:
    asks = {"q": "segredo"} if path == "/api/v1/knowledge/search" else {}
    if not path.startswith("/api/v1/knowledge") and path not in ("/api/v1/assistant/answer", "/api/v1/status"):
        asks = {} if path == "/api/v1/products/description" else {"account_id": account, "query": "segredo"}
    options: dict[str, Any] = {"json": body(method, path)} if method != "GET" else {}
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    address = bench.urls[0] + url(path, account)
    async with bench.http.request(method, address, params=asks, headers=headers, **options) as response:
        return response.status, await response.text()


@pytest.fixture
async def acme(bench: OdooApiBench) -> OdooApiBench:
    await bench.start()
    await bench.hub()
    for kind, fields in ITEMS.items():
        items = [{"id": each, **fields} for each in (ITEM_ID, "main")]
        await bench.ask("PUT", f"/api/v1/knowledge/{kind}", json={"items": items})
    push = {"account_id": "account_1", "business_rule_id": 1, "documents": [document(3, name=MARK)]}
    status, _, _ = await bench.ask("POST", "/api/v1/business-rules/sync-support-documents", json=push)
    assert status == 200
    return bench


async def test_without_a_key_every_route_is_closed(acme: OdooApiBench) -> None:
    found = {each: (await tried(acme, "", "account_1", *each))[0] for each in ROUTES}

    assert {each: status for each, status in found.items() if status != 401} == {}
    assert len(found) > 60


async def test_another_tenants_key_sees_and_changes_nothing(acme: OdooApiBench) -> None:
    key = (await acme.new_key("beta")).key
    before = await snapshot(acme)

    answers = {
        (account, each): await tried(acme, key, account, *each)
        for each in ROUTES
        for account in ("account_1", "account_2")
    }

    assert [each for each, (_, text) in answers.items() if MARK in text] == []
    assert await snapshot(acme) == before
    assert [each for each, (status, _) in answers.items() if status >= 500] == []
    old = [
        status
        for (account, (_, path)), (status, _) in answers.items()
        if account == "account_1" and "{account}" in path
    ]
    assert set(old) == {403}, "an account that is not the key's"


async def test_its_own_key_does_see_it(acme: OdooApiBench) -> None:
    seen = [each for each in ROUTES if MARK in (await tried(acme, acme.first_key, "account_1", *each))[1]]

    assert len(seen) > 15, "the mark would be seen if it were shown"
