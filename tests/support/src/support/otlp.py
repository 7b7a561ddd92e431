"""An OTLP/HTTP receiver for tests: keeps every span it is sent."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiohttp import web
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)

_LIMIT = 64 * 1024 * 1024


@dataclass(frozen=True)
class SeenSpan:
    """One span. Ids are hexadecimal; a root span has an empty `parent_id`."""

    service: str
    name: str
    trace_id: str
    span_id: str
    parent_id: str
    attributes: dict[str, str]


@dataclass
class Receiver:
    """Where to send spans, and what came."""

    url: str = ""
    spans: list[SeenSpan] = field(default_factory=list)

    def trace_of(self, span: SeenSpan) -> list[SeenSpan]:
        """All spans of the same trace."""
        return [each for each in self.spans if each.trace_id == span.trace_id]


@asynccontextmanager
async def receiving() -> AsyncIterator[Receiver]:
    """Receive spans for as long as the block lasts."""
    receiver = Receiver()

    async def traces(request: web.Request) -> web.Response:
        receiver.spans.extend(_spans(await request.read()))
        body = ExportTraceServiceResponse().SerializeToString()
        return web.Response(body=body, content_type="application/x-protobuf")

    async def other(_: web.Request) -> web.Response:
        return web.Response()

    app = web.Application(client_max_size=_LIMIT)
    app.add_routes([web.post("/v1/traces", traces), web.post("/v1/{signal}", other)])
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    receiver.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield receiver
    finally:
        await runner.cleanup()


def _spans(body: bytes) -> list[SeenSpan]:
    found = []
    for resource in ExportTraceServiceRequest.FromString(body).resource_spans:
        attributes = {each.key: each.value.string_value for each in resource.resource.attributes}
        for scope in resource.scope_spans:
            found += [
                SeenSpan(
                    service=attributes.get("service.name", ""),
                    name=span.name,
                    trace_id=span.trace_id.hex(),
                    span_id=span.span_id.hex(),
                    parent_id=span.parent_span_id.hex(),
                    attributes={each.key: str(each.value) for each in span.attributes},
                )
                for span in scope.spans
            ]
    return found
