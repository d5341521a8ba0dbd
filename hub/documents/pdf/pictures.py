"""Pictures within PDFs as they are copied: nothing that was noted beside them, and in no coding that is seldom safe."""

import zlib
from typing import Any, Final

from pikepdf import Array, Dictionary, Name, Stream

from hub.documents.pdf import coded_pictures
from hub.documents.pdf.colours import colour_space, components_of, rendering_intent
from hub.documents.pdf.copying import (
    Copying,
    Shape,
    boolean,
    dictionary,
    integer,
    kept_fields,
    numbers,
    word_of,
)
from hub.documents.pdf.recoding import Recoded, from_jbig2, from_jpeg_2000
from hub.documents.pdf.streams import MOST_OF_A_PICTURE
from hub.documents.rejection import RejectedError
from hub.domain.evidence import FileRejectionReason

_FIELDS: Final[dict[str, Shape]] = {
    "/Width": integer,
    "/Height": integer,
    "/BitsPerComponent": integer,
    "/ColorSpace": colour_space,
    "/Decode": numbers,
    "/Interpolate": boolean,
    "/ImageMask": boolean,
    "/Intent": rendering_intent,
    "/SMaskInData": integer,
    "/Matte": numbers,
}
_CODINGS: Final = {
    "/DCTDecode": dictionary({"/ColorTransform": integer}),
    "/CCITTFaxDecode": dictionary(
        {
            **dict.fromkeys(("/K", "/Columns", "/Rows", "/DamagedRowsBeforeError"), integer),
            **dict.fromkeys(("/EndOfLine", "/EncodedByteAlign", "/EndOfBlock", "/BlackIs1"), boolean),
        }
    ),
}
_ABBREVIATED: Final = {
    "/AHx": "/ASCIIHexDecode",
    "/A85": "/ASCII85Decode",
    "/LZW": "/LZWDecode",
    "/Fl": "/FlateDecode",
    "/RL": "/RunLengthDecode",
    "/CCF": "/CCITTFaxDecode",
    "/DCT": "/DCTDecode",
}
_FLATE: Final = "/FlateDecode"
_DECODED: Final = frozenset({"/ASCIIHexDecode", "/ASCII85Decode", "/LZWDecode", _FLATE, "/RunLengthDecode"})
_PNG_PREDICTORS: Final = 10
_AT_ONCE: Final = 1 << 20
# A drawing of the largest sheet in black and white, and what pictures of many colours take by themselves.
_MOST_PIXELS: Final = 1 << 30
_FLATE_PARAMETERS: Final = dictionary(
    dict.fromkeys(("/Predictor", "/Colors", "/BitsPerComponent", "/Columns"), integer)
)


def picture(copying: Copying, value: Any) -> Any:
    """A picture with its masks. Raises RejectedError where its coding is none that is known."""
    if not isinstance(value, Stream):
        return None
    fields = kept_fields(copying, value, _FIELDS)
    fields |= kept_fields(copying, value, {"/Mask": _mask, "/SMask": _soft_mask})
    if not all(fields.get(side, 0) > 0 for side in ("/Width", "/Height")):
        return None
    size = _size(fields)
    if fields["/Width"] * fields["/Height"] > _MOST_PIXELS or (size or 0) > MOST_OF_A_PICTURE:
        raise RejectedError(FileRejectionReason.TOO_LARGE_PICTURE)
    recoded = _recoded(copying, value, fields)
    if recoded is not None:
        return _made(copying, recoded, fields)
    fields.pop("/SMaskInData", None)
    data, coded = _coded(copying, value, size)
    made = copying.target.make_stream(data, Dictionary({"/Type": Name.XObject, "/Subtype": Name.Image, **fields}))
    for key, each in coded.items():
        made[key] = each
    return made


def _recoded(copying: Copying, value: Any, fields: dict[str, Any]) -> Recoded | None:
    """The picture coded anew where its coding is one that banks' readers do not get."""
    filters, parameters = _filters_of(value)
    last = filters[-1] if filters else None
    if last not in {"/JBIG2Decode", "/JPXDecode"}:
        return None
    data = _decoded(copying, value, filters[:-1], parameters[:-1])
    copying.unpacking.count(_size(fields) or 0)
    if last == "/JBIG2Decode":
        shared = parameters[-1].get("/JBIG2Globals") if isinstance(parameters[-1], Dictionary) else None
        given = copying.unpacking.read(shared) if isinstance(shared, Stream) else None
        return from_jbig2(data, given, fields["/Width"], fields["/Height"])
    space = fields.get("/ColorSpace")
    return from_jpeg_2000(
        data,
        components_of(space),
        is_indexed=isinstance(space, Array) and word_of(space[0]) == "/Indexed",
        masks=fields.get("/SMaskInData", 0) > 0,
    )


