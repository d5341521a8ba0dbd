"""What every finding and writing needs: an open session, the keys, and the one instant the transaction happens at."""

from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from storage.database import written_together
from storage.sealing import Keyring


@dataclass(frozen=True, slots=True, kw_only=True)
class Transaction:
    """An open transaction. All that is written in it bears the same `now`."""

    session: Session
    keyring: Keyring
    now: datetime

    @property
    def known(self) -> dict[Any, Any]:
        """What storage has read or written in this transaction and need not read again; gone with it.

        Whoever changes such a thing takes its old value out.
        """
        return self.session.info

    def together(self) -> AbstractContextManager[None]:
        """What is written meanwhile goes to the database in one trip; nothing can be read before the end."""
        return written_together(self.session)
