"""What holds of every negotiation: its log, where it stands, its clocks, terms, messages and papers."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise
from typing import Any, Final

from hub.domain import answer_time
from hub.domain.agreement_end import AgreementStatus
from hub.domain.errors import EvidenceDamaged, InvalidValue, KeysUnusable, StatusConflict
from hub.domain.lifecycle import OPEN, Event, Status, next_status
from hub.domain.plain import canonical, instant
from hub.services.documents import records
from hub.services.operating import agreement_invariants, offer_invariants, submission_invariants
from hub.services.operating.breach import Breach
from hub.services.transaction import HubTransaction
from storage import agreements, clocks, communications, deliveries, documents, inventory, named_rows, offers
from storage.communications import Entry
from storage.records import ClockRecord, NegotiationRecord

# An entry of the log, as `log.jsonl` shows it.
Line = Mapping[str, object]


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


OF_A_NEGOTIATION: Final = (
    _log_holds,
    _named_is_there,
    _clocks_hold,
    _agreement_holds,
    _submissions_hold,
    _terms_hold,
    _deliveries_hold,
    _documents_are_logged,
)
