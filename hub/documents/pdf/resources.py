"""What a PDF's contents use, as it is copied: fonts, forms, patterns and states of graphics, and their own contents."""

import re
from collections.abc import Mapping
from typing import Any, Final

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream

from hub.documents.pdf.colours import DEVICE_NAMES, colour_space, function, functions, rendering_intent, shading
from hub.documents.pdf.contents import plain_name, rewritten
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
    word_of,
)
from hub.documents.pdf.font_fields import CODED_FIELDS, COMPOSITE_FIELDS, SIMPLE_FIELDS
from hub.documents.pdf.pictures import length_of, picture
from hub.documents.rejection import RejectedError
from hub.domain.evidence import FileRejectionReason

# All that a page shows, each form as often as it is shown, in bytes of contents: what a reader draws in seconds.
_HEAVIEST: Final = 100 << 20
_LETTERS: Final = {
    "/Font": "F",
    "/ExtGState": "G",
    "/ColorSpace": "C",
    "/XObject": "X",
    "/Shading": "S",
    "/Pattern": "P",
}
# Spaces that stand for the plain ones without being named (8.6.5.6).
_DEFAULTS: Final = ("/DefaultGray", "/DefaultRGB", "/DefaultCMYK")
_WRITTEN_OUT: Final = {
    b"/W": b"/Width",
    b"/H": b"/Height",
    b"/BPC": b"/BitsPerComponent",
    b"/CS": b"/ColorSpace",
    b"/D": b"/Decode",
    b"/DP": b"/DecodeParms",
    b"/F": b"/Filter",
    b"/IM": b"/ImageMask",
    b"/I": b"/Interpolate",
}
_SPACES_WRITTEN_OUT: Final = {"/G": "/DeviceGray", "/RGB": "/DeviceRGB", "/CMYK": "/DeviceCMYK", "/I": "/Indexed"}
_KEY: Final = re.compile(rb"/[A-Za-z]++")


