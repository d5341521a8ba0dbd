"""Small fonts in a printed document: only the glyphs that are drawn, and no place kept for the others.

WeasyPrint lets each glyph keep its number, and so writes an empty entry for each of 65,000 glyphs of a Chinese font:
130 KB a font, and a quarter of the printing. In Noto's Chinese fonts a glyph's number is also its character id (CID),
and a PDF asks such a font for glyphs by CID (ISO 32000-1, 9.7.4.2), which a glyph keeps when it moves up.
"""

import io
from typing import Any, Final

from fontTools.ttLib import TTFont
from weasyprint.pdf import stream
from weasyprint.pdf.fonts import Font
from weasyprint.text.ffi import ffi, harfbuzz, harfbuzz_subset
from weasyprint.text.fonts import get_hb_object_data

# What no PDF reads of a font whose glyphs are drawn by their ids.
_DROPPED: Final = (b"BASE", b"DSIG", b"GDEF", b"GPOS", b"GSUB", b"VORG", b"vhea", b"vmtx")

# Whether a font's glyphs are numbered by CID, by WeasyPrint's name of the font; to find out takes as long as ten cuts.
_numbered_by_cid: dict[str, bool] = {}


class SmallFont(Font):  # type: ignore[misc]
    """A font of one document. Where glyphs are not numbered by CID it is cut as WeasyPrint cuts it."""

    is_small = False

    def subset(self, to_unicode: dict[int, str], hinting: bool) -> None:
        """`file_content` is a font with the glyphs of `to_unicode` alone."""
        if not (to_unicode and harfbuzz_subset and not self.missing and _is_numbered_by_cid(self)):
            super().subset(to_unicode, hinting)
            return
        content = _cut(self.hb_face, to_unicode, keeps_hints=hinting)
        if content is None:
            super().subset(to_unicode, hinting)
            return
        self.file_content = content
        self.is_small = True


def use_small_fonts() -> None:
    """Every document printed in this process from now on has small fonts; WeasyPrint has no setting for it."""
    stream.Font = SmallFont


def as_bare_cff(document: Any, pdf: Any) -> None:
    """A `finisher`: small fonts are embedded as CFF alone, the form in which every reader asks for glyphs by CID.

    In OpenType, WeasyPrint's form, some take the CID for the glyph's number.
    """
    small = {id(font.file_content) for font in document.fonts.values() if font.is_small}
    for each in pdf.objects:
        extra = getattr(each, "extra", {})
        if extra.get("Subtype") == "/OpenType" and id(each.stream[0]) in small:
            extra["Subtype"] = "/CIDFontType0C"
            each.stream = [TTFont(io.BytesIO(each.stream[0])).reader["CFF "]]


def _is_numbered_by_cid(font: SmallFont) -> bool:
    known = _numbered_by_cid.get(font.hash)
    if known is None:
        face = TTFont(io.BytesIO(font.file_content), fontNumber=font.index, lazy=True)
        known = _numbered_by_cid[font.hash] = "CFF " in face and _is_cid_of_each(face["CFF "].cff.topDictIndex[0])
    return known


def _is_cid_of_each(top: Any) -> bool:
    # fontTools names the glyphs of a CID-keyed font by their CIDs, and the first one `.notdef`.
    names = enumerate(top.charset[1:], 1)
    return hasattr(top, "ROS") and all(name == f"cid{number:05d}" for number, name in names)


def _cut(face: Any, glyphs: dict[int, str], *, keeps_hints: bool) -> bytes | None:
    """The OpenType font with those glyphs alone, numbered anew; None where HarfBuzz cannot make it."""
    wanted = ffi.gc(harfbuzz_subset.hb_subset_input_create_or_fail(), harfbuzz_subset.hb_subset_input_destroy)
    _add(harfbuzz_subset.hb_subset_input_glyph_set(wanted), glyphs)
    dropped = harfbuzz_subset.hb_subset_input_set(wanted, harfbuzz_subset.HB_SUBSET_SETS_DROP_TABLE_TAG)
    _add(dropped, (harfbuzz.hb_tag_from_string(name, -1) for name in _DROPPED))
    flags = harfbuzz_subset.HB_SUBSET_FLAGS_DESUBROUTINIZE
    if not keeps_hints:
        flags |= harfbuzz_subset.HB_SUBSET_FLAGS_NO_HINTING
    harfbuzz_subset.hb_subset_input_set_flags(wanted, flags)
    cut = harfbuzz_subset.hb_subset_or_fail(face, wanted)
    if cut == ffi.NULL:
        return None
    content: bytes | None = get_hb_object_data(ffi.gc(cut, harfbuzz.hb_face_destroy))
    return content


def _add(numbers: Any, added: Any) -> None:
    ordered = sorted(added)
    harfbuzz.hb_set_add_sorted_array(numbers, ffi.new("hb_codepoint_t[]", ordered), len(ordered))
