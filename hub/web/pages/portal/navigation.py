"""The rows beside every page of a desk, in one table: where each leads, its name, its icon, and who may go there.

Whoever makes a page of the portal or of the operator adds its row here. A test asks every address for its page.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from hub.domain.approval import APPROVING_ROLES
from hub.domain.queue_question import Tab
from hub.domain.staff import BANK_ROLES, Role
from hub.services.accounts.staff import Staff
from hub.web.catalogue import marked
from hub.web.pages.formats import counted
from hub.web.pages.visitors import current_desk

_EVERYBODY: Final = frozenset(BANK_ROLES)
_OPERATORS: Final = frozenset({Role.OPERATOR})


class Part(StrEnum):
    """Which part of the sidebar a row stands in, from the top."""

    WORK = "work"
    SETTINGS = "settings"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row. `below` are further addresses whose pages belong to it.

    `count` names its number in `Counts.of`, which is
    marked where it is pressing.
    """

    address: str
    name: str
    symbol: str
    roles: frozenset[Role] = _EVERYBODY
    part: Part = Part.WORK
    below: tuple[str, ...] = ()
    count: str = ""
    is_pressing: bool = False

    def is_of(self, path: str) -> bool:
        """Whether the page at `path` is this row's."""
        return path == self.address or path.startswith(self.below)


ROWS: Final = (
    Row(
        address="/portal/",
        name=marked("待办队列"),
        symbol="inbox",
        below=("/portal/negotiations/", "/portal/requests"),
        count="open",
    ),
    Row(
        address="/portal/reviews",
        name=marked("待我复核"),
        symbol="shield-check",
        roles=frozenset(APPROVING_ROLES),
        count="to_approve",
        is_pressing=True,
    ),
    Row(address="/portal/agreements", name=marked("履约跟踪"), symbol="calendar-check"),
    Row(
        address="/portal/mandates",
        name=marked("扣款授权"),
        symbol="credit-card",
        below=("/portal/mandates/", "/portal/deductions/"),
    ),
    Row(address="/portal/appointments", name=marked("预约"), symbol="geo-alt", below=("/portal/appointments/",)),
    Row(address="/portal/dashboard", name=marked("时效看板"), symbol="bar-chart", below=("/portal/answers",)),
    Row(address="/portal/exports", name=marked("导出"), symbol="download", below=("/portal/exports/",)),
    Row(
        address="/portal/audit",
        name=marked("审计记录"),
        symbol="journal-text",
        roles=frozenset({Role.AUDITOR, Role.BANK_ADMIN, Role.SUPERVISOR}),
    ),
    Row(
        address="/portal/replies",
        name=marked("常用话术"),
        symbol="chat-left-text",
        part=Part.SETTINGS,
        below=("/portal/replies/",),
    ),
    Row(
        address="/portal/offer-templates",
        name=marked("方案模板"),
        symbol="files",
        part=Part.SETTINGS,
        below=("/portal/offer-templates/",),
    ),
    Row(address="/portal/bank", name=marked("本行设置"), symbol="bank", part=Part.SETTINGS),
    Row(
        address="/portal/staff",
        name=marked("人员与小组"),
        symbol="people",
        roles=frozenset({Role.BANK_ADMIN}),
        part=Part.SETTINGS,
        below=("/portal/staff/",),
    ),
    Row(address="/portal/calendar", name=marked("工作日历"), symbol="calendar3", part=Part.SETTINGS),
    Row(address="/portal/settings", name=marked("我的设置"), symbol="sliders", part=Part.SETTINGS),
    Row(address="/ops/", name=marked("运行情况"), symbol="activity", roles=_OPERATORS),
    Row(address="/ops/tasks", name=marked("待办"), symbol="check2-square", roles=_OPERATORS, below=("/ops/tasks/",)),
    Row(address="/ops/appointments", name=marked("预约"), symbol="geo-alt", roles=_OPERATORS),
    Row(address="/ops/deliveries", name=marked("送达"), symbol="send", roles=_OPERATORS, below=("/ops/deliveries/",)),
    Row(address="/ops/jobs", name=marked("任务"), symbol="cpu", roles=_OPERATORS, below=("/ops/jobs/",)),
    Row(address="/ops/mails", name=marked("邮件"), symbol="envelope", roles=_OPERATORS, below=("/ops/mails/",)),
    Row(address="/ops/clocks", name=marked("计时"), symbol="clock", roles=_OPERATORS, below=("/ops/clocks/",)),
    Row(address="/ops/calendar", name=marked("日历"), symbol="calendar3", roles=_OPERATORS, below=("/ops/calendar/",)),
    Row(address="/ops/banks", name=marked("银行"), symbol="bank", roles=_OPERATORS, below=("/ops/banks/",)),
    Row(
        address="/ops/creditors",
        name=marked("债权机构"),
        symbol="wallet2",
        roles=_OPERATORS,
        below=("/ops/creditors/",),
    ),
    Row(
        address="/ops/partners",
        name=marked("转介机构"),
        symbol="people",
        roles=_OPERATORS,
        below=("/ops/partners/",),
    ),
    Row(address="/ops/retention", name=marked("保存与删除"), symbol="hourglass-split", roles=_OPERATORS),
    Row(address="/ops/keys", name=marked("密钥"), symbol="key", roles=_OPERATORS),
    Row(address="/ops/audit", name=marked("操作记录"), symbol="journal-text", roles=_OPERATORS, below=("/ops/audit/",)),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedView:
    """A view of the queue that the person has kept: a row of its own. `count` is how many are in it, where known."""

    address: str
    name: str
    count: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How much there is to do, as words ("63", "999+"), by the rows' `count`; none of what is not known."""

    of: Mapping[str, str]
    views: tuple[SavedView, ...] = ()


def counts_for(person: Staff) -> Counts:
    """What is counted beside the rows, and the person's own views: the one place where these come from."""
    desk = current_desk()
    if desk is None:
        return Counts(of={})
    tally = desk.tally
    views = tuple(
        SavedView(
            address=f"/portal/?{each.query}" if each.query else "/portal/",
            name=each.name,
            count="" if each.counted is None else counted(each.counted),
        )
        for each in desk.views
    )
    if tally is None:
        return Counts(of={}, views=views)
    return Counts(
        of={
            "open": counted(tally.count_for(Tab.ALL, person.id)),
            "to_approve": counted(tally.count_for(Tab.APPROVAL, person.id)),
            "in_force": counted(tally.in_force),
        },
        views=views,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Navigation:
    """The rows that one person sees, by part; `here` is the address of the row whose page is shown."""

    parts: Mapping[Part, tuple[Row, ...]]
    counts: Counts
    here: str

    def counted(self, part: str) -> tuple[tuple[Row, str], ...]:
        """The rows of that part, each with its count; empty where there is none."""
        return tuple((row, self.counts.of.get(row.count, "")) for row in self.parts[Part(part)])


def navigation_of(person: Staff, path: str) -> Navigation:
    """The rows beside the page at `path`; a row of one's role alone."""
    mine = [row for row in ROWS if person.role in row.roles]
    return Navigation(
        parts={part: tuple(row for row in mine if row.part == part) for part in Part},
        counts=counts_for(person),
        here=next((row.address for row in mine if row.is_of(path)), ""),
    )
