"""What somebody typed into a PDF's form, drawn where no program drew it (ISO 32000-2, 12.7.4).

Many programs fill a form and leave it to the reader to draw the values (NeedAppearances). A clean copy has no form, so
they are drawn here, as pictures: any letter of the Chinese font, without a font of the copy's own.
"""

import io
import re
from functools import cache
from typing import Any, Final

from pikepdf import Array, Dictionary, Name, Stream, String
from PIL import Image, ImageDraw, ImageFont

from hub.documents.pdf.copying import Copying
from hub.documents.pdf.fonts import chinese_font

Sides = tuple[float, float, float, float]

_MULTILINE, _PASSWORD, _PUSH_BUTTON = 1 << 12, 1 << 13, 1 << 16
_DEEPEST: Final = 20
_MOST_LETTERS: Final = 20_000
# In points: what a reader takes where the form leaves it open, and what can just be read.
_USUAL, _SMALLEST, _LARGEST = 12.0, 3.0, 72.0
_MARGIN: Final = 2.0
# Of a pixel to a point, sharp in print; and of the sides of a picture.
_SCALE, _MOST_PIXELS = 4, 6000
_SIZE: Final = re.compile(r"([0-9.]+)\s+Tf\b")
_LINE: Final = 1.25


def has_to_be_drawn(copying: Copying, annotation: Any, appearance: Any) -> bool:
    """Whether a reader draws the annotation by itself, from what was typed."""
    if annotation.get("/Subtype") == "/FreeText":
        return appearance is None
    if annotation.get("/Subtype") != "/Widget":
        return False
    if appearance is None:
        return True
    form = copying.source.Root.get("/AcroForm")
    asks = isinstance(form, Dictionary) and bool(form.get("/NeedAppearances", False))
    return asks and _inherited(annotation, "/FT") in {Name.Tx, Name.Ch}


def drawn(copying: Copying, annotation: Any, sides: Sides) -> Any:
    """A picture that shows the value, to fill the rectangle with; None where there is none to show."""
    width, height = sides[2] - sides[0], sides[3] - sides[1]
    if min(width, height) < 1:
        return None
    scale = min(float(_SCALE), _MOST_PIXELS / max(width, height))
    # Of one bit: white is seen through, black is painted.
    picture = Image.new("1", (max(1, round(width * scale)), max(1, round(height * scale))), 1)
    if _is_pressed(annotation):
        _cross(picture)
    elif text := _text_of(annotation):
        _write(picture, text, annotation, scale)
    else:
        return None
    fields = Dictionary(
        Type=Name.XObject, Subtype=Name.Image, Width=picture.width, Height=picture.height, BitsPerComponent=1,
        ImageMask=True,
    )  # fmt: skip
    return copying.target.make_stream(picture.tobytes(), fields)


def _is_pressed(annotation: Any) -> bool:
    if _inherited(annotation, "/FT") != Name.Btn or _flags(annotation) & _PUSH_BUTTON:
        return False
    state = annotation.get("/AS")
    state = _inherited(annotation, "/V") if state is None else state
    return isinstance(state, Name) and state != Name.Off


def _text_of(annotation: Any) -> str:
    if annotation.get("/Subtype") == "/FreeText":
        return _plain(annotation.get("/Contents"))
    kind, value = _inherited(annotation, "/FT"), _inherited(annotation, "/V")
    if kind == Name.Tx:
        text = _plain(value)
        return "*" * len(text) if _flags(annotation) & _PASSWORD else text
    if kind == Name.Ch:
        chosen = list(value) if isinstance(value, Array) else [value]
        words = _words_of_choices(annotation)
        return "\n".join(words.get(text, text) for each in chosen if (text := _plain(each)))
    return ""


def _words_of_choices(annotation: Any) -> dict[str, str]:
    """What is shown for each value of a list that has other words for it (12.7.5.4)."""
    options = _inherited(annotation, "/Opt")
    given = list(options) if isinstance(options, Array) else []
    pairs = [each for each in given if isinstance(each, Array) and len(each) == 2]
    return {_plain(value): _plain(shown) for value, shown in pairs}


