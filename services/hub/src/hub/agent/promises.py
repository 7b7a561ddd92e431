"""Sentences that hold no value the truth gate could compare and can be false all the same.

A favour (a discount, a gift, a refund) has to be spoken of by something that was read in this turn. Work after the
reply ("vou verificar e te retorno") is promised by nobody: nothing does it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final

from common.facts import Fact
from hub.truth_gate.language.reading import fold, normalise

_SENTENCE: Final = re.compile(r"(?<=[.!?])\s+|\n+")
_NEGATED: Final = re.compile(
    r"\b(?:nao|no|not|sem|sin|without|nenhum\w*|ningun\w*|never|nunca|don't|doesn't|can't|cannot)\b"
)
_FAVOURS: Final = {
    "a discount": re.compile(r"\b(?:descont\w+|descuent\w+|discount\w*|rebaj\w+|abatiment\w+)"),
    "a special discount": re.compile(
        r"\b(?:descont\w+|descuent\w+)\W+(?:a mais|maior|extra\w*|especia\w+|adiciona\w+|exclusiv\w+|mayor)"
        r"|\b(?:special|extra|bigger|exclusive|additional) discount\w*"
    ),
    "a coupon": re.compile(r"\b(?:cupo[mn]\w*|coupon\w*|voucher\w*|vale.?(?:compra|presente)\w*)"),
    "a gift": re.compile(r"\b(?:brind(?:e|es)|cortesia\w*|regal\w+|gift\w*)\b"),
    "something free": re.compile(r"\b(?:gratis|gratuit\w+|de graca|for free|free of)\b"),
    "cashback": re.compile(r"\bcash.?back"),
    "a refund": re.compile(
        r"\b(?:reembols\w+|estorn\w+|refund\w*|ressarc\w+|devol\w+ (?:do|o|el|your) (?:dinhei\w+|dinero|valor))"
    ),
    "a guarantee": re.compile(r"\b(?:garant\w+|guarantee\w*|warrant\w+)"),
    "an exception": re.compile(r"\b(?:excecao|excepcion|exception)\b"),
}
_LATER: Final = re.compile(
    r"\b(?:(?:vou|irei|vamos|voy a|vamos a|i(?:'| wi)ll|we(?:'| wi)ll|let me)\s+(?:ja\s+)?(?:verificar|checar|conferir|"
    r"consultar|averiguar|revisar|check|look into|verify|find out|confirmar|confirm)"
    r"|(?:te|lhe|voy a|vou te|vou lhe)?\s*(?:retorno|retornarei|retornaremos|aviso em breve|aviso assim que|"
    r"get back to you|te aviso luego|te responderei|em instantes te)"
    r"|(?:um|so um|solo un|just a|one)\s+(?:momento|minuto|instante|moment|minute|second)\b)"
)
_DONE: Final = re.compile(
    r"\b(?:(?:ja |ya |i(?:'ve| have) )?(?:cancelei|cancele\b|reembolsei|estornei|reservei|separei|agendei|marquei|"
    r"registrei|apliquei|atualizei|enviei|cancelled|refunded|reserved|booked|scheduled|registered|applied|reserve\b|"
    r"agende\b|aplique\b)|(?:foi|fue|esta|has been|was|is)\s+(?:cancelad\w|reembolsad\w|estornad\w|reservad\w|"
    r"agendad\w|cancelled|refunded|reserved|booked))\b"
)


def empty_promises(text: str, facts: Sequence[Fact], *, done: Iterable[str] = ()) -> list[str]:
    """What a reply promises without anything to stand on, as sentences for the model; empty: nothing.

    `done`: what tools really did in this turn ("quotation", "lead").
    """
    known = " ".join(fold(normalise(fact.value)).lower() for fact in facts if fact.kind == "text")
    percents = any(fact.kind == "percent" for fact in facts)
    acted = any(done)
    objections: list[str] = []
    for sentence in filter(str.strip, _SENTENCE.split(text)):
        said = fold(normalise(sentence)).lower()
        if _LATER.search(said):
            objections.append(f"{sentence.strip()!r} promises work after this reply; nobody does it")
        deed = _DONE.search(said)
        if deed and not _NEGATED.search(said) and not acted and _stem(deed[0]) not in known:
            objections.append(f"{sentence.strip()!r} says that something was done; no tool did it")
        if _NEGATED.search(said):
            continue
        for name, pattern in _FAVOURS.items():
            if pattern.search(said) and not pattern.search(known) and not (percents and name == "a discount"):
                objections.append(f"{sentence.strip()!r} speaks of {name}; no fact of this turn does")
    return objections


def _stem(deed: str) -> str:
    """The beginning of the verb: a fact that an order "está cancelado" carries "foi cancelada"."""
    return deed.split()[-1][:7]
