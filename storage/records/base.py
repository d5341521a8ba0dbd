"""What all records share: the declarative base, names of constraints, and the types both databases agree on."""

from datetime import UTC, datetime
from typing import Any, ClassVar

import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from uuid_utils import uuid7

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class UtcDateTime(sa.TypeDecorator[datetime]):
    """An instant: always timezone-aware in Python, kept in UTC, also on SQLite, which forgets zones."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        """UTC; naive on SQLite. A naive instant is a mistake of ours and raises ValueError."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs a time zone")
        in_utc = value.astimezone(UTC)
        return in_utc.replace(tzinfo=None) if dialect.name == "sqlite" else in_utc

    def process_result_value(self, value: datetime | None, _dialect: sa.Dialect) -> datetime | None:
        """The instant in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


Id = sa.String(32)
BankCode = sa.String(16)
Word = sa.String(40)


class Record(DeclarativeBase):
    """Base of all records."""

    metadata = sa.MetaData(naming_convention=NAMING)
    type_annotation_map: ClassVar = {
        datetime: UtcDateTime,
        dict[str, Any]: sa.JSON,
        list[Any]: sa.JSON,
        list[str]: sa.JSON,
        bytes: sa.LargeBinary,
        int: sa.BigInteger,
    }


class OfOnePerson:
    """What a row holds that is one person's alone, until it is of no use any more."""

    # The keyed hash of the person's document, of the mobile of one who is known by that alone, or of a staff account.
    owner_index: Mapped[bytes] = mapped_column(sa.LargeBinary(32))
    # The host app that sent the person over; the hub's own form for one who came by a text message; a staff's bank.
    client_id: Mapped[str] = mapped_column(Id)
    changed_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)


def new_id() -> str:
    """A fresh identifier: 32 hex characters of a UUIDv7, so that later ones sort later."""
    return uuid7().hex
