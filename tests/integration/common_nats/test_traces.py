from __future__ import annotations

import asyncio

import pytest
from opentelemetry import trace
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from common.nats.connection import NatsConnection
from common.nats.consumer import Consumer, Delivery
from common.nats.provision import provision
from common.nats.publisher import Publisher
from common.nats.requests import ask, serve
from common.nats.topology import MIB, ConsumerSpec, StreamSpec
from common.queries import QUERIES, PriceQuery
from common.query_answers import ANSWERS, Prices
from common.telemetry import tracer

pytestmark = pytest.mark.broker

WORK = StreamSpec("WORK", "for tests", ("work.*",), 64 * MIB)
ONE = ConsumerSpec("WORK", "one", "one", "work.*", ack_wait=1.0)


@pytest.fixture
def spans() -> InMemorySpanExporter:
    provider = trace.get_tracer_provider()
    if not isinstance(provider, TracerProvider):
        provider = TracerProvider()
        trace.set_tracer_provider(provider)
    exporter = InMemorySpanExporter()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    return exporter


def _by_name(exporter: InMemorySpanExporter) -> dict[str, ReadableSpan]:
    return {span.name: span for span in exporter.get_finished_spans()}


def _parent(span: ReadableSpan) -> int | None:
    return span.parent.span_id if span.parent else None


def _id(span: ReadableSpan) -> int:
    assert span.context is not None
    return int(span.context.span_id)


async def test_one_trace_leads_from_the_sender_through_the_stream_into_what_the_handler_does(
    connection: NatsConnection, publisher: Publisher, spans: InMemorySpanExporter
) -> None:
    await provision(connection.nc, streams=[WORK], buckets=[], consumers=[ONE])
    handled = asyncio.Event()

    async def handler(data: bytes, delivery: Delivery) -> None:
        with tracer("test").start_as_current_span("inner"):
            handled.set()

    consumer = Consumer(connection.nc, publisher, ONE, bytes, handler)
    await consumer.start()
    with tracer("test").start_as_current_span("outer"):
        await publisher.publish("work.a", b"1", stream="WORK", msg_id="x")
    await asyncio.wait_for(handled.wait(), 5)
    await consumer.stop()

    found = _by_name(spans)
    assert _parent(found["send WORK"]) == _id(found["outer"])
    assert _parent(found["process WORK"]) == _id(found["send WORK"])
    assert _parent(found["inner"]) == _id(found["process WORK"])
    assert len({span.context.trace_id for span in found.values() if span.context}) == 1


async def test_a_query_and_its_answer_are_in_one_trace(connection: NatsConnection, spans: InMemorySpanExporter) -> None:
    async def answer(query: PriceQuery) -> Prices:
        return Prices(prices=())

    service = await serve(connection.nc, "odoo.query.price", "q", QUERIES, answer)
    await ask(connection.nc, "odoo.query.price", PriceQuery(tenant="acme", product_ids=(1,)), ANSWERS, 2.0)
    await service.stop()

    found = _by_name(spans)
    assert _parent(found["answer odoo.query.price"]) == _id(found["ask odoo.query.price"])