class Scope:
    """The resources that contents name, and those of them that they use, in `kept` under names of their own."""

    def __init__(self, copying: Copying, resources: Any, around: "Scope | None" = None) -> None:
        """Where contents bring no `resources`, those of what is `around` them are theirs."""
        inherits = around is not None and not isinstance(resources, Dictionary)
        self.source: Any = around.source if around is not None and inherits else resources
        self.origin: object = around.origin if around is not None and inherits else object()
        self.kept = Dictionary()
        self._copying = copying
        self.weight = 0
        self._names: dict[tuple[str, bytes], bytes | None] = {}
        self._weights: dict[bytes, int] = {}
        self._entries: dict[str, dict[bytes, Any]] = {}
        defaults = {key: self._given("/ColorSpace", key.encode()) for key in _DEFAULTS}
        found = kept_fields(copying, defaults, dict.fromkeys(_DEFAULTS, colour_space))
        if found:
            self.kept.ColorSpace = Dictionary(found)

    def contents(self, data: bytes) -> bytes:
        """The contents rewritten with the new names. Raises RejectedError where to show them would take too long."""
        made = rewritten(data, self)
        self._weigh(len(made))
        return made

    def used(self, category: str, name: bytes) -> bytes | None:
        """The new name of that resource; None where it is none that may be used."""
        if category == "/ColorSpace" and name.decode("latin-1") in {*DEVICE_NAMES, "/Pattern"}:
            return name
        key = (category, name)
        if key not in self._names:
            given = self._given(category, name)
            if given is None and category == "/Font":
                # Readers take a plain font where one is missing.
                given = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
            self._names[key] = None if given is None else self.added(category, self._copied(category, given))
        new = self._names[key]
        if category == "/XObject" and new is not None:
            self._weigh(self._weights[new])
        return new

    def length_of_picture(self, written: bytes) -> int | None:
        """How many bytes a picture takes that is not packed; None for one that is, or that cannot be read."""
        described = self._described(written)
        return None if described is None or "/Filter" in described else length_of(self._copying, described)

    def used_picture(self, written: bytes, data: bytes) -> bytes | None:
        """The new name of a picture that was written between operators (8.9.7)."""
        described = self._described(written)
        if described is None:
            return None
        return self.added("/XObject", picture(self._copying, self._copying.source.make_stream(data, described)))

    def _described(self, written: bytes) -> Any:
        """What is said of a picture between operators, in the words of others; None for no description."""
        whole = _KEY.sub(lambda found: _WRITTEN_OUT.get(found[0], found[0]), written)
        try:
            described = pikepdf.Object.parse(b"<<" + whole + b">>")
        except (pikepdf.PdfError, ValueError):
            return None
        if not isinstance(described, Dictionary):
            return None
        space = described.get("/ColorSpace")
        if isinstance(space, Name):
            word = _SPACES_WRITTEN_OUT.get(word_of(space), word_of(space))
            named = None if word in DEVICE_NAMES else self._given("/ColorSpace", plain_name(word.encode("latin-1")))
            described.ColorSpace = Name(word) if named is None else named
        elif isinstance(space, Array):
            described.ColorSpace = Array([_written_out(part) for part in space])
        return described

    def _weigh(self, more: int) -> None:
        # Forms that show others many times, which do the same: a few hundred bytes keep a reader busy for ever.
        self.weight += more
        if self.weight > _HEAVIEST:
            raise RejectedError(FileRejectionReason.TOO_SLOW)

    def is_shown(self, name: bytes) -> bool:
        """Whether the layer of that name is seen."""
        return self._copying.layers.shows(self._given("/Properties", name))

    def added(self, category: str, made: Any) -> bytes | None:
        """The name under which the copy is a resource now; None where there is none."""
        if made is None:
            return None
        if category not in self.kept:
            self.kept[category] = Dictionary()
        entries = self.kept[category]
        new = f"/{_LETTERS[category]}{len(entries) + 1}"
        entries[new] = made
        if category == "/XObject":
            self._weights[new.encode()] = self._copying.weights.get(made.objgen, 0)
        return new.encode()

    def _copied(self, category: str, given: Any) -> Any:
        if category != "/XObject":
            return self._copying.copied(given, _SHAPES[category])
        if not isinstance(given, Stream) or not self._copying.layers.shows(given.get("/OC")):
            return None
        match word_of(given.get("/Subtype")):
            case "/Image":
                return self._copying.copied(given, picture)
            case "/Form":
                return copied_form(self._copying, given, self)
            case _:
                return None

    def _given(self, category: str, name: bytes) -> Any:
        if category not in self._entries:
            entries = self.source.get(category) if isinstance(self.source, Dictionary) else None
            given = dict(entries.items()) if isinstance(entries, Dictionary) else {}
            self._entries[category] = {key.encode("utf-8", "surrogateescape"): each for key, each in given.items()}
        return self._entries[category].get(name)


def _written_out(part: Any) -> Any:
    return Name(_SPACES_WRITTEN_OUT.get(word_of(part), word_of(part))) if isinstance(part, Name) else part


def copied_form(copying: Copying, value: Any, around: Scope) -> Any:
    """The copy of a form, whose names are those of the contents around it where it brings none."""
    own = isinstance(value.get("/Resources"), Dictionary)

    def form(_: Copying, value: Any) -> Any:
        return _with_contents(copying, value, _FORM_FIELDS, around)

    return copying.copied(value, form, ("form", None if own else around.origin))


def _with_contents(copying: Copying, value: Any, fields: Mapping[str, Shape], around: Scope | None) -> Any:
    scope = Scope(copying, value.get("/Resources"), around)
    data = scope.contents(copying.unpacking.read(value))
    made = copying.target.make_stream(data, Dictionary(kept_fields(copying, value, fields)))
    made.Resources = scope.kept
    copying.weights[made.objgen] = scope.weight
    return made


def _pattern(copying: Copying, value: Any) -> Any:
    if isinstance(value, Stream):
        return _with_contents(copying, value, _TILING_FIELDS, None)
    return dictionary(_SHADING_PATTERN_FIELDS)(copying, value)


