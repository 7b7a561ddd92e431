"""The requests of the old Odoo modules, replayed with the answers that those modules read."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
import yaml
from support.legacy_bodies import (
    ACCOUNT,
    METADATA,
    RULES,
    SCHEDULING,
    TOKEN,
    credentials,
    document,
    documents,
    mapping,
)
from support.odoo_api_bench import OdooApiBench

from common.legacy_modules import module_signature
from odoo_api import api_keys

pytestmark = pytest.mark.broker

RULES_URL = "/api/v1/business-rules/sync"
DOCUMENTS_URL = "/api/v1/business-rules/sync-support-documents"
SECRET = "the-modules-webhook-secret"


@pytest.fixture
async def old(bench: OdooApiBench) -> OdooApiBench:
    """The bench with a module whose token was imported, the way an installation is moved."""
    await api_keys.import_key(bench.keys, "acme", TOKEN, now=datetime.now(UTC))
    await bench.start()
    bench.key = TOKEN
    return bench


async def push(bench: OdooApiBench, path: str, body: Any, **options: Any) -> tuple[int, Any]:
    params = {"account_id": ACCOUNT, **options.pop("params", {})}
    status, answer, _ = await bench.ask("POST", path, json=body, params=params, **options)
    return status, answer


async def stored(bench: OdooApiBench, kind: str) -> list[dict[str, Any]]:
    key = (await api_keys.list_keys(bench.keys, "acme"))[0]
    assert not key.is_imported
    _, page, _ = await bench.ask("GET", f"/api/v1/knowledge/{kind}", key=bench.first_key)
    return list(page["items"])


async def test_the_synchronise_button_of_the_reference_module(old: OdooApiBench) -> None:
    company = await push(old, "/api/v1/business-rules/sync-company-metadata", METADATA)
    rules = await push(old, RULES_URL, RULES)
    services = await push(old, "/api/v1/business-rules/sync-scheduling-rules", SCHEDULING)

    assert (company[0], rules[0], services[0]) == (200, 200, 200)
    assert rules[1]["success"] is True
    assert rules[1]["error"] is None
    assert rules[1]["data"]["vectorized_rules"] == 5
    assert (rules[1]["data"]["permanent_rules"], rules[1]["data"]["temporary_rules"]) == (2, 3)
    assert (rules[1]["data"]["removed_rules"], rules[1]["data"]["sync_status"]) == (0, "completed")
    assert isinstance(rules[1]["meta"]["timestamp"], float)
    assert rules[1]["meta"]["request_id"]
    assert services[1]["data"]["vectorized_rules"] == 1
    assert company[1]["data"]["company_info"]["company_name"] == "Casa Acme"
    assert company[1]["data"]["business_hours"]["days"] == [0, 1, 2, 3, 4, 5]
    assert company[1]["data"]["business_hours"]["lunch_break_end"] == "13:30"
    titles = {each["title"] for kind in ("rule", "promotion") for each in await stored(old, kind)}
    assert titles == {"Trocas", "Entrega", "Promoção de verão", "Recesso", "Estacionamento"}
    (profile,) = await stored(old, "company")
    assert {each["title"] for each in profile["links"]} == {"Site", "Instagram"}


async def test_a_second_push_of_the_same_rules_moves_nothing(old: OdooApiBench) -> None:
    await push(old, RULES_URL, RULES)
    before = await old.last_sequence()

    status, answer = await push(old, RULES_URL, RULES)

    assert (status, answer["data"]["removed_rules"]) == (200, 0)
    assert await old.last_sequence() == before


async def test_a_rule_that_is_pushed_no_more_goes_and_what_others_sent_stays(old: OdooApiBench) -> None:
    own = {"id": "42", "title": "Minha regra", "text": "Pela API."}
    await old.ask("PATCH", "/api/v1/knowledge/rule", key=old.first_key, json={"upsert": [own]})
    await push(old, RULES_URL, RULES)

    _, answer = await push(old, RULES_URL, {**RULES, "permanent_rules": [], "temporary_rules": False})

    assert answer["data"]["removed_rules"] == 5
    assert [each["id"] for each in await stored(old, "rule")] == ["42"]


async def test_support_documents_answer_at_the_top_of_the_body(old: OdooApiBench) -> None:
    status, answer = await push(old, DOCUMENTS_URL, documents(document(3), document(4)))
    await push(old, DOCUMENTS_URL, documents(document(5)))
    _, hidden = await push(old, DOCUMENTS_URL, documents(document(4, visible_in_ai=False)))

    assert (status, answer["success"], answer["synced_docs"], answer["error"]) == (200, True, ["3", "4"], None)
    assert answer["data"]["vectorized_documents"] == 2
    assert hidden["synced_docs"] == []
    assert [each["title"] for each in await stored(old, "document")] == ["Manual 3", "Manual 5"]


async def test_an_empty_list_clears_the_last_document(old: OdooApiBench) -> None:
    await push(old, DOCUMENTS_URL, documents(document(3)))

    status, answer = await push(old, DOCUMENTS_URL, documents())

    assert (status, answer["success"], answer["synced_docs"]) == (200, True, [])
    assert await stored(old, "document") == []


async def test_clear_support_documents(old: OdooApiBench) -> None:
    await push(old, DOCUMENTS_URL, documents(document(3), document(4)))

    _, answer = await push(old, "/api/v1/business-rules/clear-support-documents", {})

    assert answer["data"]["documents_removed"] == 2


async def test_the_last_generation_has_ids_and_its_own_paths(old: OdooApiBench) -> None:
    head = {"account_id": ACCOUNT, "business_rule_id": 9}
    row = {
        "id": 5,
        "name": "Trocas",
        "description": "30 dias.",
        "type": "return",
        "last_updated": "2026-11-24 10:00:00",
    }
    dated = {**row, "name": "Oferta", "description": "10% de desconto.", "start_date": False, "end_date": "2030-01-01"}
    key = {"key": "", "headers": {"X-API-Key": TOKEN}}

    rules = await push(old, RULES_URL, {**head, "rules": {"permanent_rules": [row], "temporary_rules": [dated]}}, **key)
    company = await push(
        old,
        "/api/v1/company-metadata/sync",
        {**head, "company_metadata": {"name": "Casa Acme", "description": "Móveis."}, "enabled_collections": []},
        **key,
    )
    services = await push(old, "/api/v1/scheduling-rules/sync", {**head, **SCHEDULING}, **key)
    files = await push(old, "/api/v1/support-documents/sync", {**head, "documents": [document(3)]}, **key)
    other = {"account_id": ACCOUNT, "business_rule_id": 8, "rules": {"permanent_rules": [], "temporary_rules": []}}
    await push(old, RULES_URL, other, **key)

    assert [each[0] for each in (rules, company, services, files)] == [200] * 4
    assert rules[1]["data"]["vectorized_rules"] == 2
    assert services[1]["data"]["vectorized_rules"] == 1
    assert files[1]["data"]["vectorized_documents"] == 1
    assert [each["id"] for each in await stored(old, "rule")] == ["legacy-9-rule-5"]
    assert [each["id"] for each in await stored(old, "promotion")] == ["legacy-9-temporary-5"]


async def test_the_second_generation_wraps_its_bodies_in_yaml(old: OdooApiBench) -> None:
    def config(kind: str, body: Any) -> Any:
        text = yaml.dump(body)
        return old.ask(
            "POST", f"/configs/{ACCOUNT}/default/{kind}", key="", headers=header, json={"yaml_content": text}
        )

    header = {"X-API-Key": TOKEN}

    rules = await config("config", {**RULES, "enabled_collections": ["business_rules"]})
    company = await config("metadata", METADATA)
    services = await config("scheduling", SCHEDULING)
    secret = await config("credentials", {"odoo_password": "the-odoo-password"})
    _, shown, _ = await old.ask("GET", f"/configs/{ACCOUNT}/default/config", key="", headers=header)

    assert [each[0] for each in (rules, company, services, secret)] == [200] * 4
    assert rules[1]["data"]["vectorized_rules"] == 5
    assert (rules[1]["tenant_id"], rules[1]["config_type"], rules[1]["json_data"]["permanent_rules"][0]["name"]) == (
        ACCOUNT, "config", "Trocas",
    )  # fmt: skip
    assert isinstance(rules[1]["version"], int)
    assert "the-odoo-password" not in json.dumps(secret[1])
    assert len(yaml.safe_load(shown["yaml_content"])["rule"]) == 4


async def test_yaml_that_unfolds_to_a_gigabyte_is_refused(old: OdooApiBench) -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 10)]
    for text in ("\n".join(lines), "a: &a [*a]", "- a list", "{unclosed", "a: !!python/object:os.system x"):
        status, answer, _ = await old.ask("POST", f"/configs/{ACCOUNT}/default/config", json={"yaml_content": text})

        assert (status, answer["error"]["code"]) == (422, "VALIDATION_ERROR"), text


async def test_the_config_services_webhook_takes_credentials_and_mappings(old: OdooApiBench) -> None:
    default = {"key": "", "headers": {"X-API-Key": "development-api-key"}}
    flat = {key: value for key, value in credentials().items() if key not in ("source", "event", "credentials")}

    nested = await push(old, "/odoo-webhook/", credentials(), **default)
    plain = await push(old, "/odoo-webhook/", {**flat, "event_type": "credentials_sync"}, **default)
    mapped = await push(old, "/odoo-webhook/", mapping(inbox=3), **default)
    wrong = await push(old, "/odoo-webhook/", mapping(account=77), **default)
    foreign = await push(old, "/odoo-webhook/", credentials(token="account_1-ffffffff"), **default)

    assert [each[0] for each in (nested, plain, mapped, wrong, foreign)] == [200, 200, 200, 409, 401]
    assert (nested[1]["success"], nested[1]["tenant_id"], nested[1]["domain"]) == (True, ACCOUNT, "default")
    assert isinstance(nested[1]["config_version"], int)
    assert "the-odoo-password" not in json.dumps([nested, plain])
    assert (wrong[1]["success"], wrong[1]["error"]["code"]) == (False, "CONFIGURATION_ERROR")


async def test_the_mapping_is_that_of_the_tenants_file(old: OdooApiBench) -> None:
    _, shown, _ = await old.ask("GET", "/mapping/", params={"account_id": ACCOUNT})
    table = {"accounts": {"1": {"account_id": ACCOUNT, "domain": "retail"}, "5": {"account_id": "account_5"}}}
    right = await push(old, "/mapping/", {"mapping_data": table})
    wrong = await push(old, "/mapping/", {"mapping_data": {"accounts": {"9": {"account_id": ACCOUNT}}}})

    assert shown["accounts"] == {"1": {"account_id": ACCOUNT, "domain": "default"}}
    assert (right[0], wrong[0]) == (200, 409)


async def test_product_buttons(old: OdooApiBench) -> None:
    about = {
        "name": "Cadeira Lia",
        "category": "Cadeiras",
        "price": 199.9,
        "default_code": "CAD-1",
        "barcode": False,
        "attributes": [{"name": "Cor", "values": ["azul", "verde"]}],
        "description": False,
    }
    body = {"account_id": ACCOUNT, "product_id": 12}

    unknown = await push(old, "/tools/generate_product_description", body)
    written = await push(old, "/tools/generate_product_description", {**body, "metadata": about})
    draft = await stored(old, "product")
    saved = await push(old, "/tools/sync_product_to_vector_db", {**body, "description": "Uma cadeira leve."})
    (item,) = await stored(old, "product")
    by_path = await push(old, "/api/v1/products/12/description", {"options": {"tone": "professional"}})
    _, state, _ = await old.ask(
        "GET", "/api/v1/products/sync-status", params={"account_id": ACCOUNT, "product_ids": "12,13"}
    )

    assert (unknown[0], unknown[1]["success"], type(unknown[1]["error"])) == (404, False, str)
    assert (written[0], written[1]["success"]) == (200, True)
    assert written[1]["description"].startswith("Cadeira Lia, da categoria Cadeiras.")
    assert draft[0]["active"] is False
    assert (saved[0], saved[1]["success"], saved[1]["vector_id"]) == (200, True, item["id"])
    assert (item["name"], item["description"], item["active"]) == ("Cadeira Lia", "Uma cadeira leve.", True)
    assert item["list_price"] is None
    assert by_path[1]["data"]["key_features"] == ["Cor: azul, verde"]
    assert [each["sync_status"] for each in state["data"]["products"]] == ["synced", "not_synced"]


async def test_files_of_products_are_fetched_from_the_tenants_odoo_only(old: OdooApiBench) -> None:
    elsewhere = ("http://169.254.169.254/latest", "http://evil.example/a.txt", "//127.0.0.1:1/x", "file:///etc/passwd")
    for url in elsewhere:
        files = [{"id": 1, "name": "a.txt", "mimetype": "text/plain", "url": url, "create_date": False}]

        status, answer = await push(
            old, "/tools/sync_support_documents", {"account_id": ACCOUNT, "product_id": 12, "documents": files}
        )

        assert (status, answer["success"]) == (422, False), url
        assert "not in the tenant's Odoo" in answer["error"]


async def test_a_file_of_a_product_becomes_a_document(old: OdooApiBench) -> None:
    old.odoo.files["/web/content/9"] = b"Garantia de 90 dias."
    files = [{"id": 9, "name": "garantia.txt", "mimetype": "text/plain", "url": "/web/content/9", "create_date": False}]

    status, answer = await push(
        old, "/tools/sync_support_documents", {"account_id": ACCOUNT, "product_id": 12, "documents": files}
    )

    assert (status, answer["success"], answer["synced_docs"]) == (200, True, ["9"])
    assert [each["text"] for each in await stored(old, "document")] == ["Garantia de 90 dias."]


async def test_semantic_search_and_lists_read_back_in_the_old_words(old: OdooApiBench) -> None:
    await old.hub()
    await push(old, "/api/v1/business-rules/sync-company-metadata", METADATA)
    await push(old, RULES_URL, RULES)

    _, found, _ = await old.ask(
        "GET", "/api/v1/business-rules/semantic-search", params={"account_id": ACCOUNT, "query": "troca", "limit": "3"}
    )
    _, active, _ = await old.ask("GET", "/api/v1/business-rules/active", params={"account_id": ACCOUNT})
    _, page, _ = await old.ask(
        "GET", "/api/v1/business-rules", params={"account_id": ACCOUNT, "page_size": "2", "rule_type": "return"}
    )

    assert (found["data"][0]["rule_id"], found["data"][0]["type"]) == (0, "company_metadata")
    assert (found["meta"]["query"], found["meta"]["limit"]) == ("troca", 3)
    assert {each["name"] for each in active["data"]} >= {"Trocas", "Promoção de verão"}
    assert (page["data"]["total"], page["data"]["rules"][0]["name"]) == (1, "Trocas")


async def test_what_is_wrong_is_never_answered_200(old: OdooApiBench) -> None:
    missing = await old.ask("POST", RULES_URL, json=RULES)
    other = await old.ask("POST", RULES_URL, json=RULES, params={"account_id": "account_2"})
    nobody = await push(old, DOCUMENTS_URL, documents(document(3)), key="", headers={"Authorization": ""})
    wrong = await push(old, RULES_URL, RULES, key="account_1-ffffffff")
    empty = await push(old, RULES_URL, {})
    nameless = await push(old, RULES_URL, {"permanent_rules": [{"name": False, "description": "x", "type": "general"}]})
    no_list = await push(old, DOCUMENTS_URL, {"account_id": ACCOUNT, "business_rule_id": 1})
    no_date = await push(old, RULES_URL, {"temporary_rules": [{"name": "a", "date_end": "amanhã"}]})

    assert (missing[0], missing[1]["error"]["code"]) == (400, "MISSING_ACCOUNT_ID")
    assert (other[0], other[1]["error"]["code"]) == (403, "AUTHORIZATION_ERROR")
    assert (nobody[0], wrong[0]) == (401, 401)
    assert [each[0] for each in (empty, nameless, no_list, no_date)] == [422] * 4
    for each in (missing[1], other[1], nobody[1], wrong[1], empty[1], nameless[1], no_list[1], no_date[1]):
        assert each["success"] is False
        assert each["detail"]["code"]
        assert each["meta"]["request_id"]


async def test_a_signature_is_checked_when_the_secret_is_known(old: OdooApiBench) -> None:
    await old.apply("acme", 1, odoo=old.odoo_section(), legacy={"account_id": ACCOUNT, "webhook_secret": SECRET})
    body = {**RULES, "ação": "é"}
    signed = {"X-Webhook-Signature": module_signature(SECRET, body)}
    assert module_signature(SECRET, body) == module_signature(SECRET, dict(reversed(body.items())))

    async def wrong() -> int:
        return (await push(old, RULES_URL, body, headers={"X-Webhook-Signature": "0" * 64}))[0]

    await old.until(lambda: wrong(), 401)
    right, _ = await push(old, RULES_URL, body, headers=signed)
    unsigned, _ = await push(old, RULES_URL, body)

    assert (right, unsigned) == (200, 200)


async def test_an_imported_token_opens_the_old_paths_only(old: OdooApiBench) -> None:
    read, _, _ = await old.ask("GET", "/api/v1/knowledge/rule")
    query, _, _ = await old.ask("POST", RULES_URL, key="", json=RULES, params={"account_id": ACCOUNT, "token": TOKEN})
    ours, _ = await push(old, RULES_URL, RULES, key=old.first_key)

    assert read == 401
    assert query == 200, "behind a proxy that drops headers the token comes in the query"
    assert ours == 200, "a key of ours may stand in the module's token field"


async def test_view_buttons_open_a_page_that_shows_no_data(old: OdooApiBench) -> None:
    await push(old, RULES_URL, RULES)
    async with old.http.get(f"{old.urls[0]}/api/v1/business-rules/view?account_id={ACCOUNT}") as response:
        page = await response.text()

    assert response.status == 401
    assert "Trocas" not in page
    assert "/api/docs" in page
