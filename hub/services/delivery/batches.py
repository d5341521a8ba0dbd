"""Batches: messages that travel to a bank together, under a name that never stands for anything else.

Whatever a batch comes to, its messages are settled one by one, as if each had travelled alone.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial

from hub.banks.port import Batch, Batching, Enclosure, Message, Receipt
from hub.domain.actor import HUB
from hub.domain.bank import Bank
from hub.domain.china import china_day
from hub.domain.delivery import DeliveryStatus, Outcome
from hub.domain.errors import BatchUnfit
from hub.services.delivery import queueing
from hub.services.delivery.sending import IN_HAND, attempted, line_is_free, message_of, note_outcome, waits_for_verdicts
from hub.services.transaction import HubTransaction, Transactions
from hub.steps import reached
from storage import bank_lines, deliveries
from storage.evidence_store import EvidenceStore

# One file holds at most so many messages; the rest travels in the next.
MOST_IN_A_BATCH = 200
_HEARD_EVERY = timedelta(minutes=1)
# After a database was restored, names may be taken; so many are passed over at once, and then it is a failure.
MOST_NAMES_PASSED = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class _Claimed:
    bank: Bank
    adapter: Batching
    batch: Batch
    # One of its messages was cancelled after the batch was made up.
    overtaken: bool


def deliver_batch(transactions: Transactions, store: EvidenceStore, bank_code: str) -> None:
    """Every message of the bank that was due has been sent in batches, or waits for the next attempt.

    A batch that did not arrive goes again under its name with the same messages, before a new one is made.
    """
    passed = 0
    while True:
        with transactions.writing(HUB) as tx:
            batch_id = _claim(tx, bank_code)
        if batch_id is None:
            return
        with transactions.reading(HUB) as tx:
            claimed = _composed(tx, transactions, store, bank_code, batch_id)
        if claimed is None:
            return
        passed += 0 if _send(transactions, batch_id, claimed, passed=passed) else 1


def _claim(tx: HubTransaction, bank_code: str) -> str | None:
    """The batch to send now, made up where none waits to be tried again; None where there is nothing to send."""
    bank = tx.bank(bank_code)
    if not isinstance(tx.adapters.of(bank), Batching):
        return None
    # Two workers that made up batches at once would hold each other's messages.
    bank_lines.hold(tx, bank_code)
    due = [
        record
        for record in deliveries.list_due_of_bank(tx, bank_code, tx.now, MOST_IN_A_BATCH)
        if (record.through is None or record.through == bank.adapter) and not waits_for_verdicts(tx, record)
    ]
    if not due:
        return None
    if not line_is_free(tx, due[0]):
        for record in due:
            record.next_try_at = due[0].next_try_at
        return None
    batch_id = next((record.batch_id for record in due if record.batch_id is not None), None)
    if batch_id is None:
        batch_id = bank_lines.add_batch(tx, bank_code, china_day(tx.now)).id
        for record in due:
            record.batch_id = batch_id
        tx.session.flush()
    bank_lines.keep_in_hand(tx, batch_id, tx.now + IN_HAND)
    return batch_id


def _composed(
    tx: HubTransaction, transactions: Transactions, store: EvidenceStore, bank_code: str, batch_id: str
) -> _Claimed | None:
    bank = tx.bank(bank_code)
    adapter = tx.adapters.of(bank)
    if not isinstance(adapter, Batching):
        return None
    row = bank_lines.get_batch(tx, batch_id)
    records = bank_lines.messages_of_batch(tx, batch_id)
    messages = [_audible(transactions, batch_id, message_of(tx, store, record)) for record in records]
    return _Claimed(
        bank=bank,
        adapter=adapter,
        batch=Batch(day=f"{row.day:%Y%m%d}", number=row.number, messages=messages),
        overtaken=any(record.status == DeliveryStatus.CANCELLED for record in records),
    )


def _audible(transactions: Transactions, batch_id: str, message: Message) -> Message:
    """The message, whose worker is heard of each time that one of its files is begun."""

    def read(enclosure: Enclosure) -> Iterator[bytes]:
        with transactions.reading(HUB) as tx:
            long_unheard = bank_lines.is_due_before(tx, batch_id, tx.now + IN_HAND - _HEARD_EVERY)
        if long_unheard:
            with transactions.writing(HUB) as tx:
                bank_lines.keep_in_hand(tx, batch_id, tx.now + IN_HAND)
        return enclosure.read()

    return replace(message, enclosures=tuple(replace(each, read=partial(read, each)) for each in message.enclosures))


def _send(transactions: Transactions, batch_id: str, claimed: _Claimed, *, passed: int) -> bool:
    """The batch was tried and its messages are settled; False where it was taken apart instead."""
    bank, batch = claimed.bank, claimed.batch
    send = _found_there if claimed.overtaken else _handed_over
    reached("delivery.before_send")
    try:
        outcome = attempted(partial(send, claimed))
    except BatchUnfit as error:
        blamed = [message.id for message in batch.messages] if passed >= MOST_NAMES_PASSED else [error.message_id]
        _take_apart(transactions, bank, batch_id, error, [each for each in blamed if each is not None])
        return False
    reached("delivery.after_send")
    with transactions.writing(HUB) as tx:
        note_outcome(tx, bank.code, outcome)
    for message in batch.messages:
        with transactions.writing(HUB) as tx:
            queueing.settle(tx, message.id, outcome, give_up_after=bank.rules.give_up_after)
    if outcome.arrived:
        with transactions.writing(HUB) as tx:
            bank_lines.get_batch(tx, batch_id).sent_at = tx.now
    return True


def _handed_over(claimed: _Claimed) -> Receipt:
    return claimed.adapter.deliver_batch(claimed.batch, claimed.bank)


def _found_there(claimed: _Claimed) -> Receipt:
    """What was withdrawn is not sent any more; but an attempt whose end nobody heard of may have brought it."""
    if not claimed.adapter.has_batch(claimed.batch, claimed.bank):
        raise BatchUnfit("one of its messages was withdrawn")
    return Receipt(detail="found there")


def _take_apart(
    transactions: Transactions, bank: Bank, batch_id: str, error: BatchUnfit, blamed: Sequence[str]
) -> None:
    """The batch's name is never used again; its messages are due anew, but for those that are to blame."""
    outcome = Outcome(detail=error.detail)
    with transactions.writing(HUB) as tx:
        note_outcome(tx, bank.code, outcome)
        bank_lines.disband(tx, batch_id, due_at=tx.now)
        for message_id in blamed:
            queueing.settle(tx, message_id, outcome, give_up_after=bank.rules.give_up_after)
