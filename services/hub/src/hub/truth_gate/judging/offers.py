"""Offers: what a promotion's values, code and dates may be said of."""

from __future__ import annotations

import re
from typing import Final

from hub.truth_gate.claims.claims import Claim
from hub.truth_gate.grounds.case import Case
from hub.truth_gate.grounds.knowledge import Ground
from hub.truth_gate.language import moods
from hub.truth_gate.language.reading import containing, names_something, stem, tells_topic
from hub.truth_gate.language.vocabulary import MONTHS, NUMBER_WORDS, WEEKDAYS
from hub.truth_gate.language.word_shapes import is_verb

_WORD: Final = re.compile(r"[a-z][a-z-]*[a-z]")
_LETTERS: Final = re.compile(r"[\w-]+")
_OFFER_TALK: Final = frozenset(
    """cupom cupons coupon coupons cupon codigo code aproveite aproveitar aproveita valido valida vale valem ate
    promocao promocoes promocional oferta ofertas oferece desconto descontos campanha semana dia dias hoje agora
    amanha
    enquanto durar durarem use usando usar com ganhe ganha loja site compra compras comprar levar leve sai saem vai
    termina acaba comeca comecou temos tem voce ainda valid until discount offer enjoy today hasta valida descuento
    ends starts begins line linea range off get tiene code until with aplica aplicando dura duram digitando codigos
    inserir digite informe fechamento finalizacao rolando valendo carrinho pedido pedidos finalizar total
    geral week weeks month months today this semana mes""".split()  # noqa: SIM905
)

_ITEM_OF_LIST: Final = 3
"""So many words may be one more thing of a list."""
_WHOLE_SHOP: Final = re.compile(
    r"\b(?:loja (?:toda|inteira)|tod[oa] [oa] (?:loja|site|catalogo)|todos os produtos|tudo|everything|site-?wide|"
    r"store-?wide|whole (?:store|shop)|toda la tienda|todo el sitio)\b"
)


def offers(case: Case) -> list[Ground]:
    """What makes something be on offer: percentages, prices, deals and words of promotions and rules."""
    kinds = ("percent", "price", "number", "promise")
    return [
        g
        for g in case.knowledge.grounds
        if g.from_text and g.claim.kind in kinds and (g.subject.startswith("promotion:") or g.claim.kind == "percent")
    ]


def offer_objection(case: Case, claim: Claim, ground: Ground) -> str:
    """Why a value of a promotion is not said of what the promotion is about; empty when it is."""
    if not ground.subject.startswith("promotion:"):
        return ""
    whole = _WHOLE_SHOP.search(case.sentence_text(claim))
    if whole and not _WHOLE_SHOP.search(case.text_of(ground.subject)):
        return f"{ground.subject} does not speak of {whole.group()!r}"
    start, end = containing(case.subjects.sentences, claim.start)
    if claim.kind != "date":
        start, end = case.subjects.clause(claim.start)
        end = _end_of_list(case, end)
    folded = _without_claims(case, start, end)
    found = [m for m in _WORD.finditer(folded) if not is_verb(folded, *m.span())]
    said = [m.group() for m in found if _names(m.group())]
    known = case.knowledge.words.get(ground.subject, frozenset())
    foreign = [word for word in said if stem(word) not in known]
    if claim.kind == "date" and (rival := _better_named(case, ground, start, end)):
        return f"{ground.claim.value} is of {ground.subject}, not of {rival}"
    if claim.kind == "date" and (not foreign or len(foreign) < len(said)):
        return ""
    return f"{ground.subject} does not speak of {foreign[0]!r}" if foreign else ""


def _end_of_list(case: Case, end: int) -> int:
    """Where the list ends that a clause begins: "em bolos, tortas e pães"."""
    sentence = containing(case.subjects.sentences, max(0, end - 1))
    for clause in (each for each in case.subjects.clauses(sentence) if each[0] >= end):
        named = any(clause[0] <= m.start < clause[1] for m in case.subjects.mentions)
        short = len(_LETTERS.findall(case.reading.folded[slice(*clause)])) <= _ITEM_OF_LIST
        if (
            not (named or short)
            or moods.tells(case.reading.text[slice(*clause)])
            or any(clause[0] <= c.start < clause[1] for c in case.claims)
        ):
            break
        end = clause[1]
    return end


def _better_named(case: Case, ground: Ground, start: int, end: int) -> str:
    """Another promotion that knows more of the words of a sentence."""
    said = {stem(word) for word in _WORD.findall(case.reading.folded[start:end]) if len(word) > len("ate")}
    known = {s: len(said & words) for s, words in case.knowledge.words.items() if s.startswith("promotion:")}
    best = max(known, key=lambda subject: known[subject], default="")
    return best if best and known[best] > known.get(ground.subject, 0) else ""


def _names(word: str) -> bool:
    other = word in _OFFER_TALK or word in MONTHS or word in WEEKDAYS or any(word in w for w in NUMBER_WORDS.values())
    return names_something(word) and tells_topic(word) and not other and not word.endswith(("mente", "ly"))


def _without_claims(case: Case, start: int, end: int) -> str:
    characters = list(case.reading.folded)
    for claim in case.claims:
        characters[claim.start : claim.end] = " " * (claim.end - claim.start)
    return "".join(characters[start:end])
