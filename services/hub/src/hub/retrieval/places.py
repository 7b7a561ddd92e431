"""Places in questions and rules: "entregam em Recife?" is no question for the rule about Belo Horizonte."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final, NamedTuple

from rapidfuzz.distance import OSA

from hub.retrieval.folding import fold, strip_marks
from hub.retrieval.words import place_lines, portuguese_words

_REGIONS: Final = ("norte", "nordeste", "centro-oeste", "sudeste", "sul")
_EVERYWHERE: Final = re.compile(
    r"\b(?:todo o (?:brasil|pais)|brasil (?:todo|inteiro)|todo territorio|qualquer (?:lugar|cidade|estado|cep)|"
    r"outr[oa]s (?:regioes|cidades|estados|localidades)|demais (?:regioes|cidades|estados|localidades)|"
    r"resto do (?:brasil|pais)|interior e outros)\b"
)
_ELSEWHERE: Final = re.compile(
    r"\b(?:outr[oa]s (?:estados|cidades|regioes|lugares|localidades)|outro estado|outra cidade|"
    r"other (?:states|cities|places)|"
    r"otr[oa]s (?:estados|ciudades|provincias|lugares|regiones)|fora (?:do estado|da cidade|de bh|de minas)|"
    r"(?:todo o|o|para o|pro) (?:brasil (?:todo|inteiro)|pais (?:todo|inteiro)?)|todo o brasil|all (?:over|of) brazil|"
    r"todo (?:el )?(?:pais|brasil)|qualquer (?:lugar|cidade|estado)|resto do (?:brasil|pais)|nationwide)\b"
)
_WHERE: Final = r"(?:em|para|pra|pro|ate|de|do|sou de|moro em|cep de|to|in|from|en|hasta)"
_UNKNOWN: Final = re.compile(
    r"\b(?:entreg\w+|envi\w+|mand\w+|frete|fretes|despach\w+|cheg\w+|moro|vai|vao)\b(?: \w+){0,4}? "
    r"(?:em|no|na|para|pra|pro) (?P<name>[a-z]{4,})\b"
)
_LEADS: Final = re.compile(r"para (?!e |ou )[a-z]")
"""The word before a place ("para Cuiabá"), which is spelt like the state of Pará."""
_ARTICLES: Final = (" o ", "no ", "pro ", "ao ")
"""What stands before the name of that state and not before the word: "no Pará"."""
_SHORTEST: Final = 4
_LONG_ENOUGH: Final = 5
"""For a slip to leave no doubt which town was meant."""
_LIST_LENGTH: Final = 60
_COMMON: Final = frozenset(
    """natal serra vitoria palmas santos sorriso franca americana patos colombo paulista santana crato para acre
    minas salvador belem contagem sobral dourados lavras gramado canoas rio""".split()  # noqa: SIM905 - readable as words
)
"""Names that are words as well, or short: they count only where a place is spoken of."""
_NOWHERE: Final = frozenset(
    """loja casa cidade brasil bairro regiao aqui hoje amanha presente sabado domingo feriado quanto qual todo
    toda voces meu minha interior capital estado outro outra trabalho apartamento condominio correio correios
    mesmo dia""".split()  # noqa: SIM905 - readable as words
)


class Places(NamedTuple):
    """The places a text names, each as the names of itself, its state and its region; and whether it is about all."""

    named: tuple[frozenset[str], ...] = ()
    everywhere: bool = False
    said: frozenset[str] = frozenset()
    """The words of the text that name them."""
    elsewhere: bool = False
    """A question for places that it does not name: "other states"."""

    @property
    def all_names(self) -> frozenset[str]:
        """Every name, whichever the place."""
        return frozenset().union(*self.named)


def places_of_question(text: str) -> Places:
    """What a customer names; an unknown town counts when it stands where a place does."""
    plain = fold(text)
    found = _known(plain)
    names = [match["name"] for match in _named(plain)]
    if not found:
        names = [match["name"] for match in _UNKNOWN.finditer(plain) if _may_be_a_town(match["name"])]
        found = [_meant(name) for name in names]
    said = frozenset(word for name in names for word in name.split())
    return Places(tuple(found), said=said, elsewhere=not found and bool(_ELSEWHERE.search(plain)))


def places_of_rule(text: str) -> Places:
    """What a rule says it is about. Its own names only: "São Paulo" is not all of the Sudeste."""
    plain = fold(text)
    own = [frozenset({min(names, key=_wideness)}) for names in _known(plain)]
    own += [frozenset({region}) for region in _REGIONS if re.search(rf"\b{region.replace('-', ' ')}\b", plain)]
    return Places(tuple(own), everywhere=bool(_EVERYWHERE.search(plain)))


def fit(asked: Places, told: Places) -> int:
    """How well a rule fits the place asked for.

    3: it names the place; 2: its state or region; 1: it is about all places; -1: about others only; 0: about none, or
    nobody asked.
    """
    if not (asked.named or asked.elsewhere) or not (told.named or told.everywhere):
        return 0
    if asked.elsewhere:
        return 3 if told.everywhere else -1
    if any(min(names, key=_wideness) in told.all_names for names in asked.named):
        return 3
    if asked.all_names & told.all_names:
        return 2
    return 1 if told.everywhere else -1


def _may_be_a_town(name: str) -> bool:
    return name not in portuguese_words() and name not in _NOWHERE


def _meant(name: str) -> frozenset[str]:
    """The town that a name misspelt by one letter was meant to be, or one that nobody here knows."""
    if len(name) < _LONG_ENOUGH:
        return frozenset({name})
    near = [each for each in _gazetteer() if each[0] == name[0] and OSA.distance(each, name, score_cutoff=1) <= 1]
    return _gazetteer()[near[0]] if len(near) == 1 else frozenset({name})


def _wideness(name: str) -> int:
    return 2 if name in _REGIONS else 1 if name in _states() else 0


def _known(plain: str) -> list[frozenset[str]]:
    return [_gazetteer()[match["name"]] for match in _named(plain)]


def _named(plain: str) -> list[re.Match[str]]:
    matches = [match for match in _pattern().finditer(plain) if not _leads_to_a_place(match, plain)]
    sure = [match for match in matches if _is_sure(match, plain)]
    # "Belo Horizonte, Contagem e Serra": beside a sure place the others are places too.
    rest = [match for match in matches if match not in sure and any(_beside(match, each, plain) for each in sure)]
    return [match for match in matches if match in sure or match in rest]


def _leads_to_a_place(match: re.Match[str], plain: str) -> bool:
    return bool(_LEADS.match(plain, match.start())) and not plain[: match.start()].endswith(_ARTICLES)


def _is_sure(match: re.Match[str], plain: str) -> bool:
    name = match["name"]
    doubtful = name in _COMMON or (len(name) < _SHORTEST and name != "bh")
    before = plain[: match.start()]
    return not doubtful or bool(re.search(rf"\b{_WHERE} $", before)) or (name == "para" and before.endswith(_ARTICLES))


def _beside(match: re.Match[str], other: re.Match[str], plain: str) -> bool:
    between = plain[min(match.end(), other.end()) : max(match.start(), other.start())]
    return len(between) < _LIST_LENGTH and all(len(word) <= 2 or word in _gazetteer() for word in between.split())


@lru_cache(maxsize=1)
def _gazetteer() -> dict[str, frozenset[str]]:
    """Name -> the place's own name, its state and its region."""
    known: dict[str, frozenset[str]] = {}
    for head, cities in place_lines():
        *state, short, region = head.split()
        name = fold(" ".join(state))
        for alias in (name, short):
            known[alias] = frozenset({name, region})
        for city in cities:
            known[fold(strip_marks(city))] = frozenset({_CALLED.get(fold(city), fold(city)), name, region})
    return known


_CALLED: Final = {"bh": "belo horizonte", "beaga": "belo horizonte", "floripa": "florianopolis", "sampa": "sao paulo",
    "rio": "rio de janeiro", "minas": "minas gerais"}  # fmt: skip


@lru_cache(maxsize=1)
def _states() -> frozenset[str]:
    return frozenset(fold(" ".join(head.split()[:-2])) for head, _ in place_lines())


@lru_cache(maxsize=1)
def _pattern() -> re.Pattern[str]:
    names = sorted(_gazetteer(), key=len, reverse=True)
    return re.compile(r"\b(?P<name>" + "|".join(map(re.escape, names)) + r")\b")
