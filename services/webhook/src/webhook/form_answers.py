"""What a customer filled in: a choice, a form, an e-mail address, a WhatsApp flow, a survey."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

import orjson

from common.message import Frozen

_HIDDEN: Final = frozenset({"flow_token"})
_FEEDBACK_LIMIT: Final = 1000
_LINES: Final = 50


class Survey(Frozen):
    """A rating, and what was written with it."""

    rating: int | None
    feedback: str


def submitted(attributes: Mapping[str, Any]) -> str:
    """The answers to a form or choice of ours, one a line; empty when there are none."""
    values = attributes.get("submitted_values")
    lines = [_answer(each) for each in values if isinstance(each, dict)] if isinstance(values, list) else []
    if isinstance(values, dict) and values:
        lines = [_answer({"name": key, "value": value}) for key, value in values.items()]
    email = attributes.get("submitted_email")
    if isinstance(email, str):
        lines.append(email)
    return "\n".join(line for line in lines if line)


def _answer(answer: Mapping[str, Any]) -> str:
    # A picked choice is {title, value}, a field of a form {name, value}. The title is what the customer read.
    title, name, value = (answer.get(key) for key in ("title", "name", "value"))
    if isinstance(title, str) and title:
        return title
    text = _shown(value)
    return f"{name}: {text}" if isinstance(name, str) and name else text


def flow_answers(attributes: Mapping[str, Any]) -> str:
    """The answers given in a WhatsApp flow, one a line; empty when the message is no such answer."""
    response = attributes.get("whatsapp_flow_response")
    if not isinstance(response, dict):
        return ""
    answers = _decoded(response.get("response_json"))
    return "\n".join(list(_lines(answers))[:_LINES])


def _decoded(value: Any) -> Any:
    # An object in Chatwoot's own bodies; the JSON text it was made of in older ones.
    if not isinstance(value, str):
        return value
    try:
        return orjson.loads(value)
    except orjson.JSONDecodeError:
        return None


def _lines(answers: Any) -> Iterator[str]:
    for name, value in answers.items() if isinstance(answers, dict) else ():
        text = _shown(value)
        if text and name not in _HIDDEN:
            yield f"{name}: {text}"


def _shown(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(text for each in value if (text := _shown(each)))
    return str(value).strip() if isinstance(value, str | int | float) else ""


def survey_answer(attributes: Mapping[str, Any]) -> Survey | None:
    """The answer to a satisfaction survey, None while there is none."""
    values = attributes.get("submitted_values")
    if isinstance(values, list):
        values = next((each for each in values if isinstance(each, dict)), None)
    if not isinstance(values, dict) or not values:
        return None
    response = values.get("csat_survey_response", values)
    if not isinstance(response, dict):
        return None
    feedback = response.get("feedback_message")
    return Survey(
        rating=_rating(response.get("rating", response.get("value"))),
        feedback=feedback.strip()[:_FEEDBACK_LIMIT] if isinstance(feedback, str) else "",
    )


def _rating(value: Any) -> int | None:
    if isinstance(value, str) and value.strip().isascii() and value.strip().isdigit():
        value = int(value.strip()[:3])
    return value if isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= 5 else None
