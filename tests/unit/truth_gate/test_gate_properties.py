"""What holds of every true reply: said in another form it still passes, with one value changed it does not.

The replies are those that were looked at (`dev`). A changed reply that happens to be true as well is listed with the
change that makes it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise

import pytest
from support.gate_changes import MONEY, WORLDS, Change, changed, is_supposed, passes, replaced, sample

from cli.evaluation.suite_files import GATE_NOW as NOW
from cli.evaluation.suite_files import GateCase as Case

WEEK = {
    "pt-BR": ("segunda", "terça", "quarta", "quinta", "sexta", "sábado", "domingo"),
    "es": ("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}


# Changes that make a reply false.


def neighbouring_digits_of_a_price_change_places(case: Case) -> Iterator[str]:
    def swapped(match: re.Match[str]) -> list[str]:
        raw = match[2]
        pairs = [i for i in range(len(raw) - 1) if raw[i : i + 2].isdigit() and raw[i] != raw[i + 1]]
        return [f"{match[1]} {raw[:i]}{raw[i + 1]}{raw[i]}{raw[i + 2 :]}" for i in pairs]

    return replaced(MONEY, case.text, swapped)


def the_currency_changes(case: Case) -> Iterator[str]:
    return replaced(r"R\$|(?<!US)\$", case.text, lambda match: ["€", "US$" if match[0] == "R$" else "R$"])


def two_prices_change_places(case: Case) -> Iterator[str]:
    found = list(MONEY.finditer(case.text))
    for first, second in pairwise(found):
        between = case.text[first.end() : second.start()]
        yield case.text[: first.start()] + second[0] + between + first[0] + case.text[second.end() :]


def two_products_change_names(case: Case) -> Iterator[str]:
    labels = [f.value for f in WORLDS[case.world] if f.kind == "text" and f.subject.startswith("product:")]
    for first in labels:
        for second in labels:
            if first < second and first in case.text and second in case.text:
                yield case.text.replace(first, "\0").replace(second, first).replace("\0", second)
            elif first != second and first in case.text and second not in case.text:
                yield case.text.replace(first, second)


def a_unit_changes(case: Case) -> Iterator[str]:
    units = {
        "dias úteis": ("dias corridos", "semanas"), "dias": ("meses", "horas"), "meses": ("anos",), "horas": ("dias",),
        "minutos": ("horas",), "kg": ("g",), "ml": ("l",), "hábiles": ("naturales",), "days": ("weeks",),
        "business days": ("days",), "months": ("years",), "month": ("year",), "m": ("cm",), "anos": ("meses",),
    }  # fmt: skip
    for unit, others in units.items():
        yield from replaced(rf"(?<=\d)( ?-?){unit}\b", case.text, lambda m, o=others: [m[1] + each for each in o])  # type: ignore[misc]


def a_percentage_changes(case: Case) -> Iterator[str]:
    return replaced(r"(\d+)%", case.text, lambda m: [f"{int(m[1]) + 5}%", f"{2 * int(m[1])}%"])


def a_date_moves(case: Case) -> Iterator[str]:
    def moved(match: re.Match[str]) -> list[str]:
        day = date(NOW.year, int(match[2]), int(match[1]))
        days = (day + timedelta(days=step) for step in (1, -1, 30))
        return [f"{each.day:02d}/{each.month:02d}" for each in days]

    return replaced(r"\b(\d{1,2})/(1[0-2]|0?\d)\b", case.text, moved)


def a_time_moves(case: Case) -> Iterator[str]:
    yield from replaced(r"\b(\d{1,2})h(\d\d)?\b", case.text, lambda m: [f"{int(m[1]) + 1}h{m[2] or ''}", f"{m[1]}h45"])
    yield from replaced(r"\b(\d{1,2}):(\d\d)\b", case.text, lambda m: [f"{int(m[1]) + 1}:{m[2]}", f"{m[1]}:45"])


def a_code_changes(case: Case) -> Iterator[str]:
    codes = r"(?<=\W)[A-Z]{2,}(?:-[A-Z0-9]+){2,}\b"
    return replaced(codes, case.text, lambda m: [m[0][:-1] + ("X" if m[0][-1] != "X" else "Y"), m[0] + "X", m[0][1:]])


def a_link_leads_elsewhere(case: Case) -> Iterator[str]:
    links = r"(?:https?://)?[a-z0-9-]+(?:\.[a-z]+)+/\w+"
    return replaced(links, case.text, lambda m: [m[0] + "1", m[0][:-1], m[0].replace(".", "-x.", 1), "bit.ly/abc"])


def there_is_none_of_what_there_is(case: Case) -> Iterator[str]:
    pairs = {
        r"\bem estoque": "esgotado", r"\besgotad[oa]": "disponível", r"\bsem estoque": "em estoque",
        r"\bin stock": "out of stock", r"\b(?:sold out|out of stock)": "in stock", r"\bagotada": "disponible",
    }  # fmt: skip
    for words, opposite in pairs.items():
        yield re.sub(words, opposite, case.text, count=1)


def a_value_is_denied(case: Case) -> Iterator[str]:
    value = r"(?=(?:de |por |em |a )?(?:R\$|US\$|\$) ?\d)"
    yield from replaced(
        rf"(?<!não )\b(custa|custam|sai|saem|fica|ficam|é|são) {value}", case.text, lambda m: [f"não {m[0]}"]
    )
    yield from replaced(rf"(?<!no )\b(cuesta|cuestan|sale|son) {value}", case.text, lambda m: [f"no {m[0]}"])
    yield from replaced(rf"\b(is|are) {value}", case.text, lambda m: [f"{m[0]}not "])
    yield from replaced(r"(?<=\w )está (?=esgotad|confirmad)", case.text, lambda m: [f"não {m[0]}"])


def a_value_is_told_of_the_past(case: Case) -> Iterator[str]:
    bygone = {
        "custa": "custava", "custam": "custavam", "temos": "tínhamos", "abrimos": "abríamos", "cuesta": "costaba",
        "tenemos": "teníamos", "costs": "used to cost", "entregamos": "entregávamos",
    }  # fmt: skip
    for now, then in bygone.items():
        yield from replaced(rf"(?<![^\W_] )\b{now}\b(?= (?:R?\$|\d|das \d|às \d))", case.text, lambda m, t=then: [t])  # type: ignore[misc]


FAVOURS = {
    "pt-BR": (
        "E o frete é grátis.", "Também temos sofá.", "Aceitamos bitcoin.", "Chega amanhã.", "Garantia de 11 anos.",
        "Compre em loja-top.shop/x", "Ligue 11 91234-5678.", "É à prova d'água.", "Em 48x sem juros.",
        "Reservei um para você.", "Entregamos em Manaus.", "Use o cupom MEGA50.", "Hoje com 33% de desconto!",
    ),
    "es": ("Envío gratis.", "Aceptamos bitcoin.", "Llega mañana.", "Garantía de 5 años.", "Compra en top.shop/x"),
    "en": ("Free shipping.", "We accept bitcoin.", "It arrives tomorrow.", "5-year warranty.", "Order at top.shop/x"),
}  # fmt: skip


def something_nobody_read_is_added(case: Case) -> Iterator[str]:
    favours = FAVOURS[case.locale]
    first = len(case.text) % len(favours)
    for favour in (*favours[first:], *favours[:first])[:3]:
        yield f"{case.text} {favour}"


FALSIFY = (
    neighbouring_digits_of_a_price_change_places, the_currency_changes, two_prices_change_places,
    two_products_change_names, a_unit_changes, a_percentage_changes, a_date_moves, a_time_moves, a_code_changes,
    a_link_leads_elsewhere, there_is_none_of_what_there_is, a_value_is_denied, a_value_is_told_of_the_past,
    something_nobody_read_is_added,
)  # fmt: skip
STILL_TRUE = (
    "pasa de $",  # a bound that another value keeps as well
    "Encontrei 3 opções",  # the order in which they are listed says nothing
    "Custa menos de R$ 40", "menos de 10 unidades", "custa menos de R$",  # a bound that another value keeps as well
    "temos esgotado; vou chamar",  # "I do not know whether ..." states nothing
    "Se o limite não é", "Se o limite é", "Uma compra de R$ 201", "Com R$ 530,00 você leva",  # only supposed
    "🚲 Garantía de 5 años",  # the frame has it
    "🙂 It arrives tomorrow",  # the same
    "R$ 299,70. Chega amanhã", "R$ 299.70. It arrives tomorrow",  # the day that the order's facts name
)  # fmt: skip


@pytest.mark.parametrize("change", FALSIFY, ids=lambda change: change.__name__)
def test_no_reply_passes_once(change: Change) -> None:
    texts = [(case, text) for case in sample(change) for text in changed(case, change) if not is_supposed(case, text)]
    survivors = [text for case, text in texts if passes(case, text)]

    assert [text for text in survivors if not any(words in text for words in STILL_TRUE)] == []


# Changes of form only.


def the_blank_after_the_currency_is_left_out_or_does_not_break(case: Case) -> Iterator[str]:
    yield case.text.replace("R$ ", "R$")
    yield case.text.replace("R$ ", "R$\u00a0")


def prices_are_bold(case: Case) -> Iterator[str]:
    if "*" not in case.text:
        yield re.sub(r"R\$ ?[\d.,]*\d", lambda match: f"*{match[0]}*", case.text)
        yield re.sub(r"R\$ ?[\d.,]*\d", lambda match: f"**{match[0]}**", case.text)


def prices_are_written_in_other_ways(case: Case) -> Iterator[str]:
    yield re.sub(r"(\d)\.(\d{3},\d\d)", r"\1\2", case.text)
    yield re.sub(r"(R\$ ?\d+),00\b", r"\1", case.text)
    if case.locale == "pt-BR":
        yield re.sub(r"R\$ ?([\d.,]*\d)", r"\1 reais", case.text)


def blanks_and_lines_are_set_otherwise(case: Case) -> Iterator[str]:
    yield case.text.replace(" ", "  ")
    yield case.text.replace(". ", ".\n")
    yield case.text.replace(". ", ".\n\n")
    yield "\n".join(f"• {line}" for line in case.text.split("\n"))


def it_is_said_with_a_greeting(case: Case) -> Iterator[str]:
    before, after = {
        "pt-BR": ("Oi, tudo bem? 😊", "Posso ajudar em mais alguma coisa?"),
        "es": ("¡Hola! 😊", "¿Te ayudo con algo más?"),
        "en": ("Hi there! 😊", "Anything else I can help with?"),
    }[case.locale]
    yield f"{before}\n{case.text}\n{after}"


def it_is_said_with_emoji(case: Case) -> Iterator[str]:
    yield re.sub(r"([.!])(?=\s|$)", r"\1 ✨", case.text)
    yield f"✅ {case.text}"


def marks_and_capitals_are_left_out_or_overdone(case: Case) -> Iterator[str]:
    if " é " not in case.text:  # without its mark it is the word for "and"
        bare = unicodedata.normalize("NFD", case.text)
        yield "".join(character for character in bare if unicodedata.category(character) != "Mn")
    if "/" not in case.text and "@" not in case.text:
        yield case.text.upper()


def times_are_written_in_other_ways(case: Case) -> Iterator[str]:
    if case.locale == "pt-BR" and "dura" not in case.text:
        yield re.sub(r"\b(\d{1,2})h(\d\d)?\b", lambda match: f"{match[1]}:{match[2] or '00'}", case.text)
        yield re.sub(r"\b(\d{1,2})h(\d\d)?\b", lambda match: f"{match[1]}h{match[2] or '00'}", case.text)


def numbers_are_written_in_words(case: Case) -> Iterator[str]:
    if case.locale == "pt-BR":
        words = {"2": "dois", "3": "três", "5": "cinco", "7": "sete", "30": "trinta", "12": "doze", "90": "noventa"}
        yield re.sub(r"\b(\d+) (dias|meses)\b", lambda match: f"{words.get(match[1], match[1])} {match[2]}", case.text)
        yield re.sub(r"\b(\d+)%", r"\1 por cento", case.text)


REWRITE = (
    the_blank_after_the_currency_is_left_out_or_does_not_break, prices_are_bold, prices_are_written_in_other_ways,
    blanks_and_lines_are_set_otherwise, it_is_said_with_a_greeting, it_is_said_with_emoji,
    marks_and_capitals_are_left_out_or_overdone, times_are_written_in_other_ways, numbers_are_written_in_words,
)  # fmt: skip


@pytest.mark.parametrize("change", REWRITE, ids=lambda change: change.__name__)
def test_every_true_reply_passes_when(change: Change) -> None:
    blocked = [text for case in sample(change) for text in changed(case, change) if not passes(case, text)]

    assert blocked == []
