"""The queue of a bank: which cases there are, cut down and sorted as the address says, and the way to one of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from flask import Response, request
from werkzeug.wrappers import Response as WsgiResponse

from hub.domain.paging import Stretch
from hub.domain.queue_query import query_of, question_of
from hub.domain.queue_question import Order, QueueQuestion
from hub.domain.staff import ACTING, Role
from hub.domain.tally import Tally
from hub.services.accounts.staff import Staff
from hub.services.reading import requests
from hub.services.reading.bank.people import Colleagues, colleagues
from hub.services.reading.bank.queue import Queue, queue, queue_of
from hub.services.reading.bank.waiting import Matter, Waiting, waiting_for
from hub.services.transaction import HubTransaction
from hub.web.access import face
from hub.web.catalogue import marked
from hub.web.pages.amendment_words import NAMES
from hub.web.pages.portal import queue_address as at
from hub.web.pages.portal.blueprint import pages
from hub.web.pages.portal.form_pages import drafted_cases
from hub.web.pages.portal.list_counts import ListCounts
from hub.web.pages.portal.list_place import SKIP, number_in, row_ends
from hub.web.pages.portal.queue_figures import figures_of
from hub.web.pages.portal.queue_filters import chips_of, filter_bar, sort_head
from hub.web.pages.portal.queue_tabs import tabs_of
from hub.web.pages.portal.queue_words import GROUPS, TONES, ShownRow, shown_rows
from hub.web.pages.portal.search import Found, count_search, found_by
from hub.web.pages.rendering import go, page
from hub.web.pages.translation import page_language, translate
from hub.web.pages.visitors import current_desk, current_staff, for_bank
from hub.web.pagination import Cursors

# Matters of each sort above the queue; a longer list is of no use there.
_MOST_WAITING = 20
_MATTERS: Final[Mapping[Matter, str]] = {
    Matter.EARLY_SETTLEMENT: NAMES[Matter.EARLY_SETTLEMENT],
    Matter.PAY_DAY: NAMES[Matter.PAY_DAY],
    Matter.COLLECTION_REPORT: marked("协议生效后仍被催收"),
    Matter.CREDIT_NOTE: marked("客户请核对信用报告"),
    Matter.CLEARANCE: marked("出具结清证明"),
    Matter.REQUEST: marked("办理事项"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Rows that stand together under a head; `name` is empty where the list is one."""

    name: str
    tone: str
    rows: tuple[ShownRow, ...]
    # How many cases it holds, and which place in the list its first row has.
    count: str
    first: int


@pages.route("/")
@for_bank()
def home() -> Response | WsgiResponse:
    """The cases with the bank, the most urgent first."""
    person, hub = current_staff(), face().hub
    desk = current_desk()
    tally = None if desk is None else desk.tally
    question = question_of(request.args.to_dict(flat=False))
    cursors = at.cursors_of(hub.keyring, person.id, question)
    stretch = at.stretch_of(request.args, cursors)
    count_search(person, request.args.get("q", ""))
    with hub.reading(person.actor) as tx:
        found = found_by(tx, person, request.args.get("q", ""))
        if found is not None and found.one is not None:
            return go(f"/portal/negotiations/{found.one}")
        ids = None if found is None else found.ids
        shown = queue(tx, person, question, stretch) if ids is None else queue_of(tx, person, ids, stretch)
        people = colleagues(tx, person.bank)
        waiting = _waiting(tx, person, tally)
        beside = requests.counts_of_bank(tx, person.bank).values()
        drafted = drafted_cases(tx)
        now = tx.now
        figures = tuple(figures_of(tally, now, tx.calendar()))
    return page(
        "portal/home.html",
        title=translate("待办队列"),
        tabs=tabs_of(person, question if found is None else None, tally, sum(each.open for each in beside)),
        figures=figures,
        is_stale=tally is not None and tally.is_stale(now),
        counted_at=None if tally is None else tally.counted_at,
        **_list(shown, stretch, question, found, cursors, people, now),
        drafted=drafted,
        requests_due=sum(each.due for each in beside),
        waiting=[(each, translate(_MATTERS[each.matter])) for each in waiting],
        question=question,
        chips=chips_of(question, people),
        filters=filter_bar(question, people.acting, page_language()),
        heads=tuple(sort_head(question, each) for each in (Order.DUE, Order.OWED)),
        query=query_of(question),
        can_share=person.role in (Role.SUPERVISOR, Role.BANK_ADMIN),
        can_act=person.role in ACTING,
        found=found,
        asked="" if found is None else found.asked,
    )


def _waiting(tx: HubTransaction, person: Staff, tally: Tally | None) -> Sequence[Waiting]:
    # Nothing is looked for where a moment ago there was nothing.
    if tally is not None and not tally.is_stale(tx.now) and tally.waiting == 0:
        return ()
    return waiting_for(tx, person.bank, most=_MOST_WAITING)


def _list(
    shown: Queue,
    stretch: Stretch,
    question: QueueQuestion,
    found: Found | None,
    cursors: Cursors,
    people: Colleagues,
    now: datetime,
) -> dict[str, Any]:
    """The list of the page, how many it has, and where it goes on."""
    skipped = number_in(request.args.get(SKIP, "")) if shown.previous_place is not None else 0
    counts = ListCounts(
        shown=shown,
        skipped=skipped,
        question=question if found is None else None,
        desk=current_desk(),
        person=current_staff(),
    )

    kept = at.address_of(question, **{name: request.args.get(name, "") for name in ("q", "limit")})

    def address(cursor: str, skip: int) -> str:
        more = "&".join(part for part in (cursor and f"cursor={cursor}", f"{SKIP}={skip}" if skip else "") if part)
        return f"{kept}{'&' if '?' in kept else '?'}{more}" if more else kept

    def beside(place: tuple[datetime | int, str] | None, skip: int, *, before: bool) -> str:
        return "" if place is None else address(at.cursor_of(cursors, place, before=before), skip)

    here, total = address(request.args.get("cursor", ""), skipped).partition("?")[2], counts.total()
    return {
        "groups": _groups(people, now, counts),
        "total": total,
        "rows_shown": len(shown.rows),
        "here": here,
        "row_ends": row_ends(here, total if found is None else ""),
        "previous": beside(shown.previous_place, max(0, skipped - stretch.limit), before=True),
        "next": beside(shown.next_place, skipped + len(shown.rows), before=False),
    }


def _groups(people: Colleagues, now: datetime, counts: ListCounts) -> list[Group]:
    found, first = [], counts.skipped + 1
    for urgency, rows in counts.groups.items():
        found.append(
            Group(
                name="" if urgency is None else translate(GROUPS[urgency]),
                tone="" if urgency is None else TONES[urgency],
                rows=tuple(shown_rows(rows, people.names, now)),
                count=counts.of_group(urgency),
                first=first,
            )
        )
        first += len(rows)
    return found
