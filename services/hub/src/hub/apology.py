"""What is said when answering failed: polite, in the customer's language, and never what went wrong inside."""

from __future__ import annotations

from typing import Final

from common.tenants import Locale
from hub.answering import Memory, Reply, TurnInput

_TEXTS: Final[dict[Locale, str]] = {
    "pt-BR": "Desculpe, não consegui responder agora. Já chamei uma pessoa da nossa equipe para continuar por aqui.",
    "es": "Disculpe, no pude responder en este momento. Ya avisé a una persona del equipo para que siga por aquí.",
    "en": "Sorry, I could not answer just now. I have asked a person from our team to continue here.",
}
_NOTES: Final[dict[Locale, str]] = {
    "pt-BR": "O assistente não conseguiu responder ({why}). Mensagens do cliente sem resposta: {count}.",
    "es": "El asistente no pudo responder ({why}). Mensajes del cliente sin respuesta: {count}.",
    "en": "The assistant could not answer ({why}). Customer messages without an answer: {count}.",
}


def apology(turn: TurnInput, why: str) -> Reply:
    """Hand off after a failure. `why` is for the people's note: an error's type or a limit, never its text."""
    language = turn.memory.language or turn.tenant.locale
    return Reply(
        outcome="handed_off",
        reason=why,
        text=_TEXTS[language],
        hand_off_reason="tool_failure",
        note=_NOTES[language].format(why=why, count=len(turn.messages)),
        memory=Memory(language=turn.memory.language, greeted=turn.memory.greeted),
        responder="apology",
    )
