"""What banks get of a PDF: its pages as they look, and nothing that does anything or tells of anybody."""

import io

import pikepdf
import pypdf

from hub.documents.pdf.cleaning import CleanedPdf, clean
from hub.domain.active_content import ActiveContent
from tests.documents import hostile_pdfs


def everything_in(cleaned: CleanedPdf) -> bytes:
    """All that the copy's objects hold, its streams unpacked."""
    with pikepdf.open(io.BytesIO(cleaned.content)) as document:
        return b"\n".join(
            each.unparse() + (each.read_bytes() if isinstance(each, pikepdf.Stream) else b"")
            for each in document.objects
        )


def test_of_a_pdf_with_everything_beside_its_page_the_page_is_left() -> None:
    cleaned = clean(hostile_pdfs.with_everything())
    assert hostile_pdfs.MARK.encode() not in everything_in(cleaned)
    assert cleaned.removed == set(ActiveContent) - {
        ActiveContent.LAYER,
        ActiveContent.RICH_MEDIA,
        ActiveContent.ANNOTATION,
    }
    assert not cleaned.was_signed
    [page] = pypdf.PdfReader(io.BytesIO(cleaned.content)).pages
    # What was typed into its form is a picture there.
    assert page.extract_text().strip() == "PAYSLIP 6200.00"


def test_the_same_pdf_gives_the_same_bytes() -> None:
    data = hostile_pdfs.with_everything()
    assert clean(data) == clean(data)
