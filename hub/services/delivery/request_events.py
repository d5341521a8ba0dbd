"""What a bank's system says of requests: one table of which noun takes it."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from hub.domain.appointment_kind import AskedBy
from hub.domain.bank_event import BankEvent, EventType, OfRequest
from hub.domain.service_request import RequestKind
from hub.services.appointments import banks_steps, visiting
from hub.services.instalments import quoting
from hub.services.mandates import answering, deductions
from hub.services.requests import arriving
from hub.services.transaction import HubTransaction
from storage import service_requests
from storage.records import ServiceRequestRecord

_Act = Callable[[HubTransaction, str, Any, str], object]

# Of each type the kind of request it is about, and what is done: with the matter's id, what was said, the bank's code.
ACTS: Final[Mapping[EventType, tuple[RequestKind, _Act]]] = {
    EventType.MANDATE_CONFIRMED: (
        RequestKind.REVOCATION,
        lambda tx, matter, text, bank: answering.confirm(tx, matter, bank_code=bank, text=text),
    ),
    EventType.MANDATE_REFUSED: (
        RequestKind.REVOCATION,
        lambda tx, matter, refusal, bank: answering.refuse(tx, matter, refusal, bank_code=bank),
    ),
    EventType.DEDUCTION_ANSWERED: (
        RequestKind.DEDUCTION,
        lambda tx, matter, text, bank: deductions.answer(tx, matter, text, bank_code=bank),
    ),
    EventType.INSTALMENT_QUOTED: (
        RequestKind.INSTALMENTS,
        lambda tx, matter, quoted, bank: quoting.quote(tx, matter, quoted, bank_code=bank),
    ),
    EventType.INSTALMENT_REFUSED: (
        RequestKind.INSTALMENTS,
        lambda tx, matter, refusal, bank: quoting.refuse(tx, matter, refusal, bank_code=bank),
    ),
    EventType.INSTALMENT_DONE: (
        RequestKind.INSTALMENTS,
        lambda tx, matter, said, bank: quoting.post(tx, matter, said, bank_code=bank),
    ),
    EventType.APPOINTMENT_CONFIRMED: (
        RequestKind.APPOINTMENT,
        lambda tx, matter, staff, bank: banks_steps.confirm(tx, matter, staff, bank_code=bank),
    ),
    EventType.APPOINTMENT_MOVED: (
        RequestKind.APPOINTMENT,
        lambda tx, matter, asked, bank: banks_steps.move(tx, matter, asked, bank_code=bank),
    ),
    EventType.APPOINTMENT_MISSED: (
        RequestKind.APPOINTMENT,
        lambda tx, matter, by, bank: banks_steps.missed(tx, matter, by_person=by is AskedBy.PERSON, bank_code=bank),
    ),
    EventType.APPOINTMENT_REPORTED: (
        RequestKind.APPOINTMENT,
        lambda tx, matter, report, bank: visiting.report(tx, matter, report, bank_code=bank),
    ),
}


def lock(tx: HubTransaction, event: BankEvent) -> ServiceRequestRecord:
    """The bank's request that the event is about, held; it has arrived, since the bank speaks of it.

    Raises `NotFound` for an unknown one, another bank's, and one of another kind alike.
    """
    kind, _ = ACTS[event.type]
    for each in service_requests.list_of_matter(tx, event.request):
        if each.bank_code == event.bank_code and each.kind == kind and each.reached_bank_at is None:
            # Our own note of the arrival is late, or was lost with the bank's answers until the hub gave up.
            arriving.arrived_by_event(tx, each.id)
    return service_requests.lock_of_bank(tx, event.request, bank_code=event.bank_code, kind=kind)


def act(tx: HubTransaction, event: BankEvent, content: OfRequest) -> None:
    """The noun has done what the bank said; raises what its action raises."""
    _, do = ACTS[event.type]
    do(tx, event.request, content.said, event.bank_code)
