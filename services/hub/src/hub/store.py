"""Where conversation states live: the `conversations` bucket, read from its leader, written by compare-and-set."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import orjson
import structlog

from common.errors import PublishFailed, RetryLater, RevisionConflict
from common.subjects import conversation_key
from hub.conversation import STATES, ConversationState
from hub.ports import StateBucket

_NEWER_VERSION_DELAY = 2.0
_REMEMBERED: Final = 2_000
"""Some 20 MB; at fifty conversations a second the last forty seconds, so that a reply finds what it answers."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Stored:
    """A state and the revision it was read or written at; revision 0: not stored yet.

    `from_memory`: as this process last knew it. Another hub may have written since, so such a state is good for a
    compare-and-set, which tells, and not for deciding that there is nothing to do.
    """

    state: ConversationState
    revision: int
    from_memory: bool = False


@dataclass(frozen=True)
class _Published:
    """A state without its outbox, over the revision that still has it. `at`: since when."""

    state: ConversationState
    revision: int
    at: float


class ConversationStore:
    """Typed access to the states. It remembers the last ones: most events of a conversation meet the same hub again.

    `settles`: somebody calls `settle` again and again, so an outbox that was published need not leave the stored state
    at once. The next event of the conversation, usually our own reply, writes the state anyway.
    """

    def __init__(
        self, bucket: StateBucket, *, settles: bool = False, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.settles = settles
        self._bucket = bucket
        self._clock = clock
        self._remembered: OrderedDict[str, Stored] = OrderedDict()
        self._published: dict[str, _Published] = {}

    async def recent(self, tenant: str, conversation_id: int) -> Stored | None:
        """The state as remembered; the newest one when it is not.

        Raises:
            RetryLater, UnreadableMessage: as `load`.
        """
        remembered = self._remembered.get(conversation_key(tenant, conversation_id))
        return remembered or await self.load(tenant, conversation_id)

    async def load(self, tenant: str, conversation_id: int) -> Stored | None:
        """The newest state; None: no event of this conversation was applied yet.

        Raises:
            RetryLater: a newer version of the hub wrote it. It will be read by one of those.
            UnreadableMessage: it is damaged.
        """
        key = conversation_key(tenant, conversation_id)
        self._remembered.pop(key, None)
        entry = await self._bucket.get(key)
        if entry is None:
            return None
        published = self._published.get(key)
        if published is not None and published.revision == entry.revision:
            return self._remember(key, published.state, entry.revision)
        _refuse_newer(entry.value)
        return self._remember(key, STATES.decode(entry.value), entry.revision)

    def forget(self, tenant: str, conversation_id: int) -> bool:
        """Remember a state no longer, nor store what is left to settle of it. False: it was not remembered."""
        key = conversation_key(tenant, conversation_id)
        settled = self._published.pop(key, None)
        return self._remembered.pop(key, None) is not None or settled is not None

    async def save(self, state: ConversationState, over: int) -> Stored:
        """Store a state over the revision it was made from.

        Raises:
            RevisionConflict: somebody wrote first: load and decide again.
            PublishFailed: not confirmed; it may be stored all the same.
        """
        key = conversation_key(state.tenant, state.conversation_id)
        value = state.encode()
        try:
            revision = await (self._bucket.update(key, value, over) if over else self._bucket.create(key, value))
        except (RevisionConflict, PublishFailed):
            self._remembered.pop(key, None)
            raise
        self._published.pop(key, None)
        return self._remember(key, state, revision)

    def published(self, stored: Stored) -> Stored:
        """All that waits in this state is published: from now on this process takes it for gone.

        Another one that reads the state publishes it again, under the same ids, which changes nothing.
        """
        key = conversation_key(stored.state.tenant, stored.state.conversation_id)
        without = stored.state.model_copy(update={"outbox": ()})
        self._published[key] = _Published(without, stored.revision, self._clock())
        return self._remember(key, without, stored.revision)

    async def settle(self, seconds: float) -> None:
        """Store what was published so long ago, and was not written over since."""
        until = self._clock() - seconds
        for key, each in list(self._published.items()):
            if each.at <= until and self._published.pop(key, None) is not None:
                try:
                    revision = await self._bucket.update(key, each.state.encode(), each.revision)
                    self._remember(key, each.state, revision)
                except RevisionConflict:
                    self._remembered.pop(key, None)
                except PublishFailed as error:
                    log.info("outbox_not_cleared", key=key, reason=str(error))
                    self._published.setdefault(key, each)

    def _remember(self, key: str, state: ConversationState, revision: int) -> Stored:
        known = self._remembered.get(key)
        if known is None or known.revision <= revision:
            self._remembered[key] = Stored(state, revision, from_memory=True)
            self._remembered.move_to_end(key)
        while len(self._remembered) > _REMEMBERED:
            self._remembered.popitem(last=False)
        return Stored(state, revision)


def _refuse_newer(value: bytes) -> None:
    try:
        version = orjson.loads(value)["schema_version"]
    except (orjson.JSONDecodeError, KeyError, TypeError):
        return
    if isinstance(version, int) and version > ConversationState.VERSION:
        raise RetryLater(f"conversation state of version {version}", delay=_NEWER_VERSION_DELAY)
