"""One line of a list of negotiations in a mail to staff: its number, its owner, and how much time is left."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from hub.domain.china import china_day
from hub.domain.working_days import Calendar
from hub.mail.kinds import MailKind

_HOUR = timedelta(hours=1)
# What happened, in the words of a list.
EVENTS = {
    MailKind.ARRIVED_SUBMITTED: "新申请",
    MailKind.ARRIVED_COUNTER_OFFERED: "客户已还价",
    MailKind.ARRIVED_DECLINED: "客户未接受方案",
    MailKind.ARRIVED_MESSAGE: "新消息",
    MailKind.ARRIVED_ACCEPTED: "协议成立",
    MailKind.ARRIVED_WITHDRAWN: "客户已撤回",
    MailKind.ARRIVED_ENDED: "协议结束",
    MailKind.ARRIVED_AMENDMENT_REQUESTED: "申请调整协议",
    MailKind.ARRIVED_AMENDED: "补充协议成立",
    MailKind.ARRIVED_AMENDMENT_CLOSED: "协议不再调整",
    MailKind.REQUEST_ARRIVED: "新事项",
    MailKind.REQUEST_DUE: "快到期限",
    MailKind.REQUEST_LATE: "已超时",
    MailKind.REQUEST_ASSIGNED: "分派给您",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeLeft:
    """How far off a due time is, or how long ago: whole working days between the days, and whole hours."""

    is_late: bool
    is_today: bool
    days: int
    hours: int

    @property
    def words(self) -> str:
        """As staff read it: `剩 7 小时`, `剩 2 个工作日`, `超时 2 小时`, `超时 1 个工作日`."""
        if self.is_late:
            late = f"{self.days} 个工作日" if self.days else f"{self.hours} 小时"
            return f"超时 {late}" if self.days or self.hours else "刚刚超时"
        if self.is_today:
            return f"剩 {self.hours} 小时" if self.hours else "不到 1 小时"
        return f"剩 {self.days} 个工作日"

    @property
    def words_en(self) -> str:
        """The same in English."""
        if self.is_late:
            late = _number(self.days, "working day") if self.days else _number(self.hours, "hour")
            return f"{late} late" if self.days or self.hours else "late since a moment ago"
        if self.is_today:
            return f"{_number(self.hours, 'hour')} left" if self.hours else "less than an hour left"
        return f"{_number(self.days, 'working day')} left"


def _number(n: int, thing: str) -> str:
    return f"{n} {thing}" if n == 1 else f"{n} {thing}s"


def time_left(due_at: datetime, now: datetime, calendar: Calendar) -> TimeLeft:
    """How far off `due_at` is at `now`."""
    due_day, today = china_day(due_at), china_day(now)
    late = now > due_at
    first, last = (due_day, today) if late else (today, due_day)
    return TimeLeft(
        is_late=late,
        is_today=due_day == today,
        days=calendar.working_days_between(first, last),
        hours=abs(due_at - now) // _HOUR,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseLine:
    """One of several negotiations that a mail to staff lists. `event` is what happened, where that is what it tells."""

    reference: str
    link: str
    deadline: datetime | None = None
    left: TimeLeft | None = None
    owner: str = ""
    team: str = ""
    event: str = ""

    @property
    def tone(self) -> str:
        """`bad` for what is late, `warn` for what is due today, else empty."""
        if self.left is None:
            return ""
        return "bad" if self.left.is_late else "warn" if self.left.is_today else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A line as it is read: its number, what it says of itself, and how much time is left."""

    reference: str
    link: str
    about: str
    note: str
    tone: str
    heading: str = ""
