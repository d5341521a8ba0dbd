"""Breaking what is stored on purpose, as somebody with the database's password could, and taking it back again."""

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa

from hub.domain.actor import HUB
from hub.services.transaction import HubTransaction
from hub.wiring import Hub
from storage import append_only


class _Undone(Exception):
    """Thrown to roll the breaking back."""


@contextmanager
def broken(hub: Hub, *statements: sa.Executable) -> Iterator[HubTransaction]:
    """A transaction in which the logs are no longer append-only and the statements were run; nothing of it stays."""
    try:
        with hub.writing(HUB) as tx:
            if hub.database.on_sqlite:
                for unguard in append_only.undo_statements("sqlite"):
                    tx.session.execute(sa.text(unguard))
                tx.session.execute(sa.text("PRAGMA defer_foreign_keys = ON"))
            else:
                # As somebody who may do anything, not as the application.
                tx.session.execute(sa.text("SET LOCAL ROLE NONE"))
                tx.session.execute(sa.text("SET LOCAL session_replication_role = replica"))
            for statement in statements:
                tx.session.execute(statement)
            yield tx
            _undo()
    except _Undone:
        pass


def _undo() -> None:
    raise _Undone
