"""What the hub knows of its backups: when each was made, and whether anybody has seen that it can be put back."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

OLD_AFTER: Final = timedelta(hours=36)
"""One is made each night; a backup that is older was followed by none."""
UNCHECKED_AFTER: Final = timedelta(hours=60)
"""Each is read again once it is written: two nights in a row it was not, or was not whole."""
UNDRILLED_AFTER: Final = timedelta(days=9)
"""One a week is restored for trial."""


class BackupKind(StrEnum):
    """What a backup is of."""

    WHOLE = "whole"  # database and evidence, by `hub backup`
    DATABASE = "database"  # the database alone, by PostgreSQL itself


class BackupState(StrEnum):
    """How much is known of a backup; each holds what the one before it says."""

    MADE = "made"
    CHECKED = "checked"  # all of it was read again and was whole
    DRILLED = "drilled"  # it was restored for trial, and every check held


@dataclass(frozen=True, slots=True, kw_only=True)
class BackupNote:
    """A backup of the moment `made_at`. `size` in bytes, where it is known."""

    kind: BackupKind
    made_at: datetime
    size: int | None
    checked_at: datetime | None
    drilled_at: datetime | None

    @property
    def state(self) -> BackupState:
        """The most that is known of it."""
        if self.drilled_at is not None:
            return BackupState.DRILLED
        return BackupState.MADE if self.checked_at is None else BackupState.CHECKED
