"""Where conversation states live: the `conversations` bucket, read from its leader, written by compare-and-set."""

from __future__ import annotations

from dataclasses import dataclass

import orjson

from common.errors import RetryLater
from common.subjects import conversation_key
from hub.conversation import STATES, ConversationState
from hub.ports import StateBucket

_NEWER_VERSION_DELAY = 2.0


@dataclass(frozen=True)
class Stored:
    """A state and the revision it was read or written at; revision 0: not stored yet."""

    state: ConversationState
    revision: int


class ConversationStore:
    """Typed access to the states."""

    def __init__(self, bucket: StateBucket) -> None:
        self._bucket = bucket

    async def load(self, tenant: str, conversation_id: int) -> Stored | None:
        """The newest state; None: no event of this conversation was applied yet.

        Raises:
            RetryLater: a newer version of the hub wrote it. It will be read by one of those.
            UnreadableMessage: it is damaged.
        """
        entry = await self._bucket.get(conversation_key(tenant, conversation_id))
        if entry is None:
            return None
        _refuse_newer(entry.value)
        return Stored(STATES.decode(entry.value), entry.revision)

    async def save(self, state: ConversationState, over: int) -> Stored:
        """Store a state over the revision it was made from.

        Raises:
            RevisionConflict: somebody wrote first: load and decide again.
            PublishFailed: not confirmed; it may be stored all the same.
        """
        key = conversation_key(state.tenant, state.conversation_id)
        value = state.encode()
        revision = await (self._bucket.update(key, value, over) if over else self._bucket.create(key, value))
        return Stored(state, revision)


def _refuse_newer(value: bytes) -> None:
    try:
        version = orjson.loads(value)["schema_version"]
    except (orjson.JSONDecodeError, KeyError, TypeError):
        return
    if isinstance(version, int) and version > ConversationState.VERSION:
        raise RetryLater(f"conversation state of version {version}", delay=_NEWER_VERSION_DELAY)
