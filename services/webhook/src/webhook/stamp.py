"""The mark that every message of ours carries in Chatwoot.

Free-form keys of `content_attributes` are kept there and come back in webhooks and lists. `source_id` would be the
obvious place, but a message that has one counts as "came from the channel" and is never sent to the customer.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from common.message import Frozen

KEY: Final = "odoo_ai"


class Stamp(Frozen):
    """Which command made a message, in which turn; `part` when the channel's limits made several of it."""

    command_id: str
    turn_id: str
    part: int = 1

    def attributes(self) -> dict[str, Any]:
        """What goes into `content_attributes`."""
        mark: dict[str, Any] = {"command_id": self.command_id, "turn_id": self.turn_id}
        return {KEY: mark if self.part == 1 else {**mark, "part": self.part}}


def stamp_in(content_attributes: Mapping[str, Any]) -> Stamp | None:
    """The stamp of a message, or None when it is not ours."""
    mark = content_attributes.get(KEY)
    if not isinstance(mark, dict):
        return None
    command_id, turn_id = mark.get("command_id"), mark.get("turn_id")
    if not isinstance(command_id, str) or not isinstance(turn_id, str):
        return None
    part = mark.get("part", 1)
    return Stamp(command_id=command_id, turn_id=turn_id, part=part if isinstance(part, int) else 1)
