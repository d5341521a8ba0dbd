"""Colours, functions and shadings of PDFs as they are copied (ISO 32000-2, 7.10, 8.6 and 8.7)."""

import re
from typing import Any, Final

from pikepdf import Array, Dictionary, Name, Stream

from hub.documents.pdf import colour_profiles
from hub.documents.pdf.copying import (
    Copying,
    Shape,
    any_of,
    boolean,
    dictionary,
    integer,
    kept_fields,
    list_of,
    name,
    number,
    numbers,
    numbers_of,
    one_of,
    stream_of,
    string,
    word_of,
)

_DEVICES: Final = {"/DeviceGray": 1, "/DeviceRGB": 3, "/DeviceCMYK": 4}
DEVICE_NAMES: Final = frozenset(_DEVICES)
_COMPONENTS: Final = _DEVICES | {"/CalGray": 1, "/Indexed": 1, "/Separation": 1, "/CalRGB": 3, "/Lab": 3}
_CALIBRATED: Final = dictionary(
    {
        "/WhitePoint": numbers_of(3),
        "/BlackPoint": numbers_of(3),
        "/Gamma": any_of(number, numbers_of(3)),
        "/Matrix": numbers_of(9),
        "/Range": numbers_of(4),
    }
)
# A calculator without loops (7.10.5): numbers, braces and words, nothing else.
_CALCULATION: Final = re.compile(rb"[\s\x00{}]++|[-+]?[0-9.]+(?:[eE][-+]?[0-9]+)?|[a-z]+|%[^\r\n]*+")


def colour_space(copying: Copying, value: Any) -> Any:
    """A space of colours by its name, or by its family and what belongs to that."""
    if isinstance(value, Name):
        return value if word_of(value) in {*DEVICE_NAMES, "/Pattern"} else None
    if not isinstance(value, Array) or len(value) == 0:
        return None
    family, parts = word_of(value[0]), list(value)[1:]
    if family in {*DEVICE_NAMES, "/Pattern"} and not parts:
        return value[0]
    if family == "/ICCBased":
        return _profiled(copying, parts[0]) if parts else None
    shapes = _FAMILIES.get(family)
    if shapes is None or len(parts) < len(shapes):
        return None
    made = [copying.copied(part, shape) for part, shape in zip(parts, shapes, strict=False)]
    return None if None in made else Array([value[0], *made])


def components_of(space: Any) -> int | None:
    """How many numbers make a colour of a space that was copied; None where that is not known."""
    if not isinstance(space, Array):
        return _COMPONENTS.get(word_of(space))
    match word_of(space[0]):
        case "/ICCBased":
            return int(space[1]["/N"])
        case "/DeviceN":
            return len(space[1])
        case family:
            return _COMPONENTS.get(family)


def _profiled(copying: Copying, value: Any) -> Any:
    """Colours by a profile that has nothing but colours; the plain ones of as many components where it is none."""
    count = integer(copying, value.get("/N")) if isinstance(value, Stream) else None
    plain = next((Name(word) for word, components in _DEVICES.items() if components == count), None)
    if plain is None:
        return None
    made = copying.copied(value, _profile)
    return plain if made is None else Array([Name.ICCBased, made])


def _profile(copying: Copying, value: Any) -> Any:
    bare = colour_profiles.bare(copying.unpacking.read(value), int(value["/N"]))
    fields = Dictionary(kept_fields(copying, value, _PROFILE_FIELDS))
    return None if bare is None else copying.target.make_stream(bare, fields)


def _lookup(copying: Copying, value: Any) -> Any:
    return string(copying, value) or _TABLE(copying, value)


def _calculation(data: bytes) -> bytes | None:
    words = [found[0] for found in _CALCULATION.finditer(data)]
    if b"".join(words) != data:
        return None
    return b"".join(word if not word.startswith(b"%") else b" " for word in words)


_TABLE: Final = stream_of({})
_FUNCTION_FIELDS: Final = {"/FunctionType": integer, "/Domain": numbers, "/Range": numbers}


def function(copying: Copying, value: Any) -> Any:
    """A function of any of the four types."""
    if not isinstance(value, Dictionary | Stream):
        return None
    shape = _FUNCTIONS.get(integer(copying, value.get("/FunctionType")))
    return None if shape is None else shape(copying, value)


_FUNCTIONS: Final[dict[int | None, Shape]] = {
    0: stream_of(
        _FUNCTION_FIELDS
        | {"/Size": numbers, "/BitsPerSample": integer, "/Order": integer, "/Encode": numbers, "/Decode": numbers}
    ),
    2: dictionary(_FUNCTION_FIELDS | {"/C0": numbers, "/C1": numbers, "/N": number}),
    3: dictionary(_FUNCTION_FIELDS | {"/Functions": list_of(function), "/Bounds": numbers, "/Encode": numbers}),
    4: stream_of(_FUNCTION_FIELDS, _calculation),
}
functions: Final = any_of(list_of(function), function)

_PROFILE_FIELDS: Final = {"/N": integer, "/Alternate": colour_space, "/Range": numbers}
_FAMILIES: Final[dict[str, tuple[Shape, ...]]] = {
    "/CalGray": (_CALIBRATED,),
    "/CalRGB": (_CALIBRATED,),
    "/Lab": (_CALIBRATED,),
    "/Indexed": (colour_space, integer, _lookup),
    "/Separation": (name, colour_space, function),
    "/DeviceN": (list_of(name), colour_space, function),
    "/Pattern": (colour_space,),
}

_SHADING_FIELDS: Final = {
    "/ShadingType": integer,
    "/ColorSpace": colour_space,
    "/Background": numbers,
    "/BBox": numbers_of(4),
    "/AntiAlias": boolean,
    "/Function": functions,
    "/Domain": numbers,
    "/Matrix": numbers_of(6),
    "/Coords": numbers,
    "/Extend": list_of(boolean),
    "/BitsPerCoordinate": integer,
    "/BitsPerComponent": integer,
    "/BitsPerFlag": integer,
    "/Decode": numbers,
    "/VerticesPerRow": integer,
}
shading: Final = any_of(dictionary(_SHADING_FIELDS), stream_of(_SHADING_FIELDS))

rendering_intent: Final = one_of("AbsoluteColorimetric", "RelativeColorimetric", "Saturation", "Perceptual")
