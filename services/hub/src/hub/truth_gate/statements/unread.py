"""Closed classes of words that say something in every language: colours, materials, sizes, places, ways to reach.

Where the words of a reply cannot be compared with those of the texts (another language, a name), these can.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from hub.truth_gate.claims.claims import Claim
from hub.truth_gate.grounds.case import Case, Judgement, refuse
from hub.truth_gate.judging.denial import DENYING, language_of
from hub.truth_gate.judging.support import is_uncertain
from hub.truth_gate.judging.topics import unread_topic
from hub.truth_gate.language import moods
from hub.truth_gate.language.asides import asides, within
from hub.truth_gate.language.reading import Span, asks, containing, fold, meaning, names_something
from hub.truth_gate.language.vocabulary import MONTHS, WEEKDAYS
from hub.truth_gate.statements.stated import known_words
from hub.truth_gate.statements.statements import same_language

Judged = tuple[Claim, Judgement]

_TRAITS: Final = (
    r"pret[oa]s?|black|negr[oa]s?",
    r"branc[oa]s?|white|blanc[oa]s?",
    r"azu(?:l|is|les)|blue",
    r"verdes?|green",
    r"vermelh[oa]s?|red|roj[oa]s?",
    r"amarel[oa]s?|yellow|amarill[oa]s?",
    r"cinzas?|gr[ea]y|gris(?:es)?",
    r"rox[oa]s?|purple|morad[oa]s?",
    r"marro(?:m|ns)|brown|marron",
    r"beges?|beige",
    r"dourad[oa]s?|golden|dorad[oa]s?",
    r"de couro|leather|de cuero",
    r"de algodao|cotton|de algodon",
    r"de vidro|glass|de vidrio",
    r"de madeira|wooden|de madera",
    r"de plastico|plastic",
    r"(?:de aco|inox)\w*|steel|de acero",
    r"de seda|silk",
    r"de linho|linen|de lino",
    r"de la (?=pura|natural)|woollen|de lana",
    r"de ceramica|ceramic",
    r"de aluminio|alumini?um",
    r"de borracha|rubber|de goma",
    r"de bambu|bamboo",
    r"de ouro|de oro",
    r"de prata|de plata",
    r"importad[oa]s?|imported",
    r"(?:feit|hech)[oa]s? a man?o|hand-?made|artesana(?:l|is|les)",
    r"seminov[oa]s?|de segunda man?o|second-hand",
    r"(?:quase|praticamente|almost|nearly|casi) (?:tod\w+|sempre|all|every|always|siempre)",
    r"nov[oa] (?:modelo|versao|colecao|geracao)|new (?:model|version|collection)|nuev[oa] (?:modelo|version|coleccion)|"
    r"lancamento|just launched",
    r"edicao limitada|limited edition|edicion limitada",
    r"recondicionad[oa]s?|refurbished",
    r"acessive(?:l|is)|acessibilidade|accessible|accesibles?|cadeirantes?|wheelchairs?",
)
_ARTICLE: Final = re.compile(r"\b(?:[oa]s?|el|la|l[oa]s|the|uma?|una?|outr[oa]s?|other|ess[ea]s?|est[ea]s?)\s+$")
"""After such a word a trait names another one: "a preta"."""
_PATTERNS: Final = tuple(re.compile(rf"\b(?:{words})\b") for words in _TRAITS)
_IN_PLACE: Final = re.compile(
    r"\b(?:[Ee]m|[Nn][oa]s?|[Ii]n|[Ee]n|[Aa]t|"
    r"(?:loja|unidade|filial|bairro|deposito|depósito|centro|store|tienda) d[aeo])"
    r" (?:la |el |the )?(?P<name>[A-ZÀ-Ý][a-zà-ÿ]{3,}(?: (?:d[aeo]s? )?[A-ZÀ-Ý][a-zà-ÿ]+)*)"
)
_FURTHER: Final = re.compile(
    r", (?P<name>[A-ZÀ-Ý][a-zà-ÿ]{2,}(?: (?:d[aeo]s? )?[A-ZÀ-Ý][a-zà-ÿ]+)*)(?=\s*[.,!;(]|\s*$|\s-)"
)
_THEY_LIVE: Final = re.compile(r"\b(?:voce|voces|vc|you|usted|tu) (?:\w+ )?(?:mora|esta|vem|live|are|vive)\b")
_NO_PLACES: Final = frozenset(
    [
        "insta",
        "face",
        "pix",
        "natal",
        "navidad",
        "christmas",
        "whatsapp",
        "instagram",
        "facebook",
        "telegram",
        "google",
        "brasil",
    ]
)
_PART_OF_DAY: Final = re.compile(
    r"\b(?:de manha|pela manha|a tarde|de tarde|a noite|de noite|de madrugada|aos fins de semana|no fim de semana|"
    r"in the (?:morning|afternoon|evening)|at night|on weekends|por la (?:manana|tarde|noche)|los fines de semana)\b"
)
_OUR: Final = re.compile(
    r"\b(?:noss[oa]s?|nuestr[oa]s?|our) (?!perfil|fone|profile|weekday|equip|open|abert|abier|time|team|pesso|loja|"
    r"store|shop|tienda|empresa|"
    r"company|atend|especial|"
    r"parte|convers|conta|sistem|cadastr|record|registr|catalog|estoque|stock|horari|hours|prec|price|client|custom|"
    r"produt|product|"
    r"regra|rule|politic|policy|coleg|casa|home|disposic|chat|cana|lado|endere|address|direcc|telefon|phone|e-?mail|"
    r"corre|site|web|pagina|page|link|whats|instagram|interval|pausa|almoc|folga|consult|assist|linha|propr|bairr|"
    r"cidad|line)(?P<what>[a-z]{4,})"
)
"""A thing of the company, unless it is one that every company has or that is judged by itself."""
_OUTSIDE: Final = re.compile(r"\bfora d[aeo]s? (?P<what>[a-z]{4,})")
_SIZE: Final = re.compile(
    r"\b(?:[Tt]amanhos?|[Tt]am\.?|[Ss]izes?|[Tt]allas?|[Nn]úmero|[Nn]umeração) (?P<size>[PMGXSL]{1,3}|\d{2})\b"
)
_HAVING: Final = re.compile(
    r"\b(?:temos|tem|ha|tenemos|hay|we have|comes?|vem|viene|disponive\w+|disponible\w*|available)\b"
)
_THERE_IS_NO: Final = re.compile(
    r"\b(?:nao (?:temos|ha|tem|existe)|no (?:tenemos|hay)|(?:do not|don't) have|(?:have|there is) no|sem)"
    r" (?:um |uma |nenhum |any |an? |un |ningun )?"
    r"(?P<what>telefone|phone|telefono|e-?mail|correo|site|website|link|pagina)\b"
)
_KINDS: Final = ((("tel", "ph"), "phone"), (("e", "cor"), "email"), (("s", "w", "l", "pag"), "link"))
_ALSO_OF_MESSAGES: Final = ("delivery",)


def unread_things(case: Case) -> Iterator[Judged]:
    """Every trait and place that a reply tells and nothing read has, and every denial of a contact that was read."""
    known = " ".join(text for subject, text in case.knowledge.texts if subject not in case.knowledge.expired)
    known = " ".join((known, *case.knowledge.labels))
    same = same_language(case)
    traits = [pattern for pattern in _PATTERNS if pattern.search(case.reading.folded)]
    for clause in _telling(case):
        yield from _traits(case, clause, known, traits)
        yield from _traits_of_others(case, clause, traits)
        for check in (_places, _sizes, _outside, _times_of_day):
            yield from check(case, clause, known)
        topic = "" if same else unread_topic(case, case.reading.folded[slice(*clause)], besides=_ALSO_OF_MESSAGES)
        if topic:
            yield _told(case, clause, f"nothing that was read in this turn speaks of that ({topic})")
    yield from _ours(case) if same else ()
    for match in _THERE_IS_NO.finditer(case.reading.folded):
        kind = next(kind for words, kind in _KINDS if match["what"].startswith(words))
        if any(g.claim.kind == kind for g in case.knowledge.grounds if g.subject.startswith("company:")):
            yield _told(case, match.span(), f"a {kind} was read")


def _told(case: Case, span: Span, why: str) -> Judged:
    return Claim("statement", "told", *span).with_raw(case.reading), refuse(why)


def _traits(case: Case, clause: Span, known: str, patterns: list[re.Pattern[str]]) -> Iterator[Judged]:
    theirs = asides(case.reading)
    for pattern in patterns:
        match = pattern.search(case.reading.folded, *clause)
        if match and not pattern.search(known) and not within(match.start(), theirs):
            yield _told(case, match.span(), f"nothing that was read in this turn is {match.group()!r}")


def _traits_of_others(case: Case, clause: Span, patterns: list[re.Pattern[str]]) -> Iterator[Judged]:
    """Judge a trait that only the names of other products have: "o liquidificador está disponível em preto"."""
    rules = " ".join(text for subject, text in case.knowledge.texts if not subject.startswith("product:"))
    for pattern in patterns:
        owners = {subject for label, subject in case.knowledge.labels.items() if pattern.search(label)}
        for match in pattern.finditer(case.reading.folded, *clause) if owners and not pattern.search(rules) else ():
            inside = [m for m in case.subjects.mentions if m.start <= match.start() < m.end]
            if any(m.start < match.start() for m in inside) or _ARTICLE.search(case.reading.folded[: match.start()]):
                continue
            named = [m for m in case.subjects.named_in(clause) if m not in inside and not m.foreign]
            named = named or case.subjects.last_named_before(clause[0])
            if named and not any(m.subjects & owners for m in named):
                yield _told(case, match.span(), f"{named[0].subject} is not {match.group()!r}")


def _ours(case: Case) -> Iterator[Judged]:
    """Judge what is called ours: that there is such a thing has to be read ("baixe o nosso aplicativo")."""
    known = known_words(case) | {meaning(w) for label in case.knowledge.labels for w in label.split()}
    for match in _OUR.finditer(case.reading.folded):
        sentence = containing(case.subjects.sentences, match.start())
        inside = any(c.start < match.end() and match.start() < c.end for c in case.claims)
        inside = inside or any(m.start < match.end() and match.start() < m.end for m in case.subjects.mentions)
        strange = meaning(match["what"]) not in known and names_something(match["what"])
        if (
            strange
            and not inside
            and not asks(case.reading.folded[slice(*sentence)])
            and not is_uncertain(case, match.end())
        ):
            yield _told(case, match.span(), f"nothing that was read in this turn speaks of {match['what']!r}")


def _times_of_day(case: Case, clause: Span, known: str) -> Iterator[Judged]:
    """Judge a part of the day where no hours were read: a text has to speak of it."""
    part = _PART_OF_DAY.search(case.reading.folded, *clause)
    if not part or _PART_OF_DAY.search(known) or within(part.start(), asides(case.reading)):
        return
    if not any(g.day for g in case.knowledge.of_kind("time")):
        yield _told(case, part.span(), f"nothing that was read in this turn says {part.group()!r}")


def _sizes(case: Case, clause: Span, known: str) -> Iterator[Judged]:
    """Judge a size that a clause says there is."""
    for match in _SIZE.finditer(case.reading.text, *clause):
        having = _HAVING.search(case.reading.folded, *clause)
        if having and not re.search(rf"\b{fold(match['size'])}\b", known):
            yield _told(case, match.span(), f"nothing that was read in this turn has the size {match['size']}")


def _outside(case: Case, clause: Span, known: str) -> Iterator[Judged]:
    """Judge what is said to hold outside of what a text draws a line around."""
    outside = _OUTSIDE.search(case.reading.folded, *clause)
    inside = outside and re.search(rf"dentro d[aeo]s? (?:\w+ d[aeo]s? )?{outside['what']}", known)
    if outside and inside and not re.search(r"\bfora\b", known):
        yield _told(case, outside.span(), f"what was read holds inside of {outside['what']!r} only")


def _telling(case: Case) -> Iterator[Span]:
    """The clauses that tell something."""
    for sentence in case.subjects.sentences:
        if asks(case.reading.folded[slice(*sentence)]):
            continue
        for clause in case.subjects.clauses(sentence):
            folded = case.reading.folded[slice(*clause)]
            itself = (
                moods.supposes(folded)
                or moods.speaks_of_itself(folded)
                or DENYING[language_of(case, clause)].search(folded)
            )
            if not itself and not is_uncertain(case, clause[1]):
                yield clause


def _named_places(case: Case, clause: Span) -> Iterator[re.Match[str]]:
    """The names of places of a clause; "em Savassi, Rio de Janeiro" names two."""
    for match in _IN_PLACE.finditer(case.reading.text, *clause):
        yield match
        further = _FURTHER.match(case.reading.text, match.end())
        if further:
            yield further


def _places(case: Case, clause: Span, known: str) -> Iterator[Judged]:
    """Judge the names of places of a clause: each of their words has to be read."""
    theirs = asides(case.reading)
    if re.search(
        r"\b(?:voce|voces|vc|you|usted|tu) (?:\w+ )?(?:mora|esta|vem|live|are|vive)\b",
        case.reading.folded[slice(*clause)],
    ):
        return
    for match in _named_places(case, clause):
        words = [w for w in re.findall(r"[a-z]+", fold(match["name"])) if names_something(w)]
        inside = any(c.start < match.end() and match.start("name") < c.end for c in case.claims)
        inside = inside or any(m.start < match.end() and match.start("name") < m.end for m in case.subjects.mentions)
        other = not words or words[0] in _NO_PLACES or words[0] in MONTHS or words[0] in WEEKDAYS
        stems = {meaning(w) for w in re.findall(r"[a-z]+", known)}
        if inside or other or within(match.start("name"), theirs) or all(meaning(w) in stems for w in words):
            continue
        place = Claim("place", match["name"], *match.span("name")).with_raw(case.reading)
        yield place, refuse(f"nothing that was read in this turn knows the place {match['name']!r}")
