"""Form and evidence as one locked PDF: what is in it, who can open it, and what is left out."""

from __future__ import annotations

import io
import itertools
import subprocess
import sys
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pikepdf
import pillow_heif
import pypdf
import pytest
from PIL import Image

from hub.banks.port import Bundle, Enclosure
from hub.documents.binding import LONGEST_SIDE
from hub.documents.bundle import bind
from hub.domain.errors import EvidenceDamaged, StoreFull, TryAgain
from hub.domain.evidence import MediaType
from tests.documents import hostile_pdfs

pytestmark = pytest.mark.slow

PASSWORD = "K7QM-3XTP-9WHD-2RVB"
RED, GREEN, BLUE = (250, 10, 10), (10, 250, 10), (10, 10, 250)


def pdf(pages: int, **options: object) -> bytes:
    out = io.BytesIO()
    with pikepdf.new() as document:
        for _ in range(pages):
            document.add_blank_page(page_size=(595, 842))
        document.save(out, **options)  # type: ignore[arg-type]
    return out.getvalue()


def picture(kind: str, colour: tuple[int, ...] | int = RED, *, size: tuple[int, int] = (300, 400), mode: str = "RGB",
            **options: object) -> bytes:  # fmt: skip
    made = Image.new(mode, size, colour)
    out = io.BytesIO()
    if kind == "HEIF":
        pillow_heif.from_pillow(made).save(out)
    else:
        made.save(out, kind, **options)
    return out.getvalue()


def file(
    content: bytes, media_type: str = MediaType.PDF, *, kind: str = "payslip", name: str = "工资单.pdf"
) -> Enclosure:
    return Enclosure(
        id="1", kind=kind, file_name=name, media_type=media_type, size=len(content), sha256="",
        read=lambda: iter([content[:100], content[100:]]),
    )  # fmt: skip


def opened(made: Bundle) -> pypdf.PdfReader:
    assert made.content is not None
    reader = pypdf.PdfReader(io.BytesIO(made.content))
    assert reader.decrypt(PASSWORD) != pypdf.PasswordType.NOT_DECRYPTED
    return reader


def drawn(reader: pypdf.PdfReader, page: int) -> Image.Image:
    [only] = reader.pages[page].images
    assert only.image is not None
    return only.image.convert("RGB")


def is_near(pixel: object, colour: tuple[int, int, int]) -> bool:
    assert isinstance(pixel, tuple)
    return all(abs(a - b) < 30 for a, b in zip(pixel, colour, strict=True))


@pytest.fixture(scope="module")
def whole() -> Bundle:
    """A form of two pages, a PDF of three, and a picture of each kind."""
    return bind(
        [
            file(pdf(2), kind="application_form", name="XS-20261121-483920.pdf"),
            file(pdf(3), name="十月工资单.pdf"),
            file(picture("JPEG", RED), MediaType.JPEG, kind="medical_bill", name="IMG_1.jpg"),
            file(picture("PNG", GREEN), MediaType.PNG),
            file(picture("HEIF", BLUE), MediaType.HEIC),
        ],
        PASSWORD,
    )


def test_pdfs_keep_their_pages_and_each_picture_has_a_page_of_its_own(whole: Bundle) -> None:
    reader = opened(whole)
    assert whole.left_out == 0
    assert len(reader.pages) == 2 + 3 + 1 + 1 + 1
    for page, colour in ((5, RED), (6, GREEN), (7, BLUE)):
        assert is_near(drawn(reader, page).getpixel((150, 200)), colour)


def test_it_is_locked_by_aes_with_256_bits_and_the_password_opens_all_of_it(whole: Bundle) -> None:
    assert whole.content is not None
    raw: Any = pypdf.PdfReader(io.BytesIO(whole.content)).trailer["/Encrypt"].get_object()
    assert (raw["/V"], raw["/R"], raw["/CF"]["/StdCF"]["/CFM"]) == (5, 6, "/AESV3")
    for wrong in ("", PASSWORD.lower(), PASSWORD[:-1]):
        with pytest.raises(pikepdf.PasswordError):
            pikepdf.open(io.BytesIO(whole.content), password=wrong)
    with pikepdf.open(io.BytesIO(whole.content), password=PASSWORD) as document:
        allowed = document.allow
        assert all(allowed)


