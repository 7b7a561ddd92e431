"""A code by e-mail as a proof of identity: what is kept of one that was asked for, and what a text holds. Pure."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Final

from common.message import Frozen
from hub.personal_data import find

CODE_LIFE: Final = timedelta(minutes=10)
CODES_ALLOWED: Final = 3
CODES_WITHIN: Final = timedelta(hours=1)
ASKED_AGAIN_WITHIN: Final = timedelta(minutes=1)
"""Who names the same e-mail again so soon gets no second code: the first one is on its way."""
_CODE: Final = re.compile(r"(?<![\d.,/@-])(\d{3})[ -]?(\d{3})(?![\d/@-]|[.,]\d)")
_DOCUMENT_DIGITS: Final = 4
_HIDDEN: Final = "[…]"


class PendingCode(Frozen):
    """A code that was asked for. The code itself is known to nobody here: odoo_api makes it of `key`, to compare."""

    key: str
    conversation_id: int
    email_digest: str
    asked_at: datetime

    @property
    def expires_at(self) -> datetime:
        """From then on it proves nothing."""
        return self.asked_at + CODE_LIFE


def code_in(text: str) -> str | None:
    """The six digits in a text, when there is exactly one such number."""
    found = {"".join(match.groups()) for match in _CODE.finditer(text)}
    return found.pop() if len(found) == 1 else None


def without_codes(text: str) -> str:
    """The text without anything that could be a code, for what is kept."""
    return _CODE.sub(_HIDDEN, text)


def email_in(text: str) -> str | None:
    """The e-mail in a text, when there is exactly one."""
    found = {each.value.casefold() for each in find(text) if each.kind == "EMAIL"}
    return found.pop() if len(found) == 1 else None


def without_email(text: str) -> str:
    """The rest of a text."""
    for each in reversed([each for each in find(text) if each.kind == "EMAIL"]):
        text = f"{text[: each.start]} {text[each.end :]}"
    return text


def names_only_an_email(text: str) -> str | None:
    """The e-mail, when the text holds no digits of a document that would prove more directly."""
    digits = sum(character.isdigit() for character in without_email(text))
    return email_in(text) if digits < _DOCUMENT_DIGITS else None


def asked(pending: PendingCode | None, new: PendingCode) -> PendingCode:
    """The code that counts after one more was asked for."""
    same = (
        pending is not None
        and pending.email_digest == new.email_digest
        and pending.conversation_id == new.conversation_id
        and new.asked_at - pending.asked_at < ASKED_AGAIN_WITHIN
    )
    return pending if pending is not None and same else new


def email_digest(email: str, contact_key: str) -> str:
    """Tells e-mails of one contact apart."""
    return blake2b(email.casefold().encode(), key=contact_key.encode()[:64], digest_size=16).hexdigest()
