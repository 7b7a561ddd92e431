from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.retrieval.codes import barcodes_in, code_key, skus_in
from hub.retrieval.folding import fold, strip_marks
from hub.retrieval.passages import passages_of
from hub.retrieval.price_limit import PriceRange, take_price_range
from hub.retrieval.speller import Speller, phonetic_key
from hub.retrieval.stemming import singular, stem
from hub.retrieval.units import canonical_units


def units(text: str) -> list[str]:
    return canonical_units(strip_marks(text)).split()


def test_folding_leaves_words_of_plain_letters_and_digits() -> None:
    assert fold("  Calção-Índigo, 2ª  AÇÃO! ") == "calcao indigo 2a acao"


@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@pytest.mark.parametrize(
    ("text", "token"),
    [
        ("meio litro", "500ml"),
        ("0,5 L", "500ml"),
        ("500 ml", "500ml"),
        ("um litro e meio", "1500ml"),
        ("1.5L", "1500ml"),
        ("meio quilo", "500g"),
        ("2 kilos", "2000g"),
        ("dois quilos", "2000g"),
        ("uma dúzia", "12un"),
        ("c/ 12", "12un"),
        ("pacote com 12", "12un"),
        ("12 unidades", "12un"),
        ("ar de 12 mil BTUs", "12000btu"),
        ("12.000 btu", "12000btu"),
        ("127 volts", "110v"),
        ("110V", "110v"),
        ('TV 50"', "50pol"),
        ("50 polegadas", "50pol"),
        ("1,40 x 2,00m", "140x200"),
        ("140x200 cm", "140x200"),
        ("3/4 pol", "3s4pol"),
        ("1 tera", "1024gb"),
        ("2 metros", "200cm"),
        ("half a litre", "500ml"),
    ],
)
def test_an_amount_has_one_token_however_it_is_written(text: str, token: str) -> None:
    assert token in units(text)


@pytest.mark.parametrize("text", ["tênis 42", "camiseta M", "10x sem juros", "pneu 175/70 r13", "2 camisetas", ""])
def test_numbers_without_a_unit_stay_as_they_are(text: str) -> None:
    assert units(text) == strip_marks(text).split()


@given(st.text(alphabet="0123456789.,/ kglmx\"'coe-", max_size=30))
def test_any_jumble_of_numbers_and_units_is_read_without_an_error(text: str) -> None:
    take_price_range(canonical_units(strip_marks(text)))


@pytest.mark.parametrize(
    ("text", "lowest", "highest"),
    [
        ("tênis até 200 reais", None, "200"),
        ("algo por menos de R$ 1.299,90", None, "1299.90"),
        ("no máximo 50", None, "50"),
        ("entre 50 e 100 reais", "50", "100"),
        ("a partir de R$ 30", "30", None),
        ("até 2 mil", None, "2000"),
        ("shoes under $80", None, "80"),
        ("hasta 40 pesos", None, "40"),
    ],
)
def test_a_price_condition_is_read_and_taken_out(text: str, lowest: str | None, highest: str | None) -> None:
    rest, found = take_price_range(canonical_units(strip_marks(text)))

    assert found == PriceRange(
        lowest=None if lowest is None else Decimal(lowest), highest=None if highest is None else Decimal(highest)
    )
    assert not any(each.isdigit() for each in rest)


@pytest.mark.parametrize(
    "text", ["até 10x", "até 500 ml", "cama até 100 kg", "de 10 a 20 peças", "até 12 anos", "até 5%"]
)
def test_other_limits_are_no_prices(text: str) -> None:
    assert not take_price_range(canonical_units(strip_marks(text)))[1]


def test_a_barcode_is_read_in_groups_and_without_leading_zeros() -> None:
    assert barcodes_in("tem o 7 891234 567890?") == ["7891234567890"]
    assert barcodes_in("0 12345 67890 5") == ["12345678905"]


def test_a_sku_is_compared_without_its_punctuation() -> None:
    assert code_key("Cam-001.AZ") == "cam001az"
    assert skus_in("quanto custa o CAM-001-AZ?") == ["cam001az"]
    assert "abc1234" in skus_in("tem o abc 1234")


def test_a_bare_size_is_no_sku_but_a_marked_number_is() -> None:
    assert skus_in("tênis tamanho 42") == []
    assert skus_in("código 42") == ["42"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("alteracao", "alterar"),
        ("instalacoes", "instalar"),
        ("avaliacao", "avaliar"),
        ("caminhoes", "caminhao"),
        ("azuis", "azul"),
        ("branca", "branco"),
        ("garantias", "garantir"),
    ],
)
def test_forms_of_a_word_without_accents_share_a_stem(one: str, other: str) -> None:
    assert stem(one) == stem(other) or singular(one) == singular(other)


def test_synonyms_are_not_looked_up_by_stem_because_different_things_share_one() -> None:
    assert stem("refrigerante") == stem("refrigerador")
    assert singular("refrigerantes") == "refrigerante" != singular("refrigeradores")


@pytest.mark.parametrize(
    ("heard", "written"),
    [("xampu", "shampu"), ("kaneta", "caneta"), ("brinkedo", "brinquedo"), ("ospital", "hospital"), ("jelo", "gelo")],
)
def test_words_that_sound_alike_share_a_key(heard: str, written: str) -> None:
    assert phonetic_key(heard) == phonetic_key(written)


def test_the_speller_mends_slips_and_completes_cut_words() -> None:
    speller = Speller()
    speller.add({"refrigerante", "caneta", "sabonete", "liquidificador"})

    assert speller.suggestions("sabonette") == ("sabonete",)
    assert speller.suggestions("kaneta") == ("caneta",)
    assert speller.suggestions("refri") == ("refrigerante",)
    assert speller.suggestions("geladeira") == ()


def test_the_speller_forgets_a_word_when_its_last_item_goes() -> None:
    speller = Speller()
    speller.add({"sabonete"})
    speller.add({"sabonete"})
    speller.remove({"sabonete"})
    assert speller.suggestions("sabonette") == ("sabonete",)

    speller.remove({"sabonete"})

    assert speller.suggestions("sabonette") == ()


def test_a_document_is_split_at_paragraphs_and_no_word_is_lost() -> None:
    text = "Política de trocas\n\n" + "\n\n".join(f"Parágrafo {n}. " + "palavra " * 60 for n in range(8))

    passages = passages_of(text)

    assert len(passages) > 3
    assert all(len(passage) <= 700 for passage in passages)
    assert " ".join(passages).split() == text.split()


@given(st.text(max_size=3_000))
def test_any_document_is_split_within_the_limit(text: str) -> None:
    assert all(len(passage) <= 200 for passage in passages_of(text, longest=200))
