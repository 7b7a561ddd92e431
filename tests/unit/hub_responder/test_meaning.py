"""What vectors may do to the answers of the responder without a model: order what is asked back, and nothing else."""

from __future__ import annotations

import random
from collections.abc import Sequence
from functools import cache

import pytest
from support.responder_shop import RULES, TENANT, TUESDAY_MORNING, Chat, shop_knowledge

from common.tenants import Embeddings, TenantProfile
from hub.answering import Reply
from hub.retrieval import KnowledgeBase
from hub.retrieval.port import Near, Nearest
from simulator.company.knowledge import company_knowledge

SETTINGS = Embeddings(model="stand-in:small")
QUESTIONS = """
qual o prazo de entrega para São Paulo?
posso trocar se não gostar?
aceitam pix?
parcela em quantas vezes?
tem garantia?
vocês emitem nota fiscal?
tem estacionamento?
vocês montam os móveis?
vocês patrocinam eventos?
qual o salário de vendedor?
quero um presente pra minha mãe
e se chegar quebrado?
blorp zantuka
""".strip().splitlines()


@cache
def company() -> KnowledgeBase:
    """The sample company: many rules that are like each other."""
    known = company_knowledge(TUESDAY_MORNING.date()).by_kind()
    return shop_knowledge([(kind, item) for kind, items in known.items() for item in items])


class Vectors:
    """Vectors that say what a test wants."""

    def __init__(self, *rules: Near, weight: float = 1.0, seed: int | None = None) -> None:
        self.rules = rules
        self.weight = weight
        self.asked: list[str] = []
        self._random = random.Random(seed) if seed is not None else None

    async def near(self, tenant: TenantProfile, texts: Sequence[str]) -> dict[str, Nearest]:
        self.asked += texts
        return {text: self._nearest() for text in texts}

    def _nearest(self) -> Nearest:
        if self._random is None:
            return Nearest(self.rules, (), self.weight)
        items = company().tenant(TENANT).findable()
        near = [Near(kind, item_id, 0, 0.9) for kind, item_id in self._random.sample(items, len(items))]
        return Nearest(
            tuple(each for each in near if each.kind != "product"),
            tuple(each for each in near if each.kind == "product"),
            self.weight,
        )


def asserted(reply: Reply) -> tuple[str, ...]:
    """What a reply says as the answer; nothing, when it asks back."""
    return () if reply.asked else (reply.outcome, reply.text)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("question", QUESTIONS)
async def test_vectors_however_wrong_make_and_unmake_no_answer(question: str, seed: int) -> None:
    wrong = Vectors(seed=seed)

    plain = await Chat(knowledge=company()).say(question)
    with_vectors = await Chat(knowledge=company(), meanings=wrong, embeddings=SETTINGS).say(question)

    assert wrong.asked
    assert asserted(with_vectors) == asserted(plain)
    assert with_vectors.asked == plain.asked


async def test_a_rule_that_is_near_is_asked_about_where_the_company_wants_that() -> None:
    near = Near("rule", RULES[0].id, 0, 0.7)
    settings = SETTINGS.model_copy(update={"offer_from": 0.6})

    unwanted = await Chat(meanings=Vectors(near), embeddings=SETTINGS).say("blorp zantuka")
    wanted = await Chat(meanings=Vectors(near), embeddings=settings).say("blorp zantuka")
    too_far = await Chat(meanings=Vectors(near._replace(similarity=0.5)), embeddings=settings).say("blorp zantuka")

    assert RULES[0].title not in unwanted.text
    assert f"1. {RULES[0].title}" in wanted.text
    assert wanted.asked
    assert RULES[0].text not in wanted.text
    assert too_far.text == unwanted.text


async def test_a_greeting_asks_for_no_vectors() -> None:
    vectors = Vectors()

    await Chat(meanings=vectors, embeddings=SETTINGS).say("oi, bom dia! 😊")

    assert vectors.asked == []
