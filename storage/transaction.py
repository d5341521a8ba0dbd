"""What every finding and writing needs: an open session, the keys, and the one instant the transaction happens at."""

from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar, cast

from sqlalchemy.orm import Session

from storage.database import written_together
from storage.sealing import Keyring

K = TypeVar("K")
V = TypeVar("V")


@dataclass(frozen=True, slots=True, kw_only=True)
class Transaction:
    """An open transaction. All that is written in it bears the same `now`."""

    session: Session
    keyring: Keyring
    now: datetime

    def together(self) -> AbstractContextManager[None]:
        """What is written meanwhile goes to the database in one trip; nothing can be read before the end."""
        return written_together(self.session)


class Known(Generic[K, V]):
    """Values that a transaction has read or written and need not read again, by their keys; gone with it.

    One for each kind of thing, beside the only code that writes such a thing: whoever changes it takes the old one out.
    """

    def of(self, tx: Transaction) -> dict[K, V]:
        """What is known in `tx`, to be read, added to and taken from."""
        return cast("dict[K, V]", tx.session.info.setdefault(self, {}))
