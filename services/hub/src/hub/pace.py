"""How fast a contact makes the assistant answer: nobody types as fast and as long as another bot does. Pure rules."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final, Literal

from hub.answering import HistoryLine, TurnInput

Pace = Literal["normal", "loop"]

KEPT: Final = 60
_BURST: Final = (15, timedelta(minutes=2))
_STREAM: Final = (KEPT, timedelta(hours=1))
_SAME_TEXTS: Final = 4
_SAME_WITHIN: Final = timedelta(minutes=10)


def pace(turn: TurnInput) -> Pace:
    """Judge the turns of a conversation so far, this one not counted."""
    for count, span in (_BURST, _STREAM):
        if sum(turn.now - each <= span for each in turn.recent_turns) >= count:
            return "loop"
    return "loop" if _repeats(turn) else "normal"


def remembered(recent: Sequence[datetime], now: datetime) -> tuple[datetime, ...]:
    """The times of turns that still count, with this one."""
    return (*(each for each in recent if now - each <= _STREAM[1]), now)[-KEPT:]


def _repeats(turn: TurnInput) -> bool:
    """The same words over and over, each answered by us: an automatic reply meets ours."""
    said = turn.text.strip()
    lines = [each for each in turn.history if turn.now - each.at <= _SAME_WITHIN]
    earlier = [each for each in lines if each.speaker == "customer"][-_SAME_TEXTS:]
    answered = sum(each.speaker == "assistant" for each in lines) >= _SAME_TEXTS
    return bool(said) and answered and len(earlier) == _SAME_TEXTS and all(_is(each, said) for each in earlier)


def _is(line: HistoryLine, said: str) -> bool:
    return line.text.strip() == said
