from __future__ import annotations

import asyncio
import gzip
import io
import time
from datetime import UTC, datetime
from typing import Any

import aiohttp
import docx
import orjson
import pytest
from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012
from support.odoo_api_bench import OdooApiBench

from odoo_api import api_keys
from odoo_api.app import api_document

pytestmark = pytest.mark.broker

RULES = "/api/v1/knowledge/rule"
RULE = {"id": "a", "title": "Trocas", "text": "Trocas em até 7 dias."}


def slug(problem: Any) -> str:
    assert problem["type"].startswith("urn:odoo-ai:problem:"), problem
    return str(problem["type"]).rpartition(":")[2]


class Contract:
    """Checks live answers against the published document."""

    def __init__(self, document: dict[str, Any]) -> None:
        self.document = document
        resource = Resource.from_contents(document, default_specification=DRAFT202012)
        self._registry: Registry[Any] = Registry().with_resource("urn:api", resource)

    def check(self, method: str, path: str, status: int, media_type: str, body: Any) -> None:
        answers = self.document["paths"][path][method.lower()]["responses"]
        assert str(status) in answers, f"{method} {path} answers {status}, which is not documented"
        content = answers[str(status)]["content"]
        assert media_type in content, f"{method} {path} {status}: {media_type}"
        pointer = "/".join(
            part.replace("~", "~0").replace("/", "~1")
            for part in ("paths", path, method.lower(), "responses", str(status), "content", media_type, "schema")
        )
        validator = Draft202012Validator({"$ref": f"urn:api#/{pointer}"}, registry=self._registry)
        errors = [f"{list(each.path)}: {each.message}" for each in validator.iter_errors(body)]
        assert not errors, f"{method} {path} {status}: {errors}"


async def contract(bench: OdooApiBench) -> Contract:
    _, document, _ = await bench.ask("GET", "/api/v1/openapi.json", key="")
    return Contract(document)


async def test_the_document_is_valid_openapi_3_1(bench: OdooApiBench) -> None:
    await bench.start()

    found = (await contract(bench)).document

    OpenAPIV31SpecValidator(found).validate()
    assert found == orjson.loads(orjson.dumps(api_document()))
    assert found["openapi"].startswith("3.1")
    assert {"/api/v1/knowledge/search", "/api/v1/assistant/answer", RULES, f"{RULES}/{{id}}"} <= found["paths"].keys()
    names = [operation["operationId"] for methods in found["paths"].values() for operation in methods.values()]
    assert len(names) == len(set(names))


EVERY_ITEM: dict[str, dict[str, Any]] = {
    "company": {
        "id": "main",
        "name": "Loja Acme",
        "hours": [{"weekday": 0, "opens": "09:00", "closes": "18:00"}],
        "holidays": [{"day": "2026-12-25", "name": "Natal"}],
        "links": [{"title": "Site", "url": "https://acme.example"}],
    },
    "rule": {**RULE, "valid_until": "2026-12-31", "updated_at": "2026-11-24T12:00:00Z", "questions": ["posso trocar?"]},
    "promotion": {**RULE, "discount_percent": "10.5", "promotional_price": 99.9, "product_ids": ["p1"]},
    "schedule": {"id": "s", "service": "Montagem", "windows": [{"weekday": 1, "opens": "08:00:00", "closes": "12:00"}]},
    "document": {"id": "d", "title": "Manual", "text": "Ligue o aparelho."},
    "product": {"id": "p1", "name": "Cadeira", "attributes": {"cor": "azul"}, "list_price": "89.90", "odoo_id": 7},
}


