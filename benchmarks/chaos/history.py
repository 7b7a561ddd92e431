"""The evidence after a run, and what must hold for it. Pure: the same evidence always gives the same violations.

I1  no loss          an accepted customer message ends exactly once, and an answer that was decided is in Chatwoot
I2  no duplicates    one customer message is answered once, and no command is carried out twice
I3  order            in a conversation, replies stand in the order of their turns, each after what it answers
I4  take-over        what a customer writes after a person has answered is left to that person
I5  poison           what nobody can read ends as a dead letter, and nothing else does
I6  liveness         when everything is healed, everything drains

(I6 is judged while waiting: see `benchmarks.chaos.__main__`.)
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from benchmarks.chaos.talk import Said, TakenOver
from common.nats.dead_letters import DeadLetterEntry
from common.turns import TurnRecorded
from simulator.transcript import Transcript

POISON_HEADER = "X-Poison"
_TURN_TOKENS = 4
_SPEAKS = frozenset({"answered", "handed_off"})


@dataclass(frozen=True)
class Evidence:
    """All that was seen, from outside: Chatwoot, the stream of turn records, the dead letters."""

    said: Sequence[Said]
    taken_over: Sequence[TakenOver]
    accepted_at: Mapping[int, float]
    records: Mapping[int, Sequence[TurnRecorded]]
    """By customer message; each turn once."""
    transcripts: Mapping[int, Transcript]
    stored_per_command: Mapping[str, int]
    dead_letters: Sequence[DeadLetterEntry]
    poison: frozenset[str]
    """Ids that were certainly stored."""


@dataclass(frozen=True)
class Violation:
    """One promise that was broken."""

    invariant: str
    what: str


def check(evidence: Evidence) -> list[Violation]:
    """Every violation there is."""
    return [
        *_endings(evidence),
        *_replies(evidence),
        *_commands(evidence),
        *_order(evidence),
        *_take_overs(evidence),
        *_poison(evidence),
    ]


def outcomes(evidence: Evidence) -> Counter[str]:
    """How the customer messages ended."""
    found: Counter[str] = Counter()
    for each in evidence.said:
        records = evidence.records.get(each.message_id, ())
        accepted = each.message_id in evidence.accepted_at
        found[records[0].outcome if records else "lost" if accepted else "never accepted"] += 1
    return found


def _endings(evidence: Evidence) -> Iterator[Violation]:
    for each in evidence.said:
        turns = sorted({_ending(record.turn_id) for record in evidence.records.get(each.message_id, ())})
        where = f"message {each.message_id} of conversation {each.conversation_id}"
        if not turns and each.message_id in evidence.accepted_at:
            yield Violation("I1", f"{where}: no ending")
        if len(turns) > 1:
            yield Violation("I2", f"{where}: {len(turns)} endings: {', '.join(turns)}")


def _replies(evidence: Evidence) -> Iterator[Violation]:
    turns = {record.turn_id: record for records in evidence.records.values() for record in records}
    corrected = {_ending(each) for each in turns if each != _ending(each)}
    for record in turns.values():
        if record.outcome not in _SPEAKS or not record.reply.strip() or record.turn_id in corrected:
            continue
        lines = evidence.transcripts[record.conversation_id].public_replies()
        times = sum(line.turn_id == record.turn_id for line in lines)
        if times == 0:
            yield Violation("I1", f"turn {record.turn_id}: {record.outcome}, but its reply is not in Chatwoot")
        if times > 1:
            yield Violation("I2", f"turn {record.turn_id}: {times} replies in Chatwoot")


def _commands(evidence: Evidence) -> Iterator[Violation]:
    for command, times in evidence.stored_per_command.items():
        if command and times > 1:
            yield Violation("I2", f"command {command} was carried out {times} times")


def _order(evidence: Evidence) -> Iterator[Violation]:
    answered: defaultdict[str, set[int]] = defaultdict(set)
    for message_id, records in evidence.records.items():
        for record in records:
            answered[record.turn_id].add(message_id)
    for number, transcript in evidence.transcripts.items():
        newest = 0
        for line in transcript.public_replies():
            turn = _turn_number(line.turn_id)
            if turn < newest:
                yield Violation("I3", f"conversation {number}: turn {turn} was posted after turn {newest}")
            newest = max(newest, turn)
            if any(line.id < message for message in answered[line.turn_id]):
                yield Violation("I3", f"conversation {number}: turn {turn} was posted before what it answers")


def _ending(turn_id: str) -> str:
    """`<turn>.<reason>` corrects the record of a turn whose reply was withheld: the same ending, explained anew."""
    return ".".join(turn_id.split(".")[:_TURN_TOKENS])


def _turn_number(turn_id: str) -> int:
    """`<tenant>.<conversation>.<turn>.<newest message>`."""
    return int(turn_id.split(".")[2])


def _take_overs(evidence: Evidence) -> Iterator[Violation]:
    for take_over in evidence.taken_over:
        known_at = evidence.accepted_at.get(take_over.message_id)
        if known_at is None:
            continue  # nobody told us
        for line in evidence.transcripts[take_over.conversation_id].lines:
            if line.who != "customer" or line.at <= known_at:
                continue
            for record in evidence.records.get(line.id, ()):
                if record.outcome in _SPEAKS:
                    yield Violation("I4", f"turn {record.turn_id} {record.outcome} though a person had taken over")


def _poison(evidence: Evidence) -> Iterator[Violation]:
    dead = Counter(each.headers.get(POISON_HEADER, "") for each in evidence.dead_letters)
    for each in evidence.poison:
        if dead[each] != 1:
            yield Violation("I5", f"poison {each}: {dead[each]} dead letters")
    for letter in evidence.dead_letters:
        if POISON_HEADER not in letter.headers:
            yield Violation("I5", f"dead letter of {letter.stream}/{letter.consumer}: {letter.kind}: {letter.reason}")
