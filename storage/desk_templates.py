"""Canned replies and templates of offers of a bank: versions, each written once."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from storage.database import added
from storage.records import DeskTemplateRecord, new_id
from storage.transaction import Transaction


def list_versions(tx: Transaction, bank_code: str, sort: str) -> Sequence[DeskTemplateRecord]:
    """Every version of the bank's templates of that sort, each template's oldest first."""
    query = (
        sa.select(DeskTemplateRecord)
        .where(DeskTemplateRecord.bank_code == bank_code, DeskTemplateRecord.sort == sort)
        .order_by(DeskTemplateRecord.template_id, DeskTemplateRecord.version)
    )
    return tx.session.scalars(query).all()


def add_version(
    tx: Transaction,
    *,
    bank_code: str,
    sort: str,
    template_id: str,
    version: int,
    body: Mapping[str, Any],
    by: str,
    at: datetime,
) -> bool:
    """Whether the version could be added; false where a colleague has made it in the same moment."""
    return added(
        tx.session,
        DeskTemplateRecord(
            id=new_id(),
            bank_code=bank_code,
            sort=sort,
            template_id=template_id,
            version=version,
            body=dict(body),
            changed_by=by,
            changed_at=at,
        ),
    )
