"""Which account and inbox a body speaks of: all that is read before the sender is known to be genuine."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from common.message import Frozen
from common.tenants import TenantProfile


class Address(Frozen):
    """Where in Chatwoot a body comes from. Events of contacts and accounts have no inbox; old bodies no account."""

    account_id: int | None
    inbox_id: int | None


def address_of(body: Mapping[str, Any]) -> Address:
    """Read the address from wherever this kind and version of body has it."""
    conversation = _part(body, "conversation")
    message = _part(body, "message")
    accounts = (
        _part(body, "account").get("id"),
        _part(conversation, "account").get("id"),
        *(_first_message(each).get("account_id") for each in (body, conversation)),
        *(_part(_part(body, key), "account").get("id") for key in ("user", "contact")),
        message.get("account_id"),
    )
    inboxes = (
        _part(body, "inbox").get("id"),
        body.get("inbox_id"),
        conversation.get("inbox_id"),
        message.get("inbox_id"),
    )
    return Address(account_id=_first_id(accounts), inbox_id=_first_id(inboxes))


def claims(profile: TenantProfile, address: Address) -> bool:
    """Whether the tenant answers for this inbox. No list of inboxes means all of the account's."""
    inboxes = profile.chatwoot_inbox_ids
    return not inboxes or address.inbox_id is None or address.inbox_id in inboxes


def candidates(profiles: Iterable[TenantProfile], address: Address) -> list[TenantProfile]:
    """The tenants a body on a legacy path may belong to, those that answer for its inbox first.

    Account ids repeat from one Chatwoot to the next, so there may be several: which one it is, its secret must tell.
    """
    of_account = [each for each in profiles if each.chatwoot_account_id == address.account_id]
    return sorted(of_account, key=lambda each: (not claims(each, address), each.tenant))


def _part(body: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    value = body.get(key)
    return value if isinstance(value, dict) else {}


def _first_message(body: Mapping[str, Any]) -> Mapping[str, Any]:
    messages = body.get("messages")
    if isinstance(messages, list) and messages and isinstance(messages[0], dict):
        return messages[0]
    return {}


def _first_id(values: Iterable[Any]) -> int | None:
    for value in values:
        if isinstance(value, int) and not isinstance(value, bool) and 0 < value < 2**63:
            return value
    return None