@pytest.mark.parametrize("kind", EVERY_ITEM)
async def test_live_answers_of_every_kind_are_as_documented(bench: OdooApiBench, kind: str) -> None:
    await bench.start()
    document = await contract(bench)
    path = f"/api/v1/knowledge/{kind}"
    item = EVERY_ITEM[kind]
    sent = document.document["paths"][path]["put"]["requestBody"]["content"]["application/json"]["schema"]
    schema = {**document.document, "$ref": sent["$ref"]}
    Draft202012Validator(schema).validate({"items": [item]})

    for method, url, template, body in (
        ("PUT", path, path, {"items": [item, {"id": "wrong", "nope": 1}]}),
        ("PATCH", path, path, {"upsert": [item], "delete": ["gone"]}),
        ("GET", path, path, None),
        ("GET", f"{path}/{item['id']}", f"{path}/{{id}}", None),
        ("GET", f"{path}/none", f"{path}/{{id}}", None),
        ("GET", f"{path}?limit=0", path, None),
        ("PUT", path, path, {"item": []}),
    ):
        options: dict[str, Any] = {"json": body} if body else {}
        status, answer, headers = await bench.ask(method, url, **options)
        document.check(method, template, status, headers["Content-Type"].partition(";")[0], answer)
        if method == "PUT" and "items" in (body or {}):
            assert (status, answer["created"], len(answer["rejected"])) == (200, 1, 1), answer


async def test_what_is_listed_can_be_sent_back_unchanged(bench: OdooApiBench) -> None:
    await bench.start()
    for kind, item in EVERY_ITEM.items():
        path = f"/api/v1/knowledge/{kind}"
        await bench.ask("PUT", path, json={"items": [item]})
        _, page, _ = await bench.ask("GET", path)

        _, answer, _ = await bench.ask("PUT", path, json={"items": page["items"]})

        assert (answer["unchanged"], answer["rejected"]) == (1, []), kind


async def test_search_and_answer_come_from_the_hub_for_the_keys_tenant(bench: OdooApiBench) -> None:
    await bench.start()
    await bench.hub()
    document = await contract(bench)

    status, found, _ = await bench.ask(
        "GET", "/api/v1/knowledge/search", params={"q": "troca", "limit": 3, "kind": "rule"}
    )
    document.check("GET", "/api/v1/knowledge/search", status, "application/json", found)
    question = {"question": "Posso trocar?", "conversation": 42, "contact": {"name": "Ana"}}
    asked, answer, _ = await bench.ask("POST", "/api/v1/assistant/answer", json=question)
    document.check("POST", "/api/v1/assistant/answer", asked, "application/json", answer)

    assert found["results"][0]["id"] == "acme-rule"
    assert answer["answer"] == "acme: Posso trocar?"


async def test_without_a_hub_search_and_answer_are_unavailable(bench: OdooApiBench) -> None:
    await bench.start()
    document = await contract(bench)

    status, problem, headers = await bench.ask("GET", "/api/v1/knowledge/search", params={"q": "troca"})
    asked, other, _ = await bench.ask("POST", "/api/v1/assistant/answer", json={"question": "oi"})

    document.check("GET", "/api/v1/knowledge/search", status, "application/problem+json", problem)
    document.check("POST", "/api/v1/assistant/answer", asked, "application/problem+json", other)
    assert (status, asked, slug(problem), slug(other)) == (503, 503, "unavailable", "unavailable")
    assert headers["Retry-After"]


async def test_keys_decide_who_may_do_what(bench: OdooApiBench) -> None:
    await bench.start()
    document = await contract(bench)
    reader = (await bench.new_key("acme", scopes=("knowledge:read",))).key
    orphan = (await bench.new_key("nobody")).key
    forged = bench.key[:-1] + ("0" if bench.key[-1] != "0" else "1")

    outcomes = {}
    for name, key, method in (
        ("none", "", "GET"),
        ("nonsense", "abc", "GET"),
        ("forged", forged, "GET"),
        ("orphan", orphan, "GET"),
        ("reader reads", reader, "GET"),
        ("reader writes", reader, "PUT"),
    ):
        options: dict[str, Any] = {"json": {"items": []}} if method == "PUT" else {}
        status, answer, headers = await bench.ask(method, RULES, key=key, **options)
        document.check(method, RULES, status, headers["Content-Type"].partition(";")[0], answer)
        outcomes[name] = (status, slug(answer) if status >= 400 else "")

    assert outcomes == {
        "none": (401, "missing-key"),
        "nonsense": (401, "invalid-key"),
        "forged": (401, "invalid-key"),
        "orphan": (403, "unknown-tenant"),
        "reader reads": (200, ""),
        "reader writes": (403, "insufficient-scope"),
    }


