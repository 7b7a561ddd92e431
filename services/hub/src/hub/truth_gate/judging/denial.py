"""Whether a reply denies, or tells of the past, what it was read to be: "não custa R$ 29,90", "custava R$ 29,90".

A value that fits a fact is true only when the sentence says that it is so, and is so now.
"""

from __future__ import annotations

import re
from typing import Final

from hub.truth_gate.claims.claims import Claim
from hub.truth_gate.grounds.case import DENIED, IN_NAME, Case, Judgement
from hub.truth_gate.judging.support import is_uncertain
from hub.truth_gate.language.reading import Span, asks, containing, plain

_LINK: Final = (
    r"(?: (?:a|o|as|os|ao|em|no|na|nos|nas|de|do|da|dos|das|por|pelo|pela|para|pra|com|ate|as|uns|umas|um|uma|mais|"
    r"cerca|sempre|aqui|so|"
    r"el|la|los|las|en|del|al|hasta|por|unos|un|una|at|on|in|to|for|the|of|from|by|about|a|an|within|up|until|"
    r"nosso|nossa|nuestro|nuestra|our|r|us)(?![a-z]))*"
)
DENYING: Final = {
    "pt-BR": re.compile(r"\b(?:nao|nunca|jamais)\b(?! (?:so|apenas|somente|ha|se preocupe)\b)"),
    "es": re.compile(r"\b(?:no|nunca|jamas)\b(?! (?:solo|hay|se preocupe)\b)"),
    "en": re.compile(r"\b(?:not|never|cannot)\b(?! only\b)|n't\b"),
}
"""Words by which a clause denies something."""
_NEGATION: Final = {
    "pt-BR": r"\b(?:nao|nunca|jamais|tampouco)",
    "es": r"\b(?:no|nunca|jamas|tampoco)",
    "en": r"(?:\b(?:not|never|cannot)|n't)",
}
_DENIAL: Final = {
    locale: re.compile(
        negation + r"(?! (?:so|apenas|somente|solo|only|sei|se preocupe|tenho|deixe|esquec\w+|tem problema|(?:custa|"
        r"paga)[mr]? nada|tem custo|(?:tem|ha|cobramos) juros|"
        r"ha problema|precisa|necesita|need)\b)"
        r"(?: (?!(?:que|mas|but|pero|se|si|if|para|sem|sin|alem|mais|mas|menos|more|less|passa[mr]?|chega[mr]? a|"
        r"exceed\w*|supera[mr]?|so|apenas|somente|solo|only|abaixo|acima|below|above|under|over)\b)[a-z-]+){0,3}?"
        + _LINK
        + r"\W*$"
    )
    for locale, negation in _NEGATION.items()
}
_HAVE_NOT: Final = re.compile(r"\b(?:nao|no|not) (?:temos|tem|ha|tenemos|hay|have)\b|n't have\b|have no\b")
_AFTERWARDS: Final = {
    "pt-BR": re.compile(r"\W*nao (?:e|sao|esta)\b(?! (?:so|apenas|mais)\b)"),
    "es": re.compile(r"\W*no (?:es|son|esta)\b(?! (?:solo|mas)\b)"),
    "en": re.compile(r"\W*(?:is|are)(?: not|n't)\b(?! only\b)"),
}
_READ_DENIED: Final = re.compile(
    r"\b(?:nao|nunca|jamais|jamas|tampoco|not|never|cannot)\b|n't\b|"
    r"\bno (?:se|hay|es|son|esta|estan|tiene[n]?|incluye[n]?|aplica[n]?|vale[n]?|(?:acept|cambi|abr|entreg)\w+)\b"
)
_PORTUGUESE: Final = re.compile(r"\b(?:ha|nao|ao|aos|voce|voces|em|com|das|do|um|uma|ou)\b")
_POINTS: Final = ("phone", "email", "link", "sku", "price")
_DENIABLE: Final = ("price", "percent")
_STATED: Final = (
    "price",
    "number",
    "percent",
    "time",
    "weekday",
    "date",
    "instalments",
    "bundle",
    "free",
    "open",
    "promise",
    *_POINTS,
)


