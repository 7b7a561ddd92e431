"""What a Chatwoot can do, by its version. Pure: asking for the version is `capability_probe`.

Chatwoot names no features, only a version, and a bot's rights and the events it hears grew slowly over the 4.x
releases. Everything that depends on this asks here, so that a new release changes one table.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from common.message import Frozen

Version = tuple[int, int, int]

_VERSION = re.compile(r"v?(\d{1,6})\.(\d{1,6})(?:\.(\d{1,6}))?", re.ASCII)


class Capabilities(Frozen):
    """What one Chatwoot can do. All false is what may be relied on when nobody knows the version."""

    version: Version | None = None
    """None: it did not tell, or not in numbers."""
    bot_sets_custom_attributes: bool = False
    """A bot's token may set custom attributes of a conversation."""
    opens_on_bot_failure: bool = False
    """A webhook to the bot that fails makes Chatwoot open the pending conversation and never give it back."""
    assigns_bots: bool = False
    """Conversations are assigned to bots, and bodies name the kind of the assignee (`assignee_type`)."""
    can_keep_pending_on_bot_failure: bool = False
    """The account has the setting `keep_pending_on_bot_failure`."""
    signs_account_webhooks: bool = False
    signs_bot_webhooks: bool = False
    signs_api_inbox_webhooks: bool = False
    bot_types: bool = False
    """A bot's token may show the typing sign."""
    retries_bot_webhooks: bool = False
    """A bot's webhook that was answered with 429 or 500 comes again, twice."""
    bot_hears_conversation_changes: bool = False
    """`conversation_updated` and `conversation_status_changed` are sent to bots, too."""
    refuses_private_addresses: bool = False
    """Webhooks go to public addresses only, unless `SAFE_FETCH_ALLOW_PRIVATE_NETWORK` is set on the server."""
    can_allow_private_addresses: bool = False
    """The server knows that setting."""
    bot_reads_conversations: bool = False
    """A bot's token may show a conversation."""
    bot_sets_labels: bool = False
    bot_token_endpoints_are_broken: bool = False
    """Calls with a token to bots and labels are answered 500."""
    explains_closed_window: bool = False
    """A reply after the channel's window fails with words of Chatwoot's own instead of the provider's."""
    assigns_new_conversations_to_bot: bool = False
    """A new conversation of an inbox with a bot is assigned to that bot."""
    merges_custom_attributes: bool = False
    """`merge: true` keeps the custom attributes that are not named."""
    assigning_bot_sets_pending: bool = False
    """Assigning a conversation to a bot hands it back; before, the status must be set as well."""
    locks_composer_while_pending: bool = False
    """People cannot write to the customer from the panel while the bot has the conversation."""
    lists_message_templates: bool = False
    """`GET /inboxes/:id/message_templates`."""
    renders_raw_templates: bool = False
    """`content_mode: raw_template` lets Chatwoot fill in a template's text for the transcript."""


_SINCE: Final[Mapping[str, Version]] = {
    "bot_sets_custom_attributes": (4, 2, 0),
    "opens_on_bot_failure": (4, 7, 0),
    "assigns_bots": (4, 8, 0),
    "can_keep_pending_on_bot_failure": (4, 11, 0),
    "signs_account_webhooks": (4, 11, 2),
    "bot_types": (4, 12, 0),
    "retries_bot_webhooks": (4, 12, 0),
    "signs_bot_webhooks": (4, 13, 0),
    "signs_api_inbox_webhooks": (4, 13, 0),
    "bot_hears_conversation_changes": (4, 13, 0),
    "refuses_private_addresses": (4, 14, 0),
    "can_allow_private_addresses": (4, 14, 1),
    "bot_reads_conversations": (4, 14, 2),
    "bot_sets_labels": (4, 14, 2),
    "explains_closed_window": (4, 16, 1),
    "assigns_new_conversations_to_bot": (4, 16, 2),
    "merges_custom_attributes": (4, 17, 0),
    "assigning_bot_sets_pending": (4, 17, 0),
    "locks_composer_while_pending": (4, 17, 0),
    "lists_message_templates": (4, 17, 0),
    "renders_raw_templates": (4, 17, 0),
}
_BROKEN_TOKENS: Final[Version] = (4, 16, 0)

UNKNOWN: Final = Capabilities()
"""Of a Chatwoot that did not tell its version."""


def capabilities_of(version: str) -> Capabilities:
    """What the Chatwoot of this version can do.

    A fork's or a pre-release's suffix is ignored (`4.16.2-ce` is 4.16.2); text without a version is `UNKNOWN`.
    """
    numbers = version_numbers(version)
    if numbers is None:
        return UNKNOWN
    gates = {name: numbers >= since for name, since in _SINCE.items()}
    return Capabilities(version=numbers, bot_token_endpoints_are_broken=numbers == _BROKEN_TOKENS, **gates)


def version_numbers(version: str) -> Version | None:
    """The three numbers a version begins with; a missing third is 0. None when it does not begin with numbers."""
    found = _VERSION.match(version.strip())
    if found is None:
        return None
    major, minor, patch = (int(each or 0) for each in found.groups())
    return major, minor, patch


def missing_gates(capabilities: Capabilities) -> tuple[tuple[str, Version], ...]:
    """What this version cannot do yet, each with the first version that can, oldest first."""
    lacking = [(name, since) for name, since in _SINCE.items() if not getattr(capabilities, name)]
    return tuple(sorted(lacking, key=lambda each: each[1]))
