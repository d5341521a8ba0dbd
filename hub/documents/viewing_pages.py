"""Pages as pictures, drawn from a picture or a page of a PDF: what they show and nothing of what they hold.

Runs in confined child processes; what it raises means that the file is at fault, MemoryError that it is too large.
"""

import io
from itertools import islice
from typing import Final

import pypdfium2
from PIL import Image

from hub.documents.pdf.fonts import ChineseFont, chinese_font
from hub.documents.pictures import on_white, thumbnail
from hub.domain.picture_hash import COLUMNS, ROWS, hash_of
from hub.domain.viewing import MAX_PAGES, MAX_WIDTH, ViewingPage, pages_of, scale_of

_QUALITY: Final = 80
# A small receipt is drawn at most at this many pixels a point: 288 to the inch.
_LARGEST_SCALE: Final = 4.0
# PDFs may call for sheets of any size; no page of one is drawn with more pixels than so many pages of a screenshot.
_MOST_HEIGHT: Final = 40_000
# A hash is made of so many times the columns and rows that it has.
_LOOKED_AT: Final = 8
_BLENDED: Final = frozenset({"L", "RGB", "RGBA"})

_font: ChineseFont | None = None


def load_fonts() -> None:
    """PDFium has the Chinese font of this machine, where there is one; to be called before the process is confined."""
    global _font  # noqa: PLW0603 - PDFium itself has one for the whole process
    found = chinese_font()
    if found is not None and _font is None:
        _font = ChineseFont(found)
        _font.use()


def draw_picture(picture: Image.Image) -> tuple[list[ViewingPage], int]:
    """At most `MAX_PAGES` pages of the picture, and how many there are."""
    boxes = list(pages_of(*picture.size))
    scale = scale_of(*picture.size)
    pages = []
    for left, top, right, bottom in boxes[:MAX_PAGES]:
        part = picture.crop((left, top, right, bottom)) if len(boxes) > 1 else picture
        size = (max(1, round((right - left) * scale)), max(1, round((bottom - top) * scale)))
        size = (min(size[0], MAX_WIDTH), size[1])
        if size != part.size:
            part = _smaller(part, size)
        pages.append(_page(part))
    return pages, len(boxes)


def _smaller(part: Image.Image, size: tuple[int, int]) -> Image.Image:
    # Palettes and single bits have no colours between, which a smaller picture needs.
    blended = part if part.mode in _BLENDED else on_white(part)
    return blended.resize(size, Image.Resampling.LANCZOS, reducing_gap=2.0)


def draw_pdf_page(data: bytes, number: int) -> tuple[list[ViewingPage], int]:
    """The pages that page `number` (from 1) of the PDF makes, most often one; and how many pages the PDF has.

    Scripts, forms and links are not known to this reader; of notes and filled fields their picture is drawn.
    """
    with pypdfium2.PdfDocument(data) as document:
        page = document[number - 1]
        width, height = page.get_size()
        scale = min(_LARGEST_SCALE, MAX_WIDTH / width, _MOST_HEIGHT / height)
        size = max(1, round(width * scale)), max(1, round(height * scale))
        pages = [_page(_drawn(page, box, size, scale)) for box in islice(pages_of(*size), MAX_PAGES)]
        return pages, len(document)


def _drawn(page: pypdfium2.PdfPage, box: tuple[int, int, int, int], size: tuple[int, int], scale: float) -> Image.Image:
    left, top, right, bottom = box
    cut_off = (left / scale, (size[1] - bottom) / scale, (size[0] - right) / scale, top / scale)
    drawn: Image.Image = page.render(scale=scale, crop=cut_off, may_draw_forms=False).to_pil()
    # PDFium rounds up, and may add a row and a column.
    return drawn.crop((0, 0, min(drawn.width, right - left), min(drawn.height, bottom - top)))


def small_picture(page: ViewingPage) -> bytes:
    """The page as a thumbnail."""
    with Image.open(io.BytesIO(page.content), formats=["JPEG"]) as opened:
        opened.load()
        return thumbnail(opened)


def hash_in_hex(page: ViewingPage) -> str | None:
    """The perceptual hash of the page; None for one that shows too little to tell it from others."""
    with Image.open(io.BytesIO(page.content), formats=["JPEG"]) as opened:
        # The decoder need not make more pixels than are looked at.
        opened.draft("L", (COLUMNS * _LOOKED_AT, ROWS * _LOOKED_AT))
        grey = opened.convert("L").resize((COLUMNS, ROWS), Image.Resampling.BOX)
    found = hash_of(grey.tobytes())
    return None if found is None else found.hex()


def _page(picture: Image.Image) -> ViewingPage:
    plain = on_white(picture)
    plain.info.clear()
    out = io.BytesIO()
    plain.save(out, "JPEG", quality=_QUALITY)
    return ViewingPage(width=plain.width, height=plain.height, content=out.getvalue())
