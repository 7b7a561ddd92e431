import pytest

from odoo_api.odoo.identity import Anchor, Candidate, Claim, read_claim, verify
from odoo_api.odoo.phones import same_phone, search_tail
from odoo_api.odoo.references import parse_reference

CPF, CNPJ = "52998224725", "11222333000181"


def candidate(*anchors: Anchor, partner: int = 11, document: str = CPF, email: str = "ana@x.example") -> Candidate:
    return Candidate(partner, partner, frozenset(anchors), document, email)


@pytest.mark.parametrize(
    ("text", "claim"),
    [
        ("529.982.247-25", Claim(CPF)),
        ("meu cpf é 529 982 247 25, obrigada", Claim(CPF)),
        ("CNPJ 11.222.333/0001-81", Claim(CNPJ)),
        ("termina em 4725", Claim("4725")),
        ("os 2 últimos... 4725", Claim("4725")),
        ("cnpj 12.ABC.345/01DE-35", Claim("12ABC34501DE35")),
        ("é Ana@X.example.", Claim("", "ana@x.example")),
        ("ana2024@x.example", Claim("", "ana2024@x.example")),
        ("não sei", Claim()),
        ("", Claim()),
    ],
)
def test_document_and_email_are_read_out_of_what_was_typed(text: str, claim: Claim) -> None:
    assert read_claim(text) == claim


@pytest.mark.parametrize(
    ("claimed", "candidates", "outcome"),
    [
        ("4725", [candidate("phone")], "verified"),
        (CPF, [candidate("phone")], "verified"),
        (CPF, [candidate("order")], "verified"),
        (CPF, [candidate("email")], "verified"),
        ("ana@x.example", [candidate("phone")], "verified"),
        ("ana@x.example", [candidate("order")], "verified"),
        # What led there cannot prove it as well.
        ("ana@x.example", [candidate("email")], "no_match"),
        ("4725", [candidate("order")], "too_short"),
        ("4725", [candidate("email")], "too_short"),
        ("725", [candidate("phone")], "too_short"),
        ("4726", [candidate("phone")], "no_match"),
        ("5299", [candidate("phone")], "no_match"),
        (f"9{CPF}", [candidate("phone")], "no_match"),
        ("eva@x.example", [candidate("phone")], "no_match"),
        ("nada", [candidate("phone")], "unreadable"),
        (CPF, [], "no_candidate"),
        (CPF, [candidate("phone", document="", email="")], "nothing_on_file"),
        (CPF, [candidate("phone", document="")], "no_match"),
        ("4725", [candidate("phone", partner=11), candidate("phone", partner=12)], "ambiguous"),
    ],
)
def test_each_way_to_a_partner_asks_for_its_own_proof(claimed: str, candidates: list[Candidate], outcome: str) -> None:
    verdict = verify(read_claim(claimed), candidates)

    assert verdict.outcome == outcome
    assert (verdict.partner_id is not None) is (outcome == "verified")


def test_people_of_one_company_are_no_ambiguity() -> None:
    people = [Candidate(each, 13, frozenset({"phone"}), CNPJ) for each in (14, 15)]

    verdict = verify(Claim("0181"), people)

    assert (verdict.outcome, verdict.partner_id, verdict.customer_id) == ("verified", 14, 13)


def test_what_is_on_file_shows_in_no_text() -> None:
    shown = repr(candidate("phone"))

    assert CPF not in shown
    assert "ana@" not in shown


@pytest.mark.parametrize(
    "record",
    ["+55 31 99555-0101", "(31) 99555-0101", "031 99555-0101", "31995550101", "(31) 9555-0101", "+55 (31) 9555.0101"],
)
@pytest.mark.parametrize("contact", ["+5531995550101", "553195550101"])
def test_a_brazilian_phone_is_the_same_however_it_is_written(contact: str, record: str) -> None:
    assert same_phone(contact, record)
    assert search_tail(contact) == "95550101"


@pytest.mark.parametrize(
    ("contact", "record"),
    [
        ("+5531995550101", "(11) 99555-0101"),  # another city
        ("+5531995550101", "99555-0101"),  # no area code: too little to be sure
        ("+5531995550101", "(31) 99555-0102"),
        ("+5531995550101", "(31) 89555-0101"),  # nine digits that are no mobile
        ("+5531995550101", ""),
        ("+351912345678", "12345678"),
    ],
)
def test_other_numbers_are_not_the_same(contact: str, record: str) -> None:
    assert not same_phone(contact, record)


def test_numbers_of_other_countries_match_with_and_without_their_country_code() -> None:
    assert same_phone("+351912345678", "912 345 678")
    assert same_phone("+12025550143", "+1 (202) 555-0143")
    assert search_tail("123") is None


@pytest.mark.parametrize(
    ("typed", "name", "meant"),
    [
        ("S00042", "S00042", True),
        ("s00042?", "S00042", True),
        ("pedido nº 42", "S00042", True),
        ("#0042", "SO/2026/0042", True),
        ("42", "S00142", False),
        ("42", "S10042", False),
        ("S00042", "S000421", False),
        ("meu pedido", "S00042", False),
        ("%", "S00042", False),
    ],
)
def test_an_order_number_means_one_order(typed: str, name: str, meant: bool) -> None:
    assert parse_reference(typed).means(name, "") is meant


def test_a_companys_own_reference_is_understood_and_wildcards_are_letters() -> None:
    reference = parse_reference("PC 77_%")

    assert reference.means("S00042", "pc 77_%")
    assert ["client_order_ref", "=ilike", "PC 77\\_\\%"] in reference.domain()
