"""What holds of every true reply: with other words around a right number it is false, and does not pass.

A changed reply that happens to be true as well, or that no longer tells anything, is listed with what shows it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from support.gate_changes import MONEY, WORLDS, Change, changed, is_supposed, passes, replaced, sample

from cli.evaluation.suite_files import GateCase as Case


def instalments_cost_interest(case: Case) -> Iterator[str]:
    pairs = {"sem juros": "com juros", "sin intereses": "con intereses", "interest-free": "interest-bearing"}
    for free, at_interest in pairs.items():
        yield from replaced(rf"(?i)\b{free}", case.text, lambda _, costly=at_interest: [costly])  # type: ignore[misc]


def at_most_is_said_to_be_at_least(case: Case) -> Iterator[str]:
    until = r"(?i)\b(?:em )?até (?=\d+(?:x| [dmhvu]|/))"
    yield from replaced(until, case.text, lambda _: ["depois de ", "a partir de ", "no mínimo ", "mais de "])
    yield from replaced(r"(?i)\b(?:up to|within) (?=\d)", case.text, lambda _: ["at least ", "after ", "more than "])
    yield from replaced(r"(?i)\bhasta (?=\d)", case.text, lambda _: ["desde ", "más de ", "después de "])


def at_least_is_said_to_be_at_most(case: Case) -> Iterator[str]:
    yield from replaced(r"(?i)\b(?:acima|a partir) de (?=R\$|\d)", case.text, lambda _: ["até ", "abaixo de "])
    yield from replaced(r"(?i)\ba partir de (?=\d+/)", case.text, lambda _: ["antes de "])
    yield from replaced(r"(?i)\bover (?=\$)", case.text, lambda _: ["under ", "up to "])


def it_is_paid_in_another_way(case: Case) -> Iterator[str]:
    others = ["no crediário", "em cheque", "com vale-presente", "por Mercado Pago"]
    yield from replaced(r"\b(?:no (?:Pix|boleto|cartão)|(?:com|via|por) Pix)\b(?! de)", case.text, lambda _: others)
    yield from replaced(r"(?i)\bcon (?:tarjeta|transferencia|Pix)\b", case.text, lambda _: ["con PayPal", "en OXXO"])
    yield from replaced(r"\b(?:with Pix|by card)\b", case.text, lambda _: ["with PayPal", "with crypto"])


def a_discount_or_a_plan_is_told_of_another_way(case: Case) -> Iterator[str]:
    if "%" in case.text or "juros" in case.text:
        yield from replaced(r"\bno Pix\b", case.text, lambda _: ["no cartão", "no Pix e no cartão", "no débito"])
        yield from replaced(r"\b[Nn]o cartão\b", case.text, lambda _: ["no Pix", "no boleto", "no Pix ou no cartão"])
        yield from replaced(r"\b(?:no|O) boleto\b", case.text, lambda _: ["no cartão", "no Pix"])


def a_price_is_paid_in_a_way_nobody_read(case: Case) -> Iterator[str]:
    ways = {"pt-BR": (" no crediário", " em dinheiro", " no boleto"), "es": (" con PayPal",), "en": (" by check",)}
    worlds = ("bikes", "towel") if case.locale == "pt-BR" else ("tienda",)
    if case.world not in worlds:
        yield from replaced(MONEY, case.text, lambda match: [match[0] + way for way in ways[case.locale]])


def after_amounts(case: Case, texts: dict[str, tuple[str, ...]]) -> Iterator[str]:
    """One of these texts after each amount that nothing is said of yet."""
    words = texts[case.locale]
    bare = rf"{MONEY.pattern}(?! (?:cad|a |o |por|each|no|na|de |y |em )|/)"
    for index, changed_text in enumerate(replaced(bare, case.text, lambda match: [match[0] + each for each in words])):
        if (index + len(case.text)) % 3 == 0:
            yield changed_text


TWO_OR_TWELVE = (" o par", " a dúzia", " el par", " la docena", " a pair", " a dozen")
A_MONTH = (" por mês", " al mes", " per month")


def a_price_is_for_another_amount_of_it(case: Case) -> Iterator[str]:
    units = {
        "pt-BR": (" o par", " por mês", " o metro", " o quilo", " a dúzia", " por pessoa", "/hora"),
        "es": (" el par", " al mes", " el kilo", " la docena", " por persona"),
        "en": (" a pair", " per month", " a kilo", " a dozen", " per person"),
    }
    counted = re.search(r"(?i)\b(?:dois|duas|2|12|dos|two)\b", case.text)
    in_parts = re.search(r"\dx|vezes|meses|mensal", case.text)
    true = (*(TWO_OR_TWELVE if counted else ()), *(A_MONTH if in_parts else ()))
    return after_amounts(case, {case.locale: tuple(unit for unit in units[case.locale] if unit not in true)})


def something_is_in_a_price_or_comes_on_top(case: Case) -> Iterator[str]:
    return after_amounts(
        case,
        {
            "pt-BR": (" com frete incluso", " já com montagem", " mais impostos", " de entrada", " para sócios"),
            "es": (" con envío incluido", " más IVA", " de enganche", " para socios"),
            "en": (" including shipping", " plus tax", " as a deposit", " for members"),
        },
    )


def a_full_price_is_told_as_reduced(case: Case) -> Iterator[str]:
    if case.world not in ("deals", "cafedeals", "offers") and not re.search("%|[Nn]o (?:Pix|boleto)", case.text):
        yield from after_amounts(
            case,
            {"pt-BR": (" já com desconto",), "es": (" ya con descuento",), "en": (" after the discount",)},
        )


def something_is_attached_to_a_name(case: Case) -> Iterator[str]:
    traits = {
        "pt-BR": (
            " com brinde",
            " para crianças",
            " feito à mão",
            " novo modelo",
            " edição limitada",
            ", nosso campeão,",
        ),
        "es": (" con regalo", " para niños", " hecho a mano", " con estuche"),
        "en": (" for kids", " with a free gift", " limited edition", ", our best seller,"),
    }[case.locale]
    labels = [f.value for f in WORLDS[case.world] if f.kind == "text" and f.subject.startswith("product:")]
    for label in (each for each in labels if each in case.text):
        trait = traits[len(case.text) % len(traits)]
        yield case.text.replace(label, label + trait, 1)


def nearly_all_is_told_for_all(case: Case) -> Iterator[str]:
    return replaced(r"\btod[oa]s? [oa]s?\b|\btoda mesa\b", case.text, lambda match: [f"quase {match[0]}"])


def less_is_told_for_more(case: Case) -> Iterator[str]:
    yield from replaced(r"\bmais (?=barat|em conta)", case.text, lambda _: ["menos "])
    yield from replaced(r"\bmais barat([oa])", case.text, lambda match: [f"mais car{match[1]}"])
    yield from replaced(r"\bmenos (?=de \d)", case.text, lambda _: ["mais "])
    yield from replaced(r"% (?:de desconto|OFF)", case.text, lambda _: ["% de acréscimo", "% mais caro", "% de volta"])
    yield from replaced(r"% de (?:sinal|volta)", case.text, lambda _: ["% de desconto", "% off"])


def it_is_told_of_another_place(case: Case) -> Iterator[str]:
    towns = "São Paulo", "Belo Horizonte", "Contagem", "Betim", "Savassi", "Londrina", "Campinas", "Valinhos", "Juvevê"
    others = ("Curitiba", "Recife", "Santos")
    if not re.search(r"Sobre |mora n|Rua |Av\. ", case.text):
        yield from replaced(rf"\b(?:{'|'.join(towns)})\b", case.text, lambda _: [others[len(case.text) % len(others)]])


def an_amount_is_told_as_something_else(case: Case) -> Iterator[str]:
    roles = {
        "pt-BR": (" de desconto", " a menos", " de multa", " de cashback", " de custo", " a prazo"),
        "es": (" de descuento", " de recargo", " de ganancia"),
        "en": (" in profit", " on credit"),
    }
    if not re.search(r"sobram|desconto de|diferença|diferencia|difference|crédito|mais car|economiz|a mais", case.text):
        yield from after_amounts(case, roles)


def a_price_is_not_quite_what_it_is(case: Case) -> Iterator[str]:
    nearly = {"pt-BR": ("quase ", "menos de ", "no máximo "), "es": ("casi ", "menos de "), "en": ("almost ", "under ")}
    words = nearly[case.locale]
    price = rf"(?:por|custa|está|cuesta|costs|is) (?={MONEY.pattern})"
    yield from replaced(price, case.text, lambda match: [match[0] + words[len(case.text) % len(words)]])


def a_number_is_told_per_something(case: Case) -> Iterator[str]:
    if case.locale == "pt-BR":
        counted = r"\b\d+ (?:unidades|meses|minutos|aulas|itens|parcelas)\b(?! (?:por|de R|sem|d[aeo] ))"
        units = (" por cliente", " por mês", " por pessoa", " por dia")
        yield from replaced(counted, case.text, lambda match: [match[0] + units[len(case.text) % len(units)]])
        yield from replaced(
            r"\d%(?: de desconto)?", case.text, lambda match: [f"{match[0]} ao mês", f"{match[0]} para sócios"]
        )


def a_length_is_reckoned_from_elsewhere(case: Case) -> Iterator[str]:
    if (
        case.locale == "pt-BR"
        and case.world != "house"
        and not re.search(r"pagamento|recebimento|antecedência", case.text)
    ):
        lengths = r"\b\d+ (?:dias (?:úteis|corridos)|meses|anos)\b"
        events = (" depois do pagamento", " a partir do recebimento")
        yield from replaced(lengths, case.text, lambda match: [match[0] + events[len(case.text) % len(events)]])


FALSIFY = (
    instalments_cost_interest,
    at_most_is_said_to_be_at_least,
    at_least_is_said_to_be_at_most,
    it_is_paid_in_another_way,
    a_discount_or_a_plan_is_told_of_another_way,
    a_price_is_paid_in_a_way_nobody_read,
    a_price_is_for_another_amount_of_it,
    something_is_in_a_price_or_comes_on_top,
    a_full_price_is_told_as_reduced,
    something_is_attached_to_a_name,
    nearly_all_is_told_for_all,
    less_is_told_for_more,
    it_is_told_of_another_place,
    an_amount_is_told_as_something_else,
    a_price_is_not_quite_what_it_is,
    a_number_is_told_per_something,
    a_length_is_reckoned_from_elsewhere,
)
STILL_TRUE = (
    "a menos mais barato",  # a slip of the pen, which says the same twice
    "no Pix ou no cartão em até 6x",  # the plan is that of the last of them
    "Se o limite é", "Uma compra de R$", "uma compra de R$", "Con un presupuesto",  # supposed
    "Quer que eu reserve", "que tal o", "Seu bairro é o",  # asked
    "eu não tenho dados aqui",  # not known
    "R$ 10,00 a menos mais barato", "vestido midi floral azul está no máximo R$ 259,90",  # so it is, said badly
    "R$ 2.619,00 já com montagem",  # so it is
    "2 x R$ 30,00 por pessoa",  # each pupil is a person
)  # fmt: skip


@pytest.mark.parametrize("change", FALSIFY, ids=lambda change: change.__name__)
def test_no_reply_passes_once(change: Change) -> None:
    texts = [(case, text) for case in sample(change) for text in changed(case, change) if not is_supposed(case, text)]
    survivors = [text for case, text in texts if passes(case, text)]

    assert [text for text in survivors if not any(words in text for words in STILL_TRUE)] == []
