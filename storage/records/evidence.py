"""Evidence files, printed documents, and which negotiation a file was given to."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from storage.records.base import BankCode, Id, Record, Word


class EvidenceRecord(Record):
    """A file that was uploaded. Its bytes lie in the evidence store under `store_name`, sealed with its own key."""

    __tablename__ = "evidence"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    client_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("client.id"))
    subject_index: Mapped[bytes | None] = mapped_column(sa.LargeBinary(32))
    # None in no row; SQLite adds no column to a table with rows that says so.
    kind_sealed: Mapped[bytes | None]
    file_name_sealed: Mapped[bytes]
    media_type: Mapped[str] = mapped_column(Word)
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(sa.String(64))
    status: Mapped[str] = mapped_column(Word)
    reason: Mapped[str | None] = mapped_column(Word)
    store_name: Mapped[str] = mapped_column(sa.String(64), unique=True)
    file_key_sealed: Mapped[bytes]
    uploaded_at: Mapped[datetime]
    attached_at: Mapped[datetime | None]

    __table_args__ = (
        # The sweeper looks for files that still wait for their verdict.
        sa.Index(
            "ix_evidence_checking",
            "uploaded_at",
            sqlite_where=sa.text("status = 'checking'"),
            postgresql_where=sa.text("status = 'checking'"),
        ),
    )


class CleanCopyRecord(Record):
    """The copy of a clean file that banks get; its id is the file's. Its bytes lie as those of evidence do."""

    __tablename__ = "clean_copy"

    id: Mapped[str] = mapped_column(Id, sa.ForeignKey("evidence.id"), primary_key=True)
    media_type: Mapped[str] = mapped_column(Word)
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(sa.String(64))
    store_name: Mapped[str] = mapped_column(sa.String(64), unique=True)
    file_key_sealed: Mapped[bytes]
    made_at: Mapped[datetime]
    # A small picture for the page of who sent it; none of what was copied before there were thumbnails.
    thumbnail_sealed: Mapped[bytes | None] = mapped_column(deferred=True)
    # What a PDF held beside its pages, which its copy does not: words of `ActiveContent`, parted by blanks.
    removed: Mapped[str] = mapped_column(sa.String(200), default="", server_default=sa.text("''"))
    # Whether a PDF had an electronic signature, which no copy keeps.
    was_signed: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    # What a PDF said of its making, as plain data.
    origin_sealed: Mapped[bytes | None]


class WantedCopyRecord(Record):
    """A clean file whose clean copy is still to be made, or cannot be; its id is the file's."""

    __tablename__ = "wanted_copy"

    id: Mapped[str] = mapped_column(Id, sa.ForeignKey("evidence.id"), primary_key=True)
    asked_at: Mapped[datetime]
    # Why none can be made; none while it waits.
    reason: Mapped[str | None] = mapped_column(Word)

    __table_args__ = (
        sa.Index(
            "ix_wanted_copy_waiting",
            "asked_at",
            sqlite_where=sa.text("reason IS NULL"),
            postgresql_where=sa.text("reason IS NULL"),
        ),
    )


class ViewingCopyRecord(Record):
    """How far the pages of a clean file are that are pictures to look at; its id is the file's."""

    __tablename__ = "viewing_copy"

    id: Mapped[str] = mapped_column(Id, sa.ForeignKey("evidence.id"), primary_key=True)
    status: Mapped[str] = mapped_column(Word)
    reason: Mapped[str | None] = mapped_column(Word)
    pages: Mapped[int] = mapped_column(sa.Integer)
    # Pages of the file that are no pictures: it is longer than is shown, or they cannot be drawn.
    left_out: Mapped[int] = mapped_column(sa.Integer)
    asked_at: Mapped[datetime]
    made_at: Mapped[datetime | None]
    # Of the first page.
    thumbnail_sealed: Mapped[bytes | None] = mapped_column(deferred=True)

    __table_args__ = (
        sa.Index(
            "ix_viewing_copy_waiting",
            "asked_at",
            sqlite_where=sa.text("status = 'waiting'"),
            postgresql_where=sa.text("status = 'waiting'"),
        ),
    )


class ViewingPageRecord(Record):
    """One page of a viewing copy, a JPEG. Its bytes lie as those of evidence do."""

    __tablename__ = "viewing_page"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    evidence_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("viewing_copy.id"))
    number: Mapped[int] = mapped_column(sa.Integer)
    width: Mapped[int] = mapped_column(sa.Integer)
    height: Mapped[int] = mapped_column(sa.Integer)
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(sa.String(64))
    store_name: Mapped[str] = mapped_column(sa.String(64), unique=True)
    file_key_sealed: Mapped[bytes]
    # The perceptual hash of what is seen, of the first pages alone; none of what shows too little to tell.
    picture_hash_sealed: Mapped[bytes | None]

    __table_args__ = (sa.UniqueConstraint("evidence_id", "number"),)


class GivenEvidenceRecord(Record):
    """A file as it was given to one negotiation, under the kind that was named there."""

    __tablename__ = "given_evidence"

    negotiation_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("negotiation.id"), primary_key=True)
    evidence_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("evidence.id"), primary_key=True)
    bank_code: Mapped[str] = mapped_column(BankCode)
    kind_sealed: Mapped[bytes]
    given_at: Mapped[datetime]
    # The version of the submission it came with; 0 when it came later, with a message or a call.
    version: Mapped[int] = mapped_column(sa.Integer, primary_key=True)

    __table_args__ = (
        sa.Index("ix_given_evidence_bank_code", "bank_code", "negotiation_id"),
        sa.Index("ix_given_evidence_evidence_id", "evidence_id"),
    )


class DocumentRecord(Record):
    """A printed document: the application form of one version, or the agreement."""

    __tablename__ = "document"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    negotiation_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("negotiation.id"))
    bank_code: Mapped[str] = mapped_column(BankCode)
    kind: Mapped[str] = mapped_column(Word)
    version: Mapped[int] = mapped_column(sa.Integer)
    sha256: Mapped[str] = mapped_column(sa.String(64))
    size: Mapped[int]
    store_name: Mapped[str] = mapped_column(sa.String(64), unique=True)
    file_key_sealed: Mapped[bytes]
    printed_at: Mapped[datetime]

    __table_args__ = (
        sa.UniqueConstraint("negotiation_id", "kind", "version"),
        sa.Index("ix_document_bank_code", "bank_code", "negotiation_id"),
    )
