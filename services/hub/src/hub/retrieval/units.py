"""Step 2 of the front end: amounts with a unit become one canonical token, the same in catalogue and question.

"meio litro", "0,5 L" and "500 ml" all become `500ml`; "c/ 12", "12 unidades" and "uma dúzia" become `12un`. Works on
text without marks (`strip_marks`), before punctuation goes.
"""

from __future__ import annotations

import re
from decimal import Decimal

from rapidfuzz import process
from rapidfuzz.distance import OSA

_NUMBER_WORDS = {
    "um": 1, "uma": 1, "dois": 2, "duas": 2, "tres": 3, "quatro": 4, "cinco": 5, "seis": 6, "sete": 7, "oito": 8,
    "nove": 9, "dez": 10, "doze": 12, "quinze": 15, "vinte": 20, "trinta": 30, "cinquenta": 50, "cem": 100,
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "ten": 10, "twelve": 12,
    "uno": 1, "dos": 2, "cuatro": 4, "siete": 7, "ocho": 8, "nueve": 9, "diez": 10, "doce": 12,
}  # fmt: skip

_UNITS: dict[str, tuple[str, Decimal]] = {}
"""Spelling -> (canonical unit, factor to it)."""


def _unit(canonical: str, factor: str, *spellings: str) -> None:
    for spelling in spellings:
        _UNITS[spelling] = (canonical, Decimal(factor))


_unit("ml", "1", "ml", "mls", "mililitro", "mililitros", "mililiter", "mililiters", "cc")
_unit("ml", "1000", "l", "lt", "lts", "ltr", "litro", "litros", "liter", "liters", "litre", "litres")
_unit("mg", "1", "mg", "miligrama", "miligramas")
_unit("g", "1", "g", "gr", "grs", "grama", "gramas", "gramo", "gramos", "gram", "grams")
_unit("g", "1000", "kg", "kgs", "kilo", "kilos", "quilo", "quilos", "quilograma", "quilogramas", "kilogramo")
_unit("mm", "1", "mm", "milimetro", "milimetros", "millimeter")
_unit("cm", "1", "cm", "cms", "centimetro", "centimetros", "centimeter", "centimeters")
_unit("cm", "100", "m", "mt", "mts", "metro", "metros", "meter", "meters")
_unit("m2", "1", "m2", "metro quadrado", "metros quadrados")
_unit("w", "1", "w", "watt", "watts")
_unit("w", "1000", "kw", "kilowatt", "kilowatts", "quilowatt")
_unit("v", "1", "v", "volt", "volts")
_unit("a", "1", "amp", "amper", "amperes", "ampere")
_unit("mah", "1", "mah")
_unit("hz", "1", "hz", "hertz")
_unit("btu", "1", "btu", "btus", "btuh")
_unit("gb", "1", "gb", "giga", "gigas", "gigabyte", "gigabytes")
_unit("gb", "1024", "tb", "tera", "teras", "terabyte", "terabytes")
_unit("mb", "1", "mb", "mega", "megas")
_unit("mp", "1", "mp", "megapixel", "megapixels")
_unit("pol", "1", "pol", "polegada", "polegadas", '"', "''", "inch", "inches", "pulgada", "pulgadas")
_unit("un", "1", "un", "und", "unds", "uni", "unid", "unids", "unidade", "unidades", "unidad", "unidades", "units")
_unit("un", "1", "pc", "pcs", "peca", "pecas", "pieces", "piezas", "comprimidos", "capsulas", "saches", "rolos", "fls")
_unit("un", "1", "folhas", "tabletes", "pastilhas", "cps", "comp")
_unit("un", "12", "duzia", "duzias", "dozen", "docena", "docenas")

