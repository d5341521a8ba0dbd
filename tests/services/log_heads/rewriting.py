"""Writing a negotiation's log anew, as somebody with the database in hand could: every digest is right again."""

from collections.abc import Callable
from dataclasses import replace

import sqlalchemy as sa

from hub.domain.log_chain import NO_PREVIOUS, Entry
from hub.services.transaction import HubTransaction
from storage import communications
from storage.communications import End
from storage.records import LogEndRecord, LogEntryRecord, LogHeadRecord, LogNodeRecord, NegotiationRecord

ENTRY = LogEntryRecord.__table__
ROW = NegotiationRecord.__table__


def rewrite(tx: HubTransaction, negotiation_id: str, change: Callable[[Entry], Entry]) -> End:
    """Every entry is as `change` gives it, with fresh digests, and the row names the new end; gives that end."""
    previous, length = NO_PREVIOUS, 0
    for entry in communications.list_entries(tx, negotiation_id):
        header = replace(change(entry.header), previous=previous)
        previous, length = header.digest, header.sequence
        values = {
            "at": header.at,
            "party": header.party,
            "attachments": header.header["attachments"],
            "previous": header.previous,
            "digest": header.digest,
        }
        mine = (ENTRY.c.negotiation_id == negotiation_id, ENTRY.c.sequence == length)
        tx.session.execute(sa.update(LogEntryRecord).where(*mine).values(**values))
    tx.session.execute(
        sa.update(NegotiationRecord).where(ROW.c.id == negotiation_id).values(log_head=previous, log_length=length)
    )
    tx.session.expire_all()
    bank_code = tx.session.get_one(NegotiationRecord, negotiation_id).bank_code
    return End(negotiation_id=negotiation_id, bank_code=bank_code, length=length, head=previous)


def forget_heads() -> list[sa.Executable]:
    """What leaves the database as if no head was ever signed."""
    tables: list[sa.Executable] = [sa.delete(each) for each in (LogHeadRecord, LogEndRecord, LogNodeRecord)]
    return [*tables, sa.update(NegotiationRecord).values(log_mac=None)]
