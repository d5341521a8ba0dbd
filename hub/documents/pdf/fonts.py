"""A font for the pages of PDFs that bring none: statements of banks name 宋体 and count on the reader to have it.

PDFium looks for it in the folders of the system while it draws, which a confined process cannot. So it is read before,
and handed to PDFium from memory.
"""

import ctypes
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, Final

import pypdfium2.raw as pdfium

# What PDFium's fpdf_sysfontinfo.h calls SHIFTJIS, HANGUL, GB2312 and CHINESEBIG5.
_EASTERN: Final = frozenset({128, 129, 134, 136})
_GB2312: Final = 134
_WHOLE_FILE, _WHOLE_COLLECTION = 0, 0x74746366
_FOLDERS: Final = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"))
# Debian's fonts-noto-cjk and the same by other distributions, then what else may be there.
_NAMES: Final = ("NotoSansCJK-Regular.*", "NotoSansCJKsc-Regular.*", "NotoSansSC-Regular.*", "NotoSerifCJK-Regular.*")
_ANY: Final = 1


class ChineseFont:
    """One font for whatever is asked for in a script of the East. PDFium has fonts of its own for the others.

    To be kept for as long as PDFium draws: the library holds its functions.
    """

    def __init__(self, font: bytes) -> None:
        self._font = font
        self._table = pdfium.FPDF_SYSFONTINFO(version=1)
        self._functions: list[object] = []
        self._set("MapFont", self._find)
        self._set("GetFont", lambda _table, _face: None)
        self._set("GetFontData", self._read)
        self._set("GetFaceName", lambda _table, _font, _buffer, _size: 0)
        self._set("GetFontCharset", lambda _table, _font: _GB2312)
        self._set("DeleteFont", lambda _table, _font: None)

    def use(self) -> None:
        """PDFium asks here from now on."""
        pdfium.FPDF_SetSystemFontInfo(ctypes.byref(self._table))

    def _set(self, name: str, function: Callable[..., Any]) -> None:
        kept = dict(self._table._fields_)[name](function)
        self._functions.append(kept)
        setattr(self._table, name, kept)

    def _find(self, _table: Any, _weight: int, _italic: int, charset: int, *_: Any) -> int | None:
        return _ANY if charset in _EASTERN else None

    def _read(self, _table: Any, _font: Any, what: int, buffer: Any, size: int) -> int:
        if what not in {_WHOLE_FILE, _WHOLE_COLLECTION}:
            return 0
        if buffer and size >= len(self._font):
            ctypes.memmove(buffer, self._font, len(self._font))
        return len(self._font)


@cache
def chinese_font() -> bytes | None:
    """The font that is installed; None where there is none, and such text stays blank."""
    found = (path for name in _NAMES for folder in _FOLDERS for path in folder.rglob(name))
    path = next(found, None)
    return None if path is None else path.read_bytes()
