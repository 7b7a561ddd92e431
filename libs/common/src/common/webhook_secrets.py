"""The secrets that a Chatwoot signs its webhooks with: one per kind of delivery, and old ones that still count.

Chatwoot makes a secret of its own for each AgentBot, each account webhook and each API inbox, and knows no overlap when
one is renewed: until every queued delivery is through, the old and the new one are both in use.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, Final, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, SecretStr, model_serializer, model_validator
from pydantic.functional_validators import BeforeValidator

SignedKind = Literal["agent_bot", "account_webhook", "api_inbox"]
"""The kinds of delivery that have a secret of their own."""

SIGNED_KINDS: Final[tuple[SignedKind, ...]] = get_args(SignedKind)
SECRETS_KEPT: Final = 8


def _listed(value: Any) -> Any:
    return (value,) if isinstance(value, (str, SecretStr)) else value


Secrets = Annotated[
    tuple[Annotated[SecretStr, Field(min_length=1)], ...], Field(max_length=SECRETS_KEPT), BeforeValidator(_listed)
]


class WebhookSecrets(BaseModel):
    """What stands under `chatwoot.webhook_secret`.

    One secret or a list of them is for whichever kind signs with it (`any`). A mapping names the kinds; each holds one
    secret or a list. A kind that is named in no list and not covered by `any` has no secret.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    any: Secrets = ()
    agent_bot: Secrets = ()
    account_webhook: Secrets = ()
    api_inbox: Secrets = ()

    @model_validator(mode="before")
    @classmethod
    def _without_kinds(cls, value: object) -> object:
        return {"any": value} if isinstance(value, (str, SecretStr, list, tuple)) else value

    @model_validator(mode="after")
    def _not_empty(self) -> WebhookSecrets:
        if next(self.pairs(), None) is None:
            raise ValueError("holds no secret; leave the key out for a Chatwoot that cannot sign")
        return self

    @model_serializer(mode="plain", when_used="json")
    def _reveal(self) -> Any:
        # As short as a person would write it: versions that knew one string only can still read one string.
        lists = {name: [each.get_secret_value() for each in getattr(self, name)] for name in ("any", *SIGNED_KINDS)}
        short = {name: each if len(each) > 1 else each[0] for name, each in lists.items() if each}
        return short["any"] if list(short) == ["any"] else short

    def pairs(self) -> Iterator[tuple[SignedKind | None, SecretStr]]:
        """Every secret with its kind, the ones with a kind first; None: the kind is not told."""
        for kind in SIGNED_KINDS:
            for secret in getattr(self, kind):
                yield kind, secret
        for secret in self.any:
            yield None, secret

    def of(self, kind: SignedKind) -> tuple[SecretStr, ...]:
        """The secrets that a delivery of this kind may be signed with."""
        mine: tuple[SecretStr, ...] = getattr(self, kind)
        return mine + self.any

    def knows(self, kind: SignedKind, secret: str) -> bool:
        """Whether a delivery of this kind, signed with this secret, would be taken."""
        return any(each.get_secret_value() == secret for each in self.of(kind))

    def covers(self, kind: SignedKind) -> bool:
        """Whether a delivery of this kind must be signed."""
        return bool(self.of(kind))

    def adding(self, kind: SignedKind, secret: str) -> WebhookSecrets:
        """The same with one more secret for a kind, the newest first; the oldest give way."""
        if self.knows(kind, secret):
            return self
        mine: tuple[SecretStr, ...] = getattr(self, kind)
        return self.model_copy(update={kind: (SecretStr(secret), *mine)[:SECRETS_KEPT]})
