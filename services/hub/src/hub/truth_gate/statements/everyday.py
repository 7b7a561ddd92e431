"""Statements made of everyday words alone: "pode pagar depois", "é o melhor da loja", "you can change it any time".

No word of them names a thing that nobody read, so the other checks let them through; all the same they tell something
of the company, its goods or what the customer may do, and what they tell has to stand in a text of this turn.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from hub.truth_gate.claims.claims import Claim
from hub.truth_gate.grounds.case import Case, Judgement, refuse
from hub.truth_gate.judging.support import is_uncertain
from hub.truth_gate.judging.topics import read_topic
from hub.truth_gate.language import moods
from hub.truth_gate.language.asides import asides, names, within
from hub.truth_gate.language.reading import Span, asks, meaning, tells_topic
from hub.truth_gate.language.statement_words import LIGHT, NEGATIONS, OFFERS, PAYING, TALK
from hub.truth_gate.language.telling import tells_of_us
from hub.truth_gate.language.vocabulary import COMMON_WORDS, FUNCTION_WORDS, MONTHS, WEEKDAYS
from hub.truth_gate.statements.stated import OF_CLAIMS, known_words

Judged = tuple[Claim, Judgement]

_WORD: Final = re.compile(r"[a-z][a-z-]*[a-z]")
_LEADING: Final = frozenset(
    """temos tem tenho tenemos tiene have has hay there pode podem puede puedes can dar dao sim yes fica ficam ficamos
    esta estao assim asi funciona funcionam segue seguem continua continuam mesma mesmo coisa igual sempre hoje agora
    amanha despues ainda tambem claro certo tranquilo tranquila calma boa preocupacao medo momento enough suficiente
    bem entao
    moment now currently still volta voltam voltamos volvemos vuelve vuelven catalogo catalogue longer teremos preco
    precio price valor endereco direccion address
    alcanza
    estoque stock disponivel disponiveis disponible disponibles available unidade unidades unidad unit units
    intervalo almoco pausa break lunch almuerzo did produto produtos product producto zerado esgotado esgotada
    agotado""".split()  # noqa: SIM905
)
"""What a clause is made of that only leads to a value beside it: "temos sim:", "amanhã é igual"."""
_SAYS_NOTHING: Final = COMMON_WORDS | FUNCTION_WORDS | _LEADING | OFFERS | frozenset(MONTHS) | frozenset(WEEKDAYS)
_BUYING: Final = frozenset("levar llevar comprar vir venir passar pasar trazer traer take buy come bring".split())  # noqa: SIM905
"""What anybody may do once a value says that there is something, or that it is open."""
_HAVING: Final = re.compile(
    r"(?:\W|sim|yes|si|ainda|still|claro|it's|it is|they are|esta|estao|is)*(?:temos|tem|tenemos|hay|"
    r"disponive(?:l|is)|disponibles?|available|in stock)\W*(?:sim|si|em estoque|en stock)?\W*"
)
"""That there is one, of what the customer asked for."""
_ENOUGH: Final = re.compile(r"\b(?:da|dao|enough|alcanza|suficiente) (?:pra|para|for|de|pro)\b|\benough\b")
_FREELY: Final = re.compile(
    r"\b(?:(?:sempre|quando|quant[oa]s(?: vezes)?|onde|siempre|cuando|cuant[oa]s(?: veces)?|whenever|wherever|"
    r"as \w+ as|"
    r"as many times as) (?:que |you )?(?:voce |usted )?(?:quiser|precisar|puder|quiera[s]?|want|like|need)|a vontade|"
    r"(?:a|en|de) (?:qualquer|cualquier)|any ?time|at any|every day|tod[oa]s? (?:o |os |los )?dias?|"
    r"(?:sem|sin) (?:limite|problema)|no problem|(?:depois|despues|later)(?=\W*$))\b"
)
"""A freedom, which has to be read as such beside what it is of."""
_POINTING: Final = frozenset(("link", "phone", "email"))
_FEELING: Final = re.compile(r"\W*(?:(?:eu|i|yo) )?(?:entendo|imagino|sei|compreendo|understand|entiendo|get it)\b")
_SHORT: Final = 2


def everyday(case: Case) -> Iterator[Judged]:
    """Every such statement that nothing carries, refused."""
    for sentence in case.subjects.sentences:
        if asks(case.reading.folded[slice(*sentence)]):
            continue
        for clause in case.subjects.clauses(sentence):
            folded = case.reading.folded[slice(*clause)]
            if _is_valued(case, clause) or is_uncertain(case, clause[1] - 1):
                continue
            if not tells_of_us(case.reading.text[slice(*clause)], folded, case.locale):
                continue
            freely = _unread_freedom(case, folded)
            if freely or not (_is_of_known(case, clause) or _is_read(case, clause) or _leans(case, clause, sentence)):
                told = repr(freely) if freely else "so"
                claim = Claim("statement", "everyday", *clause).with_raw(case.reading)
                yield claim, refuse(f"nothing that was read in this turn says {told}")


def _is_valued(case: Case, clause: Span) -> bool:
    """Whether a clause has a value or a product that is judged by itself; "quando chegar" has none."""
    inside = (c for c in case.claims if clause[0] <= c.start < clause[1])
    named = any(clause[0] <= m.start < clause[1] for m in case.subjects.mentions)
    return named or any(not c.raw.lower().endswith("ar") for c in inside)


def _unread_freedom(case: Case, folded: str) -> str:
    """A freedom that a clause gives and no text does; empty when there is none."""
    free = _FREELY.search(folded)
    return free.group() if free and not any(free.group() in text for _, text, _ in case.knowledge.sentences) else ""


def _is_of_known(case: Case, clause: Span) -> bool:
    """Whether a clause speaks of something that a text speaks of: what it says of that other checks judge."""
    if read_topic(case, case.reading.folded[slice(*clause)]):
        return True
    told = [w for w in _said(case, clause) if w in PAYING or (tells_topic(w) and w not in TALK | LIGHT)]
    return any(meaning(word) in known_words(case) and meaning(word) not in OF_CLAIMS for word in told)


def _is_read(case: Case, clause: Span) -> bool:
    """Whether one sentence of a text has all words that tell something; one everyday word alone is in many."""
    said = {meaning(word) for word in _said(case, clause)}
    return len(said) > 1 and any(stems.issuperset(said) for _, _, stems in case.knowledge.sentences)


def _said(case: Case, clause: Span) -> list[str]:
    """The words of a clause that tell something, without grammar and affirmations."""
    found = (m.group() for m in _WORD.finditer(case.reading.folded, *clause))
    return [word for word in found if len(word) > _SHORT and word not in _SAYS_NOTHING]


def _leans(case: Case, clause: Span, sentence: Span) -> bool:
    """Whether a clause says nothing of its own beside something that is judged: "pode sim! São 30 dias"."""
    if not _said(case, clause) and _HAVING.fullmatch(case.reading.folded, *clause) and _is_stocked(case):
        return True
    if not _said(case, clause) and _is_no_offer(case, clause):
        return True
    own = _own_words(case, clause)
    if len(own) <= 1 and case.reading.folded[slice(*clause)].rstrip().endswith(":"):
        return True
    beside = _judged_beside(case, sentence)
    if not beside:
        return False
    if _BUYING.issuperset(own) or _ENOUGH.search(case.reading.folded, *clause):
        return True
    explained = any(sentence[0] <= at < sentence[1] for at in beside)
    return len(own) <= int(explained) or _follows(case, clause, sentence)


def _is_stocked(case: Case) -> bool:
    return any(ground.claim.value != "0" for ground in case.knowledge.of_kind("stock"))


def _is_no_offer(case: Case, clause: Span) -> bool:
    """Whether a clause says that there is no offer, where none was read."""
    folded = case.reading.folded[slice(*clause)]
    offered = any(word in OFFERS for word in _WORD.findall(folded))
    return offered and bool(NEGATIONS[case.locale].search(folded)) and not case.knowledge.of_kind("percent")


def _own_words(case: Case, clause: Span) -> list[str]:
    """What a clause says beside names, the customer's own world, and what values are called.

    In capitals no name is told from another word: the verb stands for all.
    """
    theirs = asides(case.reading) + names(case.reading)
    found = _WORD.finditer(case.reading.folded, *clause)
    own = {m.group() for m in found if not within(m.start(), theirs)}
    left = [word for word in _said(case, clause) if word in own and meaning(word) not in OF_CLAIMS]
    if case.reading.text.isupper():
        return [word for word in left if word in _BUYING] or left[:1]
    return left


def _judged_beside(case: Case, sentence: Span) -> list[int]:
    """Where something is judged in a sentence or in those beside it."""
    sentences = case.subjects.sentences
    at = sentences.index(sentence)
    first, last = sentences[max(0, at - 1)][0], sentences[min(len(sentences) - 1, at + 1)][1]
    judged = [c.start for c in case.claims] + [m.start for m in case.subjects.mentions]
    judged += [s[0] for s in sentences[at + 1 : at + 2] if _is_of_known(case, s)]
    return [each for each in judged if first <= each < last]


def _follows(case: Case, clause: Span, sentence: Span) -> bool:
    """Whether a clause only leads to a link, is part of a feeling, or denies what follows from a supposition."""
    folded = case.reading.folded
    inside = {c.kind for c in case.claims if sentence[0] <= c.start < sentence[1]}
    if inside and inside <= _POINTING and folded[slice(*clause)].rstrip().endswith(":"):
        return True
    earlier = (each for each in case.subjects.clauses(sentence) if each[0] < clause[0])
    supposed = any(moods.supposes(folded[slice(*each)]) for each in earlier)
    denied = supposed and NEGATIONS[case.locale].search(folded, *clause)
    return bool(denied or _FEELING.match(folded, *sentence))
