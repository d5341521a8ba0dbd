"""What `inspection` and its child `decoding` tell each other: a task with descriptors beside it, and an answer.

Both are one packet of a socket that keeps packets apart.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Final, Self

from hub.domain.active_content import ActiveContent
from hub.domain.evidence import FileRejectionReason, MediaType
from hub.domain.pdf_origin import PdfEditor, PdfOrigin
from hub.domain.picture_hash import HASH_SIZE

Size = tuple[int, int, int]
"""Bytes, width and height of a page that was drawn."""

MESSAGE_SIZE: Final = 4096
"""No message is longer, in bytes."""
_HASH: Final = re.compile(rf"[0-9a-f]{{{2 * HASH_SIZE}}}", re.ASCII)
# Of pages, of bytes, and of pixels of a side.
_MOST: Final = 1 << 30
# A hundred years.
_MOST_SECONDS: Final = 100 * 366 * 24 * 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A file to decode, in at most so many seconds of the processor and of the clock.

    With a `page`, from 1, it is not judged: that page of a PDF is drawn, and page 1 of a picture is all of it.
    """

    media_type: MediaType
    cpu_s: int
    wall_s: float
    page: int | None = None

    def message(self) -> bytes:
        """The task as it travels."""
        return json.dumps(asdict(self)).encode()

    @classmethod
    def read(cls, message: bytes) -> Self:
        """The task that `message` made."""
        given = json.loads(message)
        return cls(**{**given, "media_type": MediaType(given["media_type"])})


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What decoding showed: why a file is not taken, or what failed that is not the file's fault.

    Of what is sound the type of its clean copy, and of a PDF its `pages`, what was `removed` from it, whether it
    `was_signed` and its `origin`; of what was drawn, how many `pages` there are, the sizes of those that were,
    and of the first of them the perceptual `hashes` in hex.
    """

    reason: FileRejectionReason | None = None
    pages: int | None = None
    copied_as: MediaType | None = None
    removed: tuple[ActiveContent, ...] = ()
    was_signed: bool = False
    origin: PdfOrigin | None = None
    drawn: tuple[Size, ...] = ()
    hashes: tuple[str | None, ...] = ()
    fault: str | None = None

    def message(self) -> bytes:
        """The answer as it travels."""
        return json.dumps(asdict(self)).encode()

    @classmethod
    def read(cls, message: bytes) -> Self:
        """The answer that `message` made; raises ValueError for any that no decoder gives."""
        try:
            given = json.loads(message)
            reason, copied_as, pages, fault = (given[name] for name in ("reason", "copied_as", "pages", "fault"))
            return cls(
                reason=None if reason is None else FileRejectionReason(reason),
                pages=None if pages is None else _counted(pages),
                copied_as=None if copied_as is None else MediaType(copied_as),
                removed=tuple(ActiveContent(each) for each in given["removed"]),
                was_signed=given["was_signed"] is True,
                origin=None if given["origin"] is None else _origin(given["origin"]),
                drawn=tuple((_counted(size), _counted(wide), _counted(high)) for size, wide, high in given["drawn"]),
                hashes=tuple(None if each is None else _hash(each) for each in given["hashes"]),
                fault=None if fault is None else str(fault),
            )
        except (KeyError, TypeError, RecursionError) as error:
            raise ValueError("this is no answer") from error


def _origin(given: Mapping[str, object]) -> PdfOrigin:
    editor, after = given["editor"], given["modified_after_s"]
    return PdfOrigin(
        editor=None if editor is None else PdfEditor(str(editor)),
        modified_after_s=None if after is None else _counted(after, least=0, most=_MOST_SECONDS),
        updates=_counted(given["updates"], least=0),
    )


def _hash(written: object) -> str:
    if isinstance(written, str) and _HASH.fullmatch(written):
        return written
    raise ValueError("this is no hash of a picture")


def _counted(number: object, *, least: int = 1, most: int = _MOST) -> int:
    if type(number) is int and least <= number <= most:
        return number
    raise ValueError("this is no number of anything")
