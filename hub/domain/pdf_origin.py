"""Where a PDF says that it comes from, read before it is cleaned: the copy that banks get says nothing of it any more.

All of it is what the file says of itself, which anybody can write: it is no proof of anything, either way.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum, unique
from typing import Final


@unique
class PdfEditor(StrEnum):
    """Programs made to change what a finished PDF or picture shows, by their makers' names for them.

    Programs that write letters and tables (Word, WPS, LibreOffice) are none: employers write payslips with them. Nor
    are phones' scanners, browsers and printers.
    """

    PHOTOSHOP = "Adobe Photoshop"
    ILLUSTRATOR = "Adobe Illustrator"
    FOXIT_EDITOR = "Foxit PDF Editor"
    PDF_ELEMENT = "Wondershare PDFelement"
    PDF_XCHANGE = "PDF-XChange Editor"
    NITRO = "Nitro PDF"
    I_LOVE_PDF = "iLovePDF"
    SMALLPDF = "Smallpdf"
    SEJDA = "Sejda"
    PDF_ESCAPE = "PDFescape"
    PDF_FILLER = "pdfFiller"
    CANVA = "Canva"
    GIMP = "GIMP"
    INKSCAPE = "Inkscape"
    COREL_DRAW = "CorelDRAW"
    XODO = "Xodo"


PHRASES: Final[Mapping[PdfEditor, tuple[str, ...]]] = {
    **{each: (each.value.casefold(),) for each in PdfEditor},
    PdfEditor.FOXIT_EDITOR: ("foxit pdf editor", "foxit phantompdf", "foxit editor", "福昕高级pdf编辑器"),
    PdfEditor.PDF_ELEMENT: ("pdfelement", "万兴pdf"),
    PdfEditor.PDF_XCHANGE: ("pdf-xchange editor", "pdf-xchange pro"),
    PdfEditor.NITRO: ("nitro pro", "nitro pdf"),
}
"""How each calls itself in a file (`/Producer`, `/Creator`; ISO 32000-2, 14.3.3), whatever the case of the letters."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PdfOrigin:
    """What a PDF says of its making.

    `modified_after_s`: seconds from its making to its last change, None where it does not say both. `updates`: how
    often something was added behind its first end (ISO 32000-2, 7.5.6), as programs save a change.
    """

    editor: PdfEditor | None = None
    modified_after_s: int | None = None
    updates: int = 0


def editor_named_in(*written: str) -> PdfEditor | None:
    """The editor that one of the words calls by its name."""
    words = [each.casefold() for each in written]
    return next((each for each in PdfEditor if any(phrase in word for phrase in PHRASES[each] for word in words)), None)
