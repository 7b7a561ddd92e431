"""Names that a reply gives without a value: the places where the company is, and its offers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from hub.truth_gate.claims.claims import Claim
from hub.truth_gate.grounds.case import Case, Judgement, refuse
from hub.truth_gate.language.reading import containing, fold, meaning, names_something

Judged = tuple[Claim, Judgement]

_HERE: Final = re.compile(
    r"\b(?:ficamos|estamos|(?:loja|unidade|filial|sede|tienda|sucursal|store|branch)\b[^.!?\n]{0,20} (?:fica|"
    r"esta|is|queda)|"
    r"localizad[oa]s?|ubicad[oa]s?|endereco|direccion|address|we are|we're|located|nos encontr\w+|find us)\b"
)
_PLACE: Final = re.compile(
    r"\b(?:[Ee]m|[Nn][oa]|[Ii]n|[Aa]t|[Oo]n|[Ee]n|[Bb]airro|[Cc]idade de)\s+(?:o |a |la |el |the )?"
    r"(?P<place>[A-ZÀ-Ý][\wà-ÿ]{2,}(?:\s+(?:d[eao]s?\s+|de la\s+)?[A-ZÀ-Ý][\wà-ÿ]+)*)"
)
_NEAR: Final = re.compile(
    r"\b(?:pert(?:o|inho) d[aoe]s?|ao lado d[aoe]s?|em frente (?:a|ao|aos|as)|proxim[oa] (?:a|ao)|next to the|near the|"
    r"close to the|across from the|cerca del?(?: la)?|junto al?(?: la)?|frente al?(?: la)?|"
    r"al lado del?(?: la)?) (?P<what>[a-z]{4,})"
)
_OF_CUSTOMER: Final = re.compile(r"\b(?:voce|sua|seu|casa|vencimento|meta|fim|final)\b")
_STREET: Final = re.compile(
    r"\b(?:[Rr]ua|[Rr]\.|[Aa]v\.|[Aa]venida|[Pp]raça|[Aa]lameda|[Tt]ravessa|[Rr]odovia|"
    r"[Cc]alle)\s(?:(?:é|e|is|es)(?: a)? )?(?:d[aeo]s? )?(?=[A-ZÀ-Ý])"
)
_CAPITAL: Final = re.compile(r"\b[A-ZÀ-Ý][a-zà-ÿ]{2,}(?:\s+(?:d[aeo]s? )?[A-ZÀ-Ý][a-zà-ÿ]+)*")
_MODEL: Final = re.compile(r"(?<![\w-])[a-z]{1,3}\d{1,3}(?![\w-])")
_SHORT_NAME: Final = re.compile(r"(?<= )[A-ZÀ-Ý][a-zà-ÿ](?![\w.])")
_CHANNELS: Final = frozenset("whatsapp instagram facebook telegram site tiktok youtube google pix".split())  # noqa: SIM905
_OVER: Final = re.compile(
    r"\b(?:(?:ja |ya |has |is |have )(?:termin\w+|acab\w+|encerr\w+|expir\w+|ended|over|finaliz\w+|passou|fue)|"
    r"terminou|acabou|"
    r"encerrou|encerrad[ao]|expirou|expired|ended|nao (?:esta|vale|e) (?:mais )?(?:valend\w+|ativ\w+|valid\w+|"
    r"mais)|termino en|"
    r"no longer)\b"
)
_OFFER: Final = re.compile(
    r"\b(?P<name>(?:[Bb]lack|[Cc]yber) (?:[Ff]riday|[Mm]onday|[Ww]eek)|"
    r"(?:[Pp]romoção|[Pp]romo|[Cc]ampanha|[Ss]emana|[Mm]ês|[Ff]estival|[Ff]esta|[Ll]iquida(?:ção)?|[Ff]eirão|[Oo]ferta|"
    r"[Pp]romoción|[Cc]ampaña|[Bb]uen|[Ff]eria|[Hh]ot) (?:d[aeo]s? |del? |"
    r"de la )?[A-ZÀ-Ý][\wà-ÿ]+(?: (?:d[aeo]s? )?[A-ZÀ-Ý][\wà-ÿ]+)*|"
    r"(?:[A-Z]\w+ )+(?:[Ss]ale|[Dd]eals?|[Pp]romo|[Dd]ays?|[Ww]eek)\b)"
)


def named(case: Case) -> Iterator[Judged]:
    """Every such name, judged."""
    yield from _places(case)
    yield from _streets(case)
    yield from _beside(case)
    yield from _models(case)
    for match in _OFFER.finditer(case.reading.text):
        claim = Claim("promise", "offer", *match.span("name")).with_raw(case.reading)
        if not any(m.start <= match.start() < m.end for m in case.subjects.mentions):
            judged = _known_name(case, match["name"], "promotion")
            ended = not judged.passed and _is_told_over(case, claim)
            yield claim, Judgement(True, None, "said to be over") if ended else judged


def _is_told_over(case: Case, claim: Claim) -> bool:
    """Whether a sentence says of an offer that it has ended, and so it has."""
    if not _OVER.search(case.sentence_text(claim)):
        return False
    said = {meaning(word) for word in re.findall(r"[a-z]{3,}", fold(claim.raw)) if names_something(word)}
    ends = {g.subject: g.claim.value for g in case.knowledge.of_kind("date") if g.role == "valid_until"}
    named = [s for s in case.knowledge.expired if said & case.knowledge.words.get(s, frozenset())]
    return bool(named) and all(ends.get(s, "9") < case.today.isoformat() for s in named)


def _places(case: Case) -> Iterator[Judged]:
    for sentence in case.subjects.sentences:
        here = _HERE.search(case.reading.folded, *sentence)
        if not here:
            continue
        for match in _PLACE.finditer(
            case.reading.text, here.start(), containing(case.subjects.sentences, here.start())[1]
        ):
            other = any(c.start < match.end() and match.start("place") < c.end for c in case.claims)
            if other or fold(match["place"]).split()[0] in _CHANNELS:
                continue
            claim = Claim("place", match["place"], *match.span("place")).with_raw(case.reading)
            yield claim, _known_name(case, match["place"], "place")


def _beside(case: Case) -> Iterator[Judged]:
    """Judge what the company is said to be near to: "pertinho do metrô"."""
    for match in _NEAR.finditer(case.reading.folded):
        if names_something(match["what"]) and not _OF_CUSTOMER.search(match.group()):
            claim = Claim("place", match["what"], *match.span("what")).with_raw(case.reading)
            yield claim, _known_name(case, match["what"], "place")


def _models(case: Case) -> Iterator[Judged]:
    """Judge names of models beside those that were read: an X5 where there are an X2 and an X3."""
    known = {code for label in case.knowledge.labels for code in _MODEL.findall(label)}
    series = {code.rstrip("0123456789") for code in known}
    for match in _MODEL.finditer(case.reading.folded) if known else ():
        written = case.reading.text[slice(*match.span())]
        if match.group() not in known and match.group().rstrip("0123456789") in series and written[0].isupper():
            claim = Claim("sku", match.group(), *match.span()).with_raw(case.reading)
            yield claim, refuse(f"no product that was read is called {written!r}")


def _streets(case: Case) -> Iterator[Judged]:
    """Judge the names that stand after a street: of the quarter and of the town."""
    for match in _STREET.finditer(case.reading.text):
        end = containing(case.subjects.sentences, match.start())[1]
        for name in _CAPITAL.finditer(case.reading.text, match.end(), max(end, match.end())):
            channel = fold(name.group()).split()[0] in _CHANNELS
            if not channel and not any(c.start < name.end() and name.start() < c.end for c in case.claims):
                yield (
                    Claim("place", name.group(), *name.span()).with_raw(case.reading),
                    _known_name(case, name.group(), "place"),
                )


def _known_name(case: Case, name: str, what: str) -> Judgement:
    """Judge a name by the words of one subject in force."""
    stems = [meaning(word) for word in re.findall(r"[a-z]{3,}", fold(name)) if names_something(word)]
    short = [fold(word) for word in _SHORT_NAME.findall(name)]
    if short and not any(re.search(rf"\b{word}\b", text) for word in short for _, text in case.knowledge.texts):
        return refuse(f"nothing that was read in this turn knows the {what} {name!r}")
    expired = ""
    for subject, known in case.knowledge.words.items():
        if stems and all(stem in known for stem in stems):
            if subject not in case.knowledge.expired:
                return Judgement(True, subject)
            expired = subject
    if expired:
        return refuse(f"{expired} is not in force on {case.today.isoformat()}")
    return refuse(f"nothing that was read in this turn knows the {what} {name!r}")
