"""Who is signed in to the pages, and the codes that sign a person in by text message."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from storage.records.base import Id, Record, Word


class PageSessionRecord(Record):
    """One signed-in browser, known by its token's digest only. Gone with the sign-out."""

    __tablename__ = "page_session"

    digest: Mapped[bytes] = mapped_column(sa.LargeBinary(32), primary_key=True)
    # cardholder or staff.
    kind: Mapped[str] = mapped_column(Word)
    staff_id: Mapped[str | None] = mapped_column(Id, sa.ForeignKey("staff.id"), index=True)
    # Whose it is: the account, or a keyed hash of a cardholder and of the host app that sent them over.
    owner: Mapped[str | None] = mapped_column(Id, index=True)
    # Where the browser was when it signed in.
    address: Mapped[str | None] = mapped_column(sa.String(64))
    # Of what kind it is, in the browser's own words: browser and system, told when it signed in.
    device: Mapped[str | None] = mapped_column(sa.String(80))
    person_sealed: Mapped[bytes | None]
    # When its person last proved a second factor in it; staff alone.
    proved_at: Mapped[datetime | None]
    # The sign-in of staff before this one, which they are told of.
    previous_at: Mapped[datetime | None]
    previous_device: Mapped[str | None] = mapped_column(sa.String(80))
    # Real time, however far the hub's clock was moved for a demo.
    started_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    ends_at: Mapped[datetime] = mapped_column(index=True)


class SignInCodeRecord(Record):
    """A code sent to a mobile number, both kept as keyed hashes."""

    __tablename__ = "sign_in_code"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    mobile_index: Mapped[bytes] = mapped_column(sa.LargeBinary(32))
    digest: Mapped[bytes] = mapped_column(sa.LargeBinary(32))
    sent_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    tries: Mapped[int] = mapped_column(sa.Integer)
    used_at: Mapped[datetime | None]

    __table_args__ = (sa.Index("ix_sign_in_code_mobile", "mobile_index", "sent_at"),)
