"""How people write when they chat: shortened words, dropped accents, one slip of the finger. Made by rule and seed.

Noise is not written by hand, so no noisy question was written to fit.
"""

from __future__ import annotations

import random
import re
import unicodedata
from typing import Final

_SHORT: Final = {
    "você": "vc", "vocês": "vcs", "quanto": "qto", "quando": "qdo", "porque": "pq", "não": "n", "também": "tb",
    "hoje": "hj", "pagamento": "pgto", "muito": "mto", "beleza": "blz", "para": "p", "que": "q", "está": "ta",
    "mensagem": "msg", "depois": "dps", "pedido": "pdd", "qual": "ql", "quantos": "qtos", "quantas": "qtas",
    "mesmo": "msm", "agora": "agr", "com": "c", "cartão": "cart", "desconto": "desc",
}  # fmt: skip
_GREETINGS: Final = ("", "", "oi ", "oii td bem ", "boa tarde ", "opa blz ", "bom dia ")
_ASKING: Final = ("", "", "tem ", "oi vcs tem ", "qto ta ", "boa tarde, queria ", "vende ")
_LONG: Final = 5
_OFTEN: Final = 0.8


def noisy_question(text: str, rng: random.Random) -> str:
    """A question about rules, as it may be typed in a hurry."""
    words = re.sub(r"[?!.,]", "", text.lower()).split()
    words = [_SHORT[word] if word in _SHORT and rng.random() < _OFTEN else word for word in words]
    return rng.choice(_GREETINGS) + " ".join(_with_slip([_folded(word) for word in words], rng))


def noisy_wish(text: str, rng: random.Random) -> str:
    """A question about products, as it may be typed in a hurry. Codes stay as they are: nobody finds a wrong code."""
    words = re.sub(r"[?!]", "", text.lower()).split()
    return rng.choice(_ASKING) + " ".join(_with_slip([_folded(word) for word in words], rng))


def typo(word: str, rng: random.Random) -> str:
    """One edit inside a word of four letters or more: a letter left out, swapped, doubled or wrong."""
    if len(word) < 4:
        return word
    place = rng.randrange(1, len(word) - 1)
    kind = rng.randrange(4)
    if kind == 0:
        return word[:place] + word[place + 1 :]
    if kind == 1:
        return word[:place] + word[place + 1] + word[place] + word[place + 2 :]
    if kind == 2:
        return word[:place] + word[place] + word[place:]
    return word[:place] + rng.choice("aeiorst") + word[place + 1 :]


def _with_slip(words: list[str], rng: random.Random) -> list[str]:
    long_ones = [place for place, word in enumerate(words) if len(word) >= _LONG and word.isalpha()]
    if long_ones and rng.random() < _OFTEN:
        place = rng.choice(long_ones)
        words[place] = typo(words[place], rng)
    return words


def _folded(word: str) -> str:
    decomposed = unicodedata.normalize("NFKD", word)
    return "".join(each for each in decomposed if not unicodedata.combining(each))
