"""Made-up requests, right and wrong ones, to every operation of the published document: nothing breaks."""

from __future__ import annotations

import asyncio
import contextlib
from typing import Any, Final

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import negative_data_rejection, positive_data_acceptance
from support.odoo_api_bench import OdooApiBench

pytestmark = pytest.mark.broker

EXAMPLES: Final = {GenerationMode.POSITIVE: 3, GenerationMode.NEGATIVE: 3}


Operation = schemathesis.APIOperation[Any, Any, Any, Any]


def operations(document: dict[str, Any]) -> list[Operation]:
    found = [each.ok() for each in schemathesis.openapi.from_dict(document).get_all_operations()]  # type: ignore[union-attr]
    return [each for each in found if each is not None]


def try_out(operation: Operation, mode: GenerationMode, url: str, key: str) -> int:
    tried = 0
    # A wrong item is rejected by itself: the request with it is accepted, and `rejected` names it.
    excluded: list[Any] = [negative_data_rejection] if operation.method in ("put", "patch") else []
    if operation.path.endswith("/upload"):
        excluded = [positive_data_acceptance]  # no schema says what is in a file and how it is named

    @settings(
        max_examples=EXAMPLES[mode],
        deadline=None,
        derandomize=True,
        database=None,
        phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def run(case: schemathesis.Case[Any]) -> None:
        nonlocal tried
        tried += 1
        if "Idempotency-Key" in case.headers:
            # A key that was used for another request is refused, as documented; a made-up one repeats.
            case.headers["Idempotency-Key"] = f"{operation.label} {mode} {tried}"
        headers = {"Authorization": f"Bearer {key}"}
        case.call_and_validate(base_url=url, headers=headers, timeout=20, excluded_checks=excluded)

    # Some operations take nothing that could be wrong.
    with contextlib.suppress(Unsatisfiable):
        run()
    return tried


@pytest.mark.timeout(240)
async def test_no_request_that_the_document_allows_or_forbids_is_answered_otherwise_than_it_says(
    bench: OdooApiBench,
) -> None:
    url = await bench.start()
    await bench.hub()
    _, document, _ = await bench.ask("GET", "/api/v1/openapi.json", key="")
    tried = 0

    for operation in operations(document):
        for mode in GenerationMode:
            tried += await asyncio.to_thread(try_out, operation, mode, url, bench.key)

    assert tried > 2 * len(document["paths"])
