"""What is sent to the database while something happens."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

import sqlalchemy as sa


class Statement(NamedTuple):
    """A statement as the driver gets it, and what it is asked with."""

    text: str
    values: object


@contextmanager
def sent_by(what: sa.Connection | sa.Engine) -> Iterator[list[Statement]]:
    """The statements that go through `what` meanwhile, in their order."""
    sent: list[Statement] = []

    def note(_connection: object, _cursor: object, text: str, values: object, *_rest: object) -> None:
        sent.append(Statement(text, values))

    sa.event.listen(what, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        sa.event.remove(what, "before_cursor_execute", note)


def plans_of(connection: sa.Connection, sent: list[Statement]) -> list[str]:
    """How SQLite goes about each of those that read."""
    return [
        str(line)
        for statement, values in sent
        if statement.startswith("SELECT")
        for line in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)  # type: ignore[arg-type]
    ]
