"""From a reply to the commands that carry it out, in the order in which Chatwoot shall see them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from common.commands import ChatwootCommand, HandOff, SendMessage, SendPrivateNote
from common.nats.topology import CHATWOOT_COMMANDS
from common.subjects import chatwoot_command
from hub.answering import Reply
from hub.conversation import ConversationState, Lease, Outgoing


def commands_of(state: ConversationState, lease: Lease, reply: Reply, issued_at: datetime) -> list[ChatwootCommand]:
    """The commands of a turn. Their ids depend on the turn alone, so a turn that is repeated sends nothing twice."""
    return [
        _command(number, state, lease, issued_at, kind, fields)
        for number, (kind, fields) in enumerate(_steps(state, reply), start=1)
    ]


def enveloped(command: ChatwootCommand) -> Outgoing:
    """The command as it waits in the state until it is published."""
    return Outgoing(
        stream=CHATWOOT_COMMANDS,
        subject=chatwoot_command(command.tenant, command.conversation_id),
        message_id=command.command_id,
        body=command.encode().decode(),
    )


def _steps(state: ConversationState, reply: Reply) -> Iterator[tuple[type[ChatwootCommand], dict[str, Any]]]:
    newest = state.newest_customer_message_id
    if reply.outcome == "answered":
        yield SendMessage, {"text": reply.text, "choices": reply.choices, "after_message_id": newest}
    elif reply.outcome == "handed_off":
        if reply.text.strip():
            yield SendMessage, {"text": reply.text, "choices": reply.choices, "after_message_id": newest}
        if reply.note.strip():
            yield SendPrivateNote, {"text": reply.note, "after_message_id": newest}
        yield HandOff, {"reason": reply.hand_off_reason or "unsupported_request"}


def _command(
    number: int,
    state: ConversationState,
    lease: Lease,
    issued_at: datetime,
    kind: type[ChatwootCommand],
    fields: dict[str, Any],
) -> ChatwootCommand:
    return kind(
        command_id=f"{lease.turn_id}:{number}",
        turn_id=lease.turn_id,
        tenant=state.tenant,
        account_id=state.account_id,
        conversation_id=state.conversation_id,
        issued_at=issued_at,
        **fields,
    )
