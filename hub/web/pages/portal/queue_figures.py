"""The figures above the queue, as cards: how the bank answers, and what presses."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from hub.domain.answer_time import working_time
from hub.domain.queue_question import QueueQuestion, Urgency
from hub.domain.tally import Tally
from hub.domain.working_days import Calendar
from hub.web.pages.formats import counted
from hub.web.pages.portal import queue_address as at
from hub.web.pages.portal.queue_words import Words, span_words
from hub.web.pages.translation import translate

_LONGEST_DAYS = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A card: what it is, the figure, a word on it; `percent` as a bar, None for none."""

    label: str
    figure: str
    note: str = ""
    tone: str = ""
    percent: float | None = None
    address: str = ""


def figures_of(tally: Tally | None, now: datetime, calendar: Calendar) -> list[Figure]:
    """Four cards; none before the queue was first counted. Time is working time, as in the rows below."""
    if tally is None:
        return []
    late, today = tally.due.get(Urgency.LATE, 0), tally.due.get(Urgency.TODAY, 0)
    everything = max(1, sum(tally.due.values()))
    since = tally.late_since if late else None
    late_for = timedelta() if since is None else working_time(since, now, calendar)
    return [
        _rate(tally),
        Figure(
            label=translate("已超时"),
            figure=counted(late),
            note=translate("最长超 %(span)s", span=span_words(late_for, Words())) if late else translate("没有超时"),
            tone="bad" if late else "",
            percent=100 * late / everything,
            address=at.address_of(QueueQuestion(due=Urgency.LATE)),
        ),
        Figure(
            label=translate("今天到期"),
            figure=counted(today),
            note=translate("其中 %(number)s 件未分派", number=counted(tally.today_unassigned)) if today else "",
            tone="warn" if today else "",
            percent=100 * today / everything,
            address=at.address_of(QueueQuestion(due=Urgency.TODAY)),
        ),
        _median(tally),
    ]


def _rate(tally: Tally) -> Figure:
    label, percent, before = translate("按时答复率（本月）"), tally.answers.percent, tally.answers_before.percent
    if percent is None:
        return Figure(label=label, figure="–", note=translate("本月还没有到期的答复"))
    note = ""
    if before is not None:
        points = round(percent, 1) - round(before, 1)
        sign = "▲" if points > 0 else "▼" if points < 0 else "="
        note = translate("%(sign)s 比上月 %(points)s 个百分点", sign=sign, points=f"{abs(points):.1f}")
    return Figure(label=label, figure=f"{percent:.1f}%", note=note, percent=percent)


def _median(tally: Tally) -> Figure:
    label, days = translate("首次答复用时（本月中位数）"), tally.answers.median_days
    if days is None:
        return Figure(label=label, figure="–", note=translate("本月还没有答复"))
    return Figure(
        label=label,
        figure=f"{days:.1f}",
        note=translate("个工作日"),
        percent=100 * days / _LONGEST_DAYS,
    )
