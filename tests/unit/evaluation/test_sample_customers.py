"""Orders in scripted conversations are those of the sample company's Odoo, behind the real step-up."""

from __future__ import annotations

import pytest

from cli.evaluation.sample_company import SampleCompany
from cli.evaluation.script import Person, Said, Script, Step

STEP = Step.model_validate({"say": "-", "do": "answer"})


async def heard(phone: str | None, *texts: str) -> list[str]:
    contact = Person(phone=phone) if phone else None
    talk = SampleCompany().talk(Script(name="-", contact=contact, steps=(STEP,)))
    return [(await talk.say([Said(text=text)])).text for text in texts]


async def test_an_order_is_told_to_its_owner_after_the_proof() -> None:
    asked, told = await heard("+5531995550101", "cadê meu pedido?", "4725")

    assert "S00101" not in asked
    assert "S00101" in told
    assert "R$ 299,70" in told


@pytest.mark.parametrize("phone", ["+5531988887777", "+5531995550102"])
async def test_nobody_else_gets_it(phone: str) -> None:
    for reply in await heard(phone, "cadê o pedido S00101?", "4725"):
        assert "R$ 299,70" not in reply


async def test_without_a_contact_there_is_nobody_to_prove_it() -> None:
    (reply,) = await heard(None, "cadê meu pedido?")

    assert "4 últimos dígitos" not in reply
