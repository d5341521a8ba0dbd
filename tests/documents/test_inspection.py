"""Real files, good and bad, through the real child processes."""

import io
import random
import signal
import subprocess
import sys
import threading
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pikepdf
import pillow_heif
import pytest
from PIL import Image, ImageCms

from hub.documents.inspection import SERVER_ENVIRONMENT, Inspector, Verdict
from hub.domain.errors import EvidenceDamaged, TryAgain
from hub.domain.evidence import FileRejectionReason, MediaType

pytestmark = pytest.mark.slow

OK = Verdict(ok=True, reason=None, pages=None)


def rejected(reason: FileRejectionReason) -> Verdict:
    return Verdict(ok=False, reason=reason, pages=None)


UNREADABLE = rejected(FileRejectionReason.UNREADABLE)


@pytest.fixture(scope="module")
def inspector() -> Iterator[Inspector]:
    with Inspector() as one:
        yield one


def picture(kind: str, *, mode: str = "RGB", size: tuple[int, int] = (800, 600), **options: Any) -> bytes:
    noise = Image.effect_noise(size, 60).convert(mode)
    out = io.BytesIO()
    if kind == "HEIF":
        pillow_heif.from_pillow(noise).save(out, **options)
    else:
        noise.save(out, kind, **options)
    return out.getvalue()


def pdf(pages: int = 3, **options: Any) -> bytes:
    out = io.BytesIO()
    with pikepdf.new() as document:
        for number in range(pages):
            page = document.add_blank_page()
            text = f"BT (page {number}) Tj ET {random.Random(number).random()}\n" * 200
            page.obj.Contents = document.make_stream(text.encode())
        document.save(out, **options)
    return out.getvalue()


