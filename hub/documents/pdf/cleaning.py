"""PDFs as banks get them: what their pages show, written anew, and nothing that does anything or tells of anybody.

A new document is made by lists of what may be there. What is not on one does not come along: scripts, actions, links,
forms, attachments, layers, notes beside the pages, old versions, and whatever the next standard thinks of.
"""

import io
from dataclasses import dataclass
from typing import Any, Final

import pikepdf
from pikepdf import Array, Dictionary, Name

from hub.documents.pdf import annotations, reading
from hub.documents.pdf.beside import beside
from hub.documents.pdf.copying import Copying, integer, kept_fields, number, numbers_of
from hub.documents.pdf.layers import Layers
from hub.documents.pdf.origins import origin_of
from hub.documents.pdf.resources import Scope, group
from hub.domain.active_content import ActiveContent
from hub.domain.pdf_origin import PdfOrigin

_US_LETTER: Final = (0, 0, 612, 792)
_BOXES: Final = dict.fromkeys(("/MediaBox", "/CropBox", "/BleedBox", "/TrimBox", "/ArtBox"), numbers_of(4))
_PAGE_FIELDS: Final = {**_BOXES, "/Rotate": integer, "/UserUnit": number, "/Group": group}


@dataclass(frozen=True, slots=True, kw_only=True)
class CleanedPdf:
    """A PDF of nothing but pages.

    `removed`: what the one that was sent held beside them. `was_signed`: its signature held for its own bytes alone.
    `origin`: what it said of its making.
    """

    content: bytes
    pages: int
    removed: frozenset[ActiveContent]
    was_signed: bool
    origin: PdfOrigin


def clean(data: bytes) -> CleanedPdf:
    """The PDF made anew, the same bytes for the same bytes.

    Raises RejectedError, and PdfError for what cannot be read.
    """
    with reading.opened(data) as source, pikepdf.new() as target:
        found, origin = beside(source), origin_of(data, source)
        copying = Copying(source, target, Layers(source))
        for page in source.pages:
            target.pages.append(pikepdf.Page(_copied_page(copying, page.obj)))
        out = io.BytesIO()
        target.save(
            out,
            force_version="1.7",
            deterministic_id=True,
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
        )
        return CleanedPdf(
            content=out.getvalue(),
            pages=len(target.pages),
            removed=found.removed,
            was_signed=found.was_signed,
            origin=origin,
        )


def _copied_page(copying: Copying, page: Any) -> Any:
    # What pages have from above them in the tree (ISO 32000-2, 7.7.3.4), qpdf brought down when it listed them.
    fields = kept_fields(copying, page, _PAGE_FIELDS)
    fields.setdefault("/MediaBox", Array(_US_LETTER))
    if fields.get("/Rotate", 0) % 90:
        del fields["/Rotate"]
    scope = Scope(copying, page.get("/Resources"))
    contents = scope.contents(reading.contents_of(page, copying.unpacking))
    shown = annotations.flattened(copying, page, scope)
    made = Dictionary({"/Type": Name.Page, **fields})
    made.Contents = copying.target.make_stream(b"q\n" + contents + b"\nQ\n" + shown if shown else contents)
    made.Resources = scope.kept
    return copying.target.make_indirect(made)
