from __future__ import annotations

import pytest

from simulator.chatwoot.model import Conversation
from simulator.chatwoot.text import liquid, whatsapp
from simulator.scenario import reais


@pytest.mark.parametrize(
    ("markdown", "shown"),
    [
        ("**R$ 10,00**", "*R$ 10,00*"),
        ("*devagar*", "_devagar_"),
        ("**a** e *b*", "*a* e _b_"),
        ("veja [aqui](https://a.example/b)", "veja https://a.example/b"),
        ("2 * 3 * 4", "2 * 3 * 4"),
        ("linha\n- item", "linha\n- item"),
        ("Olá {\\{contact.name}}", "Olá {{contact.name}}"),
        ("caixa de 10\\*20\\*30 cm, **grande**", "caixa de 10*20*30 cm, *grande*"),
    ],
)
def test_whatsapp_shows_markdown_its_own_way(markdown: str, shown: str) -> None:
    assert whatsapp(markdown) == shown


def test_liquid_is_filled_in_and_unknown_names_vanish(pending_conversation: Conversation) -> None:
    def filled(text: str) -> str:
        return liquid(text, pending_conversation, None)

    assert filled("Oi {{contact.first_name}}!") == "Oi Mariana!"
    assert filled("{{ contact.name | upcase }} {{nothing.here}}.") == "Mariana Alves ."
    assert filled("`{{contact.name}}` {{contact.name}}") == "`{{contact.name}}` Mariana Alves"
    assert filled("quebrado {{contact.name") == "quebrado {{contact.name"
    assert filled("{% if x %}{{contact.name}}") == "{% if x %}{{contact.name}}"


def test_amounts_are_written_the_brazilian_way() -> None:
    assert [reais(each) for each in (189.9, 1234.5, 1234567)] == ["189,90", "1.234,50", "1.234.567,00"]
