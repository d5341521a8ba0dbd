"""The types that are taken by content and name, and what a file's name may be."""

import struct

import pytest

from hub.domain.errors import InvalidValue, UnsupportedType
from hub.domain.evidence import (
    MEDICAL_KINDS,
    EvidenceKind,
    MediaType,
    extension_agrees,
    file_name,
    may_be_declared,
    media_type_of,
    name_of_copy,
    sniff,
)

JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF"
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"
PDF = b"%PDF-1.7\n"
ZIP = b"PK\x03\x04"


def ftyp(*brands: bytes) -> bytes:
    body = b"ftyp" + brands[0] + bytes(4) + b"".join(brands[1:])
    return struct.pack(">I", len(body) + 4) + body + b"\x00\x00\x01Xmeta"


def webp(first: bytes, flags: bytes = b"") -> bytes:
    return b"RIFF\x40\x00\x00\x00WEBP" + first + b"\x0a\x00\x00\x00" + flags.ljust(10, b"\x00")


@pytest.mark.parametrize(
    ("head", "media_type"),
    [
        (JPEG, MediaType.JPEG),
        (PNG, MediaType.PNG),
        (PDF, MediaType.PDF),
        (b"\xef\xbb\xbf\r\n" + PDF, MediaType.PDF),
        (ftyp(b"heic", b"mif1", b"heic"), MediaType.HEIC),
        (ftyp(b"heix"), MediaType.HEIC),
        (ftyp(b"hevc"), MediaType.HEIC),
        (ftyp(b"mif1", b"mif1", b"heic"), MediaType.HEIC),
        (ftyp(b"mif1"), MediaType.HEIC),
        (ftyp(b"msf1", b"hevc"), MediaType.HEIC),
        (ftyp(b"avif", b"mif1"), None),
        (ftyp(b"mif1", b"avif"), None),
        (ftyp(b"isom", b"mp42"), None),
        (b"HTTP/1.1 200 OK\r\n\r\n" + PDF, MediaType.PDF),
        (b"x" * 1023 + PDF, MediaType.PDF),
        (b"x" * 1024 + PDF, None),
        (b"%PDF_1.4\n", MediaType.PDF),
        (b"BMW Bank\r\n" + PDF, MediaType.PDF),
        (b"BM\x36\x00", None),
        (ZIP + PDF, None),
        (b"GIF89a" + PDF, None),
        (webp(b"VP8 "), MediaType.WEBP),
        (webp(b"VP8L"), MediaType.WEBP),
        (webp(b"VP8X", b"\x10"), MediaType.WEBP),
        (webp(b"VP8X", b"\x02"), None),
        (b"8BPS\x00\x01", None),
        (b"%!PS-Adobe-3.0 EPSF-3.0", None),
        (b"GIF89a", None),
        (b"\x00\x00\x00\x00ftyp", None),
        (b"\x00", None),
        (b"", None),
    ],
)
def test_a_type_is_told_by_the_first_bytes(head: bytes, media_type: MediaType | None) -> None:
    assert sniff(head) is media_type


@pytest.mark.parametrize(
    ("name", "media_type", "agrees"),
    [
        ("工资单.PDF", MediaType.PDF, True),
        ("IMG_0001.JPG", MediaType.JPEG, True),
        ("a.jpeg", MediaType.JPEG, True),
        ("a.jpe", MediaType.JPEG, True),
        ("a.png", MediaType.PNG, True),
        ("a.heic", MediaType.HEIC, True),
        ("a.HEIF", MediaType.HEIC, True),
        ("a.pdf.jpg", MediaType.PDF, False),
        ("a.png", MediaType.JPEG, True),
        ("a.jfif", MediaType.JPEG, True),
        ("a.JIF", MediaType.JPEG, True),
        ("a.pjp", MediaType.JPEG, True),
        ("a.pjpeg", MediaType.JPEG, True),
        ("a.mpo", MediaType.JPEG, True),
        ("a.hif", MediaType.HEIC, True),
        ("a.jpg", MediaType.HEIC, True),
        ("a.HEIC", MediaType.PNG, True),
        ("a.jpg", MediaType.WEBP, True),
        ("a.gif", MediaType.JPEG, True),
        ("a.jxl", MediaType.PNG, True),
        ("a.jpg ", MediaType.JPEG, True),
        ("a.pdf .", MediaType.PDF, True),
        ("a.jpg", MediaType.PDF, False),
        ("a.pdf", MediaType.JPEG, False),
        ("照片", MediaType.JPEG, True),
        ("image:1234", MediaType.HEIC, True),
        ("a.bin", MediaType.JPEG, False),
        ("pdf", MediaType.PDF, False),
        ("工资单", MediaType.PDF, False),
    ],
)
def test_a_name_agrees_with_its_type_by_its_extension(name: str, media_type: MediaType, agrees: bool) -> None:
    assert extension_agrees(name, media_type) is agrees


