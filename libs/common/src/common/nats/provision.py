"""Create or update streams, consumers and buckets: as often as you like, a second pass changes nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

import structlog
from nats.aio.client import Client

from common.errors import NotReady
from common.nats.api import INSUFFICIENT_STORAGE, BrokerUnavailable, JetStreamError, call, find
from common.nats.topology import (
    BUCKETS,
    CONSUMERS,
    STREAMS,
    BucketSpec,
    ConsumerSpec,
    StreamSpec,
)

log = structlog.get_logger(__name__)

Change = Literal["created", "updated", "unchanged"]
_Spec: TypeAlias = StreamSpec | BucketSpec

_AT_ONCE = 16
# Reservations are accounted exactly; the rest is room for indexes and consumer states.
_SHARE_OF_STORAGE = 0.9
_SMALLEST_FACTOR = 1 / 256


@dataclass(frozen=True)
class ProvisionResult:
    """What was done, by name."""

    created: tuple[str, ...] = ()
    updated: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()

    @property
    def changed(self) -> bool:
        """Whether anything had to be done."""
        return bool(self.created or self.updated)


@dataclass
class _Tally:
    by_change: dict[Change, list[str]] = field(default_factory=lambda: {"created": [], "updated": [], "unchanged": []})

    def result(self) -> ProvisionResult:
        return ProvisionResult(*(tuple(sorted(self.by_change[each])) for each in ("created", "updated", "unchanged")))


async def provision(
    nc: Client,
    *,
    replicas: int = 1,
    size_factor: float | None = None,
    streams: Sequence[StreamSpec] = STREAMS,
    buckets: Sequence[BucketSpec] = BUCKETS,
    consumers: Sequence[ConsumerSpec] = CONSUMERS,
) -> ProvisionResult:
    """Bring the broker to the topology.

    Args:
        nc: A connection that may administer JetStream.
        replicas: Copies of every stream: 1 on a single server, 3 on a cluster.
        size_factor: Scales every `max_bytes`, also of streams that exist. None fits new ones into what the account may
            store, and leaves the sizes of the others alone.
        streams: Which streams.
        buckets: Which buckets.
        consumers: Which consumers.

    Raises:
        NotReady: the broker does not answer, or refuses.
    """
    tally = _Tally()
    try:
        specs: tuple[_Spec, ...] = (*streams, *buckets)
        factor = size_factor or await _fitting_factor(nc, specs)
        ensurer = _Streams(nc, replicas, factor, resize=size_factor is not None)
        for spec in specs:
            name, change = await ensurer.ensure(spec)
            tally.by_change[change].append(name)
        await _gather(consumers, lambda each: _ensure_consumer(nc, each, tally))
    except (JetStreamError, BrokerUnavailable) as error:
        raise NotReady(f"cannot provision the broker: {error}") from error
    result = tally.result()
    log.info(
        "broker_provisioned",
        created=len(result.created),
        updated=len(result.updated),
        unchanged=len(result.unchanged),
    )
    return result


async def missing(
    nc: Client,
    *,
    streams: Sequence[StreamSpec] = STREAMS,
    buckets: Sequence[BucketSpec] = BUCKETS,
    consumers: Sequence[ConsumerSpec] = (),
) -> tuple[str, ...]:
    """Which of these the broker does not have. Needs only the right to read their infos.

    Raises:
        BrokerUnavailable: no answer.
    """
    absent: list[str] = []
    for name in (*(each.name for each in streams), *(each.stream for each in buckets)):
        if await find(nc, f"STREAM.INFO.{name}") is None:
            absent.append(name)
    for consumer in consumers:
        if await find(nc, f"CONSUMER.INFO.{consumer.stream}.{consumer.name}") is None:
            absent.append(consumer.name)
    return tuple(absent)


async def _fitting_factor(nc: Client, specs: Sequence[_Spec]) -> float:
    limits = (await call(nc, "INFO")).get("limits", {})
    storage = limits.get("max_storage", -1)
    wanted = sum(each.max_bytes for each in specs)
    if storage <= 0 or wanted <= 0:
        return 1.0
    return float(min(1.0, storage * _SHARE_OF_STORAGE / wanted))


class _Streams:
    """One pass over streams and buckets. All new ones are scaled alike, down to what the broker has room for."""

    def __init__(self, nc: Client, replicas: int, factor: float, *, resize: bool) -> None:
        self._nc = nc
        self._replicas = replicas
        self._factor = factor
        self._resize = resize
        self._created: list[_Spec] = []

    async def ensure(self, spec: _Spec) -> tuple[str, Change]:
        config = self._config(spec)
        name = config["name"]
        info = await find(self._nc, f"STREAM.INFO.{name}")
        if info is None:
            await self._create(spec)
            return name, "created"
        if not self._resize:
            # Sizes are settled when a stream is made: a later pass must not take room the others were left with.
            config["max_bytes"] = info["config"]["max_bytes"]
        if _same(config, info["config"]):
            return name, "unchanged"
        await call(self._nc, f"STREAM.UPDATE.{name}", config)
        return name, "updated"

    async def _create(self, spec: _Spec) -> None:
        while True:
            config = self._config(spec)
            try:
                await call(self._nc, f"STREAM.CREATE.{config['name']}", config)
                break
            except JetStreamError as error:
                if error.code != INSUFFICIENT_STORAGE or self._factor < _SMALLEST_FACTOR:
                    raise
            await self._shrink()
        self._created.append(spec)

    async def _shrink(self) -> None:
        """Halve what this pass made (it is still empty) and what it has yet to make."""
        self._factor /= 2
        log.warning("streams_made_smaller", factor=self._factor)
        for spec in self._created:
            config = self._config(spec)
            await call(self._nc, f"STREAM.UPDATE.{config['name']}", config)

    def _config(self, spec: _Spec) -> dict[str, Any]:
        return spec.config(replicas=self._replicas, size_factor=self._factor)


async def _ensure_consumer(nc: Client, spec: ConsumerSpec, tally: _Tally) -> None:
    config = spec.config()
    info = await find(nc, f"CONSUMER.INFO.{spec.stream}.{spec.name}")
    if info is not None and _same(config, info["config"]):
        tally.by_change["unchanged"].append(spec.name)
        return
    endpoint = f"CONSUMER.CREATE.{spec.stream}.{spec.name}.{spec.filter_subject}"
    await call(nc, endpoint, {"stream_name": spec.stream, "config": config})
    tally.by_change["created" if info is None else "updated"].append(spec.name)


def _same(wanted: dict[str, Any], actual: dict[str, Any]) -> bool:
    """Whether all we ask for is so. The server leaves out what is zero or false."""
    return all((actual.get(key) or None) == (value or None) for key, value in wanted.items())


async def _gather(specs: Sequence[ConsumerSpec], ensure: Callable[[ConsumerSpec], Awaitable[None]]) -> None:
    for start in range(0, len(specs), _AT_ONCE):
        await asyncio.gather(*(ensure(each) for each in specs[start : start + _AT_ONCE]))
