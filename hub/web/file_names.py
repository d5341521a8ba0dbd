"""What a file is called, from what a client wrote into its Content-Disposition in whichever of the usual spellings."""

import codecs
import html
import re
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from typing import Final
from urllib.parse import unquote_to_bytes

# filename*=charset'language'percent-encoded (RFC 8187), in quotes too, as some clients put it.
_EXTENDED: Final = re.compile(r"filename\*\s*=\s*\"?([\w.-]*)'[^']*'([^\";]*)\"?", re.IGNORECASE)
_QUOTED: Final = re.compile(r"filename\s*=\s*\"((?:\\[\"\\]|[^\"])*)\"", re.IGNORECASE)
_BARE: Final = re.compile(r"filename\s*=\s*([^\";\s][^;]*)", re.IGNORECASE)
_ENCODED_WORD: Final = re.compile(r"=\?[\w.-]+\?[bqBQ]\?[^?]*\?=")
_PERCENTS: Final = re.compile(r"(?:%[0-9A-Fa-f]{2})+")
# What programs of Chinese systems write where they do not write UTF-8.
_CHINESE: Final = "gb18030"


def text_of(raw: bytes) -> str:
    """The bytes of a header as text: UTF-8, or else as Chinese systems write, or else a character a byte."""
    for encoding in ("utf-8", _CHINESE):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return raw.decode("latin-1")


def name_in(disposition: str) -> str | None:
    """The file's name in the value of a Content-Disposition header; None where it has none.

    What is meant is read: quoted or not, percent-encoded, as an encoded word of a mail, as references of HTML.
    """
    if extended := _EXTENDED.search(disposition):
        return _decoded(unquote_to_bytes(extended[2]), extended[1])
    if quoted := _QUOTED.search(disposition):
        # A Windows path is full of strokes that escape nothing.
        return _meant(re.sub(r'\\(["])', r"\1", quoted[1]))
    bare = _BARE.search(disposition)
    return None if bare is None else _meant(bare[1].strip())


def _decoded(raw: bytes, encoding: str) -> str:
    try:
        return raw.decode(codecs.lookup(encoding or "utf-8").name)
    except (LookupError, UnicodeDecodeError):
        return text_of(raw)


def _meant(written: str) -> str:
    text = html.unescape(written)
    if _ENCODED_WORD.search(text):
        try:
            return str(make_header(decode_header(text)))
        except (LookupError, UnicodeDecodeError, ValueError, HeaderParseError):
            return text
    percents = "".join(_PERCENTS.findall(text))
    if percents:
        try:
            # Only what stands for more than ASCII was written so on purpose.
            if not unquote_to_bytes(percents).decode("utf-8").isascii():
                return unquote_to_bytes(text.encode()).decode("utf-8")
        except UnicodeDecodeError:
            pass
    return text
