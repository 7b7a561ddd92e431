"""Messages that are more, or other, than a text: what of them reaches the hub."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from support.chatwoot_bodies import BY_AGENT, INCOMING, fixture, profile
from support.special_messages import AUDIO, SPECIAL, csat, special

from common import events
from common.events import CHATWOOT_EVENTS
from webhook.arrival import Arrival
from webhook.translation import Translation, translate

NOW = datetime(2026, 11, 23, 14, 3, 12, tzinfo=UTC)


def translated(body: dict[str, Any]) -> Translation:
    return translate(body, Arrival(tenant=profile(), delivery="agent_bot", received_at=NOW))


def received(name: str, **changes: Any) -> events.CustomerMessageReceived:
    outcome = translated(special(name, **changes))
    assert isinstance(outcome, events.CustomerMessageReceived)
    return outcome


@pytest.mark.parametrize("name", SPECIAL)
def test_each_of_them_reaches_the_hub_as_it_decodes(name: str) -> None:
    event = received(name)

    assert CHATWOOT_EVENTS.decode(event.encode()) == event


@pytest.mark.parametrize(
    "name",
    [
        "unsupported",
        "deleted_before_it_came",
        "contact_card",
        "contact_card_without_meta",
        "story_mention",
        "voice_call",
        "image",
        "nothing",
    ],
)
def test_what_chatwoot_puts_in_the_place_of_words_is_not_the_customers(name: str) -> None:
    assert received(name).text == ""


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("flow_reply", "servico: troca\ndias: seg, ter"),
        ("flow_reply_as_text", "servico: troca"),
        ("email", "vocês entregam em Betim?"),
        ("story_reply", "quanto custa?"),
        ("image_with_caption", "tem dessa?"),
        ("advertisement", "Olá! Quero mais informações"),
    ],
)
def test_the_customers_own_words_are_the_text(name: str, text: str) -> None:
    assert received(name).text == text


@pytest.mark.parametrize("name", ["contact_card", "contact_card_without_meta"])
def test_a_contact_card_has_a_name_and_a_phone(name: str) -> None:
    (card,) = received(name).attachments

    assert (card.kind, card.contact_name, card.name) == ("contact", "Maria Silva", "+5531999990001")


def test_a_place_has_its_coordinates_and_its_title() -> None:
    (place,) = received("location").attachments

    assert (place.latitude, place.longitude, place.name) == (-19.97, -44.19, "Praça Central, Betim")


def test_a_document_has_its_name() -> None:
    assert [each.name for each in received("document").attachments] == ["comprovante pix.pdf"]


def test_marks_that_decide_what_becomes_of_a_message() -> None:
    assert received("unsupported").unsupported
    assert received("deleted_before_it_came").deleted
    assert received("automatic_email").automatic
    assert received("sticker").content_type == "sticker"
    assert received("voice_call").content_type == "voice_call"
    assert received("reply_to_a_message").in_reply_to == 17_000


def test_the_advertisement_a_customer_comes_from_is_known_without_what_tracks_them() -> None:
    event = received("advertisement")

    assert event.referral == events.Referral(
        headline="Chaleira Elétrica Garça 1,7 L",
        body="Toda a linha com frete grátis",
        source_url="https://fb.me/abc",
        source_type="ad",
        source_id="120",
    )
    assert b"clid" not in event.encode()


def test_a_story_is_a_reply_or_a_mention() -> None:
    assert received("story_reply").story == events.Story(kind="reply", url="https://cdn.example.com/s")
    assert received("story_mention").story == events.Story(kind="mention")
    assert received("image").story is None


def test_an_emails_subject_is_kept_without_its_marks() -> None:
    assert received("email").subject == "Pedido 123"


@pytest.mark.parametrize("broken", ["email", "referral", "whatsapp_flow_response", "in_reply_to", "story_url", "data"])
def test_a_mark_of_a_strange_shape_does_not_lose_the_message(broken: str) -> None:
    strange: list[Any] = [[{"strange": None}], {"strange": []}, 7, "text", None]
    for value in strange:
        body = fixture(INCOMING, content_attributes={broken: value})
        assert isinstance(translated(body), events.CustomerMessageReceived)


def test_what_a_person_wrote_travels_with_the_take_over() -> None:
    replied = translated(fixture(BY_AGENT, content="Seu pedido sai amanhã"))

    assert isinstance(replied, events.HumanReplied)
    assert replied.text == "Seu pedido sai amanhã"


def test_a_transcript_comes_with_the_audio_it_is_of() -> None:
    spoken = [{**AUDIO[0], "transcribed_text": "tem caneca azul?"}]

    edited = translated(special("audio", event="message_updated", attachments=spoken))

    assert isinstance(edited, events.MessageEdited)
    assert (edited.change, edited.text) == ("transcribed", "tem caneca azul?")
    assert [each.transcribed_text for each in edited.attachments] == ["tem caneca azul?"]


def test_an_update_of_a_text_brings_the_text_as_it_is_now() -> None:
    edited = translated(fixture(INCOMING, event="message_updated", content="tem caneca verde?"))

    assert isinstance(edited, events.MessageEdited)
    assert (edited.change, edited.text) == ("edited", "tem caneca verde?")


def test_an_update_of_a_message_that_chatwoot_worded_is_no_edit_of_the_customers() -> None:
    for name in ("unsupported", "story_mention", "voice_call", "contact_card"):
        assert not isinstance(translated(special(name, event="message_updated")), events.ChatwootEvent)


@pytest.mark.parametrize(
    ("given", "rating"), [(5, 5), ("4", 4), (1, 1), (0, None), (6, None), (True, None), ("x", None), (None, None)]
)
def test_a_survey_answer_has_its_rating_and_its_words(given: Any, rating: int | None) -> None:
    answered = translated(csat(given, " Muito bom! "))

    assert isinstance(answered, events.SurveyAnswered)
    assert (answered.rating, answered.feedback) == (rating, "Muito bom!")


def test_a_survey_that_is_answered_anew_is_another_fact_and_told_twice_the_same() -> None:
    first, again, other = (translated(csat(*each)) for each in ((5, "x"), (5, "x"), (2, "x")))

    assert isinstance(first, events.SurveyAnswered)
    assert isinstance(other, events.SurveyAnswered)
    assert first == again
    assert first.event_id != other.event_id
