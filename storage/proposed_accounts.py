"""Further cards that banks propose for a negotiation, and what the person answered."""

from collections.abc import Sequence

import sqlalchemy as sa

from hub.domain.errors import NotFound
from hub.domain.plain import from_plain, to_plain
from hub.domain.proposed_account import ProposedAccount, ProposedAccountStatus
from storage.reading_ahead import known_of
from storage.records import NegotiationRecord, ProposedAccountRecord, new_id
from storage.sealed_json import open_json, seal_json
from storage.transaction import Transaction

_OF_NEGOTIATION = (
    sa.select(ProposedAccountRecord)
    .where(ProposedAccountRecord.negotiation_id == sa.bindparam("id"))
    .order_by(ProposedAccountRecord.proposed_at, ProposedAccountRecord.id)
)


def add_account(tx: Transaction, negotiation: NegotiationRecord, account: ProposedAccount) -> ProposedAccountRecord:
    """The card waits for the person's answer; what is said of it is sealed."""
    id_ = new_id()
    record = ProposedAccountRecord(
        id=id_,
        negotiation_id=negotiation.id,
        bank_code=negotiation.bank_code,
        said_sealed=seal_json(tx, to_plain(account), table="proposed_account", column="said", row=id_),
        status=ProposedAccountStatus.PROPOSED,
        proposed_at=tx.now,
    )
    tx.session.add(record)
    tx.session.flush()
    return record


def account_of(tx: Transaction, record: ProposedAccountRecord) -> ProposedAccount:
    """What the bank said of the card."""
    plain = open_json(tx, record.said_sealed, table="proposed_account", column="said", row=record.id)
    return from_plain(ProposedAccount, plain)


def get_account(tx: Transaction, negotiation_id: str, account_id: str) -> ProposedAccountRecord:
    """The negotiation's proposed card; raises `NotFound`."""
    record = tx.session.get(ProposedAccountRecord, account_id)
    if record is None or record.negotiation_id != negotiation_id:
        raise NotFound
    return record


def list_accounts(tx: Transaction, negotiation_id: str) -> Sequence[ProposedAccountRecord]:
    """All further cards that were proposed for the negotiation, oldest first."""
    known = known_of(tx, ProposedAccountRecord, negotiation_id)
    return known if known is not None else tx.session.scalars(_OF_NEGOTIATION, {"id": negotiation_id}).all()


def set_answer(tx: Transaction, record: ProposedAccountRecord, answer: ProposedAccountStatus) -> None:
    """The person's answer is kept."""
    record.status = answer
    record.answered_at = tx.now
