"""Has every running hub indexed what was just stored?"""

from __future__ import annotations

from collections.abc import Sequence

from nats.aio.client import Client

from common import subjects
from common.nats.requests import ask_all
from common.queries import IndexStatusQuery
from common.query_answers import IndexStatus

_CENSUS_SECONDS = 0.25


class HubIndex:
    """Asks all hubs at once; none of them is known by name."""

    def __init__(self, nc: Client, wait_seconds: float) -> None:
        self._nc = nc
        self._wait_seconds = wait_seconds

    async def census(self, tenant: str) -> list[IndexStatus]:
        """The hubs that answer right now, and how far each is.

        Raises:
            QueryFailed: the question could not be sent.
        """
        return await self._ask(tenant, 0, _CENSUS_SECONDS, None)

    async def reached(self, tenant: str, hubs: Sequence[IndexStatus], sequence: int) -> bool:
        """Wait, with a limit, until all these hubs have indexed the sequence. No hub at all: False.

        Raises:
            QueryFailed: the question could not be sent.
        """
        behind = {each.hub_id for each in hubs if each.indexed_sequence < sequence}
        if not hubs or not behind:
            return bool(hubs)
        answers = await self._ask(tenant, sequence, self._wait_seconds, len({each.hub_id for each in hubs}))
        return behind <= {each.hub_id for each in answers if each.reached}

    async def _ask(self, tenant: str, sequence: int, window: float, expected: int | None) -> list[IndexStatus]:
        query = IndexStatusQuery(tenant=tenant, at_least_sequence=sequence)
        answers = await ask_all(self._nc, subjects.hub_query("index-status"), query, window, expected=expected)
        return [each for each in answers if isinstance(each, IndexStatus)]
