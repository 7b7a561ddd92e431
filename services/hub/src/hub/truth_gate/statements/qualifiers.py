"""Phrases that limit or widen what is told: for whom, where, from when, per what, on what terms.

They are a closed class in each language, made of words that say nothing by themselves ("por pessoa", "mediante
cadastro", "em todas as lojas"). A phrase of the class needs a text of this turn that has one of its kind.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Final

from hub.truth_gate.claims.claims import Claim
from hub.truth_gate.grounds.case import Case, Judgement, refuse
from hub.truth_gate.judging.support import is_uncertain
from hub.truth_gate.language import moods
from hub.truth_gate.language.asides import asides, within
from hub.truth_gate.language.reading import Span, asks, containing

Judged = tuple[Claim, Judgement]
Backed = Callable[[Case, Span], bool]

_DAY: Final = (
    r"(?:hoje|amanha|ontem|segunda|terca|quarta|quinta|sexta|sabado|domingo|today|tomorrow|yesterday|(?:mon|tues|"
    r"wednes|thurs|fri|satur|sun)day|hoy|manana|ayer|lunes|martes|miercoles|jueves|viernes)"
)


def _never(case: Case, clause: Span) -> bool:
    return False


def _is_timed(case: Case, clause: Span) -> bool:
    """Whether hours or days are told beside it: it is judged with them."""
    start, end = containing(case.subjects.sentences, clause[0])
    return any(c.kind in ("time", "open", "weekday") and start <= c.start < end for c in case.claims)


def _is_dated(case: Case, clause: Span) -> bool:
    """Whether an offer that was read begins or ends."""
    return any(g.role in ("valid_from", "valid_until") for g in case.knowledge.of_kind("date")) or _is_timed(
        case, clause
    )


def _has_link(case: Case, clause: Span) -> bool:
    return bool(case.knowledge.of_kind("link"))


def _has_code(case: Case, clause: Span) -> bool:
    return any(g.subject.startswith("promotion:") for g in case.knowledge.of_kind("sku"))


def _is_scheduled(case: Case, clause: Span) -> bool:
    return any(g.subject.startswith("schedule:") for g in case.knowledge.grounds)


_CLASSES: Final[tuple[tuple[str, str, Backed], ...]] = (
    (r"(?:ate|hasta|until|till) (?:o |el |the )?(?:fim|final|fin|end) (?:d[aeo]|del?|of)(?: la| the)? [a-z]+",
     r"(?:fim|final|fin|end) (?:d[aeo]|of)", _is_dated),
    (r"parcelad[oa]s?|in instal?lments|en cuotas", r"parcel\w*|\d+ ?x|vezes|cuotas|meses|instal", _never),
    (r"(?:no|pelo|do) site|pela internet|on-?line|en la web|por la web",
     r"site|internet|on-?line|web|app\w*", _has_link),
    (rf"(?:so|apenas|somente|valid[oa]) (?:ate )?{_DAY}|(?:a partir de|desde) {_DAY}|(?:today|tomorrow) only|"
     rf"(?:until|starting|from|solo|hasta|valid) (?:on )?{_DAY}",
     rf"(?:a partir de|desde|ate|from|starting|until|so|solo|only) (?:on |a |el )?{_DAY}|{_DAY} only", _is_dated),
    (r"por tempo limitado|limited[- ]time|for a limited time|por tiempo limitado", r"limit|tempo|tiempo", _is_dated),
    (r"(?:mediante|com|sem|precisa de|fazer) (?:um )?cadastro|cadastrad[oa]s|registered customers|"
     r"clientes registrados", r"cadastr|regist", _never),
    (r"(?:para |de )?(?:nov[oa]s clientes|clientes nov[oa]s|primeira compra|assinantes|socios|membros|vip)|"
     r"new customers|first (?:order|purchase)|members(?:hip)?|clientes nuevos|primera compra|socios",
     r"nov[oa]s clientes|clientes nov|primeir|assinant|soci|membr|clube|vip|new customer|first|nuev", _never),
    (r"por pessoa|por cabeca|por casal|per person|a head|por persona", r"pessoa|person|casal|cabeca|alun", _never),
    (r"por ordem de chegada|first[- ]come|por orden de llegada", r"ordem de chegada|first|orden de", _never),
    (r"todos os dias|diariamente|every day|daily|todos los dias", r"todos os dias|diari|every day|daily|todos los dias",
     _is_timed),
    (r"(?:inclusive|incluindo|ate|nos|including|on|incluso|los) (?:n?os |los )?(?:feriados|holidays|festivos)",
     r"feriad|holiday|festiv", _never),
    (r"(?:em|de) todas as (?:nossas )?(?:lojas|unidades|filiais)|in all (?:our )?(?:stores|shops)|en todas las tiendas|"
     r"(?:para|em|a) todo o (?:brasil|pais)|nationwide|en todo el pais",
     r"todas as|todo o|all|todas las|todo el|brasil", _never),
    (r"enquanto dur\w+|while (?:stocks|supplies) last|hasta agotar", r"dur\w+|agotar|last|estoque", _is_dated),
    (r"mais (?:as )?taxas|plus tax(?:es)?|mas (?:iva|impuestos)|\+ ?(?:taxas?|tax|iva)|impostos", r"tax|impost|iva\b",
     _never),
    (r"com (?:um |o )?cup(?:om|on)|with a coupon|con (?:un )?cupon", r"cup(?:om|on)|coupon|codigo", _has_code),
    (r"(?:com|mediante|sem) (?:hora marcada|agendamento)|by appointment|con cita", r"agend|marc|appoint|cita",
     _is_scheduled),
    (r"n[oa] atacado|wholesale|al por mayor", r"atacad|wholesale|mayor", _never),
    (r"sob encomenda|made to order|por encargo", r"encomend|order|encarg", _never),
    (r"com juros|with interest|con intereses", r"juros|interest|interes", _never),
    (r"(?:com|sem|leve|levar|traga|trazer|without|with|sin|con) (?:um |o |any |an |a |un |el )?"
     r"(?:documento|rg|identidade|photo id|id|identificacion)", r"document|identi|\brg\b|\bid\b", _never),
)  # fmt: skip
_COMPILED: Final = tuple(
    (re.compile(rf"\b(?:{said})\b"), re.compile(rf"\b(?:{read})"), by) for said, read, by in _CLASSES
)
_WITHOUT: Final = re.compile(
    r"\b(?:sem|without|sin|nao precisa(?: de| levar| trazer)?|no need for|no necesita) "
    r"(?:um |o |any |an |a |un |el |qualquer |nenhum )?(?:documento|identidade|photo id|id\b|identificacion)"
)
_NEEDED: Final = re.compile(r"\bdocument\w*|identidade|photo id")


def unread_qualifiers(case: Case) -> Iterator[Judged]:
    """Every such phrase that nothing read has, refused."""
    known = " ".join(text for subject, text in case.knowledge.texts if subject not in case.knowledge.expired)
    known = " ".join((known, *case.knowledge.labels))
    classes = [each for each in _COMPILED if each[0].search(case.reading.folded)]
    for clause in _telling(case):
        for said, read, backed in classes:
            match = said.search(case.reading.folded, *clause)
            if not match or read.search(known) or within(match.start(), asides(case.reading)) or backed(case, clause):
                continue
            claim = Claim("statement", "qualified", *match.span()).with_raw(case.reading)
            yield claim, refuse(f"nothing that was read in this turn says {match.group()!r}")
        without = _WITHOUT.search(case.reading.folded, *clause)
        if without and _NEEDED.search(known):
            yield (
                Claim("statement", "without", *without.span()).with_raw(case.reading),
                refuse("what was read asks for it"),
            )


def _telling(case: Case) -> Iterator[Span]:
    """The clauses that tell something, also those that deny."""
    for sentence in case.subjects.sentences:
        if asks(case.reading.folded[slice(*sentence)]):
            continue
        for clause in case.subjects.clauses(sentence):
            folded = case.reading.folded[slice(*clause)]
            itself = moods.supposes(folded) or moods.speaks_of_itself(folded)
            if not itself and not is_uncertain(case, clause[1]):
                yield clause
