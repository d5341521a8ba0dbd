"""Binding files into one locked PDF: what runs in the child process of `hub.documents.bundle`.

PDFs keep their pages, a picture has a page of its own; what is very long has several, on which it can be read. Standard
input says what to do, an inherited descriptor holds the files, standard output takes the result. Nothing is parsed
before the process is confined.
"""

import contextlib
import io
import json
import math
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO, Final

import pikepdf
from PIL import Image, ImageOps

from hub.documents.confinement import confine
from hub.documents.decoding import load_readers
from hub.documents.pictures import on_white
from hub.domain.evidence import MediaType

# A picture is for reading on a screen or an A4 page; the bytes as they were sent are in the portal.
LONGEST_SIDE: Final = 2400
QUALITY: Final = 85
# A4 in points, with a finger's margin.
_SHORT, _LONG, _MARGIN = 595.276, 841.89, 28.0
# What is longer than this is cut into pages, each a little less high than the paper: a receipt, a chat, a statement.
_LONG_RATIO, _PAGE_RATIO = 2.5, 1.4
# Neighbouring pages share a tenth of one; a hairline does not become hundreds of them.
_SHARED, MOST_PIECES = 10, 40
_FORMATS: Final = {MediaType.JPEG: "JPEG", MediaType.PNG: "PNG", MediaType.HEIC: "HEIF", MediaType.WEBP: "WEBP"}
_NOTHING: Final = 3
_EVERYTHING: Final = pikepdf.Permissions(modify_assembly=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One file: what it is called in the table of contents, and its bytes."""

    title: str
    media_type: str
    content: bytes


class Binder:
    """A PDF that grows file by file."""

    def __init__(self) -> None:
        self._document = pikepdf.new()
        self._document.Root.PageMode = pikepdf.Name.UseOutlines
        # Streams of a source are copied when the whole is written.
        self._sources: list[pikepdf.Pdf] = []
        self._contents: list[tuple[str, int]] = []

    @property
    def parts(self) -> int:
        """How many files are in it."""
        return len(self._contents)

    def add(self, part: Part) -> None:
        """The file's pages are at the end; raises whatever the libraries raise, with nothing added."""
        first = len(self._document.pages)
        if part.media_type == MediaType.PDF:
            source = pikepdf.open(io.BytesIO(part.content.rstrip(b"\x00")))
            for page in source.pages:
                _disarm(page.obj)
            try:
                for page in source.pages:
                    self._add_page(page)
            except Exception:
                del self._document.pages[first:]
                raise
            self._sources.append(source)
        else:
            for piece in _pieces(_picture(part.content, _FORMATS[MediaType(part.media_type)])):
                _add_picture(self._document, piece)
        self._contents.append((part.title, first))

    def _add_page(self, page: pikepdf.Page) -> None:
        """The page is at the end: several times, each showing a part, where it is too long to be read on one paper."""
        for box in _parts_of(page):
            self._document.pages.append(page)
            added = self._document.pages[-1].obj
            added.MediaBox = added.CropBox = pikepdf.Array(box)

    def write(self, password: str) -> bytes:
        """The whole PDF under AES-256; who has the password may do everything with it."""
        with self._document.open_outline() as outline:
            outline.root.extend(pikepdf.OutlineItem(title, page) for title, page in self._contents)
        out = io.BytesIO()
        self._document.save(
            out,
            encryption=pikepdf.Encryption(owner=password, user=password, R=6, allow=_EVERYTHING),
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
        )
        return out.getvalue()


def _disarm(page: pikepdf.Object) -> None:
    """Whatever a page could start by itself or at a click is gone; what it shows stays."""
    if "/AA" in page:
        del page.AA
    annotations = page.get("/Annots")
    if not isinstance(annotations, pikepdf.Array):
        return
    kept = pikepdf.Array()
    for each in annotations:
        if not isinstance(each, pikepdf.Dictionary):
            continue
        for name in ("/A", "/AA", "/FS"):
            if name in each:
                del each[name]
        if each.get("/Subtype") != pikepdf.Name.FileAttachment:
            kept.append(each)
    page.Annots = kept


def _parts_of(page: pikepdf.Page) -> Iterator[list[float]]:
    """The boxes of the parts of the page, in the order in which they are read; one, where it is not very long."""
    left, bottom, right, top = (float(each) for each in page.cropbox)
    left, right, bottom, top = min(left, right), max(left, right), min(bottom, top), max(bottom, top)
    wide, high = right - left, top - bottom
    short, long = sorted((wide, high))
    pieces = list(_cuts(short, long))
    turned = int(page.obj.get("/Rotate", 0)) % 360
    # From the top down, or from the left: in a page that is shown turned that is the other way in its own measure.
    if turned in ((90, 180) if high > wide else (180, 270)):
        pieces.reverse()
    for begins, ends in pieces:
        yield [left, top - ends, right, top - begins] if high > wide else [left + begins, bottom, left + ends, top]


def _cuts(short: float, long: float) -> Iterator[tuple[float, float]]:
    """From where to where each piece goes of what is so `long`: one, where that is not many times as long as `short`.

    Neighbours share a strip, so that what is cut through on one page is whole on the next.
    """
    if long <= short * _LONG_RATIO:
        yield 0, long
        return
    length = max(short * _PAGE_RATIO, long / MOST_PIECES)
    count = math.ceil(long / (length - length / _SHARED))
    for number in range(count):
        begins = (long - length) * number / (count - 1)
        yield begins, begins + length


def _picture(content: bytes, kind: str) -> Image.Image:
    """The picture upright, in RGB on white."""
    with Image.open(io.BytesIO(content), formats=[kind]) as opened:
        opened.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
        opened.load()
        return on_white(_upright(opened)).convert("RGB")


def _pieces(picture: Image.Image) -> Iterator[Image.Image]:
    """The picture in pieces that can each be read on a page: one, where it is not many times longer than it is wide.

    Neighbours share a strip, so that what is cut through on one page is whole on the next.
    """
    short, long = sorted(picture.size)
    length = max(round(short * _PAGE_RATIO), -(-long // MOST_PIECES))
    count = 1 if long <= short * _LONG_RATIO else -(-long // (length - length // _SHARED))
    for number in range(count):
        begins = 0 if count == 1 else (long - length) * number // (count - 1)
        ends = long if count == 1 else begins + length
        box = (0, begins, short, ends) if picture.height == long else (begins, 0, ends, short)
        piece = picture.crop(box)
        piece.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
        yield piece


def _upright(picture: Image.Image) -> Image.Image:
    try:
        return ImageOps.exif_transpose(picture)
    except Exception:  # noqa: BLE001 - what a camera wrote beside the picture may be broken in any way
        return picture


def _add_picture(document: pikepdf.Pdf, picture: Image.Image) -> None:
    jpeg = io.BytesIO()
    picture.save(jpeg, "JPEG", quality=QUALITY)
    wide, high = (_LONG, _SHORT) if picture.width > picture.height else (_SHORT, _LONG)
    # A small picture is not blown up: a pixel is a 72nd of an inch at most.
    scale = min((wide - 2 * _MARGIN) / picture.width, (high - 2 * _MARGIN) / picture.height, 1.0)
    shown_wide, shown_high = picture.width * scale, picture.height * scale
    drawn = document.make_stream(
        jpeg.getvalue(),
        Type=pikepdf.Name.XObject,
        Subtype=pikepdf.Name.Image,
        Width=picture.width,
        Height=picture.height,
        ColorSpace=pikepdf.Name.DeviceRGB,
        BitsPerComponent=8,
        Filter=pikepdf.Name.DCTDecode,
    )
    at = f"{(wide - shown_wide) / 2:.2f} {(high - shown_high) / 2:.2f}"
    page = document.add_blank_page(page_size=(wide, high))
    page.obj.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Im=drawn))
    page.obj.Contents = document.make_stream(f"q {shown_wide:.2f} 0 0 {shown_high:.2f} {at} cm /Im Do Q".encode())


def _parts(task: dict[str, Any], files: BinaryIO) -> Iterator[Part]:
    for each in task["files"]:
        yield Part(title=each["title"], media_type=each["media_type"], content=files.read(each["size"]))


def main(files: BinaryIO, out: BinaryIO) -> int:
    """A line of JSON (`left_out`) and the PDF are in `out`, and the status is 0; otherwise nothing is."""
    task = json.loads(sys.stdin.buffer.read())
    load_readers()
    # Libraries write what they think of a file to standard error.
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    confine(task["cpu_s"], most_written=task["most_written"])
    binder = Binder()
    for part in _parts(task, files):
        # One file that cannot be bound, for whatever reason, must not keep the others out.
        with contextlib.suppress(Exception):
            binder.add(part)
    if not binder.parts:
        return _NOTHING
    head = json.dumps({"left_out": len(task["files"]) - binder.parts}).encode() + b"\n"
    content = binder.write(task["password"])
    if len(head) + len(content) > task["most_written"]:
        return _NOTHING
    out.write(head + content)
    out.flush()
    return 0


if __name__ == "__main__":
    with os.fdopen(int(sys.argv[1]), "rb") as inherited:
        sys.exit(main(inherited, sys.stdout.buffer))