async def test_a_key_may_come_in_either_header(bench: OdooApiBench) -> None:
    await bench.start()

    by_header, _, _ = await bench.ask("GET", RULES, key="", headers={"X-API-Key": bench.key})
    lower, _, _ = await bench.ask("GET", RULES, key="", headers={"Authorization": f"bearer {bench.key}"})

    assert (by_header, lower) == (200, 200)


async def test_two_keys_live_side_by_side_and_a_revoked_one_ends_within_two_seconds(bench: OdooApiBench) -> None:
    await bench.start()
    new = await bench.new_key("acme")
    assert [(await bench.ask("GET", RULES, key=key))[0] for key in (bench.key, new.key)] == [200, 200]

    await api_keys.revoke_key(bench.keys, "acme", new.record.key_id, now=datetime.now(UTC))
    revoked_at = time.monotonic()
    while (await bench.ask("GET", RULES, key=new.key))[0] == 200:
        await asyncio.sleep(0.05)

    assert time.monotonic() - revoked_at < 2
    assert (await bench.ask("GET", RULES))[0] == 200


async def test_a_third_live_key_is_refused_until_one_is_revoked(bench: OdooApiBench) -> None:
    second = await bench.new_key("acme")

    with pytest.raises(api_keys.TooManyKeys):
        await bench.new_key("acme")
    await api_keys.revoke_key(bench.keys, "acme", second.record.key_id, now=datetime.now(UTC))

    await bench.new_key("acme")
    await bench.new_key("beta")


async def test_the_last_use_of_a_key_is_noted_and_keys_are_listed_by_tenant(bench: OdooApiBench) -> None:
    await bench.start()
    await bench.new_key("beta")
    for _ in range(3):
        await bench.ask("GET", RULES)
    await asyncio.sleep(0.2)

    (ours,) = await api_keys.list_keys(bench.keys, "acme")

    assert ours.last_used_at is not None
    assert len(await api_keys.list_keys(bench.keys)) == 2
    assert await api_keys.revoke_key(bench.keys, "beta", ours.key_id, now=datetime.now(UTC)) is None


@pytest.mark.parametrize(
    ("options", "status", "kind"),
    [
        ({"data": b"{", "headers": {"Content-Type": "application/json"}}, 400, "unreadable-body"),
        ({"data": b"[" * 90_000, "headers": {"Content-Type": "application/json"}}, 400, "unreadable-body"),
        ({"data": b"\xff\xfe", "headers": {"Content-Type": "application/json"}}, 400, "unreadable-body"),
        (
            {"data": b"items=1", "headers": {"Content-Type": "application/x-www-form-urlencoded"}},
            415,
            "unsupported-media-type",
        ),
        (
            {
                "data": gzip.compress(b'{"items": []}'),
                "headers": {"Content-Type": "application/json", "Content-Encoding": "gzip"},
            },
            415,
            "unsupported-media-type",
        ),
        ({"json": {"items": [], "extra": 1}}, 422, "invalid-request"),
        ({"json": []}, 422, "invalid-request"),
        ({"json": {"items": {}}}, 422, "invalid-request"),
        ({"json": {"items": [{}] * 1001}}, 422, "invalid-request"),
        ({"json": {"items": []}, "params": {"wait": "forever"}}, 422, "invalid-request"),
        ({"json": {"items": []}, "params": {"nope": "1"}}, 422, "invalid-request"),
        ({"json": {"items": []}, "params": [("wait", "indexed"), ("wait", "indexed")]}, 422, "invalid-request"),
        ({"json": {"items": []}, "headers": {"Idempotency-Key": "k" * 256}}, 422, "invalid-request"),
        ({"data": b" " * 200_001, "headers": {"Content-Type": "application/json"}}, 413, "body-too-large"),
    ],
)
async def test_bodies_that_do_not_fit_are_refused_as_documented(
    bench: OdooApiBench, options: dict[str, Any], status: int, kind: str
) -> None:
    await bench.start(api_knowledge_body_bytes=200_000, api_knowledge_items=1000)
    document = await contract(bench)

    found, problem, headers = await bench.ask("PUT", RULES, **options)

    assert (found, slug(problem)) == (status, kind)
    document.check("PUT", RULES, found, headers["Content-Type"], problem)
    assert problem["request_id"]
    if kind == "invalid-request":
        assert problem["errors"][0]["message"]


