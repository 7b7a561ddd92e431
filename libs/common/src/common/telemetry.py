"""Traces: one per customer message, carried in HTTP and NATS headers by W3C `traceparent`.

Without an OTLP endpoint nothing is exported, but ids are made and passed on all the same, so that logs of all services
can be joined by `trace_id`.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from opentelemetry import context as otel_context
from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.sdk.trace.sampling import ALWAYS_OFF
from opentelemetry.trace import Span, SpanKind, StatusCode
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

_PROPAGATOR = TraceContextTextMapPropagator()
# The default of 2,048 drops about half of a burst of 60,000 spans.
_QUEUE_SIZE = 8192


def exporting(environ: Mapping[str, str]) -> bool:
    """Whether the standard variables ask for traces to be sent anywhere."""
    disabled = environ.get("OTEL_SDK_DISABLED", "").lower() == "true" or environ.get("OTEL_TRACES_EXPORTER") == "none"
    endpoint = environ.get("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT") or environ.get("OTEL_EXPORTER_OTLP_ENDPOINT")
    return bool(endpoint) and not disabled


def configure_telemetry(service: str, instance_id: str) -> None:
    """Install this process's tracer provider; sampling follows `OTEL_TRACES_SAMPLER` as the SDK reads it."""
    exports = exporting(os.environ)  # noqa: TID251 - the standard OTEL_* variables are the SDK's own settings
    provider = TracerProvider(
        # Ids are made and passed on either way; attributes nobody will see are not collected.
        sampler=None if exports else ALWAYS_OFF,
        resource=Resource.create({"service.name": f"odoo-ai-{service}", "service.instance.id": instance_id}),
    )
    if exports:
        provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(), max_queue_size=_QUEUE_SIZE))
    trace.set_tracer_provider(provider)


def shutdown_telemetry() -> None:
    """Send what is left. Bounded: a dead collector costs seconds, not the shutdown."""
    provider = trace.get_tracer_provider()
    if isinstance(provider, TracerProvider):
        provider.shutdown()


class Tracer:
    """Makes the spans of one part of the system."""

    def __init__(self, name: str) -> None:
        self._tracer = trace.get_tracer(f"odoo_ai.{name}")

    @contextmanager
    def start_as_current_span(
        self, name: str, *, context: Context | None = None, kind: SpanKind = SpanKind.INTERNAL
    ) -> Iterator[Span]:
        """A span around a block; an error that leaves the block shows as its type.

        Never as its text, which may quote a customer; and a traceback of each lost compare-and-set would cost more
        than the rest of the span.
        """
        with self._tracer.start_as_current_span(
            name, context=context, kind=kind, record_exception=False, set_status_on_exception=False
        ) as span:
            try:
                yield span
            except Exception as error:
                span.set_status(StatusCode.ERROR, type(error).__name__)
                raise


def tracer(name: str) -> Tracer:
    """A tracer named after the part of the system that makes the spans."""
    return Tracer(name)


def inject(headers: dict[str, str]) -> dict[str, str]:
    """Add the current span's `traceparent` to headers, and return them."""
    _PROPAGATOR.inject(headers)
    return headers


def extract(headers: Mapping[str, str] | None) -> Context:
    """The context a message or request was sent in; an empty one when it carries none."""
    if not headers:
        return otel_context.Context()
    return _PROPAGATOR.extract({key.lower(): value for key, value in headers.items()})
