"""What is shown of an agreement, on every face alike: what was signed, and what became of it since."""

from dataclasses import dataclass

from hub.domain import early_settlement, pay_day, payments
from hub.domain.agreement import AgreementContents
from hub.domain.agreement_end import AgreementStatus, EndReason, hears_the_bank
from hub.domain.amendment import AmendmentKind
from hub.domain.balances import left_out_fen, planned_of
from hub.domain.china import china_day
from hub.domain.payments import PaymentRow, PaymentWord, Reported
from hub.domain.plain import Plain, from_plain, instant, to_plain
from hub.domain.repayment import ScheduleRow
from hub.domain.terms import Terms
from hub.services.agreements.amendment_views import amendment_views
from hub.services.agreements.signed_contents import digest_signed, texts_signed, tolerance_of
from hub.services.documents.document_views import document_view
from hub.services.transaction import HubTransaction
from storage import agreements, amendments, clearances, collection, documents
from storage.payments import list_of as list_payments
from storage.payments import said_of
from storage.records import AgreementRecord


def payment_rows(tx: HubTransaction, agreement: AgreementRecord) -> list[PaymentRow]:
    """Every row of the agreement as it was signed and amended, with what the bank told of it since."""
    contents = agreements.contents_of(tx, agreement)
    due = payments.due_rows(
        from_plain(Terms, contents["terms"]), from_plain(tuple[ScheduleRow, ...], contents["schedule"]["rows"])
    )
    said = [(each, said_of(tx, each)) for each in list_payments(tx, agreement.id)]
    reported = [
        Reported(number=record.number, paid_on=each.paid_on, amount_fen=each.amount_fen, at=record.recorded_at)
        for record, each in said
        if each.status == PaymentWord.PAID and each.paid_on is not None
    ]
    # The bank's last word on each row that it ever called missed.
    words = {record.number: each.status for record, each in said if each.status != PaymentWord.PAID}
    missed = {number for number, word in words.items() if word == PaymentWord.MISSED}
    amended = [amendments.contents_of(tx, each) for each in amendments.list_counting(tx, agreement.id)]
    tolerance_fen = tolerance_of(tx, agreement)
    for each in amended:
        if each is not None and each.kind is AmendmentKind.PAY_DAY:
            due = pay_day.moved(due, {row.number: row.due_on for row in each.after})
    rows = payments.rows_of(due, reported, missed, tolerance_fen=tolerance_fen)
    for each in amended:
        if each is not None and each.kind is AmendmentKind.EARLY_SETTLEMENT:
            return early_settlement.settled_early(rows, each, tolerance_fen=tolerance_fen)
    return rows


def is_unsettled(tx: HubTransaction, agreement: AgreementRecord, rows: list[PaymentRow]) -> bool:
    """Whether the day of its one payment is over and the bank has not said yet whether it came.

    Nobody knows then whether it holds. What is paid in parts does not fail by itself.
    """
    if agreement.status != AgreementStatus.IN_FORCE or agreement.judged_at is None:
        return False
    due = payments.next_open(rows)
    return due is not None and due.due_on < china_day(tx.now)


def agreement_view(tx: HubTransaction, agreement: AgreementRecord) -> Plain:
    """The agreement with what came of its payments, and its paper once it is printed."""
    plain = agreements.contents_of(tx, agreement)
    contents = from_plain(AgreementContents, plain)
    rows = payment_rows(tx, agreement)
    return {
        "id": agreement.id,
        "number": agreement.number,
        "status": agreement.status,
        "unsettled": is_unsettled(tx, agreement, rows),
        "signed_at": instant(agreement.signed_at),
        "offer_id": agreement.offer_id,
        "payments": [payment_view(row) for row in rows],
        "document": document_view(tx, agreement.negotiation_id, documents.AGREEMENT, "agreement.pdf"),
        "schedule": plain["schedule"]["rows"],
        "planned": to_plain(planned_of(contents.terms, contents.balances)),
        "left_out_fen": max(0, left_out_fen(contents.terms, contents.balances)),
        "texts": to_plain(texts_signed(tx, agreement)),
        "clauses": None if contents.clauses is None else to_plain(contents.clauses),
        **to_plain(contents.legal),
        "digest": digest_signed(tx, agreement),
        "collection_hold_since": instant(agreement.collection_held_at),
        "hold_missing": list(missing_holds(tx, agreement)),
        "hold_applied": [
            {"by": each.by, "at": instant(each.stopped_at)} for each in collection.list_holds(tx, agreement.id)
        ],
        **amendment_views(tx, agreement, rows),
        **ending_view(tx, agreement),
        "default_notice": _default_notice(tx, agreement),
        "clearance": clearance_view(tx, agreement),
    }