async def test_a_body_without_length_is_counted_while_it_arrives(bench: OdooApiBench) -> None:
    await bench.start(api_knowledge_body_bytes=10_000)

    async def endless() -> Any:
        for _ in range(1000):
            yield b" " * 1000

    status, problem, _ = await bench.ask("PUT", RULES, data=endless(), headers={"Content-Type": "application/json"})

    assert (status, slug(problem)) == (413, "body-too-large")


async def test_unknown_paths_methods_and_kinds(bench: OdooApiBench) -> None:
    await bench.start()

    path, unknown, _ = await bench.ask("GET", "/api/v1/nothing")
    kind, no_kind, _ = await bench.ask("PUT", "/api/v1/knowledge/recipe", json={"items": []})
    method, not_allowed, headers = await bench.ask("DELETE", RULES)

    assert (path, slug(unknown)) == (404, "not-found")
    assert (kind, slug(no_kind)) == (404, "not-found")
    assert (method, slug(not_allowed)) == (405, "method-not-allowed")
    assert {"GET", "PUT", "PATCH"} <= set(headers["Allow"].split(","))


async def test_a_key_that_asks_too_often_is_told_to_wait(bench: OdooApiBench) -> None:
    await bench.start(api_requests_per_second=1.0)

    statuses = [(await bench.ask("GET", RULES))[0] for _ in range(4)]
    _, problem, headers = await bench.ask("GET", RULES)

    assert statuses[:2] == [200, 200]
    assert statuses[-1] == 429
    assert slug(problem) == "too-many-requests"
    assert int(headers["Retry-After"]) >= 1
    assert (headers["RateLimit-Limit"], headers["RateLimit-Remaining"]) == ("2", "0")
    assert int(headers["RateLimit-Reset"]) >= 1


async def test_answers_say_how_many_requests_are_left(bench: OdooApiBench) -> None:
    await bench.start(api_requests_per_second=10.0)

    _, _, first = await bench.ask("GET", RULES)
    _, _, wrong = await bench.ask("PUT", RULES, json={"nope": 1})

    assert (first["RateLimit-Limit"], first["RateLimit-Remaining"]) == ("20", "19")
    assert int(wrong["RateLimit-Remaining"]) < 20


async def test_who_guesses_tokens_is_stopped_and_nobody_else(bench: OdooApiBench) -> None:
    await bench.start()
    elsewhere = {"X-Forwarded-For": "203.0.113.7"}
    token = "account_1-0a1b2c3d"
    url = "/api/v1/business-rules/active?account_id=account_1"
    await api_keys.import_key(bench.keys, "acme", token, now=datetime.now(UTC))

    tried = [(await bench.ask("GET", url, key=f"account_1-{n:08x}", headers=elsewhere))[0] for n in range(70)]
    right, problem, headers = await bench.ask("GET", url, key=token, headers=elsewhere)
    ours, _, _ = await bench.ask("GET", RULES, headers=elsewhere)
    here, _, _ = await bench.ask("GET", url, key=token)
    known, _, _ = await bench.ask("GET", url, key=token, headers=elsewhere)

    assert (tried[0], tried[-1]) == (401, 429)
    assert (right, problem["error"]["code"]) == (429, "RATE_LIMIT_ERROR"), "a right guess is not told from a wrong one"
    assert int(headers["Retry-After"]) >= 1
    assert (ours, here, known) == (200, 200, 200)


