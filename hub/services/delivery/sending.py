"""Sending: one attempt to hand a message to a bank's system, with no transaction open meanwhile.

A bank whose system fails again and again is left alone for a while, and holds up no other.
"""

import logging
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial

from hub.banks.port import Batching, Enclosure, Message, Receipt
from hub.domain import answer_time
from hub.domain.actor import HUB
from hub.domain.delivery import DeliveryStatus, MessageKind, Outcome
from hub.domain.errors import BatchUnfit, DeliveryError, EvidenceDamaged, InProcess, RefusedForGood, StoreFull, TryAgain
from hub.domain.evidence import EvidenceStatus
from hub.domain.plain import Plain, canonical
from hub.services.delivery import queueing
from hub.services.documents.printing import document_content
from hub.services.evidence import contents
from hub.services.operating import operator_tasks
from hub.services.requests import clocks as request_clocks
from hub.services.transaction import HubTransaction, Transactions
from hub.steps import reached
from storage import bank_lines, clean_copies, consents, deliveries, documents, given_evidence
from storage.evidence_store import EvidenceStore
from storage.records import DeliveryRecord, EvidenceRecord, NegotiationRecord, ServiceRequestRecord
from storage.submissions import submission_of

_log = logging.getLogger(__name__)

# After so many failures in a row a bank is left alone, for twice as long each time.
FAILURES_TO_CLOSE = 10
FIRST_CLOSED = timedelta(seconds=30)
LONGEST_CLOSED = timedelta(minutes=5)
# Nobody else takes up a batch that is being sent, unless its worker was not heard of for so long.
IN_HAND = timedelta(minutes=5)
# How long a message waits for the verdicts over its files.
VERDICTS_WAITED_FOR = timedelta(minutes=10)
# And for clean copies, of which very many may wait at once after an upgrade.
COPIES_WAITED_FOR = timedelta(hours=24)
_LOOK_AGAIN = timedelta(seconds=5)


def message_of(tx: HubTransaction, store: EvidenceStore, record: DeliveryRecord) -> Message:
    """The message as the bank's system gets it, in every attempt the same."""
    content = deliveries.body_of(tx, record)
    if record.request_id is not None:
        return _about_request(tx, record, content)
    negotiation = tx.session.get_one(NegotiationRecord, record.negotiation_id)
    kind = MessageKind(record.kind)
    rules = tx.bank(record.bank_code).rules
    turn = answer_time.AnswerTime(opened_at=tx.now, response_days=rules.response_days, closes_at=rules.closes_at)
    return Message(
        id=record.id,
        kind=kind,
        negotiation=negotiation.id,
        body=canonical(content["data"]),
        queued_at=record.queued_at,
        reference=negotiation.reference,
        owed_fen=0 if negotiation.erased_at is not None else submission_of(tx, negotiation).owed_fen,
        due_at=answer_time.due_at(turn, tx.calendar()) if content["opens_clock"] else None,
        in_process=record.in_process,
        enclosures=tuple(_enclosures(tx, store, negotiation, content["data"], kind)),
    )


def _about_request(tx: HubTransaction, record: DeliveryRecord, content: Plain) -> Message:
    request = tx.session.get_one(ServiceRequestRecord, record.request_id)
    due_at = None
    if content["opens_clock"]:
        due_at = request_clocks.due_at_if_opened(tx, request, response_days=content["response_days"])
    return Message(
        id=record.id,
        kind=MessageKind(record.kind),
        negotiation="",
        request=request.matter_id,
        body=canonical(content["data"]),
        queued_at=record.queued_at,
        reference=request.reference,
        due_at=due_at,
        in_process=record.in_process,
    )


def _enclosures(
    tx: HubTransaction, store: EvidenceStore, negotiation: NegotiationRecord, data: object, kind: MessageKind
) -> Iterator[Enclosure]:
    if kind == MessageKind.SUBMITTED:
        form = documents.find_document(tx, negotiation.id, documents.APPLICATION_FORM)
        if form is not None:
            content = document_content(tx, store, form, f"{negotiation.reference}.pdf")
            yield _enclosure(form.id, documents.APPLICATION_FORM, content)
    # What is still being judged, or was rejected, is nobody's to open.
    # So is what the person took back their consent to, though the frozen words may still name it.
    withheld = consents.withheld_of(tx, negotiation)
    named = [
        (given, record)
        for given, record in _named_files(tx, negotiation, data)
        if record.status == EvidenceStatus.CLEAN and not withheld.holds(record.id, given.kind)
    ]
    copies = clean_copies.copies_of(tx, [record.id for _, record in named])
    for given, record in named:
        copy = contents.copy_for_banks(tx, store, record, copies)
        if copy is not None:
            yield _enclosure(record.id, given.kind, copy)


