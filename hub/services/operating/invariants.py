"""The invariants: what holds at every moment, looked for over everything stored. Finding is all that happens here."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, Final

import sqlalchemy as sa

from hub.services import passes
from hub.services.appointments import views as appointment_views
from hub.services.bills import bills
from hub.services.bills import consents as bill_consents
from hub.services.consents import ledger
from hub.services.mandates import mandates
from hub.services.operating import file_invariants, log_invariants, request_invariants
from hub.services.operating.breach import Breach, breaches_of, looked
from hub.services.operating.negotiation_invariants import OF_A_NEGOTIATION
from hub.services.passes import Section
from hub.services.referrals import referrals
from hub.services.transaction import HubTransaction
from storage import communications, inventory, sealed_places
from storage.evidence_store import EvidenceStore
from storage.records import (
    ApplicationRecord,
    AppointmentRecord,
    BillConsentRecord,
    BillRecord,
    MandateRecord,
    NegotiationRecord,
    ReferralMessageRecord,
    ReferralRecord,
    ServiceRequestRecord,
    SlotRecord,
)
from storage.spans import Span

_TOGETHER: Final = 100
_JOINED_TOGETHER: Final = 2000


def breaches(tx: HubTransaction, store: EvidenceStore) -> Iterator[Breach]:
    """Every breach of an invariant, in a transaction that is open already: negotiation by negotiation, then the rest.

    What cannot be looked at for what stands there is a breach itself, and all else is looked at nevertheless.
    """
    return passes.within(tx, sections(store))


def sections(store: EvidenceStore) -> list[Section[Breach]]:
    """All invariants as the sections of a pass, which may go on where it was."""
    return [
        Section(name="negotiations", key=(NegotiationRecord.id,), many=_TOGETHER, look=_negotiations_hold),
        *(_opens(table) for table in sealed_places.list_tables()),
        *log_invariants.sections(),
        *(
            Section(name=name, key=(key,), look=partial(_all_hold, name, faults))
            for name, key, faults in (
                ("the consents", NegotiationRecord.id, ledger.faults),
                ("the bills", BillRecord.id, bills.faults),
                ("the requests", ServiceRequestRecord.id, request_invariants.faults),
                ("the bills of banks", BillRecord.id, bill_consents.faults_of_bills),
                ("the consents to bills", BillConsentRecord.id, bill_consents.faults),
                ("the referrals", ReferralRecord.id, referrals.faults),
                ("the messages of referrals", ReferralMessageRecord.id, referrals.faults_of_messages),
                ("the mandates", MandateRecord.id, mandates.faults),
                ("the slots", SlotRecord.id, appointment_views.faults_of_slots),
                ("the appointments", AppointmentRecord.id, appointment_views.faults),
            )
        ),
        *file_invariants.sections(store),
        *(_of_one_bank(beside) for beside in inventory.list_beside()),
        *(_erased_is_gone(record) for record in inventory.TAKEN),
        Section(name="erased", key=(NegotiationRecord.id,), look=_is_unknown_once_erased),
        Section(name="applications", key=(ApplicationRecord.id,), look=_applications_opened_something),
    ]


def _negotiations_hold(tx: HubTransaction, span: Span) -> Iterator[Breach]:
    for negotiation in communications.iterate_negotiations(tx, span):
        for look in OF_A_NEGOTIATION:
            yield from looked(negotiation.reference, look(tx, negotiation))


def _all_hold(
    subject: str,
    faults: Callable[[HubTransaction, Span], Iterator[tuple[str, str, str]]],
    tx: HubTransaction,
    span: Span,
) -> Iterator[Breach]:
    return breaches_of(subject, faults(tx, span))


def _opens(table: sa.Table) -> Section[Breach]:
    def look(tx: HubTransaction, span: Span) -> Iterator[Breach]:
        for name, row in sealed_places.list_unreadable(tx, table, span):
            detail = "was changed, or is another row's"
            yield Breach(invariant="sealed_values", subject=f"{name} {row}", detail=detail)

    return Section(name=f"sealed/{table.name}", key=tuple(table.primary_key), look=look)


def _of_one_bank(beside: inventory.Beside) -> Section[Breach]:
    def look(tx: HubTransaction, span: Span) -> Iterator[Breach]:
        for table, row in inventory.rows_of_another_bank(tx, beside, span):
            detail = "belongs to another bank than its parent"
            yield Breach(invariant="one_bank", subject=f"{table} {row}", detail=detail)

    return Section(name=f"banks/{beside.name}", key=tuple(beside.table.primary_key), many=_JOINED_TOGETHER, look=look)


def _erased_is_gone(record: Any) -> Section[Breach]:
    def look(tx: HubTransaction, span: Span) -> Iterator[Breach]:
        return _still_there(inventory.left_of_erased(tx, record, span))

    key = tuple(record.__table__.primary_key)
    return Section(name=f"erased/{record.__tablename__}", key=key, many=_JOINED_TOGETHER, look=look)


def _is_unknown_once_erased(tx: HubTransaction, span: Span) -> Iterator[Breach]:
    return _still_there(inventory.known_after_erasure(tx, span))


def _still_there(found: Iterator[tuple[str, str]]) -> Iterator[Breach]:
    for table, row in found:
        yield Breach(invariant="erased_is_gone", subject=f"{table} {row}", detail="still there after the erasure")


def _applications_opened_something(tx: HubTransaction, span: Span) -> Iterator[Breach]:
    for application in inventory.applications_without_negotiation(tx, span):
        yield Breach(invariant="nothing_lost", subject=application, detail="an application without a negotiation")
