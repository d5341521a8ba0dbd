"""The queue of a bank by due time, a way to a negotiation by its number, and the people of the bank."""

from collections.abc import Mapping
from typing import Final
from urllib.parse import urlencode

from flask import Response, redirect, request
from werkzeug.wrappers import Response as WsgiResponse

from hub.domain.lifecycle import Status
from hub.domain.staff import Role
from hub.services.reading import accounts
from hub.services.reading.bank.heading import find_by_reference
from hub.services.reading.bank.queue import Urgency, due_before, queue
from hub.services.reading.bank.waiting import Matter, waiting_for
from hub.web.access import face
from hub.web.catalogue import marked
from hub.web.pages.amendment_words import NAMES
from hub.web.pages.portal.blueprint import pages
from hub.web.pages.portal.form_pages import negotiation_address
from hub.web.pages.rendering import page
from hub.web.pages.translation import translate
from hub.web.pages.visitors import current_staff, for_bank
from hub.web.pagination import Cursors, page_of

# The statuses in which a bank can know of a negotiation.
KNOWN_STATUSES = (
    Status.AWAITING_BANK,
    Status.IN_REVIEW,
    Status.AWAITING_CARDHOLDER,
    Status.OFFERED,
    Status.AGREED,
    Status.REJECTED,
    Status.WITHDRAWN,
    Status.LAPSED,
)
DUE = (Urgency.LATE, Urgency.TODAY, Urgency.SOON)
_PAGE_LENGTH = "30"
# Matters of each sort above the queue; a longer list is of no use there.
_MOST_WAITING = 20
_MATTERS: Final[Mapping[Matter, str]] = {
    Matter.EARLY_SETTLEMENT: NAMES[Matter.EARLY_SETTLEMENT],
    Matter.PAY_DAY: NAMES[Matter.PAY_DAY],
    Matter.COLLECTION_REPORT: marked("协议生效后仍被催收"),
    Matter.CREDIT_NOTE: marked("客户请核对信用报告"),
    Matter.CLEARANCE: marked("出具结清证明"),
}


@pages.route("/")
@for_bank()
def home() -> Response | WsgiResponse:
    """The negotiations with the bank, the most urgent first."""
    person, hub = current_staff(), face().hub
    asked = request.args.get("q", "").strip()
    statuses = [Status(word) for word in request.args.getlist("status") if word in KNOWN_STATUSES]
    due = request.args.get("due", "")
    cursors = Cursors(keyring=hub.keyring, of=f"portal/{person.id}")
    given = {
        "limit": _PAGE_LENGTH,
        **{name: request.args[name] for name in ("limit", "cursor") if request.args.get(name)},
    }
    with hub.reading(person.actor) as tx:
        if asked:
            found = find_by_reference(tx, asked.upper(), bank_code=person.bank)
            if found is not None:
                return redirect(negotiation_address(found), 303)
        shown = queue(
            tx,
            person.bank,
            statuses=statuses,
            due_before=due_before(Urgency(due), tx.now, tx.calendar()) if due in DUE else None,
            page=page_of(given, cursors),
        )
        bank = tx.bank(person.bank)
        waiting = waiting_for(tx, person.bank, most=_MOST_WAITING)
    at = shown.next_place
    return page(
        "portal/home.html",
        title=translate("待办队列"),
        bank=bank,
        waiting=[(each, translate(_MATTERS[each.matter])) for each in waiting],
        groups=shown.by_urgency,
        statuses=KNOWN_STATUSES,
        chosen=statuses,
        due=due if due in DUE else "",
        asked=asked,
        next="" if at is None else _address(cursors.make([at[0].isoformat(), at[1]])),
        first=_address("") if "cursor" in given else "",
    )


def _address(cursor: str) -> str:
    kept = [(name, value) for name in ("status", "due", "limit") for value in request.args.getlist(name) if value]
    query = urlencode([*kept, *([("cursor", cursor)] if cursor else [])])
    return f"/portal/?{query}" if query else "/portal/"


@pages.route("/staff")
@for_bank(Role.BANK_ADMIN)
def people() -> Response:
    """The bank's accounts, those who left too."""
    person = current_staff()
    with face().hub.reading(person.actor) as tx:
        found = accounts.list_of_bank(tx, person.bank)
    return page("portal/staff.html", title=translate("本行人员"), accounts=found)
