"""Whether the answer of a turn that is being made can still be sent."""

from __future__ import annotations

from common.errors import OdooAiError
from hub.answering import TurnInput
from hub.ports import StateBucket
from hub.store import ConversationStore


class StillWanted:
    """Looks into the conversation's state: whatever makes an answer wrong has removed its lease."""

    def __init__(self, bucket: StateBucket) -> None:
        self._store = ConversationStore(bucket)

    async def __call__(self, turn: TurnInput) -> bool:
        """True while the turn's attempt holds the lease, and for questions outside a conversation.

        A broker that does not answer means no: nobody could commit the answer either.
        """
        if not turn.lease_token:
            return True
        try:
            stored = await self._store.load(turn.tenant.tenant, turn.conversation_id)
        except OdooAiError:
            return False
        lease = stored.state.lease if stored else None
        return lease is not None and lease.token == turn.lease_token
