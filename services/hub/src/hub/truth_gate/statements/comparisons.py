"""Which of several products is cheaper, dearest, or costs the same: judged by their prices."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from hub.truth_gate.claims.claims import Claim
from hub.truth_gate.grounds.case import Case, Judgement, refuse
from hub.truth_gate.grounds.naming import Mention
from hub.truth_gate.judging.differences import compared_fees
from hub.truth_gate.judging.orders import order_mentions
from hub.truth_gate.language.reading import Span, containing

Judged = tuple[Claim, Judgement]

_CHEAP: Final = r"(?:mais|mas) (?:barat[oa]s?|em conta|economic[oa]s?)|cheaper|menor preco|menos car[oa]s?"
_DEAR: Final = r"(?:mais|mas) car[oa]s?|more expensive|dearer|maior preco|menos barat[oa]s?"
_COSTS: Final = (
    r"(?:cust\w+|sa(?:i|em|iu|iram)|fic(?:a|am|ou|aram)|val(?:e|em|eu|ia)|costs?|cuestan?|costo|costaron|salen?|"
    r"salio)"
)
_THAN: Final = re.compile(
    rf"\b(?:(?P<cheap>{_CHEAP})|(?P<dear>{_DEAR}))\s+(?:d[oa]s? )?(?:que|do que|than)\b|"
    rf"\b{_COSTS} (?:bem |muito |um pouco |mucho |a lot |a bit )?(?:(?P<less>menos|less)|(?P<more>mais|mas|more)) "
    r"(?:do )?(?:que|than)\b"
)
_MOST: Final = re.compile(
    r"\b(?:o|a|os|as|el|la|los|las|the)\s+(?:[a-z]+ ){0,2}?"
    r"(?:(?P<cheap>(?:mais|mas) (?:barat[oa]s?|em conta|economic[oa]s?)|menor preco|menos car[oa]s?|lowest price)|"
    r"(?P<dear>(?:mais|mas) car[oa]s?|maior preco|menos (?:barat[oa]s?|em conta)|highest price))\b"
    r"(?!\s+(?:que|do que|than)\b)"
    r"|(?:^|(?<=[.!?,:;\n] ))(?:(?P<cheap2>(?:mais|mas) (?:barat[oa]s?|em conta)|menor preco)|(?P<dear2>(?:mais|"
    r"mas) car[oa]s?))"
    r"(?= (?:e|es|is) )|\b(?:(?P<cheapest>cheapest|lowest[- ]priced)|(?P<dearest>most expensive|highest[- ]priced|"
    r"priciest))\b"
)
_IS: Final = re.compile(r"[\s,:]*(?:d\w+ )?(?:[a-z]+ )?(?:e|es|is)?[\s,:]*(?:o |a |os |as |el |la |the )?")
_OF_ALL: Final = re.compile(
    r"\b(?:d[oa]s (?:tres|quatro|cinco)|de tod[oa]s|of (?:the (?:three|four|five)|all|them all)|"
    r"de l[oa]s (?:tres|cuatro))\b"
)
"""What is compared with all that was read, in stock or not."""
_TOGETHER: Final = re.compile(r"\b(?:junt[oa]s|somad[oa]s|together|combined)\b")
_MULTIPLES: Final = {"dobro": 2, "doble": 2, "twice": 2, "double": 2, "triplo": 3, "triple": 3}
_MULTIPLE: Final = re.compile(
    r"\b(?:(?:o |el )(?P<times>dobro|doble|triplo|triple)|(?P<en>twice|double|triple)|(?:a metade|la mitad|half)) "
    r"(?:(?:do|del|the) (?:preco|precio|price) )?(?:as much (?:as )?)?(?:(?:d[oae]s?|del|que|of|as|el|la|the) ){0,3}"
)
_ARTICLES: Final = 2
_NOT: Final = re.compile(r"(?:\b(?:nao|not|nunca|never)|\bno(?= (?:es|son|cuesta)\b)|n't)(?: [a-z]+){0,4} $")
_SAME: Final = re.compile(
    r"\b(?:(?:o |el |the )?mesmo preco|(?:custa|custam|sai|saem) (?:o|a) mesm[oa] (?:que|"
    r"d[oa])|costs? the same|cuestan? lo mismo|mismo precio|same price|cust(?:am|aram|ou) o mesmo(?= *[.,!])|"
    r"cost the same|costaron lo mismo|custam? igual|cuestan igual)\b"
)


def comparisons(case: Case) -> Iterator[Judged]:
    """Every comparison of prices in a reply, judged."""
    for match in _THAN.finditer(case.reading.folded):
        if (match["less"] or match["more"]) and not _names_both(case, match):
            continue
        dear = bool(match["dear"] or match["more"])
        yield _claim(case, match), _as_said(case, match, _compared(case, match, dear=dear))
    for match in _MOST.finditer(case.reading.folded):
        dear = bool(match["dear"] or match["dear2"] or match["dearest"])
        yield _claim(case, match), _as_said(case, match, _extreme(case, match, dear=dear))
    for match in _MULTIPLE.finditer(case.reading.folded):
        if _names_both(case, match):
            yield _claim(case, match), _as_said(case, match, _multiple(case, match))
    for match in _SAME.finditer(case.reading.folded):
        yield _claim(case, match), _as_said(case, match, _same(case, match))


def _as_said(case: Case, match: re.Match[str], holds: Judgement) -> Judgement:
    """A comparison that holds may not be denied: "a mangueira não é mais barata que a furadeira"."""
    denied = _NOT.search(case.reading.folded, case.subjects.clause(match.start())[0], match.start())
    return refuse(f"denies what the prices that were read say: {_told(case)}") if denied and holds.passed else holds


def _claim(case: Case, match: re.Match[str]) -> Claim:
    return Claim("comparison", "price", *match.span()).with_raw(case.reading)


def _sentence(case: Case, match: re.Match[str]) -> Span:
    return containing(case.subjects.sentences, match.start())


def _named(case: Case, span: Span) -> list[Mention]:
    """The products and the orders that a part of a reply names, in order."""
    products = [m for m in case.subjects.mentions if span[0] <= m.start < span[1]]
    return sorted([*products, *order_mentions(case, span)], key=lambda mention: mention.start)


def _names_both(case: Case, match: re.Match[str]) -> bool:
    """Whether what is compared is named on both sides, and no multiple or amount stands beyond."""
    named = _named(case, _sentence(case, match))
    beyond = [m.start for m in named if m.start >= match.end()]
    between = case.reading.folded[match.end() : beyond[0]] if beyond else "- - -"
    return any(m.end <= match.start() for m in named) and len(between.split()) <= _ARTICLES


def _compared(case: Case, match: re.Match[str], *, dear: bool) -> Judgement:
    sentence = _sentence(case, match)
    named = _named(case, sentence)
    first = [m for m in named if m.end <= match.start()] or case.subjects.last_named_before(sentence[0])
    second = [m for m in named if m.start >= match.end()]
    if not second and (pairs := compared_fees(case, (sentence[0], match.start()), (match.end(), sentence[1]))):
        holds = all((a > b) if dear else (a < b) for a, b in pairs)
        return Judgement(True, "fees") if holds else refuse("the fees that were read say the opposite")
    if not first or not second:
        return refuse("compares with something that was not read in this turn")
    left, right = _prices(case, first[-1]), _prices(case, second[0])
    if right and _TOGETHER.search(case.reading.folded, second[0].end, sentence[1]):
        right = [sum((each for m in second for each in _prices(case, m)), Decimal(0))]
    if not left or not right or first[-1].foreign or second[0].foreign:
        return refuse("compares prices that were not read in this turn")
    holds = min(left) > max(right) if dear else max(left) < min(right)
    return _passed(case, first[-1]) if holds else refuse(f"the prices that were read are {_told(case)}")


def _extreme(case: Case, match: re.Match[str], *, dear: bool) -> Judgement:
    sentence = _sentence(case, match)
    named = [m for m in case.subjects.mentions if sentence[0] <= m.start < sentence[1]]
    spoken = [m for m in named if len(m.subjects) == 1]
    if not spoken:
        return Judgement(True, "prices") if _reads_prices(case) else refuse("no prices were read to compare")
    about = _spoken_of(case, match, spoken)
    own = _price(case, about.subject)
    best = max if dear else min
    if own is not None and not about.foreign and any(own == best(pool) for pool in _compared_with(case, about, named)):
        return _passed(case, about)
    return refuse(f"the prices that were read are {_told(case)}")


def _compared_with(case: Case, about: Mention, named: list[Mention]) -> Iterator[list[Decimal]]:
    """The prices among which one may be the lowest: of all, of what is in stock, of its kind, of what is named."""
    kinds = [m.subjects for m in named if about.subjects < m.subjects]
    among = frozenset().union(*kinds) if kinds else case.knowledge.products("price")
    of_all = _OF_ALL.search(case.reading.folded, *containing(case.subjects.sentences, about.start))
    in_stock = frozenset() if of_all else frozenset(s for s in among if _is_in_stock(case, s))
    beside = frozenset(s for m in named if len(m.subjects) == 1 for s in m.subjects)
    alike = case.subjects.kind_of(about.subjects)
    for subjects, least in ((among, 1), (in_stock, 1), (alike, 2), (beside, 2)):
        prices = [price for s in subjects if (price := _price(case, s)) is not None]
        if len(prices) >= least:
            yield prices


def _spoken_of(case: Case, match: re.Match[str], spoken: list[Mention]) -> Mention:
    """What a superlative is said of: "o mais barato é o bolo", "o bolo é o mais barato"."""
    after = [m for m in spoken if m.start >= match.end()]
    before = [m for m in spoken if m.end <= match.start()]
    named = after and _IS.fullmatch(case.reading.folded[match.end() : after[0].start])
    return after[0] if named or not before else before[-1]


def _same(case: Case, match: re.Match[str]) -> Judgement:
    sentence = _sentence(case, match)
    named = _named(case, sentence)
    prices = {price for m in named for price in _prices(case, m)}
    if len(prices) == 1 and not any(m.foreign for m in named):
        return _passed(case, named[0])
    return refuse(f"the prices that were read are {_told(case)}")


def _multiple(case: Case, match: re.Match[str]) -> Judgement:
    """Whether one costs twice, three times or half as much as the other."""
    named = _named(case, _sentence(case, match))
    before = [m for m in named if m.end <= match.start()][-1]
    left, right = _prices(case, before), _prices(case, next(m for m in named if m.start >= match.end()))
    times = Decimal(_MULTIPLES.get(match["times"] or match["en"] or "", 0)) or Decimal("0.5")
    holds = bool(left and right) and all(a == b * times for a in left for b in right)
    return _passed(case, before) if holds else refuse(f"the prices that were read are {_told(case)}")


def _reads_prices(case: Case) -> bool:
    return bool(case.knowledge.products("price"))


def _prices(case: Case, mention: Mention) -> list[Decimal]:
    return [price for s in sorted(mention.subjects) if (price := _price(case, s)) is not None]


def _price(case: Case, subject: str) -> Decimal | None:
    live = (g for g in case.knowledge.of_kind("price") if g.subject == subject and not g.from_text)
    return next((ground.claim.number for ground in live), None)


def _is_in_stock(case: Case, subject: str) -> bool:
    live = [g for g in case.knowledge.of_kind("stock") if g.subject == subject and not g.from_text]
    return not live or any(g.claim.value == "unlimited" or g.claim.number > 0 for g in live)


def _passed(case: Case, mention: Mention) -> Judgement:
    return Judgement(True, mention.subject)


def _told(case: Case) -> str:
    """The prices of the products the reply names, else of all."""
    named = {subject for mention in case.subjects.mentions for subject in mention.subjects}
    subjects = named or case.knowledge.products("price")
    told = [f"{subject} {price}" for subject in sorted(subjects) if (price := _price(case, subject)) is not None]
    return ", ".join(told[:6]) or "none"
