"""What holds of every reply: said in other words it is judged as before; a true one passes, a false one does not.

The replies are those that were looked at (`dev`). What is left out by a change is listed with what shows it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from support.gate_changes import TRUE, Change, passes

from cli.evaluation.suite_files import GateCase as Case
from cli.evaluation.suite_files import gate_cases

FALSE = [case for case in gate_cases() if case.split == "dev" and not case.true and not case.open]
MOST = 240
"""So many texts of one change are checked: every second, third, ... one where there are more."""

PRICE = r"(?=\*{0,2}(?:R\$|US\$|\$))"
OPENINGS = {
    "pt-BR": (
        "Conferi aqui: ", "Acabei de verificar no sistema e ", "Segundo o nosso sistema, ", "Pelo que vejo aqui, ",
        "De acordo com o que tenho aqui, ", "É importante saber que ", "A boa notícia é que ", "Posso confirmar que ",
        "Me aparece aqui que ", "Na verdade, ", "Respondendo à sua pergunta, ", "Então, amigo, é o seguinte: ",
    ),
    "es": ("Según nuestro sistema, ", "Por lo que veo, ", "Le confirmo que ", "Acabo de revisar: ", "Así es, "),
    "en": ("According to our system, ", "From what I can see, ", "I can confirm that ", "Just checked: "),
}  # fmt: skip
STATES = re.compile(r"(?:O|A|Os|As|Temos|Entregamos|Aceitamos|Abrimos|Há|El|La|Los|The|We) ")
AT_THE_END = {
    "pt-BR": (", tá?", ", viu?", ", ok?", " 😉"),
    "es": (", ¿vale?",),
    "en": (", okay?",),
}
WORDS = (
    ("pt-BR", r"\bcusta " + PRICE, ("sai por ", "está por ", "fica em ", "tá ", "vale ", "é vendido por ")),
    ("pt-BR", r"\bsai por " + PRICE, ("custa ", "está por ", "fica em ")),
    ("pt-BR", r"\btemos (?=\d+ )", ("há ", "tem ", "restam ", "ficaram ", "contamos com ", "dispomos de ")),
    ("pt-BR", r"(?<=\d) unidades em estoque", (" disponíveis", " no estoque", " unid. em estoque", " à disposição")),
    ("pt-BR", r"\bsem juros\b", ("s/ juros", "sem nenhum juros", "sem acréscimo", "sem cobrança de juros")),
    ("pt-BR", r"\b(?:é|fica|sai) (?:grátis|gratuit[oa])\b", ("não tem custo", "é de graça", "não custa nada")),
    ("pt-BR", r"(?<=compras )acima de (?=R\$)", ("superiores a ", "de mais de ", "com valor superior a ")),
    ("pt-BR", r"\b[Nn]o Pix\b", ("Via Pix", "Pagando com Pix", "Para pagamento no Pix")),
    ("pt-BR", r"\bleva até (?=\d)", ("demora até ", "costuma levar até ", "tem prazo de até ")),
    ("pt-BR", r"\bdura (?=\d)", ("tem duração de ", "costuma durar ", "leva ")),
    ("pt-BR", r"\b(?:é válid[oa]|vale|vai) até (?=\d)", ("dura até ", "segue até ", "está valendo até ")),
    ("pt-BR", r"\bvocê\b(?! [A-Z])", ("o senhor", "a senhora", "vc")),
    ("pt-BR", r"\bvocê\b", ("vc",)),
    ("pt-BR", r"\b(?:não|Não)\b(?= [a-z])", ("n", "ñ")),
    ("pt-BR", r"\btambém\b", ("tbm", "tb")),
    ("pt-BR", r"\bhoje\b", ("hj",)),
    ("pt-BR", r"(?<!ão )\b[Aa]ceitamos\b", ("A gente aceita", "A loja aceita", "Recebemos")),
    ("pt-BR", r"(?<!ão )\b[Ee]ntregamos\b", ("A gente entrega", "A loja entrega")),
    ("pt-BR", r"\bdas (\d{1,2})h às (\d{1,2})h\b", (r"das \1 horas às \2 horas", r"das \1:00 às \2:00")),
    ("pt-BR", r"\b(\d{1,2})h30(?=[ ,.])", (r"\1:30", r"\1h30min")),
    ("es", r"\bcuesta " + PRICE, ("sale ", "está a ", "vale ", "se vende a ")),
    ("es", r"\btenemos (?=\d)", ("hay ", "quedan ", "contamos con ")),
    ("en", r"\bcosts " + PRICE, ("is ", "goes for ", "sells for ", "retails for ")),
    ("en", r"\bwe have (?=\d)", ("we've got ", "we currently have ", "there are ")),
)  # fmt: skip


def it_begins_with_words_of_its_own_telling(case: Case) -> Iterator[str]:
    if STATES.match(case.text):
        for opening in OPENINGS[case.locale]:
            yield opening + case.text[0].lower() + case.text[1:]


def it_ends_with_a_tag(case: Case) -> Iterator[str]:
    if STATES.match(case.text) and case.text.endswith("."):
        for tag in AT_THE_END[case.locale]:
            yield case.text[:-1] + tag


def a_verb_or_a_phrase_is_another(case: Case) -> Iterator[str]:
    for locale, pattern, others in WORDS:
        if locale == case.locale:
            for other in others:
                yield re.sub(pattern, other, case.text)


def two_sentences_are_joined_by_a_dash(case: Case) -> Iterator[str]:
    first, *rest = re.split(r"(?<=[.])\s+", case.text)
    if len(rest) == 1 and STATES.match(rest[0]) and "\n" not in case.text:
        yield f"{first[:-1]} — {rest[0][0].lower()}{rest[0][1:]}"


CHANGES = (
    it_begins_with_words_of_its_own_telling, it_ends_with_a_tag, a_verb_or_a_phrase_is_another,
    two_sentences_are_joined_by_a_dash,
)  # fmt: skip
NOT_THE_SAME = (
    "não não",  # a denial twice
    "o Juvevê e o Centro;",  # no word is left that says what the time is of
    "Para Curitiba o envio fica",  # a town of the state that a rule names is no word of the rule
    "not 9 —",
    "já acabou, foi até abril",
    "têm 3 meses —",
    "(R$ 338,90) —",
    "no lo tengo a mano",  # two, read as one
)


def reworded(change: Change, cases: list[Case]) -> list[tuple[Case, str]]:
    found = [(case, text) for case in cases for text in change(case) if text != case.text]
    return found[:: max(1, len(found) // MOST)]


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_a_true_reply_passes_when(change: Change) -> None:
    blocked = [text for case, text in reworded(change, TRUE) if not passes(case, text)]

    assert [text for text in blocked if not any(words in text for words in NOT_THE_SAME)] == []


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_a_false_reply_is_refused_when(change: Change) -> None:
    passed = [text for case, text in reworded(change, FALSE) if passes(case, text)]

    assert [text for text in passed if not any(words in text for words in NOT_THE_SAME)] == []
