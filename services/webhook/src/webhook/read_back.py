"""What became of an attempt whose answer never came: Chatwoot is asked."""

from __future__ import annotations

from typing import Final

from common.commands import HandOff, SendMessage, SendPrivateNote, SendTemplate
from common.errors import Reject
from webhook.chatwoot_client import ChatwootClient
from webhook.errors import Unauthorised
from webhook.stamp import Stamp

NO_WAY_TO_LOOK: Final = "outcome unknown and no user_token to read back"


async def find_message(
    client: ChatwootClient, command: SendMessage | SendTemplate | SendPrivateNote, stamp: Stamp
) -> int | None:
    """The id of the message with this stamp; None: there is none.

    Raises:
        Reject: nobody can tell.
        ChatwootError: Chatwoot could not be asked.
    """
    conversation, after = command.conversation_id, command.after_message_id
    if client.reads_history:
        return await client.find_stamped(conversation, stamp, after=after)
    try:
        now = await client.conversation(conversation)
    except Unauthorised as error:
        # Bots may look at conversations only from 4.14.2 on.
        raise Reject(NO_WAY_TO_LOOK) from error
    for each in now.messages:
        if each.stamp == stamp:
            return each.id
    newest = now.newest
    if newest is None or (newest.id > after and not (newest.stamp and newest.stamp.command_id == stamp.command_id)):
        # Something was written since, and what is behind the last message cannot be seen.
        raise Reject(NO_WAY_TO_LOOK)
    return None


async def find_hand_off(client: ChatwootClient, command: HandOff) -> bool:
    """Whether the conversation is with the people already.

    Raises:
        ChatwootError: Chatwoot could not be asked.
    """
    try:
        now = await client.conversation(command.conversation_id)
    except Unauthorised:
        # Not allowed to look: opening an open conversation once more does no harm.
        return False
    return now.snapshot.status != "pending"
