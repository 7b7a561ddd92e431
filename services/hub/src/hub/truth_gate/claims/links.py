"""Web addresses, also without http: what a phone would make a link of, by the public list of endings.

"etc.Temos" and "R$ 10.Se" are sentences that lack a blank, not addresses.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final, NamedTuple

from publicsuffixlist import PublicSuffixList

from hub.truth_gate.language.reading import Reading
from hub.truth_gate.language.vocabulary import COMMON_WORDS

_URL: Final = re.compile(r"https?://[^\s<>()\"']+|\bwww\.[^\s<>()\"']+")
_HOST: Final = r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?"
_BARE: Final = re.compile(
    rf"(?<![\w@.$/-])(?P<host>(?:{_HOST}\.)+(?P<ending>[a-z]{{2,24}}))(?P<rest>(?::\d+)?(?:[/?#][^\s<>()\"']*)?)(?![\w@-])"
)
_SPOKEN: Final = re.compile(
    rf"(?<![\w@.])(?P<host>{_HOST}(?:(?:\s?\.|\s(?:ponto|punto|dot)\s)(?:com|net|org|br|mx|ar|shop|store))+)(?!\w)"
)
_NUMBERS: Final = re.compile(r"[\d.,-]+")


class Link(NamedTuple):
    """An address and where it stands."""

    start: int
    end: int
    address: str


@lru_cache(maxsize=1)
def _suffixes() -> PublicSuffixList:
    """Endings that exist. Read from the list that the package ships; nothing is fetched."""
    return PublicSuffixList(accept_unknown=False, only_icann=True)


def links(reading: Reading, text: str) -> Iterator[Link]:
    """Every address in a folded text (`text`: what is left of it)."""
    taken_to = 0
    for match in sorted([*_URL.finditer(text), *_bare(reading, text)], key=lambda match: match.start()):
        if match.start() < taken_to:
            continue
        taken_to = match.end()
        raw = match.group().rstrip(".,;:!?*_~")
        yield Link(match.start(), match.start() + len(raw), link(raw))
    for match in _SPOKEN.finditer(text):
        written = reading.text[match.end("host") - 2 : match.end("host")]
        if " " in match.group() and written.islower():
            yield Link(*match.span(), link(re.sub(r"\s?\.|\s(?:ponto|punto|dot)\s", ".", match.group())))


def _bare(reading: Reading, text: str) -> Iterator[re.Match[str]]:
    for match in _BARE.finditer(text):
        if _is_address(reading, match):
            yield match


def _is_address(reading: Reading, match: re.Match[str]) -> bool:
    if match["rest"].startswith("/") and not _NUMBERS.fullmatch(match["host"].rpartition(".")[0]):
        return True
    return _suffixes().publicsuffix(match["ending"]) is not None and not _is_missing_blank(reading, match)


def _is_missing_blank(reading: Reading, match: re.Match[str]) -> bool:
    """Whether a sentence begins after the dot: "na loja.No sábado", "R$ 10.Se"."""
    written = reading.text[match.start("ending") : match.end("ending")]
    before = match["host"].rpartition(".")[0]
    if _NUMBERS.fullmatch(before) and len(match["ending"]) > 1:
        return True
    begins = written[0].isupper() and written[1:].islower() and not match["rest"]
    return begins and (match["ending"] in COMMON_WORDS or not reading.text[match.start()].isupper())


def link(raw: str) -> str:
    """A link without what does not change where it leads."""
    bare = re.sub(r"^https?://", "", raw.lower()).removeprefix("www.")
    return bare.rstrip("/.,;:!?")