async def test_health_docs_and_metrics_need_no_key(bench: OdooApiBench) -> None:
    await bench.start()
    document = await contract(bench)

    status: int = 503
    health: dict[str, Any] = {}
    for _ in range(50):
        status, health, _ = await bench.ask("GET", "/api/v1/health", key="")
        document.check("GET", "/api/v1/health", status, "application/json", health)
        if status == 200:
            break
        await asyncio.sleep(0.05)
    async with (
        bench.http.get(bench.urls[0] + "/api/docs") as page,
        bench.http.get(bench.urls[0] + "/metrics") as metrics,
    ):
        html, text = await page.text(), await metrics.text()
        policy = page.headers["Content-Security-Policy"]

    assert (status, health["status"], health["service"]) == (200, "ok", "odoo_api")
    assert "instance" not in health
    assert "/api/v1/assistant/answer" in html
    assert "http://" not in html.replace("http://www.w3.org", "")
    assert "<script" not in html
    assert "default-src 'none'" in policy
    assert "odoo_ai_api_requests_total" in text


async def test_the_system_health_route_of_the_gateway_is_served(bench: OdooApiBench) -> None:
    await bench.start()

    status, summary, _ = await bench.ask("GET", "/health/system", key="")

    assert status == 503  # no webhook and no hub run here
    assert summary["services"]["odoo_api"]["instances"] == 1


async def upload(bench: OdooApiBench, filename: str, data: bytes, **options: Any) -> tuple[int, Any]:
    form = aiohttp.FormData()
    form.add_field("file", data, filename=filename)
    for name, value in options.pop("fields", {}).items():
        form.add_field(name, value)
    status, answer, headers = await bench.ask("POST", "/api/v1/knowledge/document/upload", data=form, **options)
    media_type = headers["Content-Type"].partition(";")[0]
    (await contract(bench)).check("POST", "/api/v1/knowledge/document/upload", status, media_type, answer)
    return status, answer


async def test_a_text_file_becomes_a_document(bench: OdooApiBench) -> None:
    await bench.start()

    status, answer = await upload(bench, "Política de Garantia.txt", "Garantia de 90 dias.".encode("cp1252"))
    again, unchanged = await upload(bench, "Política de Garantia.txt", b"Garantia de 90 dias.")
    _, stored, _ = await bench.ask("GET", "/api/v1/knowledge/document/politica-de-garantia")

    assert (status, answer["id"], answer["created"], answer["characters"]) == (200, "politica-de-garantia", 1, 20)
    assert (again, unchanged["unchanged"]) == (200, 1)
    assert (stored["title"], stored["text"]) == ("Política de Garantia", "Garantia de 90 dias.")


async def test_a_word_file_becomes_a_document(bench: OdooApiBench) -> None:
    await bench.start()
    document = docx.Document()
    document.add_paragraph("Garantia de 90 dias.")
    buffer = io.BytesIO()
    document.save(buffer)

    status, answer = await upload(bench, "Garantia.docx", buffer.getvalue(), fields={"id": "7"})
    _, stored, _ = await bench.ask("GET", "/api/v1/knowledge/document/7")

    assert (status, answer["created"]) == (200, 1)
    assert (stored["text"], stored["source"]) == ("Garantia de 90 dias.", "Garantia.docx")


async def test_uploads_that_cannot_be_read_say_why(bench: OdooApiBench) -> None:
    await bench.start(api_knowledge_body_bytes=300_000)

    pdf = await upload(bench, "manual.pdf", b"%PDF-1.7")
    long = await upload(bench, "longo.txt", b"palavra " * 30_000)
    huge = await upload(bench, "enorme.txt", b"x" * 400_000)
    strange = await upload(bench, "a.txt", b"x", fields={"colour": "red"})
    empty, problem, _ = await bench.ask("POST", "/api/v1/knowledge/document/upload", json={})

    old = await upload(bench, "manual.doc", b"old Word")

    assert (pdf[0], slug(pdf[1])) == (422, "unreadable-document")
    assert "damaged" in pdf[1]["detail"]
    assert (old[0], slug(old[1])) == (415, "unsupported-media-type")
    assert ".txt, .md, .csv, .pdf, .docx" in old[1]["detail"]
    assert (long[0], long[1]["errors"][0]["field"]) == (422, "text")
    assert (huge[0], slug(huge[1])) == (413, "body-too-large")
    assert (strange[0], strange[1]["errors"][0]["field"]) == (422, "colour")
    assert (empty, slug(problem)) == (415, "unsupported-media-type")


