"""Whatever customers send, there is a reply or a reason, and nothing false in it."""

from __future__ import annotations

import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.responder_shop import Chat

from cli.evaluation.suite_files import gate_cases
from hub.truth_gate import check

WORDS = tuple(
    """oi quanto custa o a de shampoo camiseta azul preta M 300ml frete troca pix 2 10 R$ 1,00 hoje sábado aberto não
    sim obrigado e ? ! quero pedido 123 promoção pessoa
    😀 http://x.example @loja 25/12 10% shampoo? garantia perfume kit
    """.split()  # noqa: SIM905 - readable as words
)


@pytest.mark.parametrize("seed", range(60))
async def test_any_heap_of_words_gets_a_true_reply_or_a_reason(seed: int) -> None:
    random_words = random.Random(seed)
    chat = Chat()
    for _ in range(4):
        burst = [" ".join(random_words.choices(WORDS, k=random_words.randint(1, 7))) for _ in range(2)]
        reply = await chat.say(*burst)

        assert reply.text or (reply.outcome == "ignored" and reply.reason)
        result = check(reply.text, reply.facts, chat.now, locale=chat.memory.language or "pt-BR")
        assert result.refused == ()
        assert len({choice.title for choice in reply.choices}) == len(reply.choices)


_ONE_OF = 5
"""Of so many false claims one is tried: there are thousands, and each takes ten milliseconds."""


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(max_size=200))
async def test_no_text_breaks_the_responder(text: str) -> None:
    reply = await Chat().say(text)

    assert reply.text or reply.outcome == "ignored"


async def test_what_a_customer_claims_is_never_repeated_as_true() -> None:
    claims = [case for case in gate_cases() if case.split == "dev" and not case.true]
    for case in claims[::_ONE_OF]:
        chat = Chat()
        reply = await chat.say(case.text)
        result = check(reply.text, reply.facts, chat.now, locale=chat.memory.language or "pt-BR")
        assert result.refused == (), case.text
