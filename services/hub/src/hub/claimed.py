"""A turn that a hub has taken up."""

from __future__ import annotations

from dataclasses import dataclass

from hub.conversation import ConversationState, Lease
from hub.lease import holds, still_asked
from hub.store import Stored


@dataclass(frozen=True)
class Claimed:
    """The state it answers. `held`: its lease stands in the stored state, so nobody else takes the turn up."""

    stored: Stored
    lease: Lease
    held: bool = False

    def may_commit(self, state: ConversationState) -> bool:
        """Whether nothing has happened since that makes the answer wrong."""
        return holds(state, self.lease) if self.held else still_asked(state, self.stored.state)
