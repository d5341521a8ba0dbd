"""PDFs that nobody trusts: read to the last page, with all that the pages are made of, or not at all.

Many programs write a wrong table of where objects lie, and every reader then looks for them by itself. Such a file is
as good as another, as long as nothing of it is missing. Runs in confined child processes.
"""

import contextlib
import io
import re
from collections.abc import Iterator
from typing import Final

import pikepdf

from hub.documents.pdf.streams import Unpacking
from hub.documents.rejection import RejectedError
from hub.domain.evidence import MAX_PDF_PAGES, FileRejectionReason

# What qpdf says once it looks for the objects by itself, and what it says of objects that it found cut off.
_REPAIRED: Final = "file is damaged"
_CUT: Final = ("unable to recover stream data", "unexpected EOF", "EOF while reading", "unable to find trailer")
# Only what is attached is locked: the crypt filter of embedded files alone is one that asks for a password.
_LOCKED_ATTACHMENT: Final = re.compile(rb"/AuthEvent\s*/EFOpen|/EFF\s*/(?!Identity\b)")
_LOCKED_PAGES: Final = re.compile(rb"/StmF\s*/(?!Identity\b)")
# What lies in a stream is no writing of the file's own, and may look like anything.
_STREAM: Final = re.compile(rb"stream\r?\n.*?endstream", re.DOTALL)
_OBJECT: Final = re.compile(rb"(?<![0-9])([0-9]{1,10})\s+[0-9]{1,5}\s+obj\b")
_REFERENCE: Final = re.compile(rb"(?<![0-9])([0-9]{1,10})\s+[0-9]{1,5}\s+R(?![A-Za-z0-9])")


@contextlib.contextmanager
def opened(data: bytes) -> Iterator[pikepdf.Pdf]:
    """The PDF, of which nothing is missing, in the clear; raises RejectedError, and PdfError where it is read."""
    # Some programs pad a file with zeros; the end of a PDF is then too far up to be found.
    data = data.rstrip(b"\x00")
    try:
        try:
            document = _opened(data)
        except pikepdf.PdfError:
            # A table that says where other objects lie leads nowhere; without one, the objects are looked for.
            document = _opened(data.replace(b"startxref", b"startxxxx"))
    except pikepdf.PasswordError as error:
        raise RejectedError(_why_locked(data)) from error
    except MemoryError as error:
        raise RejectedError(FileRejectionReason.UNREADABLE) from error
    with document:
        yield document


def contents_of(page: pikepdf.Object, unpacking: Unpacking) -> bytes:
    """What the page shows, its streams one behind another. Raises as `Unpacking` does."""
    contents = page.get("/Contents")
    streams = list(contents) if isinstance(contents, pikepdf.Array) else [contents]
    return b"\n".join(unpacking.read(stream) for stream in streams if isinstance(stream, pikepdf.Stream))


def _opened(data: bytes) -> pikepdf.Pdf:
    document = pikepdf.open(io.BytesIO(data), access_mode=pikepdf.AccessMode.stream)
    try:
        _require_pages(data, document)
    except BaseException:
        document.close()
        raise
    return document


def _require_pages(data: bytes, document: pikepdf.Pdf) -> None:
    count = len(document.pages)
    if count > MAX_PDF_PAGES:
        raise RejectedError(FileRejectionReason.TOO_MANY_PAGES)
    is_repaired = any(_REPAIRED in str(warning) for warning in document.get_warnings())
    if count == 0 or (is_repaired and not _is_whole(data, document)):
        raise RejectedError(FileRejectionReason.UNREADABLE)
    unpacking = Unpacking()
    for page in document.pages:
        # A wrong table may first be noticed where a page's contents are not.
        contents_of(page.obj, unpacking)


def _why_locked(data: bytes) -> FileRejectionReason:
    locks_attachments = _LOCKED_ATTACHMENT.search(data) is not None
    locks_pages = b"/EFOpen" not in data and _LOCKED_PAGES.search(data) is not None
    return (
        FileRejectionReason.LOCKED_ATTACHMENT if locks_attachments and not locks_pages else FileRejectionReason.PASSWORD
    )


def _is_whole(data: bytes, document: pikepdf.Pdf) -> bool:
    """Whether a repaired file ends as one does, and everything that it refers to was found in it."""
    behind = data[data.rfind(b"endobj") :]
    is_table_last = data.rfind(b"/XRef") > (data.rfind(b" obj"))
    if "/Size" not in document.trailer or not (b"trailer" in behind or b"startx" in behind or is_table_last):
        return False
    if any(each in str(warning) for warning in document.get_warnings() for each in _CUT):
        return False
    written = _STREAM.sub(b"", data)
    there = {int(number) for number in _OBJECT.findall(written)}
    referred_to = {int(number) for number in _REFERENCE.findall(written)}
    for numbers, bodies in _packed_objects(document):
        there |= numbers
        referred_to |= {int(number) for number in _REFERENCE.findall(bodies)}
    # qpdf does not say which of what it looked for was nowhere.
    return referred_to <= there


def _packed_objects(document: pikepdf.Pdf) -> Iterator[tuple[set[int], bytes]]:
    """The numbers of the objects in each stream of objects (ISO 32000-2, 7.5.7), and how they are written."""
    for each in document.objects:
        if isinstance(each, pikepdf.Stream) and each.get("/Type") == "/ObjStm":
            content, first = Unpacking().read(each), int(each.First)
            yield {int(number) for number in content[:first].split()[::2]}, content[first:]
