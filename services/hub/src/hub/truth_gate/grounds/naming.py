"""Which products a reply names: by full name, by code, or by words that together fit some of those that were read.

"A coleira M" is one product though "coleira" is the name of two and "M" of five; "a coleira P" is none that was read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import Final, NamedTuple

from hub.retrieval.words import product_glossary_lines, product_synonym_lines
from hub.truth_gate.claims.claims import Claim
from hub.truth_gate.grounds.knowledge import Knowledge
from hub.truth_gate.language.reading import Reading, Span, names_something, stem
from hub.truth_gate.language.vocabulary import COMMON_WORDS, FUNCTION_WORDS, NUMBER_WORDS, UNIT_PATTERNS

WORD: Final = re.compile(r"[a-z][a-z-]*[a-z]|[a-z]")
_TOKEN: Final = re.compile(r"[a-z]+\d[a-z0-9]*|\d+(?:[.,]\d+)?|[a-z][a-z-]*[a-z]|[a-z]")
_BREAKS: Final = re.compile(r"[,;:.!?\n+=|]|\s-\s|[^\x00-\x7f]")
_JOINS: Final = frozenset(
    """de do da dos das del of the o a os as el la los las um uma un una no na nos nas en em in tamanho tam numero cor
    size talla color modelo linha versao para for""".split()  # noqa: SIM905
)
_NAMES_BY_MEASURE: Final = re.compile(
    r"(?:^|[\n:•*-]|\b(?:[oa]s?|uma?|umas?|uns|the|el|la|l[oa]s|una?|unos|unas|ess[ea]s?|est[ea]s?|aquel[ea]s?|"
    r"nenhum[a]?|cada|each|"
    r"outr[oa]s?|other|modelos?|model|versao|version|opcao|option|opcion|tamanhos?|size|(?:[oa]s?|uma?) (?:de|com)|"
    r"(?:pacot|frasc|sac|lat|caix|pot|kit|conjunt|garraf|embalag|bols|bot)[a-z]* (?:de|com|of)|"
    r"(?:do|da|ao|del|al|no|na) de|d[oa]s?|n[oa]s?|ao))\s*$",
    re.I,
)
"""A measure alone names a product only after such a word ("o de 220 V"); after others it is said of something."""
_SIZES: Final = frozenset("pp p m g gg xg xgg eg u xs s l xl xxl".split())  # noqa: SIM905
_THE_ONE_OF: Final = re.compile(r"\b(?:[oa]s? (?:de|com)|the|el de|la de|outro,?|other,?) $")
"""What stands before a number that is said for a name: "o de 5 peças", "the 3-piece one"."""
_MEASURE: Final = re.compile(r"#\d+(?:\.\d+)?")
_NUMBERS: Final = {word: value for word, value in NUMBER_WORDS["pt-BR"].items() if value > 1}
_AMONG_NAMES: Final = ("number", "stock", "bundle")
"""Claims whose words may be those of a name: "650 W", "25 furadeiras em estoque"."""
_SHORT: Final = 2
_TELLING: Final = 4


@dataclass(frozen=True)
class Mention:
    """Products named in the reply; `whole` when one of them by its full name or its code.

    `foreign`: a word of it that none of them has.
    """

    subjects: frozenset[str]
    start: int
    end: int
    whole: bool = False
    foreign: str = ""

    @property
    def span(self) -> Span:
        """Where it stands."""
        return (self.start, self.end)

    @property
    def subject(self) -> str:
        """The product, or the first of several."""
        return min(self.subjects)


class _Token(NamedTuple):
    key: str
    start: int
    end: int
    leads: bool
    """Whether it can be the first word of a name."""
    telling: bool
    """Whether a product that has no such word is another one, whatever the word is."""


class Names:
    """The words of the products that were read, each with those it is a word of."""

    def __init__(self, labels: dict[str, str]) -> None:
        self.labels = labels
        self.owners: dict[str, frozenset[str]] = {}
        self.words: dict[str, set[str]] = {}
        self._heads: dict[str, str] = {}
        owners: dict[str, set[str]] = {}
        for label, subject in labels.items():
            tokens = [token for token in _tokens(label, label.upper()) if token.key and token.key not in _JOINS]
            for key in {token.key for token in tokens} | {stem(word) for word in translations_of(label)}:
                owners.setdefault(key, set()).add(subject)
            self.words.setdefault(subject, set()).update(WORD.findall(label))
            if tokens:
                self._heads.setdefault(subject, tokens[0].key)
        self.owners = {key: frozenset(found) for key, found in owners.items()}

    def kind_of(self, subjects: frozenset[str]) -> frozenset[str]:
        """All products whose name begins like that of one of these."""
        heads = {self._heads.get(subject, "") for subject in subjects}
        return frozenset(subject for subject, head in self._heads.items() if head in heads)

    def is_head(self, key: str, subjects: frozenset[str]) -> bool:
        """Whether a name of one of these begins with a word."""
        return any(self._heads.get(subject) == key for subject in subjects)

    def having(self, stems: frozenset[str]) -> frozenset[str]:
        """The products whose names hold one of these stems."""
        return frozenset().union(*(self.owners.get(each, frozenset()) for each in stems if len(each) >= _TELLING))

    def shared(self, subject: str, others: frozenset[str]) -> int:
        """How many words of its name a product shares with some others."""
        return max((len(self.words[subject] & self.words[other]) for other in others), default=0)

    @cached_property
    def measured(self) -> dict[str, str]:
        """By a bare number, the measure or count of the names that has it, where only one has."""
        found: dict[str, list[str]] = {}
        for key in self.owners:
            if (match := _MEASURE.match(key)) and match.end() < len(key):
                found.setdefault(match.group(), []).append(key)
        return {number: keys[0] for number, keys in found.items() if len(keys) == 1}

    @cached_property
    def numbered(self) -> frozenset[str]:
        """Products with a bare number in their name."""
        return frozenset(s for key, subjects in self.owners.items() if key.startswith("#") for s in subjects)


@lru_cache(maxsize=64)
def names_of(labels: tuple[tuple[str, str], ...]) -> Names:
    """The names of some products; remembered, a turn asks for the same ones."""
    return Names(dict(labels))


@lru_cache(maxsize=2_000)
def translations_of(label: str) -> frozenset[str]:
    """What the things named in a folded label are called in the other languages, where one word does."""
    words = set(WORD.findall(label))
    found = [
        other
        for portuguese, phrases in (*product_glossary_lines(), *product_synonym_lines())
        if any(words.issuperset(each.split()) for each in (portuguese, *phrases))
        for other in (portuguese, *phrases)
    ]
    single = [each for each in found if " " not in each]
    return frozenset((*single, *(f"{each[:-1]}ves" for each in single if each.endswith("f"))))


def _tokens(folded: str, text: str) -> Iterator[_Token]:
    position = 0
    while match := _TOKEN.search(folded, position):
        position = match.end()
        raw = match.group()
        if raw[0].isdigit():
            unit, position = _unit_after(folded, match.end())
            measured = unit not in ("", "unit")
            yield _Token(f"#{raw.replace(',', '.')}{unit}", match.start(), position, measured, measured)
        elif any(character.isdigit() for character in raw):
            yield _Token(f"#{raw}", match.start(), match.end(), True, True)
        elif _is_size(raw, text[match.start() : match.end()]):
            yield _Token(f"#{raw}", match.start(), match.end(), True, raw in _SIZES)
        elif raw in _SIZES and raw not in COMMON_WORDS and text.islower():
            yield _Token(f"#{raw}", match.start(), match.end(), False, False)
        else:
            key = stem(raw) if names_something(raw) else raw if raw in _JOINS else ""
            yield _Token(key, match.start(), match.end(), True, False)


def _unit_after(folded: str, end: int) -> tuple[str, int]:
    for name, pattern in UNIT_PATTERNS:
        if unit := pattern.match(folded, end):
            return name, unit.end()
    return "", end


def _is_size(word: str, written: str) -> bool:
    if not written.isupper():
        return False
    return word in _SIZES or (len(word) <= _SHORT and word not in COMMON_WORDS and word not in FUNCTION_WORDS)


@dataclass(frozen=True)
class _Run:
    """Words that stand together and name something."""

    first: str
    mention: Mention


def mentions(reading: Reading, claims: Sequence[Claim], knowledge: Knowledge, names: Names) -> list[Mention]:
    """Every product named in a reply, in the order they stand."""
    whole = _whole_mentions(reading, claims, knowledge)
    taken = [m.span for m in whole] + [c.span for c in claims if c.kind not in _AMONG_NAMES]
    found = list(whole)
    for run in _runs(reading, names, taken):
        earlier = [m for m in found if m.start < run.mention.start]
        found.append(_narrowed(run, names, max(earlier, key=lambda m: m.start, default=None)))
    return sorted(found, key=lambda mention: mention.start)


def _whole_mentions(reading: Reading, claims: Sequence[Claim], knowledge: Knowledge) -> list[Mention]:
    found: list[Mention] = []
    for label in sorted(knowledge.labels, key=len, reverse=True):
        if label.split()[0] not in reading.folded:
            continue
        pattern = r"(?<!\w)" + r"\s+".join(map(re.escape, label.split())) + r"(?!\w)"
        for match in re.finditer(pattern, reading.folded):
            if not any(a.start < match.end() and match.start() < a.end for a in found):
                found.append(Mention(frozenset({knowledge.labels[label]}), *match.span(), whole=True))
    codes = {g.claim.value: g.subject for g in knowledge.of_kind("sku") if g.about_product and not g.from_text}
    for claim in claims:
        if claim.kind == "sku" and claim.value in codes and not inside(claim.span, found):
            found.append(Mention(frozenset({codes[claim.value]}), *claim.span, whole=True))
    return found


def _runs(reading: Reading, names: Names, taken: Sequence[Span]) -> Iterator[_Run]:
    run: _Run | None = None
    last = 0
    covered = {position for start, end in taken for position in range(start, end)}
    for token in _tokens(reading.folded, reading.text):
        apart = bool(_BREAKS.search(reading.text, last, token.start)) and not _in_brackets(reading, last, token.start)
        last = token.end
        hidden = not covered.isdisjoint(range(token.start, token.end))
        if run and (apart or hidden):
            yield run
            run = None
        if hidden or token.key in _JOINS:
            continue
        the_one = _THE_ONE_OF.search(reading.folded, max(0, token.start - 12), token.start)
        if run or the_one:
            token = _as_in_names(token, names, reading.folded)
        owners = names.owners.get(token.key)
        if run is None:
            if owners and the_one and token.key.startswith("#"):
                run = _Run(token.key, Mention(owners, token.start, token.end))
                continue
            run = None if _is_said_of(token, reading) else _begun(token, owners)
        elif grown := _grown(run, token, owners, names, reading):
            run = grown
        else:
            yield run
            run = _begun(token, owners)
    if run:
        yield run


def _is_said_of(token: _Token, reading: Reading) -> bool:
    """Whether a measure is said of something, and names nothing: "opera em 220 V"."""
    left = reading.folded[max(0, token.start - 20) : token.start]
    return token.key[1:2].isdigit() and token.telling and not _NAMES_BY_MEASURE.search(left)


def _as_in_names(token: _Token, names: Names, folded: str) -> _Token:
    """A number as the names have it: "o de 3" and "o kit de três peças" where one is of "3 Peças"."""
    if token.key in names.owners:
        return token
    if (number := _NUMBERS.get(folded[token.start : token.end])) is None:
        return token._replace(key=names.measured.get(token.key, token.key))
    unit, end = _unit_after(folded, token.end)
    key = f"#{number}{unit}" if unit else names.measured.get(f"#{number}", "")
    return _Token(key, token.start, end, False, False) if key in names.owners else token


def _in_brackets(reading: Reading, start: int, end: int) -> bool:
    """Whether a comma stands inside brackets: "(127 V, Preto)"."""
    gap = reading.text[start:end]
    return gap.strip() == "," and "(" in reading.text[max(0, start - 25) : start]


def _begun(token: _Token, owners: frozenset[str] | None) -> _Run | None:
    if not owners or not token.leads:
        return None
    return _Run(token.key, Mention(owners, token.start, token.end))


def _grown(run: _Run, token: _Token, owners: frozenset[str] | None, names: Names, reading: Reading) -> _Run | None:
    """The run with one more word: fewer products fit, or none."""
    mention = run.mention
    if owners and (both := mention.subjects & owners):
        return replace(run, mention=replace(mention, subjects=both, end=token.end))
    bare = token.key.startswith("#") and not token.telling and mention.subjects <= names.numbered and not owners
    if owners or (token.telling and token.key) or (bare and token.start - mention.end <= 1):
        foreign = mention.foreign or reading.text[token.start : token.end]
        return replace(run, mention=replace(mention, end=token.end, foreign=foreign))
    return None


def _narrowed(run: _Run, names: Names, before: Mention | None) -> Mention:
    """A size or a colour alone is that of the kind of thing spoken of before."""
    mention = run.mention
    if before is None or len(mention.subjects) < 2 or names.is_head(run.first, mention.subjects):
        return mention
    alike = mention.subjects & names.kind_of(before.subjects) or mention.subjects
    shared = {subject: names.shared(subject, before.subjects) for subject in alike}
    most = max(shared.values())
    return replace(mention, subjects=frozenset(s for s, number in shared.items() if number == most))


def inside(span: Span, found: Sequence[Mention]) -> bool:
    """Whether something stands inside a name."""
    return any(m.start <= span[0] and span[1] <= m.end for m in found)
