"""Appointments by API, as a bank's program deals with them."""

from datetime import time, timedelta

from flask import Response

from hub.domain.appointment_kind import AskedBy
from hub.domain.china import china_instant
from hub.services.appointments import banks_steps, views, visiting
from hub.services.transaction import HubTransaction
from hub.web.access import REVIEW, ApiCaller, needs
from hub.web.api.describing import described, noun, query_of
from hub.web.api.queries import first_day, query
from hub.web.idempotency import Reply, json_response
from schemas.appointments import (
    AppointmentMoveSchema,
    BankAppointmentAnswerSchema,
    BankAppointmentListSchema,
    VisitBeginningSchema,
    VisitMissedSchema,
    VisitReportSchema,
    VisitStaffSchema,
    load_beginning,
    load_missed,
    load_move,
    load_report,
    load_staff,
)

blueprint = noun("bank appointments", "Appointments of a bank's customers", below="/bank/appointments")


@blueprint.route("")
@described(
    {200: BankAppointmentListSchema},
    query=(query_of("day", {"type": "string", "format": "date"}, "today where it is left out"),),
)
@needs(REVIEW)
def listed(caller: ApiCaller) -> Response:
    """Your appointments of a day, the earliest first."""
    first = china_instant(first_day(query("day"), "day", today=caller.today), time())
    with caller.hub.reading(caller.actor) as tx:
        found = views.list_of_bank(tx, caller.bank_code, first=first, last=first + timedelta(days=1))
        items = [views.bank_view(each) for each in found]
    return json_response({"items": items})


@blueprint.route("/<id:appointment_id>")
@described(
    {200: BankAppointmentAnswerSchema},
    about="`address` is there for a confirmed visit at home, until it is over; no message holds it.",
)
@needs(REVIEW)
def show(caller: ApiCaller, appointment_id: str) -> Response:
    """One appointment."""
    with caller.hub.reading(caller.actor) as tx:
        answer = views.bank_view(views.get_of_bank(tx, appointment_id, bank_code=caller.bank_code))
    return json_response(answer)


def _reply(tx: HubTransaction, caller: ApiCaller, appointment_id: str) -> Reply:
    shown = views.get_of_bank(tx, appointment_id, bank_code=caller.bank_code)
    return Reply(status=200, body=views.bank_view(shown))


@blueprint.route("/<id:appointment_id>/confirm", methods=["POST"])
@described(
    {200: BankAppointmentAnswerSchema},
    body=VisitStaffSchema,
    key=True,
    about=(
        "`two_staff_needed` for one, or for the same person twice; `staff_unknown` for a number that is not among your "
        "visitors. Said again with others, these come instead. The person is told who comes, and shown a pass code."
    ),
)
@needs(REVIEW)
def confirm(caller: ApiCaller, appointment_id: str) -> Response:
    """Name the two of your people who will be there."""
    read = load_staff(caller.body.value())

    def keep(tx: HubTransaction) -> Reply:
        banks_steps.confirm(tx, appointment_id, read.value_or_refuse(), bank_code=caller.bank_code)
        return _reply(tx, caller, appointment_id)

    return caller.once(keep)


@blueprint.route("/<id:appointment_id>/move", methods=["POST"])
@described(
    {200: BankAppointmentAnswerSchema},
    body=AppointmentMoveSchema,
    key=True,
    about="It holds only once the person agrees; where they do not before that time, it is cancelled.",
)
@needs(REVIEW)
def move(caller: ApiCaller, appointment_id: str) -> Response:
    """Name another time, and who comes then."""
    read = load_move(caller.body.value())

    def keep(tx: HubTransaction) -> Reply:
        banks_steps.move(tx, appointment_id, read.value_or_refuse(), bank_code=caller.bank_code)
        return _reply(tx, caller, appointment_id)

    return caller.once(keep)


@blueprint.route("/<id:appointment_id>/begin", methods=["POST"])
@described(
    {200: BankAppointmentAnswerSchema},
    body=VisitBeginningSchema,
    key=True,
    about=(
        "With the code that the person says and their page alone shows; five tries. A wrong one begins nothing, and "
        "the person is told. From half an hour before its time."
    ),
)
@needs(REVIEW)
def begin(caller: ApiCaller, appointment_id: str) -> Response:
    """Say that both of your people are there."""
    read = load_beginning(caller.body.value())

    def keep(tx: HubTransaction) -> Reply:
        refusal = visiting.begin(tx, appointment_id, read.value_or_refuse(), bank_code=caller.bank_code)
        if refusal is not None:
            return Reply(status=422, body=None, refusal=refusal)
        return _reply(tx, caller, appointment_id)

    return caller.once(keep)


@blueprint.route("/<id:appointment_id>/report", methods=["POST"])
@described(
    {200: BankAppointmentAnswerSchema},
    body=VisitReportSchema,
    key=True,
    about=(
        "The same day by 20:00. `matched` tells the hub that the person is your customer; `failed` closes `sign` for "
        "this appointment. A video has the reference of its recording. No sums and no cash, in fields or in words: "
        "`cash_refused`. A `receipt` is the number alone, of what the person paid in your own app."
    ),
)
@needs(REVIEW)
def report(caller: ApiCaller, appointment_id: str) -> Response:
    """Say what happened at a visit."""
    read = load_report(caller.body.value())

    def keep(tx: HubTransaction) -> Reply:
        visiting.report(tx, appointment_id, read.value_or_refuse(), bank_code=caller.bank_code)
        return _reply(tx, caller, appointment_id)

    return caller.once(keep)


@blueprint.route("/<id:appointment_id>/missed", methods=["POST"])
@described(
    {200: BankAppointmentAnswerSchema},
    body=VisitMissedSchema,
    key=True,
    about=(
        "From its time on; of a person half an hour later (`not_waited_yet`), or at its end. Where nothing is said by "
        "20:00, your people missed it."
    ),
)
@needs(REVIEW)
def missed(caller: ApiCaller, appointment_id: str) -> Response:
    """Say who was not there."""
    read = load_missed(caller.body.value())

    def keep(tx: HubTransaction) -> Reply:
        by_person = read.value_or_refuse() is AskedBy.PERSON
        banks_steps.missed(tx, appointment_id, by_person=by_person, bank_code=caller.bank_code)
        return _reply(tx, caller, appointment_id)

    return caller.once(keep)
