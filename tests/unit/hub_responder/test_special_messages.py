"""Pictures, recordings, places, cards, calls, stories, advertisements: each gets a useful answer."""

from __future__ import annotations

from typing import Any

import pytest
from support.responder_shop import Chat

from common.events import Attachment, Referral, Story
from common.tenants import Locale

PLACE = Attachment(id=1, kind="location", name="Praça", latitude=-19.97, longitude=-44.19)
CARD = Attachment(id=1, kind="contact", name="+5531999990001", contact_name="Ana")
SHAMPOO = Referral(headline="Shampoo Hidratante Karité 300ml", source_url="https://fb.me/abc")


def attached(kind: str) -> dict[str, Any]:
    return {"attachments": (Attachment(id=1, kind=kind),)}


SPECIALS: dict[str, tuple[dict[str, Any], str, str]] = {
    "image": (attached("image"), "attachment", "imagem"),
    "video": (attached("video"), "attachment", "vídeo"),
    "audio": (attached("audio"), "attachment", "áudio"),
    "document": (attached("file"), "attachment", "arquivo"),
    "shared post": (attached("ig_post"), "attachment", "compartilhou"),
    "a kind of tomorrow": (attached("hologram"), "attachment", "compartilhou"),
    "unsupported": ({"unsupported": True}, "attachment", "por escrito"),
    "location": ({"attachments": (PLACE,)}, "location", "Rua das Acácias, 120"),
    "contact card": ({"attachments": (CARD,)}, "contact_card", "contato"),
    "call": ({"content_type": "voice_call"}, "call", "ligou"),
    "story mention": ({"story": Story(kind="mention"), **attached("story_mention")}, "story_mention", "story"),
}


@pytest.mark.parametrize("name", SPECIALS)
async def test_what_is_no_text_gets_an_answer_of_its_own(name: str) -> None:
    fields, reason, words = SPECIALS[name]

    reply = await Chat().say("", **fields)

    assert (reply.outcome, reply.reason) == ("answered", reason)
    assert words in reply.text
    assert not reply.verdicts or all(each.passed for each in reply.verdicts)


@pytest.mark.parametrize("locale", ["en", "es"])
@pytest.mark.parametrize("name", SPECIALS)
async def test_it_is_answered_in_the_companys_language_when_the_customers_is_unknown(name: str, locale: Locale) -> None:
    fields, _, _ = SPECIALS[name]
    portuguese = await Chat().say("", **fields)

    reply = await Chat(locale=locale).say("", **fields)

    assert reply.outcome == "answered"
    assert reply.text != portuguese.text


@pytest.mark.parametrize("name", [name for name in SPECIALS if name != "story mention"])
async def test_a_second_one_in_a_row_is_given_to_people(name: str) -> None:
    fields, _, _ = SPECIALS[name]
    chat = Chat()
    first = await chat.say("", **fields)

    second = await chat.say("", **fields)

    assert [each.value for each in first.choices] == ["person"]
    assert second.outcome == "handed_off"


async def test_who_would_rather_talk_to_a_person_says_yes() -> None:
    chat = Chat()
    await chat.say("", **attached("audio"))

    reply = await chat.say("sim")

    assert (reply.outcome, reply.hand_off_reason) == ("handed_off", "customer_request")


async def test_words_that_lean_on_a_picture_ask_for_the_name_of_what_is_on_it() -> None:
    reply = await Chat().say("tem dessa?", **attached("image"))

    assert "imagem" in reply.text
    assert reply.reason == "attachment"


async def test_a_place_with_a_question_answers_the_question() -> None:
    reply = await Chat().say("vocês entregam aqui? quanto é o frete?", attachments=(PLACE,))

    assert "R$ 15,90" in reply.text
    assert "arquivo" not in reply.text


@pytest.mark.parametrize("words", ["Olá!", "Olá! Tenho interesse e queria mais informações, por favor."])
async def test_who_comes_from_an_advertisement_hears_about_what_it_showed(words: str) -> None:
    reply = await Chat().say(words, referral=SHAMPOO)

    assert "**Shampoo Hidratante Karité 300ml** custa R$ 29,90" in reply.text


async def test_who_comes_from_an_advertisement_and_asks_something_else_gets_that() -> None:
    reply = await Chat().say("vocês têm garantia?", referral=SHAMPOO)

    assert "garantia de 90 dias" in reply.text
    assert "Shampoo" not in reply.text


async def test_an_advertisement_of_something_unknown_changes_nothing() -> None:
    plain = await Chat().say("Olá!")

    reply = await Chat().say("Olá!", referral=Referral(headline="Zxqw"))

    assert reply.text == plain.text


async def test_a_question_under_a_quoted_message_is_about_what_it_names() -> None:
    reply = await Chat().say("quanto custa?", quoted="Máscara Capilar Argan 250g")

    assert "Máscara Capilar Argan 250g" in reply.text
    assert reply.reason == "product"


async def test_thanks_under_a_quoted_message_are_thanks() -> None:
    reply = await Chat().say("obrigada!", quoted="Máscara Capilar Argan 250g")

    assert reply.reason == "thanks"


async def test_an_empty_email_is_read_by_its_subject() -> None:
    reply = await Chat().say("", content_type="incoming_email", subject="Vocês têm garantia?")

    assert "garantia de 90 dias" in reply.text


async def test_a_question_about_a_story_asks_which_product_it_showed() -> None:
    reply = await Chat().say("quanto custa?", story=Story(kind="reply"))

    assert "story" in reply.text
    assert reply.outcome == "answered"


async def test_an_answered_question_about_a_story_needs_no_story() -> None:
    reply = await Chat().say("quanto custa a máscara de argan?", story=Story(kind="reply"))

    assert reply.reason == "product"
    assert "story" not in reply.text


async def test_people_who_take_over_see_what_was_sent() -> None:
    chat = Chat()
    await chat.say("", **attached("audio"))

    reply = await chat.say("", attachments=(Attachment(id=1, kind="file", name="comprovante.pdf"),))

    assert "> 📄 comprovante.pdf" in reply.note
