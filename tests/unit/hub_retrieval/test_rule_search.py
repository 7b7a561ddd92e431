from __future__ import annotations

import random
from collections.abc import Callable
from functools import partial

import pytest

from cli.evaluation.noise import noisy_question
from cli.evaluation.suite_files import rule_questions, shop_rules
from common.knowledge import Document, Promotion, Rule, Schedule
from hub.retrieval.rule_index import RuleIndex

ANY: Callable[[object], bool] = lambda item: True  # noqa: E731


def shop(*, with_questions: bool) -> RuleIndex:
    index = RuleIndex()
    for rule in shop_rules(with_questions=with_questions):
        index.put("rule", rule)
    return index


def first_right(index: RuleIndex, split: str, change: Callable[[str], str] = str) -> float:
    asked = [(question.right, change(question.text)) for question in rule_questions() if question.split == split]
    found = [[hit.item.id for hit in index.search(text, 1, ANY)] for _, text in asked]
    return sum(hits == [wanted] for (wanted, _), hits in zip(asked, found, strict=True)) / len(asked)


@pytest.mark.parametrize(
    ("with_questions", "clean_floor", "noisy_floor"), [(True, 0.90, 0.87), (False, 0.88, 0.85)], ids=["owner", "bare"]
)
def test_the_rule_that_answers_comes_first(with_questions: bool, clean_floor: float, noisy_floor: float) -> None:
    index = shop(with_questions=with_questions)
    results: dict[str, float] = {}
    for split in ("dev", "test"):
        clean = first_right(index, split)
        messy = first_right(index, split, partial(noisy_question, rng=random.Random(1)))
        results |= {f"{split} clean": clean, f"{split} noisy": messy}

    assert results["test clean"] >= clean_floor
    assert results["test noisy"] >= noisy_floor
    assert results["dev clean"] >= clean_floor


def test_questions_about_nothing_the_shop_knows_score_low() -> None:
    index = shop(with_questions=True)
    strange = (
        "você gosta de futebol?", "me conta uma piada", "quem ganhou o jogo ontem?", "quanto é dois mais dois?",
        "escreve um poema sobre o mar", "tem receita de bolo de cenoura?", "o que você acha do presidente?",
        "como tiro passaporte?", "qual o sentido da vida?", "traduz isso pro inglês",
    )  # fmt: skip

    sure = [hits[0] for text in strange if (hits := index.search(text, 2, ANY)) and hits[0].score >= 0.5]

    assert len([hit for hit in sure if hit.coverage >= 0.5]) <= 1


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("how long does delivery take?", "prazo-entrega"),
        ("can I pay in installments?", "parcelamento"),
        ("do you have parking?", "estacionamento"),
        ("i want my money back", "reembolso"),
        ("what are your opening hours?", "horario"),
        ("¿cuánto tarda el envío?", "prazo-entrega"),
        ("¿puedo pagar en cuotas?", "parcelamento"),
        ("¿dónde queda la tienda?", "endereco"),
        ("quiero cancelar mi pedido", "cancelamento"),
    ],
)
def test_english_and_spanish_questions_reach_portuguese_rules(text: str, expected: str) -> None:
    assert expected in [hit.item.id for hit in shop(with_questions=True).search(text, 3, ANY)]


def test_an_item_that_is_not_allowed_gives_way_to_the_next() -> None:
    index = shop(with_questions=True)

    first, second = index.search("posso parcelar no cartão?", 2, ANY)
    hits = index.search("posso parcelar no cartão?", 1, lambda item: item.id != first.item.id)

    assert [hit.item.id for hit in hits] == [second.item.id]
    assert first.margin == pytest.approx(first.rank - second.rank)


def test_the_passage_that_answers_is_named() -> None:
    text = (
        "Manual da cafeteira.\n\n" + "Encha o reservatório de água. " * 30 + "\n\nLimpe o filtro com vinagre todo mês."
    )
    index = RuleIndex()
    index.put("document", Document(id="d1", title="Manual da cafeteira", text=text))

    (hit,) = index.search("como limpo o filtro?", 5, ANY)

    assert hit.kind == "document"
    assert "vinagre" in hit.passage


def test_rules_promotions_schedules_and_documents_are_found_together() -> None:
    index = RuleIndex()
    index.put("rule", Rule(id="r", title="Lavagem de tapetes", text="Lavamos tapetes em 5 dias."))
    index.put("promotion", Promotion(id="p", title="Semana do tapete", text="Tapetes com 20% de desconto."))
    index.put("schedule", Schedule(id="s", service="Visita para medir tapetes", description="Vamos até você."))
    index.put("document", Document(id="d", title="Cuidados com tapetes", text="Aspire o tapete toda semana."))

    assert {hit.kind for hit in index.search("tapetes", 10, ANY)} == {"rule", "promotion", "schedule", "document"}
    assert index.search("quero agendar uma visita", 1, ANY)[0].kind == "schedule"
    assert index.search("tem promoção?", 1, ANY)[0].kind == "promotion"


def test_a_changed_rule_is_found_by_its_new_words_only() -> None:
    index = RuleIndex()
    index.put("rule", Rule(id="r", title="Aquários", text="Montamos aquários."))
    index.put("rule", Rule(id="r", title="Gaiolas", text="Vendemos gaiolas."))

    assert index.search("aquários", 5, ANY) == []
    assert [hit.item.id for hit in index.search("gaiola", 5, ANY)] == ["r"]

    index.remove("rule", "r")

    assert index.search("gaiola", 5, ANY) == []


def test_the_owner_can_make_a_rule_found_by_an_example_question() -> None:
    plain = Rule(id="r", title="Chip", text="Ativamos linhas de operadora no balcão.")
    index = shop(with_questions=True)
    index.put("rule", plain)
    before = [hit.item.id for hit in index.search("dá pra portar meu número?", 1, ANY)]

    index.put("rule", plain.model_copy(update={"questions": ("Fazem portabilidade, portar o número?",)}))

    assert before != ["r"]
    assert [hit.item.id for hit in index.search("dá pra portar meu número?", 1, ANY)] == ["r"]


@pytest.mark.parametrize("text", ["", "   ", "???", "🙂", "oi, tudo bem?", "x" * 20_000, "frete " * 3_000])
def test_any_text_can_be_asked(text: str) -> None:
    shop(with_questions=True).search(text, 5, ANY)


def test_nothing_known_finds_nothing() -> None:
    assert RuleIndex().search("frete", 5, ANY) == []
