"""How the gate reads a text: normalised, folded to plain letters at equal length, cut into sentences and clauses."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache

from hub.retrieval.words import chat_words, function_words, question_words
from hub.truth_gate.language import vocabulary
from hub.truth_gate.language.preambles import without_preambles
from hub.truth_gate.language.spelling import spelled_out

Span = tuple[int, int]

_DROPPED = {"Cf", "Cc"}
_KEYCAPS = frozenset((0xFE0E, 0xFE0F, 0x20E3))
_EMPHASIS = re.compile(r"\*+(?=[^\s*])|(?<=[^\s*])\*+|(?<!\w)_+(?=[^\s_])|(?<=[^\s_])_+(?!\w)|`+")
_BLANKS = re.compile(r"(?<=[^\n])[^\S\n]{2,}(?=[^\n])")
_SENTENCE_END = re.compile(
    r",(?=\s(?:quer(?:em)?|gostaria|posso|prefere|deseja|quieres?|(?:te|le) gustaría|would you|do you want|shall|can|"
    r"qual|quais|vamos|você (?:quer|prefere|gostaria)|cuál|cuáles|prefieres?|desea|puedo|which|what|may) "
    r"[^.!?;\n]*\?)|"
    r"[.!?…;](?=\s|$)|\n+|(?<=[\u2600-\u27bf\U0001f300-\U0001faff])\s(?=[A-ZÀ-Ý¡¿])"
)
"""On the text as it is written: an emoji ends a sentence where the next word begins one."""
# On the text with its accents: "é" (is) is no "e" (and).
_CLAUSE_END = re.compile(
    r",(?=\s)|:(?=\s)|\s[–—-](?=\s)|\s\+(?=\s)|\s(?:e|y|and|ou|or|mas|but|pero|enquanto|while|já|mientras|whereas|"
    r"porém|porem|"
    r"however)(?=\s)",
    re.I,
)
_ASKS = re.compile(r"\?[^\w?]*$")
_TAG = re.compile(
    r"(?:\b(?:viu|ta|hein|heim|visse)|,\s*(?:viu so|certo|ok|okay|beleza|blz|combinado|ta (?:bom|bem|certo|ok)|"
    r"esta (?:bom|bem|certo)|tudo bem|pode ser|entendeu|sabia|fechado|¿?(?:verdad|vale|si|de acuerdo|esta bien|sale)|"
    r"right|all right|alright|deal))\s*\?[^\w?]*$"
)
"""What is put behind a statement to be nodded at asks nothing: "chega amanhã, tá?"."""
_NOT_SO = re.compile(
    r"^\W*(?:(?:e|mas|tambem|y) )?(?:[oa]s? |noss[oa]s? |el |l[ao]s? |the |our |tem |ha |"
    r"(?!vamos)[a-z]+[aei]mos )[^?]*\bne\s*\?[^\w?]*$"
)
"""The same tag, behind what is told of a thing or of the company."""
_OF_THEIRS = re.compile(
    r"^\W*(?:(?:entao|e|ah|so)[, ] ?)?(?:(?:(?:o|a|os|as|el|la) )?(?:seus?|suas?|tus?|sus?|your) (?!pedido|"
    r"encomenda|compra|entrega|order)|"
    r"(?:voces?|vc|o senhor|a senhora|tu|usted|you) (?:pedi\w+|quer\w*|disse|falou|prefere|precisa|mora|comprou|"
    r"perguntou|"
    r"esta|e|said|asked|want|ordered|live|quiere\w*|pidi\w+|vive\w*)\b)"
    r"[^?]*\b(?:certo|ne|correto|right|verdad|correct)\s*\?[^\w?]*$"
)
"""What the customer said or has is asked to be confirmed."""
_LETTER = re.compile(r"\w")
_PLURALS = (
    ("oes", "ao"),
    ("aes", "ao"),
    ("aos", "ao"),
    ("ais", "al"),
    ("uis", "ul"),
    ("ois", "ol"),
    ("eis", "el"),
    ("ns", "m"),
    ("s", ""),
)
_WORD = re.compile(r"wi-?fi|[a-z][a-z']*[a-z]|[a-z]")


_SAME = {
    other: group[0]
    for group in (
        ("entre", "envio", "envia", "frete", "flete", "shipp", "ships", "ship", "deliv", "despa", "reparto"),
        ("troca", "cambi", "excha"),
        ("retir", "picku", "recog"),
        ("garan", "warra", "guara"),
        ("reemb", "estor", "refun"),
        ("devol", "retur", "retor"),
        ("compr", "order", "purch", "pedid"),
        ("aluno", "alumn", "pupil", "stude"),
        ("cao", "cacho", "dog", "perro"),
        ("motoq", "motob", "couri"),
        ("aula", "turma", "clase", "class", "lesso"),
        ("segun", "secon"),
        ("prime", "first"),
        ("parce", "cuota", "insta", "prest"),
        ("black", "preto", "preta", "negro", "negra"),
        ("branc", "white", "blanc"),
        ("verme", "red", "rojo", "roja"),
        ("azul", "blue"),
        ("verde", "green"),
        ("amare", "yello", "amari"),
        ("cinza", "grey", "gray", "gris"),
        ("roxo", "roxa", "purpl", "morad"),
    )
    for other in group[1:]
}
"""Stems of different words for one thing a shop does, or one colour, in our languages."""


class _Shown(dict[int, int | None]):
    """What each character is shown as; filled while texts are read."""

    def __missing__(self, code: int) -> int | None:
        hidden = unicodedata.category(chr(code)) in _DROPPED and code != ord("\n")
        self[code] = None if hidden or code in _KEYCAPS else code
        return self[code]


class _Folded(dict[int, str]):
    """The plain letter of each character; filled while texts are read."""

    def __missing__(self, code: int) -> str:
        self[code] = _fold_one(chr(code))
        return self[code]


_SHOWN = _Shown()
_FOLDED = _Folded({ord(dash): "-" for dash in "‐‑‒–—―−"} | {ord("×"): "x"})


def normalise(text: str) -> str:
    """One spelling for every character: full-width digits, ligatures; nothing invisible, no emphasis, single blanks."""
    shown = unicodedata.normalize("NFKC", text).translate(_SHOWN)
    return spelled_out(_BLANKS.sub(" ", _EMPHASIS.sub("", shown)))


def fold(text: str) -> str:
    """Lower case without accents, every digit in ASCII. The result is as long as `text`."""
    return text.translate(_FOLDED)


def _fold_one(character: str) -> str:
    if character.isascii():
        return character.lower()
    digit = unicodedata.digit(character, -1)
    if digit >= 0:
        return str(digit)
    return unicodedata.normalize("NFD", character)[0].lower()[0]


@lru_cache(maxsize=4_096)
def plain(text: str) -> str:
    """`text` normalised, folded and with single blanks: what two equal sentences have in common."""
    return " ".join(fold(normalise(text)).split())


@lru_cache(maxsize=4_096)
def stems(folded: str) -> frozenset[str]:
    """The words that carry meaning, cut short so that endings do not matter. Talk of prices and units is left out."""
    return frozenset(meaning(word) for word in _WORD.findall(folded) if tells_topic(word))


@lru_cache(maxsize=8_192)
def meaning(word: str) -> str:
    """The stem of a word, one for all words for the same thing a shop does: "frete", "envio", "shipping"."""
    stemmed = stem(word)
    return _SAME.get(stemmed, stemmed)


@lru_cache(maxsize=8_192)
def stem(word: str) -> str:
    """The start of a word: enough to tell topics apart, whatever the number, gender or tense."""
    for plural, singular in _PLURALS:
        if word.endswith(plural) and len(word) > 3:
            return f"{word[: -len(plural)]}{singular}"[:5]
    return word[:5]


def tells_topic(word: str) -> bool:
    """Whether a folded word says what a value is about."""
    return len(word) > 2 and word not in vocabulary.COMMON_WORDS and word not in vocabulary.GENERIC_WORDS


def names_something(word: str) -> bool:
    """Whether a folded word in a sentence about a product's price names something other than price and stock."""
    return len(word) > 2 and word not in _price_talk()


