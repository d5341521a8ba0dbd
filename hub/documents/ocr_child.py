"""The child process that reads one page: a JPEG from standard input, its text to standard output.

The only caller of libtesseract, by its C interface. `hub.documents.ocr` starts one for each page; nothing else does.
The library and its model are loaded first; from there on the child can compute, and opens nothing more.
"""

import ctypes
import os
import sys
from io import BytesIO
from typing import Final

from PIL import Image

from hub.documents.confinement import confine, hide_memory

MOST_TEXT: Final = 64 * 1024
"""Bytes of a page's text; what is longer is cut."""
MOST_PIXELS: Final = 8_000_000
"""A viewing page of 1,600 pixels in width has half of it."""
CPU_LIMIT_S: Final = 15
NOT_THERE: Final = 3
"""The exit status where the library, or its model for Chinese, is not installed."""
LANGUAGE: Final = b"chi_sim"
NICENESS: Final = 15

_LIBRARIES: Final = ("libtesseract.so.5", "libtesseract.so.4")
_BY_BLOCKS: Final = 4  # PSM_SINGLE_COLUMN: lines keep their words and numbers together, as forms have them.
_DPI: Final = 150  # An A4 page of 1,600 pixels has about so many.


class NotThereError(Exception):
    """Tesseract, or its model for Chinese, is not installed."""


class Tesseract:
    """The library with its model loaded."""

    def __init__(self) -> None:
        self._library = _loaded()
        for name in ("TessBaseAPICreate", "TessBaseAPIGetUTF8Text"):
            getattr(self._library, name).restype = ctypes.c_void_p
        self._library.TessVersion.restype = ctypes.c_char_p
        self._engine = ctypes.c_void_p(self._library.TessBaseAPICreate())
        if self._library.TessBaseAPIInit3(self._engine, None, LANGUAGE) != 0:
            raise NotThereError
        self._library.TessBaseAPISetPageSegMode(self._engine, _BY_BLOCKS)

    @property
    def version(self) -> str:
        """As the library has it."""
        return str(self._library.TessVersion().decode())

    def text_of(self, picture: Image.Image) -> bytes:
        """What is written on the picture, in UTF-8, line by line."""
        pixels = picture.convert("L").tobytes()
        self._library.TessBaseAPISetImage(self._engine, pixels, picture.width, picture.height, 1, picture.width)
        self._library.TessBaseAPISetSourceResolution(self._engine, _DPI)
        text = self._library.TessBaseAPIGetUTF8Text(self._engine)
        return b"" if text is None else ctypes.string_at(text)


def _loaded() -> ctypes.CDLL:
    for name in _LIBRARIES:
        try:
            return ctypes.CDLL(name)
        except OSError:
            continue
    raise NotThereError


def answer(tesseract: Tesseract, page: bytes) -> bytes:
    """The text of the page; for no page the version of the library. Raises what Pillow raises for what is none."""
    if not page:
        return tesseract.version.encode()
    with Image.open(BytesIO(page), formats=["JPEG"]) as picture:
        if picture.width * picture.height > MOST_PIXELS:
            return b""
        return tesseract.text_of(picture)[:MOST_TEXT]


def load_readers() -> None:
    """Pillow, which loads its parts when it first reads, has what it reads JPEGs with."""
    Image.preinit()
    Image.new("L", (1, 1)).tobytes()


def serve() -> None:
    """Answers once, and ends."""
    hide_memory()
    # Nobody waits for it.
    os.nice(NICENESS)
    load_readers()
    try:
        tesseract = Tesseract()
    except NotThereError:
        os._exit(NOT_THERE)
    page = sys.stdin.buffer.read()
    confine(CPU_LIMIT_S, most_written=MOST_TEXT)
    os.write(1, answer(tesseract, page))
    # The library would complain on its way out.
    os._exit(0)


if __name__ == "__main__":
    serve()
