"""What a PDF holds beside the contents of its pages: found for the log, while it is left out of the copy."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import pikepdf
from pikepdf import Array, Dictionary, Pdf, Stream

from hub.documents.pdf.copying import word_of
from hub.domain.active_content import ActiveContent

# What so many things do not tell, the rest would not either.
_MOST: Final = 50_000
# What pages show, and the order of their text: nothing there does anything.
_NOT_LOOKED_AT: Final = frozenset({"/Resources", "/Contents", "/StructTreeRoot", "/Parent", "/P", "/AP", "/Thumb"})
_BY_KEY: Final = {
    "/JS": ActiveContent.SCRIPT,
    "/JavaScript": ActiveContent.SCRIPT,
    "/OpenAction": ActiveContent.ACTION,
    "/AA": ActiveContent.ACTION,
    "/AcroForm": ActiveContent.FORM,
    "/XFA": ActiveContent.FORM,
    "/EmbeddedFiles": ActiveContent.ATTACHMENT,
    "/EF": ActiveContent.ATTACHMENT,
    "/AF": ActiveContent.ATTACHMENT,
    "/Collection": ActiveContent.ATTACHMENT,
    "/OCProperties": ActiveContent.LAYER,
    "/RichMediaContent": ActiveContent.RICH_MEDIA,
    "/Metadata": ActiveContent.METADATA,
    "/Info": ActiveContent.METADATA,
    "/PieceInfo": ActiveContent.METADATA,
}
_BY_ACTION: Final = {
    "/JavaScript": ActiveContent.SCRIPT,
    "/URI": ActiveContent.LINK,
    "/GoTo": ActiveContent.LINK,
    "/GoToR": ActiveContent.LINK,
    **dict.fromkeys(("/Rendition", "/Movie", "/Sound", "/RichMediaExecute", "/GoTo3DView"), ActiveContent.RICH_MEDIA),
    **dict.fromkeys(
        ("/Launch", "/SubmitForm", "/ImportData", "/ResetForm", "/Named", "/Hide", "/SetOCGState", "/Trans", "/GoToE",
         "/Thread"),
        ActiveContent.ACTION,
    ),
}  # fmt: skip
_BY_ANNOTATION: Final = {
    "/Link": ActiveContent.LINK,
    "/Widget": ActiveContent.FORM,
    "/FileAttachment": ActiveContent.ATTACHMENT,
    **dict.fromkeys(("/Screen", "/Movie", "/Sound", "/RichMedia", "/3D"), ActiveContent.RICH_MEDIA),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """What was found, and whether somebody had signed the file."""

    removed: frozenset[ActiveContent]
    was_signed: bool


def beside(document: Pdf) -> Beside:
    """What the document holds beside its pages, as far as can be seen from its catalog and its pages."""
    removed: set[ActiveContent] = set()
    was_signed = False
    for keys, entries in _reached(document):
        removed |= {_BY_KEY[key] for key in keys & _BY_KEY.keys()}
        if "/Subtype" in keys and "/Rect" in keys:
            removed.add(_BY_ANNOTATION.get(word_of(entries.get("/Subtype")), ActiveContent.ANNOTATION))
        if "/S" in keys and (action := _BY_ACTION.get(word_of(entries.get("/S")))) is not None:
            removed.add(action)
        was_signed = was_signed or {"/ByteRange", "/Contents"} <= keys
    return Beside(removed=frozenset(removed), was_signed=was_signed)


def _reached(document: Pdf) -> Iterator[tuple[set[str], Any]]:
    """The keys of each dictionary that the trailer leads to, and the dictionary."""
    waiting: list[Any] = [document.trailer]
    seen: set[object] = set()
    while waiting and len(seen) < _MOST:
        each = waiting.pop()
        seen.add(each.objgen if each.is_indirect else object())
        if isinstance(each, Array):
            parts = list(each)
        else:
            entries = dict(each.items())
            yield set(entries), entries
            parts = [part for key, part in entries.items() if key not in _NOT_LOOKED_AT]
        waiting += [
            part
            for part in parts
            if isinstance(part, pikepdf.Object)
            and isinstance(part, Dictionary | Array | Stream)
            and not (part.is_indirect and part.objgen in seen)
        ]
