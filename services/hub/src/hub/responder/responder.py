"""The built-in responder: reads a burst, answers each question of it in order, in one message."""

from __future__ import annotations

from collections.abc import Sequence

from common.commands import Choice
from hub.answering import Reply, TurnInput
from hub.responder.answers import answer, chosen
from hub.responder.burst import Burst, join_fragments, read_burst
from hub.responder.choices import picked
from hub.responder.conclude import conclude, ignored
from hub.responder.intents import Question, understand
from hub.responder.language import detect
from hub.responder.orders import looks_like_proof, proved_part
from hub.responder.parts import Part, Turn
from hub.responder.ports import CustomerCare, LiveReads
from hub.responder.social import greeting_part, insult_part, is_courteous, is_social, social_part
from hub.responder.special import UNREADABLE, contexts, special_part
from hub.responder.threads import Earlier
from hub.responder.wanted import FULL
from hub.retrieval.port import Knowledge, Meanings


class BuiltInResponder:
    """Answers without a model. Deterministic: the same turn, knowledge and Odoo values give the same reply."""

    def __init__(
        self,
        knowledge: Knowledge,
        odoo: LiveReads | None = None,
        care: CustomerCare | None = None,
        meanings: Meanings | None = None,
    ) -> None:
        self._knowledge = knowledge
        self._odoo = odoo
        self._care = care
        self._meanings = meanings

    async def respond(self, turn: TurnInput) -> Reply:
        """Decide what to say to a burst (see `hub.answering.Responder`)."""
        burst = read_burst(turn.messages)
        words = " ".join(question.text for question in burst.questions)
        view = Turn(
            input=turn,
            language=detect(words, turn.memory.language, turn.tenant.locale),
            knowledge=self._knowledge.tenant(turn.tenant.tenant),
            odoo=self._odoo,
            product_ids=turn.memory.product_ids,
            care=self._care,
            meanings=self._meanings,
        )
        if not burst.questions:
            return _without_words(view, burst)
        parts = await _parts(view, burst)
        return conclude(view, parts, _hello(view, burst, parts))


def _without_words(turn: Turn, burst: Burst) -> Reply:
    """Emoji, stickers, pictures, recordings, places."""
    specials = [each for each in burst.specials if each != "story_reply"]
    if specials:
        return conclude(turn, [special_part(turn, specials[-1])])
    if any("?" in message.text for message in turn.input.messages):
        return conclude(turn, [Part(turn.texts.say("ask_what"), "ask")])
    if turn.input.memory.greeted:
        return ignored(turn, "no_words")
    return conclude(turn, [greeting_part(turn)])


def _hello(turn: Turn, burst: Burst, parts: Sequence[Part]) -> str:
    """A greeting is returned, also when there is more to say."""
    greeted = any(question.wants("greeting") for question in burst.questions)
    courteous = any(part.kind in ("greeting", "person", "insult", "complaint") for part in parts)
    return turn.texts.say("hello") if greeted and not courteous and not turn.input.memory.greeted else ""


async def _parts(turn: Turn, burst: Burst) -> list[Part]:
    choice = _choice(turn)
    if choice:
        made = await chosen(turn, choice)
        if made:
            return made
    if turn.input.memory.proving is not None and looks_like_proof(turn.input.text):
        return [await proved_part(turn, turn.input.text)]
    urgent = _urgent(turn, burst.questions)
    if urgent:
        return [urgent]
    parts = await _in_context(turn, burst, await _answers(turn, burst.questions))
    if all(part.missed for part in parts) and burst.specials:
        # "Tem dessa?" under a picture: the words lean on what cannot be seen.
        return [special_part(turn, burst.specials[-1])]
    if any(each in UNREADABLE for each in burst.specials):
        parts.append(Part(turn.texts.say("ask_text_too"), "attachment"))
    return parts


async def _in_context(turn: Turn, burst: Burst, parts: list[Part]) -> list[Part]:
    """The parts, or better ones when the words alone say nothing and what they belong to does."""
    social = all(is_social(question) for question in burst.questions)
    if not (social or all(part.missed for part in parts)):
        return parts
    for context in contexts(turn.input.messages, social=social):
        found = await answer(turn, understand(context), Earlier((), ""))
        if found and not any(part.missed for part in found):
            return found
    return parts


def _choice(turn: Turn) -> Choice | None:
    return picked(turn.input.text, turn.input.memory.offered)


def _urgent(turn: Turn, questions: Sequence[Question]) -> Part | None:
    """What goes to people whatever else was asked."""
    if any(question.wants("person") and not question.wants("people_hours") for question in questions):
        return Part(turn.texts.say("person"), "person", hand_off="customer_request")
    if any(question.wants("complaint") and not question.topics for question in questions):
        return Part(turn.texts.say("hand_off_complaint"), "complaint", hand_off="unsupported_request")
    return None


async def _answers(turn: Turn, questions: Sequence[Question]) -> list[Part]:
    parts: list[Part] = []
    before = ""
    asking = join_fragments([each for each in questions if not is_social(each)], lambda text: _belongs(turn, text))
    await turn.read_meaning([question.text for question in asking])
    for question in asking:
        alone = question.wants("insult") and not question.topics and question.intents <= {"insult", "stock"}
        found = [insult_part(turn)] if alone else await answer(turn, question, Earlier(tuple(parts), before))
        if all(part.missed for part in found):
            if question.wants("insult"):
                found = [insult_part(turn)]
            elif is_courteous(question):
                continue
        parts += [part for part in found if part not in parts]
        before = question.text if question.topics or not before else before
        turn = turn.speaking_of(next((part.product_ids for part in reversed(found) if part.product_ids), ()))
    return parts or [social_part(turn, questions)]


def _belongs(turn: Turn, text: str) -> bool:
    """Whether some product has every word of a text."""
    hits = turn.knowledge.products(text, 1, today=turn.today)
    return bool(hits) and hits[0].coverage >= FULL
