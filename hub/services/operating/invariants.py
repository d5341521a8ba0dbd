"""The invariants: what holds at every moment, looked for over everything stored. Finding is all that happens here."""

import hashlib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from typing import Any

from hub.domain import answer_time
from hub.domain.agreement import AgreementContents, missing_parts
from hub.domain.agreement_end import AgreementStatus
from hub.domain.errors import EvidenceDamaged, InvalidValue, StatusConflict, StoreFull
from hub.domain.lifecycle import OPEN, Event, Status, next_status
from hub.domain.plain import Plain, canonical, from_plain, instant
from hub.services.agreements.amendment_views import attachment as amendment_attachment
from hub.services.agreements.payments import payment_attachment, payment_words
from hub.services.documents import records
from hub.services.negotiations import offer_contents
from hub.services.negotiations.entries import digest_of
from hub.services.operating import offer_invariants
from hub.services.transaction import HubTransaction
from storage import amendments, clean_copies, clocks, communications, deliveries, documents, evidence, inventory, offers
from storage.communications import Entry
from storage.evidence_store import EvidenceStore
from storage.records import (
    AgreementRecord,
    CleanCopyRecord,
    DocumentRecord,
    EvidenceRecord,
    NegotiationRecord,
    OfferRecord,
)
from storage.records.negotiations import NO_CLOCK

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
    """Every breach of an invariant, negotiation by negotiation, then file by file."""
    for negotiation in communications.iterate_negotiations(tx):
        yield from _log_holds(tx, negotiation)
        yield from _clocks_hold(tx, negotiation)
        yield from _agreement_holds(tx, negotiation)
        yield from _offers_hold(tx, negotiation)
        yield from _agreement_is_what_was_signed(tx, negotiation)
        yield from _deliveries_hold(tx, negotiation)
        yield from _documents_are_logged(tx, negotiation)
    yield from _files_hold(tx, store)
    for table, row in inventory.rows_of_another_bank(tx):
        yield Breach(invariant="one_bank", subject=f"{table} {row}", detail="belongs to another bank than its parent")
    for application in inventory.applications_without_negotiation(tx):
        yield Breach(invariant="nothing_lost", subject=application, detail="an application without a negotiation")


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
    due = running_clocks[0].due_at if running_clocks else NO_CLOCK
    if negotiation.due_at != due:
        detail = "the queue's due time is not the clock's"
        yield Breach(invariant="due_time", subject=negotiation.reference, detail=detail)
    if running_clocks and negotiation.status not in OPEN:
        yield Breach(invariant="one_clock", subject=negotiation.reference, detail="a clock runs after the end")


def _agreement_holds(tx: HubTransaction, negotiation: NegotiationRecord) -> Iterator[Breach]:
    in_force = [each for each in inventory.agreements_of(tx, negotiation.id) if each.status == AgreementStatus.IN_FORCE]
    if len(in_force) > 1:
        yield Breach(invariant="one_agreement", subject=negotiation.reference, detail="two agreements in force")
    agreement = offers.find_agreement(tx, negotiation.id)
    if (agreement is not None) != (negotiation.status == Status.AGREED):
        detail = f"stands at {negotiation.status} {'with' if agreement else 'without'} an agreement"
        yield Breach(invariant="one_agreement", subject=negotiation.reference, detail=detail)


def _digests_in_log(entries: Iterable[Entry]) -> dict[str, str]:
    return {attachment.id: attachment.sha256 for each in entries for attachment in each.header.attachments}


def _offers_hold(tx: HubTransaction, negotiation: NegotiationRecord) -> Iterator[Breach]:
    found = offers.list_offers(tx, negotiation.id)
    if not found:
        return
    try:
        digests = _digests_in_log(communications.list_entries(tx, negotiation.id))
    except EvidenceDamaged:
        # Named with the chain already.
        return
    for offer in found:
        for detail in offer_invariants.offer_faults(tx, offer, digests):
            yield Breach(invariant="offer_is_whole", subject=offer.id, detail=detail)


