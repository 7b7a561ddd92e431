from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.personal_data import Masking, find, redact
from hub.personal_data.check_digits import is_card, is_cnpj, is_cpf


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("meu cpf é 529.982.247-25", ["CPF"]),
        ("cpf 52998224725 obrigada", ["CPF"]),
        ("digitei errado: 123.456.789-00", ["CPF"]),
        ("CNPJ 11.222.333/0001-81", ["CNPJ"]),
        ("cnpj novo 12.ABC.345/01DE-35", ["CNPJ"]),
        ("cnpj 11222333000181", ["CNPJ"]),
        ("cartão 4111 1111 1111 1111 validade 12/29", ["CARD"]),
        ("5500000000000004", ["CARD"]),
        ("pix: 123e4567-e89b-12d3-a456-426614174000", ["PIX"]),
        ("maria.silva+loja@exemplo.com.br", ["EMAIL"]),
        ("me liga no (11) 91234-5678", ["PHONE"]),
        ("whats 11912345678", ["PHONE"]),
        ("+55 31 99555-0101 ou 3133334444", ["PHONE", "PHONE"]),
        ("fixo 3333-4444", ["PHONE"]),
        ("CPF 52998224725 e email a@b.com", ["CPF", "EMAIL"]),
    ],
)
def test_personal_data_is_found(text: str, kinds: list[str]) -> None:
    assert [each.kind for each in find(text)] == kinds


@pytest.mark.parametrize(
    "text",
    [
        "o pedido S00042 custou R$ 1.299,90",
        "código de barras 7891000000017",
        "quero 12 unidades de 500ml até 24/11/2026 às 18h30",
        "pedido 123456 ou 00012345678",
        "CEP 04101-300",
        "10x de R$ 19,90",
        "SKU SHP-300-KA e 110v",
        "12345678901",
        "nota 2026.1124.0001",
    ],
)
def test_what_only_looks_like_it_stays(text: str) -> None:
    assert find(text) == []
    assert Masking().mask(text) == text


def test_a_model_sees_placeholders_and_tools_get_the_values_back() -> None:
    masking = Masking()

    first = masking.mask("sou 529.982.247-25, fone (11) 91234-5678")
    again = masking.mask("repito: 52998224725")

    assert (first, again) == ("sou <CPF_1>, fone <PHONE_1>", "repito: <CPF_1>")
    assert masking.restore({"document": "<CPF_1>", "lines": ["<PHONE_1>"]}) == {
        "document": "52998224725",
        "lines": ["11912345678"],
    }


def test_a_placeholder_that_the_customer_typed_stands_for_nothing() -> None:
    assert Masking().restore("<CPF_1>") == "<CPF_1>"


def test_the_company_s_own_phone_is_no_secret() -> None:
    masking = Masking(public=["+55 11 3456-7890", "oi@floraecia.example"])

    assert masking.mask("liguei em +551134567890 e escrevi a oi@floraecia.example") == (
        "liguei em +551134567890 e escrevi a oi@floraecia.example"
    )


def test_a_reply_with_a_placeholder_is_noticed() -> None:
    assert Masking().reveals("Seu CPF <CPF_1> confere")
    assert not Masking().reveals("Custa R$ 10 <promoção>")


@given(st.text(max_size=200))
def test_masking_never_fails_and_records_keep_no_tax_id(text: str) -> None:
    Masking().mask(text)
    assert "52998224725" not in redact(f"{text} 529.982.247-25 x {text}").replace(text, "")


@given(st.integers(0, 10**9 - 1).map(lambda n: f"{n:09d}"))
def test_of_a_hundred_endings_one_makes_a_cpf(nine: str) -> None:
    valid = [end for end in range(100) if is_cpf(f"{nine}{end:02d}")]

    assert len(valid) == (0 if len(set(nine)) == 1 else 1)


def test_check_digits() -> None:
    assert is_cnpj("12ABC34501DE35")
    assert not is_cnpj("12ABC34501DE34")
    assert is_card("4111111111111111")
    assert not is_card("4111111111111112")
    assert not is_cpf("11111111111")
