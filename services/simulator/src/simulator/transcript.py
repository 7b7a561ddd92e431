"""A conversation as a reader sees it: who said what, when, whether it reached the phone, and by which command."""

from __future__ import annotations

from datetime import datetime, tzinfo
from typing import Literal, TypeAlias

from pydantic import BaseModel, ConfigDict

Who: TypeAlias = Literal["customer", "assistant", "person", "phone", "template", "system"]


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True)


class Line(_Value):
    """One message. `phone` is a person who answered from the paired phone; `system` is an activity."""

    id: int
    at: float
    who: Who
    name: str
    text: str
    private: bool = False
    status: str = "sent"
    on_phone_at: float | None = None
    on_phone_text: str | None = None
    command_id: str = ""
    turn_id: str = ""
    choices: tuple[str, ...] = ()
    attachments: tuple[str, ...] = ()
    error: str = ""
    in_reply_to: int | None = None


class Transcript(_Value):
    """A whole conversation."""

    account_id: int
    conversation_id: int
    customer_id: int
    customer: str
    status: str
    assignee_kind: str | None = None
    assignee: str | None = None
    labels: tuple[str, ...] = ()
    can_reply: bool = True
    lines: tuple[Line, ...] = ()

    def public_replies(self, after_id: int = 0) -> tuple[Line, ...]:
        """What the assistant said to the customer after a message."""
        return tuple(each for each in self.lines if each.id > after_id and each.who == "assistant" and not each.private)

    def notes(self, after_id: int = 0) -> tuple[Line, ...]:
        """The assistant's private notes after a message."""
        return tuple(each for each in self.lines if each.id > after_id and each.who == "assistant" and each.private)

    def render(self, zone: tzinfo | None = None) -> str:
        """The conversation as text, with the time each answer took."""
        head = f"{self.customer}, conversation {self.conversation_id}: {self.status}"
        if self.assignee:
            head += f", assigned to {self.assignee}"
        return "\n".join([head, *(self._render(index, zone) for index in range(len(self.lines)))])

    def _render(self, index: int, zone: tzinfo | None) -> str:
        line = self.lines[index]
        clock = datetime.fromtimestamp(line.at, zone).astimezone(zone).strftime("%H:%M:%S")
        took = self._took(index)
        note = " [private note]" if line.private else ""
        mark = f" ({took:.2f} s)" if took is not None else ""
        tail = f"  [{' | '.join(line.choices)}]" if line.choices else ""
        tail += f"  !! {line.error}" if line.error else ""
        text = line.text.replace("\n", "\n" + " " * 12)
        return f"  {clock}  {_SIGNS[line.who]} {line.name}{note}{mark}: {text}{tail}"

    def _took(self, index: int) -> float | None:
        """Seconds from the customer's last message to this answer."""
        line = self.lines[index]
        if line.who != "assistant":
            return None
        asked = next((each.at for each in reversed(self.lines[:index]) if each.who == "customer"), None)
        return None if asked is None else line.at - asked


_SIGNS: dict[Who, str] = {
    "customer": ">",
    "assistant": "<",
    "person": "<",
    "phone": "<",
    "template": "<",
    "system": "-",
}
