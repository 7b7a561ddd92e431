from __future__ import annotations

import pytest

from common.knowledge import Rule
from hub.retrieval.places import fit, places_of_question, places_of_rule
from hub.retrieval.rule_index import RuleIndex

TOWN = "Em Belo Horizonte, Contagem, Betim e Serra entregamos em até 2 dias úteis."
COUNTRY = "Entregamos em todo o Brasil pelos Correios, em 3 a 14 dias úteis."
SOUTH_EAST = "O frete é grátis para as capitais do Sudeste."
NOWHERE = "Entregamos com hora marcada por R$ 29,90."


@pytest.mark.parametrize(
    ("question", "town", "country"),
    [
        ("entregam em Recife?", -1, 1),
        ("qual o prazo pra betim", 3, 1),
        ("vcs mandam pra BH?", 3, 1),
        ("entrega em Serra tem custo?", 3, 1),
        ("entregam em Maricá?", -1, 1),
        ("moro em Porto Alegre, chega aí?", -1, 1),
        ("entregam em casa?", 0, 0),
        ("vocês entregam no natal?", 0, 0),
        ("entregam no sábado?", 0, 0),
        ("qual o prazo de entrega?", 0, 0),
    ],
)
def test_a_question_about_a_place_fits_rules_that_speak_of_it(question: str, town: int, country: int) -> None:
    asked = places_of_question(question)

    assert fit(asked, places_of_rule(TOWN)) == town
    assert fit(asked, places_of_rule(COUNTRY)) == country
    assert fit(asked, places_of_rule(NOWHERE)) == 0


def test_a_region_holds_its_towns_and_not_the_other_way_round() -> None:
    assert fit(places_of_question("frete grátis pro Rio?"), places_of_rule(SOUTH_EAST)) == 2
    assert fit(places_of_question("frete grátis para Manaus?"), places_of_rule(SOUTH_EAST)) == -1
    assert fit(places_of_question("entregam no Sudeste?"), places_of_rule(TOWN)) != 2


def test_the_deadline_of_one_town_is_not_found_for_another() -> None:
    index = RuleIndex()
    index.put("rule", Rule(id="town", title="Entrega em Belo Horizonte", text=TOWN, questions=("entregam em Betim?",)))
    index.put("rule", Rule(id="country", title="Entrega no resto do Brasil", text=COUNTRY))

    far = index.search("quanto tempo demora a entrega em Fortaleza?", 2, lambda item: True)
    near = index.search("quanto tempo demora a entrega em Contagem?", 2, lambda item: True)

    assert (far[0].item.id, far[0].fits_place) == ("country", True)
    assert (near[0].item.id, near[0].fits_place) == ("town", True)


def test_a_rule_for_the_very_town_fits_better_than_one_for_its_region_and_that_better_than_one_for_everywhere() -> None:
    asked = places_of_question("qual o prazo pra betim")
    town = places_of_rule("Em Betim entregamos em 2 dias.")
    region = places_of_rule("No Sudeste entregamos em 5 dias.")
    country = places_of_rule("Entregamos em todo o Brasil.")

    assert fit(asked, town) > fit(asked, region) > fit(asked, country) > 0


def test_a_question_for_other_places_is_one_for_the_rule_about_all_of_them() -> None:
    asked = places_of_question("vocês entregam em outros estados?")

    assert fit(asked, places_of_rule("Em Betim entregamos em 2 dias.")) < 0
    assert fit(asked, places_of_rule("Entregamos em todo o Brasil.")) > 0


def test_the_word_before_a_place_is_no_state() -> None:
    assert places_of_question("quanto é o frete para Cuiabá?").said == {"cuiaba"}
    assert places_of_question("moro no Pará, vocês entregam?").said == {"para"}
    assert not places_of_rule("Frete grátis para as capitais do Sudeste, e para Belo Horizonte.").all_names & {"para"}


def test_a_town_misspelt_by_a_letter_is_that_town() -> None:
    assert "betim" in places_of_question("vcs entregam em betin?").all_names
    assert places_of_question("vcs entregam em betin?").said == {"betin"}
    assert places_of_question("entregam em Xyzolandia?").all_names == {"xyzolandia"}
