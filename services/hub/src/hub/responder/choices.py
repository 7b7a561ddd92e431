"""Offering a choice, and understanding the one made: by number, by title, by the start of a title."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from rapidfuzz import fuzz

from common.commands import Choice
from hub.truth_gate.language.reading import plain

# What WhatsApp shows: up to three buttons of 20 characters, else rows of 24.
_BUTTONS: Final = 3
_BUTTON_LENGTH: Final = 20
_ROW_LENGTH: Final = 24
_ORDINALS: Final = (
    ("primeir[oa]|primer[oa]?|first|1[oa]?",),
    ("segund[oa]|second|2[oa]?",),
    ("terceir[oa]|tercer[oa]?|third|3[oa]?",),
    ("quart[oa]|cuart[oa]|fourth|4[oa]?",),
    ("quint[oa]|fifth|5[oa]?",),
)
_NUMBER: Final = re.compile(
    r"(?:a |o |la |el |the |opcao |opcion |option |numero |number |item |quero (?:a |o )?|n[o.]? ?|"
    r"# ?)*(?P<n>\d{1,2})[.)o]?"
)
_LAST: Final = re.compile(r"(?:a |o |la |el |the )?(?:ultim[oa]|last)(?: one| opcao| opcion)?")
_YES: Final = re.compile(
    r"(?:sim|s|isso|isso mesmo|claro|pode|pode ser|pode sim|quero|quero sim|por favor|sim por favor|sim quero|"
    r"aceito|ok|bora|"
    r"si|dale|claro que si|si por favor|yes|yep|yeah|sure|please|yes please|ok please|please do)"
)
_FUZZY: Final = 88


def offer(options: Sequence[tuple[str, str]]) -> tuple[Choice, ...]:
    """Choices from (title, value).

    Titles are short enough for a channel, and unique, because a channel returns them.
    """
    length = _BUTTON_LENGTH if len(options) <= _BUTTONS else _ROW_LENGTH
    taken: set[str] = set()
    choices = []
    for number, (title, value) in enumerate(options, start=1):
        short = _short(title, length)
        if plain(short) in taken:
            short = _short(f"{number}. {title}", length)
        taken.add(plain(short))
        choices.append(Choice(title=short, value=value))
    return tuple(choices)


def _short(title: str, length: int) -> str:
    """The first word of a long title and as many of its last as fit: names of variants differ at the end."""
    words = title.split()
    whole = " ".join(words)
    if len(whole) <= length:
        return whole
    for first in range(1, len(words)):
        short = f"{words[0]} … {' '.join(words[first:])}"
        if first > 1 and len(short) <= length:
            return short
    return f"{whole[: length - 1].rstrip()}…"


def picked(text: str, offered: Sequence[Choice]) -> Choice | None:
    """The choice a customer's words make, if they clearly make one."""
    if not offered or len(text) > 80:
        return None
    said = re.sub(r"[^\w\s#°]", " ", plain(text))
    said = " ".join(said.split())
    return _by_number(said, offered) or _by_title(said, offered) or _by_consent(said, offered)


def _by_number(said: str, offered: Sequence[Choice]) -> Choice | None:
    match = _NUMBER.fullmatch(said)
    if match and 1 <= int(match["n"]) <= len(offered):
        return offered[int(match["n"]) - 1]
    if _LAST.fullmatch(said):
        products = [choice for choice in offered if choice.value != "person"]
        return products[-1] if products else None
    for index, (words,) in enumerate(_ORDINALS):
        if index < len(offered) and re.fullmatch(rf"(?:a |o |la |el |the )?(?:{words})(?: one| opcao| opcion)?", said):
            return offered[index]
    return None


def _by_title(said: str, offered: Sequence[Choice]) -> Choice | None:
    titles = [" ".join(re.sub(r"[^\w\s]", " ", plain(choice.title)).split()) for choice in offered]
    for match in (
        [index for index, title in enumerate(titles) if title == said],
        [index for index, title in enumerate(titles) if len(said) >= 4 and title.startswith(said)],
        [index for index, title in enumerate(titles) if len(said) >= 5 and fuzz.ratio(said, title) >= _FUZZY],
    ):
        if len(match) == 1:
            return offered[match[0]]
    return None


def _by_consent(said: str, offered: Sequence[Choice]) -> Choice | None:
    """A "sim" to the only thing on offer."""
    return offered[0] if len(offered) == 1 and _YES.fullmatch(said) else None
