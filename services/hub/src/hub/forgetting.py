"""Erased conversations leave this hub's memory too: what it remembers to save reads would outlive the person's data."""

from __future__ import annotations

from nats.aio.client import Client

from common.nats.requests import Service, serve
from common.queries import QUERIES, ForgetQuery
from common.query_answers import Forgotten
from common.subjects import hub_query
from hub.store import ConversationStore


class Forgetting:
    """Serves `hub.query.forget`; every running hub gets the query."""

    def __init__(self, nc: Client, store: ConversationStore, hub_id: str) -> None:
        self._nc = nc
        self._store = store
        self._hub_id = hub_id
        self._service: Service | None = None

    async def start(self) -> None:
        """Begin to listen."""
        self._service = await serve(self._nc, hub_query("forget"), "", QUERIES, self.forget)

    async def stop(self) -> None:
        """Stop. Safe to call when it was not started."""
        service, self._service = self._service, None
        if service is not None:
            await service.stop()

    async def forget(self, query: ForgetQuery) -> Forgotten:
        """Drop what is remembered of these conversations. The next event reads them anew."""
        dropped = [each for each in query.conversation_ids if self._store.forget(query.tenant, each)]
        return Forgotten(hub_id=self._hub_id, conversations=len(dropped))
