"""Whether all that a sentence tells was read: no word of it may name something that nothing of this turn knows.

The other checks look for claims of a known shape. This one takes every sentence that tells anything, and looks at what
is left when greetings, commands, suppositions, and the customer's own world are set aside.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from hub.truth_gate.claims.claims import Claim
from hub.truth_gate.grounds.case import Case, Judgement, refuse
from hub.truth_gate.grounds.naming import inside
from hub.truth_gate.judging.support import is_uncertain
from hub.truth_gate.judging.topics import unread_topic
from hub.truth_gate.language import moods
from hub.truth_gate.language.asides import asides, within
from hub.truth_gate.language.negation import denied_words
from hub.truth_gate.language.reading import Span, asks, containing, meaning, names_something, tells_topic
from hub.truth_gate.language.statement_words import NEGATIONS, OFFERS, PAYING, TALK
from hub.truth_gate.language.vocabulary import MONTHS, WEEKDAYS
from hub.truth_gate.language.word_shapes import PARTICIPLE, tells_a_deed
from hub.truth_gate.statements.stated import OF_CLAIMS, content_spans, denies, known_words, without_fixed
from hub.truth_gate.statements.statements import same_language

Judged = tuple[Claim, Judgement]

_POINTING: Final = frozenset(("link", "phone", "email", "sku"))
"""Claims that lead somewhere: what stands beside them says why."""
_NOMINAL: Final = re.compile(r"[a-z]{3,}(?:cao|mento|sao|coes|cion|miento) d(?:[aeo]s?|el|e la) (?P<of>[a-z]{3,})")
"""A deed as a noun: "mediante apresentação da nota" tells no more than its object."""
_WORD_BEFORE: Final = re.compile(r"(?P<word>[a-z]+) $")
_OCCASION: Final = re.compile(r"\W*(?:para|pra|pro|for) (?:o|a|os|as|um|uma|el|la|the|seu|sua|your)\b[^,:]*,\s*$")
"""What something is for, before anything is told of it: "para o chá de bebê no sábado, ..."."""
_OF_MANY_THINGS: Final = ("delivery",)
"""An order is delivered, and so is a message."""
_ASKING: Final = re.compile(
    r"\b(?:(?:per|pre)gunt(?:ar\w*|e[mn]?|[ao]s? (?:sobre|de|por))|ask(?:ing)?(?= (?:us|about|for|if|whether|a|the))|"
    r"falar sobre|tirar duvidas?)\b"
)
_MAY_ASK: Final = re.compile(r"\b(?:pode[m]? perguntar|puede[ns]? preguntar|you can (?:also )?ask) (?:sobre|about)\b")
_TO: Final = re.compile(
    r"\b(?:ajuda[m]?|serve[m]?|permite[m]?|helps?|sirve[n]?|ayuda[n]?|lets?|evita[m]?) [a-z ]*?(?:a|para|to|de) $|"
    r"\b(?:ajuda[m]?|permite[m]?|evita[m]?|helps?) $"
)
_SOCIAL: Final = re.compile(r"tiktok|facebook|instagram|youtube|telegram")
_LETTERS: Final = re.compile(r"[a-z-]+")
_ALSO: Final = re.compile(r"\b(?:tambem|tambien|too|as well|idem|igualmente)\s*[.!,;]?\s*$")
_NOT_AT_END: Final = re.compile(r"\b(?:nao|no|not)\s*[.!,;]?\s*$")
_DIMINUTIVE: Final = re.compile(r"z?inh(?P<gender>[oa])s?$")
_BEFORE_NAME: Final = re.compile(r"\b(?:para|em|no|na|o|a|do|da|in|to|en|de|belo|sao|santo|santa) $")
_NAME: Final = re.compile(r"[A-ZÀ-Ý][a-zà-ÿ]+")


def uncovered(case: Case) -> Iterator[Judged]:
    """Every sentence that tells something nobody read, refused."""
    own_language = same_language(case)
    known = known_words(case) | _names(case)
    for sentence in case.subjects.sentences:
        if asks(case.reading.folded[slice(*sentence)]):
            continue
        for clause in case.subjects.clauses(sentence):
            if not moods.supposes(case.reading.folded[slice(*clause)]) and not is_uncertain(case, _end(case, clause)):
                why = (own_language and _elliptic(case, clause)) or _unread(case, clause)
                yield from [(Claim("statement", "told", *clause).with_raw(case.reading), refuse(why))] if why else []
        for clause in _telling(case, sentence) if own_language else ():
            if is_uncertain(case, _end(case, clause)):
                break
            if denied := _read_denied(case, clause):
                yield Claim("statement", "told", *clause).with_raw(case.reading), refuse(denied)
            for word, span in _unknown(case, clause, known):
                claim = Claim("statement", "told", *span).with_raw(case.reading)
                yield claim, refuse(f"nothing that was read in this turn speaks of {word!r}")


def _end(case: Case, clause: Span) -> int:
    """Where the words of a clause end."""
    return clause[0] + len(case.reading.folded[slice(*clause)].rstrip(" .,;:!\n"))


def _telling(case: Case, sentence: Span) -> list[Span]:
    """The clauses of a sentence that tell something, from the first one with a verb or a value on."""
    told: list[Span] = []
    skipped = False
    for clause in case.subjects.clauses(sentence):
        folded = case.reading.folded[slice(*clause)]
        claims = [c for c in case.claims if clause[0] <= c.start < clause[1]]
        named = any(clause[0] <= m.start < clause[1] for m in case.subjects.mentions)
        tells = bool(claims) or named or moods.tells(case.reading.text[slice(*clause)])
        if moods.supposes(folded) or moods.speaks_of_itself(folded) or moods.bids(folded) or _MAY_ASK.search(folded):
            skipped = True
            continue
        if claims and all(c.kind in _POINTING for c in claims):
            clause = (max(c.end for c in claims), clause[1])
            tells = moods.tells(case.reading.text[slice(*clause)])
        if not told and _OCCASION.match(folded) and all(c.kind in ("weekday", "date") for c in claims):
            continue
        if tells or (told and not skipped):
            told.append(clause)
            skipped = False
    return told


def _unknown(case: Case, clause: Span, known: frozenset[str]) -> Iterator[tuple[str, Span]]:
    folded = case.reading.folded
    whose = asides(case.reading)
    no_offer = denies(case, clause) and not case.knowledge.of_kind("percent")
    for word, span in content_spans(case, clause, frozenset()):
        if any(each in known or each in OF_CLAIMS for each in (meaning(word), meaning(_plain(word)))):
            continue
        before = _WORD_BEFORE.search(folded, clause[0], span[0])
        if before and meaning(before["word"]) in OF_CLAIMS and PARTICIPLE.fullmatch(word):
            continue
        if no_offer and word in OFFERS:
            continue
        if not tells_topic(word) or word in PAYING or word in WEEKDAYS or word in MONTHS:
            continue
        if tells_a_deed(folded, *span) and not _is_done_by_goods(case, clause, span):
            continue
        if within(span[0], whose) or _is_name(case, span):
            continue
        nominal = _NOMINAL.match(folded, span[0])
        if not (nominal and meaning(nominal["of"]) in known):
            yield word, span


def _is_done_by_goods(case: Case, clause: Span, deed: Span) -> bool:
    """Whether a product is said to do something: "o shampoo ajuda a reduzir a queda"."""
    named = any(clause[0] <= m.start < m.end <= deed[0] for m in case.subjects.mentions)
    valued = any(clause[0] <= c.start < clause[1] and not inside(c.span, case.subjects.mentions) for c in case.claims)
    return named and not valued and bool(_TO.search(case.reading.folded, clause[0], deed[0]))


def _read_denied(case: Case, clause: Span) -> str:
    """The sentence that denies what a clause tells: a word of it was only read denied."""
    for word, _ in content_spans(case, clause, frozenset()):
        read = [(s, t) for s, t, stems in case.knowledge.sentences if meaning(word) in stems]
        if denies(case, clause, (meaning(word),)):
            continue
        if read and all(meaning(word) in denied_words(t, case.locale) for _, t in read):
            return f"{read[0][0]} says the opposite: {read[0][1]!r}"
    return ""


def _unread(case: Case, clause: Span) -> str:
    """A topic of a clause that nothing read speaks of, unless the customer is told what to ask about."""
    if _ASKING.search(case.reading.folded, *containing(case.subjects.sentences, clause[0])):
        return ""
    clause = _after_pointer(case, clause)
    topic = unread_topic(case, _without_names(case, clause), besides=_OF_MANY_THINGS)
    return f"nothing that was read in this turn speaks of that ({topic})" if topic else ""


def _without_names(case: Case, clause: Span) -> str:
    """A clause without the names of products: "Kit Montagem" tells of no assembly."""
    folded = list(case.reading.folded)
    for mention in case.subjects.mentions:
        folded[mention.start : mention.end] = " " * (mention.end - mention.start)
    return "".join(folded[slice(*clause)])


def _after_pointer(case: Case, clause: Span) -> Span:
    """A clause without what stands before a link or a number, which only says what is to be found there."""
    sentence = containing(case.subjects.sentences, clause[0])
    inside = [c for c in case.claims if sentence[0] <= c.start < sentence[1]]
    social = _SOCIAL.search(case.reading.folded[slice(*clause)])
    if not inside or social or any(c.kind not in _POINTING for c in inside):
        return clause
    return (min(clause[1], max(clause[0], *(c.end for c in inside))), clause[1])


def _elliptic(case: Case, clause: Span) -> str:
    """Why "e no boleto também", or "com cartão não", does not go on as the clause before it was read."""
    also, denied = _ALSO.search(case.reading.folded, *clause), _NOT_AT_END.search(case.reading.folded, *clause)
    if not (also or denied) or moods.tells(case.reading.text[slice(*clause)]):
        return ""
    said = {meaning(m.group()) for m in _LETTERS.finditer(case.reading.folded, *clause) if tells_topic(m.group())}
    before = [
        c for c in case.claims if c.start < clause[0] and containing(case.subjects.sentences, c.start)[1] >= clause[1]
    ]
    read = [(s, t) for s, t, stems in case.knowledge.sentences if said & stems]
    if denied and read and not any(NEGATIONS[case.locale].search(without_fixed(t)) for _, t in read):
        return f"{read[0][0]} says so: {read[0][1]!r}"
    timed = any(c.kind in ("weekday", "date", "time") and clause[0] <= c.start < clause[1] for c in case.claims)
    if (
        also
        and said
        and before
        and not _is_of_goods(case, clause, before[-1])
        and not timed
        and not any(before[-1].value in t or before[-1].raw.lower() in t for _, t in read)
    ):
        return f"nothing that was read in this turn says {before[-1].raw!r} of that"
    return ""


def _is_of_goods(case: Case, clause: Span, claim: Claim) -> bool:
    """Whether a product is named of which the same is said to be so as of the one before: that is judged with it."""
    of_goods = (claim.kind == "stock" and claim.flag == "availability") or (claim.kind == "number" and claim.unit != "")
    return of_goods and any(clause[0] <= m.start < clause[1] and not m.foreign for m in case.subjects.mentions)


def _is_name(case: Case, span: Span) -> bool:
    """Whether a word is written as a name: with a capital, and not because a sentence begins with it."""
    written = case.reading.text
    if written.isupper():
        return bool(_BEFORE_NAME.search(case.reading.folded, max(0, span[0] - 12), span[0]))
    begins = not case.reading.folded[containing(case.subjects.sentences, span[0])[0] : span[0]].strip(" *_-•\t\n")
    alone = written[span[1] : span[1] + 1] in (",", "!")
    return bool(_NAME.fullmatch(written, *span)) and (not begins or alone)


def _plain(word: str) -> str:
    """The word of a diminutive: "certinho" is "certo"."""
    plain = _DIMINUTIVE.sub(r"\g<gender>", word)
    return word if plain == word or (names_something(plain) and plain not in TALK) else "tempo"


def _names(case: Case) -> frozenset[str]:
    return frozenset(meaning(w) for label in case.knowledge.labels for w in re.findall(r"[a-z-]+", label))
