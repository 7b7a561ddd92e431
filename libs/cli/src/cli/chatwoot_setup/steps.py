"""What a set-up finds and does, step by step: values for people and programs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

Subject: TypeAlias = Literal["chatwoot", "user", "address", "bot", "inbox", "token", "secret"]
State: TypeAlias = Literal[
    "ok",  # it is as it should be
    "created",
    "repaired",
    "would_create",  # a rehearsal: it is not there
    "would_repair",
    "warning",  # done or as it should be, but somebody should look at it
    "failed",  # not done, and why
]
_CHANGES: frozenset[State] = frozenset({"created", "repaired"})


@dataclass(frozen=True)
class Step:
    """One thing that is needed. `key` names its sentence in the catalogue, `values` fill it in; none is a secret."""

    subject: Subject
    state: State
    key: str
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Outcome:
    """All steps, and the secrets that Chatwoot has and the tenant file does not know, by key of the file."""

    steps: tuple[Step, ...]
    unknown_secrets: Mapping[str, str] = field(default_factory=dict, repr=False)

    @property
    def ok(self) -> bool:
        """Whether nothing stands in the way."""
        return not any(each.state == "failed" for each in self.steps)

    @property
    def changed(self) -> bool:
        """Whether anything was changed in Chatwoot."""
        return any(each.state in _CHANGES for each in self.steps)
