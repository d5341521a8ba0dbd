"""`/ops/calendar`: the years, which of them are provisional, and importing a notice after a look at what it changes."""

import json
from datetime import date
from typing import Any

from flask import Blueprint, Response, redirect, request
from werkzeug.wrappers import Response as WsgiResponse

from hub.domain.china import china_day
from hub.domain.errors import Refused
from hub.domain.notices import Notice, parse_notice
from hub.domain.working_days import YearStatus
from hub.services.negotiations import answer_clocks, notice_import
from hub.services.reading.operator.tally import tally_of
from hub.services.transaction import HubTransaction
from hub.web.access import face
from hub.web.pages.forms import FormState
from hub.web.pages.once import do_once
from hub.web.pages.ops.notice_form import form_of, read_notice
from hub.web.pages.ops.results import IMPORTED, done_notice
from hub.web.pages.rendering import page
from hub.web.pages.translation import translate
from hub.web.pages.visitors import current_staff, for_operators

pages = Blueprint("calendar", __name__)

_YEARS_AHEAD = 2


@pages.route("/calendar")
@for_operators
def shown() -> Response:
    """What each year rests on."""
    with face().hub.reading(current_staff().actor) as tx:
        this_year = china_day(tx.now).year
        years = _years(tx, this_year)
        provisional_clocks = tally_of(tx).clocks.provisional
        open_years = [each for each in (this_year, this_year + 1) if tx.calendar().is_provisional(each)]
    return page(
        "ops/calendar.html",
        title=translate("工作日历"),
        years=years,
        open_years=open_years,
        provisional_clocks=provisional_clocks,
        done=done_notice(),
        moved=request.args.get("moved", type=int),
    )


def _years(tx: HubTransaction, this_year: int) -> list[YearStatus]:
    known = tx.calendar().years_status(through=this_year + _YEARS_AHEAD)
    return [each for each in known if each.year >= this_year - 1]


@pages.route("/calendar/import")
@for_operators
def form() -> Response:
    """Asks for the notice."""
    with face().hub.reading(current_staff().actor) as tx:
        today = china_day(tx.now)
        in_force = tx.calendar()
    year = next((each for each in (today.year, today.year + 1) if in_force.is_provisional(each)), today.year + 1)
    return _form_page(FormState(values={"year": [str(year)]}))


def _form_page(state: FormState, status: int = 200) -> Response:
    return page("ops/notice.html", title=translate("导入放假安排"), state=state, status=status, back="/ops/calendar")


@pages.route("/calendar/check")
@for_operators
def back_to_form() -> WsgiResponse:
    """The form, for somebody who opens the address of the check by itself."""
    return redirect("/ops/calendar/import", 303)


@pages.route("/calendar/check", methods=["POST"])
@for_operators
def check() -> Response:
    """What the notice would change; nothing is changed yet."""
    state, notice = read_notice(request.form, request.files.get("file"))
    if notice is None:
        return _form_page(state, 422)
    try:
        with face().hub.reading(current_staff().actor) as tx:
            effect = notice_import.effect_of(tx, notice)
    except Refused as refused:
        return _form_page(state.with_faults(refused.faults), 422)
    return page(
        "ops/notice_check.html",
        title=translate("核对放假安排"),
        notice=notice,
        effect=effect,
        state=state,
        written=json.dumps(_plain(notice), ensure_ascii=False),
    )


@pages.route("/calendar/import", methods=["POST"])
@for_operators
def put_in_force() -> Response:
    """The notice is in force, every running clock is computed again, and each move is in its log.

    Or the form comes back as it was filled in, for whoever saw something to change.
    """
    notice = parse_notice(_data(request.form.get("written", "")))
    if request.form.get("do") == "edit":
        return _form_page(form_of(_plain(notice)))

    def effect(tx: HubTransaction) -> str:
        moved = notice_import.effect_of(tx, notice).moved
        answer_clocks.put_in_force(tx, notice)
        return f"/ops/calendar?done={IMPORTED}&moved={moved}"

    def follow() -> None:
        answer_clocks.follow_calendar(hub)

    hub = face().hub
    return do_once(current_staff(), effect, afterwards=follow)


def _data(written: str) -> Any:
    try:
        return json.loads(written)
    except ValueError:
        return None


def _plain(notice: Notice) -> dict[str, Any]:
    def spelt(days: frozenset[date]) -> list[str]:
        return sorted(day.isoformat() for day in days)

    return {
        "year": notice.year,
        "notice": notice.notice,
        "published_on": notice.published_on.isoformat(),
        "off": spelt(notice.off),
        "work": spelt(notice.work),
    }
