"""Reading where a PDF says that it comes from. Runs in confined child processes, before the file is cleaned."""

from datetime import datetime
from typing import Final

import pikepdf
from pikepdf.models.metadata import decode_pdf_date

from hub.domain.pdf_origin import PdfOrigin, editor_named_in

_MOST_UPDATES: Final = 1000
_MOST_SECONDS: Final = 100 * 366 * 24 * 3600
_MOST_LETTERS: Final = 500
# A file made for the web has a table of its own at its beginning (ISO 32000-2, annex F).
_HEAD: Final = 1024


def origin_of(data: bytes, document: pikepdf.Pdf) -> PdfOrigin:
    """What the file says; what it does not say, or says in a way nobody reads, is none."""
    info = document.trailer.get("/Info")
    said = info if isinstance(info, pikepdf.Dictionary) else pikepdf.Dictionary()
    made, changed = _instant(said, "/CreationDate"), _instant(said, "/ModDate")
    return PdfOrigin(
        editor=editor_named_in(_text(said, "/Producer"), _text(said, "/Creator")),
        modified_after_s=None if made is None or changed is None else _between(made, changed),
        updates=min(_MOST_UPDATES, _updates(data)),
    )


def _text(said: pikepdf.Dictionary, name: str) -> str:
    value = said.get(name)
    return str(value)[:_MOST_LETTERS] if isinstance(value, pikepdf.String) else ""


def _instant(said: pikepdf.Dictionary, name: str) -> datetime | None:
    try:
        return decode_pdf_date(_text(said, name))
    except (ValueError, OverflowError):
        return None


def _between(made: datetime, changed: datetime) -> int | None:
    if (made.tzinfo is None) != (changed.tzinfo is None):
        return None
    seconds = int((changed - made).total_seconds())
    return seconds if 0 <= seconds <= _MOST_SECONDS else None


def _updates(data: bytes) -> int:
    first = 2 if b"/Linearized" in data[:_HEAD] else 1
    return max(0, data.count(b"startxref") - first)
