"""Vectors that know spelling and a few synonyms: enough to be searched, and the same at every run."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable
from hashlib import blake2b
from typing import Final

DIMENSIONS: Final = 256
LONGEST: Final = 8_000
_WORD: Final = re.compile(r"[a-z0-9]+")
_SYNONYMS: Final[dict[str, str]] = {
    word: words[0]
    for words in (
        ("entrega", "frete", "envio", "delivery", "shipping", "mandam", "chega"),
        ("troca", "devolucao", "devolver", "return", "refund", "cambio"),
        ("pagamento", "pagar", "payment", "pago", "cartao", "pix"),
        ("horario", "abre", "aberto", "hours", "open", "funcionamento"),
        ("geladeira", "refrigerador", "fridge", "nevera", "heladera"),
        ("cachorro", "cao", "pet", "dog", "perro"),
    )
    for word in words
}


def embed(text: str, dimensions: int = DIMENSIONS) -> list[float]:
    """A vector of length 1: hashed words, with synonyms as one word, and hashed three-letter pieces of them."""
    vector = [0.0] * dimensions
    for weight, piece in _pieces(text):
        digest = int.from_bytes(blake2b(piece.encode(), digest_size=8).digest())
        vector[digest % dimensions] += weight if digest & 1 << 40 else -weight
    length = math.hypot(*vector)
    return [number / length for number in vector] if length else [1.0, *vector[1:]]


def _pieces(text: str) -> Iterable[tuple[float, str]]:
    folded = unicodedata.normalize("NFD", text.lower())
    for word in _WORD.findall("".join(each for each in folded if not unicodedata.combining(each))):
        if len(word) > 2:
            yield 1.0, _SYNONYMS.get(word, word)
            yield from ((0.2, f"#{word[at : at + 3]}") for at in range(len(word) - 2))