def _plain(value: Any) -> str:
    if isinstance(value, Stream):
        text = value.read_bytes().decode("utf-8", "replace") if len(value.read_raw_bytes()) < _MOST_LETTERS else ""
    else:
        text = str(value) if isinstance(value, String) else ""
    lines = text[:_MOST_LETTERS].replace("\r\n", "\n").replace("\r", "\n").replace("\t", "    ").split("\n")
    return "\n".join("".join(filter(str.isprintable, line)) for line in lines).strip("\n")


def _flags(annotation: Any) -> int:
    given = _inherited(annotation, "/Ff")
    return given if isinstance(given, int) else 0


def _inherited(annotation: Any, key: str) -> Any:
    """The entry of the field, or of the one above it that has it."""
    for _ in range(_DEEPEST):
        if not isinstance(annotation, Dictionary):
            return None
        if (found := annotation.get(key)) is not None:
            return found
        annotation = annotation.get("/Parent")
    return None


def _cross(picture: Image.Image) -> None:
    right, bottom = picture.width, picture.height
    side = min(right, bottom) * 0.3
    draw, width = ImageDraw.Draw(picture), max(1, round(min(right, bottom) * 0.12))
    x, y = right / 2, bottom / 2
    draw.line((x - side, y - side, x + side, y + side), 0, width)
    draw.line((x - side, y + side, x + side, y - side), 0, width)


def _write(picture: Image.Image, text: str, annotation: Any, scale: float) -> None:
    """The text is in the picture, whole: as large as the form says, or smaller where it would not fit."""
    margin = min(_MARGIN * scale, picture.width / 8, picture.height / 8)
    width, height = picture.width - 2 * margin, picture.height - 2 * margin
    in_lines = bool(_flags(annotation) & _MULTILINE) or "\n" in text or annotation.get("/Subtype") == "/FreeText"
    size = _size_of(annotation) or (_USUAL if in_lines else min(_USUAL, 0.75 * height / scale))
    while True:
        font = _font(max(1, round(size * scale)))
        lines = _lines(text, font, width) if in_lines else [text]
        fits = len(lines) * size * scale * _LINE <= height + 1 or (not in_lines and size * scale <= picture.height)
        if size <= _SMALLEST or (fits and max(map(font.getlength, lines)) <= width):
            break
        size = max(_SMALLEST, size * 0.9)
    draw = ImageDraw.Draw(picture)
    draw.fontmode = "1"
    middle = margin + size * scale * _LINE / 2 if in_lines else picture.height / 2
    at = {1: ("mm", picture.width / 2), 2: ("rm", picture.width - margin)}.get(_quadding(annotation), ("lm", margin))
    for number, line in enumerate(lines):
        draw.text((at[1], middle + number * size * scale * _LINE), line, 0, font, anchor=at[0])


def _size_of(annotation: Any) -> float | None:
    found = _SIZE.search(_plain(_inherited(annotation, "/DA")))
    try:
        size = 0.0 if found is None else float(found[1])
    except ValueError:
        return None
    return min(max(size, _SMALLEST), _LARGEST) if size else None


def _quadding(annotation: Any) -> int:
    given = _inherited(annotation, "/Q")
    return given if isinstance(given, int) else 0


def _lines(text: str, font: Any, width: float) -> list[str]:
    lines = []
    for part in text.split("\n"):
        line = ""
        for letter in part:
            if line and font.getlength(line + letter) > width:
                lines.append(line)
                line = ""
            line += letter
        lines.append(line)
    return lines


@cache
def _font(pixels: int) -> Any:
    data = chinese_font()
    if data is None:
        return ImageFont.load_default(pixels)
    return ImageFont.truetype(io.BytesIO(data), pixels, index=_simplified(), layout_engine=ImageFont.Layout.BASIC)


@cache
def _simplified() -> int:
    """Which font of a collection draws characters as they are written in mainland China; the first of another."""
    data = chinese_font() or b""
    if not data.startswith(b"ttcf"):
        return 0
    for index in range(int.from_bytes(data[8:12])):
        font = ImageFont.truetype(io.BytesIO(data), 9, index=index, layout_engine=ImageFont.Layout.BASIC)
        if (font.getname()[0] or "").endswith("SC"):
            return index
    return 0
