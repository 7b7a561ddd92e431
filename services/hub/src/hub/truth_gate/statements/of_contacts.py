"""What is said of a telephone number, a mail address or a link beside what it is: what for, and that it is the only."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from hub.truth_gate.claims.claims import Claim
from hub.truth_gate.grounds.case import Case, Judgement, refuse
from hub.truth_gate.judging.support import is_uncertain
from hub.truth_gate.language.reading import asks, containing

Judged = tuple[Claim, Judgement]

_PURPOSES: Final = {
    "following an order": r"rastre\w+|acompanh\w+|track\w*|segui\w*(?: el| tu| su| o)|localiz\w+ (?:o|seu|el|su)",
    "exchanging": r"tro[cq](?!o\b)\w+|devol\w+|exchang\w*|return\w*|cambi\w+",
    "buying": r"compr(?:e|ar|as|a)|catalog\w+|shop|buy",
    "instagram": r"insta\w*",
    "facebook": r"face\w*",
    "booking": r"agend\w+|reserv\w+|book\w*|marc\w+",
    "paying": r"pag\w+|boletos?|pay\w*",
    "papers": r"nota(?:s)?(?: fiscal| fiscais)?|invoices?|factur\w+",
}
"""What a link may be for: told by the words around it, and by its own."""
_PURPOSE: Final = {name: re.compile(rf"(?<![a-z])(?:{words})(?![a-z])") for name, words in _PURPOSES.items()}
_ONLY_BY: Final = re.compile(
    r"\b(?:so|apenas|somente|exclusivamente|solo|only|solamente) (?:\w+ ){0,2}?(?:por|pelo|pela|via|by|through|no|na) "
    r"(?P<by>e-?mails?|telefone|whatsapp|phone|mail|correo|telefono|site|instagram)\b"
)
_KIND_OF: Final = {"e": "email", "m": "email", "c": "email", "t": "phone", "p": "phone", "s": "link", "i": "link"}
_REACHING: Final = ("phone", "email", "link")


def of_contacts(case: Case) -> Iterator[Judged]:
    """Every such statement that was not read, refused."""
    for claim in case.claims:
        if claim.kind != "link" or asks(case.sentence_text(claim)) or is_uncertain(case, claim.start):
            continue
        if other := _other_purpose(case, claim):
            yield claim, refuse(f"another link that was read is for {other}")
    for match in _ONLY_BY.finditer(case.reading.folded):
        kinds = {g.claim.kind for kind in _REACHING for g in case.knowledge.of_kind(kind)}
        others = kinds - {_KIND_OF.get(match["by"][0], "")}
        if others:
            told = Claim("statement", "only", *match.span()).with_raw(case.reading)
            yield told, refuse(f"a {min(others)} was read as well")


def _other_purpose(case: Case, claim: Claim) -> str:
    """For what another link is that the sentence of a link speaks of; empty when it speaks of this one."""
    start, end = containing(case.subjects.sentences, claim.start)
    alone = sum(c.kind == "link" and start <= c.start < end for c in case.claims) == 1
    clause = (case.sentence_text(claim) if alone else case.clause_text(claim)).replace(claim.raw.lower(), " ")
    told = {name for name, pattern in _PURPOSE.items() if pattern.search(clause)}
    own = _purposes_in(claim.value)
    links = {g.claim.value for g in case.knowledge.of_kind("link")} - {claim.value}
    others = {name for value in links for name in _purposes_in(value)}
    wrong = (told & others) - own
    return min(wrong) if wrong and own and not told & own else ""


def _purposes_in(link: str) -> set[str]:
    return {name for name, pattern in _PURPOSE.items() if pattern.search(link.lower())}
