"""Evidence as values: its kinds and statuses, the file types that are taken, and what a file's name may be.

A type is judged twice: here by the first bytes and the name, later by decoding every byte in a child process.
"""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum, unique
from typing import Final

from hub.domain.active_content import ActiveContent
from hub.domain.errors import InvalidValue, UnsupportedType
from hub.domain.invisible import without_invisible_ends
from hub.domain.pdf_origin import PdfOrigin

MAX_FILE_SIZE: Final = 10 * 1024 * 1024
# A picture that its maker packed better than the hub does grows when it is made clean.
MAX_COPY_SIZE: Final = 4 * MAX_FILE_SIZE
MAX_THUMBNAIL_SIZE: Final = 20 * 1024
MAX_PDF_PAGES: Final = 200
MAX_FILE_NAME_LENGTH: Final = 255
SNIFFED_LENGTH: Final = 4096


@unique
class EvidenceKind(StrEnum):
    """What a file shows."""

    PAYSLIP = "payslip"
    INCOME_PROOF = "income_proof"
    BANK_STATEMENT = "bank_statement"
    MEDICAL_BILL = "medical_bill"
    DIAGNOSIS = "diagnosis"
    UNEMPLOYMENT_PROOF = "unemployment_proof"
    LOW_INCOME_PROOF = "low_income_proof"
    DISABILITY_PROOF = "disability_proof"
    DISASTER_PROOF = "disaster_proof"
    FAMILY_STATEMENT = "family_statement"
    CREDIT_REPORT = "credit_report"
    IDENTITY = "identity"
    OTHER = "other"


REFUND: Final = "refund"
"""The kind of a merchant's refund proof, which goes with a request about an instalment deal and with nothing else."""

# Health is sensitive data of its own (PIPL Art. 28): attaching one of these needs the consent `medical_data`.
MEDICAL_KINDS: Final = frozenset({EvidenceKind.MEDICAL_BILL, EvidenceKind.DIAGNOSIS, EvidenceKind.DISABILITY_PROOF})
# These speak of somebody else, whose data it is: the person says that they agreed (PIPL Art. 13, 17, 29).
FAMILY_KINDS: Final = frozenset({EvidenceKind.FAMILY_STATEMENT})


@unique
class EvidenceStatus(StrEnum):
    """How far a file has been judged."""

    CHECKING = "checking"
    CLEAN = "clean"
    REJECTED = "rejected"


@unique
class FileRejectionReason(StrEnum):
    """Why a file was rejected: what its sender can do something about."""

    UNREADABLE = "unreadable"
    PASSWORD = "password"  # noqa: S105 - a word of the contract, not a secret
    LOCKED_ATTACHMENT = "locked_attachment"
    TOO_LARGE_PICTURE = "too_large_picture"
    TOO_MANY_PAGES = "too_many_pages"
    TOO_SLOW = "too_slow"
    INFECTED = "infected"
    NOT_SCANNED = "not_scanned"


@unique
class MediaType(StrEnum):
    """The file types that are taken."""

    PDF = "application/pdf"
    JPEG = "image/jpeg"
    PNG = "image/png"
    HEIC = "image/heic"
    WEBP = "image/webp"


PICTURES: Final = frozenset(MediaType) - {MediaType.PDF}

EXTENSIONS: Final = {
    MediaType.PDF: (".pdf",),
    MediaType.JPEG: (".jpg", ".jpeg", ".jpe", ".jfif", ".jif", ".jfi", ".pjp", ".pjpeg", ".mpo"),
    MediaType.PNG: (".png", ".apng"),
    MediaType.HEIC: (".heic", ".heif", ".hif", ".heics", ".heifs"),
    MediaType.WEBP: (".webp",),
}
"""How files of a type are called, the usual ending first."""


@unique
class SoundType(StrEnum):
    """The types of sound that are taken as the record of a call."""

    MP3 = "audio/mpeg"
    M4A = "audio/mp4"
    WAV = "audio/x-wav"
    AMR = "audio/amr"
    OGG = "audio/ogg"
    AAC = "audio/aac"


SOUND_EXTENSIONS: Final = {
    SoundType.MP3: ".mp3",
    SoundType.M4A: ".m4a",
    SoundType.WAV: ".wav",
    SoundType.AMR: ".amr",
    SoundType.OGG: ".ogg",
    SoundType.AAC: ".aac",
}

