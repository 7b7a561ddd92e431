"""Control: what the people of the company do in Chatwoot, or on the phone beside it."""

from __future__ import annotations

from collections.abc import Callable

from aiohttp import web

from simulator.chatwoot.drafts import Draft, Invalid
from simulator.chatwoot.events import bots_for
from simulator.chatwoot.model import Conversation, User
from simulator.control.requests import Action, account_of, answer, conversation_of, missing, read
from simulator.control.views import transcript
from simulator.state import STATE, State

_SNOOZE_SECONDS = 3600.0


async def act(request: web.Request) -> web.Response:
    """A person of the company does something."""
    conversation, action = conversation_of(request), await read(request, Action)
    state, account = request.app[STATE], account_of(request)
    user = account.users.get(action.user_id) if action.user_id else next(iter(account.users.values()))
    if user is None:
        raise missing("user")
    try:
        _ACTIONS[action.action](state, conversation, user, action.text)
    except Invalid as error:
        return answer({"error": str(error)}, 422)
    return answer(transcript(conversation, state.clock.now()))


def _reply(state: State, conversation: Conversation, user: User, text: str) -> None:
    state.chatwoot.desk.post(conversation, user, Draft(content=text))


def _phone_reply(state: State, conversation: Conversation, _: User, text: str) -> None:
    state.chatwoot.desk.echo(conversation, text)


def _note(state: State, conversation: Conversation, user: User, text: str) -> None:
    state.chatwoot.desk.post(conversation, user, Draft(content=text, private=True))


def _assign(state: State, conversation: Conversation, user: User, _: str) -> None:
    state.chatwoot.changes.assign_user(conversation, user)


def _unassign(state: State, conversation: Conversation, _: User, __: str) -> None:
    state.chatwoot.changes.assign_user(conversation, None)


def _hand_back(state: State, conversation: Conversation, _: User, __: str) -> None:
    bots = bots_for(conversation)
    if not bots:
        raise Invalid("the inbox has no bot")
    state.chatwoot.changes.assign_bot(conversation, bots[-1])


def _resolve(state: State, conversation: Conversation, user: User, _: str) -> None:
    state.chatwoot.changes.set_status(conversation, "resolved", user.name)


def _open(state: State, conversation: Conversation, user: User, _: str) -> None:
    state.chatwoot.changes.open_by_user(conversation, user)


def _pending(state: State, conversation: Conversation, user: User, _: str) -> None:
    state.chatwoot.changes.set_status(conversation, "pending", user.name)


def _snooze(state: State, conversation: Conversation, user: User, _: str) -> None:
    until = state.clock.now() + _SNOOZE_SECONDS
    state.chatwoot.changes.set_status(conversation, "snoozed", user.name, until)


def _close_window(state: State, conversation: Conversation, _: User, __: str) -> None:
    state.chatwoot.desk.close_window(conversation)


def _delete_last(state: State, conversation: Conversation, _: User, __: str) -> None:
    if conversation.last_public is not None:
        state.chatwoot.desk.delete(conversation.last_public)


_ACTIONS: dict[str, Callable[[State, Conversation, User, str], None]] = {
    "reply": _reply,
    "phone_reply": _phone_reply,
    "note": _note,
    "assign": _assign,
    "unassign": _unassign,
    "hand_back": _hand_back,
    "resolve": _resolve,
    "open": _open,
    "pending": _pending,
    "snooze": _snooze,
    "close_window": _close_window,
    "delete_last": _delete_last,
}
