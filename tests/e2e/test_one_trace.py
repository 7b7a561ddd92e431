"""One customer message is one trace: gateway, intake, NATS, hub, Odoo query, POST to Chatwoot."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.otlp import Receiver, SeenSpan, receiving
from support.shop import open_shop, until

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(120)]


async def test_a_single_trace_goes_from_the_gateway_to_the_reply(tmp_path: Path) -> None:
    async with receiving() as receiver:
        environment = {
            "OTEL_EXPORTER_OTLP_ENDPOINT": receiver.url,
            "OTEL_EXPORTER_OTLP_PROTOCOL": "http/protobuf",
            "OTEL_BSP_SCHEDULE_DELAY": "200",
        }
        async with open_shop(tmp_path, copies=1, environment=environment) as shop:
            sku, _ = await shop.priced(at=321.99)
            customer = shop.customer()
            said = shop.says(customer, f"Quanto custa o {sku}?")
            reply = await shop.reply(customer, said)
            await until(lambda: any(is_reply(each) for each in receiver.spans))
            await until(lambda: "odoo-ai-gateway" in services_of(receiver), seconds=15)

        assert "321,99" in reply.text
        (posted,) = [each for each in receiver.spans if is_reply(each)]
        trace = receiver.trace_of(posted)
        assert {each.service for each in trace} >= {
            "odoo-ai-gateway",
            "odoo-ai-webhook",
            "odoo-ai-hub",
            "odoo-ai-odoo_api",
        }
        names = " | ".join(sorted({each.name for each in trace}))
        for part in ("/webhook", "process CHATWOOT_EVENTS", "turn", "odoo.query.price", "process CHATWOOT_COMMANDS"):
            assert part in names, f"{part} is not in: {names}"
        known = {each.span_id for each in trace}
        orphans = [each for each in trace if each.parent_id and each.parent_id not in known]
        assert not orphans, orphans
        roots = [each for each in trace if not each.parent_id]
        assert [each.service for each in roots] == ["odoo-ai-gateway"]
        spans_hold = " ".join(str(each.attributes) for each in receiver.spans)
        assert sku not in spans_hold
        assert "simulated-" not in spans_hold


def is_reply(span: SeenSpan) -> bool:
    return span.service == "odoo-ai-webhook" and span.name.startswith("POST ") and "messages" in span.name


def services_of(receiver: Receiver) -> set[str]:
    return {each.service for each in receiver.spans}
