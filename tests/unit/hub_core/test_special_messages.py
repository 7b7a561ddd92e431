"""Recordings, edits, deletions, replies to a message, surveys: what the state makes of them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from support.hub_world import START, TENANT, World

from common.events import (
    Attachment,
    ChatwootEvent,
    CustomerMessageReceived,
    MessageEdited,
    Referral,
    ReplyObserved,
    Story,
    SurveyAnswered,
)
from hub.answering import CustomerMessage, HistoryLine
from hub.apply import Effects, Moment, apply_event, effects_of
from hub.conversation import ConversationState
from hub.message_words import described

WAIT = TENANT.assistant.transcript_wait_seconds
AUDIO = Attachment(id=1, kind="audio", url="https://chat.example.com/voice.ogg")
HEARD = AUDIO.model_copy(update={"transcribed_text": "tem caneca azul?"})


class Hub:
    """Events applied one after the other, `seconds` apart."""

    def __init__(self) -> None:
        self.state: ConversationState | None = None
        self.sequence = 0
        self.now = START

    def apply(self, event: ChatwootEvent, *, seconds: float = 1) -> ConversationState:
        self.sequence += 1
        self.now += timedelta(seconds=seconds)
        moment = Moment(self.sequence, self.now, TENANT)
        self.state = apply_event(self.state or ConversationState.first(event), event, moment)
        return self.state

    def effects(self) -> Effects:
        assert self.state is not None
        return effects_of(self.state, self.sequence)

    def due_in(self) -> float:
        assert self.state is not None
        assert self.state.timer is not None
        return (self.state.timer.due_at - self.now).total_seconds()


def recording(world: World, *attachments: Attachment) -> CustomerMessageReceived:
    return world.customer("").model_copy(update={"attachments": attachments or (AUDIO,)})


def transcribed(world: World, voice: CustomerMessageReceived, *attachments: Attachment) -> MessageEdited:
    edited = world.edit(voice.message_id, "transcribed", HEARD.transcribed_text or "")
    return edited.model_copy(update={"attachments": attachments or (HEARD,)})


def special(world: World, text: str = "", **fields: Any) -> CustomerMessageReceived:
    return world.customer(text).model_copy(update=fields)


def answered(state: ConversationState) -> ConversationState:
    """The state after a turn that said something to all that waited."""
    said = HistoryLine(speaker="assistant", text="Caneca azul: R$ 39,90", at=START, turn_id="t1")
    lines = [
        HistoryLine(speaker="customer", text=described(each), at=each.at, message_ids=(each.message_id,))
        for each in state.pending
    ]
    return state.said([*lines, said]).model_copy(update={"pending": (), "timer": None})


def test_a_recording_waits_for_its_transcript_up_to_a_limit() -> None:
    hub, world = Hub(), World()

    hub.apply(recording(world))

    assert hub.due_in() == WAIT


def test_the_whole_burst_waits_with_the_recording_in_it() -> None:
    hub, world = Hub(), World()

    hub.apply(recording(world))
    hub.apply(world.customer("e a preta?"), seconds=3)

    assert hub.due_in() == WAIT - 3


def test_a_transcript_ends_the_wait() -> None:
    hub, world = Hub(), World()
    voice = recording(world)
    hub.apply(voice)

    state = hub.apply(transcribed(world, voice), seconds=4)

    assert [each.words for each in state.pending] == ["tem caneca azul?"]
    assert 0 <= hub.due_in() <= TENANT.assistant.debounce_seconds
    assert hub.effects().turn_at is not None


def test_a_transcript_that_was_there_from_the_beginning_is_not_waited_for() -> None:
    hub, world = Hub(), World()

    hub.apply(recording(world, HEARD))

    assert hub.due_in() == TENANT.assistant.debounce_seconds


def test_two_recordings_are_waited_for_until_both_are_heard() -> None:
    hub, world = Hub(), World()
    first, second = recording(world), recording(world)
    hub.apply(first)
    hub.apply(second)

    hub.apply(transcribed(world, first))
    assert hub.due_in() == WAIT - 1
    hub.apply(transcribed(world, second))

    assert hub.due_in() <= TENANT.assistant.debounce_seconds


def test_a_transcript_that_comes_twice_changes_nothing_more() -> None:
    hub, world = Hub(), World()
    voice = recording(world)
    hub.apply(voice)
    edited = transcribed(world, voice)
    once = hub.apply(edited)

    assert hub.apply(edited, seconds=0).pending == once.pending


def test_a_transcript_that_comes_too_late_is_known_to_the_next_turn() -> None:
    hub, world = Hub(), World()
    voice = recording(world)
    hub.state = answered(hub.apply(voice))

    state = hub.apply(transcribed(world, voice), seconds=60)

    assert state.history[0].text == "🎤\ntem caneca azul?"
    assert state.timer is None


def test_words_written_anew_before_the_answer_are_the_ones_that_are_answered() -> None:
    hub, world = Hub(), World()
    asked = world.customer("tem caneca azul?")
    hub.apply(asked)

    state = hub.apply(world.edit(asked.message_id, "edited", "tem caneca verde?"))

    assert [each.text for each in state.pending] == ["tem caneca verde?"]
    assert hub.effects().turn_at is not None


def test_an_update_with_the_same_words_changes_nothing_and_starts_nothing() -> None:
    hub, world = Hub(), World()
    asked = world.customer("tem caneca azul?")
    before = hub.apply(asked)

    state = hub.apply(world.edit(asked.message_id, "edited", "tem caneca azul?"))

    assert (state.pending, state.timer) == (before.pending, before.timer)
    assert hub.effects().turn_at is None


def test_words_written_anew_after_the_answer_are_known_and_not_answered_twice() -> None:
    hub, world = Hub(), World()
    asked = world.customer("tem caneca azul?")
    hub.state = answered(hub.apply(asked))

    state = hub.apply(world.edit(asked.message_id, "edited", "tem caneca verde?"))

    assert [each.text for each in state.history] == ["tem caneca verde?", "Caneca azul: R$ 39,90"]
    assert (state.pending, state.timer) == ((), None)


def test_what_was_deleted_after_the_answer_is_forgotten() -> None:
    hub, world = Hub(), World()
    asked = world.customer("meu CPF é 111.444.777-35")
    hub.state = answered(hub.apply(asked))

    state = hub.apply(world.edit(asked.message_id, "deleted", ""))

    assert [each.speaker for each in state.history] == ["assistant"]


@pytest.mark.parametrize(
    ("fields", "reason"), [({"deleted": True}, "message_deleted"), ({"automatic": True}, "automatic_reply")]
)
def test_what_needs_no_answer_ends_with_its_reason(fields: dict[str, Any], reason: str) -> None:
    hub, world = Hub(), World()

    state = hub.apply(special(world, "x", **fields))

    assert [(each.outcome, each.reason) for each in state.outcomes] == [("ignored", reason)]
    assert [each.reason for each in hub.effects().records] == [reason]
    assert (state.pending, state.history) == ((), ())


def test_an_answer_to_a_message_of_ours_knows_what_it_said() -> None:
    hub, world = Hub(), World()
    hub.state = answered(hub.apply(world.customer("tem caneca azul?")))
    observed = ReplyObserved(
        **world.edit(1, "edited", "").model_dump(exclude={"message_id", "change", "text", "attachments"}),
        message_id=4711,
        command_id="t1:1",
        turn_id="t1",
    )
    hub.apply(observed)
    hub.apply(observed)

    state = hub.apply(special(world, "quero essa", in_reply_to=4711))

    assert [each.quoted for each in state.pending] == ["Caneca azul: R$ 39,90"]
    assert state.history[-1].message_ids == (4711,)


def test_an_answer_to_an_unknown_message_is_answered_all_the_same() -> None:
    hub, world = Hub(), World()

    state = hub.apply(special(world, "quero essa", in_reply_to=1))

    assert [(each.text, each.quoted) for each in state.pending] == [("quero essa", "")]


def test_a_survey_answer_is_on_record_once_and_starts_no_turn() -> None:
    hub, world = Hub(), World()
    hub.state = answered(hub.apply(world.customer("oi")))
    base = world.edit(1, "edited", "").model_dump(exclude={"message_id", "change", "text", "attachments"})
    rated = SurveyAnswered(**base, message_id=5000, rating=2, feedback="Demorou")

    state = hub.apply(rated)
    records = hub.effects().records
    state = hub.apply(rated)

    assert [(each.message_ids, each.reason) for each in records] == [((5000,), "survey_answered")]
    assert [each.message_id for each in state.outcomes].count(5000) == 1
    assert [each.text for each in state.history][-1] == "⭐ 2/5 Demorou"
    assert (state.pending, state.timer) == ((), None)


def test_a_survey_answer_takes_nothing_from_a_message_that_waits() -> None:
    hub, world = Hub(), World()
    before = hub.apply(world.customer("oi"))
    base = world.edit(1, "edited", "").model_dump(exclude={"message_id", "change", "text", "attachments"})

    state = hub.apply(SurveyAnswered(**base, message_id=5000, rating=5))

    assert (state.pending, state.timer) == (before.pending, before.timer)


@pytest.mark.parametrize(
    ("fields", "line"),
    [
        ({"attachments": (Attachment(id=1, kind="image"),), "text": "tem?"}, "📷\ntem?"),
        ({"attachments": (Attachment(id=1, kind="file", name="nota.pdf"),)}, "📄 nota.pdf"),
        ({"attachments": (HEARD,)}, "🎤\ntem caneca azul?"),
        (
            {"attachments": (Attachment(id=1, kind="location", name="Praça", latitude=-19.97, longitude=-44.19),)},
            "📍 Praça (-19.97, -44.19)",
        ),
        (
            {"attachments": (Attachment(id=1, kind="contact", name="+5531999990001", contact_name="Ana"),)},
            "👤 Ana +5531999990001",
        ),
        ({"attachments": (Attachment(id=1, kind="image"),), "content_type": "sticker"}, "💟"),
        ({"attachments": (Attachment(id=1, kind="ig_reel"),)}, "🔗"),
        ({"attachments": (Attachment(id=1, kind="story_mention"),), "story": Story(kind="mention")}, "📸"),
        ({"story": Story(kind="reply"), "text": "quanto?"}, "📸\nquanto?"),
        ({"unsupported": True}, "🚫"),
        ({"content_type": "voice_call"}, "📞"),
        ({"quoted": "Caneca\nazul", "text": "quero"}, "↩️ Caneca azul\nquero"),
        ({"subject": "Pedido 1", "text": "oi"}, "✉️ Pedido 1\noi"),
        ({"referral": Referral(headline="Caneca", body="Frete grátis"), "text": "oi"}, "📣 Caneca | Frete grátis\noi"),
        ({"text": " "}, ""),
    ],
)
def test_a_message_is_described_in_lines_that_need_no_language(fields: dict[str, Any], line: str) -> None:
    assert described(CustomerMessage(**{"message_id": 1, "text": "", "at": START, **fields})) == line
