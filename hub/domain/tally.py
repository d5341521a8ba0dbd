"""The tally of a bank's queue: how much there is of everything, counted each minute, for whoever looks."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from hub.domain.paging import MOST_COUNTED
from hub.domain.queue_question import Tab, Urgency

COUNTS_END_AT: Final = MOST_COUNTED + 1
"""Nothing is counted further; pages say 999+."""
STALE_AFTER: Final = timedelta(minutes=3)


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerFigures:
    """How a bank answered in one month of China, `month` as YYYY-MM.

    `due` are the answers that came or should have come in it, `in_time` those of them that came by their due time.
    `median_days` is how long the first answers of the month took, in working days; None where there is none.
    """

    month: str
    due: int = 0
    in_time: int = 0
    median_days: float | None = None

    @property
    def percent(self) -> float | None:
        """The share that came in time, in percent; None where nothing was due."""
        return None if self.due == 0 else 100 * self.in_time / self.due


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """What a bank's queue came to at `counted_at`. Counts end at `COUNTS_END_AT`.

    `mine` and `to_approve` are by the ids of accounts; `waiting` counts what is asked of the bank beside its
    cases (`reading.bank.waiting`), `late_since` is when the answer was due that is the latest.
    """

    counted_at: datetime
    tabs: Mapping[Tab, int] = field(default_factory=dict)
    due: Mapping[Urgency, int] = field(default_factory=dict)
    today_unassigned: int = 0
    late_since: datetime | None = None
    in_force: int = 0
    waiting: int = 0
    mine: Mapping[str, int] = field(default_factory=dict)
    to_approve: Mapping[str, int] = field(default_factory=dict)
    answers: AnswerFigures = field(default_factory=lambda: AnswerFigures(month=""))
    answers_before: AnswerFigures = field(default_factory=lambda: AnswerFigures(month=""))

    def is_stale(self, now: datetime) -> bool:
        """Whether it should have been renewed since."""
        return abs(now - self.counted_at) > STALE_AFTER

    def count_for(self, tab: Tab, staff_id: str) -> int:
        """How many cases that account finds behind the tab."""
        if tab is Tab.MINE:
            return self.mine.get(staff_id, 0)
        if tab is Tab.APPROVAL:
            return self.to_approve.get(staff_id, 0)
        return self.tabs.get(tab, 0)
