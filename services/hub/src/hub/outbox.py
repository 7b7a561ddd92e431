"""Publishing what a committed turn decided: from the state to the streams, then off the state.

A crash anywhere leaves it in the state, for whoever comes next. Publishing twice is harmless: message ids depend on
the turn alone, and the sender keeps its own record of what it has carried out. What was decided before such a crash may
be wrong by now: the sender looks at the conversation before it says or changes anything, and tells us when it does not.
"""

from __future__ import annotations

from typing import Any

from common.commands import CHATWOOT_COMMANDS as COMMANDS
from common.errors import RevisionConflict
from common.message import MessageRegistry
from common.nats import topology
from common.turns import TURN_MESSAGES
from hub.conversation import Outgoing
from hub.ports import Publishes
from hub.store import ConversationStore, Stored

_ATTEMPTS = 10
_REGISTRIES: dict[str, MessageRegistry[Any]] = {topology.CHATWOOT_COMMANDS: COMMANDS, topology.TURNS: TURN_MESSAGES}


async def flush(store: ConversationStore, publisher: Publishes, stored: Stored) -> Stored:
    """Publish what waits in the state, in order, and take it off.

    Raises:
        PublishFailed: the rest stays in the state.
        RevisionConflict: the state is written by others all the time; the outbox stays, already published.
    """
    waiting = stored.state.outbox
    for each in waiting:
        message = _REGISTRIES[each.stream].decode(each.body.encode())
        await publisher.publish(each.subject, message, stream=each.stream, msg_id=each.message_id)
    return await _take_off(store, stored, waiting) if waiting else stored


async def _take_off(store: ConversationStore, stored: Stored, published: tuple[Outgoing, ...]) -> Stored:
    ids = {each.message_id for each in published}
    for _ in range(_ATTEMPTS):
        left = tuple(each for each in stored.state.outbox if each.message_id not in ids)
        if left == stored.state.outbox:
            return stored
        try:
            return await store.save(stored.state.model_copy(update={"outbox": left}), stored.revision)
        except RevisionConflict:
            newer = await store.load(stored.state.tenant, stored.state.conversation_id)
            if newer is None:
                return stored
            stored = newer
    raise RevisionConflict("the outbox could not be cleared")