_SHORTEST_SPELT_UNIT = 5
_SPELT_UNITS = tuple(each for each in _UNITS if len(each) >= _SHORTEST_SPELT_UNIT and each.isalpha())
_WORD_UNITS = "|".join(sorted((re.escape(each) for each in _UNITS if each[0].isalpha()), key=len, reverse=True))
_NUMBER = r"\d+(?:[.,]\d+)*(?:/\d+)?"
_WORDS = "|".join(sorted(_NUMBER_WORDS, key=len, reverse=True))
_AMOUNT = re.compile(
    rf"(?<![\w.,/])(?P<number>{_NUMBER}|(?:{_WORDS})(?=\s))(?P<mil>\s*mil(?=\s))?"
    rf"\s*-?(?:(?P<unit>{_WORD_UNITS})(?![\w])|(?P<quote>''|\"))(?P<half>\s+e\s+mei[oa]\b)?"
)
_HALF = re.compile(rf"\bmei[oa]\s+(?P<unit>{_WORD_UNITS})\b|\bhalf\s+(?:a\s+)?(?P<english>{_WORD_UNITS})\b")
_ALONE_AND_HALF = re.compile(r"\b(?P<unit>litro|quilo|kilo|metro)\s+e\s+mei[oa]\b")
_SIZE = re.compile(
    rf"(?<![\w.,])({_NUMBER})\s*(m|cm|mm)?\s*[x×]\s*({_NUMBER})(?:\s*[x×]\s*({_NUMBER}))?\s*(m|cm|mm)?(?![\w])"
)
_AMOUNT_AHEAD = rf"(?![\w/%]|[.,]\d|\s*(?:x|anos|meses|dias|horas|reais|{_WORD_UNITS})\b)"
_PACK = re.compile(
    r"\b(?:c/|(?P<kit>kit|pack)\s*(?:com|de|c/|of)?|(?:pct|pacote|cx|caixa|fardo|embalagem|box)\s*(?:c/|com|of|with|con))"
    rf"\s*(?P<count>\d{{1,4}}){_AMOUNT_AHEAD}"
)
_WITH_COUNT = re.compile(r"\b(?:com|with|con)\s+(?P<count>\d{1,4})(?=\s*(?:$|[,.;!?)]))")
_LONE_DOZEN = re.compile(r"(?<!\w)(?:(?:uma|one a|a|una)\s+)?(?:duzia|dozen|docena)\b")
_SAME_VOLTAGE = {"127v": "110v", "115v": "110v", "120v": "110v", "230v": "220v", "240v": "220v"}


def canonical_units(text: str) -> str:
    """Replace every amount with its canonical token, set apart by blanks."""
    if not any(each.isdigit() for each in text) and not _MAY_HOLD_WORDS.search(text):
        return text
    text = _SIZE.sub(_size_token, text)
    text = _HALF.sub(lambda match: _token(Decimal("0.5"), match["unit"] or match["english"]), text)
    text = _ALONE_AND_HALF.sub(lambda match: _token(Decimal("1.5"), match["unit"]), text)
    text = _AMOUNT.sub(_amount_token, text)
    text = _LONE_DOZEN.sub(" 12un ", text)
    text = _PACK.sub(lambda match: f" {'kit' if match['kit'] else ''} {match['count']}un ", text)
    return _WITH_COUNT.sub(r" \g<count>un ", text)


_MAY_HOLD_WORDS = re.compile(rf"\b(?:mei[oa]|half|duzia|dozen|docena|e meio|{_WORDS})\b")


def _amount_token(match: re.Match[str]) -> str:
    unit = match["unit"] or '"'
    written = match["number"]
    if "/" in written:
        return f" {written.replace('/', 's').replace(',', 'd').replace('.', 'd')}{_UNITS[unit][0]} "
    amount = Decimal(_NUMBER_WORDS[written]) if written in _NUMBER_WORDS else number_of(written)
    if match["mil"]:
        amount *= 1000
    if match["half"]:
        amount += Decimal("0.5")
    return _token(amount, unit)


def _token(amount: Decimal, unit: str) -> str:
    canonical, factor = _UNITS[unit]
    token = f"{_plain(amount * factor)}{canonical}"
    return f" {_SAME_VOLTAGE.get(token, token)} "


def _size_token(match: re.Match[str]) -> str:
    unit = match[5] or match[2]
    factor = _UNITS[unit][1] if unit in ("m", "cm") else Decimal(1)
    sides = [_plain(number_of(side) * factor) for side in match.group(1, 3, 4) if side and "/" not in side]
    return f" {'x'.join(sides)} " if len(sides) > 1 else match[0]


def misspelt_amount(number: str, word: str) -> str | None:
    """The canonical token of digits and a unit written with one slip; short units are not guessed."""
    if len(word) < _SHORTEST_SPELT_UNIT:
        return None
    found = process.extractOne(word, _SPELT_UNITS, scorer=OSA.distance, score_cutoff=1)
    return _token(Decimal(number), found[0]).strip() if found else None


def number_of(written: str) -> Decimal:
    """Read a number as Brazilians (1.234,5) or catalogues (1234.5) write it."""
    if "," in written:
        whole, _, part = written.replace(".", "").rpartition(",")
        return Decimal(f"{whole.replace(',', '')}.{part}")
    head, dot, tail = written.rpartition(".")
    if dot and len(tail) == 3 and head != "0":
        return Decimal(written.replace(".", ""))
    return Decimal(f"{head.replace('.', '')}.{tail}") if dot else Decimal(written)


def _plain(amount: Decimal) -> str:
    """Digits only: the index keeps no punctuation, so a decimal point becomes `d`."""
    text = format(amount.normalize(), "f")
    return text.replace(".", "d")