def language_of(case: Case, span: Span) -> str:
    """The language a span is written in: a Spanish reply may quote a Portuguese rule ("No Pix há 5%")."""
    portuguese = case.locale == "es" and _PORTUGUESE.search(case.reading.folded, *span)
    return "pt-BR" if portuguese else case.locale


def governing_clause(case: Case, claim: Claim, begins: int) -> Span:
    """The clause whose verb governs a claim: the number of a house stands behind its street."""
    start, end = case.subjects.clause(begins)
    bare = claim.kind == "number" and not claim.unit and not case.reading.folded[start:begins].strip()
    return (case.subjects.clause(max(0, start - 1))[0] if bare else start, end)


def denial_objection(case: Case, claim: Claim, judgement: Judgement, begins: int) -> str:
    """Why a value that was read may not be said so: the sentence denies it; empty when it does not.

    `begins`: where the claim begins, or the name or quotation that it is part of.
    """
    if not _is_stated(claim, judgement) or judgement.why == DENIED or _begins_with_its_bound(claim):
        return ""
    start, end = governing_clause(case, claim, begins)
    folded = case.reading.folded
    language = language_of(case, (start, end))
    before = _DENIAL[language].search(folded, start, begins)
    after = claim.kind in _POINTS and _AFTERWARDS[language].match(folded, claim.end, end)
    if not (before or after) or _is_denied_rightly(case, claim, judgement, (start, end)):
        return ""
    return f"{claim.raw} was read, and the sentence denies it"


def is_rightly_denied(case: Case, claim: Claim) -> bool:
    """Whether a value is denied that nobody read of anything: "não sai por R$ 400; custa R$ 429,00"."""
    if claim.kind not in _DENIABLE or claim.bound:
        return False
    if any(ground.claim.value == claim.value for ground in case.knowledge.of_kind(claim.kind)):
        return False
    start, end = governing_clause(case, claim, claim.start)
    return bool(_DENIAL[language_of(case, (start, end))].search(case.reading.folded, start, claim.start))


def _begins_with_its_bound(claim: Claim) -> bool:
    """Whether a claim is "mais de R$ 30,00": what is denied is the bound."""
    return claim.bound == "over" and not claim.raw[:1].isdigit() and not claim.raw.startswith(("R", "U", "$"))


def _is_denied_rightly(case: Case, claim: Claim, judgement: Judgement, clause: Span) -> bool:
    """Whether nothing is stated, or what was read denies it as well, or has it of another product."""
    sentence = containing(case.subjects.sentences, claim.start)
    if asks(case.reading.folded[slice(*sentence)]) or is_uncertain(case, claim.start):
        return True
    opening = any(c.kind in ("open", "time") and clause[0] <= c.start < clause[1] for c in case.claims)
    if opening and claim.kind in ("weekday", "date"):
        return True
    if judgement.why == IN_NAME and _HAVE_NOT.search(case.reading.folded, *clause):
        return True  # that there is none of it is judged by the stock
    return _is_of_others(case, claim, judgement) or _reads_denial(case, claim, judgement)


def _is_of_others(case: Case, claim: Claim, judgement: Judgement) -> bool:
    """Whether the value was read of another product than is spoken of: "a air fryer não é 220 V" denies rightly."""
    named = case.subjects.scope_of(claim).subjects
    return bool(named) and (judgement.subject or "").startswith("product:") and judgement.subject not in named


def _is_stated(claim: Claim, judgement: Judgement) -> bool:
    """Whether a claim states a value that a denial before it makes false; what is denied of stock is judged there."""
    if claim.kind == "stock" and not claim.flag:
        return judgement.why == IN_NAME or (judgement.subject or "").startswith("order:")
    return claim.kind in _STATED


def _reads_denial(case: Case, claim: Claim, judgement: Judgement) -> bool:
    """Whether the sentence that says the value has a denial of its own: "não trocamos depois de 30 dias"."""
    told = [text for subject, text, _ in case.knowledge.sentences if subject == judgement.subject]
    return any(_READ_DENIED.search(text) for text in told if plain(claim.raw) in text)
