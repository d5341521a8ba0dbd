"""What is shown of the amendments of an agreement, on every face alike."""

from collections.abc import Sequence
from datetime import date

from hub.domain import early_settlement
from hub.domain.amendment import AmendmentContents, AmendmentKind, AmendmentStatus
from hub.domain.china import china_day
from hub.domain.early_settlement import Figures
from hub.domain.log_chain import Attachment
from hub.domain.payments import PaymentRow
from hub.domain.plain import Plain, from_plain, instant, to_plain
from hub.domain.repayment import ScheduleRow
from hub.domain.terms import Terms
from hub.services.documents.document_views import document_view
from hub.services.negotiations import commitments
from hub.services.negotiations.entries import digest_of
from hub.services.transaction import HubTransaction
from storage import agreements, amendments, documents
from storage.records import AgreementRecord, AmendmentRecord, NegotiationRecord


def digest(contents: AmendmentContents) -> str:
    """The digest of all that the amendment says, which both sides sign."""
    return digest_of(to_plain(contents))


def attachment(
    tx: HubTransaction, negotiation: NegotiationRecord, record: AmendmentRecord, contents: AmendmentContents
) -> Attachment:
    """All that the amendment says, as the log commits to it."""
    owner = commitments.owner_of(negotiation)
    return commitments.committed(tx, owner, record.id, commitments.AMENDMENT_CONTENTS, to_plain(contents))


def amendment_views(tx: HubTransaction, agreement: AgreementRecord, rows: Sequence[PaymentRow]) -> Plain:
    """The newest request of each kind, and all that was signed; `rows` are the agreement's as they stand."""
    records = amendments.list_of(tx, agreement.id)
    newest = {AmendmentKind(each.kind): each for each in records}
    signed = sorted((each for each in records if each.position is not None), key=lambda each: each.position or 0)
    settlement, pay_day = (newest.get(kind) for kind in (AmendmentKind.EARLY_SETTLEMENT, AmendmentKind.PAY_DAY))
    return {
        "early_settlement": None if settlement is None else settlement_view(tx, agreement, settlement, rows),
        "pay_day": None if pay_day is None else pay_day_view(tx, pay_day),
        "amendments": [_signed_view(tx, each) for each in signed],
    }


def estimate_of(
    tx: HubTransaction, agreement: AgreementRecord, record: AmendmentRecord, rows: Sequence[PaymentRow]
) -> Figures:
    """The hub's own reckoning of the early settlement, by the ledger of now."""
    signed = agreements.contents_of(tx, agreement)
    terms = from_plain(Terms, signed["terms"])
    return early_settlement.estimate(
        rows,
        from_plain(tuple[ScheduleRow, ...], signed["schedule"]["rows"]),
        annual_rate_percent=terms.annual_rate_percent,
        signed_on=china_day(agreement.signed_at),
        settle_on=settle_on_of(tx, record),
    )


def settle_on_of(tx: HubTransaction, record: AmendmentRecord) -> date:
    """The day on which the person wants to have paid all."""
    return date.fromisoformat(amendments.asked_of(tx, record)["settle_on"])


def settlement_view(
    tx: HubTransaction, agreement: AgreementRecord, record: AmendmentRecord, rows: Sequence[PaymentRow]
) -> Plain:
    """One request for an early settlement: the bank's quote, and the hub's estimate while it is not signed."""
    asked = amendments.asked_of(tx, record)
    contents = amendments.contents_of(tx, record)
    unsigned = record.status in (AmendmentStatus.WITH_BANK, AmendmentStatus.QUOTED)
    estimate = estimate_of(tx, agreement, record, rows) if unsigned else None
    return {
        **_common(tx, record),
        "settle_on": asked["settle_on"],
        "estimate": None if estimate is None else {**to_plain(estimate), "total_fen": estimate.total_fen},
        "quote": None if contents is None else _quote_view(record, contents),
    }


def _quote_view(record: AmendmentRecord, contents: AmendmentContents) -> Plain:
    return {
        "principal_fen": contents.principal_fen,
        "interest_fen": contents.interest_fen,
        "fee_fen": contents.fee_fen,
        "total_fen": contents.pay_fen,
        "going_on_fen": contents.going_on_fen,
        "saved_fen": contents.going_on_fen - contents.pay_fen,
        "valid_until": None if record.valid_until is None else instant(record.valid_until),
        "fails_on": early_settlement.fails_on(contents).isoformat(),
        "text": contents.text_zh,
        "digest": digest(contents),
    }


def pay_day_view(tx: HubTransaction, record: AmendmentRecord) -> Plain:
    """One request for another pay day, with the rows as they would move, or have moved."""
    contents = amendments.contents_of(tx, record)
    return {
        **_common(tx, record),
        "by": record.by,
        "day": amendments.asked_of(tx, record)["day"],
        "valid_until": None if record.valid_until is None else instant(record.valid_until),
        "rows": [] if contents is None else _moved_rows(contents),
        "digest": None if contents is None else digest(contents),
        "contents_text": "" if contents is None else contents.text_zh,
    }


def _moved_rows(contents: AmendmentContents) -> list[Plain]:
    return [
        {
            "number": after.number,
            "due_on_before": before.due_on.isoformat(),
            "due_on": after.due_on.isoformat(),
            "total_fen": after.total_fen,
        }
        for before, after in zip(contents.before, contents.after, strict=True)
    ]


def _common(tx: HubTransaction, record: AmendmentRecord) -> Plain:
    answer = amendments.answer_of(tx, record)
    return {
        "id": record.id,
        "status": record.status,
        "text": amendments.asked_of(tx, record)["text"],
        "asked_at": instant(record.asked_at),
        "answered_at": None if record.answered_at is None else instant(record.answered_at),
        "answer": None if answer is None else answer["text"],
        "number": record.number,
        "closed_at": None if record.closed_at is None else instant(record.closed_at),
    }


def _signed_view(tx: HubTransaction, record: AmendmentRecord) -> Plain:
    contents = amendments.contents_of(tx, record)
    path, version = f"agreement/amendments/{record.id}/paper.pdf", record.position
    return {
        "id": record.id,
        "number": record.number,
        "kind": record.kind,
        "status": record.status,
        "signed_at": None if record.signed_at is None else instant(record.signed_at),
        "digest": None if contents is None else digest(contents),
        "document": document_view(tx, record.negotiation_id, documents.AMENDMENT, path, version=version),
    }
