"""Decoding and drawing files that nobody trusts: what the children of `hub.documents.decoding_server` do, confined."""

import contextlib
import errno
import io
import warnings
from collections.abc import Iterator
from functools import cache
from typing import BinaryIO, Final

import pikepdf
import pillow_heif
import pypdfium2
from PIL import Image, JpegImagePlugin, MpoImagePlugin, PngImagePlugin, WebPImagePlugin

from hub.documents import pictures, viewing_pages
from hub.documents.inspection_messages import Answer
from hub.documents.pdf import cleaning
from hub.documents.rejection import RejectedError
from hub.domain.evidence import MAX_COPY_SIZE, FileRejectionReason, MediaType
from hub.domain.picture_hash import HASHED_PAGES

# Pillow imports some of them only when it meets such a picture, which a decoder could not.
PICTURE_READERS: Final = (JpegImagePlugin, MpoImagePlugin, PngImagePlugin, WebPImagePlugin)


def decode(data: bytes, media_type: MediaType, copy: BinaryIO, thumbnail: BinaryIO) -> Answer:
    """Every byte that makes the pictures and pages was decoded; the clean copy and a picture's thumbnail are in theirs.

    Raises RejectedError. Any other error is a fault of this program or of its machine, never of the file.
    """
    with _only_faults_of_the_file():
        if media_type == MediaType.PDF:
            return _clean_pdf(data, copy)
        picture = pictures.read(data, media_type)
        thumbnail.write(pictures.thumbnail(picture))
        return Answer(copied_as=pictures.write_copy(picture, media_type, copy))


def _clean_pdf(data: bytes, copy: BinaryIO) -> Answer:
    cleaned = cleaning.clean(data)
    if len(cleaned.content) > MAX_COPY_SIZE:
        raise RejectedError(FileRejectionReason.UNREADABLE)
    copy.write(cleaned.content)
    return Answer(
        pages=cleaned.pages,
        copied_as=MediaType.PDF,
        removed=tuple(sorted(cleaned.removed)),
        was_signed=cleaned.was_signed,
        origin=cleaned.origin,
    )


def draw(data: bytes, media_type: MediaType, number: int, out: BinaryIO, thumbnail: BinaryIO) -> Answer:
    """The pages are in `out`, one after another; of the first the thumbnail is in its own. Raises as `decode` does."""
    with _only_faults_of_the_file():
        if media_type == MediaType.PDF:
            pages, count = viewing_pages.draw_pdf_page(data, number)
        else:
            pages, count = viewing_pages.draw_picture(pictures.read(data, media_type))
        out.writelines(page.content for page in pages)
        if number == 1:
            thumbnail.write(viewing_pages.small_picture(pages[0]))
        hashed = pages[: max(0, HASHED_PAGES - number + 1)]
        return Answer(
            pages=count,
            drawn=tuple((len(page.content), page.width, page.height) for page in pages),
            hashes=tuple(viewing_pages.hash_in_hex(page) for page in hashed),
        )


@contextlib.contextmanager
def _only_faults_of_the_file() -> Iterator[None]:
    """Whatever the libraries raise over a file rejects it; faults of the program and of its machine go on."""
    try:
        yield
    except RejectedError:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning, MemoryError) as error:
        raise RejectedError(FileRejectionReason.TOO_LARGE_PICTURE) from error
    except ImportError:
        raise
    except Exception as error:
        if isinstance(error, OSError) and error.errno in {errno.EMFILE, errno.ENFILE}:
            raise
        raise RejectedError(FileRejectionReason.UNREADABLE) from error


def load_readers() -> None:
    """All that the libraries open or import by themselves is loaded: a decoder can open no file."""
    Image.preinit()
    pillow_heif.register_heif_opener()
    viewing_pages.load_fonts()
    _draw_once()
    Image.MAX_IMAGE_PIXELS = pictures.MAX_PIXELS
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    # qpdf opens the source of chance for the first PDF under AES-256 it writes or reads, and keeps it open.
    with pikepdf.new() as document:
        document.save(io.BytesIO(), encryption=pikepdf.Encryption(owner="owner", user=""))


def _draw_once() -> None:
    """What is imported and made for the first page that is drawn is there."""
    with pypdfium2.PdfDocument.new() as document:
        document.new_page(9, 9).render().to_pil()


def rehearse() -> None:
    """What the first file costs more than the next is paid: a picture and a page of the hub's own were decoded."""
    picture, document = _own_files()
    decode(picture, MediaType.JPEG, io.BytesIO(), io.BytesIO())
    decode(document, MediaType.PDF, io.BytesIO(), io.BytesIO())


@cache
def _own_files() -> tuple[bytes, bytes]:
    picture, document = io.BytesIO(), io.BytesIO()
    Image.effect_noise((64, 64), 30).convert("RGB").save(picture, "JPEG")
    with pikepdf.new() as made:
        page = made.add_blank_page()
        held = made.make_stream(picture.getvalue(), Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Image)
        held.Width, held.Height, held.BitsPerComponent = 64, 64, 8
        held.ColorSpace, held.Filter = pikepdf.Name.DeviceRGB, pikepdf.Name.DCTDecode
        page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(P=held))
        page.Contents = made.make_stream(b"q 90 0 0 90 0 0 cm /P Do Q")
        made.save(document)
    return picture.getvalue(), document.getvalue()
