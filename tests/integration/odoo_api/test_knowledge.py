from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime
from typing import Any

import pytest
from support.odoo_api_bench import OdooApiBench

from common import subjects
from common.knowledge import KnowledgeItemChanged, KnowledgeItemDeleted, parse_item
from common.nats.api import call

pytestmark = pytest.mark.broker

RULES = "/api/v1/knowledge/rule"
PRODUCTS = "/api/v1/knowledge/product"


def rule(item_id: Any = "trocas", text: str = "Trocas em até 7 dias.", **more: Any) -> dict[str, Any]:
    return {"id": item_id, "title": f"Regra {item_id}", "text": text, **more}


def numbers(answer: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in answer.items() if key != "rejected" and value}


async def last_sequence(bench: OdooApiBench) -> int:
    return int((await call(bench.admin.nc, "STREAM.INFO.KNOWLEDGE"))["state"]["last_seq"])


async def put(bench: OdooApiBench, *items: Any, **options: Any) -> dict[str, Any]:
    status, answer, _ = await bench.ask("PUT", RULES, json={"items": list(items)}, **options)
    assert status == 200, answer
    assert isinstance(answer, dict)
    return answer


async def test_replace_counts_what_it_changes_and_unchanged_items_publish_nothing(bench: OdooApiBench) -> None:
    await bench.start()

    first = await put(bench, rule("a"), rule("b"), rule("c"))
    before = await last_sequence(bench)
    again = await put(bench, rule("a"), rule("b"), rule("c", updated_at="2026-11-24T10:00:00Z"))
    after = await last_sequence(bench)
    changed = await put(bench, rule("a"), rule("b", text="Agora 30 dias."), rule("d"))

    assert numbers(first) == {"received": 3, "created": 3}
    assert numbers(again) == {"received": 3, "unchanged": 3}
    assert after == before
    assert numbers(changed) == {"received": 3, "created": 1, "updated": 1, "unchanged": 1, "removed": 1}


async def test_hubs_receive_the_items_and_the_tombstones(bench: OdooApiBench) -> None:
    await bench.start()
    hub = await bench.hub()

    await put(bench, rule("a"), rule("ação/ nº 1"), params={"wait": "indexed"})
    await put(bench, rule("a"), params={"wait": "indexed"})

    changed = hub.items["knowledge.acme.rule.a"]
    assert isinstance(changed, KnowledgeItemChanged)
    assert changed.parsed().id == "a"
    gone = [each for each in hub.items.values() if isinstance(each, KnowledgeItemDeleted)]
    assert [each.item_id for each in gone] == ["ação/ nº 1"]


async def test_a_rejected_item_keeps_its_stored_version_and_stops_no_other(bench: OdooApiBench) -> None:
    await bench.start()
    await put(bench, rule("a"), rule("b"))

    answer = await put(bench, {"id": "a", "titel": "misspelt"}, rule("c"), rule("d"), rule("d"))
    _, kept, _ = await bench.ask("GET", f"{RULES}/a")

    assert numbers(answer) == {"received": 4, "created": 1, "removed": 1}
    assert [(each["index"], each["id"]) for each in answer["rejected"]] == [(0, "a"), (2, "d"), (3, "d")]
    assert {each["field"] for each in answer["rejected"][0]["errors"]} == {"title", "text", "titel"}
    assert kept["text"] == "Trocas em até 7 dias."


async def test_patch_changes_only_what_it_names(bench: OdooApiBench) -> None:
    await bench.start()
    await put(bench, rule("a"), rule("b"), rule("c"))

    body = {"upsert": [rule("a", text="Novo."), rule("d"), rule("x")], "delete": ["b", "unknown", "x"]}
    status, answer, _ = await bench.ask("PATCH", RULES, json=body)
    _, page, _ = await bench.ask("GET", RULES)

    assert status == 200
    assert numbers(answer) == {"received": 6, "created": 1, "updated": 1, "removed": 1}
    assert [each["id"] for each in answer["rejected"]] == ["x"]
    assert [each["id"] for each in page["items"]] == ["a", "c", "d"]


async def test_an_item_may_go_back_and_forth(bench: OdooApiBench) -> None:
    await bench.start()

    counts = [numbers(await put(bench, *items)) for items in ([rule()], [], [rule()], [rule(text="B")], [rule()], [])]

    assert [next(key for key in each if key != "received") for each in counts] == [
        "created",
        "removed",
        "created",
        "updated",
        "updated",
        "removed",
    ]
    _, page, _ = await bench.ask("GET", RULES)
    assert page == {"items": [], "next": None, "total": 0}


