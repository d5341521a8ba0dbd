"""Bills as their person keeps them: put, listed beside the rows of agreements, and taken away."""

from collections.abc import Iterator, Sequence
from datetime import date

from hub.domain.bill import MOST_BILLS, Bill, BillContents, BillEvent, BillSource, BillStatus
from hub.domain.china import china_day
from hub.domain.errors import BillNotYours, Fault, Refused
from hub.domain.plain import Plain, instant, to_plain
from hub.services.accounts.subjects import Subject
from hub.services.bills import agreement_bills, reminding
from hub.services.transaction import HubTransaction
from storage import bills
from storage.records import BillRecord, new_id
from storage.spans import WHOLE, Span


def add(tx: HubTransaction, subject: Subject, contents: BillContents) -> Bill:
    """A new bill of the person says this, under an id of the hub's own; raises `Refused` `bills_too_many`."""
    return put(tx, subject, new_id(), contents)[0]


def put(tx: HubTransaction, subject: Subject, bill_id: str, contents: BillContents) -> tuple[Bill, bool]:
    """The person's bill says this; gives it, and whether it is new.

    Of the statements of one card those are superseded that a later one follows, in whatever order they are put.
    Raises `BillNotYours` where the id is of somebody else's bill, of an agreement's or of one that a bank told, and
    `Refused` `bill_day_far` or `bills_too_many`.
    """
    if agreement_bills.is_of_agreement(bill_id):
        raise BillNotYours
    contents.require_near(china_day(tx.now))
    record = bills.find(tx, bill_id, client_id=subject.client_id)
    is_new = record is None
    if record is None:
        record = _added(tx, subject, bill_id, contents)
    _require_own(subject, record)
    if record.source != BillSource.TYPED:
        raise BillNotYours
    if not is_new:
        bills.save(tx, record, contents)
    if record.status != BillStatus.SUPERSEDED:
        bills.apply_event(tx, record, contents.event)
    reminding.plan(tx, record)
    _supersede(tx, subject, record, contents)
    return bills.value_of(tx, record), is_new


def _added(tx: HubTransaction, subject: Subject, bill_id: str, contents: BillContents) -> BillRecord:
    if len(bills.list_of(tx, subject.indexes, client_id=subject.client_id)) >= MOST_BILLS:
        raise Refused(Fault("", "bills_too_many", {"most": MOST_BILLS}))
    record = bills.add(
        tx,
        subject.indexes[0],
        client_id=subject.client_id,
        name=bill_id,
        source=BillSource.TYPED,
        contents=contents,
    )
    if record is None:
        raise BillNotYours
    return record


def _require_own(subject: Subject, record: BillRecord) -> None:
    if record.owner_index not in subject.indexes:
        raise BillNotYours


def _supersede(tx: HubTransaction, subject: Subject, record: BillRecord, contents: BillContents) -> None:
    kept = bills.list_of(tx, subject.indexes, client_id=subject.client_id, lock=True)
    said = {each.id: bills.contents_of(tx, each) for each in kept}
    is_late = any(each.replaces(contents) for each in said.values())
    for each in kept:
        if reminding.is_owed(each) and (contents.replaces(said[each.id]) or (is_late and each.id == record.id)):
            bills.apply_event(tx, each, BillEvent.REPLACED)
            reminding.plan(tx, each)


def list_for(tx: HubTransaction, subject: Subject, *, first: date, last: date) -> list[Bill]:
    """The person's bills with a day from `first` to `last`, rows of agreements among them; the earliest first."""
    kept = bills.list_of(tx, subject.indexes, client_id=subject.client_id, first=first, last=last)
    listed = [bills.value_of(tx, each) for each in kept]
    listed += [each for each in agreement_bills.list_for(tx, subject) if first <= each.contents.due_on <= last]
    return sorted(listed, key=lambda each: (each.contents.due_on, each.id))


def find_own(tx: HubTransaction, subject: Subject, bill_id: str) -> BillRecord:
    """The person's kept bill; raises `BillNotYours` for an unknown one and for another's alike."""
    record = bills.find(tx, bill_id, client_id=subject.client_id)
    if record is None or record.owner_index not in subject.indexes:
        raise BillNotYours
    return record


def remove(tx: HubTransaction, subject: Subject, bill_id: str) -> None:
    """The person's bill is gone, with its sums; raises `BillNotYours`."""
    bills.remove(tx, find_own(tx, subject, bill_id))


def view(tx: HubTransaction, bill: Bill) -> Plain:
    """The bill as API and exports show it."""
    contents = bill.contents
    return {
        "id": bill.id,
        "source": bill.source,
        "status": bill.status,
        "bank_code": contents.bank_code,
        "card_last4": contents.card_last4 or None,
        "statement_on": None if contents.statement_on is None else contents.statement_on.isoformat(),
        "due_on": contents.due_on.isoformat(),
        "statement_fen": contents.statement_fen,
        "minimum_fen": contents.minimum_fen,
        "paid_fen": contents.paid_fen,
        "currency": contents.currency,
        "as_of": instant(bill.as_of),
        "may_have_changed": bill.may_have_changed(tx.now),
    }


def views_of_person(tx: HubTransaction, owner_indexes: Sequence[bytes], *, client_id: str) -> list[Plain]:
    """Every bill that is kept of the person, with its reminder, for their export."""
    kept = bills.list_of(tx, owner_indexes, client_id=client_id)
    return [
        {
            **view(tx, bills.value_of(tx, each)),
            "reminder": None if (found := bills.reminder_of(tx, each)) is None else to_plain(found),
        }
        for each in kept
    ]


def faults(tx: HubTransaction, span: Span = WHOLE) -> Iterator[tuple[str, str, str]]:
    """(invariant, id, detail) of each bill whose row says otherwise than what is sealed in it."""
    for bill_id, detail in bills.list_disagreeing(tx, span):
        yield "bills", bill_id, detail