def _made(copying: Copying, recoded: Recoded, fields: dict[str, Any]) -> Any:
    kept = {key: each for key, each in fields.items() if key != "/SMaskInData"} | recoded.fields
    if recoded.mask is not None:
        kept["/SMask"] = _made(copying, recoded.mask, {})
    made = Dictionary({"/Type": Name.XObject, "/Subtype": Name.Image, **kept})
    stream = copying.target.make_stream(recoded.data, made)
    stream.Filter = Name(recoded.coding)
    return stream


def length_of(copying: Copying, described: Any) -> int | None:
    """How many bytes the pixels of a picture take that is described so; None where that cannot be told."""
    fields = kept_fields(copying, described, _FIELDS)
    return _size(fields) if {"/Width", "/Height"} <= fields.keys() else None


def _mask(copying: Copying, value: Any) -> Any:
    return picture(copying, value) if isinstance(value, Stream) else numbers(copying, value)


def _soft_mask(copying: Copying, value: Any) -> Any:
    return picture(copying, value)


def _coded(copying: Copying, value: Any, size: int | None) -> tuple[bytes, dict[str, Any]]:
    """The bytes of the picture, and how they are coded."""
    filters, parameters = _filters_of(value)
    if filters and filters[-1] in _CODINGS:
        last = filters[-1]
        data = coded_pictures.BARE[last](_decoded(copying, value, filters[:-1], parameters[:-1]))
        return data, _coding(last, _CODINGS[last](copying, parameters[-1]))
    if filters == [_FLATE] and size is not None:
        raw, kept = value.read_raw_bytes(), _FLATE_PARAMETERS(copying, parameters[0])
        if _is_exact(raw, kept or {}, size):
            copying.unpacking.count(size)
            return raw, _coding(_FLATE, kept)
    return _decoded(copying, value, filters, parameters)[:size], {}


def _coding(word: str, parameters: Any) -> dict[str, Any]:
    return {"/Filter": Name(word)} | ({"/DecodeParms": parameters} if parameters else {})


def _filters_of(value: Any) -> tuple[list[str], list[Any]]:
    """The filters of a stream by their whole names, outermost first, and the parameters of each, or None."""
    given, beside = value.get("/Filter"), value.get("/DecodeParms")
    names = [word_of(each) for each in given] if isinstance(given, Array) else [word_of(given)] if given else []
    parameters = list(beside) if isinstance(beside, Array) else [beside]
    parameters += [None] * (len(names) - len(parameters))
    whole = [(_ABBREVIATED.get(word, word), each) for word, each in zip(names, parameters, strict=False)]
    # One key for all that is enciphered was used already.
    kept = [(word, each) for word, each in whole if word != "/Crypt"]
    return [word for word, _ in kept], [each for _, each in kept]


def _decoded(copying: Copying, value: Any, filters: list[str], parameters: list[Any]) -> bytes:
    """The bytes of the stream after these of its filters."""
    raw: bytes = value.read_raw_bytes()
    if not filters:
        return raw
    if not set(filters) <= _DECODED:
        raise RejectedError(FileRejectionReason.UNREADABLE)
    part = copying.source.make_stream(raw)
    part.Filter = Array([Name(word) for word in filters])
    if any(isinstance(each, Dictionary) for each in parameters):
        part.DecodeParms = Array([each if isinstance(each, Dictionary) else None for each in parameters])
    return copying.unpacking.read(part, MOST_OF_A_PICTURE)


def _size(fields: dict[str, Any]) -> int | None:
    """How many bytes the pixels take; None where the colours are not known."""
    is_mask = fields.get("/ImageMask") is True
    components = 1 if is_mask else components_of(fields.get("/ColorSpace"))
    bits = 1 if is_mask else fields.get("/BitsPerComponent", 8)
    if components is None:
        return None
    return int(fields["/Height"] * -(-fields["/Width"] * components * bits // 8))


def _is_exact(raw: bytes, parameters: Any, size: int) -> bool:
    """Whether the bytes hold the pixels and no more, so that they can stay as they are."""
    predictor = parameters.get("/Predictor", 1)
    if predictor >= _PNG_PREDICTORS:
        row = -(
            -parameters.get("/Colors", 1) * parameters.get("/BitsPerComponent", 8) * parameters.get("/Columns", 1) // 8
        )
        if row <= 0 or size % row:
            return False
        size += size // row
    inflate, length, data = zlib.decompressobj(), 0, raw
    try:
        while data and not inflate.eof:
            length += len(inflate.decompress(data, _AT_ONCE))
            data = inflate.unconsumed_tail
            if length > size:
                return False
    except zlib.error:
        return False
    return inflate.eof and not inflate.unused_data and length == size