def half(data: bytes) -> bytes:
    return data[: len(data) // 2]


def half_zeros(data: bytes) -> bytes:
    return half(data) + bytes(len(data) - len(data) // 2)


COLOURS = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
EXIF = Image.Exif()
EXIF.update({0x0112: 6, 0x011A: 300.0, 0x0128: 2, 0x010F: "手机"})

JPEG = picture("JPEG")
PNG = picture("PNG")
HEIC = picture("HEIF")
PDF = pdf()


@pytest.mark.parametrize(
    ("data", "media_type"),
    [
        (JPEG, MediaType.JPEG),
        (picture("JPEG", progressive=True), MediaType.JPEG),
        (picture("JPEG", mode="L"), MediaType.JPEG),
        (picture("JPEG", mode="CMYK"), MediaType.JPEG),
        (picture("JPEG", size=(1, 1)), MediaType.JPEG),
        (picture("JPEG", exif=b"Exif\0\0MM\0*\0\0\0\x08\xff\xff"), MediaType.JPEG),
        (picture("JPEG", exif=EXIF, icc_profile=COLOURS, xmp=b"<x/>"), MediaType.JPEG),
        (picture("MPO", save_all=True, append_images=[Image.new("RGB", (90, 60))]), MediaType.JPEG),
        (JPEG + b"a motion picture after the still one", MediaType.JPEG),
        (PNG, MediaType.PNG),
        (picture("PNG", mode="P"), MediaType.PNG),
        (picture("PNG", mode="1"), MediaType.PNG),
        (picture("PNG", mode="RGBA"), MediaType.PNG),
        (picture("PNG", mode="I;16"), MediaType.PNG),
        (picture("PNG", exif=EXIF, icc_profile=COLOURS, dpi=(300, 300)), MediaType.PNG),
        (HEIC, MediaType.HEIC),
        (picture("HEIF", mode="RGBA"), MediaType.HEIC),
        (picture("HEIF", exif=EXIF.tobytes()), MediaType.HEIC),
    ],
    ids=lambda value: value if isinstance(value, MediaType) else "",
)
def test_a_good_picture_is_taken(inspector: Inspector, data: bytes, media_type: MediaType) -> None:
    assert inspector.inspect([data], media_type) == OK


@pytest.mark.parametrize("spoil", [half, half_zeros, lambda data: bytes(len(data)), lambda data: data[:20]])
@pytest.mark.parametrize(
    ("data", "media_type"),
    [
        (JPEG, MediaType.JPEG),
        (picture("JPEG", progressive=True), MediaType.JPEG),
        (PNG, MediaType.PNG),
        (HEIC, MediaType.HEIC),
        (PDF, MediaType.PDF),
    ],
    ids=["JPEG", "progressive", "PNG", "HEIC", "PDF"],
)
def test_a_broken_file_is_unreadable(
    inspector: Inspector, data: bytes, media_type: MediaType, spoil: Callable[[bytes], bytes]
) -> None:
    assert inspector.inspect([spoil(data)], media_type) == UNREADABLE


@pytest.mark.parametrize("media_type", list(MediaType))
def test_only_the_decoder_of_the_type_is_tried(inspector: Inspector, media_type: MediaType) -> None:
    photoshop = b"8BPS\0\1" + bytes(6) + b"\0\3\0\0\0\1\0\0\0\1\0\x08\0\3" + bytes(17)
    # The ends that the other checks look for, so that nothing but the list of formats refuses it.
    photoshop += b"IEND\xff\xd9"
    Image.open(io.BytesIO(photoshop)).load()
    assert inspector.inspect([photoshop], media_type) == UNREADABLE


@pytest.mark.parametrize(("kind", "media_type"), [("PNG", MediaType.PNG), ("JPEG", MediaType.JPEG)])
def test_a_small_file_of_many_pixels_is_too_large(inspector: Inspector, kind: str, media_type: MediaType) -> None:
    out = io.BytesIO()
    Image.new("1" if kind == "PNG" else "L", (12_000, 12_000)).save(out, kind)
    assert inspector.inspect([out.getvalue()], media_type) == rejected(FileRejectionReason.TOO_LARGE_PICTURE)


def test_a_picture_of_a_phone_with_a_hundred_million_pixels_is_taken(inspector: Inspector) -> None:
    out = io.BytesIO()
    Image.new("RGB", (12_000, 8_700)).save(out, "JPEG")
    assert inspector.inspect([out.getvalue()], MediaType.JPEG) == OK


@pytest.mark.parametrize(
    "data",
    [
        PDF,
        pdf(encryption=pikepdf.Encryption(owner="owner", user="")),
        pdf(object_stream_mode=pikepdf.ObjectStreamMode.generate),
        PDF + bytes(3000),
        b"\xef\xbb\xbf\r\n" + PDF,
    ],
    ids=["plain", "owner's password only", "object streams", "padded", "after a byte order mark"],
)
def test_a_good_pdf_is_taken_with_its_pages_counted(inspector: Inspector, data: bytes) -> None:
    assert inspector.inspect([data], MediaType.PDF) == Verdict(ok=True, reason=None, pages=3)


def test_a_pdf_of_blank_pages_is_taken(inspector: Inspector) -> None:
    out = io.BytesIO()
    with pikepdf.new() as document:
        page = document.add_blank_page()
        page.obj.Contents = pikepdf.Array([document.make_stream(b"q"), document.make_stream(b"Q")])
        document.add_blank_page()
        document.save(out)
    assert inspector.inspect([out.getvalue()], MediaType.PDF).pages == 2


@pytest.mark.parametrize("handler", [2, 3, 4, 6])
def test_a_pdf_that_asks_for_a_password_is_told_so(inspector: Inspector, handler: Any) -> None:
    locked = pikepdf.Encryption(
        owner="owner", user="user", R=handler, aes=handler > 3, metadata=handler > 3,
        allow=pikepdf.Permissions(),
    )  # fmt: skip
    verdict = inspector.inspect([pdf(encryption=locked)], MediaType.PDF)
    assert verdict == rejected(FileRejectionReason.PASSWORD)


@pytest.mark.parametrize(("pages", "ok"), [(200, True), (201, False)])
def test_two_hundred_pages_are_taken_and_no_more(inspector: Inspector, pages: int, ok: bool) -> None:
    verdict = inspector.inspect([pdf(pages)], MediaType.PDF)
    assert verdict.ok is ok
    assert verdict.reason == (None if ok else FileRejectionReason.TOO_MANY_PAGES)


def test_a_pdf_without_pages_is_unreadable(inspector: Inspector) -> None:
    assert inspector.inspect([pdf(0)], MediaType.PDF) == UNREADABLE


def test_a_pdf_page_whose_content_was_overwritten_is_unreadable(inspector: Inspector) -> None:
    at = PDF.index(b"stream\n") + 12
    assert inspector.inspect([PDF[:at] + bytes(40) + PDF[at + 40 :]], MediaType.PDF) == UNREADABLE


def deflated_zeros(mib: int) -> bytes:
    """What zlib makes of so many MiB of zeros, without making them."""
    deflate = zlib.compressobj(wbits=-15)
    one_mib = deflate.compress(bytes(1024 * 1024)) + deflate.flush(zlib.Z_FULL_FLUSH)
    checksum = (mib * 1024 * 1024 % 65521) << 16 | 1
    return b"\x78\x9c" + one_mib * mib + deflate.flush() + checksum.to_bytes(4)


@pytest.mark.parametrize(("mib", "pages", "ok"), [(20, 3, True), (101, 1, False), (60, 20, False)])
def test_a_pdf_may_unpack_to_so_much_a_stream_and_so_much_in_all(
    inspector: Inspector, mib: int, pages: int, ok: bool
) -> None:
    out = io.BytesIO()
    with pikepdf.new() as document:
        long = document.make_stream(deflated_zeros(mib), Filter=pikepdf.Name.FlateDecode)
        for _ in range(pages):
            document.add_blank_page().obj.Contents = long
        document.save(out)
    verdict = inspector.inspect([out.getvalue()], MediaType.PDF)
    assert (verdict.ok, verdict.reason) == (ok, None if ok else FileRejectionReason.UNREADABLE)


def test_a_pdf_page_that_grows_over_the_memory_is_rejected_and_the_next_file_is_judged(
    inspector: Inspector,
) -> None:
    out = io.BytesIO()
    with pikepdf.new() as document:
        bomb = document.make_stream(deflated_zeros(1800), Filter=pikepdf.Name.FlateDecode)
        document.add_blank_page().obj.Contents = bomb
        document.save(out)
    assert len(out.getvalue()) < 2 * 1024 * 1024
    assert inspector.inspect([out.getvalue()], MediaType.PDF) == UNREADABLE
    assert inspector.inspect([JPEG], MediaType.JPEG) == OK


def test_a_file_that_takes_too_much_processor_time_is_too_slow() -> None:
    out = io.BytesIO()
    with pikepdf.new() as document:
        # Many marks, none of which is closed.
        marks = document.make_stream(b"/X BMC " * 1_000_000)
        for _ in range(20):
            document.add_blank_page().obj.Contents = marks
        document.save(out)
    with Inspector(cpu_limit_s=1) as inspector:
        verdict = inspector.inspect([out.getvalue()], MediaType.PDF)
    assert verdict == rejected(FileRejectionReason.TOO_SLOW)


def test_a_file_that_takes_too_long_is_too_slow() -> None:
    with Inspector(wall_limit_s=0) as inspector:
        verdict = inspector.inspect([JPEG], MediaType.JPEG)
    assert verdict == rejected(FileRejectionReason.TOO_SLOW)


def test_the_file_may_come_in_pieces_and_an_error_between_them_stays(inspector: Inspector) -> None:
    assert inspector.inspect((JPEG[at : at + 1000] for at in range(0, len(JPEG), 1000)), MediaType.JPEG) == OK

    def damaged() -> Iterator[bytes]:
        yield JPEG
        raise EvidenceDamaged

    with pytest.raises(EvidenceDamaged):
        inspector.inspect(damaged(), MediaType.JPEG)


def test_files_are_judged_side_by_side(inspector: Inspector) -> None:
    files = [(JPEG, MediaType.JPEG), (half(JPEG), MediaType.JPEG), (PDF, MediaType.PDF)] * 4
    verdicts: dict[int, Verdict] = {}

    def inspect(number: int) -> None:
        verdicts[number] = inspector.inspect([files[number][0]], files[number][1])

    threads = [threading.Thread(target=inspect, args=[number]) for number in range(len(files))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [verdicts[number].ok for number in range(len(files))] == [True, False, True] * 4


def test_a_server_that_was_killed_is_started_again() -> None:
    with Inspector() as inspector:
        assert inspector.inspect([JPEG], MediaType.JPEG) == OK
        assert inspector._server is not None
        inspector._server.send_signal(signal.SIGKILL)
        inspector._server.wait()
        assert inspector.inspect([JPEG], MediaType.JPEG) == OK


def test_a_server_that_cannot_start_is_no_verdict(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with Inspector() as inspector, pytest.raises(TryAgain):
        inspector.inspect([JPEG], MediaType.JPEG)


def test_nothing_is_left_open() -> None:
    before = sorted(Path("/proc/self/fd").iterdir())
    with Inspector() as inspector:
        inspector.inspect([JPEG], MediaType.JPEG)
        inspector.inspect([half(JPEG)], MediaType.JPEG)
    assert sorted(Path("/proc/self/fd").iterdir()) == before


def test_no_key_of_the_hub_reaches_the_server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUB_SECRET_KEYS", "the hub's own")
    with Inspector() as inspector:
        inspector.inspect([JPEG], MediaType.JPEG)
        assert inspector._server is not None
        environment = Path(f"/proc/{inspector._server.pid}/environ").read_bytes()
    # The C library parts the settings where they stand.
    settings = environment.rstrip(b"\0").replace(b"\0", b":").decode()
    assert settings == "".join(f"{name}={value}" for name, value in SERVER_ENVIRONMENT.items())


def test_the_main_program_is_not_run_again_for_a_file(tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text(
        "print('started', flush=True)\n"
        "import sys\n"
        "from hub.documents.inspection import Inspector\n"
        "with Inspector() as inspector:\n"
        "    print(inspector.inspect([sys.stdin.buffer.read()], 'image/jpeg').ok)\n"
    )
    done = subprocess.run([sys.executable, str(program)], input=JPEG, capture_output=True, check=True)
    assert done.stdout == b"started\nTrue\n"
