"""What counts as a claim: a value in a text that is either true or false."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal

from hub.truth_gate.language.reading import Reading, Span

ClaimKind = Literal[
    "price",
    "stock",
    "percent",
    "date",
    "time",
    "weekday",
    "number",
    "link",
    "sku",
    "phone",
    "email",
    "instalments",
    "bundle",
    "order_state",
    "free",
    "promise",
    "trait",
    "open",
    "comparison",
    "availability",
    "statement",
    "place",
]
Bound = Literal["", "over", "under"]
"""`over`: at least or more than the value; `under`: at most or less than it."""
Place = Literal["", "first", "second", "was", "now"]
"""Where a value stands: first or second of a range, the old or the new of "de ... por ..."."""


@dataclass(frozen=True)
class Claim:
    """One value a text states. `value` is canonical, as in `common.facts.Fact`."""

    kind: ClaimKind
    value: str
    start: int
    end: int
    raw: str = ""
    unit: str = ""
    currency: str = ""
    bound: Bound = ""
    strict: bool = False
    place: Place = ""
    each: bool = False
    in_words: bool = False
    amount: str = ""
    """The money of an instalment plan or a bundle."""
    flag: str = ""
    """Instalments: `interest_free` or `interest`; a time: `opens` or `closes`; a date without a year: `partial`."""
    alternatives: tuple[str, ...] = ()
    """Other readings of the same characters (11/12 in English)."""

    @property
    def span(self) -> Span:
        """Where it stands."""
        return (self.start, self.end)

    @property
    def number(self) -> Decimal:
        """The value of a claim that is a number."""
        return Decimal(self.value)

    def with_raw(self, reading: Reading) -> Claim:
        """The claim with the characters it was read from."""
        return replace(self, raw=" ".join(reading.text[self.start : self.end].split()))


def decimal_text(value: Decimal) -> str:
    """Canonical text of a number: no exponent, no superfluous zeros."""
    text = format(value.normalize(), "f")
    return "0" if text == "-0" else text


class Masked:
    """A folded text from which extractors take what they have read, so that nobody reads it twice."""

    def __init__(self, reading: Reading, locale: str) -> None:
        self.reading = reading
        self.locale = locale
        self._characters = list(reading.folded)
        self._text = reading.folded
        self.claims: list[Claim] = []

    @property
    def text(self) -> str:
        r"""The folded text with `\0` in place of what was taken; positions stay."""
        return self._text

    def take(self, claim: Claim) -> None:
        """Record a claim and hide its characters."""
        self.claims.append(claim.with_raw(self.reading))
        self.hide(claim.span)

    def hide(self, span: Span) -> None:
        """Hide characters without a claim (list numbers)."""
        self._characters[span[0] : span[1]] = "\0" * (span[1] - span[0])
        self._text = "".join(self._characters)