@lru_cache(maxsize=1)
def _price_talk() -> frozenset[str]:
    """Words of greetings, questions and prices."""
    chat = chat_words() | question_words() | function_words()
    return (
        vocabulary.COMMON_WORDS | vocabulary.FUNCTION_WORDS | vocabulary.PRICE_TALK | (chat - vocabulary.TELLING_WORDS)
    )


@dataclass(frozen=True)
class Reading:
    """A text in the shape all extractors work on: `text` and `folded` have the same positions."""

    text: str
    folded: str
    whole: str
    """Folded, with what the others leave out: words of its own telling."""

    @classmethod
    def of(cls, raw: str) -> Reading:
        """Read any text."""
        whole = normalise(raw)
        text, folded = without_preambles(whole, fold(whole))
        return cls(text, folded, fold(whole))

    @cached_property
    def lines(self) -> tuple[Span, ...]:
        """Spans of the lines."""
        return _split(self.folded, re.compile(r"\n"), ())

    def sentences(self, kept_whole: Iterable[Span]) -> tuple[Span, ...]:
        """Spans of the sentences. Nothing is cut inside the spans of `kept_whole` ("25 de nov. de 2026")."""
        return _split(self.text, _SENTENCE_END, tuple(kept_whole))

    def clauses(self, sentence: Span, kept_whole: Iterable[Span]) -> tuple[Span, ...]:
        """Spans of the clauses of a sentence."""
        start, end = sentence
        inside = tuple((a - start, b - start) for a, b in kept_whole)
        return tuple((a + start, b + start) for a, b in _split(self.text[start:end], _CLAUSE_END, inside))


def _split(text: str, boundary: re.Pattern[str], kept_whole: tuple[Span, ...]) -> tuple[Span, ...]:
    spans: list[Span] = []
    start = 0
    for match in boundary.finditer(text):
        if any(a < match.end() and match.start() < b for a, b in kept_whole):
            continue
        if spans and not _LETTER.search(text, start, match.end()):
            # An emoji alone is no sentence: it would stand between what belongs together.
            spans[-1] = (spans[-1][0], match.end())
        else:
            spans.append((start, match.end()))
        start = match.end()
    spans.append((start, len(text)))
    return tuple(span for span in spans if text[span[0] : span[1]].strip())


def asks(text: str) -> bool:
    """Whether a sentence (folded) asks something; what follows the mark may be an emoji."""
    if not ends_as_question(text):
        return False
    return not (_TAG.search(text) or _NOT_SO.search(text)) or bool(_OF_THEIRS.search(text))


def ends_as_question(text: str) -> bool:
    """Whether a text ends in a question mark, if only to have a statement nodded at."""
    return bool(_ASKS.search(text))


def containing(spans: Iterable[Span], position: int) -> Span:
    """The span a position lies in; an empty one when it lies in none."""
    return next((span for span in spans if span[0] <= position < span[1]), (position, position))
