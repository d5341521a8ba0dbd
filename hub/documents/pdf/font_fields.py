"""What is kept of a PDF's fonts (ISO 32000-2, 9.6 to 9.8): their letters, widths and codes, no words about them."""

from typing import Any, Final

from hub.documents.pdf.copying import (
    Copying,
    any_of,
    dictionary,
    integer,
    list_of,
    name,
    number,
    numbers,
    numbers_of,
    one_of,
    stream_of,
    string,
)


def _widths(copying: Copying, value: Any) -> Any:
    return list_of(any_of(number, numbers))(copying, value)


_SYSTEM: Final = dictionary({"/Registry": string, "/Ordering": string, "/Supplement": integer})
_CHARACTER_MAP: Final = stream_of(
    {"/Type": one_of("CMap"), "/CMapName": name, "/CIDSystemInfo": _SYSTEM, "/WMode": integer, "/UseCMap": name}
)
_FONT_PROGRAM: Final = stream_of(
    {
        **dict.fromkeys(("/Length1", "/Length2", "/Length3"), integer),
        "/Subtype": one_of("Type1C", "CIDFontType0C", "OpenType"),
    }
)
_DESCRIPTOR: Final = dictionary(
    {
        "/Type": one_of("FontDescriptor"),
        "/FontName": name,
        "/FontStretch": name,
        "/FontBBox": numbers_of(4),
        "/Flags": integer,
        **dict.fromkeys(
            ("/FontWeight", "/ItalicAngle", "/Ascent", "/Descent", "/Leading", "/CapHeight", "/XHeight", "/StemV",
             "/StemH", "/AvgWidth", "/MaxWidth", "/MissingWidth"),
            number,
        ),
        **dict.fromkeys(("/FontFile", "/FontFile2", "/FontFile3"), _FONT_PROGRAM),
    }
)  # fmt: skip
_ENCODING: Final = any_of(
    name,
    dictionary({"/Type": one_of("Encoding"), "/BaseEncoding": name, "/Differences": list_of(any_of(integer, name))}),
)
_CID_FONT: Final = dictionary(
    {
        "/Type": one_of("Font"),
        "/Subtype": one_of("CIDFontType0", "CIDFontType2"),
        "/BaseFont": name,
        "/CIDSystemInfo": _SYSTEM,
        "/FontDescriptor": _DESCRIPTOR,
        "/DW": number,
        "/DW2": numbers_of(2),
        "/W": _widths,
        "/W2": _widths,
        "/CIDToGIDMap": any_of(one_of("Identity"), stream_of({})),
    }
)
_COMMON_FIELDS: Final = {"/Type": one_of("Font"), "/ToUnicode": any_of(name, _CHARACTER_MAP)}
CODED_FIELDS: Final = _COMMON_FIELDS | {
    "/FirstChar": integer,
    "/LastChar": integer,
    "/Widths": numbers,
    "/FontDescriptor": _DESCRIPTOR,
    "/Encoding": _ENCODING,
}
SIMPLE_FIELDS: Final = CODED_FIELDS | {"/Subtype": one_of("Type1", "MMType1", "TrueType"), "/BaseFont": name}

COMPOSITE_FIELDS: Final = _COMMON_FIELDS | {
    "/Subtype": one_of("Type0"),
    "/BaseFont": name,
    "/Encoding": any_of(name, _CHARACTER_MAP),
    "/DescendantFonts": list_of(_CID_FONT),
}