def _named_files(
    tx: HubTransaction, negotiation: NegotiationRecord, data: object
) -> list[tuple[given_evidence.Given, EvidenceRecord]]:
    listed = data.get("evidence", []) if isinstance(data, dict) else []
    named = {each["id"] if isinstance(each, dict) else each for each in listed}
    return [each for each in given_evidence.list_given(tx, negotiation) if each[1].id in named] if named else []


def _enclosure(file_id: str, kind: str, content: contents.Content) -> Enclosure:
    return Enclosure(
        id=file_id,
        kind=kind,
        file_name=content.file_name,
        media_type=content.media_type,
        size=content.size,
        sha256=content.sha256,
        read=content.read,
    )


def deliver(transactions: Transactions, store: EvidenceStore, delivery_id: str) -> None:
    """One attempt was made: the bank's system has the message, or the next attempt stands in the row.

    Doing it again after an arrival changes nothing.
    """
    with transactions.writing(HUB) as tx:
        record = deliveries.find_delivery(tx, delivery_id, lock=True)
        if record is None or record.status != DeliveryStatus.WAITING:
            return
        # A message that waits must not be the one that goes ahead to see whether a line is open again.
        if waits_for_verdicts(tx, record) or not line_is_free(tx, record):
            return
        bank = tx.bank(record.bank_code)
        adapter = tx.adapters.adapter(record.through or bank.adapter)
        if isinstance(adapter, Batching):
            # The bank was reached another way when this job was queued; the schedule finds the message for its batch.
            return
        message = message_of(tx, store, record)
    reached("delivery.before_send")
    outcome = attempted(partial(adapter.deliver, message, bank))
    reached("delivery.after_send")
    with transactions.writing(HUB) as tx:
        note_outcome(tx, bank.code, outcome)
        queueing.settle(tx, delivery_id, outcome, give_up_after=bank.rules.give_up_after)


def line_is_free(tx: HubTransaction, record: DeliveryRecord) -> bool:
    """Whether the bank may be tried; otherwise the message waits until it may be, its attempts uncounted."""
    closed = bank_lines.closed_until(tx, record.bank_code)
    if closed is not None:
        record.next_try_at = closed
        return False
    if bank_lines.failures_of(tx, record.bank_code) >= FAILURES_TO_CLOSE:
        # One goes ahead and sees; the others wait for what it finds.
        bank_lines.close_until(tx, record.bank_code, tx.now + FIRST_CLOSED)
    return True


def waits_for_verdicts(tx: HubTransaction, record: DeliveryRecord) -> bool:
    """Whether a file that the message names is still judged or copied; it is then due again in a moment, uncounted.

    What travels with the message cannot follow it later. Nobody is kept waiting for long, though: after a while it
    goes without the file.
    """
    # What else there is names no files.
    if record.kind not in (MessageKind.MESSAGE, MessageKind.SUBMITTED) or record.batch_id is not None:
        return False
    negotiation = tx.session.get_one(NegotiationRecord, record.negotiation_id)
    named = [file for _, file in _named_files(tx, negotiation, deliveries.body_of(tx, record)["data"])]
    is_judged = tx.now > record.queued_at + VERDICTS_WAITED_FOR or all(
        file.status != EvidenceStatus.CHECKING for file in named
    )
    since = tx.now - COPIES_WAITED_FOR
    if is_judged and not clean_copies.waiting_among(tx, [file.id for file in named], since=since):
        return False
    record.next_try_at = tx.now + _LOOK_AGAIN
    return True


def attempted(attempt: Callable[[], Receipt]) -> Outcome:
    """What the attempt came to; raises `BatchUnfit`."""
    try:
        receipt = attempt()
    except BatchUnfit:
        raise
    except InProcess as error:
        return Outcome(detail=error.detail, in_process=True)
    except TryAgain as error:
        return Outcome(detail=error.detail, line_failed=True)
    except RefusedForGood as error:
        return Outcome(detail=error.detail, final=True)
    except DeliveryError as error:
        return Outcome(detail=error.detail)
    except (EvidenceDamaged, StoreFull) as error:
        return Outcome(detail=f"an enclosure cannot be read: {type(error).__name__}")
    return Outcome(receipt=receipt.detail)


def note_outcome(tx: HubTransaction, bank_code: str, outcome: Outcome) -> None:
    """Closes the bank's line after too many failures in a row, and opens it with the first success."""
    if not outcome.line_failed:
        if bank_lines.open_again(tx, bank_code):
            deliveries.try_all_now(tx, bank_code, in_hand=IN_HAND)
        return
    failures = bank_lines.count_failure(tx, bank_code)
    if failures >= FAILURES_TO_CLOSE:
        pause = min(FIRST_CLOSED * 2 ** (failures - FAILURES_TO_CLOSE), LONGEST_CLOSED)
        bank_lines.close_until(tx, bank_code, tx.now + pause)
        operator_tasks.line_closed(tx, bank_code, failures=failures)
        _log.warning("line to bank closed", extra={"bank": bank_code, "failures": failures})
