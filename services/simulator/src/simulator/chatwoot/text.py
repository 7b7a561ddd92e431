"""What happens to a text on its way: Liquid before it is stored, the channel's own markup before it is sent."""

from __future__ import annotations

import re

from simulator.chatwoot.model import AgentBot, Conversation, Sender, User

_CODE = re.compile(r"(```.*?```|`[^`]*`)", re.DOTALL)
_VARIABLE = re.compile(r"\{\{-?\s*([a-z_.]+)[^{}]*?-?\}\}")
_STRONG = re.compile(r"\*\*(.+?)\*\*|__(.+?)__", re.DOTALL)
_EMPHASIS = re.compile(r"(?<![*\w])\*(?!\s)([^*\n]+?)(?<!\s)\*(?![*\w])")
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")
_LINK = re.compile(r"\[([^\]]*)\]\(([^)\s]+)[^)]*\)")


def liquid(text: str, conversation: Conversation, sender: Sender) -> str:
    """Fill in `{{contact.name}}` and the like; an unknown name becomes nothing. Code spans are protected.

    A text with a tag (`{%`) or with unbalanced braces stays as it is, as after a syntax error.
    """
    if "{{" not in text:
        return text
    plain = _CODE.sub("", text)
    if "{%" in plain or plain.count("{{") != plain.count("}}"):
        return text
    known = _drops(conversation, sender)
    parts = _CODE.split(text)
    filled = [
        part if index % 2 else _VARIABLE.sub(lambda found: known.get(found.group(1), ""), part)
        for index, part in enumerate(parts)
    ]
    return "".join(filled)


def _drops(conversation: Conversation, sender: Sender) -> dict[str, str]:
    contact = conversation.contact
    agent = sender.name if isinstance(sender, (User, AgentBot)) else ""
    return {
        "contact.name": contact.name,
        "contact.first_name": contact.name.split(" ")[0],
        "contact.last_name": " ".join(contact.name.split(" ")[1:]),
        "contact.email": contact.email or "",
        "contact.phone_number": contact.phone or "",
        "agent.name": agent,
        "agent.first_name": agent.split(" ")[0],
        "conversation.display_id": str(conversation.id),
        "conversation.contact_name": contact.name,
        "inbox.name": conversation.inbox.name,
        "account.name": conversation.account.name,
    }


def whatsapp(text: str) -> str:
    """CommonMark as WhatsApp shows it: `**x**` is `*x*`, `*x*` is `_x_`, a link is its bare address.

    A sign behind a backslash is only itself.
    """
    escaped = [found.group(1) for found in _ESCAPE.finditer(text)]
    text = _LINK.sub(r"\2", _ESCAPE.sub("\1", text))
    # The marker keeps the first rule's result from being read as emphasis by the second.
    text = _STRONG.sub(lambda found: f"\0{found.group(1) or found.group(2)}\0", text)
    text = _EMPHASIS.sub(r"_\1_", text).replace("\0", "*")
    signs = iter(escaped)
    return re.sub("\1", lambda _: next(signs), text)