def _default_notice(tx: HubTransaction, agreement: AgreementRecord) -> Plain | None:
    if agreement.end_reason != EndReason.DEFAULTED:
        return None
    path = "agreement/default-notice.pdf"
    return document_view(tx, agreement.negotiation_id, documents.DEFAULT_NOTICE, path)


def clearance_view(tx: HubTransaction, agreement: AgreementRecord) -> Plain | None:
    """How the certificate of settlement stands; None before one is due, and no document while it prints."""
    record = clearances.find(tx, agreement.id)
    if record is None:
        return None
    path, version = "agreement/clearance.pdf", record.version
    paper = version and document_view(tx, agreement.negotiation_id, documents.CLEARANCE, path, version=version)
    return {
        "asked_at": None if record.asked_at is None else instant(record.asked_at),
        "due_at": instant(record.due_at),
        "issued_at": None if record.issued_at is None else instant(record.issued_at),
        "document": paper or None,
    }


def missing_holds(tx: HubTransaction, agreement: AgreementRecord) -> tuple[str, ...]:
    """Who collects for the bank and has not said yet that they stopped; nobody where the agreement is over."""
    if agreement.status != AgreementStatus.IN_FORCE:
        return ()
    stopped = (each.by for each in collection.list_holds(tx, agreement.id))
    return tx.bank(agreement.bank_code).collectors.missing(stopped)


def payment_view(row: PaymentRow) -> Plain:
    """One row of an agreement as it stands."""
    return {
        "number": row.number,
        "due_on": row.due_on.isoformat(),
        "total_fen": row.total_fen,
        "paid_fen": row.paid_fen,
        "status": row.status,
        "reported": [
            {"paid_on": each.paid_on.isoformat(), "amount_fen": each.amount_fen, "at": instant(each.at)}
            for each in row.reported
        ],
    }


def ending_view(tx: HubTransaction, agreement: AgreementRecord) -> Plain:
    """Whether, when and why the agreement ended, and until when collection has to rest: for good where it is settled.

    While it is in force all are null.
    """
    ended_at, counts_from = agreement.ended_at, agreement.end_effective_at or agreement.ended_at
    note = agreements.end_note_of(tx, agreement)
    effective_at = None if counts_from is None else instant(counts_from)
    return {
        "ended_at": None if ended_at is None else instant(ended_at),
        "end_reason": agreement.end_reason,
        "end_effective_at": effective_at,
        "end_text": None if note is None else note.text,
        "waived_rest_fen": None if note is None else note.waived_fen,
        "replaced_by": None if note is None else note.replaced_by,
        "collection_hold_until": None if agreement.end_reason == EndReason.SETTLED else effective_at,
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class NextSteps:
    """What the bank may do with an agreement today. After an end it may do nothing: every part is empty.

    `hears_the_bank`: its word on payments and on the end counts, as in what failed by itself.
    """

    is_in_force: bool
    missable: tuple[PaymentRow, ...]
    missed: tuple[PaymentRow, ...]
    hears_the_bank: bool
    open_rows: tuple[PaymentRow, ...]
    missed_needed: int

    @property
    def may_default(self) -> bool:
        """Whether so much was missed that the agreement may be ended for it."""
        return self.hears_the_bank and len(self.missed) >= self.missed_needed


def next_steps(tx: HubTransaction, agreement: AgreementRecord) -> NextSteps:
    """What the rules allow the bank to do with the agreement now."""
    rules = tx.bank(agreement.bank_code).rules
    status = AgreementStatus(agreement.status)
    ended_for = None if agreement.end_reason is None else EndReason(agreement.end_reason)
    hears = hears_the_bank(status, ended_for)
    rows = payment_rows(tx, agreement)
    today = china_day(tx.now)
    missed = payments.missed_rows(rows)
    return NextSteps(
        is_in_force=status is AgreementStatus.IN_FORCE,
        hears_the_bank=hears,
        missable=tuple(
            row
            for row in rows
            if hears and row not in missed and payments.may_be_missed(row, today=today, grace_days=rules.grace_days)
        ),
        missed=tuple(missed) if hears else (),
        open_rows=tuple(row for row in rows if row.is_open and hears),
        missed_needed=payments.rows_before_default(rows, texts_signed(tx, agreement).void_after_missed),
    )
