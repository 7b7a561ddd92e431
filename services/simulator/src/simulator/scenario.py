"""The sample conversation: what the customer says, what must come of it, and a runner that checks it.

The expectations say nothing about wording: how often was answered, which live values stand in the answer, in what
state the conversation is.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field

from simulator.client import NotInTime, SimulatorClient
from simulator.transcript import Line, Transcript


@dataclass(frozen=True)
class Step:
    """What the customer sends at once, and what must follow."""

    title: str
    texts: tuple[str, ...]
    mentions: tuple[str, ...] = ()
    """Every one of these must stand in the answer (case does not matter)."""
    mentions_any: tuple[str, ...] = ()
    """At least one of these must."""
    live_sku: str = ""
    """The answer must show this product's price and stock as Odoo has them now."""
    handed_off: bool = False
    """A private note is written and the conversation is open."""
    gap_seconds: float = 0.25


SCENARIO: tuple[Step, ...] = (
    Step("Saudação", ("Oi, boa tarde!",)),
    Step(
        "Três mensagens seguidas, uma resposta",
        ("vocês entregam em Contagem?", "e em quanto tempo chega?", "quanto é o frete?"),
        mentions_any=("2 dias úteis", "14,90"),
    ),
    Step(
        "Preço e estoque ao vivo do Odoo",
        ("Quanto custa o Liquidificador Beija-Flor vermelho 127 V? Tem em estoque?",),
        live_sku="LIQ-BF-VM-127",
    ),
    Step("Regra de troca", ("E se eu não gostar da cor, como funciona a troca?",), mentions=("30 dias",)),
    Step("Pedido de uma pessoa", ("Quero falar com uma pessoa, por favor.",), handed_off=True),
)


@dataclass(frozen=True)
class StepResult:
    """What came of a step. `troubles` is empty when all was as it should be."""

    step: Step
    answers: tuple[Line, ...]
    seconds: float | None
    """From the last message of the customer to the first answer."""
    troubles: tuple[str, ...] = ()


@dataclass(frozen=True)
class Played:
    """A scenario that was played."""

    transcript: Transcript
    results: tuple[StepResult, ...]
    troubles: tuple[str, ...] = field(default=())

    @property
    def ok(self) -> bool:
        """Whether every message ended as it should."""
        return not self.troubles and not any(each.troubles for each in self.results)

    def render(self) -> str:
        """The transcript, then one line for each step."""
        lines = [self.transcript.render(), ""]
        for result in self.results:
            took = f"{result.seconds:.2f} s" if result.seconds is not None else "no answer"
            lines.append(f"  {'ok  ' if not result.troubles else 'FAIL'}  {result.step.title} ({took})")
            lines += [f"        {trouble}" for trouble in result.troubles]
        lines += [f"  FAIL  {trouble}" for trouble in self.troubles]
        return "\n".join(lines)


@dataclass(frozen=True)
class Stage:
    """Where a scenario is played, and with how much patience (seconds)."""

    account_id: int = 1
    database: str = "demo"
    timeout: float = 30.0
    settle: float = 1.0


_STAGE = Stage()


async def play(
    client: SimulatorClient,
    *,
    steps: tuple[Step, ...] = SCENARIO,
    stage: Stage = _STAGE,
    customer: str = "Mariana Alves",
    phone: str | None = None,
    on_step: Callable[[StepResult], None] | None = None,
) -> Played:
    """Play a scenario with a new customer and check it.

    Every step waits for its answer, then `stage.settle` for one too many; an answer that comes even later counts
    against the step in which it arrives.
    """
    phone = phone or f"+55319{secrets.randbelow(10**8):08d}"
    customer_id = await client.create_customer(customer, phone, account_id=stage.account_id)
    results = []
    conversation_id = 0
    for step in steps:
        conversation_id, result = await _Run(client, step, stage).play(customer_id)
        results.append(result)
        if on_step is not None:
            on_step(result)
    transcript = await client.transcript(conversation_id, account_id=stage.account_id)
    return Played(transcript, tuple(results), tuple(_whole(transcript)))


@dataclass(frozen=True)
class _Run:
    """One step being played."""

    client: SimulatorClient
    step: Step
    stage: Stage

    async def play(self, customer_id: int) -> tuple[int, StepResult]:
        conversation_id, message_ids = await self.client.send(
            customer_id, *self.step.texts, account_id=self.stage.account_id, gap_seconds=self.step.gap_seconds
        )
        last_id = message_ids[-1]
        troubles: list[str] = []
        try:
            await self.client.wait_for(
                conversation_id,
                lambda transcript: self._arrived(transcript, message_ids[0]),
                account_id=self.stage.account_id,
                timeout=self.stage.timeout,
            )
        except NotInTime:
            troubles.append(f"nothing came within {self.stage.timeout:g} s")
        await asyncio.sleep(self.stage.settle)
        transcript = await self.client.transcript(conversation_id, account_id=self.stage.account_id)
        answers = transcript.public_replies(message_ids[0])
        troubles += await self._check(transcript, answers, message_ids[0])
        asked_at = next(each.at for each in transcript.lines if each.id == last_id)
        seconds = answers[0].at - asked_at if answers else None
        return conversation_id, StepResult(self.step, answers, seconds, tuple(troubles))

    def _arrived(self, transcript: Transcript, first_id: int) -> bool:
        if self.step.handed_off:
            return bool(transcript.notes(first_id)) and transcript.status == "open"
        return bool(transcript.public_replies(first_id))

    async def _check(self, transcript: Transcript, answers: tuple[Line, ...], first_id: int) -> list[str]:
        text = "\n".join(each.text for each in answers).lower()
        troubles = [f"the answer does not mention {each!r}" for each in self.step.mentions if each.lower() not in text]
        if self.step.mentions_any and not any(each.lower() in text for each in self.step.mentions_any):
            troubles.append(f"the answer mentions none of {', '.join(map(repr, self.step.mentions_any))}")
        if self.step.live_sku:
            troubles += await self._check_live(text)
        turns = {each.turn_id or str(each.id) for each in answers}
        if len(turns) > 1 or (not turns and not self.step.handed_off):
            troubles.append(f"answered {len(turns)} times instead of once")
        if self.step.handed_off:
            troubles += _check_hand_off(transcript, first_id)
        return troubles

    async def _check_live(self, text: str) -> list[str]:
        product = await self.client.product(self.step.live_sku, database=self.stage.database)
        price, stock = reais(product["price"]), f"{product['free_qty']:g}"
        troubles = [] if price in text else [f"the live price {price} is not in the answer"]
        return troubles if stock in text else [*troubles, f"the live stock {stock} is not in the answer"]


def _check_hand_off(transcript: Transcript, first_id: int) -> list[str]:
    notes = transcript.notes(first_id)
    troubles = [] if len(notes) == 1 else [f"{len(notes)} private notes instead of one"]
    return (
        troubles if transcript.status == "open" else [*troubles, f"the conversation is {transcript.status}, not open"]
    )


def _whole(transcript: Transcript) -> list[str]:
    """What must hold for any conversation."""
    stamps = [each.command_id for each in transcript.lines if each.command_id]
    twice = sorted({each for each in stamps if stamps.count(each) > 1})
    troubles = [f"command {each} was carried out twice" for each in twice]
    return troubles + [
        f"message {each.id} failed: {each.error}" for each in transcript.lines if each.status == "failed"
    ]


def reais(amount: float) -> str:
    """An amount the way Brazilians write it: 1.234,50."""
    return f"{amount:,.2f}".replace(",", " ").replace(".", ",").replace(" ", ".")
