"""Sending: one attempt to hand a message, or a batch of them, to a bank's system, with no transaction open meanwhile.

A bank whose system fails again and again is left alone for a while, and holds up no other.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from hub.banks.port import Batch, Batching, Enclosure, Message, MessageKind, Receipt
from hub.domain import answer_time
from hub.domain.actor import HUB
from hub.domain.bank import Bank
from hub.domain.china import china_day
from hub.domain.errors import DeliveryError, InProcess, RefusedForGood, TryAgain
from hub.services import delivery, tasks
from hub.services import evidence as files
from hub.services.delivery import Outcome
from hub.services.printing import document_content
from hub.services.transaction import HubTransaction, Transactions
from hub.steps import reached
from storage import bank_lines, deliveries, documents, evidence, negotiations
from storage.deliveries import DeliveryStatus
from storage.evidence_store import EvidenceStore
from storage.records import DeliveryRecord, NegotiationRecord
from storage.sealed_json import canonical

# After so many failures in a row a bank is left alone, for twice as long each time.
FAILURES_TO_CLOSE = 10
FIRST_CLOSED = timedelta(seconds=30)
LONGEST_CLOSED = timedelta(minutes=5)
# One file holds at most so many messages; the rest travels in the next.
MOST_IN_A_BATCH = 200
# Nobody else takes up a batch that is being sent, unless its worker was not heard of for so long.
IN_HAND = timedelta(minutes=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sending:
    bank: Bank
    message: Message


def message_of(tx: HubTransaction, store: EvidenceStore, record: DeliveryRecord) -> Message:
    """The message as the bank's system gets it, in every attempt the same."""
    content = deliveries.body_of(tx, record)
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
        owed_fen=sum(
            account["principal_fen"] + account["interest_fen"] + account["fees_fen"] + account["penalty_fen"]
            for account in negotiations.submission_of(tx, negotiation)["accounts"]
        ),
        due_at=answer_time.due_at(turn, tx.calendar()) if content["opens_clock"] else None,
        in_process=record.in_process,
        enclosures=tuple(_enclosures(tx, store, negotiation, content["data"], kind)),
    )


def _enclosures(
    tx: HubTransaction, store: EvidenceStore, negotiation: NegotiationRecord, data: object, kind: MessageKind
) -> Iterator[Enclosure]:
    if kind == MessageKind.SUBMITTED:
        form = documents.find_document(tx, negotiation.id, documents.APPLICATION_FORM)
        if form is not None:
            content = document_content(tx, store, form, f"{negotiation.reference}.pdf")
            yield _enclosure(form.id, documents.APPLICATION_FORM, content)
    told = data.get("evidence", []) if isinstance(data, dict) else []
    named = {each["id"] if isinstance(each, dict) else each for each in told}
    for given, record in evidence.list_given(tx, negotiation):
        if record.id in named:
            yield _enclosure(record.id, given.kind, files.content_of(tx, store, record))


def _enclosure(file_id: str, kind: str, content: files.Content) -> Enclosure:
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
        if record is None or record.status != DeliveryStatus.WAITING or not _line_is_free(tx, record):
            return
        bank = tx.bank(record.bank_code)
        adapter = tx.adapters.adapter(record.through or bank.adapter)
        message = message_of(tx, store, record)
    reached("delivery.before_send")
    outcome = _attempted(partial(adapter.deliver, message, bank))
    reached("delivery.after_send")
    with transactions.writing(HUB) as tx:
        _note(tx, bank.code, outcome)
        delivery.settle(tx, delivery_id, outcome, give_up_after=bank.rules.give_up_after)


def _line_is_free(tx: HubTransaction, record: DeliveryRecord) -> bool:
    """Whether the bank may be tried; otherwise the message waits until it may be, its attempts uncounted."""
    closed = bank_lines.closed_until(tx, record.bank_code)
    if closed is not None:
        record.next_try_at = closed
        return False
    if bank_lines.failures_of(tx, record.bank_code) >= FAILURES_TO_CLOSE:
        # One goes ahead and sees; the others wait for what it finds.
        bank_lines.close_until(tx, record.bank_code, tx.now + FIRST_CLOSED)
    return True


def _attempted(attempt: "partial[Receipt]") -> Outcome:
    try:
        attempt()
    except InProcess as error:
        return Outcome(detail=error.detail, in_process=True)
    except TryAgain as error:
        return Outcome(detail=error.detail, line_failed=True)
    except RefusedForGood as error:
        return Outcome(detail=error.detail, final=True)
    except DeliveryError as error:
        return Outcome(detail=error.detail)
    return Outcome()


def _note(tx: HubTransaction, bank_code: str, outcome: Outcome) -> None:
    """Closes the bank's line after too many failures in a row, and opens it with the first success."""
    if not outcome.line_failed:
        if bank_lines.open_again(tx, bank_code):
            deliveries.try_all_now(tx, bank_code)
        return
    failures = bank_lines.count_failure(tx, bank_code)
    if failures >= FAILURES_TO_CLOSE:
        pause = min(FIRST_CLOSED * 2 ** (failures - FAILURES_TO_CLOSE), LONGEST_CLOSED)
        bank_lines.close_until(tx, bank_code, tx.now + pause)
        tasks.line_closed(tx, bank_code, failures=failures)


def deliver_batch(transactions: Transactions, store: EvidenceStore, bank_code: str) -> None:
    """Every message of the bank that was due has been sent in batches, or waits for the next attempt.

    A batch that did not arrive goes again under its name with the same messages, before a new one is made.
    """
    while True:
        with transactions.writing(HUB) as tx:
            found = _next_batch(tx, store, bank_code)
        if found is None:
            return
        batch_id, bank, adapter, batch = found
        reached("delivery.before_send")
        outcome = _attempted(partial(adapter.deliver_batch, batch, bank))
        reached("delivery.after_send")
        with transactions.writing(HUB) as tx:
            _note(tx, bank_code, outcome)
        for message in batch.messages:
            with transactions.writing(HUB) as tx:
                delivery.settle(tx, message.id, outcome, give_up_after=bank.rules.give_up_after)
        if outcome.arrived:
            with transactions.writing(HUB) as tx:
                bank_lines.get_batch(tx, batch_id).sent_at = tx.now


def _next_batch(tx: HubTransaction, store: EvidenceStore, bank_code: str) -> tuple[str, Bank, Batching, Batch] | None:
    bank = tx.bank(bank_code)
    due = [
        record
        for record in deliveries.list_due_of_bank(tx, bank_code, tx.now, MOST_IN_A_BATCH)
        if record.through is None or record.through == bank.adapter
    ]
    adapter = tx.adapters.of(bank)
    if not due or not isinstance(adapter, Batching) or not _line_is_free(tx, due[0]):
        return None
    batch_id = next((record.batch_id for record in due if record.batch_id is not None), None)
    if batch_id is None:
        batch_id = bank_lines.add_batch(tx, bank_code, china_day(tx.now)).id
        for record in due:
            record.batch_id = batch_id
        tx.session.flush()
    row = bank_lines.get_batch(tx, batch_id)
    records = bank_lines.messages_of_batch(tx, batch_id)
    for record in records:
        if record.status == DeliveryStatus.WAITING:
            record.next_try_at = tx.now + IN_HAND
    messages = [message_of(tx, store, record) for record in records]
    return batch_id, bank, adapter, Batch(day=f"{row.day:%Y%m%d}", number=row.number, messages=messages)
