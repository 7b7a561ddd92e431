from common.knowledge import Product
from odoo_api.product_description import describe_product

CHAIR = Product.model_validate(
    {
        "id": "p1",
        "name": "Cadeira Lia",
        "category": "Móveis / Cadeiras",
        "description": "Estofada  e\nleve",
        "attributes": {"Cor": "azul", "Peso": "4 kg", "Vazio": ""},
        "sku": "CAD-1",
        "list_price": "199.90",
    }
)


def test_a_description_says_what_the_fields_say() -> None:
    written = describe_product(CHAIR, "pt-BR")

    assert written.description == (
        "Cadeira Lia, da categoria Cadeiras. Estofada e leve. Características: Cor: azul; Peso: 4 kg. Código: CAD-1."
    )
    assert written.key_features == ("Cor: azul", "Peso: 4 kg")
    assert (written.use_cases, written.written_by) == ((), "template")


def test_a_description_never_names_a_price() -> None:
    assert "199" not in describe_product(CHAIR, "en").description


def test_a_product_of_which_only_the_name_is_known_is_described_by_it() -> None:
    assert describe_product(Product(id="1", name="Mesa"), "es").description == "Mesa."
