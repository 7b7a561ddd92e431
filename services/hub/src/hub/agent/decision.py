"""What a model has to answer with: parts with their sources, or a reason to give the conversation to a person."""

from __future__ import annotations

from typing import Annotated, Final, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field

from common.commands import HandOffReason

Intent: TypeAlias = Literal[
    "greeting",
    "thanks",
    "small_talk",
    "product",
    "price",
    "stock",
    "promotion",
    "policy",
    "hours",
    "contact",
    "booking",
    "order_status",
    "purchase",
    "complaint",
    "person",
    "clarification",
    "other",
]
SOCIAL: Final[frozenset[Intent]] = frozenset({"greeting", "thanks", "small_talk", "clarification"})
"""Intents whose answers state nothing, so that they need no source."""


class AnswerPart(BaseModel):
    """A paragraph of the answer."""

    model_config = ConfigDict(frozen=True)

    text: Annotated[str, Field(max_length=1500)]
    sources: Annotated[
        tuple[str, ...], Field(max_length=12, description="Ids in [brackets] of the facts it rests on, e.g. rule:troca")
    ] = ()


class Decision(BaseModel):
    """The answer to the customer's messages."""

    model_config = ConfigDict(frozen=True)

    action: Annotated[
        Literal["answer", "ask", "hand_off"],
        Field(description="answer from facts; ask one short question; or give the conversation to a person"),
    ]
    parts: Annotated[tuple[AnswerPart, ...], Field(max_length=6)] = ()
    choices: Annotated[
        tuple[str, ...], Field(max_length=9, description="Titles to pick from, 24 characters at most")
    ] = ()
    intent: Intent = "other"
    confidence: Annotated[float, Field(ge=0, le=1)] = 1.0
    hand_off_reason: HandOffReason | None = None
    note: Annotated[str, Field(max_length=600, description="On hand_off: one or two sentences for the team")] = ""

    @property
    def text(self) -> str:
        """The parts as one message."""
        return "\n\n".join(part.text.strip() for part in self.parts if part.text.strip())

    @property
    def cited(self) -> frozenset[str]:
        """All sources named."""
        return frozenset(source.strip("[] ") for part in self.parts for source in part.sources)
