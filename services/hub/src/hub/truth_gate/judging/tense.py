"""What was read is so now; a reply that tells it of the past says that it is over: "custava R$ 29,90"."""

from __future__ import annotations

import re
from typing import Final

from hub.truth_gate.claims.claims import Claim
from hub.truth_gate.grounds.case import Case, Judgement
from hub.truth_gate.judging.denial import governing_clause
from hub.truth_gate.language import moods
from hub.truth_gate.language.reading import Span, asks, containing, plain

_BYGONE: Final = {
    "pt-BR": r"era[m]?|estava[m]?|tinha[m]?|havia|"
    r"(?:cust|fic|lev|dur|fech|entreg|aceit|cheg|demor|funcion|pag|us)ava[m]?|"
    r"custou|custaram|valia[m]?|saía[m]?|abria[m]?|fazia[m]?|vendia[m]?|incluía[m]?|cobria[m]?|vinha[m]?|"
    r"[a-zà-ÿ]+ávamos|[a-zà-ÿ]+(?<![aei]r)íamos|éramos|[tv]ínhamos",
    "es": r"era[n]?|estaba[n]?|ten[ií]a[n]?|hab[ií]a|"
    r"(?:cost|qued|llev|dur|cerr|entreg|acept|tard|funcion|pag|us)aba[n]?|"
    r"costó|costaron|val[ií]a[n]?|sal[ií]a[n]?|abr[ií]a[n]?|hac[ií]a[n]?|inclu[ií]a[n]?|"
    r"[a-zà-ÿ]+ábamos|[a-zà-ÿ]+(?<![aei]r)íamos|éramos",
    "en": r"was|were|had|used to",
}
BYGONE: Final = {locale: re.compile(rf"(?<![\w-])(?:{verbs})(?![\w-])", re.I) for locale, verbs in _BYGONE.items()}
"""Verbs of what is over, on the text with its accents. A conditional ("gostaríamos") is none."""
_TOLD: Final = (
    "price", "stock", "number", "time", "weekday", "percent", "instalments", "bundle", "phone", "email", "link", "sku",
    "open", "free",
)  # fmt: skip
_BETWEEN: Final = 5
"""So many words may stand between the verb and its value."""


def tense_objection(case: Case, claim: Claim, judgement: Judgement, begins: int) -> str:
    """Why a value that was read may not be said so: the sentence tells it of the past; empty when it does not."""
    subject = judgement.subject or ""
    if claim.kind not in _TOLD or claim.place == "was" or subject.startswith("order:"):
        return ""
    start = governing_clause(case, claim, begins)[0]
    verb = bygone_in(case, (start, begins))
    if not verb or len(case.reading.folded[verb[1] : begins].split()) > _BETWEEN or _reads_bygone(case, claim, subject):
        return ""
    return f"{claim.raw} was read as it is now, and the sentence tells it of the past"


def bygone_in(case: Case, span: Span) -> Span | None:
    """The last verb of a span that tells of the past, unless the span is asked or only supposed."""
    sentence = containing(case.subjects.sentences, span[0])
    if asks(case.reading.folded[slice(*sentence)]) or moods.supposes(case.reading.folded[slice(*span)]):
        return None
    found = list(BYGONE[case.locale].finditer(case.reading.text, *span))
    return found[-1].span() if found else None


def _reads_bygone(case: Case, claim: Claim, subject: str) -> bool:
    """Whether the text that says it tells of the past itself."""
    told = [text for each, text, _ in case.knowledge.sentences if each == subject and plain(claim.raw) in text]
    return any(BYGONE[case.locale].search(text) for text in told)
