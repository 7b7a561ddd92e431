"""What becomes of a reply in each channel."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.commands import Choice
from webhook.channel_rules import CHANNELS, UNKNOWN, WHATSAPP, Part, note_parts, parts_of, rules_of
from webhook.channel_text import shown_as
from webhook.splitting import length


def choices(*titles: str) -> tuple[Choice, ...]:
    return tuple(Choice(title=each, value=f"v{number}") for number, each in enumerate(titles))


THREE = choices("Azul", "Verde", "Preto")


@pytest.mark.parametrize(("channel", "limit"), [
    (WHATSAPP, 4096), ("Channel::TwilioSms", 1600), ("Channel::Sms", 320), ("Channel::Instagram", 1000),
    ("Channel::FacebookPage", 2000), ("Channel::Telegram", 4096), ("Channel::Line", 5000), ("Channel::Tiktok", 6000),
    ("Channel::WebWidget", 150_000), ("Channel::Nobody::Knows", 4096),
])  # fmt: skip
@pytest.mark.parametrize("offered", [(), THREE])
def test_no_part_is_longer_than_the_channel_takes(channel: str, limit: int, offered: tuple[Choice, ...]) -> None:
    parts = parts_of("Uma frase inteira. " * (limit // 8), offered, rules_of(channel))

    assert all(0 < length(each.text) <= limit for each in parts)
    assert all(not each.choices for each in parts[:-1])


@pytest.mark.parametrize(
    "offered",
    [THREE, choices("x" * 20), choices(*(f"Opção {number}" for number in range(10))), choices(*"abcd", "x" * 24)],
)
def test_what_whatsapp_can_show_as_buttons_or_a_list_is_a_menu(offered: tuple[Choice, ...]) -> None:
    assert parts_of("Qual?", offered, rules_of(WHATSAPP)) == (Part("Qual?", offered),)


@pytest.mark.parametrize(
    "offered",
    [
        choices("x" * 21),
        choices("a", "b", "x" * 21),
        choices(*"abc", "x" * 25),
        choices(*(f"Opção {number}" for number in range(11))),
        choices("Azul", "Azul"),
        choices("Azul", " "),
        choices("👩‍👩‍👧 família grande", "b"),
    ],
)
def test_what_whatsapp_would_refuse_becomes_numbered_text(offered: tuple[Choice, ...]) -> None:
    (part,) = parts_of("Qual?", offered, rules_of(WHATSAPP))

    assert part.choices == ()
    assert part.text.startswith(f"Qual?\n\n1. {offered[0].title}")
    assert part.text.count("\n") == len(offered) + 1


@pytest.mark.parametrize("channel", ["Channel::Telegram", "Channel::TwilioSms", "Channel::Api", "Channel::Email"])
def test_a_channel_without_menus_gets_numbers(channel: str) -> None:
    (part,) = parts_of("Qual?", THREE, rules_of(channel))

    assert part == Part("Qual?\n\n1. Azul\n2. Verde\n3. Preto")


def test_a_menu_has_a_short_text_above_it() -> None:
    parts = parts_of("Uma frase inteira. " * 100, THREE, rules_of(WHATSAPP))

    assert [bool(each.choices) for each in parts] == [False, True]
    assert length(parts[-1].text) <= 1024


@given(st.text(max_size=400), st.sampled_from([*CHANNELS.values(), UNKNOWN]))
def test_liquid_never_finds_anything_to_run(text: str, rules: object) -> None:
    said = "".join(each.text for each in parts_of(f"{{{{{text}}}}} {{% {text}", (), rules))  # type: ignore[arg-type]
    outside = said.replace("`", " ")

    assert "{{" not in outside or "`" in said
    assert "{%" not in outside or "`" in said


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Olá {{contact.email}}", "Olá {\\{contact.email}}"),
        ("{% if a %}b{% endif %}", "{\\% if a %}b{\\% endif %}"),
        ("{{{", "{\\{\\{"),
        ("custa R$ 10 {promo}", "custa R$ 10 {promo}"),
        ("use `{{ x }}`", "use `{{ x }}`"),
        ("use `{% endraw %}{{ x }}`", "use `{\u2060% endraw %}{\u2060{ x }}`"),
        ("[o site](https://loja.example.com/a)", "o site: https://loja.example.com/a"),
        ("[https://loja.example.com](https://loja.example.com/)", "https://loja.example.com/"),
        ("[loja.example.com](https://loja.example.com)", "https://loja.example.com"),
        ("[Ana](mailto:ana@loja.example)", "Ana: ana@loja.example"),
        ("![foto](https://loja.example.com/a.png)", "foto: https://loja.example.com/a.png"),
        ("# Horário\ntexto", "**Horário**\ntexto"),
        ("## **Horário** ##", "**Horário**"),
        ("#12345 é o pedido", "#12345 é o pedido"),
        ("a\n---\nb", "a\nb"),
        ("* um\n* dois", "- um\n- dois"),
        ("caixa de 10*20*30 cm", "caixa de 10\\*20\\*30 cm"),
        ("**10** e *20*", "**10** e *20*"),
        ("uma<br>duas <b>três</b>", "uma\nduas três"),
        ("3 < 5 > 2", "3 < 5 > 2"),
        ("| Cor | Preço |\n|---|---|\n| Azul | R$ 10 |\n| Verde | |\nfim", "- Azul (Preço: R$ 10)\n- Verde\nfim"),
        ("a | b", "a | b"),
    ],
)
def test_commonmark_as_a_phone_can_show_it(text: str, shown: str) -> None:
    assert shown_as(text, "phone") == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("**Olá**, *tudo* __bem__?", "Olá, tudo bem?"),
        ("[o site](https://a.example)", "o site: https://a.example"),
        ("10*20*30", "10*20*30"),
        ("2 * 3 * 4", "2 * 3 * 4"),
        ("{{x}}", "{\u2060{x}}"),
        ("# Título", "Título"),
    ],
)
def test_text_that_nobody_renders_has_no_marks(text: str, shown: str) -> None:
    assert shown_as(text, "raw") == shown


def test_the_widget_shows_everything_commonmark_has() -> None:
    text = "# Título\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n[o site](https://a.example)"

    assert shown_as(text, "html") == text


def test_a_note_keeps_its_form_and_is_only_cut_at_chatwoots_own_limit() -> None:
    assert note_parts("# Resumo\n[x](https://a.example)") == (Part("# Resumo\n[x](https://a.example)"),)
    assert len(note_parts("palavra " * 40_000)) == 3
