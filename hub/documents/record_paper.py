"""The whole record of a negotiation as it is printed to be read: every entry in its order, with the files it names."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from hub.documents.paper_parties import PaperParties
from hub.documents.typesetting import content_digest, html_from, require_instants
from hub.domain.china import china_day
from hub.domain.errors import InvalidValue
from hub.domain.log_chain import Head
from hub.domain.log_heads import Head as SignedHead


@dataclass(frozen=True, slots=True, kw_only=True)
class FileLine:
    """A file or paper that came with an entry: what it is, its name where it has one, and what identifies its bytes."""

    kind_label: str
    file_name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryLine:
    """One entry of the log. `text` is None where its words were erased; `is_machine`: the hub notes its own work."""

    sequence: int
    at: datetime
    who: str
    channel_label: str
    text: str | None
    is_machine: bool
    digest: str
    files: tuple[FileLine, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordPaper(PaperParties):
    """Everything that stands in the record to read: the log up to `log_head`, oldest first."""

    cards: tuple[str, ...]
    agreement_number: str
    opened_at: datetime
    made_at: datetime
    entries: tuple[EntryLine, ...]
    log_head: Head
    # The newest signed head of the whole log when the record was printed; None before the first.
    signed_head: SignedHead | None = None

    def __post_init__(self) -> None:
        require_instants(self.opened_at, self.made_at, *(each.at for each in self.entries))
        if [each.sequence for each in self.entries] != list(range(1, self.log_head.sequence + 1)):
            raise InvalidValue("document_incomplete")

    @property
    def days(self) -> Iterator[tuple[date, list[EntryLine]]]:
        """The entries by their day in China."""
        for day, entries in groupby(self.entries, key=lambda each: china_day(each.at)):
            yield day, list(entries)


def html_of(paper: RecordPaper) -> str:
    """The record as HTML, ready to print; the same value gives the same text."""
    return html_from("record.html", paper=paper, digest=content_digest(paper))
