"""What every finding and writing needs: an open session, the keys, and the one instant the transaction happens at."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar, cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from hub.domain.errors import HubError
from storage.database import written_together
from storage.row_security import CONFINE, EVERY_BANK, SETTING
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

    @contextmanager
    def across_banks(self) -> Iterator[None]:
        """PostgreSQL shows and takes rows of every bank meanwhile, in a transaction that is confined to one too.

        For what is one over all banks, like whose an e-mail address is.
        """
        if self.session.get_bind().dialect.name == "sqlite":
            yield
            return
        before = self.session.scalar(sa.select(sa.func.current_setting(SETTING, True)))
        self.session.execute(CONFINE, {"bank_code": EVERY_BANK})
        try:
            yield
            # What is still to be written belongs in here.
            self.session.flush()
        except HubError:
            # A refusal leaves the transaction whole, and whoever catches it goes on in it.
            self.session.execute(CONFINE, {"bank_code": before})
            raise
        self.session.execute(CONFINE, {"bank_code": before})


class Known(Generic[K, V]):
    """Values that a transaction has read or written and need not read again, by their keys; gone with it.

    One for each kind of thing, beside the only code that writes such a thing: whoever changes it takes the old one out.
    """

    def of(self, tx: Transaction) -> dict[K, V]:
        """What is known in `tx`, to be read, added to and taken from."""
        return cast("dict[K, V]", tx.session.info.setdefault(self, {}))
