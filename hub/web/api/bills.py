"""Bills by API, as a host app keeps them for its person."""

from collections.abc import Mapping
from datetime import date, timedelta

from flask import Response

from hub.domain.bill import MOST_BILLS
from hub.domain.china import month_in_address
from hub.domain.errors import Fault, InvalidValue, Refused
from hub.services.accounts import subjects
from hub.services.bills import bills, loads, reminders
from hub.web.access import READ, WRITE, ApiCaller, needs
from hub.web.api.describing import TEXT, described, noun, query_of
from hub.web.api.queries import day, query
from hub.web.idempotency import json_response
from schemas.bills import (
    BillAnswerSchema,
    BillListSchema,
    BillReminderAnswerSchema,
    BillReminderSchema,
    BillSchema,
    LoadAnswerSchema,
    load_bill,
    load_reminder,
)
from schemas.identifiers import opaque_id

blueprint = noun("bills", "What a person's cards ask for and when: a calendar for the person alone")

_DAY = {"type": "string", "format": "date"}
_MOST_DAYS = 400
_BEFORE, _AHEAD = timedelta(days=31), timedelta(days=92)
SUBJECT = query_of("subject", TEXT, "the host app's name for the person", required=True)


def subject_in(given: Mapping[str, str]) -> str:
    """The person that the query names; raises `Refused`."""
    if "subject" not in given:
        raise Refused(Fault("/subject", "required"))
    try:
        return opaque_id(given["subject"])
    except InvalidValue as error:
        raise Refused(error.at("/subject")) from error


def days_in(given: Mapping[str, str], today: date) -> tuple[date, date]:
    """The first and last day that the query asks for: from a month back to a quarter ahead; raises `Refused`."""
    first = day(given, "from") if "from" in given else today - _BEFORE
    last = day(given, "to") if "to" in given else min(max(today, first), date.max - _AHEAD) + _AHEAD
    if not timedelta() <= last - first <= timedelta(days=_MOST_DAYS):
        raise Refused(Fault("/to", "days_asked_for", {"most": _MOST_DAYS}))
    return first, last


def month_in(given: Mapping[str, str], today: date) -> date:
    """The first day of the month that the query asks for, of this one where it asks for none; raises `Refused`."""
    month = month_in_address(given["month"]) if "month" in given else today.replace(day=1)
    if month is None:
        raise Refused(Fault("/month", "month_form"))
    return month


@blueprint.route("/bills/<id:bill_id>", methods=["PUT"])
@described(
    {200: BillAnswerSchema, 201: BillAnswerSchema},
    body=BillSchema,
    about=(
        f"The id is yours to choose: letters, digits, `_`, `~`, `-`. At most {MOST_BILLS} of one person. A bill with a "
        "later `statement_on` supersedes those of the same card before it. Secrets of a card are refused by name, "
        "whatever they hold: `card_secret_refused`. Each is erased 92 days after its day."
    ),
)
@needs(WRITE)
def put(caller: ApiCaller, bill_id: str) -> Response:
    """Put down what a bill of your person says, or change it."""
    subject, contents = load_bill(caller.body.value()).value_or_refuse()
    with caller.hub.writing(caller.actor) as tx:
        person = subjects.of_client(tx, caller.client_id, subject)
        bill, is_new = bills.put(tx, person, bill_id, contents)
        answer = bills.view(tx, bill)
    return json_response(answer, status=201 if is_new else 200)


@blueprint.route("/bills")
@described(
    {200: BillListSchema},
    query=(
        SUBJECT,
        query_of("from", _DAY, "the first day; a month ago where it is left out"),
        query_of("to", _DAY, "the last day; a quarter ahead where it is left out, at most 400 days after the first"),
    ),
    about=(
        "Rows of agreements in force stand among them, each with its row's sum until it is paid. No bank is shown any "
        "of it."
    ),
)
@needs(READ)
def listed(caller: ApiCaller) -> Response:
    """What falls due for your person, of all cards, the earliest first."""
    given = query("subject", "from", "to")
    subject = subject_in(given)
    first, last = days_in(given, caller.today)
    with caller.hub.reading(caller.actor) as tx:
        person = subjects.of_client(tx, caller.client_id, subject)
        found = [bills.view(tx, each) for each in bills.list_for(tx, person, first=first, last=last)]
    return json_response({"items": found})


@blueprint.route("/bills/<id:bill_id>", methods=["DELETE"])
@described({204: None}, query=(SUBJECT,), about="A row of an agreement goes when it is paid, and by no call.")
@needs(WRITE)
def remove(caller: ApiCaller, bill_id: str) -> Response:
    """Take a bill of your person away; nothing of its sums is kept."""
    subject = subject_in(query("subject"))
    with caller.hub.writing(caller.actor) as tx:
        bills.remove(tx, subjects.of_client(tx, caller.client_id, subject), bill_id)
    return Response(status=204)


@blueprint.route("/load")
@described(
    {200: LoadAnswerSchema},
    query=(
        SUBJECT,
        query_of("month", {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}$"}, "2026-12; this month where left out"),
    ),
    about=(
        "Worked out of the open bills of that moment, for your person alone: it is not kept, and no bank is told. The "
        "income is what they said when they applied last; without one there is no ratio and no band."
    ),
)
@needs(READ)
def load(caller: ApiCaller) -> Response:
    """What a month asks of your person at least, beside what they earn."""
    given = query("subject", "month")
    subject = subject_in(given)
    month = month_in(given, caller.today)
    with caller.hub.reading(caller.actor) as tx:
        found = loads.load_for(tx, subjects.of_client(tx, caller.client_id, subject), month)
        answer = loads.view(tx, found)
    return json_response(answer)


@blueprint.route("/reminders", methods=["PUT"])
@described(
    {200: BillReminderAnswerSchema},
    body=BillReminderSchema,
    about=(
        "At 09:00 in China on the days that are chosen, of 7, 3, 1 and 0 before, or with the first of the `hours` "
        "where that is later; whoever is late tells it in the next of those hours. Each is told once a bill, stage and "
        "day; a day that moves is told anew. No message names a "
        "bank, a sum or a card. No days turn it off. Text messages go out only where `channel` is `sms`. "
        "Rows of agreements are told three days before by themselves."
    ),
)
@needs(WRITE)
def remind(caller: ApiCaller) -> Response:
    """Say when and where your person wants to be told of a bill."""
    subject, bill_id, reminder = load_reminder(caller.body.value()).value_or_refuse()
    with caller.hub.writing(caller.actor) as tx:
        person = subjects.of_client(tx, caller.client_id, subject)
        answer = reminders.view(tx, reminders.choose(tx, person, bill_id, reminder))
    return json_response(answer)
