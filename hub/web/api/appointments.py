"""Appointments by API, as a host app books them for its person."""

from collections.abc import Callable

from flask import Response

from hub.services.accounts import subjects
from hub.services.accounts.subjects import Subject
from hub.services.appointments import booking, note_signing, persons_steps, views
from hub.services.transaction import HubTransaction
from hub.web.access import READ, WRITE, ApiCaller, needs
from hub.web.api.bills import SUBJECT, subject_in
from hub.web.api.code_sending import CodeSentSchema, code_sent
from hub.web.api.describing import described, noun
from hub.web.api.queries import query
from hub.web.idempotency import Reply, json_response
from schemas.appointments import (
    AppointmentAnswerSchema,
    AppointmentListSchema,
    BookingSchema,
    OfPersonSchema,
    TroubleSchema,
    load_booking,
    load_person,
    load_trouble,
)
from schemas.subjects import SubjectAcceptanceSchema, SubjectSchema, load_subject, load_subject_code

blueprint = noun("appointments", "Meeting a bank's own people: at a branch, by video, at home")


@blueprint.route("/appointments", methods=["POST"])
@described(
    {201: AppointmentAnswerSchema},
    body=BookingSchema,
    key=True,
    about=(
        "The bank names two of its own people within two working days. At home needs a support need, 65 years of age "
        "or `own_words`, the `address` and `address_consent`; a video `recording_consent`. Without a `negotiation` the "
        "bank is told what the person is `called`. There is no purpose to collect, and nothing is paid. `slot_taken` "
        "where somebody else was first."
    ),
)
@needs(WRITE)
def book(caller: ApiCaller) -> Response:
    """Book a time of a bank for your person."""
    read = load_booking(caller.body.value())

    def keep(tx: HubTransaction) -> Reply:
        subject, asked = read.value_or_refuse()
        person = subjects.of_client(tx, caller.client_id, subject)
        record = booking.book(tx, person, asked)
        shown = views.get_own(tx, person, record.id)
        return Reply(status=201, body=views.own_view(tx, shown))

    return caller.once(keep)


@blueprint.route("/appointments")
@described({200: AppointmentListSchema}, query=(SUBJECT,))
@needs(READ)
def listed(caller: ApiCaller) -> Response:
    """Your person's appointments."""
    subject = subject_in(query("subject"))
    with caller.hub.reading(caller.actor) as tx:
        person = subjects.of_client(tx, caller.client_id, subject)
        items = [views.own_view(tx, each) for each in views.list_own(tx, person)]
    return json_response({"items": items})


@blueprint.route("/appointments/<id:appointment_id>")
@described(
    {200: AppointmentAnswerSchema},
    query=(SUBJECT,),
    about="The pass code is not in it: the person's own page under `/my/appointments` alone shows it.",
)
@needs(READ)
def show(caller: ApiCaller, appointment_id: str) -> Response:
    """One of your person's appointments."""
    subject = subject_in(query("subject"))
    with caller.hub.reading(caller.actor) as tx:
        person = subjects.of_client(tx, caller.client_id, subject)
        answer = views.own_view(tx, views.get_own(tx, person, appointment_id))
    return json_response(answer)


@blueprint.route("/appointments/<id:appointment_id>/cancel", methods=["POST"])
@described(
    {200: AppointmentAnswerSchema},
    body=OfPersonSchema,
    key=True,
    about="Until an hour before, without a reason; the bank is told that it is off and nothing else.",
)
@needs(WRITE)
def cancel(caller: ApiCaller, appointment_id: str) -> Response:
    """Cancel an appointment of your person."""
    return _step(caller, appointment_id, persons_steps.cancel)


@blueprint.route("/appointments/<id:appointment_id>/accept-move", methods=["POST"])
@described({200: AppointmentAnswerSchema}, body=OfPersonSchema, key=True)
@needs(WRITE)
def accept_move(caller: ApiCaller, appointment_id: str) -> Response:
    """Say yes to the time that the bank named instead."""
    return _step(caller, appointment_id, persons_steps.accept_move)


def _step(caller: ApiCaller, appointment_id: str, step: Callable[[HubTransaction, Subject, str], None]) -> Response:
    read = load_person(caller.body.value())

    def keep(tx: HubTransaction) -> Reply:
        person = subjects.of_client(tx, caller.client_id, read.value_or_refuse())
        step(tx, person, appointment_id)
        return Reply(status=200, body=views.own_view(tx, views.get_own(tx, person, appointment_id)))

    return caller.once(keep)


@blueprint.route("/appointments/<id:appointment_id>/troubles", methods=["POST"])
@described(
    {200: AppointmentAnswerSchema},
    body=TroubleSchema,
    key=True,
    about=(
        "From its time on; `nobody_came` half an hour later (`not_waited_yet`), or at its end. It stands in the log, "
        "and an operator looks into it."
    ),
)
@needs(WRITE)
def report_trouble(caller: ApiCaller, appointment_id: str) -> Response:
    """Say that something went wrong: nobody came, one came alone, somebody asked for money."""
    read = load_trouble(caller.body.value())

    def keep(tx: HubTransaction) -> Reply:
        subject, said = read.value_or_refuse()
        person = subjects.of_client(tx, caller.client_id, subject)
        persons_steps.report_trouble(tx, person, appointment_id, said.trouble, said.text)
        return Reply(status=200, body=views.own_view(tx, views.get_own(tx, person, appointment_id)))

    return caller.once(keep)


@blueprint.route("/appointments/<id:appointment_id>/note/confirmation-codes", methods=["POST"])
@described(
    {202: CodeSentSchema},
    body=SubjectSchema,
    key=True,
    about="To the mobile that was named with the appointment. 409 `status_conflict` unless a report waits for it.",
)
@needs(WRITE)
def send_note_code(caller: ApiCaller, appointment_id: str) -> Response:
    """Send a six-digit code to the person's mobile, which signs the note of the visit."""
    read = load_subject(caller.body.value())

    def keep(tx: HubTransaction) -> Reply:
        person = subjects.of_client(tx, caller.client_id, read.value_or_refuse())
        message = note_signing.send_code(tx, person, appointment_id)
        return code_sent(caller, tx, message)

    return caller.once(keep)


@blueprint.route("/appointments/<id:appointment_id>/note/sign", methods=["POST"])
@described(
    {200: AppointmentAnswerSchema},
    body=SubjectAcceptanceSchema,
    key=True,
    about="What is signed is the report by the digest on the paper. Signing twice is signing once.",
)
@needs(WRITE)
def sign_note(caller: ApiCaller, appointment_id: str) -> Response:
    """Sign the note of the visit with the code."""
    read = load_subject_code(caller.body.value())

    def keep(tx: HubTransaction) -> Reply:
        subject, code = read.value_or_refuse()
        person = subjects.of_client(tx, caller.client_id, subject)
        wrong = note_signing.sign(tx, person, appointment_id, code)
        if wrong is not None:
            return Reply(status=422, body=None, refusal=wrong)
        return Reply(status=200, body=views.own_view(tx, views.get_own(tx, person, appointment_id)))

    return caller.once(keep)
