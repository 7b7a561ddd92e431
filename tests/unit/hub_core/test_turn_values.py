"""The smaller pure rules of a turn: when it is due, who may take it, what it orders, what is recorded of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.hub_world import START, TENANT, World

from common.commands import CHATWOOT_COMMANDS, Choice, HandOff, SendMessage, SendPrivateNote
from common.facts import Fact
from common.tenants import Locale
from hub.answering import CustomerMessage, HistoryLine, Memory, Reply, TurnInput
from hub.apology import apology
from hub.apply import Moment, apply_event
from hub.commands import commands_of
from hub.conversation import HISTORY_LINES, SUMMARY_BYTES, ConversationState, Lease
from hub.debounce import due_at, window_seconds
from hub.lease import Busy, Claimant, Idle, NotYet, claim, extended, holds
from hub.personal_data import redact
from hub.turn_commit import commit
from hub.turn_records import FACTS_KEPT, turn_record

ME = Claimant("hub-a", "token-1", 12)
LATER = START + timedelta(seconds=60)


def said(*lines: tuple[float, str]) -> tuple[CustomerMessage, ...]:
    return tuple(
        CustomerMessage(message_id=number, text=text, at=START + timedelta(seconds=at))
        for number, (at, text) in enumerate(lines)
    )


@pytest.mark.parametrize("text", ["oi", "Olá, bom dia!", "tem camiseta de", "tem camiseta,", "vocês têm...", "e"])
def test_an_unfinished_message_is_waited_for_longer(text: str) -> None:
    assert window_seconds(2, said((0, text))) == 4


@pytest.mark.parametrize("text", ["quanto custa a camiseta azul?", "oi, tem shampoo?", "obrigada", ""])
def test_a_whole_message_waits_the_tenant_s_window(text: str) -> None:
    assert window_seconds(2, said((0, text))) == 2


def test_a_slow_typist_gets_the_time_their_own_pauses_ask_for() -> None:
    slow = said((0, "tem camiseta azul?"), (2.5, "tamanho M?"))

    assert window_seconds(2, slow) == pytest.approx(3.75)
    assert window_seconds(2, said((0, "a?"), (60, "b?"))) == 5
    assert window_seconds(2, said((0, "a?"), (0.5, "b?"))) == 2


@given(st.floats(0, 60), st.floats(0, 100), st.floats(0, 200))
def test_a_longer_window_stays_under_the_cap(debounce: float, waited: float, window: float) -> None:
    now = START + timedelta(seconds=waited)

    due = (due_at(now, START, debounce, window) - START).total_seconds()

    assert due <= max(debounce, min(4 * debounce, 10.0)) + 1e-3


def waiting(*texts: str, **world: Any) -> ConversationState:
    here = World(**world)
    events = [here.customer(text) for text in texts]
    state = ConversationState.first(events[0])
    for sequence, event in enumerate(events, start=1):
        state = apply_event(state, event, Moment(sequence, START, TENANT))
    return state


def leased(state: ConversationState) -> tuple[ConversationState, Lease]:
    lease = claim(state, ME, fired_for=LATER, now=LATER)
    assert isinstance(lease, Lease)
    return state.model_copy(update={"lease": lease}), lease


@given(st.floats(0, 60), st.floats(0, 100))
def test_nobody_waits_longer_than_the_cap_nor_less_than_asked(debounce: float, waited: float) -> None:
    now = START + timedelta(seconds=waited)

    due = (due_at(now, START, debounce) - START).total_seconds()

    assert due <= max(debounce, min(4 * debounce, 10)) + 0.001
    assert due <= waited + debounce + 0.001
    assert waited > 0 or due >= debounce - 0.001


def test_a_turn_is_not_started_before_its_time() -> None:
    state = waiting("tem?")

    assert claim(state, ME, fired_for=START, now=START) == NotYet(START + timedelta(seconds=2))


def test_there_is_nothing_to_do_when_nobody_waits() -> None:
    state = ConversationState.first(World().noise())

    assert claim(state, ME, fired_for=LATER, now=LATER) == Idle()


def test_a_living_lease_keeps_others_out_and_a_dead_one_does_not() -> None:
    state, lease = leased(waiting("oi"))
    other = Claimant("hub-b", "token-2", 12)

    assert claim(state, other, fired_for=LATER, now=LATER) == Busy(lease.until)
    assert isinstance(claim(state, other, fired_for=LATER, now=lease.until), Lease)
    assert extended(lease, lease.until, 12).until == lease.until + timedelta(seconds=12)


def test_a_turn_that_is_tried_again_has_the_same_id() -> None:
    state = waiting("oi", "tem?")
    _, first = leased(state)
    second = claim(state, Claimant("hub-b", "token-2", 12), fired_for=LATER, now=LATER)

    assert isinstance(second, Lease)
    assert first.turn_id == second.turn_id == "acme.25.1.102"
    assert not holds(state.model_copy(update={"lease": second}), first)


def test_an_answer_orders_one_message() -> None:
    state, lease = leased(waiting("oi"))
    reply = Reply(outcome="answered", reason="", text="Olá!", choices=(Choice(title="Sim", value="yes"),))

    (command,) = commands_of(state, lease, reply, LATER)

    assert isinstance(command, SendMessage)
    assert command.choices == reply.choices
    assert command.command_id == "acme.25.1.101:1"


@pytest.mark.parametrize(
    ("text", "note", "kinds"),
    [
        ("Um momento.", "Pediu uma pessoa", [SendMessage, SendPrivateNote, HandOff]),
        ("", "Pediu uma pessoa", [SendPrivateNote, HandOff]),
        ("", "", [HandOff]),
    ],
)
def test_a_hand_off_orders_what_there_is_to_say_and_opens_last(text: str, note: str, kinds: list[type]) -> None:
    state, lease = leased(waiting("oi"))

    commands = commands_of(state, lease, Reply(outcome="handed_off", reason="", text=text, note=note), LATER)

    assert [type(each) for each in commands] == kinds


def test_an_ignored_burst_orders_nothing_and_is_recorded() -> None:
    state, lease = leased(waiting("👍"))

    ended = commit(state, lease, Reply(outcome="ignored", reason="thanks"), LATER)

    (record,) = ended.outbox
    assert record.stream == "TURNS"
    assert ended.pending == ()
    assert ended.outcomes[-1].reason == "thanks"


def test_a_committed_turn_remembers_what_was_said() -> None:
    state, lease = leased(waiting("oi", "tem sabonete?"))

    ended = commit(
        state, lease, Reply(outcome="answered", reason="", text="Temos!", memory=Memory(greeted=True)), LATER
    )

    assert [(each.speaker, each.text) for each in ended.history] == [
        ("customer", "oi"),
        ("customer", "tem sabonete?"),
        ("assistant", "Temos!"),
    ]
    assert ended.memory.greeted
    assert (ended.timer, ended.lease, ended.turns) == (None, None, 1)
    assert [CHATWOOT_COMMANDS.decode(each.body.encode()) for each in ended.outbox[:-1]]


@pytest.mark.parametrize("locale", ["pt-BR", "es", "en"])
def test_an_apology_hands_off_in_the_customers_language(locale: Locale) -> None:
    message = CustomerMessage(message_id=1, text="oi", at=START)
    profile = TENANT.model_copy(update={"locale": locale})

    reply = apology(TurnInput(tenant=profile, messages=(message,), now=START), "RuntimeError")
    spanish = apology(
        TurnInput(tenant=profile, messages=(message,), now=START, memory=Memory(language="es")), "RuntimeError"
    )

    assert (reply.outcome, reply.hand_off_reason) == ("handed_off", "tool_failure")
    assert "RuntimeError" not in reply.text
    assert "RuntimeError" in reply.note
    assert spanish.text.startswith("Disculpe")


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("Escreva para maria@example.com hoje", "Escreva para […] hoje"),
        ("CPF 123.456.789-09 confirmado", "CPF […] confirmado"),
        ("CPF 12345678909 ok", "CPF […] ok"),
        ("Ligue +55 11 91234-5678.", "Ligue […]."),
        ("Ligue para a loja: (11) 3333-4444", "Ligue para a loja: (11) 3333-4444"),
        ("Custa R$ 1.299,90 e temos 12 unidades", "Custa R$ 1.299,90 e temos 12 unidades"),
        ("Até 24/11/2026, das 9h às 18h", "Até 24/11/2026, das 9h às 18h"),
        ("SKU 7891234567895", "SKU 7891234567895"),
    ],
)
def test_records_do_not_keep_personal_data_but_what_the_company_says_of_itself(text: str, masked: str) -> None:
    assert redact(text, {"1133334444", "7891234567895"}) == masked


def test_a_record_keeps_no_personal_data_of_a_refused_answer_either() -> None:
    state, lease = leased(waiting("meu cpf é 529.982.247-25"))
    verdict = {"claim": "529.982.247-25", "kind": "sku", "passed": False, "why": "no fact says +55 11 91234-5678"}
    reply = Reply.model_validate({"outcome": "answered", "reason": "", "text": "ok", "verdicts": [verdict]})

    record = turn_record(state, lease, reply, LATER)

    assert "529" not in record.model_dump_json()
    assert "91234" not in record.model_dump_json()
    assert record.question == "meu cpf é […]"


def test_what_the_history_forgets_is_kept_by_its_first_words() -> None:
    state = waiting("tem?")
    for number in range(40):
        text = f"pergunta {number} " + "bla " * 50
        state = state.said([HistoryLine(speaker="customer", text=text, at=START)])

    assert len(state.history) == HISTORY_LINES
    lines = state.summary.splitlines()
    assert lines[-1].startswith("customer: pergunta 9 bla")
    assert len(state.summary.encode()) <= SUMMARY_BYTES


def test_a_record_keeps_the_facts_its_verdicts_rest_on_when_there_are_too_many() -> None:
    state, lease = leased(waiting("oi"))
    facts = tuple(
        Fact(kind="price", value="1.00", subject=f"product:{number}", source="odoo", read_at=START)
        for number in range(FACTS_KEPT + 20)
    )
    verdict = {"claim": "R$ 1,00", "kind": "price", "passed": True, "fact_subject": facts[-1].subject}
    reply = Reply.model_validate(
        {"outcome": "answered", "reason": "", "text": "R$ 1,00", "facts": facts, "verdicts": [verdict]}
    )

    record = turn_record(state, lease, reply, LATER)

    assert len(record.facts) == FACTS_KEPT
    assert record.facts[0].subject == facts[-1].subject


def test_a_code_that_was_typed_is_in_no_record_and_in_no_history() -> None:
    state, lease = leased(waiting("o código é 654 321"))
    state = state.model_copy(update={"memory": Memory(proving="")})
    reply = Reply(outcome="answered", reason="order_status", text="Pedido S00042: enviado.")

    ended = commit(state, lease, reply, LATER)

    kept = ended.model_dump_json()
    assert "654" not in kept
    assert "o código é […]" in kept
