"""All that is held of one person as one ZIP: data a program can read, a page a person can read, and whole records."""

import json
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from tempfile import SpooledTemporaryFile
from typing import IO, Final

from hub.documents.packing import add_member
from hub.documents.record import EvidenceFile
from hub.documents.typesetting import TEMPLATES, html_from

_README: Final = TEMPLATES / "person-export-readme.txt"
_PIECE: Final = 256 * 1024
# A record larger than this goes through a file on its way in.
_IN_MEMORY: Final = 2 * 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """Something held of a negotiation: what, from whom, until when; without `until`: `days` from `begins`."""

    what_zh: str
    what_en: str
    from_zh: str
    from_en: str
    days: int
    begins_zh: str
    begins_en: str
    until: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What one sort of reader saw on one day, how often, and when last."""

    who_zh: str
    who_en: str
    what_zh: str
    what_en: str
    times: int
    last_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NegotiationOverview:
    """One negotiation as a person reads of it. `consents`: (what, given on, taken back on or None), days in China.

    `is_held`: a legal hold keeps all of it.
    """

    reference: str
    bank: str
    status: str
    opened_at: datetime
    owed_fen: int
    files: int
    entries: int
    readings: int
    consents: Sequence[tuple[str, datetime, datetime | None]]
    held: Sequence[Held]
    seen: Sequence[Seen]
    is_held: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonParts:
    """What an export holds. `areas` is plain data by the name of its file; a record writes itself when it is its turn.

    `people`: names, numbers and ways to be reached as the person gave them, rows for the page to read.
    """

    made_at: datetime
    people: Sequence[Mapping[str, str]]
    overview: Sequence[NegotiationOverview]
    unsent_days: int
    choices_days: int
    bills_days: int
    referrals_days: int
    mandates_days: int
    traces_days: int
    areas: Mapping[str, object]
    records: Mapping[str, Callable[[IO[bytes]], None]]
    files: Iterable[EvidenceFile]


def write_export(out: IO[bytes], parts: PersonParts, *, overview_pdf: bytes | None) -> None:
    """`out` holds the export; one record at a time lies beside it, so that memory stays flat however many there are.

    `overview_pdf` is `overview_of` as it was printed, None where nothing could be.
    """
    page = html_from("person-export.html", export=parts)
    with zipfile.ZipFile(out, "w") as export:
        add_member(export, "README.txt", [_README.read_bytes()])
        if overview_pdf is not None:
            add_member(export, "overview.pdf", [overview_pdf])
        add_member(export, "overview.html", [page.encode()])
        for name, area in parts.areas.items():
            content = json.dumps(area, ensure_ascii=False, indent=1).encode()
            add_member(export, f"data/{name}.json", [content])
        for reference, write in parts.records.items():
            with SpooledTemporaryFile(max_size=_IN_MEMORY) as record:
                write(record)
                record.seek(0)
                add_member(export, f"negotiations/{reference}/record.zip", _pieces(record), packed=False)
        for file in parts.files:
            add_member(export, f"files/{file.name}", file.chunks, packed=False)


def overview_of(parts: PersonParts) -> str:
    """What is held, where it came from, who saw it and until when it is kept, as HTML ready to print."""
    return html_from("person-overview.html", export=parts)


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    while piece := file.read(_PIECE):
        yield piece
