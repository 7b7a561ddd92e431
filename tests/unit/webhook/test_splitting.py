"""Long texts in parts: nothing lost, nothing torn apart."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from webhook.splitting import length, split

WORDS = st.sampled_from(
    ["Temos", "sim,", "o", "filtro.", "Chega", "amanhã!", "R$ 1.234,56", "US$ 10", "https://loja.example.com/p/1?a=b#c",
     "[o site](https://loja.example.com/x)", "`código 1`", "**muito importante**", "🙂", "👩‍👩‍👧", "e\u0301", "10 %",
     "(11) 91234-5678", "a@b.example"]
)  # fmt: skip
GAPS = st.sampled_from([" ", " ", " ", "\n", "\n\n", "  "])
TEXTS = st.lists(st.tuples(WORDS, GAPS), max_size=120).map(lambda pairs: "".join(word + gap for word, gap in pairs))
WHOLE = re.compile(r"R\$ 1\.234,56|US\$ 10|https://\S+|\[o site\]\(\S+\)|`código 1`|\*\*muito importante\*\*|10 %")


@given(TEXTS, st.integers(40, 400))
@example("x" * 1000, 40)
@example("🙂" * 300, 41)
def test_parts_fit_and_nothing_is_lost(text: str, limit: int) -> None:
    parts = split(text, limit)

    assert all(0 < length(each) <= limit for each in parts)
    assert "".join("".join(parts).split()) == "".join(text.split())


@given(TEXTS, st.integers(60, 400))
def test_links_prices_and_emphasis_stay_whole(text: str, limit: int) -> None:
    parts = split(text, limit)

    assert sum(len(WHOLE.findall(each)) for each in parts) == len(WHOLE.findall(text))


@pytest.mark.parametrize(
    ("text", "limit", "parts"),
    [
        ("curto", 10, ("curto",)),
        ("", 10, ()),
        ("um dois\n\ntrês quatro", 12, ("um dois", "três quatro")),
        ("Primeira frase. Segunda frase.", 20, ("Primeira frase.", "Segunda frase.")),
        ("linha um\nlinha dois", 12, ("linha um", "linha dois")),
        ("palavra palavra palavra", 16, ("palavra palavra", "palavra")),
        ("O preço é R$ 10,00 hoje", 12, ("O preço é", "R$ 10,00", "hoje")),
        ("Fale com Sr. A. Lima hoje mesmo", 18, ("Fale com Sr. A.", "Lima hoje mesmo")),
        ("abcdefghij", 4, ("abcd", "efgh", "ij")),
    ],
)
def test_the_best_place_to_cut(text: str, limit: int, parts: tuple[str, ...]) -> None:
    assert split(text, limit) == parts


def test_what_a_reader_sees_as_one_sign_is_not_cut() -> None:
    assert split("ab👍🏽cd", 5) == ("ab", "👍🏽c", "d")


def test_a_link_longer_than_a_part_is_cut_because_it_must_be() -> None:
    link = "https://loja.example.com/" + "x" * 500

    assert "".join(split(f"veja {link}", 320)) == f"veja{link}"


def test_a_very_long_text_is_cut_quickly() -> None:
    parts = split("uma palavra e mais uma. " * 6_000, 320)

    assert len(parts) > 400
