"""The tabs of the queue: ways to look at the cases, and what is asked beside them."""

from collections.abc import Mapping
from typing import Final

from hub.domain.queue_question import QueueQuestion, Tab
from hub.domain.staff import ACTING, Role
from hub.domain.tally import Tally
from hub.services.accounts.staff import Staff
from hub.web.catalogue import marked
from hub.web.pages.formats import counted
from hub.web.pages.portal import queue_address as at
from hub.web.pages.portal.beside import tab_count
from hub.web.pages.translation import translate

REQUESTS: Final = "/portal/requests"
"""Where the tab of requests beside negotiations leads."""
_TABS: Final[Mapping[Tab, str]] = {
    Tab.ALL: marked("全部待办"),
    Tab.MINE: marked("我经办的"),
    Tab.UNASSIGNED: marked("未分派"),
    Tab.APPROVAL: marked("待我复核"),
    Tab.COUNTERED: marked("客户已还价"),
    Tab.MESSAGES: marked("新消息"),
    Tab.ASKED: marked("等客户补充"),
    Tab.AGREED: marked("已达成协议"),
}
TabRow = tuple[str, str, str, str, bool]
"""Address, name, count, tone, and whether one is there."""


def tabs_of(
    person: Staff, question: QueueQuestion | None, tally: Tally | None, requests: int, *, is_requests: bool = False
) -> tuple[TabRow, ...]:
    """The tabs that the person has, with their counts; `requests` is how many are open beside negotiations."""
    rows: list[TabRow] = []
    for tab, name in _TABS.items():
        if (tab is Tab.MINE and person.role not in ACTING) or (tab is Tab.APPROVAL and person.role is Role.AUDITOR):
            continue
        count = tab_count(tally, tab, person)
        tone = "warn" if tab in (Tab.APPROVAL, Tab.COUNTERED, Tab.MESSAGES) and count not in ("", "0") else ""
        is_here = question is not None and question.tab is tab
        rows.append((at.address_of(QueueQuestion(tab=tab)), translate(name), count, tone, is_here))
    rows.append((REQUESTS, translate("办理事项"), counted(requests), "warn" if requests else "", is_requests))
    return tuple(rows)
