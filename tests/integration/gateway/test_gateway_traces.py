from __future__ import annotations

import asyncio
from pathlib import Path

import httpx
from aiohttp import web
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)
from opentelemetry.proto.trace.v1.trace_pb2 import Span
from support.gateway import Upstream, free_port, running_gateway

from cli.gateway_process import Upstreams

TRACE_ID = "0af7651916cd43dd8448eb211c80319c"
PARENT_ID = "b7ad6b7169203331"


async def test_spans_have_fixed_names_and_continue_the_callers_trace(tmp_path: Path) -> None:
    spans: list[tuple[str, Span]] = []

    async def collect(request: web.Request) -> web.Response:
        export = ExportTraceServiceRequest.FromString(await request.read())
        for resource in export.resource_spans:
            names = [each.value.string_value for each in resource.resource.attributes if each.key == "service.name"]
            spans.extend((names[0], span) for scope in resource.scope_spans for span in scope.spans)
        return web.Response(
            body=ExportTraceServiceResponse().SerializeToString(), content_type="application/x-protobuf"
        )

    collector = web.Application(client_max_size=64 << 20)
    collector.router.add_post("/v1/traces", collect)
    runner = web.AppRunner(collector, access_log=None)
    await runner.setup()
    port = free_port()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    service = Upstream()
    await service.start()
    environment = {"OTEL_EXPORTER_OTLP_ENDPOINT": f"http://127.0.0.1:{port}", "OTEL_BSP_SCHEDULE_DELAY": "100"}
    headers = {"traceparent": f"00-{TRACE_ID}-{PARENT_ID}-01"}
    async with running_gateway(Upstreams([service.address], [service.address]), tmp_path, environment) as gateway:
        async with httpx.AsyncClient(headers=headers) as client:
            await client.post(f"{gateway.url}/webhook/chatwoot/acme/SECRET-PATH?token=SECRET", content=b"{}")
            await client.get(f"{gateway.url}/api/v1/rules?token=SECRET")
            await client.put(f"{gateway.url}/api/v1/knowledge/rule", content=b"{}")
        for _ in range(100):
            if len(spans) >= 3:
                break
            await asyncio.sleep(0.05)
    await service.stop()
    await runner.cleanup()

    assert [(service_name, span.name) for service_name, span in spans] == [
        ("odoo-ai-gateway", "POST /webhook"),
        ("odoo-ai-gateway", "GET /api"),
        ("odoo-ai-gateway", "PUT /api/v1/knowledge"),
    ]
    assert {span.trace_id.hex() for _, span in spans} == {TRACE_ID}
    assert {span.parent_span_id.hex() for _, span in spans} == {PARENT_ID}
    sent_on = {each.headers["traceparent"].split("-")[2] for each in service.received}
    assert sent_on == {span.span_id.hex() for _, span in spans}
    assert [_attribute(span, "url.path") for _, span in spans] == [
        "/webhook/chatwoot/acme",
        "/api/v1/rules",
        "/api/v1/knowledge/rule",
    ]
    assert "SECRET" not in str(spans)
    assert [(each.path, each.query) for each in service.received] == [
        ("/webhook/chatwoot/acme/SECRET-PATH", "token=SECRET"),
        ("/api/v1/rules", "token=SECRET"),
        ("/api/v1/knowledge/rule", ""),
    ]


def _attribute(span: Span, key: str) -> str | None:
    return next((each.value.string_value for each in span.attributes if each.key == key), None)