@pytest.mark.parametrize(
    ("head", "name", "code"),
    [
        (JPEG, "a.pdf", "type_mismatch"),
        (JPEG, "a.txt", "type_mismatch"),
        (PDF, "工资单", "type_mismatch"),
        (ZIP, "发票.ofd", "type_ofd"),
        (ZIP + bytes(26) + b"OFD.xml", "发票.pdf", "type_ofd"),
        (ZIP, "工资单.docx", "type_office"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "a.pdf", "type_office"),
        (ZIP, "a.zip", "type_archive"),
        (b"Rar!\x1a\x07\x01\x00", "a.rar", "type_archive"),
        (webp(b"VP8X", b"\x02"), "a.webp", "type_picture"),
        (b"GIF89a", "a.gif", "type_picture"),
        (b"BM\x36\x00", "a.bmp", "type_picture"),
        (ftyp(b"avif", b"mif1"), "a.heic", "type_picture"),
        (b"8BPS\x00\x01", "a.png", "unsupported_type"),
        (b"<svg/>", "a.svg", "unsupported_type"),
        (b"MZ\x90\x00", "a.pdf", "unsupported_type"),
    ],
)
def test_what_is_not_taken_is_refused_with_what_to_do(head: bytes, name: str, code: str) -> None:
    with pytest.raises(UnsupportedType) as refusal:
        media_type_of(head, name=name)
    assert refusal.value.code == code


def test_an_empty_file_is_refused_as_empty() -> None:
    with pytest.raises(InvalidValue) as refusal:
        media_type_of(b"", name="a.pdf")
    assert refusal.value.code == "file_empty"


def test_content_and_name_that_agree_give_the_type() -> None:
    assert media_type_of(PDF, name="a.pdf") is MediaType.PDF


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("工资单.pdf", "工资单.pdf"),
        ("C:\\Users\\小明\\工资单.pdf", "工资单.pdf"),
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("家👨\u200d👩\u200d👧.png", "家👨\u200d👩\u200d👧.png"),
        ("单" * 251 + ".pdf", "单" * 251 + ".pdf"),
        (" a .pdf", " a .pdf"),
        ("\u202a工资单.pdf\u202c", "工资单.pdf"),
        ("\ufeff工资单.pdf\u200e", "工资单.pdf"),
        ("C:\\\u200b工资单.pdf\u200b", "工资单.pdf"),
    ],
)
def test_a_name_is_kept_as_sent_but_for_its_folders(sent: str, kept: str) -> None:
    assert file_name(sent) == kept


@pytest.mark.parametrize(
    "sent",
    [
        "",
        ".",
        "..",
        "a/",
        "   ",
        "a\n.pdf",
        "a\0.pdf",
        "a\x7f.pdf",
        "a\u202efdp.exe",
        "\u200b\u202e",
        "a\u2028.pdf",
        "a\ud800.pdf",
        "单" * 252 + ".pdf",
    ],
)
def test_a_name_that_hides_something_is_refused(sent: str) -> None:
    with pytest.raises(InvalidValue) as refusal:
        file_name(sent)
    assert refusal.value.code == "file_name"


@pytest.mark.parametrize(
    ("sent", "media_type", "called"),
    [
        ("IMG_0001.HEIC", MediaType.JPEG, "IMG_0001.jpg"),
        ("image:1234", MediaType.JPEG, "image:1234.jpg"),
        ("账单.JPG", MediaType.JPEG, "账单.JPG"),
        ("账单.jfif", MediaType.JPEG, "账单.jfif"),
        ("截图.jpg", MediaType.PNG, "截图.png"),
        ("a.b.webp", MediaType.JPEG, "a.b.jpg"),
        ("单" * 250 + ".webp", MediaType.JPEG, "单" * 250 + ".jpg"),
        ("单" * 251 + ".hif", MediaType.JPEG, "单" * 251 + ".jpg"),
    ],
)
def test_a_copy_is_called_as_the_file_with_an_ending_of_its_own(sent: str, media_type: MediaType, called: str) -> None:
    assert name_of_copy(sent, media_type) == called


@pytest.mark.parametrize(
    ("content_type", "may_be"),
    [
        ("image/jpg", True),
        ("image/heif", True),
        ("image/x-png", True),
        ("application/x-jpg", True),
        ("applications/vnd.pdf", True),
        ("binary/octet-stream", True),
        ("application/pdf", True),
        ("application/x-pdf", True),
        ("text/html", False),
        ("application/zip", False),
    ],
)
def test_a_file_may_be_declared_as_any_picture_or_pdf(content_type: str, may_be: bool) -> None:
    assert may_be_declared(content_type) is may_be


def test_three_kinds_need_consent_to_medical_data() -> None:
    assert sorted(MEDICAL_KINDS) == ["diagnosis", "disability_proof", "medical_bill"]
    assert len(EvidenceKind) == 13
