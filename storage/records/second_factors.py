"""What proves who somebody of the staff is, beside password and authenticator: passkeys and recovery codes."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from storage.records.base import Id, Record


class RecoveryCodeRecord(Record):
    """One of the codes that let somebody in whose device is lost, each once; kept as a keyed hash."""

    __tablename__ = "recovery_code"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    staff_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("staff.id"), index=True)
    digest: Mapped[bytes] = mapped_column(sa.LargeBinary(32))
    made_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class PasskeyRecord(Record):
    """A key pair whose private half never leaves somebody's device; this is the public one."""

    __tablename__ = "passkey"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    staff_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("staff.id"), index=True)
    # What the device calls it; at most 1023 bytes by the standard.
    credential_id: Mapped[bytes] = mapped_column(sa.LargeBinary(1023), unique=True)
    # COSE, as the device gave it.
    public_key: Mapped[bytes]
    # How often it was used, by the device's count; 0 for ever with devices that do not count.
    sign_count: Mapped[int]
    # What its owner calls it.
    name: Mapped[str] = mapped_column(sa.String(40))
    added_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