async def test_the_same_idempotency_key_and_body_replays_the_answer(bench: OdooApiBench) -> None:
    await bench.start()
    await bench.start()
    body = orjson.dumps({"items": [RULE]})
    headers = {"Idempotency-Key": "sync 1", "Content-Type": "application/json"}

    _, first, first_headers = await bench.ask("PUT", RULES, data=body, headers=headers)
    _, again, again_headers = await bench.ask("PUT", RULES, data=body, headers=headers, instance=1)
    other, mismatch, _ = await bench.ask("PUT", RULES, json={"items": []}, headers={"Idempotency-Key": "sync 1"})
    elsewhere, _, _ = await bench.ask("PATCH", RULES, json={"delete": []}, headers={"Idempotency-Key": "sync 1"})
    theirs = await bench.ask("PUT", RULES, data=body, headers=headers, key=(await bench.new_key("beta")).key)

    assert first == again
    assert first["created"] == 1
    assert "Idempotency-Replayed" not in first_headers
    assert again_headers["Idempotency-Replayed"] == "true"
    assert (other, slug(mismatch)) == (422, "idempotency-mismatch")
    assert elsewhere == 422
    assert theirs[1]["created"] == 1


async def test_a_second_request_while_the_first_runs_is_told_to_wait(bench: OdooApiBench) -> None:
    await bench.start()
    await bench.hub("slow", lag=1.0)
    options: dict[str, Any] = {
        "json": {"items": [RULE]},
        "headers": {"Idempotency-Key": "k"},
        "params": {"wait": "indexed"},
    }

    first = asyncio.create_task(bench.ask("PUT", RULES, **options))
    await asyncio.sleep(0.3)
    status, problem, headers = await bench.ask("PUT", RULES, **options)

    assert (status, slug(problem)) == (409, "idempotency-running")
    assert headers["Retry-After"] == "1"
    assert (await first)[0] == 200
    assert (await bench.ask("PUT", RULES, **options))[2]["Idempotency-Replayed"] == "true"


async def test_a_failed_request_frees_its_idempotency_key(bench: OdooApiBench) -> None:
    await bench.start()
    key = {"Idempotency-Key": "upload"}

    failed = await upload(bench, "a.txt", b"x" * 200_001, headers=key)
    status, answer = await upload(bench, "a.txt", b"x", headers=key)

    assert failed[0] == 422
    assert (status, answer["created"]) == (200, 1)


async def test_an_upload_is_recognised_although_its_boundary_differs(bench: OdooApiBench) -> None:
    await bench.start()
    key = {"Idempotency-Key": "upload"}

    first = await upload(bench, "a.txt", b"texto", headers=key)
    again = await upload(bench, "a.txt", b"texto", headers=key)

    assert first == again
    assert again[1]["created"] == 1


async def test_requests_that_run_at_shutdown_are_finished(bench: OdooApiBench) -> None:
    await bench.start(drain_seconds=0.3)
    await bench.hub("slow", lag=1.0)

    running = asyncio.create_task(bench.ask("PUT", RULES, json={"items": [RULE]}, params={"wait": "indexed"}))
    await asyncio.sleep(0.2)
    bench.stops[0].set()
    await asyncio.sleep(0.1)
    draining, _, _ = await bench.ask("GET", "/health", key="")
    status, answer, _ = await running

    assert draining == 503
    assert (status, answer["created"]) == (200, 1)
    await bench.stop(0)