EXTENSION_OF: Final[Mapping[str, str]] = {
    **{str(media_type): endings[0] for media_type, endings in EXTENSIONS.items()},
    **{str(sound): ending for sound, ending in SOUND_EXTENSIONS.items()},
}
"""The usual ending of a file or of the record of a call, by its type as it is kept."""

# Phones, chat programs and cameras call a picture by the name of another kind of picture.
_PICTURE_EXTENSIONS: Final = (
    *(extension for media_type in sorted(PICTURES) for extension in EXTENSIONS[media_type]),
    *(".gif", ".bmp", ".dib", ".tif", ".tiff", ".avif", ".jp2", ".jpf", ".jxl", ".svg", ".ico", ".dng", ".raw"),
)
# What browsers, mail programs and libraries call a PDF beside its registered name.
_PDF_TYPES: Final = frozenset(
    {
        *("application/pdf", "application/x-pdf", "application/acrobat", "application/vnd.pdf", "text/pdf"),
        *("applications/vnd.pdf", "text/x-pdf"),
    }
)
# Of pictures beside image/…, and of anything at all, as stores and servers of downloads say it.
_OTHER_TYPES: Final = frozenset(
    {
        *("application/jpg", "application/x-jpg", "application/jpeg", "application/png", "application/x-png"),
        *("binary/octet-stream", "application/force-download", "application/x-download", "application/download"),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CleanCopy:
    """A file as banks get it: a picture upright, made anew from its pixels; a PDF of nothing but pages.

    `thumbnail`: the same as a small JPEG, for the page of who sent it; None where none was made. `removed`: what a PDF
    held beside its pages, in the order of its words. `was_signed`: whether a PDF had a signature, which no copy keeps.
    `origin`: what a PDF said of its making.
    """

    media_type: MediaType
    content: bytes
    thumbnail: bytes | None = None
    removed: tuple[ActiveContent, ...] = ()
    was_signed: bool = False
    origin: PdfOrigin | None = None


@dataclass(frozen=True, slots=True)
class Infection:
    """The virus scanner knows what is in a file: by the name of a signature, which is its maker's."""

    signature: str


_HEVC_BRANDS: Final = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs"})
_ANY_CODEC_BRANDS: Final = frozenset({b"mif1", b"msf1"})
_AV1_BRANDS: Final = frozenset({b"avif", b"avis"})

# Types that people send in good faith, by what their sender must do about them.
_OFFICE_EXTENSIONS: Final = (".doc", ".docx", ".xls", ".xlsx", ".ppt", ".pptx", ".wps", ".et", ".dps", ".rtf")
_ARCHIVE_MAGICS: Final = (b"PK\x03\x04", b"PK\x05\x06", b"Rar!\x1a\x07", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b")
_OFFICE_MAGICS: Final = (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"{\\rtf")
_PICTURE_MAGICS: Final = (b"GIF87a", b"GIF89a", b"II*\x00", b"MM\x00*")
# Readers look for the header of a PDF in so many bytes: servers put notices and headers of their own in front of it.
_PDF_HEADER_WITHIN: Final = 1024
_DIRECTIONAL_CONTROLS: Final = frozenset({"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"})


def sniff(head: bytes) -> MediaType | None:
    """The type that the first bytes of a file (`SNIFFED_LENGTH` of them are enough) claim, or None.

    An animated WebP is none that is taken.
    """
    if head.startswith(b"\xff\xd8\xff"):
        return MediaType.JPEG
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return MediaType.PNG
    if _is_webp(head):
        return None if _is_animated_webp(head) else MediaType.WEBP
    if _is_heic(_brands(head)):
        return MediaType.HEIC
    # What has a beginning of its own is no PDF, whatever it holds.
    if head.startswith((*_ARCHIVE_MAGICS, *_OFFICE_MAGICS, *_PICTURE_MAGICS)):
        return None
    return MediaType.PDF if 0 <= head.find(b"%PDF") < _PDF_HEADER_WITHIN else None


def extension_agrees(name: str, media_type: MediaType) -> bool:
    """Whether the name is one of this type: a PDF's ends as PDFs do, a picture's as any picture's does, or in nothing.

    Telephones hand pictures over as `image:1234`. Blanks and dots behind it are no part of the ending, as for Windows.
    """
    written = name.lower().rstrip(" .")
    if media_type in PICTURES and "." not in written:
        return True
    return written.endswith(_PICTURE_EXTENSIONS if media_type in PICTURES else EXTENSIONS[media_type])


def may_be_declared(content_type: str) -> bool:
    """Whether a file that is called so by its sender may be one that is taken; its content says what it is."""
    return content_type.startswith("image/") or content_type in _PDF_TYPES | _OTHER_TYPES


def media_type_of(head: bytes, *, name: str) -> MediaType:
    """The type of a file that may be taken: a picture by its content, a PDF by content and name together.

    Raises InvalidValue `file_empty`; UnsupportedType `type_mismatch`, `type_ofd`, `type_office`,
    `type_archive`, `type_picture` or `unsupported_type`.
    """
    if not head:
        raise InvalidValue("file_empty")
    media_type = sniff(head)
    if media_type is None:
        raise UnsupportedType(_why_not_taken(head, name.lower()))
    if not extension_agrees(name, media_type):
        raise UnsupportedType("type_mismatch")
    return media_type


def file_name(text: str) -> str:
    """The last part of a path as it was sent, without signs that nobody sees at its ends: at most 255 characters.

    Programs put direction marks around what is copied; inside a name they hide something and are refused.

    The length is in characters: an honest Chinese name can pass 255 bytes. A name is never a path on a disk.
    """
    name = without_invisible_ends(text.replace("\\", "/").rpartition("/")[2])
    if name.strip(" .") == "" or len(name) > MAX_FILE_NAME_LENGTH or any(map(_is_unseen, name)):
        raise InvalidValue("file_name", limit=MAX_FILE_NAME_LENGTH)
    return name


def name_of_copy(name: str, media_type: MediaType) -> str:
    """What a copy of that type is called: as the file it was made of, with an ending that is its own."""
    if name.lower().endswith(EXTENSIONS[media_type]):
        return name
    stem, ending = name.rpartition(".")[0] or name, EXTENSIONS[media_type][0]
    return stem[: MAX_FILE_NAME_LENGTH - len(ending)] + ending


def _is_unseen(character: str) -> bool:
    # Directional controls make "fdp.exe" read as "exe.pdf"; joiners (category Cf too) belong to honest names.
    if unicodedata.bidirectional(character) in _DIRECTIONAL_CONTROLS:
        return True
    return unicodedata.category(character) in {"Cc", "Cs", "Zl", "Zp"}


def _brands(head: bytes) -> list[bytes]:
    """The major brand and the compatible ones of an ISO base media file (ISO/IEC 14496-12, 4.3), or none."""
    if head[4:8] != b"ftyp":
        return []
    box = head[: int.from_bytes(head[:4])]
    return [brand for at in (8, *range(16, len(box), 4)) if len(brand := box[at : at + 4]) == 4]


def _is_heic(brands: list[bytes]) -> bool:
    if not brands:
        return False
    if brands[0] in _ANY_CODEC_BRANDS:
        return not _AV1_BRANDS & set(brands)
    return brands[0] in _HEVC_BRANDS


def _is_webp(head: bytes) -> bool:
    return head.startswith(b"RIFF") and head[8:12] == b"WEBP"


def _is_animated_webp(head: bytes) -> bool:
    # The flag of the extended header (WebP Container Specification, "Extended File Format").
    return head[12:16] == b"VP8X" and len(head) > 20 and bool(head[20] & 0x02)


def _why_not_taken(head: bytes, name: str) -> str:
    if name.endswith(".ofd") or (head.startswith(b"PK\x03\x04") and b"OFD.xml" in head):
        return "type_ofd"
    if name.endswith(_OFFICE_EXTENSIONS) or head.startswith(_OFFICE_MAGICS):
        return "type_office"
    if head.startswith(_ARCHIVE_MAGICS):
        return "type_archive"
    if _is_webp(head) or head.startswith((*_PICTURE_MAGICS, b"BM")) or _AV1_BRANDS & set(_brands(head)):
        return "type_picture"
    return "unsupported_type"
