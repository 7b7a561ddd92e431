"""Chatwoot's bodies of messages that are more, or other, than a text: what a customer can send on any channel."""

from __future__ import annotations

from typing import Any

from support.chatwoot_bodies import INCOMING, fixture

FILES = "https://chat.example.com/rails/active_storage/blobs/redirect/SIGNEDID"
FIRST_ID = 30_000


def attached(kind: str, **fields: Any) -> list[dict[str, Any]]:
    """One attachment, as Chatwoot puts it into a body."""
    return [{"id": 900, "message_id": FIRST_ID, "file_type": kind, "account_id": 1, **fields}]


def _file(kind: str, name: str, content_type: str, **fields: Any) -> list[dict[str, Any]]:
    shape = {"data_url": f"{FILES}/{name}", "thumb_url": "", "file_size": 12_000, "width": None, "height": None}
    return attached(kind, extension=name.rpartition(".")[2], content_type=content_type, **shape, **fields)


AUDIO = _file("audio", "voice.ogg", "audio/ogg", transcribed_text="")
_EMAIL = {
    "subject": "RES: Pedido 123",
    "from": ["jane@example.com"],
    "text_content": {"full": "...", "reply": "...", "quoted": "..."},
}
_REFERRAL = {
    "source_url": "https://fb.me/abc",
    "source_type": "ad",
    "source_id": "120",
    "headline": "Chaleira Elétrica Garça 1,7 L",
    "body": "Toda a linha com frete grátis",
    "ctwa_clid": "clid",
}

SPECIAL: dict[str, dict[str, Any]] = {
    "image": {"content": None, "attachments": _file("image", "foto.jpg", "image/jpeg")},
    "image_with_caption": {"content": "tem dessa?", "attachments": _file("image", "foto.jpg", "image/jpeg")},
    "video": {"content": None, "attachments": _file("video", "video.mp4", "video/mp4")},
    "document": {"content": None, "attachments": _file("file", "comprovante%20pix.pdf", "application/pdf")},
    "audio": {"content": None, "attachments": AUDIO},
    "sticker": {
        "content": None,
        "content_type": "sticker",
        "attachments": _file("image", "figurinha.webp", "image/webp"),
    },
    "location": {
        "content": None,
        "attachments": attached(
            "location",
            coordinates_lat=-19.97,
            coordinates_long=-44.19,
            fallback_title="Praça Central, Betim",
            data_url=None,
        ),
    },
    "contact_card": {
        "content": "Maria Silva",
        "attachments": attached(
            "contact", fallback_title="+5531999990001", meta={"firstName": "Maria", "lastName": "Silva"}
        ),
    },
    "contact_card_without_meta": {
        "content": "Maria Silva",
        "attachments": attached("contact", fallback_title="+5531999990001"),
    },
    "unsupported": {"content": "This message is unavailable.", "content_attributes": {"is_unsupported": True}},
    "deleted_before_it_came": {"content": "This message was deleted", "content_attributes": {"deleted": True}},
    "reply_to_a_message": {"content": "quanto custa?", "content_attributes": {"in_reply_to": 17_000}},
    "flow_reply": {
        "content": "Submitted a flow response",
        "content_attributes": {
            "whatsapp_flow_response": {
                "name": "flow",
                "body": "Sent",
                "response_json": {"flow_token": "t", "servico": "troca", "dias": ["seg", "ter"]},
            }
        },
    },
    "flow_reply_as_text": {
        "content": "Submitted a flow response",
        "content_attributes": {"whatsapp_flow_response": {"response_json": '{"flow_token": "t", "servico": "troca"}'}},
    },
    "email": {
        "content": "vocês entregam em Betim?\n\nEm qua., 12 de nov. de 2026, Casa <c@example.com> escreveu:\n> Olá!",
        "content_type": "incoming_email",
        "content_attributes": {"email": _EMAIL},
    },
    "automatic_email": {
        "content": "Estou de férias.",
        "content_type": "incoming_email",
        "content_attributes": {"email": {**_EMAIL, "auto_reply": True}},
    },
    "story_reply": {
        "content": "quanto custa?",
        "content_attributes": {"story_sender": "casa", "story_id": "18", "story_url": "https://cdn.example.com/s"},
    },
    "story_mention": {
        "content": "Mentioned you in the story: jane",
        "content_attributes": {"image_type": "story_mention", "story_sender": "jane", "story_id": "19"},
        "attachments": attached("story_mention", data_url="https://cdn.example.com/s"),
    },
    "shared_post": {"content": None, "attachments": attached("ig_post", data_url="https://cdn.example.com/p")},
    "advertisement": {"content": "Olá! Quero mais informações", "content_attributes": {"referral": _REFERRAL}},
    "voice_call": {
        "content": "Voice Call",
        "content_type": "voice_call",
        "content_attributes": {"data": {"status": "no-answer"}},
    },
    "emoji": {"content": "👍"},
    "nothing": {"content": None},
}


def special(name: str, *, message_id: int | None = None, **changes: Any) -> dict[str, Any]:
    """The body of a special message; each has an id of its own."""
    number = FIRST_ID + list(SPECIAL).index(name) if message_id is None else message_id
    return fixture(INCOMING, **{"id": number, **SPECIAL[name], **changes})


def csat(rating: Any, feedback: str = "", **changes: Any) -> dict[str, Any]:
    """The update of a survey that the customer answered."""
    answer = {"csat_survey_response": {"rating": rating, "feedback_message": feedback}}
    return fixture(
        "04_message_created_template_greeting",
        event="message_updated",
        content_type="input_csat",
        content_attributes={"submitted_values": answer},
        **changes,
    )