def _font(copying: Copying, value: Any) -> Any:
    if not isinstance(value, Dictionary):
        return None
    subtype = word_of(value.get("/Subtype"))
    if subtype == "/Type3":
        return _drawn_font(copying, value)
    return Dictionary(kept_fields(copying, value, COMPOSITE_FIELDS if subtype == "/Type0" else SIMPLE_FIELDS))


def _drawn_font(copying: Copying, value: Any) -> Any:
    """A font whose letters are contents of their own (9.6.4)."""
    scope = Scope(copying, value.get("/Resources"))
    made = Dictionary(kept_fields(copying, value, _DRAWN_FIELDS))
    letters = value.get("/CharProcs")
    made.CharProcs = Dictionary()
    for key, letter in letters.items() if isinstance(letters, Dictionary) else ():
        if isinstance(letter, Stream):
            made.CharProcs[key] = copying.target.make_stream(scope.contents(copying.unpacking.read(letter)))
    made.Resources = scope.kept
    return made


def _soft_mask(copying: Copying, value: Any) -> Any:
    """None, or a mask that a form makes."""
    if isinstance(value, Name):
        return one_of("None")(copying, value)
    if not isinstance(value, Dictionary) or not isinstance(value.get("/G"), Stream):
        return None
    made = kept_fields(copying, value, _SOFT_MASK_FIELDS)
    form = copied_form(copying, value["/G"], Scope(copying, None))
    return None if form is None else Dictionary(made | {"/G": form})


def _named_font(copying: Copying, value: Any) -> Any:
    """A font and its size, as a state of graphics sets them."""
    if not isinstance(value, Array) or len(value) != 2:
        return None
    font, size = copying.copied(value[0], _font), number(copying, value[1])
    return None if font is None or size is None else Array([font, size])


_DRAWN_FIELDS: Final = CODED_FIELDS | {
    "/Subtype": one_of("Type3"),
    "/FontBBox": numbers_of(4),
    "/FontMatrix": numbers_of(6),
}
group: Final = dictionary({"/S": one_of("Transparency"), "/CS": colour_space, "/I": boolean, "/K": boolean})
_FORM_FIELDS: Final = {
    "/Type": one_of("XObject"),
    "/Subtype": one_of("Form"),
    "/BBox": numbers_of(4),
    "/Matrix": numbers_of(6),
    "/Group": group,
}
_SOFT_MASK_FIELDS: Final = {
    "/S": one_of("Alpha", "Luminosity"),
    "/BC": numbers,
    "/TR": any_of(one_of("Identity"), function),
}
# Nothing that a printer does otherwise than a screen: halftones, black generation, overprint.
_STATE: Final = dictionary(
    {
        **dict.fromkeys(("/LW", "/ML", "/FL", "/SM", "/CA", "/ca"), number),
        **dict.fromkeys(("/LC", "/LJ"), integer),
        **dict.fromkeys(("/SA", "/AIS", "/TK"), boolean),
        "/D": list_of(any_of(number, numbers)),
        "/RI": rendering_intent,
        "/Font": _named_font,
        "/BM": any_of(name, list_of(name)),
        "/SMask": _soft_mask,
        **dict.fromkeys(("/TR", "/TR2"), any_of(one_of("Identity", "Default"), functions)),
    }
)
_TILING_FIELDS: Final = {
    **dict.fromkeys(("/PatternType", "/PaintType", "/TilingType"), integer),
    **dict.fromkeys(("/XStep", "/YStep"), number),
    "/BBox": numbers_of(4),
    "/Matrix": numbers_of(6),
}
_SHADING_PATTERN_FIELDS: Final = {
    "/PatternType": integer,
    "/Shading": shading,
    "/Matrix": numbers_of(6),
    "/ExtGState": _STATE,
}
_SHAPES: Final[dict[str, Shape]] = {
    "/Font": _font,
    "/ExtGState": _STATE,
    "/ColorSpace": colour_space,
    "/Shading": shading,
    "/Pattern": _pattern,
}
