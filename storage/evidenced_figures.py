"""What a bank's people read in the papers of its cases; the newest of a line counts, older ones are kept."""

from collections.abc import Sequence

import sqlalchemy as sa

from hub.domain.evidenced_figures import EvidencedFigure
from hub.domain.plain import from_plain, to_plain
from storage.records import EvidencedFigureRecord, NegotiationRecord, new_id
from storage.sealed_json import open_json, seal_json
from storage.transaction import Transaction

_TABLE = EvidencedFigureRecord.__tablename__


def add(tx: Transaction, negotiation: NegotiationRecord, figure: EvidencedFigure, *, actor: str) -> None:
    """This is what counts for its line from now on. The negotiation's row must be locked."""
    take_back(tx, negotiation, figure.line)
    id_ = new_id()
    tx.session.add(
        EvidencedFigureRecord(
            id=id_,
            negotiation_id=negotiation.id,
            bank_code=negotiation.bank_code,
            line=figure.line,
            said_sealed=seal_json(tx, to_plain(figure), table=_TABLE, column="said", row=id_),
            actor=actor,
            at=tx.now,
        )
    )
    tx.session.flush()


def take_back(tx: Transaction, negotiation: NegotiationRecord, line: str) -> bool:
    """Nothing counts for the line any more; False where nothing did."""
    for record in newest(tx, negotiation.id, bank_code=negotiation.bank_code):
        if record.line == line:
            record.replaced_at = tx.now
            tx.session.flush()
            return True
    return False


def newest(tx: Transaction, negotiation_id: str, *, bank_code: str) -> Sequence[EvidencedFigureRecord]:
    """What counts for the lines of the bank's case."""
    query = sa.select(EvidencedFigureRecord).where(
        EvidencedFigureRecord.negotiation_id == negotiation_id,
        EvidencedFigureRecord.replaced_at.is_(None),
        EvidencedFigureRecord.bank_code == bank_code,
    )
    return tx.session.scalars(query).all()


def figure_of(tx: Transaction, record: EvidencedFigureRecord) -> EvidencedFigure:
    """What was read."""
    return from_plain(EvidencedFigure, open_json(tx, record.said_sealed, table=_TABLE, column="said", row=record.id))
