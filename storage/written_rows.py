"""Rows that were just inserted by their table, as records of the session: as if they had been read."""

from collections.abc import Mapping
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import make_transient_to_detached
from sqlalchemy.orm.attributes import instance_dict

from storage.records import Record
from storage.transaction import Known, Transaction

R = TypeVar("R", bound=Record)
# The session itself holds no record that nobody else holds.
_WRITTEN = Known[str, Record]()


def as_written(tx: Transaction, kind: type[R], row: Mapping[str, Any]) -> R:
    """The record of a row that was just inserted, in the session as if it had been read."""
    record = kind()
    # As a row that is read is put in: a constructor notes each value as a change.
    instance_dict(record).update(dict.fromkeys(sa.inspect(kind).columns.keys()), **row)
    make_transient_to_detached(record)
    tx.session.add(record)
    _WRITTEN.of(tx)[row["id"]] = record
    return record