async def test_listing_goes_page_by_page_in_id_order(bench: OdooApiBench) -> None:
    await bench.start()
    await put(bench, *(rule(f"r{number:02d}") for number in range(25)))

    seen: list[str] = []
    after = ""
    while True:
        _, page, _ = await bench.ask("GET", RULES, params={"limit": 10, "after": after})
        seen += [each["id"] for each in page["items"]]
        assert page["total"] == 25
        if page["next"] is None:
            break
        after = page["next"]

    assert seen == [f"r{number:02d}" for number in range(25)]


async def test_ids_with_any_character_are_read_back(bench: OdooApiBench) -> None:
    await bench.start()
    await put(bench, rule("pasta/arquivo nº 1.txt"))

    status, item, _ = await bench.ask("GET", RULES + "/pasta%2Farquivo%20n%C2%BA%201.txt")
    missing, problem, _ = await bench.ask("GET", RULES + "/none")

    assert (status, item["id"]) == (200, "pasta/arquivo nº 1.txt")
    assert (missing, problem["type"]) == (404, "urn:odoo-ai:problem:not-found")


async def test_the_tenant_is_the_keys_and_nothing_else(bench: OdooApiBench) -> None:
    await bench.start()
    betas = (await bench.new_key("beta")).key
    await put(bench, rule("a"))

    _, theirs, _ = await bench.ask("GET", RULES, key=betas)
    answer = await put(bench, rule("b"), key=betas)
    _, ours, _ = await bench.ask("GET", RULES)

    assert theirs["items"] == []
    assert numbers(answer) == {"received": 1, "created": 1}
    assert [each["id"] for each in ours["items"]] == ["a"]


async def test_wait_indexed_waits_for_every_running_hub(bench: OdooApiBench) -> None:
    await bench.start()
    await bench.hub("fast")
    await bench.hub("slow", lag=0.5)

    started = time.monotonic()
    waited = await put(bench, rule("a"), params={"wait": "indexed"})
    took = time.monotonic() - started
    unchanged = await put(bench, rule("a"), params={"wait": "indexed"})
    unasked = await put(bench, rule("a"))

    assert waited["indexed"] is True
    assert 0.5 <= took < 3
    assert unchanged["indexed"] is True
    assert unasked["indexed"] is False


async def test_wait_indexed_gives_up_in_bounded_time(bench: OdooApiBench) -> None:
    await bench.start(api_index_wait_seconds=0.5)
    await bench.hub("stuck", lag=30)

    started = time.monotonic()
    answer = await put(bench, rule("a"), params={"wait": "indexed"})

    assert answer["created"] == 1
    assert answer["indexed"] is False
    assert time.monotonic() - started < 3


async def test_without_a_hub_nothing_is_indexed(bench: OdooApiBench) -> None:
    await bench.start()

    answer = await put(bench, rule("a"), params={"wait": "indexed"})

    assert (answer["created"], answer["indexed"]) == (1, False)


async def test_a_change_made_through_another_instance_is_seen(bench: OdooApiBench) -> None:
    await bench.start()
    await bench.start()

    for round_ in range(5):
        await put(bench, rule("a", text=f"versão {round_}"), instance=round_ % 2)
        again = await put(bench, rule("a", text=f"versão {round_}"), instance=(round_ + 1) % 2)
        assert numbers(again) == {"received": 1, "unchanged": 1}


async def test_an_instance_that_has_just_started_answers_from_the_whole_stream(bench: OdooApiBench) -> None:
    await bench.start()
    await put(bench, *(rule(f"r{number}") for number in range(3000)))

    await bench.start()
    _, page, _ = await bench.ask("GET", RULES, params={"limit": 1}, instance=1)

    assert page["total"] == 3000


async def test_items_stored_without_a_hash_in_their_header_are_compared_as_well(bench: OdooApiBench) -> None:
    item = parse_item("rule", rule("ação"))
    message = KnowledgeItemChanged(
        tenant="acme",
        kind="rule",
        item_id=item.id,
        content_hash=item.content_hash(),
        changed_at=datetime.now(UTC),
        item=item.model_dump(mode="json"),
    )
    await bench.admin.nc.jetstream().publish(subjects.knowledge("acme", "rule", item.id), message.encode())
    await bench.start()

    answer = await put(bench, rule("ação"))

    assert numbers(answer) == {"received": 1, "unchanged": 1}