def test_nothing_of_it_can_be_read_without_the_password(whole: Bundle) -> None:
    assert whole.content is not None
    for words in ("十月工资单", "工资单"):
        for encoding in ("utf-8", "utf-16-be", "gb18030"):
            assert words.encode(encoding) not in whole.content


def test_the_contents_name_each_file(whole: Bundle) -> None:
    reader = opened(whole)
    titles = [(item.title, reader.get_destination_page_number(item)) for item in reader.outline]  # type: ignore[union-attr, arg-type]
    assert titles == [
        ("申请表", 0),
        ("工资单：十月工资单.pdf", 2),
        ("医疗费用单据：IMG_1.jpg", 5),
        ("工资单：工资单.pdf", 6),
        ("工资单：工资单.pdf", 7),
    ]


def test_a_picture_is_upright_and_no_larger_than_it_is_read() -> None:
    turned = Image.Exif()
    turned[0x0112] = 6
    made = bind([file(picture("JPEG", size=(4000, 3000), exif=turned), MediaType.JPEG)], PASSWORD)
    reader = opened(made)
    assert drawn(reader, 0).size == (LONGEST_SIDE * 3 // 4, LONGEST_SIDE)
    assert float(reader.pages[0].mediabox.height) > float(reader.pages[0].mediabox.width)


def test_a_wide_picture_lies_on_a_wide_page() -> None:
    page = opened(bind([file(picture("JPEG", size=(800, 300)), MediaType.JPEG)], PASSWORD)).pages[0]
    assert float(page.mediabox.width) > float(page.mediabox.height)


@pytest.mark.parametrize(
    ("size", "pages", "paper_is_high"),
    [
        ((300, 700), 1, True),
        ((300, 760), 3, True),
        ((1080, 24_000), 18, True),
        ((760, 9_000), 10, True),
        ((16_000, 900), 15, False),
        ((3, 30_000), 45, True),
    ],
)
def test_a_very_long_picture_is_cut_into_pages_on_which_it_can_be_read(
    size: tuple[int, int], pages: int, paper_is_high: bool
) -> None:
    reader = opened(bind([file(picture("PNG", size=size), MediaType.PNG)], PASSWORD))
    assert len(reader.pages) == pages
    for number, page in enumerate(reader.pages):
        shown = drawn(reader, number)
        assert min(shown.size) == min(size), "no letter is smaller than it was sent"
        assert (float(page.mediabox.height) > float(page.mediabox.width)) is paper_is_high


@pytest.mark.parametrize(
    ("size", "turned", "pages", "first", "last"),
    [
        ((595, 842), 0, 1, 0, 0),
        ((1080, 14_000), 0, 11, 12_488, 0),
        ((1080, 14_000), 180, 11, 0, 12_488),
        ((14_000, 1080), 90, 11, 0, 12_488),
        ((14_000, 1080), 0, 11, 0, 12_488),
        ((14_000, 1080), 180, 11, 12_488, 0),
    ],
)
def test_a_very_long_page_of_a_pdf_is_cut_too_and_read_from_its_top_or_left(
    size: tuple[int, int], turned: int, pages: int, first: int, last: int
) -> None:
    with pikepdf.open(io.BytesIO(hostile_pdfs.pages(1, size))) as made:
        made.pages[0].obj.Rotate = turned
        out = io.BytesIO()
        made.save(out)
    reader = opened(bind([file(out.getvalue(), MediaType.PDF)], PASSWORD))
    assert len(reader.pages) == pages
    boxes = [[float(each) for each in page.mediabox] for page in reader.pages]
    at = 1 if size[1] > size[0] else 0
    assert [round(boxes[0][at]), round(boxes[-1][at])] == [first, last]
    if pages > 1:
        # Of 24 points a letter at least so many are on a paper whose shorter side shows all of it.
        assert all(min(box[2] - box[0], box[3] - box[1]) == 1080 for box in boxes)
        assert all(max(box[2] - box[0], box[3] - box[1]) < 1600 for box in boxes)


def test_nothing_is_lost_between_the_pages_of_a_long_picture() -> None:
    made = Image.new("RGB", (100, 2_000), "white")
    for row in range(2_000):
        made.paste((row % 200, row // 200 * 20, 128), (0, row, 100, row + 1))
    out = io.BytesIO()
    made.save(out, "PNG")
    reader = opened(bind([file(out.getvalue(), MediaType.PNG)], PASSWORD))
    bottoms = [drawn(reader, number).getpixel((50, 139)) for number in range(len(reader.pages))]
    tops = [drawn(reader, number).getpixel((50, 0)) for number in range(len(reader.pages))]
    assert is_near(tops[0], (0, 0, 128))
    assert is_near(bottoms[-1], (199, 180, 128))

    def row_of(pixel: object) -> int:
        assert isinstance(pixel, tuple)
        return round(float(pixel[1]) / 20) * 200 + int(pixel[0])

    for above, below in itertools.pairwise(zip(tops, bottoms, strict=True)):
        assert row_of(below[0]) < row_of(above[1])


@pytest.mark.parametrize(
    ("mode", "colour", "seen"),
    [
        ("RGBA", (0, 0, 0, 0), (255, 255, 255)),
        ("LA", (0, 0), (255, 255, 255)),
        ("L", 200, (200, 200, 200)),
        ("1", 1, (255, 255, 255)),
        ("I;16", 0xC800, (200, 200, 200)),
        ("P", 0, (0, 0, 0)),
    ],
)
def test_a_picture_of_any_colours_can_be_seen(
    mode: str, colour: tuple[int, ...] | int, seen: tuple[int, int, int]
) -> None:
    made = bind([file(picture("PNG", colour, mode=mode), MediaType.PNG)], PASSWORD)
    assert is_near(drawn(opened(made), 0).getpixel((10, 10)), seen)


@pytest.mark.parametrize(
    "options", [{"mode": "CMYK", "colour": (0, 0, 0, 0)}, {"exif": b"Exif\0\0MM\0*\0\0\0\x08\xff\xff"}]
)
def test_a_picture_with_odd_colours_or_broken_notes_of_its_camera_is_bound(options: dict[str, object]) -> None:
    made = bind([file(picture("JPEG", **options), MediaType.JPEG)], PASSWORD)  # type: ignore[arg-type]
    assert (len(opened(made).pages), made.left_out) == (1, 0)


@pytest.mark.parametrize(
    "content",
    [pdf(1, encryption=pikepdf.Encryption(owner="owner", user="")), pdf(1) + bytes(3000)],
    ids=["an owner's password", "padded"],
)
def test_a_pdf_as_people_have_them_is_bound(content: bytes) -> None:
    assert len(opened(bind([file(content)], PASSWORD)).pages) == 1


def test_a_page_can_start_nothing() -> None:
    out = io.BytesIO()
    with pikepdf.new() as document:
        page = document.add_blank_page()
        script = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")
        page.obj.AA = pikepdf.Dictionary(O=script)
        document.Root.OpenAction = script
        rest: dict[str, Any] = {"Type": pikepdf.Name.Annot, "Rect": [0, 0, 9, 9]}
        spec = pikepdf.Dictionary(Type=pikepdf.Name.Filespec, F="x.exe")
        page.obj.Annots = pikepdf.Array(
            [
                pikepdf.Dictionary(Subtype=pikepdf.Name.Link, A=script, **rest),
                pikepdf.Dictionary(Subtype=pikepdf.Name.FileAttachment, FS=spec, **rest),
            ]
        )
        document.save(out)
    made = bind([file(out.getvalue())], PASSWORD)
    assert made.content is not None
    with pikepdf.open(io.BytesIO(made.content), password=PASSWORD) as document:
        assert "/OpenAction" not in document.Root
        assert "/AA" not in document.pages[0].obj
        [link] = document.pages[0].obj.Annots
        assert "/A" not in link


def damaged() -> Iterator[bytes]:
    yield b"%PDF-1.7 half of"
    raise EvidenceDamaged


def unreachable() -> Iterator[bytes]:
    yield from ()
    raise StoreFull("no answer")


def with_bytes(read: Callable[[], Iterator[bytes]]) -> Enclosure:
    return Enclosure(id="2", kind="other", file_name="x.pdf", media_type=MediaType.PDF, size=9, sha256="", read=read)


def test_what_cannot_be_bound_is_left_out_and_the_rest_is_not() -> None:
    made = bind(
        [
            file(pdf(1)),
            file(b"no pdf at all"),
            with_bytes(damaged),
            file(b"ID3", "audio/mpeg"),
            file(picture("JPEG")[:60], MediaType.JPEG),
            file(pdf(2)),
        ],
        PASSWORD,
    )
    assert (len(opened(made).pages), made.left_out) == (3, 4)


@pytest.mark.parametrize("files", [[], [file(b"no pdf at all")], [with_bytes(damaged)]], ids=["none", "bad", "damaged"])
def test_of_nothing_no_pdf_is_made(files: list[Enclosure]) -> None:
    assert bind(files, PASSWORD) == Bundle(content=None, left_out=len(files))


def test_what_no_mail_can_carry_is_left_out_altogether() -> None:
    noise = Image.effect_noise((900, 900), 60)
    out = io.BytesIO()
    noise.save(out, "PNG")
    files = [file(pdf(1)), file(out.getvalue(), MediaType.PNG)]
    assert bind(files, PASSWORD, most_bytes=50_000) == Bundle(content=None, left_out=2)
    assert bind(files, PASSWORD).left_out == 0


def test_a_page_that_would_grow_over_the_memory_is_not_unpacked() -> None:
    deflate = zlib.compressobj(wbits=-15)
    one_mib = deflate.compress(bytes(1024 * 1024)) + deflate.flush(zlib.Z_FULL_FLUSH)
    bomb = b"\x78\x9c" + one_mib * 1200 + deflate.flush() + (1200 * 1024 * 1024 % 65521 << 16 | 1).to_bytes(4)
    out = io.BytesIO()
    with pikepdf.new() as document:
        stream = document.make_stream(bomb, Filter=pikepdf.Name.FlateDecode)
        document.add_blank_page().obj.Contents = stream
        document.save(out)
    made = bind([file(out.getvalue()), file(pdf(1))], PASSWORD)
    # It is carried over as it is packed.
    assert (len(opened(made).pages), made.left_out) == (2, 0)


def test_a_reading_without_an_end_ends() -> None:
    assert bind([file(pdf(1))], PASSWORD, wall_limit_s=0.001) == Bundle(content=None, left_out=1)


def test_a_store_or_a_machine_that_fails_is_a_reason_to_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(TryAgain):
        bind([with_bytes(unreachable)], PASSWORD)
    monkeypatch.setattr(sys, "executable", "/nonexistent")
    with pytest.raises(TryAgain):
        bind([file(pdf(1))], PASSWORD)


def test_neither_keys_nor_the_password_are_seen_from_outside_and_nothing_is_left_open(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seen: list[tuple[list[str], object]] = []
    run = subprocess.run

    def watched(command: list[str], **options: object) -> object:
        seen.append((command, options["env"]))
        return run(command, **options)  # type: ignore[call-overload]

    monkeypatch.setattr(subprocess, "run", watched)
    before = sorted(Path("/proc/self/fd").iterdir())
    bind([file(pdf(1))], PASSWORD)
    assert sorted(Path("/proc/self/fd").iterdir()) == before
    [(command, environment)] = seen
    assert environment == {}
    assert not any(PASSWORD in word for word in command)
