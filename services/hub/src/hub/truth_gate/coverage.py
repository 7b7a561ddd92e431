"""Whether all that a sentence tells was read: no word of it may name something that nothing of this turn knows.

The other checks look for claims of a known shape. This one takes every sentence that tells anything, and looks at what
is left when greetings, commands, suppositions, and the customer's own world are set aside.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from hub.truth_gate import moods
from hub.truth_gate.case import Case, Judgement, refuse
from hub.truth_gate.claims import Claim
from hub.truth_gate.reading import Span, meaning, names_something, tells_topic
from hub.truth_gate.statement_words import NEGATIONS, PAYING, TALK
from hub.truth_gate.stated import content_spans, known_words, without_fixed
from hub.truth_gate.statements import same_language
from hub.truth_gate.support import is_uncertain
from hub.truth_gate.vocabulary import MONTHS, WEEKDAYS
from hub.truth_gate.word_shapes import PARTICIPLE, tells_a_deed

Judged = tuple[Claim, Judgement]

_POINTING: Final = frozenset(("link", "phone", "email", "sku"))
"""Claims that lead somewhere: what stands beside them says why."""
_OF_CUSTOMER: Final = re.compile(
    r"\b(?P<whose>(?:(?<=para o )[a-z]+ d[aeo]s? |(?<=para a )[a-z]+ d[aeo]s? )?(?:seus?|suas?|teus?|tuas?|tus?|sus?|your) [a-z-]+)(?: [a-z-]+)?(?! (?:ja |nao |ya |"
    r"no |already )?(?:e|esta|estao|foi|foram|sera|serao|ficou|vai|vao|tem|is|are|was|were|will|has|es|fue|va|tiene)\b)"
)
_OF_CLAIMS: Final = frozenset(
    map(
        meaning,
        """data prazo previsao tempo horario expediente vespera natal manha noite tarde cedo feriado periodo comeco inicio
        final diferenca limite orcamento codigo rastreio numero telefone nome regra condicao condicoes direito pagamento
        pena causa maos carrinho carrito cart colega colleague normal off aberto fechado close closed open valido ativo entregue transito
        proximo proxima primeiro primeira ultimo ultima menor maior melhor budget difference name number date time
        holiday rule presupuesto diferencia fecha nombre mucho mucha""".split(),  # noqa: SIM905
    )
)
"""What the values and states are called that are judged by themselves."""
_NOMINAL: Final = re.compile(r"[a-z]{3,}(?:cao|mento|sao|coes|cion|miento) d(?:[aeo]s?|el|e la) (?P<of>[a-z]{3,})")
"""A deed as a noun: "mediante apresentação da nota" tells no more than its object."""
_WORD_BEFORE: Final = re.compile(r"(?P<word>[a-z]+) $")
_DIMINUTIVE: Final = re.compile(r"z?inh(?P<gender>[oa])s?$")
_NAME: Final = re.compile(r"[A-ZÀ-Ý][a-zà-ÿ]+")


def uncovered(case: Case) -> Iterator[Judged]:
    """Every sentence that tells something nobody read, refused."""
    if not same_language(case):
        return
    known = known_words(case) | _names(case)
    for sentence in case.subjects.sentences:
        if case.reading.folded[slice(*sentence)].rstrip().endswith("?"):
            continue
        for clause in _telling(case, sentence):
            if is_uncertain(case, clause[0] + len(case.reading.folded[slice(*clause)].rstrip(" .,;!"))):
                break
            if denied := _read_denied(case, clause):
                yield Claim("statement", "told", *clause).with_raw(case.reading), refuse(denied)
            for word, span in _unknown(case, clause, known):
                claim = Claim("statement", "told", *span).with_raw(case.reading)
                yield claim, refuse(f"nothing that was read in this turn speaks of {word!r}")


def _telling(case: Case, sentence: Span) -> list[Span]:
    """The clauses of a sentence that tell something, from the first one with a verb or a value on."""
    told: list[Span] = []
    skipped = False
    for clause in case.subjects.clauses(sentence):
        folded = case.reading.folded[slice(*clause)]
        claims = [c for c in case.claims if clause[0] <= c.start < clause[1]]
        tells = bool(claims) or moods.tells(case.reading.text[slice(*clause)])
        if moods.supposes(folded) or moods.speaks_of_itself(folded) or moods.bids(folded):
            skipped = True
            continue
        if claims and all(c.kind in _POINTING for c in claims):
            continue
        if tells or (told and not skipped):
            told.append(clause)
            skipped = False
    return told


def _unknown(case: Case, clause: Span, known: frozenset[str]) -> Iterator[tuple[str, Span]]:
    folded = case.reading.folded
    whose = [m.span("whose") for m in _OF_CUSTOMER.finditer(folded, *clause)]
    for word, span in content_spans(case, clause, frozenset()):
        if any(each in known or each in _OF_CLAIMS for each in (meaning(word), meaning(_plain(word)))):
            continue
        before = _WORD_BEFORE.search(folded, clause[0], span[0])
        if before and meaning(before["word"]) in _OF_CLAIMS and PARTICIPLE.fullmatch(word):
            continue
        if not tells_topic(word) or word in PAYING or word in WEEKDAYS or word in MONTHS or tells_a_deed(folded, *span):
            continue
        if any(a <= span[0] < b for a, b in whose) or _NAME.fullmatch(case.reading.text[slice(*span)]):
            continue
        nominal = _NOMINAL.match(folded, span[0])
        if not (nominal and meaning(nominal["of"]) in known):
            yield word, span


def _read_denied(case: Case, clause: Span) -> str:
    """The sentence that denies what a clause tells: a word of it was only read denied."""
    if NEGATIONS[case.locale].search(without_fixed(case.reading.folded[slice(*clause)])):
        return ""
    for word, _ in content_spans(case, clause, frozenset()):
        read = [(s, t) for s, t, stems in case.knowledge.sentences if meaning(word) in stems]
        if read and all(NEGATIONS[case.locale].search(without_fixed(t)) for _, t in read):
            return f"{read[0][0]} says the opposite: {read[0][1]!r}"
    return ""


def _plain(word: str) -> str:
    """The word of a diminutive: "certinho" is "certo"."""
    plain = _DIMINUTIVE.sub(r"\g<gender>", word)
    return word if plain == word or (names_something(plain) and plain not in TALK) else "tempo"


def _names(case: Case) -> frozenset[str]:
    return frozenset(meaning(w) for label in case.knowledge.labels for w in re.findall(r"[a-z-]+", label))
