"""The child process that prints: reads HTML from standard input, answers with PDF, one frame each.

The only importer of WeasyPrint. `hub.documents.printing` starts it and is the only one to speak with it.
"""

import gc
import logging
import os
import re
import struct
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import BinaryIO, Final

from weasyprint import HTML, URLFetcher
from weasyprint.text.ffi import harfbuzz, harfbuzz_subset
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError

from hub.documents.confinement import let_read
from hub.documents.small_fonts import as_bare_cff, use_small_fonts

MEMORY_LIMIT = 2 << 30
LENGTH = struct.Struct(">I")
PRINTED, FAILED = b"P", b"F"

# Where fonts, their settings and libraries lie; what is not there is left out.
_SYSTEM: Final = ("/usr", "/lib", "/lib64", "/etc/fonts", "/etc/ld.so.cache", "/etc/localtime", "/var/cache/fontconfig",
    "/dev/null", "/dev/urandom")  # fmt: skip
_OF_THE_USER: Final = (".fonts", ".fonts.conf", ".local/share/fonts", ".config/fontconfig", ".cache/fontconfig")
_LIBRARIES: Final = frozenset({"site-packages", "dist-packages", "lib-dynload"})

_MISSING_GLYPH = re.compile(r"unsupported by fonts.*\(U\+([0-9A-F]+)\)")


class UnprintableError(Exception):
    """The document cannot be printed as it is; the text says why."""


class Findings(logging.Handler):
    """What WeasyPrint says while it prints: characters without a glyph, and errors."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.without_glyph: set[str] = set()
        self.errors: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Sorts one message."""
        message = record.getMessage()
        if match := _MISSING_GLYPH.search(message):
            self.without_glyph.add(chr(int(match[1], 16)))
        elif record.levelno >= logging.ERROR:
            self.errors.append(message)


@cache
def fonts() -> FontConfiguration:
    """Fonts are looked up and opened once, not for each document: that would be a fifth of a form's printing.

    It starts a thread, and so comes after the walls.
    """
    return FontConfiguration()


def readable() -> Iterator[Path]:
    """All that printing reads: this program, its libraries, and fonts. Nothing of the hub's home or of processes."""
    yield Path(__file__).parents[1]
    yield Path(os.__file__).parent
    yield from (path for path in map(Path, sys.path) if path.name in _LIBRARIES)
    yield from map(Path, _SYSTEM)
    yield from (Path.home() / each for each in _OF_THE_USER)
    named = ("LD_LIBRARY_PATH", "FONTCONFIG_FILE", "FONTCONFIG_PATH")
    yield from (Path(each) for name in named for each in os.environ.get(name, "").split(os.pathsep) if each)


def render(html: str) -> tuple[bytes, set[str]]:
    """The PDF, and the characters that no installed font can draw."""
    findings = Findings()
    logger = logging.getLogger("weasyprint")
    logger.handlers = [findings]
    logger.propagate = False
    try:
        # No protocol is allowed: a document that names a file or an address stops the print.
        fetcher = URLFetcher(allowed_protocols=(), fail_on_errors=True)
        page = HTML(string=html, url_fetcher=fetcher)
        pdf = page.write_pdf(pdf_variant="pdf/ua-1", finisher=as_bare_cff, font_config=fonts())
    except FatalURLFetchingError as error:
        raise UnprintableError(str(error)) from error
    if findings.errors:
        raise UnprintableError(findings.errors[0])
    return bytes(pdf), findings.without_glyph


def spelled_out(html: str, characters: set[str]) -> str:
    """`html` with each of the characters as its code point: a reader can look it up, a box says nothing."""
    return html.translate({ord(character): f"〔U+{ord(character):04X}〕" for character in characters})


def is_everyday_chinese(character: str) -> bool:
    """Whether every Chinese font has the character: GB 2312, level 1 and 2."""
    try:
        return "\u4e00" <= character <= "\u9fff" and bool(character.encode("gb2312"))
    except UnicodeEncodeError:
        return False


def print_document(html: str) -> bytes:
    """The PDF of `html`; a rare character that no font has is spelled out."""
    pdf, missing = render(html)
    if any(is_everyday_chinese(character) for character in missing):
        raise UnprintableError("no Chinese font is installed: apt-get install fonts-noto-cjk")
    return render(spelled_out(html, missing))[0] if missing else pdf


def subsetting_is_fast() -> bool:
    """Whether HarfBuzz can cut fonts; without it a Chinese document takes ten seconds, not half of one."""
    return bool(harfbuzz_subset) and bool(harfbuzz.hb_version_atleast(4, 1, 0))


def answer(request: bytes) -> bytes:
    """The frame that answers `request`; an empty request asks whether subsetting is fast."""
    try:
        if not request:
            return PRINTED + str(subsetting_is_fast()).encode()
        return PRINTED + print_document(request.decode())
    except Exception as error:  # noqa: BLE001 - whatever goes wrong is the caller's to hear, by its type and text
        return FAILED + f"{type(error).__name__}: {error}"[:500].encode()


def read_frame(stream: BinaryIO) -> bytes | None:
    """The next frame; None when the other side has gone."""
    head = stream.read(LENGTH.size)
    if len(head) < LENGTH.size:
        return None
    length = LENGTH.unpack(head)[0]
    body = stream.read(length)
    return body if len(body) == length else None


def write_frame(stream: BinaryIO, body: bytes) -> None:
    """The frame is with the other side's pipe."""
    stream.write(LENGTH.pack(len(body)) + body)
    stream.flush()


def serve() -> None:
    """Answers until the caller closes standard input."""
    # A page is half a second of processor time that nobody waits for at a screen.
    os.nice(5)
    # Whatever a library prints must not get between the frames.
    frames = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    let_read(readable(), memory=MEMORY_LIMIT)
    use_small_fonts()
    fonts()
    # What a document is made of lives until it is printed: looking through it again and again finds nothing and is a
    # twelfth of the time. What it leaves is cleared away once its caller has it.
    gc.freeze()
    gc.disable()
    while (request := read_frame(sys.stdin.buffer)) is not None:
        write_frame(frames, answer(request))
        gc.collect()


if __name__ == "__main__":
    serve()
