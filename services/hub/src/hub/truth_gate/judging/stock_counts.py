"""How many of a product somebody may take, and how many are left then: reckoned on the stock that was read."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final

from hub.truth_gate.claims.claims import Claim
from hub.truth_gate.grounds.case import DENIED, Case, Judgement, refuse
from hub.truth_gate.grounds.naming import inside
from hub.truth_gate.judging.denial import DENYING, language_of
from hub.truth_gate.language import moods
from hub.truth_gate.language.reading import Span, containing

_TAKING: Final = re.compile(
    r"\b(?:lev(?:ar|ando|a|e|o)|compr(?:ar|ando|a|e)|peg(?:ar|ando|a|ue)|ped(?:ir|indo|e)|vend(?:er|endo|o)|separ\w+|"
    r"reserv\w+|"
    r"llev(?:ar|ando|a|as)|tak(?:e|ing)|buy(?:ing)?|get|order(?:ing)?)\b"
)
_WANTED: Final = re.compile(
    r"\b(?:(?:da|dao) (?:pra|para)|(?:para|pra|for) |consigo|conseguimos|podemos|posso|pode[s]?|puede[s]?|can|"
    r"quer\w*|precis\w+|"
    r"nao (?:tenho|temos)|no (?:tengo|tenemos)|don't have|unidades? (?:eu )?nao)"
)
_LEFT: Final = re.compile(
    r"\b(?:sobr(?:am|a|ariam|ando|arao)|rest(?:am|a|ariam|arao)|fic(?:am|a|ariam|arao)|continuam(?: sobrando)?|"
    r"qued(?:an|a|arian)|"
    r"(?:will|would) be left|leaves?|remain\w*)\b[^.!?,;\n]{0,25}$"
)
_LEFT_AFTER: Final = re.compile(r"\s*(?:units? )?(?:left|remain\w*|de sobra)\b")
_DEAL: Final = re.compile(r"\b(?:pel[oa] (?:preco|valor)|for the price|gratis|free|pag(?:ue|a|ando)|pay)\b")
_COUNTED: Final = ("", "unit")


def stock_count(case: Case, claim: Claim) -> Judgement | None:
    """Judge a count of one product by its stock: what may be taken of it, or is left; None when it is no such count."""
    if claim.kind not in ("number", "stock") or claim.flag or claim.bound or claim.unit not in _COUNTED:
        return None
    stock = _stock_of(case, claim)
    if stock is None or not claim.value.isdigit() or inside(claim.span, case.subjects.mentions):
        return None
    if _is_left(case, claim):
        taken = _taken_before(case, claim)
        return Judgement(True, "computed") if taken and stock - taken == claim.number and claim.number >= 0 else None
    return _judge_wanted(case, claim, stock) if claim.kind == "number" else None


def _judge_wanted(case: Case, claim: Claim, stock: Decimal) -> Judgement | None:
    """Judge what is said of taking as many: "dá pra levar 10", "para 20 não temos"."""
    clause, (start, end) = case.subjects.clause(claim.start), containing(case.subjects.sentences, claim.start)
    folded = case.reading.folded
    supposed = moods.supposes(folded[slice(*clause)]) and _TAKING.search(folded, *clause)
    wanted = supposed or _WANTED.search(folded, clause[0], end)
    priced = any(c.kind in ("price", "bundle", "instalments") and start <= c.start < end for c in case.claims)
    if not wanted or priced or _DEAL.search(folded, start, end):
        return None
    if DENYING[language_of(case, (start, end))].search(folded, start, end):
        return Judgement(True, None, DENIED) if claim.number > stock else refuse(f"there are {stock} of it")
    return Judgement(True, "computed") if claim.number <= stock else refuse(f"there are only {stock} of it")


def _is_left(case: Case, claim: Claim) -> bool:
    start = containing(case.subjects.sentences, claim.start)[0]
    before = _LEFT.search(case.reading.folded, start, claim.start)
    return bool(before or _LEFT_AFTER.match(case.reading.folded, claim.end))


def _taken_before(case: Case, claim: Claim) -> Decimal | None:
    """How many are said to be taken, in the sentence of a count or the one before it."""
    sentences = [each for each in case.subjects.sentences if each[0] <= claim.start]
    for span in reversed(sentences[-2:]):
        taken = [c for c in case.claims if _is_taken(case, c, span) and c.end <= claim.start]
        if len(taken) == 1:
            return taken[0].number
    return None


def _is_taken(case: Case, claim: Claim, span: Span) -> bool:
    counted = claim.kind in ("number", "stock", "bundle") and claim.unit in _COUNTED and claim.value.isdigit()
    return counted and not claim.flag and span[0] <= claim.start < span[1]


def _stock_of(case: Case, claim: Claim) -> Decimal | None:
    """How many there are of the one product a count is of."""
    subjects = case.subjects.scope_of(claim).subjects or case.knowledge.products("stock")
    live = [g for g in case.knowledge.of_kind("stock") if g.subject in subjects and not g.from_text]
    values = {g.claim.value for g in live}
    return Decimal(next(iter(values))) if len(values) == 1 and values != {"unlimited"} else None
