"""The judgement on a statement: by the words it uses, and by whether the texts say it the same way round."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from itertools import pairwise
from typing import Final, NamedTuple

from hub.truth_gate.claims.claims import Claim
from hub.truth_gate.grounds.case import DENIED, Case, Judgement, refuse
from hub.truth_gate.grounds.context import TIME_UNITS
from hub.truth_gate.grounds.naming import Mention
from hub.truth_gate.judging.openness import denies_days
from hub.truth_gate.language import statement_words as words
from hub.truth_gate.language.asides import asides, within
from hub.truth_gate.language.negation import denied_words
from hub.truth_gate.language.reading import Span, meaning, names_something, tells_topic
from hub.truth_gate.language.word_shapes import is_verb, tells_a_deed
from hub.truth_gate.statements.reach import is_as_read

OF_CLAIMS: Final = frozenset(
    map(
        meaning,
        """data prazo previsao funcionamento tempo horario expediente vespera natal manha noite tarde cedo feriado
        periodo comeco inicio
        final diferenca limite orcamento codigo rastreio numero telefone nome regra condicao condicoes direito pagamento
        pena causa razao razon call carry especial maos disculpa sorry porque caminho certinho certinha potencia
        tensao peso voltagem altura largura modo capacidade gramatura comprimento diametro profundidade
        medida capacity voltage weight length capacidad voltaje
        importante olho carrinho carrito cart colega colleague normal off aberto fechado close closed open valido
        ativo entregue transito
        proximo proxima primeiro primeira ultimo ultima menor maior melhor budget difference name number date time
        holiday rule presupuesto diferencia fecha nombre mucho mucha""".split(),  # noqa: SIM905
    )
)
"""What the values and states are called that are judged by themselves."""
_WORD: Final = re.compile(r"[a-z][a-z-]*[a-z]")
_NEAR: Final = 20
_FEW: Final = 3
"""No more words are told when all that is said is how far a discount reaches."""
_LINK: Final = re.compile(
    r"[,:]? ?(?:(?:e|es|is|de|do|da|das|del|a|as|o|em|no|na|ate|por|para|dia|at|for|of|until|by|hasta|the|el) )*"
)
"""Between a value and the word for what it is: "válida até", "o tempo é de"."""
_SIZE: Final = re.compile(
    r"\b(?:tamanho|tam\.?|size|talla|numero) (?P<size>(?!(?:e|de|da|do|que|is|es|ou|em|por|na|no|"
    r"of)\b)[a-z]{1,3}|\d{2})\b"
)


class Stated(NamedTuple):
    """A statement: from its verb to where it ends; `subjects`: the products it is about, none for the company."""

    verb: Span
    scope: Span
    subjects: frozenset[str] = frozenset()


def judge_statement(case: Case, stated: Stated) -> Judgement:
    """Judge a statement: every word that tells something has to be read, and not the other way round."""
    said = list(_told(case, stated))
    if other := _said_to_be(case, stated):
        return refuse(f"{min(stated.subjects)} is not {other}")
    size = _SIZE.search(case.reading.folded, *stated.scope)
    labels = [label for label, subject in case.knowledge.labels.items() if subject in stated.subjects]
    if size and labels and not any(re.search(rf"\b{size['size']}\b", label) for label in labels):
        return refuse(f"{labels[0]!r} is not size {size['size'].upper()}")
    if _is_denied(case, stated) and words.OFFERS.issuperset(said) and not case.knowledge.of_kind("percent"):
        return Judgement(True, None, "no offer was read")
    own = _label_words(case, stated.subjects)
    known = own | known_words(case)
    strange = [word for word in said if meaning(word) not in known]
    if strange and (strange[0] != _verb(case, stated) or _says_nothing_else(case, stated, said)):
        return refuse(f"nothing that was read in this turn speaks of {strange[0]!r}")
    if len(strange) > 1:
        return refuse(f"nothing that was read in this turn speaks of {strange[1]!r}")
    said = [word for word in said if word not in strange]
    return _by_polarity(case, stated, [meaning(word) for word in said if meaning(word) not in own])


def _told(case: Case, stated: Stated) -> Iterator[str]:
    """The words of a statement; a verb or a name right before a value is judged with that."""
    including = bool(words.INCLUDING.fullmatch(case.reading.folded, *stated.verb))
    for word, span in content_spans(case, stated.scope, stated.subjects, stated.verb[0], strictly=including):
        beside = any(0 <= c.start - span[1] <= 1 for c in case.claims)
        called = meaning(word) in OF_CLAIMS and any(
            (0 <= c.start - span[1] < _NEAR and _LINK.fullmatch(case.reading.folded, span[1], c.start))
            or (
                _is_measured(c) and 0 < span[0] - c.end < _NEAR and _LINK.fullmatch(case.reading.folded, c.end, span[0])
            )
            for c in case.claims
        )
        if not (called or (beside and tells_a_deed(case.reading.folded, *span))):
            yield word


def _is_measured(claim: Claim) -> bool:
    """Whether what a value is may be named behind it: "650 W de potência", "SHP-300 é o código"."""
    return claim.kind == "sku" or (claim.kind == "number" and claim.unit not in ("", *TIME_UNITS))


def _said_to_be(case: Case, stated: Stated) -> str:
    """Another product that a product is said to be ("a coleira vermelha é a G"); empty when none."""
    for mention in case.subjects.mentions:
        between = case.reading.folded[stated.verb[1] : mention.start] if mention.start >= stated.verb[1] else "-"
        if (
            stated.subjects
            and between.strip() in ("o", "a", "the", "el", "la")
            and not mention.subjects & stated.subjects
        ):
            return mention.subject
    return ""


def _verb(case: Case, stated: Stated) -> str:
    return case.reading.folded[slice(*stated.verb)].split()[0]


def _says_nothing_else(case: Case, stated: Stated, said: list[str]) -> bool:
    """Whether all depends on the verb: "seguramos as compras por 5 dias" may say "guardamos" in its own words."""
    return not any(stated.scope[0] <= c.start < stated.scope[1] for c in case.claims)


def _by_polarity(case: Case, stated: Stated, said: list[str]) -> Judgement:
    """Judge a statement of known words by the sentences of texts that hold all of them."""
    if strange := _of_others(case, stated, said):
        return refuse(strange)
    if not said:
        return Judgement(True, min(stated.subjects, default=None), "states nothing that could be false")
    if len(said) <= _FEW and is_as_read(case, stated.verb[0]):
        return Judgement(True, None, "a discount reaches as far as was read")
    denied = _is_denied(case, stated, said)
    every = words.EVERY.search(case.reading.folded[slice(*stated.scope)])
    told = [(subject, text) for subject, text, stems in case.knowledge.sentences if stems.issuperset(said)]
    if not told:
        return _part_by_part(case, stated)
    agreeing = _agreeing(case, told, said, denied=denied)
    if denied and not agreeing and denies_days(case, case.subjects.clause(stated.verb[0])):
        return Judgement(True, told[0][0], DENIED)
    if not agreeing:
        return refuse(f"{told[0][0]} says {'so' if denied else 'the opposite'}: {told[0][1]!r}")
    said_of = case.reading.folded[slice(*stated.scope)]
    if every and not any(words.is_of_all(text, said_of) for _, text in agreeing):
        return refuse(f"{agreeing[0][0]} does not say {every.group()!r}: {agreeing[0][1]!r}")
    return Judgement(True, agreeing[0][0])


def _part_by_part(case: Case, stated: Stated) -> Judgement:
    """Judge what no sentence says as a whole clause by clause: words of two rules make a third one, which nobody said.

    A clause with a value may gather the words of one rule from several of its sentences: the value is judged too.
    """
    own = _label_words(case, stated.subjects)
    for part in _parts(case, stated.scope):
        said = [m for word in content(case, part, stated.subjects, stated.verb[0]) if (m := meaning(word)) not in own]
        known = [m for m in said if m in known_words(case)]
        told = [(s, t) for s, t, stems in case.knowledge.sentences if stems.issuperset(known)]
        valued = any(part[0] <= c.start < part[1] for c in case.claims)
        if not told and not (valued and _is_of_one_text(case, known)):
            return refuse(f"nothing that was read in this turn says all of that together: {', '.join(known)}")
        denied = denies(case, part, known)
        every = words.EVERY.search(case.reading.folded[slice(*part)])
        if every and not any(words.EVERY.search(t) for _, t in told):
            return refuse(f"nothing that was read in this turn says {every.group()!r} of that")
        for read in [told, *([(s, t) for s, t, stems in case.knowledge.sentences if word in stems] for word in known)]:
            if known and read and not denied and not _agreeing(case, read, known, denied=denied):
                return refuse(f"{read[0][0]} says the opposite: {read[0][1]!r}")
    return Judgement(True, None, "each part of it was read")


def _parts(case: Case, scope: Span) -> Iterator[Span]:
    """The clauses of a scope; "com taxa de R$ 8,00" is one of its own."""
    for sentence in case.subjects.sentences:
        for start, end in case.subjects.clauses(sentence):
            begin, stop = max(start, scope[0]), min(end, scope[1])
            cuts = [m.start() for m in words.WITH.finditer(case.reading.folded, begin, stop)] if begin < stop else []
            cuts = [cut for cut in cuts if any(cut <= c.start < stop for c in case.claims)]
            yield from pairwise([begin, *cuts, stop]) if begin < stop else ()


def _is_of_one_text(case: Case, said: list[str]) -> bool:
    """Whether one rule has all of these words."""
    found: dict[str, frozenset[str]] = {}
    for subject, _, stems in case.knowledge.sentences:
        found[subject] = found.get(subject, frozenset()) | stems
    return any(stems.issuperset(said) for stems in found.values())


def _agreeing(case: Case, told: list[tuple[str, str]], said: Collection[str], *, denied: bool) -> list[tuple[str, str]]:
    """The sentences that say it the same way round: that deny something of it, or nothing."""
    return [(s, t) for s, t in told if denied_words(t, case.locale).isdisjoint(said) != denied]


def _is_denied(case: Case, stated: Stated, said: Collection[str] = ()) -> bool:
    clause = case.subjects.clause(stated.verb[0])[0]
    lacking = words.LACKING.search(case.reading.folded, clause, stated.verb[0])
    span = (clause if lacking else max(clause, stated.verb[0] - 20), stated.scope[1])
    return denies(case, span, said)


def denies(case: Case, span: Span, of: Collection[str] = ()) -> bool:
    """Whether a span denies something: "sem a vacina não atendemos" denies twice, which asserts.

    `of`: stems; that one of them is denied, where any is given.
    """
    said = without_fixed(case.reading.folded[slice(*span)])
    twice = words.LACKING.search(said) and words.NOT_DONE[case.locale].search(said)
    if twice or not words.NEGATIONS[case.locale].search(said):
        return False
    return not of or not denied_words(case.reading.folded[slice(*span)], case.locale).isdisjoint(of)


def _of_others(case: Case, stated: Stated, said: list[str]) -> str:
    """Why what a text says of other products does not hold for these."""
    told = [(subject, stems) for subject, _, stems in case.knowledge.sentences if said and stems.issuperset(said)]
    of_others = [case.subjects.owners_in(stems) for _, stems in told]
    others = [owners for owners in of_others if owners and not owners & stated.subjects]
    return f"{told[0][0]} says so of others" if stated.subjects and told and len(others) == len(told) else ""


def without_fixed(text: str) -> str:
    """The text without words that look like a denial and are none: "sem juros", "não custa nada"."""
    return words.NO_DENIAL.sub("", text)


def _is_own(mention: Mention, subjects: frozenset[str]) -> bool:
    """Whether a name says nothing new: "a coleira G é vermelha" gives G the word of another one."""
    return not mention.foreign and (not subjects or mention.subjects <= subjects)


def content(case: Case, scope: Span, subjects: frozenset[str], verb_at: int = -1) -> Iterator[str]:
    """The words of a statement that say something, folded; `verb_at`: where its own verb stands."""
    return (word for word, _ in content_spans(case, scope, subjects, verb_at))


def content_spans(
    case: Case, scope: Span, subjects: frozenset[str], verb_at: int = -1, *, strictly: bool = False
) -> Iterator[tuple[str, Span]]:
    """The same words, each with where it stands; `strictly`: also those that are only talk elsewhere."""
    hidden = [
        *case.subjects.values_with_leads,
        *(having.span for having in case.subjects.havings),
        *(m.span for m in case.subjects.mentions if _is_own(m, subjects)),
    ]
    hidden = [(start, end) for start, end in hidden if start < scope[1] and scope[0] < end]
    theirs = asides(case.reading)
    for match in _WORD.finditer(case.reading.folded, *scope):
        word = match.group()
        if any(a < match.end() and match.start() < b for a, b in hidden) or within(match.start(), theirs):
            continue
        if match.start() != verb_at and is_verb(case.reading.folded, match.start(), match.end()):
            continue
        light = word in words.LIGHT or (word in words.TALK and not strictly) or word.endswith(("mente", "ly"))
        telling = names_something(word) or word in words.PAYING or (strictly and tells_topic(word))
        if telling and not light and not words.BEING.fullmatch(word):
            yield word, match.span()


def known_words(case: Case) -> frozenset[str]:
    """The stems of all texts in force."""
    return case.knowledge.stems


def _label_words(case: Case, subjects: frozenset[str]) -> frozenset[str]:
    if not subjects:
        return frozenset(meaning(w) for label in case.knowledge.labels for w in _WORD.findall(label))
    labels = [label for label, subject in case.knowledge.labels.items() if subject in subjects]
    return frozenset(meaning(word) for label in labels for word in _WORD.findall(label))
