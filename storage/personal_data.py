"""Whose personal data the columns of a table hold, as `data_map` says it."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from hub.domain.retention import DataClass


class Whose(StrEnum):
    """Whose personal data a column holds."""

    CARDHOLDER = "cardholder"
    # Free words and papers also speak of relatives, helpers, colleagues.
    OTHERS_TOO = "others_too"
    STAFF = "staff"
    NOBODY = "nobody"


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """The columns of one table by whose they are, each named once, with a blank between two."""

    of: DataClass
    cardholder: str = ""
    others_too: str = ""
    staff: str = ""
    nobody: str = ""
    # Those of the above that are keyed hashes or digests of something a person is known by.
    keyed: str = ""

    def columns(self) -> Iterator[tuple[str, Whose]]:
        """Each column that is named, and whose it is."""
        for whose in Whose:
            for name in getattr(self, whose).split():
                yield name, whose
