"""The heads of the log, the tree that they are roots of, and the places of rows in the two other chains.

All are append-only by trigger, but for the salts, which go with the contents that they belong to.
"""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from storage.records.base import BankCode, Id, Record, Word


class LogHeadRecord(Record):
    """A signed head. `size`: of how many leaves its root is; `at` to the second, as it is signed."""

    __tablename__ = "log_head"

    number: Mapped[int] = mapped_column(sa.Integer, primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    entries: Mapped[int]
    size: Mapped[int]
    root: Mapped[str] = mapped_column(sa.String(64))
    previous: Mapped[str] = mapped_column(sa.String(64))
    key_id: Mapped[str] = mapped_column(sa.String(16))
    signature: Mapped[str] = mapped_column(sa.String(128))


class LogEndRecord(Record):
    """A leaf of the tree: where a chain, a negotiation's id or a log's name, ended when a head was signed."""

    __tablename__ = "log_end"

    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    chain: Mapped[str] = mapped_column(Id)
    length: Mapped[int]
    head: Mapped[str] = mapped_column(sa.String(64))

    __table_args__ = (sa.UniqueConstraint("chain", "length"),)


class LogNodeRecord(Record):
    """A whole node of the tree: what proofs are made of without reading all leaves."""

    __tablename__ = "log_node"

    level: Mapped[int] = mapped_column(sa.Integer, primary_key=True, autoincrement=False)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    hash: Mapped[bytes] = mapped_column(sa.LargeBinary(32))


class RowSealRecord(Record):
    """The place of a row of the access log or the audit in the chain of its log, and the digest of the chain there."""

    __tablename__ = "row_seal"

    log: Mapped[str] = mapped_column(Word, primary_key=True)
    sequence: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    row_id: Mapped[str] = mapped_column(Id)
    digest: Mapped[str] = mapped_column(sa.String(64))

    __table_args__ = (sa.UniqueConstraint("log", "row_id"),)


class ContentSaltRecord(Record):
    """The salt of the digest by which the log commits to contents. Without it nobody can confirm a guess at them."""

    __tablename__ = "content_salt"

    content_id: Mapped[str] = mapped_column(Id, primary_key=True)
    kind: Mapped[str] = mapped_column(Word, primary_key=True)
    negotiation_id: Mapped[str] = mapped_column(Id)
    bank_code: Mapped[str] = mapped_column(BankCode)
    salt_sealed: Mapped[bytes]

    __table_args__ = (sa.Index("ix_content_salt_bank_code", "bank_code", "negotiation_id"),)
