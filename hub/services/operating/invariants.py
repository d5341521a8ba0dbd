"""The invariants: what holds at every moment, looked for over everything stored. Finding is all that happens here."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import pairwise, starmap
from typing import Any, Final

from cattrs import BaseValidationError
from sqlalchemy.exc import NoResultFound

from hub.domain import answer_time
from hub.domain.agreement_end import AgreementStatus
from hub.domain.errors import EvidenceDamaged, HubError, InvalidValue, KeysUnusable, StatusConflict, StoreFull
from hub.domain.lifecycle import OPEN, Event, Status, next_status
from hub.domain.plain import Plain, canonical, instant
from hub.services.appointments import views as appointment_views
from hub.services.bills import bills
from hub.services.bills import consents as bill_consents
from hub.services.consents import ledger
from hub.services.documents import records
from hub.services.mandates import mandates
from hub.services.operating import (
    agreement_invariants,
    log_invariants,
    offer_invariants,
    request_invariants,
    submission_invariants,
)
from hub.services.referrals import referrals
from hub.services.transaction import HubTransaction
from storage import (
    agreements,
    clean_copies,
    clocks,
    communications,
    deliveries,
    documents,
    evidence,
    inventory,
    named_rows,
    offers,
    sealed_places,
    viewing_copies,
)
from storage.communications import Entry
from storage.evidence_store import EvidenceStore
from storage.records import (
    CleanCopyRecord,
    ClockRecord,
    DocumentRecord,
    EvidenceRecord,
    NegotiationRecord,
    ViewingPageRecord,
)

# What a row says that nobody of the hub wrote; not what a database says that does not answer.
_NOT_TO_BE_READ: Final = (
    *(HubError, ValueError, LookupError, TypeError, AttributeError, ArithmeticError),
    *(BaseValidationError, NoResultFound),
)

# An entry of the log, as `log.jsonl` shows it.
Line = Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Breach:
    """One thing that does not hold: which invariant, of what, and how."""

    invariant: str
    subject: str
    detail: str

    def plain(self) -> Plain:
        """The breach as JSON data."""
        return {"invariant": self.invariant, "subject": self.subject, "detail": self.detail}


def breaches(tx: HubTransaction, store: EvidenceStore) -> Iterator[Breach]:
    """Every breach of an invariant, negotiation by negotiation, then file by file.

    What cannot be looked at for what stands there is a breach itself, and all else is looked at nevertheless.
    """
    for negotiation in communications.iterate_negotiations(tx):
        for look in _OF_A_NEGOTIATION:
            yield from _looked(negotiation.reference, look(tx, negotiation))
    for table, row in sealed_places.list_unreadable(tx):
        yield Breach(invariant="sealed_values", subject=f"{table} {row}", detail="was changed, or is another row's")
    for what, found in (
        ("the log", log_invariants.log_faults(tx)),
        ("the consents", ledger.faults(tx)),
        ("the bills", bills.faults(tx)),
        ("the requests", request_invariants.faults(tx)),
        ("the consents to bills", bill_consents.faults(tx)),
        ("the referrals", referrals.faults(tx)),
        ("the mandates", mandates.faults(tx)),
        ("the appointments", appointment_views.faults(tx)),
    ):
        yield from _looked(what, starmap(_breach, found))
    yield from _files_hold(tx, store)
    for table, row in inventory.rows_of_another_bank(tx):
        yield Breach(invariant="one_bank", subject=f"{table} {row}", detail="belongs to another bank than its parent")
    for table, row in inventory.left_of_erased(tx):
        yield Breach(invariant="erased_is_gone", subject=f"{table} {row}", detail="still there after the erasure")
    for application in inventory.applications_without_negotiation(tx):
        yield Breach(invariant="nothing_lost", subject=application, detail="an application without a negotiation")


def _breach(invariant: str, subject: str, detail: str) -> Breach:
    return Breach(invariant=invariant, subject=subject, detail=detail)


def _looked(subject: str, found: Iterator[Breach]) -> Iterator[Breach]:
    try:
        yield from found
    except _NOT_TO_BE_READ as error:
        # Not in the error's own words: they may hold what stands in the row.
        yield Breach(
            invariant="readable", subject=subject, detail=f"cannot be looked at whole ({type(error).__name__})"
        )


def _log_holds(tx: HubTransaction, negotiation: NegotiationRecord) -> Iterator[Breach]:
    broken = records.verify_log(tx, negotiation.id)
    if broken is not None:
        yield Breach(
            invariant="log_chain",
            subject=negotiation.reference,
            detail=f"entry {broken.sequence} is broken ({broken.reason})",
        )
    changes = [each for each in communications.list_lines(tx, negotiation.id) if each["to"] is not None]
    last = changes[-1]["to"] if changes else None
    if last != negotiation.status:
        yield Breach(
            invariant="status_is_logged",
            subject=negotiation.reference,
            detail=f"stands at {negotiation.status}, the log at {last}",
        )
    beginning: Line = {"to": None}
    for before, after in pairwise([beginning, *changes]):
        if not _is_a_step(before, after):
            yield Breach(
                invariant="status_is_logged",
                subject=negotiation.reference,
                detail=f"entry {after['sequence']} is no step of the lifecycle",
            )


def _is_a_step(before: Line, after: Line) -> bool:
    came_from, event, led_to = (after.get(name) for name in ("from", "event", "to"))
    if came_from != before["to"]:
        return False
    if came_from is None:
        return led_to == Status.SCREENING
    try:
        steps = {
            next_status(Status(str(came_from)), Event(str(event)), another_offer_open=another)
            for another in (False, True)
        }
    except (StatusConflict, ValueError):
        return False
    return led_to in steps


def _clocks_hold(tx: HubTransaction, negotiation: NegotiationRecord) -> Iterator[Breach]:
    calendar = tx.calendar()
    for clock in clocks.list_of(tx, negotiation.id):
        running = clock.answered_at is None and clock.ended_at is None
        if not running and clock.calendar_version != calendar.version:
            continue
        try:
            due = answer_time.due_at(clocks.answer_time_of(clock), calendar)
        except InvalidValue as error:
            yield Breach(invariant="due_time", subject=negotiation.reference, detail=f"cannot be computed: {error}")
            continue
        if due != clock.due_at:
            detail = f"due {instant(clock.due_at)}, computed {instant(due)}"
            yield Breach(invariant="due_time", subject=negotiation.reference, detail=detail)
    running_clocks = clocks.running_of(tx, negotiation.id)
    if len(running_clocks) > 1:
        yield Breach(invariant="one_clock", subject=negotiation.reference, detail="more than one clock runs")
    if not _stands_in_its_place(negotiation, next(iter(running_clocks), None)):
        detail = "the queue's due time is not the clock's"
        yield Breach(invariant="due_time", subject=negotiation.reference, detail=detail)
    if running_clocks and negotiation.status not in OPEN:
        yield Breach(invariant="one_clock", subject=negotiation.reference, detail="a clock runs after the end")


def _stands_in_its_place(negotiation: NegotiationRecord, clock: ClockRecord | None) -> bool:
    try:
        return negotiation.due_at == clocks.place_of(clock)
    except InvalidValue:
        # Such a clock has no place; that it cannot be computed is named by itself.
        return True


def _agreement_holds(tx: HubTransaction, negotiation: NegotiationRecord) -> Iterator[Breach]:
    in_force = [each for each in inventory.agreements_of(tx, negotiation.id) if each.status == AgreementStatus.IN_FORCE]
    if len(in_force) > 1:
        yield Breach(invariant="one_agreement", subject=negotiation.reference, detail="two agreements in force")
    agreement = agreements.find_agreement(tx, negotiation.id)
    if (agreement is not None) != (negotiation.status == Status.AGREED):
        detail = f"stands at {negotiation.status} {'with' if agreement else 'without'} an agreement"
        yield Breach(invariant="one_agreement", subject=negotiation.reference, detail=detail)


def _digests_in_log(entries: Iterable[Entry]) -> dict[str, str]:
    return {attachment.id: attachment.sha256 for each in entries for attachment in each.header.attachments}


def _terms_hold(tx: HubTransaction, negotiation: NegotiationRecord) -> Iterator[Breach]:
    """Offers and agreements are what the log says of them."""
    found, agreements = offers.list_offers(tx, negotiation.id), inventory.agreements_of(tx, negotiation.id)
    if not found and not agreements:
        return
    try:
        entries = communications.list_entries(tx, negotiation.id)
    except EvidenceDamaged:
        # Named with the chain already.
        return
    digests = _digests_in_log(entries)
    for offer in found:
        for detail in offer_invariants.offer_faults(tx, offer, digests):
            yield Breach(invariant="offer_is_whole", subject=offer.id, detail=detail)
    for invariant, subject, detail in agreement_invariants.agreement_faults(tx, negotiation, entries, digests):
        yield Breach(invariant=invariant, subject=subject, detail=detail)


def _named_is_there(tx: HubTransaction, negotiation: NegotiationRecord) -> Iterator[Breach]:
    if negotiation.erased_at is None:
        for kind, id_ in named_rows.list_gone(tx, negotiation.id):
            yield Breach(invariant="nothing_lost", subject=f"{kind} {id_}", detail="the log names it, and it is gone")


def _submissions_hold(tx: HubTransaction, negotiation: NegotiationRecord) -> Iterator[Breach]:
    for invariant, detail in submission_invariants.submission_faults(tx, negotiation):
        yield Breach(invariant=invariant, subject=negotiation.reference, detail=detail)


def _deliveries_hold(tx: HubTransaction, negotiation: NegotiationRecord) -> Iterator[Breach]:
    for record in inventory.deliveries_of(tx, negotiation.id):
        try:
            digest = hashlib.sha256(canonical(deliveries.body_of(tx, record))).hexdigest()
        except (EvidenceDamaged, KeysUnusable):
            digest = "unreadable"
        if digest != record.sha256:
            yield Breach(invariant="one_content", subject=record.id, detail="not the content that was frozen")


def _documents_are_logged(tx: HubTransaction, negotiation: NegotiationRecord) -> Iterator[Breach]:
    """Every paper is in the log with its digest, those that newer ones replaced too."""
    digests: dict[str, str] = {}
    for line in communications.list_lines(tx, negotiation.id):
        attachments: Any = line.get("attachments", ())
        digests |= {file["id"]: file["sha256"] for file in attachments}
    for paper in documents.list_all(tx, negotiation.id):
        if digests.get(paper.id) != paper.sha256:
            yield Breach(invariant="document_is_logged", subject=paper.id, detail=f"{paper.kind}: not in the log")


def _files_hold(tx: HubTransaction, store: EvidenceStore) -> Iterator[Breach]:
    for file in inventory.every_evidence(tx):
        yield from _bytes_hold(store, file, partial(evidence.file_key_of, tx, file))
    for copy in inventory.every_copy(tx):
        yield from _bytes_hold(store, copy, partial(clean_copies.copy_key_of, tx, copy))
    for page in inventory.every_viewing_page(tx):
        yield from _bytes_hold(store, page, partial(viewing_copies.page_key_of, tx, page))
    for uncopied in inventory.files_without_copy(tx):
        yield Breach(invariant="clean_copy", subject=uncopied, detail="a clean file that no bank can be given")
    for paper in inventory.every_document(tx):
        yield from _bytes_hold(store, paper, partial(documents.key_of, tx, paper))


def _bytes_hold(
    store: EvidenceStore,
    record: EvidenceRecord | CleanCopyRecord | ViewingPageRecord | DocumentRecord,
    key: Callable[[], bytes],
) -> Iterator[Breach]:
    digest = hashlib.sha256()
    try:
        for chunk in store.read(record.store_name, key(), record.size):
            digest.update(chunk)
    except (EvidenceDamaged, KeysUnusable, StoreFull, ValueError) as error:
        yield Breach(invariant="evidence_bytes", subject=record.id, detail=f"cannot be read: {error}")
        return
    if digest.hexdigest() != record.sha256:
        yield Breach(invariant="evidence_bytes", subject=record.id, detail="not the bytes that were recorded")


_OF_A_NEGOTIATION: Final = (
    _log_holds,
    _named_is_there,
    _clocks_hold,
    _agreement_holds,
    _submissions_hold,
    _terms_hold,
    _deliveries_hold,
    _documents_are_logged,
)
