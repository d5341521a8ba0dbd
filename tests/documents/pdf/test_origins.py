"""What a PDF says of its making, read in the real confined process before the copy leaves all of it out."""

import io
from collections.abc import Iterator

import pikepdf
import pytest

from hub.documents.inspection import Inspector
from hub.domain.evidence import MediaType
from hub.domain.pdf_origin import PdfEditor, PdfOrigin

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def inspector() -> Iterator[Inspector]:
    with Inspector() as one:
        yield one


def pdf(**info: str) -> bytes:
    made = pikepdf.new()
    made.add_blank_page()
    for name, value in info.items():
        made.docinfo[f"/{name}"] = pikepdf.String(value)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def updated(data: bytes) -> bytes:
    """The same with an empty update behind its end, as programs save a change."""
    at = int(data.rsplit(b"startxref", 1)[1].split()[0])
    behind = b"xref\n0 0\ntrailer\n<< /Size 5 /Prev %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (at, len(data) + 1)
    return data + b"\n" + behind


MADE, LATER = "D:20261101090000+08'00'", "D:20261103100000+08'00'"
TWO_DAYS_AND_AN_HOUR = 49 * 3600
PHOTOSHOP = PdfOrigin(editor=PdfEditor.PHOTOSHOP)
CASES = {
    "nothing": (pdf(), PdfOrigin()),
    "an editor": (pdf(Producer="Adobe Photoshop for Windows"), PHOTOSHOP),
    "an editor that only began it": (pdf(Creator="Adobe Photoshop 25.0", Producer="Quartz"), PHOTOSHOP),
    "made and changed": (pdf(CreationDate=MADE, ModDate=LATER), PdfOrigin(modified_after_s=TWO_DAYS_AND_AN_HOUR)),
    "changed before it was made": (pdf(CreationDate=LATER, ModDate=MADE), PdfOrigin()),
    "a date nobody reads": (pdf(CreationDate="yesterday", ModDate=LATER), PdfOrigin()),
    "one date without a zone": (pdf(CreationDate="D:20261101090000", ModDate=LATER), PdfOrigin()),
    "updated": (updated(pdf()), PdfOrigin(updates=1)),
}


@pytest.mark.parametrize("case", CASES)
def test_what_it_says_is_read(inspector: Inspector, case: str) -> None:
    data, expected = CASES[case]
    verdict = inspector.inspect([data], MediaType.PDF)
    assert verdict.copy is not None
    assert verdict.copy.origin == expected
    assert b"Photoshop" not in verdict.copy.content
