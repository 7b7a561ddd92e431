"""Who answers a turn: nobody who talks to another bot, the built-in responder, or the tenant's models."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final, Protocol

import structlog

from common.errors import OdooAiError
from common.tenants import Locale
from hub.agent.suspicion import gives_orders
from hub.answering import Memory, Reply, Responder, TurnInput
from hub.pace import pace
from hub.responder.burst import read_burst

log = structlog.get_logger(__name__)

_LOOP_NOTES: Final[dict[Locale, str]] = {
    "pt-BR": "O assistente parou: as mensagens chegam rápido demais ou se repetem, como as de outro robô.",
    "es": "El asistente se detuvo: los mensajes llegan demasiado rápido o se repiten, como los de otro bot.",
    "en": "The assistant stopped: messages come too fast or repeat themselves, as those of another bot.",
}


class ClosableResponder(Responder, Protocol):
    """A responder that holds connections."""

    async def close(self) -> None:
        """Close them."""
        ...


class FrontResponder:
    """Chooses. `make_model_responder` is called at the start when a tenant has a model, else at its first turn."""

    def __init__(
        self,
        built_in: Responder,
        make_model_responder: Callable[[], ClosableResponder],
        models_in_use: Callable[[], bool] = lambda: False,
        awaits_code: Callable[[TurnInput], Awaitable[bool]] | None = None,
    ) -> None:
        self._built_in = built_in
        self._make = make_model_responder
        self._models_in_use = models_in_use
        self._awaits_code = awaits_code
        self._with_model: ClosableResponder | None = None
        self._making = asyncio.Lock()

    async def start(self) -> None:
        """Be ready for models if some tenant has one already: its first customer should not wait for imports."""
        if self._models_in_use():
            await self._model_responder()

    async def stop(self) -> None:
        """Close the connections to the providers, if there are any."""
        if self._with_model is not None:
            await self._with_model.close()

    async def respond(self, turn: TurnInput) -> Reply:
        """Decide what to say (see `hub.answering.Responder`)."""
        if pace(turn) == "loop":
            return _stopped(turn)
        if not turn.tenant.assistant.models:
            return await self._built_in.respond(turn)
        why = _better_without(turn)
        if await self._is_secret(turn):
            why = "a code was typed"
            turn = turn.model_copy(update={"memory": _proving(turn.memory)})
        if why:
            reply = await self._built_in.respond(turn)
            return reply.model_copy(update={"why_not_model": why})
        return await (await self._model_responder()).respond(turn)

    async def _is_secret(self, turn: TurnInput) -> bool:
        """Whether the customer typed a code that a model must not see. When nobody knows, it may be one."""
        if self._awaits_code is None:
            return False
        try:
            return await self._awaits_code(turn)
        except OdooAiError as error:
            log.info("code_unknown", turn_id=turn.turn_id, error=type(error).__name__)
            return turn.memory.proving is not None

    async def _model_responder(self) -> Responder:
        async with self._making:
            if self._with_model is None:
                # It imports half a second's worth of packages: not in the thread that serves everybody.
                self._with_model = await asyncio.to_thread(self._make)
        return self._with_model


def _better_without(turn: TurnInput) -> str:
    """Why a model should not be asked at all; empty: it should."""
    if any(gives_orders(f"{message.subject}\n{message.words}") for message in turn.messages):
        log.info("customer_gives_orders", turn_id=turn.turn_id)
        return "instructions in the message"
    burst = read_burst(turn.messages)
    if not burst.questions:
        return "no words"
    if any(question.wants("person") and not question.wants("people_hours") for question in burst.questions):
        return "a person was asked for"
    return ""


def _proving(memory: Memory) -> Memory:
    return memory if memory.proving is not None else memory.model_copy(update={"proving": ""})


def _stopped(turn: TurnInput) -> Reply:
    """Give the conversation to people without a word: every word would be answered by the other bot."""
    language = turn.tenant.locale
    return Reply(
        outcome="handed_off",
        reason="loop",
        hand_off_reason="usage_limit",
        note=_LOOP_NOTES[language],
        memory=Memory(language=turn.memory.language, greeted=turn.memory.greeted),
        responder="none",
    )
