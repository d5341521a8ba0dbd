"""Whether a decoder's answer is one that a decoder gives: nobody trusts what comes out of a process that a file ran.

Cheap on purpose, in the process of the hub: numbers within their bounds, types that fit, first bytes that fit them.
"""

import os
from itertools import zip_longest
from typing import BinaryIO, Final

from hub.documents.inspection_messages import Answer, Size
from hub.domain.evidence import (
    MAX_COPY_SIZE,
    MAX_PDF_PAGES,
    MAX_THUMBNAIL_SIZE,
    PICTURES,
    CleanCopy,
    MediaType,
)
from hub.domain.picture_hash import HASHED_PAGES
from hub.domain.viewing import MAX_PAGE_SIZE, MAX_PAGES, MAX_WIDTH, ViewingPage

# What a clean copy is in, by what it was made from: any other picture becomes a JPEG.
_COPIED_AS: Final = {MediaType.PDF: MediaType.PDF, MediaType.PNG: MediaType.PNG}
_BEGINNINGS: Final = {
    MediaType.PDF: b"%PDF-",
    MediaType.JPEG: b"\xff\xd8\xff",
    MediaType.PNG: b"\x89PNG\r\n\x1a\n",
}


class ForgedAnswerError(Exception):
    """No decoder of the hub's gives such an answer: the file took it over, or broke it."""


def clean_copy_of(answer: Answer, media_type: MediaType, copy: BinaryIO, thumbnail: BinaryIO) -> CleanCopy | None:
    """What the answer says was made of a file of that type, with its thumbnail. Raises ForgedAnswerError."""
    if answer.reason is not None:
        return None
    is_pdf = media_type == MediaType.PDF
    _require((answer.pages is not None and answer.pages <= MAX_PDF_PAGES) if is_pdf else answer.pages is None)
    _require(is_pdf or not (answer.removed or answer.was_signed or answer.origin))
    _require(len(set(answer.removed)) == len(answer.removed))
    copied_as = _COPIED_AS.get(media_type, MediaType.JPEG)
    _require(answer.copied_as == copied_as)
    small = thumbnail_of(thumbnail)
    # A PDF has none yet.
    _require(is_pdf or small is not None)
    return CleanCopy(
        media_type=copied_as,
        content=_content(copy, copied_as, limit=MAX_COPY_SIZE),
        thumbnail=small,
        removed=answer.removed,
        was_signed=answer.was_signed,
        origin=answer.origin,
    )


def pages_of(answer: Answer, media_type: MediaType, out: BinaryIO) -> tuple[ViewingPage, ...]:
    """The pages that the answer says were drawn. Raises ForgedAnswerError."""
    if answer.reason is not None:
        return ()
    count = answer.pages or 0
    _require(0 < len(answer.drawn) <= min(MAX_PAGES, count if media_type in PICTURES else MAX_PAGES))
    _require(media_type in PICTURES or count <= MAX_PDF_PAGES)
    _require(len(answer.hashes) <= min(HASHED_PAGES, len(answer.drawn)))
    out.seek(0)
    hashes = [None if each is None else bytes.fromhex(each) for each in answer.hashes]
    return tuple(_page(out, size, picture_hash) for size, picture_hash in zip_longest(answer.drawn, hashes))


def thumbnail_of(thumbnail: BinaryIO) -> bytes | None:
    """The small picture, where one was made. Raises ForgedAnswerError."""
    return _content(thumbnail, MediaType.JPEG, limit=MAX_THUMBNAIL_SIZE) if _size(thumbnail) else None


def _page(out: BinaryIO, drawn: Size, picture_hash: bytes | None) -> ViewingPage:
    size, width, height = drawn
    _require(size <= MAX_PAGE_SIZE and width <= MAX_WIDTH)
    content = out.read(size)
    _require(len(content) == size and content.startswith(_BEGINNINGS[MediaType.JPEG]))
    return ViewingPage(width=width, height=height, content=content, picture_hash=picture_hash)


def _content(file: BinaryIO, media_type: MediaType, *, limit: int) -> bytes:
    _require(_size(file) <= limit)
    file.seek(0)
    content = file.read()
    _require(content.startswith(_BEGINNINGS[media_type]))
    return content


def _size(file: BinaryIO) -> int:
    return os.fstat(file.fileno()).st_size


def _require(fits: bool) -> None:
    if not fits:
        raise ForgedAnswerError
