"""Services that can be booked: what they take and when; the booking itself is made by a person."""

from __future__ import annotations

from itertools import groupby

from common.facts import Source
from common.knowledge import Schedule
from hub.responder import facts, formats
from hub.responder.choices import offer
from hub.responder.company import weekdays_text, windows_text
from hub.responder.intents import Question, understand
from hub.responder.parts import Part, Turn


def source_of(schedule: Schedule) -> Source:
    """A schedule as a source."""
    return Source(kind="schedule", id=schedule.id, title=schedule.service)


def schedules_part(turn: Turn, question: Question) -> Part | None:
    """The service asked for, or the list of services; None when nothing can be booked."""
    known = turn.knowledge.schedules()
    if not known:
        return None
    words = set(question.content)
    named = [each for each in known if words & set(_words(each.service))]
    if len(named) == 1 or len(known) == 1:
        return schedule_part(turn, (named or known)[0])
    return _list(turn, named or known)


def _words(service: str) -> list[str]:
    return list(understand(service).content)


def schedule_part(turn: Turn, schedule: Schedule) -> Part:
    """One service."""
    say = turn.texts.say
    lines = [say("schedule", service=schedule.service, duration=schedule.duration)]
    if schedule.windows:
        lines += [say("schedule_windows"), *_window_lines(turn, schedule)]
    if schedule.policies.strip():
        lines += ["", schedule.policies.strip()]
    if schedule.required_information.strip():
        lines += ["", say("schedule_information", information=schedule.required_information.strip())]
    return Part(
        "\n".join(lines),
        "schedule",
        facts=facts.schedule_facts(schedule, turn.now, turn.language),
        sources=(source_of(schedule),),
        choices=offer([(say("choice_person"), "person")]),
    )


def _window_lines(turn: Turn, schedule: Schedule) -> list[str]:
    by_day = {
        day: tuple((window.opens, window.closes) for window in windows)
        for day, windows in groupby(sorted(schedule.windows, key=lambda w: (w.weekday, w.opens)), lambda w: w.weekday)
    }
    lines = []
    for windows in dict.fromkeys(by_day.values()):
        days = formats.capitalised(weekdays_text(turn, [day for day in by_day if by_day[day] == windows]))
        lines.append(turn.texts.say("hours_line", days=days, windows=windows_text(turn, windows)))
    return lines


def _list(turn: Turn, schedules: list[Schedule]) -> Part:
    shown = schedules[:9]
    lines = [turn.texts.say("schedules_intro"), *(f"{n}. {each.service}" for n, each in enumerate(shown, start=1))]
    known = [fact for each in shown for fact in facts.schedule_facts(each, turn.now, turn.language)]
    options = [(each.service, f"schedule:{each.id}") for each in shown]
    return Part(
        "\n".join(lines),
        "schedule",
        facts=tuple(known),
        sources=tuple(map(source_of, shown)),
        choices=offer([*options, (turn.texts.say("choice_person"), "person")]),
    )
