"""Agreements as a bank follows them over its cases: pages by the next day or the end, and how many there are.

Each question is one range of one index, whatever else is stored. A count stops at `MOST_COUNTED`.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

import sqlalchemy as sa

from hub.domain.agreement_end import EndReason
from hub.domain.paging import MOST_COUNTED, Page
from hub.domain.payment_standing import WEEK, Following
from storage.bounded_counts import count_up_to
from storage.records import AgreementRecord, ClearanceRecord, NegotiationRecord
from storage.transaction import Transaction

# Spelt as the partial indexes have it.
_WHICH: Final[Mapping[Following, str]] = {
    Following.IN_FORCE: "agreement.status = 'in_force'",
    Following.THIS_WEEK: "agreement.status = 'in_force'",
    Following.GRACE: "agreement.status = 'in_force'",
    Following.PART_PAID: "agreement.status = 'in_force' AND agreement.part_paid_rows > 0",
    Following.MISSED: "agreement.status = 'in_force' AND agreement.missed_rows > 0",
    Following.CERTIFICATES: "clearance.issued_at IS NULL",
    Following.ENDED: "agreement.ended_at IS NOT NULL",
}


def list_page(
    tx: Transaction,
    bank_code: str,
    following: Following,
    *,
    today: date,
    ended_for: EndReason | None,
    page: Page,
) -> list[tuple[AgreementRecord, NegotiationRecord]]:
    """A page of the bank's agreements, one more than its limit where there are more.

    The next payment first; of those that ended the last one; of certificates the one due first. `ended_for` narrows
    those that ended.
    """
    order, id_ = _order(following), _id(following)
    query = (
        sa.select(AgreementRecord, NegotiationRecord)
        .select_from(_from(following))
        .join(NegotiationRecord, NegotiationRecord.id == AgreementRecord.negotiation_id)
        .where(*_of(bank_code, following, today))
    )
    if ended_for is not None:
        query = query.where(AgreementRecord.end_reason == ended_for)
    if page.after is not None:
        at: Any = page.after[0].date() if order.type.python_type is date else page.after[0]
        seen = sa.tuple_(sa.literal(at, order.type), sa.literal(page.after[1]))
        place = sa.tuple_(order, id_)
        query = query.where(place < seen if following is Following.ENDED else place > seen)
    by = (order.desc(), id_.desc()) if following is Following.ENDED else (order, id_)
    return [(agreement, of) for agreement, of in tx.session.execute(query.order_by(*by).limit(page.limit + 1))]


def count(tx: Transaction, bank_code: str, following: Following, *, today: date) -> int:
    """How many there are; `MOST_COUNTED` + 1 where there are more than that."""
    order = _order(following)
    found = sa.select(order).select_from(_from(following, counted=True)).where(*_of(bank_code, following, today))
    return tx.session.scalar(count_up_to(MOST_COUNTED + 1, found, order)) or 0


def owed_of(tx: Transaction, agreement_ids: list[str]) -> dict[str, ClearanceRecord]:
    """The certificates that are owed for these agreements, by agreement."""
    owed = (ClearanceRecord.agreement_id.in_(agreement_ids), ClearanceRecord.issued_at.is_(None))
    return {each.agreement_id: each for each in tx.session.scalars(sa.select(ClearanceRecord).where(*owed))}


def _from(following: Following, *, counted: bool = False) -> Any:
    if following is not Following.CERTIFICATES:
        return AgreementRecord
    if counted:
        return ClearanceRecord
    return sa.join(ClearanceRecord, AgreementRecord, AgreementRecord.id == ClearanceRecord.agreement_id)


def _of(bank_code: str, following: Following, today: date) -> list[Any]:
    mine = ClearanceRecord if following is Following.CERTIFICATES else AgreementRecord
    which: list[Any] = [mine.bank_code == bank_code, sa.text(_WHICH[following])]
    if following is Following.THIS_WEEK:
        which.append(AgreementRecord.next_due_on.between(today, today + WEEK))
    if following is Following.GRACE:
        which.append(AgreementRecord.next_due_on < today)
    return which


def _order(following: Following) -> Any:
    if following is Following.CERTIFICATES:
        return ClearanceRecord.due_at
    return AgreementRecord.ended_at if following is Following.ENDED else AgreementRecord.next_due_on


def _id(following: Following) -> Any:
    return ClearanceRecord.id if following is Following.CERTIFICATES else AgreementRecord.id