async def test_concurrent_syncs_through_two_instances_end_in_one_of_them(bench: OdooApiBench) -> None:
    await bench.start()
    await bench.start()

    one = [rule(f"r{number}", text="um") for number in range(50)]
    two = [rule(f"r{number}", text="dois") for number in range(50)]
    await asyncio.gather(put(bench, *one, instance=0), put(bench, *two, instance=1))
    _, page, _ = await bench.ask("GET", RULES, params={"limit": 500})
    final = await put(bench, *one)

    assert page["total"] == 50
    assert final["unchanged"] + final["updated"] == 50


async def test_an_item_too_large_for_a_message_is_rejected(bench: OdooApiBench) -> None:
    await bench.start()
    questions = ["pergunta " + "x" * 900] * 1000

    answer = await put(bench, rule("big", questions=questions), rule("small"))

    assert answer["created"] == 1
    assert answer["rejected"][0]["errors"][0]["type"] == "too_large"


async def test_knowledge_survives_a_broker_restart_and_syncs_go_on(bench: OdooApiBench) -> None:
    await bench.start()
    await put(bench, rule("a"))

    await bench.broker.restart()
    deadline = time.monotonic() + 15
    while True:
        status, answer, _ = await bench.ask("PUT", RULES, json={"items": [rule("a"), rule("b")]})
        if status == 200 or time.monotonic() > deadline:
            break
        assert status == 503, answer
        await asyncio.sleep(0.2)

    assert numbers(answer) == {"received": 2, "created": 1, "unchanged": 1}


async def test_two_thousand_products_are_synced_once(bench: OdooApiBench) -> None:
    await bench.start()
    items = [{"id": f"p{number}", "name": f"Produto {number}", "odoo_id": number + 1} for number in range(2000)]

    _, first, _ = await bench.ask("PUT", PRODUCTS, json={"items": items})
    stored = (await call(bench.admin.nc, "STREAM.INFO.KNOWLEDGE"))["state"]["last_seq"]
    _, second, _ = await bench.ask("PUT", PRODUCTS, json={"items": items})

    assert numbers(first) == {"received": 2000, "created": 2000}
    assert numbers(second) == {"received": 2000, "unchanged": 2000}
    assert (await call(bench.admin.nc, "STREAM.INFO.KNOWLEDGE"))["state"]["last_seq"] == stored, "nothing moves"


async def test_a_stream_that_knows_no_batches_takes_the_items_one_by_one(bench: OdooApiBench) -> None:
    await bench.start()
    config = (await call(bench.admin.nc, "STREAM.INFO.KNOWLEDGE"))["config"]
    await call(bench.admin.nc, "STREAM.UPDATE.KNOWLEDGE", {**config, "allow_atomic": False})

    first = await put(bench, *(rule(f"r{number}") for number in range(50)))
    second = await put(bench)

    assert numbers(first) == {"received": 50, "created": 50}
    assert numbers(second) == {"removed": 50}


async def test_a_batch_is_one_write_and_a_lost_race_costs_only_a_second_try(bench: OdooApiBench) -> None:
    await bench.start()
    await bench.start()
    items = [rule(f"r{number}") for number in range(300)]

    counts = await asyncio.gather(*(put(bench, *items, instance=number % 2) for number in range(6)))
    _, page, _ = await bench.ask("GET", RULES, params={"limit": 1})
    stored = (await call(bench.admin.nc, "STREAM.INFO.KNOWLEDGE"))["state"]

    assert page["total"] == 300
    assert all(each["created"] + each["updated"] + each["unchanged"] == 300 for each in counts)
    # Never stored twice: whoever lost found the item there with the same content.
    assert stored["messages"] == 300
    assert stored["last_seq"] == 300


async def test_a_sync_that_the_broker_interrupts_can_be_repeated(bench: OdooApiBench) -> None:
    await bench.start()
    items = [rule(f"r{number}", text="x" * 250) for number in range(3000)]
    running = asyncio.create_task(bench.ask("PUT", RULES, json={"items": items}))
    while await last_sequence(bench) == 0:
        await asyncio.sleep(0.01)

    await bench.broker.restart()
    status, answer, _ = await running
    for _ in range(50):
        if status == 200:
            break
        assert status == 503, answer
        await asyncio.sleep(0.3)
        status, answer, _ = await bench.ask("PUT", RULES, json={"items": items})
    _, again, _ = await bench.ask("PUT", RULES, json={"items": items})

    assert status == 200
    assert numbers(again) == {"received": 3000, "unchanged": 3000}
