"""Answers from the company's profile: opening hours, address, contacts, who is speaking, what it does."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta

from common.facts import Fact, Source
from common.knowledge import Company, Holiday, Link
from hub.responder import facts, formats
from hub.responder.hours import Day, Status, Window, coming_holidays, hours_on, status_at, weekly_groups
from hub.responder.intents import Question, holidays_named, moments
from hub.responder.parts import Part, Turn
from hub.truth_gate.claims.extract import read_claims
from hub.truth_gate.language.reading import fold

_HOLIDAY_NOTICE_DAYS = 14
_LINKS = 3
_NETWORK = re.compile(r"\b(?:instagram|insta|facebook|tiktok|youtube|pinterest)\b")
_DAY_WORDS = frozenset(
    """janeiro fevereiro marco abril maio junho julho agosto setembro outubro novembro dezembro amanha sabado domingo
    segunda terca quarta quinta sexta feira feriado vespera natal ano novo fim semana fds noite manha sabados domingos
    sunday sundays saturday saturdays monday friday tomorrow weekend december january lunes martes miercoles jueves
    viernes manana enero diciembre""".split()  # noqa: SIM905
)


def source_of(company: Company) -> Source:
    """The profile as a source."""
    return Source(kind="company", id=company.id, title=company.name)


def hours_part(turn: Turn, question: Question) -> Part | None:
    """Opening hours: now, of the days asked for, or the weekly table. None when the company has told none."""
    company = turn.company
    if company is None or not company.hours:
        return None
    days = days_asked(turn, question)
    asked = moments(question.folded)
    status = status_at(company, turn.now)
    if days:
        text, known = _days_text(turn, days), days
    elif "now" in asked or "open" in asked:
        text, known = status_text(turn, status), days_of(status)
    else:
        text, known = _table(turn, company), [hours_on(company, each.day) for each in _near_holidays(turn, company)]
    stands_on = (*facts.weekly_facts(company, turn.now), *facts.day_facts(company, known, turn.now))
    return Part(text, "hours", facts=stands_on, sources=(source_of(company),))


def days_asked(turn: Turn, question: Question) -> list[Day]:
    """The days a question names: dates, weekdays, holidays, tomorrow."""
    company = turn.company
    if company is None:
        return []
    _, claims = read_claims(question.text, turn.language, turn.today)
    dates = [date.fromisoformat(c.value) for c in claims if c.kind == "date" and c.flag != "partial"]
    dates += [_next_weekday(turn.today, int(c.value)) for c in claims if c.kind == "weekday"]
    asked = moments(question.folded)
    if "after_tomorrow" in asked:
        dates.append(turn.today + timedelta(days=2))
    elif "tomorrow" in asked or ("tomorrow_es" in asked and turn.language == "es"):
        dates.append(turn.today + timedelta(days=1))
    if "weekend" in asked:
        dates += [_next_weekday(turn.today, 5), _next_weekday(turn.today, 6)]
    if "today" in asked and "now" not in asked:
        dates.append(turn.today)
    dates += _named_holidays(turn, company, question)
    return [hours_on(company, each) for each in dict.fromkeys(dates)]


def only_days(turn: Turn, question: Question) -> bool:
    """Whether the words of a question name days and nothing else."""
    _, claims = read_claims(question.text, turn.language, turn.today)
    named = " ".join(claim.raw for claim in claims if claim.kind in ("date", "weekday"))
    words = set(fold(named).replace("/", " ").split()) | _DAY_WORDS
    return all(word in words or word.isdigit() or holidays_named(word) for word in question.content)


def _named_holidays(turn: Turn, company: Company, question: Question) -> list[date]:
    coming = coming_holidays(company, turn.today, limit=20)
    named_in_full = {fold(each.name): each.day for each in reversed(coming) if fold(each.name) in question.folded}
    called = {f"{each.day:%m-%d}": each.day for each in reversed(coming)}
    named = [day for name, day in named_in_full.items() if name]
    named += [called[day] for day in holidays_named(question.folded) if day in called and called[day] not in named]
    generic = not named and "holiday" in moments(question.folded)
    return named or ([each.day for each in coming[:3]] if generic else [])


def _next_weekday(today: date, weekday: int) -> date:
    return today + timedelta(days=(weekday - today.weekday()) % 7)


def _days_text(turn: Turn, days: Sequence[Day]) -> str:
    return "\n".join(_day_text(turn, day) for day in days)


def _day_text(turn: Turn, day: Day) -> str:
    label = formats.capitalised(formats.day(day.date, turn.today, turn.language))
    windows = windows_text(turn, day.windows)
    if day.holiday and day.holiday.name:
        key = "day_holiday_open" if day.windows else "day_holiday"
        return turn.texts.say(key, day=label, holiday=day.holiday.name, windows=windows)
    return turn.texts.say("day_open" if day.windows else "day_closed", day=label, windows=windows)


def windows_text(turn: Turn, windows: Sequence[Window]) -> str:
    """Openings of a day: "das 9h às 12h e das 13h às 18h"."""
    parts = [
        turn.texts.say("window", opens=formats.clock(opens, turn.language), closes=formats.clock(closes, turn.language))
        for opens, closes in windows
    ]
    return turn.texts.say("window_joiner").join(parts)


def status_text(turn: Turn, status: Status) -> str:
    """Open or closed, and until when."""
    say, language = turn.texts.say, turn.language
    if status.open_until:
        closes = formats.clock(status.open_until, language)
        if status.reopens:
            return say("open_closes_for_break", closes=closes, opens=formats.clock(status.reopens, language))
        return say("open_until", closes=closes)
    if status.reopens:
        key = "closed_break" if status.on_break else "closed_opens_today"
        return say(key, opens=formats.clock(status.reopens, language))
    if status.next_day is None:
        return say("closed_unknown")
    day = formats.day(status.next_day.date, turn.today, language)
    opens = formats.clock(status.next_day.windows[0][0], language)
    if status.day.holiday and status.day.holiday.name and not status.day.windows:
        return say("closed_holiday", holiday=status.day.holiday.name, day=day, opens=opens)
    return say("closed_opens", day=day, opens=opens)


def days_of(status: Status) -> list[Day]:
    """The days a status speaks of."""
    return [status.day, *([status.next_day] if status.next_day else [])]


def _table(turn: Turn, company: Company) -> str:
    lines = [turn.texts.say("hours_intro")]
    for weekdays, windows in weekly_groups(company):
        days = formats.capitalised(weekdays_text(turn, weekdays))
        lines.append(turn.texts.say("hours_line", days=days, windows=windows_text(turn, windows)))
    near = _near_holidays(turn, company)
    if near:
        lines += ["", turn.texts.say("upcoming_holidays")]
        lines += [_day_text(turn, hours_on(company, each.day)) for each in near]
    return "\n".join(lines)


def _near_holidays(turn: Turn, company: Company) -> list[Holiday]:
    limit = turn.today + timedelta(days=_HOLIDAY_NOTICE_DAYS)
    return [each for each in coming_holidays(company, turn.today) if each.day <= limit]


def weekdays_text(turn: Turn, weekdays: Sequence[int]) -> str:
    """Days with equal hours: "segunda-feira a sexta-feira", "sábado e domingo"."""
    names = [formats.weekday(each, turn.language) for each in weekdays]
    if len(weekdays) == 7:
        return turn.texts.say("every_day")
    if len(weekdays) > 2 and weekdays[-1] - weekdays[0] == len(weekdays) - 1:
        return turn.texts.say("days_range", first=names[0], last=names[-1])
    return ", ".join(names[:-1]) + (turn.texts.say("days_joiner") if names[:-1] else "") + names[-1]


def person_answers_at(turn: Turn) -> tuple[str, tuple[Fact, ...]]:
    """When people are back, if they are away now: a sentence and what it stands on; empty when open or unknown."""
    company = turn.company
    if company is None or not company.hours:
        return "", ()
    status = status_at(company, turn.now)
    if status.is_open:
        return "", ()
    if status.reopens:
        when = turn.texts.say("today_at", opens=formats.clock(status.reopens, turn.language))
    elif status.next_day is None:
        return "", ()
    else:
        when = turn.texts.say(
            "next_day_at",
            day=formats.day(status.next_day.date, turn.today, turn.language),
            opens=formats.clock(status.next_day.windows[0][0], turn.language),
        )
    return turn.texts.say("answers_at", when=when), facts.day_facts(company, days_of(status), turn.now)


def contact_part(turn: Turn, question: Question) -> Part | None:
    """Address and contacts, as far as the profile has them."""
    company = turn.company
    if company is None:
        return None
    say = turn.texts.say
    lines: list[str] = []
    known: list[Fact] = []
    if question.wants("address") and company.address:
        lines.append(say("address", address=company.address))
        known += facts.words_facts(company.address, f"company:{company.id}", turn.now)
    if question.wants("contact", "phone") and company.phone:
        lines.append(say("phone", phone=company.phone))
        known.append(facts.company_fact(company, "phone", company.phone, turn.now))
    if question.wants("contact", "email") and company.email:
        lines.append(say("email", email=company.email))
        known.append(facts.company_fact(company, "email", company.email, turn.now))
    if question.wants("links"):
        link_lines, link_facts = links(turn, company, question)
        lines += link_lines
        known += link_facts
    if not lines:
        return None
    return Part("\n".join(lines), "contact", facts=tuple(known), sources=(source_of(company),))


def links(turn: Turn, company: Company, question: Question | None = None) -> tuple[list[str], list[Fact]]:
    """The links the company lets the assistant give: those a question names, else the first ones."""
    asked = question.folded if question else ""
    named = [each for each in company.links if any(word in asked for word in fold(each.title).split() if len(word) > 3)]
    network = _NETWORK.search(asked)
    if network and not named:
        return _told(turn, company, [each for each in company.links if network[0] in fold(each.url)])
    return _told(turn, company, (named or list(company.links))[:_LINKS])


def _told(turn: Turn, company: Company, shown: Sequence[Link]) -> tuple[list[str], list[Fact]]:
    known: list[Fact] = []
    for link in shown:
        known.append(facts.company_fact(company, "link", link.url, turn.now))
        known += facts.words_facts(link.title, f"company:{company.id}", turn.now)
    return [turn.texts.say("link", title=link.title, url=link.url) for link in shown], known


def identity_part(turn: Turn) -> Part:
    """Who is speaking: never a person."""
    return Part(turn.texts.say("identity", assistant=turn.input.tenant.assistant.name), "identity")


def about_part(turn: Turn) -> Part | None:
    """What the company does, in its own words."""
    company = turn.company
    if company is None or not company.description.strip():
        return None
    lines, known = links(turn, company)
    text = "\n".join([company.description.strip(), *(["", turn.texts.say("see_links"), *lines] if lines else [])])
    told = facts.words_facts(company.description.strip(), f"company:{company.id}", turn.now)
    return Part(text, "about", facts=(*told, *known), sources=(source_of(company),))
