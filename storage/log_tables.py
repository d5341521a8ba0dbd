"""The tables that chains lie in: a negotiation's and a request's are alike, and each has tables of its own."""

from typing import Any

import sqlalchemy as sa

from storage.records import LogContentRecord, LogEntryRecord, Record, RequestContentRecord, RequestEntryRecord


class Log:
    """Where the chains of one sort of rows lie: their entries, the words of these, and the column of whose they are."""

    def __init__(self, entry: type[Any], content: type[Any], owner: str) -> None:
        self.entry, self.content, self.owner = entry, content, owner
        self.add_entry = sa.insert(Record.metadata.tables[entry.__tablename__])
        self.add_content = sa.insert(Record.metadata.tables[content.__tablename__])
        self.entry_owner, self.content_owner = getattr(entry, owner), getattr(content, owner)

    def place(self, column: str) -> dict[str, str]:
        """Where a value of the words is sealed."""
        return {"table": self.content.__tablename__, "column": column}


OF_NEGOTIATIONS = Log(LogEntryRecord, LogContentRecord, "negotiation_id")
OF_REQUESTS = Log(RequestEntryRecord, RequestContentRecord, "request_id")