def _agreement_is_what_was_signed(tx: HubTransaction, negotiation: NegotiationRecord) -> Iterator[Breach]:
    """What is said of an agreement is in its sealed contents, those are in the log, and so is each payment's row."""
    agreements = inventory.agreements_of(tx, negotiation.id)
    if not agreements:
        return
    try:
        entries = communications.list_entries(tx, negotiation.id)
    except EvidenceDamaged:
        # Named with the chain already.
        return
    digests = _digests_in_log(entries)
    for agreement in agreements:
        subject = agreement.number
        try:
            plain = offers.contents_of(tx, agreement)
        except EvidenceDamaged:
            yield Breach(invariant="agreement_is_signed", subject=subject, detail="its contents cannot be read")
            continue
        if digest_of(agreement.id, "agreement_contents", plain).sha256 != digests.get(agreement.id):
            yield Breach(invariant="agreement_is_signed", subject=subject, detail="not the contents that the log has")
        if agreement.schedule != plain["schedule"]["rows"]:
            yield Breach(invariant="agreement_is_signed", subject=subject, detail="not the schedule that was signed")
        offer = tx.session.get_one(OfferRecord, agreement.offer_id)
        if offer_contents.attachment(tx, offer).sha256 != digests.get(offer.id):
            yield Breach(invariant="agreement_is_signed", subject=subject, detail="not the offer that the log has")
        missing = missing_parts(from_plain(AgreementContents, plain))
        if missing:
            detail = f"does not say {', '.join(missing)}"
            yield Breach(invariant="agreement_is_complete", subject=subject, detail=detail)
        yield from _payments_are_logged(tx, agreement, digests, {each.text for each in entries})
        yield from _amendments_are_signed(tx, agreement, entries)


def _payments_are_logged(
    tx: HubTransaction, agreement: AgreementRecord, digests: Mapping[str, str], sentences: Collection[str | None]
) -> Iterator[Breach]:
    for payment in offers.list_payments(tx, agreement.id):
        known = digests.get(payment.id)
        right = payment_attachment(payment).sha256 == known
        # Entries of earlier versions hold no digest: there the sentence has to be the row's.
        if not (right if known is not None else payment_words(payment) in sentences):
            detail = f"row {payment.number}: nobody said so in the log"
            yield Breach(invariant="payment_is_logged", subject=agreement.number, detail=detail)


def _amendments_are_signed(
    tx: HubTransaction, agreement: AgreementRecord, entries: Sequence[Entry]
) -> Iterator[Breach]:
    """Each signed amendment says what the log has of it."""
    logged = {(attachment.id, attachment.sha256) for each in entries for attachment in each.header.attachments}
    for amendment in amendments.list_of(tx, agreement.id):
        if amendment.position is None:
            continue
        try:
            contents = amendments.contents_of(tx, amendment)
        except EvidenceDamaged:
            contents = None
        if contents is None or (amendment.id, amendment_attachment(amendment, contents).sha256) not in logged:
            yield Breach(
                invariant="amendment_is_signed",
                subject=amendment.number or agreement.number,
                detail="not the contents that the log has",
            )


def _deliveries_hold(tx: HubTransaction, negotiation: NegotiationRecord) -> Iterator[Breach]:
    for record in inventory.deliveries_of(tx, negotiation.id):
        try:
            digest = hashlib.sha256(canonical(deliveries.body_of(tx, record))).hexdigest()
        except EvidenceDamaged:
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
    for picture in inventory.pictures_without_copy(tx):
        yield Breach(invariant="clean_copy", subject=picture, detail="a clean picture that no bank can be given")
    for paper in inventory.every_document(tx):
        yield from _bytes_hold(store, paper, partial(documents.key_of, tx, paper))


def _bytes_hold(
    store: EvidenceStore, record: EvidenceRecord | CleanCopyRecord | DocumentRecord, key: Callable[[], bytes]
) -> Iterator[Breach]:
    digest = hashlib.sha256()
    try:
        for chunk in store.read(record.store_name, key(), record.size):
            digest.update(chunk)
    except (EvidenceDamaged, StoreFull) as error:
        yield Breach(invariant="evidence_bytes", subject=record.id, detail=f"cannot be read: {error}")
        return
    if digest.hexdigest() != record.sha256:
        yield Breach(invariant="evidence_bytes", subject=record.id, detail="not the bytes that were recorded")
